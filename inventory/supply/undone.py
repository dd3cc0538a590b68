"""An inspection or a decision that was wrong and was taken back whole: the fact stays, a second one says it does not count.

What the ledger did for it is taken back by mirror images of its moves; a delivery taken in by mistake needs no more than those.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from inventory.supply.disposition import Disposition
from inventory.supply.inspected import LotInspection
from inventory.supply.reinspection import LookedAt
from inventory.supply.returned import Disposed
from kernel.clock import utc
from kernel.errors import Refusal


class Undoable(StrEnum):
    """What can be taken back whole."""

    RECEIPT = "receipt"
    INSPECTION = "inspection"
    DISPOSITION = "disposition"
    REINSPECTION = "reinspection"


@dataclass(frozen=True, slots=True)
class Undone:
    """A fact was taken back.

    Args:
        kind: which table it stands in; never a receipt, of which the ledger knows all.
        fact: its id.
        at: when it was taken back, aware.
        by: who took it back.
        reason: why.

    Raises:
        Refusal: ``supply.undo_receipt``, ``supply.undo_without_reason``, ``clock.naive_time``.
    """

    kind: Undoable
    fact: str
    at: datetime
    by: str
    reason: str

    def __post_init__(self) -> None:
        if self.kind is Undoable.RECEIPT:
            raise Refusal("supply.undo_receipt", fact=self.fact)
        if not self.reason.strip():
            raise Refusal("supply.undo_without_reason", fact=self.fact)
        object.__setattr__(self, "at", utc(self.at))


class Fact(Protocol):
    """A fact that can be taken back."""

    @property
    def id(self) -> str:
        """Its natural key."""


F = TypeVar("F", bound=Fact)


def standing(
    rows: Iterable[F], undone: Iterable[Undone], kind: Undoable, *, now: datetime | None = None
) -> tuple[F, ...]:
    """Give the facts of a kind that were not taken back by `now`, in their order; None: whenever."""
    gone = {one.fact for one in undone if one.kind is kind and (now is None or one.at <= now)}
    return tuple(row for row in rows if row.id not in gone)


def check_inspection(
    fact: LotInspection, inspections: Sequence[LotInspection], decided: Iterable[Disposed]
) -> None:
    """Refuse to take an inspection back that something rests on.

    The lots after it were inspected by the table that followed from it: the last one goes first.

    Args:
        fact: the inspection.
        inspections: those of its supplier and part that stand, in their order, this one among them.
        decided: decisions on goods in quarantine that stand.

    Raises:
        Refusal: ``supply.undo_not_last``, ``supply.undo_decided``.
    """
    last = inspections[-1]
    if last.id != fact.id:
        raise Refusal("supply.undo_not_last", fact=fact.id, part=fact.part, later=last.id)
    about = (fact.document, fact.part, fact.lot)
    for row in decided:
        if row.at >= fact.at and (row.delivery, row.part, row.lot) == about:
            raise Refusal("supply.undo_decided", fact=fact.id, decision=row.id, document=row.document)


def check_disposition(fact: Disposed, *, came: int) -> None:
    """Refuse to take back a return for which the supplier has sent something.

    Args:
        fact: the decision.
        came: units of its part that came by its document since.

    Raises:
        Refusal: ``supply.undo_settled``.
    """
    if fact.way is Disposition.RETURN and came:
        raise Refusal("supply.undo_settled", fact=fact.id, document=fact.document, part=fact.part, came=came)


def check_reinspection(fact: LookedAt, looked: Iterable[LookedAt]) -> None:
    """Refuse to take back a look at goods that were looked at again there since.

    Raises:
        Refusal: ``supply.undo_not_last``.
    """
    for row in looked:
        same = (row.part, row.lot, row.place) == (fact.part, fact.lot, fact.place)
        if same and row.at > fact.at and row.id != fact.id:
            raise Refusal("supply.undo_not_last", fact=fact.id, part=fact.part, later=row.id)


def check_receipt(
    document: str,
    part: str,
    lot: str,
    *,
    left: int,
    inspections: Iterable[LotInspection],
    decided: Iterable[Disposed],
) -> None:
    """Refuse to take a delivery back whose goods were inspected or decided on.

    Args:
        document: the order or delivery.
        part: of one of its lines.
        lot: of that line.
        left: units that came by the document with that lot and are not taken back.
        inspections: those that stand.
        decided: decisions that stand.

    Raises:
        Refusal: ``supply.undo_inspected``, ``supply.undo_decided``.
    """
    seen = [row for row in inspections if (row.document, row.part, row.lot) == (document, part, lot)]
    if sum(row.units for row in seen if row.original) > left:
        raise Refusal("supply.undo_inspected", document=document, part=part, inspection=seen[-1].id)
    gone = [row for row in decided if (row.delivery, row.part, row.lot) == (document, part, lot)]
    if sum(row.quantity for row in gone) > left:
        raise Refusal("supply.undo_decided", fact=document, decision=gone[-1].id, document=gone[-1].document)
