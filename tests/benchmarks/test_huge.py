"""A day of any size is planned, verified and measured."""

from __future__ import annotations

import pytest

from benchmarks import huge


def test_a_size_is_planned_and_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Cost, what is left out, seconds, work and memory; nothing broken."""
    code = huge.main(["--size", "40x3", "--work", "200"])

    said = capsys.readouterr().out
    assert code == 0
    assert "0 broken" in said
    assert "200 iterations" in said
