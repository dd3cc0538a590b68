"""The short form of `make bench-console`: everything it measures once, on a small region; what is no matter of speed must hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import large_region
from benchmarks.console import measured, told
from tests.browser.conftest import chromium

# A region is planned, a server and a browser are started.
pytestmark = pytest.mark.slow


def test_the_first_screen_is_small_and_one_change_repaints_one_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """350 KB packed, one row, one stream for all tabs, a fifth of a megabyte for one that listens: on any machine."""
    chromium()
    file = large_region.made(tmp_path, engineers=12, visits=60)

    figures = measured(file, times=1, tabs=3, readers=60)

    assert told(figures) == 0
    assert "1 stream" in capsys.readouterr().out
    assert figures.first_kb <= 350
    assert {rows for rows, _ in figures.rows} == {1}
    assert figures.tab_mb <= 0.2
