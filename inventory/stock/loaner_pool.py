"""Which loaner units are free, now or at a moment to come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from inventory.catalogue.loaner import LoanerUnit
from kernel.clock import utc
from kernel.errors import Refusal
from kernel.ids import natural_key


@dataclass(frozen=True, slots=True)
class Loan:
    """A unit is with a customer.

    Args:
        id: natural key.
        unit: the loaner unit's id.
        ticket_ref: what it was lent for; opaque here.
        out_at: when it left.
        due_back_at: when it is promised back.
        back_at: when it came back; None: still out.

    Raises:
        Refusal: ``stock.loan_ends_before_start``, ``clock.naive_time``.
    """

    id: str
    unit: str
    ticket_ref: str
    out_at: datetime
    due_back_at: datetime
    back_at: datetime | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "out_at", utc(self.out_at))
        object.__setattr__(self, "due_back_at", utc(self.due_back_at))
        if self.back_at is not None:
            object.__setattr__(self, "back_at", utc(self.back_at))
        end = self.due_back_at if self.back_at is None else self.back_at
        if end < self.out_at or self.due_back_at < self.out_at:
            raise Refusal("stock.loan_ends_before_start", loan=self.id)


def out_until(loan: Loan, *, now: datetime) -> datetime | None:
    """When the unit of `loan` is back: known, else as promised; None: overdue, so nobody can say."""
    if loan.back_at is not None:
        return loan.back_at
    return loan.due_back_at if loan.due_back_at > now else None


def is_free(unit: LoanerUnit, loans: Iterable[Loan], *, at: datetime, now: datetime) -> bool:
    """Say whether `unit` can be lent at the moment `at`, as known at `now`.

    An overdue unit is not forecast to be back at any moment to come: a promise that has passed is no promise.
    """
    if unit.free_from is not None and at < unit.free_from:
        return False
    for loan in loans:
        if loan.unit != unit.id or at < loan.out_at:
            continue
        end = out_until(loan, now=now)
        if end is None or at < end:
            return False
    return True


def free_units(
    units: Iterable[LoanerUnit], loans: Iterable[Loan], *, at: datetime, now: datetime
) -> dict[tuple[str, str], tuple[str, ...]]:
    """Units that can be lent at the moment `at`, by the place or van they are in and class.

    Returns:
        ``{(place, class): (unit ids in natural order)}``; a pair without a free unit is absent.
    """
    by_unit: dict[str, list[Loan]] = {}
    for loan in loans:
        by_unit.setdefault(loan.unit, []).append(loan)
    free: dict[tuple[str, str], list[str]] = {}
    for unit in sorted(units, key=lambda unit: natural_key(unit.id)):
        if is_free(unit, by_unit.get(unit.id, ()), at=at, now=now):
            free.setdefault((unit.van or unit.place, unit.loaner_class), []).append(unit.id)
    return {key: tuple(ids) for key, ids in sorted(free.items())}
