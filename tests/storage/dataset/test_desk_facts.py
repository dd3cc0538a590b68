"""Facts of the desk in files: what cannot have gone like that is refused by line, column and code."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.dataset.read import read
from tests.dataset_builder import CREWED, PHOTO, crewed, edited

CASES = [
    ("loan_events", "preparing", "back", "loan.no_such_move", 2, "step"),
    ("loan_events", "2026-03-09T08:00+08:00", "", "loan.due_back_missing", 3, ""),
    ("loan_events", "B1,2026-03-06T07:30", "B9,2026-03-06T07:30", "dataset.unknown_reference", 2, "loan_id"),
    ("ticket_loans", ",N2,", ",N9,", "dataset.unknown_reference", 2, "unit_id"),
    ("replacements", "0007,0017", "0009,0017", "repeat_fault.serial_elsewhere", 2, "old_serial"),
    ("roster_duties", "P02,", "P01,", "on_call.own_substitute", 3, "starts_at"),
    (
        "duties_handed_over",
        "T22:00+08:00,\n",
        "T23:59:59+08:00,P02\n",
        "on_call.own_substitute",
        2,
        "starts_at",
    ),
    ("escalations", "manager", "king", "dataset.not_a_choice", 2, "role"),
    ("complaint_events", "accepted", "settled", "complaint.no_such_move", 2, "step"),
    ("complaints", ",C1,", ",C9,", "dataset.unknown_reference", 2, "customer_id"),
    ("survey_events", ",sent,", ",answered,", "survey.score_missing", 2, ""),
    ("preventive_events", "done,E1,,2026-02-12", "reported,E1,,", "maintenance.no_such_move", 3, "step"),
    ("charge_events", "withdrawn,,,,,too dear", "done,,,,,", "charge.no_such_move", 4, "step"),
    ("approval_events", "desk-2", "desk-1", "approval.own_request", 3, "step"),
    ("approval_events", ",dispatcher,", ",director,", "", 0, ""),
    ("findings", "G0,", "G1,", "", 0, ""),
    ("attachments", PHOTO, PHOTO.upper(), "ticket.not_a_digest", 2, "digest"),
    ("complaints", "value-added,1", "value-added,9", "scheme.unknown_version", 2, "scheme_version"),
    ("complaints", "value-added,1", "nobodys,1", "scheme.unknown", 2, "scheme"),
    ("answers", "T-20260306-0001,", "T-20260306-0009,", "dataset.unknown_reference", 2, "report_id"),
    ("reports", "06:50+08:00,phone", "23:50Z,phone", "", 0, ""),
    ("knowledge", "worn fuse 保险丝老化", "", "dataset.required", 2, "cause"),
    ("standing_changes", "fees unpaid", "", "dataset.required", 2, "reason"),
    ("borrowings", "2026-03-20,office", "2026-03-10,office", "borrowed.ends_before_start", 2, ""),
    ("assets", "2025-03-01,24", "2025-03-01,601", "dataset.too_large", 2, "warranty_months"),
    ("ticket_loans", "2026-03-06T07:20", "2026-03-06T08:20", "dataset.after_as_of", 2, "reserved_at"),
]


@pytest.mark.parametrize(("file", "old", "new", "code", "line", "column"), CASES)
def test_a_fact_that_cannot_be_is_refused_where_it_stands(
    tmp_path: Path, file: str, old: str, new: str, code: str, line: int, column: str
) -> None:
    """Whoever prepares the file finds the row; an edit that is harmless is taken."""
    text = edited(f"{file}.csv", old, new, files=CREWED)

    reading = read(crewed(tmp_path / "x", **{file: text}))

    found = [(refusal.code, refusal.at) for refusal in reading.refusals]
    if not code:
        assert found == []
        return
    first = next(at for one, at in found if one == code)
    assert first is not None
    assert first.file == f"{file}.csv"
    if line:
        assert (first.line, first.column) == (line, column)


def test_accepted_and_refused_facts_add_up(tmp_path: Path) -> None:
    """A refused complaint takes its steps along; none of them vanishes."""
    text = edited("complaints.csv", ",C1,", ",C9,", files=CREWED)

    reading = read(crewed(tmp_path / "x", complaints=text))

    counts = {count.file: (count.given, count.accepted, count.refused) for count in reading.counts}
    assert counts["complaints.csv"] == (2, 1, 1)
    assert counts["complaint_events.csv"] == (2, 0, 2)
    assert all(given == accepted + refused for given, accepted, refused in counts.values())
