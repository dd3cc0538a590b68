"""What a region has laid down for buying and inspecting: the most particular row that fits is the one in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from inventory.supply.inspection import InspectionRule
from inventory.supply.sampling import Level
from inventory.supply.switching import Skipping
from kernel.errors import Refusal

REMEDY_DAYS = 30
"""Days a supplier has to rectify or replace what was sent back, unless something else is agreed."""

STEPS = 8
"""Of an 8D report."""


@dataclass(frozen=True, slots=True)
class PartClass:
    """The class a part belongs to where it is inspected: what keeps alike and fails alike."""

    part: str
    part_class: str


@dataclass(frozen=True, slots=True)
class InspectionLimit:
    """How what a supplier sends is inspected; an empty supplier, part and class mean any.

    Args:
        supplier: supplier id.
        part: part id.
        part_class: class of parts; a row is about a part or a class, not both.
        inspects: whether deliveries wait for an inspection.
        aql: acceptable quality limit, a hundred units.
        level: inspection level.
        may_reduce: whether reduced inspection is wanted.
        clearance: lots accepted in a row before any is passed over; None: none ever is.
        fraction: share of lots looked at then.
        seed: words only we know, from which it follows which lots are looked at.

    Raises:
        Refusal: ``supply.part_or_class``, ``sampling.skip_lot``, ``sampling.skip_seed_missing``; as `InspectionRule`.
    """

    supplier: str
    part: str
    part_class: str
    aql: Decimal
    level: Level = Level.II
    inspects: bool = True
    may_reduce: bool = True
    clearance: int | None = None
    fraction: float = 0.25
    seed: str = ""

    def __post_init__(self) -> None:
        if self.part and self.part_class:
            raise Refusal("supply.part_or_class", part=self.part, part_class=self.part_class)
        self.rule(self.part)
        if self.skipping is not None and not self.seed:
            raise Refusal("sampling.skip_seed_missing")

    def rule(self, part: str) -> InspectionRule:
        """The rule for one part."""
        return InspectionRule(part, self.aql, self.level, self.may_reduce)

    @property
    def skipping(self) -> Skipping | None:
        """How lots are passed over; None: none is."""
        return None if self.clearance is None else Skipping(self.clearance, self.fraction)


def limit_for(
    rows: Iterable[InspectionLimit], supplier: str, part: str, *, classes: Mapping[str, str]
) -> InspectionLimit | None:
    """The row in force: for the part before its class before any, and among alike for the supplier before any; None: none fits."""
    part_class = classes.get(part, "")
    fitting = [
        row
        for row in rows
        if row.supplier in {"", supplier} and row.part in {"", part} and row.part_class in {"", part_class}
    ]
    return max(
        fitting, key=lambda row: (bool(row.part), bool(row.part_class), bool(row.supplier)), default=None
    )


@dataclass(frozen=True, slots=True)
class Agreement:
    """What holds for orders from a supplier; an empty supplier: for every one without a row of its own.

    Args:
        supplier: supplier id.
        approval_above: what an order may cost without somebody else's approval.
        over_share: share of the ordered quantity that may come beyond it; None: nothing is turned away for being too much.
        under_share: share of the ordered quantity that may stay away and the line is complete.
        remedy_days: days to rectify or replace what was sent back.
        report_days: days from the opening of an 8D report until each of its eight steps is due; empty: the usual ones.

    Raises:
        Refusal: ``money.negative``, ``supply.share_out_of_range``, ``supply.remedy_days``, ``supply.report_days``.
    """

    supplier: str
    approval_above: Decimal | None = None
    over_share: Decimal | None = None
    under_share: Decimal = Decimal(0)
    remedy_days: int = REMEDY_DAYS
    report_days: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.approval_above is not None and self.approval_above < 0:
            raise Refusal("money.negative", value=str(self.approval_above))
        for share in (self.over_share, self.under_share):
            if share is not None and not 0 <= share <= 1:
                raise Refusal("supply.share_out_of_range", supplier=self.supplier or "-", value=str(share))
        if self.remedy_days < 1:
            raise Refusal("supply.remedy_days", supplier=self.supplier or "-", value=self.remedy_days)
        days = self.report_days
        if days and (len(days) != STEPS or min(days) < 1 or list(days) != sorted(days)):
            raise Refusal("supply.report_days", supplier=self.supplier or "-", value=";".join(map(str, days)))


def agreement_for(rows: Iterable[Agreement], supplier: str) -> Agreement:
    """The supplier's own row, else the one for all others, else one that agrees nothing."""
    fitting = [row for row in rows if row.supplier in {"", supplier}]
    return max(fitting, key=lambda row: bool(row.supplier), default=Agreement(supplier))
