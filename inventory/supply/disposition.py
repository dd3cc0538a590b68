"""What becomes of goods held in quarantine: back to the supplier, reworked, scrapped, or taken as they are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from inventory.stock.document import Line, changed_condition
from inventory.stock.move import Condition
from kernel.errors import Refusal


class Disposition(StrEnum):
    """The four ways out of quarantine."""

    RETURN = "return"
    REWORK = "rework"
    SCRAP = "scrap"
    WAIVER = "waiver"


class SupplierRemedy(StrEnum):
    """What a supplier owes for goods sent back: the same units put right, or others for them."""

    RECTIFY = "rectify"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class Decision:
    """Somebody decided on goods in quarantine.

    Args:
        goods: what lies there: part, quantity, `from_place`, lot, serial, reason; other fields are not read.
        way: what becomes of them.
        decided_by: who decided.
        inspected_by: everybody who inspected them; a waiver needs somebody else.
        remedy: what the supplier owes; for a return only.

    Raises:
        Refusal: ``supply.remedy_missing`` for a return that does not say what is owed, ``supply.remedy_without_return``;
            ``supply.waiver_by_inspector``, ``supply.waiver_without_reason``.
    """

    goods: Line
    way: Disposition
    decided_by: str
    inspected_by: Collection[str] = ()
    remedy: SupplierRemedy | None = None

    def __post_init__(self) -> None:
        if self.way is Disposition.RETURN and self.remedy is None:
            raise Refusal("supply.remedy_missing", part=self.goods.part)
        if self.way is not Disposition.RETURN and self.remedy is not None:
            raise Refusal("supply.remedy_without_return", part=self.goods.part, way=self.way.value)
        if self.way is Disposition.WAIVER:
            if not self.goods.reason:
                raise Refusal("supply.waiver_without_reason", part=self.goods.part)
            if self.decided_by in self.inspected_by:
                raise Refusal("supply.waiver_by_inspector", part=self.goods.part, name=self.decided_by)


def disposed(
    decision: Decision, *, supplier: str, scrap: str, workshop: str, shelf: str, adjustment: str
) -> tuple[Line, ...]:
    """Lines for the ledger that carry a decision out.

    Goods to be reworked lie in the workshop as damaged until they are inspected again: never available before.

    Args:
        decision: what was decided.
        supplier: the ledger's place for suppliers.
        scrap: its place for scrap.
        workshop: where goods are reworked.
        shelf: where goods taken on waiver are put.
        adjustment: the adjustment place a change of condition goes through.
    """
    goods = decision.goods
    held = Line(
        goods.part,
        goods.quantity,
        goods.from_place,
        adjustment,
        Condition.QUARANTINED,
        lot=goods.lot,
        serial=goods.serial,
        reason=goods.reason or decision.way.value,
    )
    if decision.way is Disposition.RETURN:
        return (_to(held, supplier),)
    if decision.way is Disposition.SCRAP:
        return (_to(held, scrap),)
    if decision.way is Disposition.REWORK:
        return changed_condition(held, Condition.DAMAGED, adjustment=adjustment, to_place=workshop)
    return changed_condition(held, Condition.USABLE, adjustment=adjustment, to_place=shelf)


def _to(held: Line, place: str) -> Line:
    return Line(
        held.part,
        held.quantity,
        held.from_place,
        place,
        held.condition,
        lot=held.lot,
        serial=held.serial,
        reason=held.reason,
    )
