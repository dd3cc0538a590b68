"""Lots that went to the shelf without being looked at, and why: skip-lot inspection lot by lot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from inventory.supply.inspected import LotInspection, standing_of
from inventory.supply.limits import InspectionLimit
from inventory.supply.switching import Inspection
from kernel.clock import utc
from kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class LotSkipped:
    """A lot of a supplier's part was accepted without being looked at.

    Args:
        at: when, aware.
        supplier: supplier id.
        part: part id.
        document: the order or delivery it came by.
        units: units of the lot.
        in_a_row: lots accepted in a row before it.
        lot: the lot's number; empty: none.
        by: who took it in.

    Raises:
        Refusal: ``stock.not_positive``, ``clock.naive_time``.
    """

    at: datetime
    supplier: str
    part: str
    document: str
    units: int
    in_a_row: int
    lot: str = ""
    by: str = ""

    def __post_init__(self) -> None:
        if self.units < 1:
            raise Refusal("stock.not_positive", id=self.document, value=self.units)
        object.__setattr__(self, "at", utc(self.at))


@dataclass(frozen=True, slots=True)
class SkipState:
    """Where skip-lot inspection of a supplier's part stands.

    Args:
        in_a_row: lots inspected and accepted in a row, as far as they are counted.
        seen: lots of this part that came so far, looked at or not.
        skips: whether the next lot may be passed over.
    """

    in_a_row: int
    seen: int
    skips: bool


def skip_state(
    limit: InspectionLimit,
    supplier: str,
    part: str,
    inspections: Iterable[LotInspection],
    skipped: Iterable[LotSkipped],
) -> SkipState:
    """Fold the lots of a supplier's part, in the order they came.

    Lots presented again do not count. No lot is passed over while inspection is tightened or discontinued.
    """
    rows = tuple(row for row in inspections if (row.supplier, row.part) == (supplier, part))
    passed = sum((row.supplier, row.part) == (supplier, part) for row in skipped)
    skipping, in_a_row = limit.skipping, 0
    for row in rows:
        if row.original and skipping is not None:
            in_a_row = skipping.after(in_a_row, accepted=row.judged.accepted)
    strictly = standing_of(rows, supplier, part, may_reduce=limit.may_reduce).inspection
    allowed = strictly in {Inspection.NORMAL, Inspection.REDUCED}
    reached = skipping is not None and in_a_row >= skipping.clearance
    return SkipState(in_a_row, len(rows) + passed, allowed and reached)


def is_skipped(limit: InspectionLimit, state: SkipState, *, document: str, part: str, lot: str) -> bool:
    """Say whether the next lot goes to the shelf without being looked at."""
    if limit.skipping is None or not state.skips:
        return False
    # With its number among all lots of the part, or two deliveries on one order would share their fate.
    named = f"{part}/{document}/{lot}/{state.seen}"
    return not limit.skipping.inspects(named, in_a_row=state.in_a_row, seed=limit.seed)
