"""What somebody said about a ticket, in a dataset: refused when nobody could act on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.dataset.read import read
from tests.dataset_builder import TINY, tiny


@pytest.mark.parametrize(
    ("line", "code", "column"),
    [
        ("part_needed,E1,,P9 1", "stock.unknown_part", "value"),
        ("forecast_finish,E1,,2026-03-06T07:14+08:00", "ticket.forecast_passed", "kind"),
    ],
)
def test_a_word_nobody_could_act_on_is_refused(tmp_path: Path, line: str, code: str, column: str) -> None:
    """A part that is in no catalogue, a finish that had passed when it was named."""
    events = TINY["ticket_events.csv"] + f"G1,2026-03-06T07:15+08:00,{line}\n"
    folder = tiny(tmp_path / "region", ticket_events=events)

    (refusal,) = read(folder).refusals

    assert refusal.code == code
    assert refusal.at is not None
    assert (refusal.at.file, refusal.at.line, refusal.at.column) == ("ticket_events.csv", 4, column)
