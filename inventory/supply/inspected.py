"""Lots inspected, as facts: what was looked at, by which table, and what was found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from inventory.supply.sampling import UNITS_ONLY, InspectionSeverity, Level, SamplingPlan, plan_for_lot
from inventory.supply.switching import Inspection, Judged, PutRight, Standing, follow
from kernel.clock import utc
from kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class LotInspection:
    """A lot of a supplier's part was inspected.

    Args:
        id: natural key.
        at: when, aware.
        supplier: supplier id.
        part: part id.
        document: the order or delivery it came by.
        units: units of the lot.
        aql: acceptable quality limit, a hundred units.
        level: inspection level.
        severity: the table it was inspected by.
        bad: bad units found in the sample.
        lot: the lot's number; empty: none.
        original: it was presented for the first time.
        steady: nothing speaks against reduced inspection.
        put_right: inspection was discontinued, and before this lot the supplier had shown what it changed.
        by: who inspected.

    Raises:
        Refusal: ``sampling.lot_too_small``, ``sampling.unknown_aql``, ``supply.units_only``,
            ``supply.bad_more_than_sample``,
            ``clock.naive_time``.
    """

    id: str
    at: datetime
    supplier: str
    part: str
    document: str
    units: int
    aql: Decimal
    level: Level
    severity: InspectionSeverity
    bad: int
    lot: str = ""
    original: bool = True
    steady: bool = True
    put_right: bool = False
    by: str = ""

    def __post_init__(self) -> None:
        if self.aql > UNITS_ONLY:
            raise Refusal("supply.units_only", part=self.part, aql=str(self.aql))
        size = self.plan.size
        if not 0 <= self.bad <= size:
            raise Refusal("supply.bad_more_than_sample", id=self.id, bad=self.bad, size=size)
        object.__setattr__(self, "at", utc(self.at))

    @property
    def plan(self) -> SamplingPlan:
        """The plan it was inspected by."""
        return plan_for_lot(self.units, aql=self.aql, level=self.level, severity=self.severity)

    @property
    def judged(self) -> Judged:
        """What it says about the supplier."""
        return Judged(self.plan, self.bad, original=self.original, steady=self.steady)


def standing_of(
    inspections: Iterable[LotInspection], supplier: str, part: str, *, may_reduce: bool = True
) -> Standing:
    """Fold a supplier's lots of one part, in the order they were inspected; others are passed over.

    Raises:
        Refusal: as `inventory.supply.switching.follow`.
    """
    standing = Standing()
    for row in inspections:
        if (row.supplier, row.part) == (supplier, part):
            standing = after(standing, row, may_reduce=may_reduce)
    return standing


def after(standing: Standing, row: LotInspection, *, may_reduce: bool = True) -> Standing:
    """Give the standing after one more lot.

    Raises:
        Refusal: as `inventory.supply.switching.follow`.
    """
    return follow(opened(standing, put_right=row.put_right), row.judged, may_reduce=may_reduce)


def opened(standing: Standing, *, put_right: bool) -> Standing:
    """Give the standing in which the next lot is inspected.

    Raises:
        Refusal: ``sampling.discontinued`` when nothing was put right, ``sampling.not_discontinued`` when nothing had to be.
    """
    if put_right:
        return follow(standing, PutRight())
    if standing.inspection is Inspection.DISCONTINUED:
        raise Refusal("sampling.discontinued", failed=standing.failed)
    return standing
