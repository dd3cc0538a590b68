"""The same report twice, or the same fault again: what the desk is shown before it opens another ticket."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dispatch.desk.history import ClosedTicket
from dispatch.desk.intake import Report
from dispatch.desk.ticket import Ticket
from kernel.ids import natural_key


class Likeness(StrEnum):
    """How an earlier ticket resembles a report, the strongest first."""

    OPEN_SAME_SYMPTOM = "open_same_symptom"
    OPEN = "open"
    """Open on the same equipment, with another symptom or none said."""
    REPORTED = "reported"
    """A report of the same equipment that is no ticket yet."""
    RETURNED = "returned"
    """Repaired a short time ago with the same symptom: the old fault come back."""
    RECENT = "recent"
    """Repaired a short time ago, with another symptom or none said."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An earlier ticket, or report, on the same equipment.

    Args:
        ticket: its id.
        likeness: how it resembles the report.
        at: when it was reported, or repaired; `days`: whole days from then to the report.
    """

    ticket: str
    likeness: Likeness
    at: datetime
    days: int


def duplicates(
    asset: str,
    symptom: str,
    at: datetime,
    open_tickets: Iterable[Ticket],
    closed: Iterable[ClosedTicket],
    *,
    waiting: Iterable[Report] = (),
    repeat_days: int,
) -> tuple[Duplicate, ...]:
    """Point out earlier tickets on the same equipment, the most alike first.

    Args:
        asset: the equipment's id; empty: no equipment, nothing is pointed out.
        symptom: code; empty: not said.
        at: when it is reported, aware.
        open_tickets: tickets with work to be done.
        closed: tickets that are done.
        waiting: reports of this equipment that are no tickets yet.
        repeat_days: repairs up to this many days ago are pointed out.
    """
    if not asset:
        return ()
    found = []
    for ticket in open_tickets:
        if ticket.asset == asset and ticket.reported_at <= at:
            same = bool(symptom) and ticket.symptom == symptom
            likeness = Likeness.OPEN_SAME_SYMPTOM if same else Likeness.OPEN
            found.append(Duplicate(ticket.id, likeness, ticket.reported_at, (at - ticket.reported_at).days))
    found += [
        Duplicate(report.id, Likeness.REPORTED, report.at, (at - report.at).days)
        for report in waiting
        if report.at <= at
    ]
    for done in closed:
        if done.asset == asset and timedelta() <= at - done.repaired_at <= timedelta(days=repeat_days):
            same = bool(symptom) and done.symptom == symptom
            likeness = Likeness.RETURNED if same else Likeness.RECENT
            found.append(Duplicate(done.ticket, likeness, done.repaired_at, (at - done.repaired_at).days))
    order = list(Likeness)
    return tuple(
        sorted(found, key=lambda one: (order.index(one.likeness), one.days, natural_key(one.ticket)))
    )
