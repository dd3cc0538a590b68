"""Loaner units inventory can lend, in dispatch's words: which classes will do, which units are free, what a day costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from dispatch.problem import kept_name, plain_name
from inventory.stock.loan import CheckStep, Loan, LoanCheck
from inventory.stock.loaner_pool import free_units, making_ready
from inventory.stockroom import Stockroom, loans_of
from kernel.errors import Refusal
from kernel.ids import natural_key

__all__ = [
    "CheckStep",
    "Loan",
    "LoanCheck",
    "LoanerPool",
    "Stockroom",
    "extended",
    "lent",
    "loaner_pool",
    "loans_of",
    "returned",
    "taken",
]


@dataclass(frozen=True, slots=True)
class LoanerPool:
    """What can be lent.

    Args:
        free: unit ids by (place or van, class), in natural order.
        substitutes: classes that may stand in, by class; the class itself first.
        day_cost: what a day on loan costs, by class.
        standing: units that are out, by ticket, in natural order.
        kept: the class under which `free` has the unit kept for a ticket, by ticket: nobody else's class.
    """

    free: Mapping[tuple[str, str], tuple[str, ...]]
    substitutes: Mapping[str, tuple[str, ...]]
    day_cost: Mapping[str, Decimal]
    standing: Mapping[str, tuple[str, ...]]
    kept: Mapping[str, str] = field(default_factory=dict)

    def classes_for(self, wanted: str, /, *, ticket: str = "") -> tuple[str, ...]:
        """Classes that satisfy a customer whose equipment is of class `wanted`: its own first, then the listed ones.

        A ticket for which a unit is kept is satisfied by that one alone.
        """
        if ticket in self.kept:
            return (self.kept[ticket],)
        return self.substitutes.get(wanted, ())


def loaner_pool(stockroom: Stockroom, *, now: datetime, kept: Mapping[str, str] | None = None) -> LoanerPool:
    """Read the pool as it stands at `now`.

    Args:
        stockroom: with the units, their classes and who has them.
        now: aware.
        kept: units that are not for everybody: the ticket that alone may have each, empty: nobody.
    """
    kept = kept or {}
    ours = tuple(unit for unit in stockroom.loaner_units if unit.id not in kept)
    theirs = tuple(
        replace(unit, loaner_class=kept_name(unit.loaner_class, kept[unit.id]))
        for unit in stockroom.loaner_units
        if kept.get(unit.id)
    )
    loans = loans_of(stockroom)
    blocked = {row.id: making_ready(row) for row in stockroom.loaner_classes}
    blocked |= {unit.loaner_class: blocked[plain_name(unit.loaner_class)] for unit in theirs}
    standing: dict[str, list[str]] = {}
    for loan in sorted(loans, key=lambda loan: natural_key(loan.unit)):
        if loan.out_at <= now and (loan.back_at is None or loan.back_at > now):
            standing.setdefault(loan.ticket_ref, []).append(loan.unit)
    return LoanerPool(
        free=free_units((*ours, *theirs), loans, at=now, now=now, ready=blocked),
        substitutes={c.id: (c.id, *c.substitutes) for c in stockroom.loaner_classes},
        day_cost={c.id: c.day_cost for c in stockroom.loaner_classes},
        standing={ticket: tuple(units) for ticket, units in standing.items()},
        kept={kept[unit.id]: unit.loaner_class for unit in theirs},
    )


def lent(stockroom: Stockroom, loan: Loan) -> Stockroom:
    """The stockroom after one more unit has left.

    Raises:
        Refusal: ``stock.duplicate``, ``stock.unknown_loaner_unit``, ``stock.lent_twice``.
    """
    if any(known.id == loan.id for known in stockroom.loans):
        raise Refusal("stock.duplicate", id=loan.id)
    if all(unit.id != loan.unit for unit in stockroom.loaner_units):
        raise Refusal("stock.unknown_loaner_unit", loaner_unit=loan.unit)
    for known in loans_of(stockroom):
        if known.unit == loan.unit and known.back_at is None:
            raise Refusal("stock.lent_twice", unit=loan.unit, loan=known.id)
    # At the customer's it is in no van any more.
    units = tuple(replace(one, van="") if one.id == loan.unit else one for one in stockroom.loaner_units)
    return replace(stockroom, loaner_units=units, loans=(*stockroom.loans, loan))


def taken(stockroom: Stockroom, unit: str, *, van: str) -> Stockroom:
    """The stockroom after a unit was put into a van; without a van: back at its place.

    Raises:
        Refusal: ``stock.unknown_loaner_unit``, ``stock.lent_twice``.
    """
    if all(one.id != unit for one in stockroom.loaner_units):
        raise Refusal("stock.unknown_loaner_unit", loaner_unit=unit)
    for known in loans_of(stockroom):
        if known.unit == unit and known.back_at is None:
            raise Refusal("stock.lent_twice", unit=unit, loan=known.id)
    units = tuple(replace(one, van=van) if one.id == unit else one for one in stockroom.loaner_units)
    return replace(stockroom, loaner_units=units)


def returned(stockroom: Stockroom, loan: str, *, at: datetime) -> Stockroom:
    """The stockroom after a unit has come back.

    Raises:
        Refusal: ``stock.unknown_loan``, ``stock.loan_over``, ``stock.loan_ends_before_start``.
    """
    _check_out(stockroom, loan)
    back = tuple(replace(one, back_at=at) if one.id == loan else one for one in stockroom.loans)
    return replace(stockroom, loans=back)


def extended(stockroom: Stockroom, loan: str, *, due_back_at: datetime) -> Stockroom:
    """The stockroom after a unit was lent until another moment.

    Raises:
        Refusal: ``stock.unknown_loan``, ``stock.loan_over``, ``stock.loan_ends_before_start``.
    """
    _check_out(stockroom, loan)
    longer = tuple(
        replace(one, due_back_at=due_back_at) if one.id == loan else one for one in stockroom.loans
    )
    return replace(stockroom, loans=longer)


def _check_out(stockroom: Stockroom, loan: str) -> None:
    known = next((one for one in loans_of(stockroom) if one.id == loan), None)
    if known is None:
        raise Refusal("stock.unknown_loan", loan=loan)
    if known.back_at is not None:
        raise Refusal("stock.loan_over", loan=loan, back=known.back_at.isoformat())
