"""The exact rows go on where they were stopped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import scenarios

Said = pytest.CaptureFixture[str]


@pytest.mark.slow  # ten replications of more than four years, some 7 s
def test_a_row_that_was_enough_is_printed_again_without_running(tmp_path: Path, capsys: Said) -> None:
    """Hours of replications are not lost to a stop; what was stopped in the middle gets the rest, as if it had not been."""
    state = tmp_path / "state.json"
    words = ["--row", "business hours", "--error", "0.05", "--state", str(state)]

    assert scenarios.main(words) == 0
    whole, first = json.loads(state.read_text()), capsys.readouterr().out
    assert scenarios.main(words) == 0
    again = capsys.readouterr().out
    (row,) = whole
    state.write_text(json.dumps({row: {"cpu_s": 0.0, "figures": whole[row]["figures"][:5]}}))
    assert scenarios.main(words) == 0

    assert again == first
    assert json.loads(state.read_text())[row]["figures"] == whole[row]["figures"]
