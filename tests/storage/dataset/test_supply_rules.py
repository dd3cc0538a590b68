"""Orders and inspections in a folder: what cannot have happened is refused at its row."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.dataset.read import load, read
from storage.dataset.write import write
from tests.dataset_builder import edited, tiny


def test_orders_steps_and_inspections_read_back(tmp_path: Path) -> None:
    """A step lost on the way out is an order nobody approved."""
    region = load(tiny(tmp_path / "in"))

    write(region, tmp_path / "out")

    assert load(tmp_path / "out") == region
    assert (len(region.stock.order_drafts), len(region.stock.order_steps)) == (2, 2)
    assert [row.plan.size for row in region.stock.lot_inspections] == [80, 5]


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "column", "code"),
    [
        ("order_drafts", "P2,1,980,2026-02-28T08:00Z,store", "P2,1,980,2026-02-28T08:00Z,other", 3, "order_id", "supply.order_differs"),
        ("order_steps", "R1,send", "R9,send", 2, "order_id", "supply.order_unknown"),
        ("order_steps", "R1,send", "R1,cancel", 2, "step", "supply.order_step"),
        ("order_steps", "2026-03-01T08:00Z", "2027-03-01T08:00Z", 2, "at", "dataset.after_as_of"),
        ("order_steps", "store,P1,2026", "store,P1,", 3, "", "clock.not_a_moment"),
        ("lot_inspections", "1000,1.5,II,normal", "1000,1.5,II,reduced", 2, "severity", "sampling.other_table"),
        ("lot_inspections", "1000,1.5", "1000,1.2", 2, "aql", "dataset.not_a_choice"),
        ("lot_inspections", "yes,no,no,store", "yes,no,yes,store", 2, "put_right", "sampling.not_discontinued"),
        ("lot_inspections", "normal,5,", "normal,81,", 2, "", "supply.bad_more_than_sample"),
    ],
)  # fmt: skip
def test_what_cannot_have_happened_is_refused_at_its_row(
    tmp_path: Path, file: str, old: str, new: str, line: int, column: str, code: str
) -> None:
    """One mistake, one refusal of its own; what leans on the row may follow."""
    found = read(tiny(tmp_path, **{file: edited(f"{file}.csv", old, new)})).refusals

    said = [(row.at and (row.at.file, row.at.line), row.code) for row in found]
    assert ((f"{file}.csv", line), code) in said
    if column:
        assert any(row.at is not None and row.at.column == column and row.code == code for row in found)
