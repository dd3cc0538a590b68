"""Inventing loans: one class of loaners nearly all out, and loans of the past that came back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from dispatch.desk.history import ClosedTicket
from dispatch.desk.milestone import TicketKind
from dispatch.desk.ticket import EventKind, TicketEvent
from inventory.catalogue.loaner import LoanerUnit
from inventory.stock.loan import Loan
from scenarios.world.demand import Open
from scenarios.world.equipment import Equipment
from scenarios.world.happened import DESK
from scenarios.world.spec import Spec

PAST_LOANS = 20
LENT_AGO_MIN = 90
CLEANED_EVERY = 7
"""Every unit of this number in the pool is back but not yet cleaned."""


def scarce_class(units: tuple[LoanerUnit, ...]) -> str:
    """The class most units are of, the first by id of equals: the one that is lent most. Empty without units."""
    classes = [unit.loaner_class for unit in units]
    return max(sorted(set(classes)), key=classes.count, default="")


def lent(
    spec: Spec,
    units: tuple[LoanerUnit, ...],
    opened: tuple[Open, ...],
    closed: tuple[ClosedTicket, ...],
    equipment: Equipment,
) -> tuple[tuple[Loan, ...], tuple[Open, ...]]:
    """Loans, and the open tickets with the event that their loaner stands.

    All but one unit of the scarce class are out: with open tickets old enough to have got one, and, when there
    are too few of those, overdue with tickets that are closed.
    """
    scarce = scarce_class(units)
    lendable = [unit for unit in units if unit.loaner_class == scarce][1:]
    loaner_of = {model: loaner for family in equipment.families for model, loaner in family.models}
    since = spec.as_of - timedelta(minutes=LENT_AGO_MIN)
    loans: list[Loan] = []
    tickets: list[Open] = []
    for one in opened:
        model = next(asset.model for asset, _ in one.served.assets if asset.id == one.ticket.asset)
        last = one.events[-1].at if one.events else one.ticket.reported_at
        may = one.ticket.kind is TicketKind.FAULT and one.ticket.scheme in GRANTING
        if may and loaner_of[model] == scarce and lendable and last < since:
            unit = lendable.pop()
            number = len(loans) + 1
            loans.append(
                Loan(f"L-{number:03d}", unit.id, one.ticket.id, since, spec.as_of + timedelta(days=4))
            )
            stands = TicketEvent(
                one.ticket.id, spec.as_of - timedelta(minutes=20), EventKind.LOANER_IN_PLACE, DESK
            )
            one = replace(one, events=(*one.events, stands))  # noqa: PLW2901 the ticket with what happened to it
        tickets.append(one)
    latest = (ticket for ticket in reversed(closed) if loaner_of.get(ticket.model) == scarce)
    for unit, ticket in zip(lendable, latest, strict=False):
        out_at = ticket.reported_at + timedelta(hours=20)
        loans.append(
            Loan(f"L-{len(loans) + 1:03d}", unit.id, ticket.ticket, out_at, out_at + timedelta(days=3))
        )
    out = {loan.unit for loan in loans}
    home = tuple(unit for unit in units if unit.id not in out)
    return tuple(loans) + _past(spec, home, closed, loaner_of, first=len(loans) + 1), tuple(tickets)


GRANTING = frozenset({"field-2-4-24", "field-substitute", "field-24-48", "product-warranty", "field-2-12"})
"""Schemes a loaner was given under; beyond the two that promise one it was goodwill."""


def _past(
    spec: Spec,
    units: tuple[LoanerUnit, ...],
    closed: tuple[ClosedTicket, ...],
    loaner_of: dict[str, str],
    *,
    first: int,
) -> tuple[Loan, ...]:
    """The latest closed tickets that took longer than a day had a loaner of their class, unit after unit."""
    free_at = {unit.id: spec.as_of - timedelta(days=8) for unit in units}
    found: list[Loan] = []
    for ticket in reversed(closed):
        lasted = ticket.repaired_at - ticket.reported_at
        if len(found) >= PAST_LOANS or lasted < timedelta(hours=24) or ticket.arrived_at is None:
            continue
        for unit in units:
            if unit.loaner_class == loaner_of.get(ticket.model) and ticket.repaired_at < free_at[unit.id]:
                out_at = ticket.reported_at + timedelta(hours=20)
                back_at = ticket.repaired_at + timedelta(hours=5)
                due_back_at = out_at + timedelta(days=3)
                free_at[unit.id] = out_at - timedelta(days=1)
                found.append(
                    Loan(f"L-{first + len(found):03d}", unit.id, ticket.ticket, out_at, due_back_at, back_at)
                )
                break
    return tuple(found)


def cleaned(spec: Spec, units: tuple[LoanerUnit, ...]) -> tuple[LoanerUnit, ...]:
    """The pool with its seventh, fourteenth, ... unit not to be lent before tomorrow."""
    tomorrow = (spec.as_of + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
    return tuple(
        replace(unit, free_from=tomorrow) if number % CLEANED_EVERY == CLEANED_EVERY - 1 else unit
        for number, unit in enumerate(units)
    )
