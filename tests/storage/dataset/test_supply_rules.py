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
        ("order_steps", "R1,send", "R1,cancel", 2, "step", "supply.cancel_received"),
        ("order_steps", "2026-03-01T08:00Z", "2027-03-01T08:00Z", 2, "at", "dataset.after_as_of"),
        ("order_steps", "store,P1,2026", "store,P1,", 3, "", "clock.not_a_moment"),
        ("lot_inspections", "1000,1.5,II,normal", "1000,1.5,II,reduced", 2, "severity", "sampling.other_table"),
        ("lot_inspections", "1000,1.5", "1000,1.2", 2, "aql", "dataset.not_a_choice"),
        ("lot_inspections", "yes,no,no,store", "yes,no,yes,store", 2, "put_right", "sampling.not_discontinued"),
        ("lot_inspections", "normal,5,", "normal,81,", 2, "", "supply.bad_more_than_sample"),
        ("lot_readings", "marked,6,yes", "marked,6,no", 7, "inspection_id", "supply.readings_disagree"),
        ("price_breaks", "U1,P1,50", "U1,P2,50", 2, "supplier_id", "supply.no_terms"),
        ("price_breaks", "50,10.50", "0,10.50", 2, "minimum", "dataset.too_small"),
        ("supplier_agreements", "0.05", "1.05", 2, "over_share", "dataset.too_large"),
        ("supplier_agreements", "U1,5000", "U9,5000", 2, "supplier_id", "dataset.unknown_reference"),
        ("purchase_orders", "2026-03-09T08:00Z,,", ",,", 3, "", "supply.later_without_first"),
        ("shipments", "WB2,R3", "WB2,R9", 4, "order_id", "supply.not_on_order"),
        ("shipments", "2026-03-12T08:00Z", "2026-03-01T08:00Z", 4, "", "supply.expected_before_sent"),
        ("inspection_limits", ",,fuses", ",P2,fuses", 3, "", "supply.part_or_class"),
        ("inspection_limits", "only we know", "", 2, "", "sampling.skip_seed_missing"),
        ("part_checks", "19.80,20.2", "20.80,20.2", 2, "", "supply.tolerance_empty"),
        ("lot_readings", "1,,19.70", "1,yes,19.70", 2, "", "supply.reading_missing"),
        ("lot_readings", "I1,length,1", "I8,length,1", 2, "inspection_id", "dataset.unknown_reference"),
        ("stock_inspections", "D1,5,1", "D1,5,6", 3, "", "supply.bad_more_than_looked_at"),
        ("dispositions", "return,replace", "return,", 2, "", "supply.remedy_missing"),
        ("dispositions", "DSP-1,U1", "DSP-1,", 2, "", "supply.supplier_missing"),
        ("dispositions", "2026-03-18", "2026-02-18", 2, "", "supply.due_before_return"),
        ("corrective_steps", "N8,1,", "N8,5,", 3, "discipline", "supply.step_out_of_order"),
        ("corrective_steps", "N8,1,", "N7,1,", 3, "report_id", "dataset.unknown_reference"),
        ("nonconformances", "2026-03-02T09:00Z", "2026-04-02T09:00Z", 2, "at", "dataset.after_as_of"),
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
