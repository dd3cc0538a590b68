"""Escalation: who has to be told that a ticket does not get on, when, who that is at night, and what was not done.

The ladder is the scheme's. A rung is due some time after the report, or when a share of a milestone's time is used
up; it is called off when the milestone was met or the work was done before. What was told is a fact; everything
else is folded, so that the list shows what is due, what was done, and what was due and never done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from dispatch.desk.clause import LadderRole, Rung
from dispatch.desk.clock import clocks, due_of, reached_at
from dispatch.desk.life import ENDS_WORK
from dispatch.desk.milestone import Severity, TicketKind
from dispatch.desk.on_call import Watch, on_call
from dispatch.desk.scheme import Scheme
from dispatch.desk.ticket import EventKind, Ticket, TicketEvent
from kernel.calendars import BusinessCalendar
from kernel.clock import utc
from kernel.errors import Refusal
from kernel.ids import checked_id, natural_key
from kernel.timetable import epoch_s, moment_of


@dataclass(frozen=True, slots=True)
class Escalated:
    """Somebody was told that a ticket does not get on.

    Args:
        ticket: the ticket's id.
        at: when, aware.
        by: id of who told him.
        role: as whom he was told.
        person: who was told.
        outcome: what he said or will do.

    Raises:
        Refusal: ``escalation.outcome_missing``, ``id.malformed``, ``clock.*``.
    """

    ticket: str
    at: datetime
    by: str
    role: LadderRole
    person: str
    outcome: str

    def __post_init__(self) -> None:
        for text in (self.ticket, self.by, self.person):
            checked_id(text)
        object.__setattr__(self, "at", utc(self.at))
        if not self.outcome.strip():
            raise Refusal("escalation.outcome_missing", ticket=self.ticket, role=self.role)


class StepState(StrEnum):
    """Where a rung of the ladder stands."""

    AHEAD = "ahead"
    """Its time has not come."""
    DUE = "due"
    """To be done now."""
    DONE = "done"
    """He was told, when it was due or sooner."""
    DONE_LATE = "done_late"
    """He was told after it was due."""
    NOT_NEEDED = "not_needed"
    """What it is about was done before its time came."""
    NOT_DONE = "not_done"
    """Its time came, nobody was told, and now what it is about is over."""
    ASKED = "asked"
    """Told without a rung: somebody asked for help of his own accord."""


class LadderStep(NamedTuple):
    """One rung of the ladder, as it stands for a ticket.

    Args:
        number: of the rung, from 1; 0: told without a rung.
        role: whom to tell.
        state: see `StepState`.
        due_at: when he has to be told; None: no such time (the milestone is not promised), or without a rung.
        tell: whom to call, first to be called first: those on call at `due_at`, or now when it is due. Empty within
            the role's hours: whoever is at work.
        unmanned: nobody is at work and nobody on call at that moment: a gap in the roster.
        told_at, person: when who was told; None and empty: nobody was.
    """

    number: int
    role: LadderRole
    state: StepState
    due_at: datetime | None = None
    tell: tuple[str, ...] = ()
    unmanned: bool = False
    told_at: datetime | None = None
    person: str = ""

    @property
    def open(self) -> bool:
        """Due and not done, still or for ever."""
        return self.state in {StepState.DUE, StepState.NOT_DONE}


def escalation(
    ticket: Ticket,
    events: Sequence[TicketEvent],
    scheme: Scheme,
    calendars: Mapping[str, BusinessCalendar],
    now: datetime,
    *,
    told: Iterable[Escalated] = (),
    watches: Sequence[Watch] = (),
    hours: Mapping[LadderRole, BusinessCalendar] | None = None,
) -> tuple[LadderStep, ...]:
    """Say for every rung of a ticket's ladder whom to tell and when, and what was done.

    A role told once is told: a later rung of the same role asks for another time.

    Args:
        ticket: the ticket.
        events: its events in order of time.
        scheme: its scheme version.
        calendars: by id; they take the place of the scheme's own of the same id.
        now: aware; nothing later is known.
        told: what was told about this ticket, in order of time.
        watches: the roster (`on_call.roster`).
        hours: when the people of a role are at work; a role without hours is reached through the roster only.

    Returns:
        The rungs that belong to the ticket's severity, in the ladder's order, then what was told without a rung. A
        preventive visit has no rungs: its time is its period's.
    """
    ladder = () if ticket.kind is TicketKind.PREVENTIVE else scheme.ladder
    hours = hours or {}
    known = [event for event in events if event.at <= now]
    heard = [one for one in told if one.ticket == ticket.id and one.at <= now]
    folded = clocks(ticket, known, scheme, calendars, now)
    steps = []
    for number, rung in enumerate(ladder, start=1):
        due_at = _due_at(rung, ticket, known, scheme, calendars, now, hours.get(rung.role))
        if _severity(ticket, known, min(due_at or now, now)) not in rung.severities:
            continue
        over_at = _work_ended(known)
        clock = folded.get(rung.milestone) if rung.milestone is not None else None
        if clock is not None:
            stopped_s = clock.met_s if clock.met_s is not None else clock.ended_s
            over_at = None if stopped_s is None else moment_of(stopped_s)
        done = next((one for one in heard if one.role is rung.role), None)
        if done is not None and not (
            over_at is not None and due_at is not None and over_at < min(due_at, done.at)
        ):
            heard.remove(done)
        else:
            done = None
        steps.append(_step(number, rung, due_at, over_at, done, now, watches, hours.get(rung.role)))
    asked = [LadderStep(0, one.role, StepState.ASKED, told_at=one.at, person=one.person) for one in heard]
    return (*steps, *asked)


def _step(
    number: int,
    rung: Rung,
    due_at: datetime | None,
    over_at: datetime | None,
    done: Escalated | None,
    now: datetime,
    watches: Sequence[Watch],
    hours: BusinessCalendar | None,
) -> LadderStep:
    if done is not None:
        late = due_at is not None and done.at > due_at
        state = StepState.DONE_LATE if late else StepState.DONE
        return LadderStep(number, rung.role, state, due_at, told_at=done.at, person=done.person)
    if due_at is None:
        return LadderStep(number, rung.role, StepState.NOT_NEEDED)
    if over_at is not None:
        state = StepState.NOT_NEEDED if over_at <= due_at else StepState.NOT_DONE
        return LadderStep(number, rung.role, state, due_at)
    ahead = due_at > now
    at = due_at if ahead else now
    tell = on_call(watches, rung.role, at)
    at_work = hours is not None and hours.next_opening_s(epoch_s(at)) == epoch_s(at)
    return LadderStep(
        number,
        rung.role,
        StepState.AHEAD if ahead else StepState.DUE,
        due_at,
        tell=tell,
        unmanned=not tell and not at_work,
    )


def _due_at(
    rung: Rung,
    ticket: Ticket,
    events: Sequence[TicketEvent],
    scheme: Scheme,
    calendars: Mapping[str, BusinessCalendar],
    now: datetime,
    hours: BusinessCalendar | None,
) -> datetime | None:
    """When the rung is due: its own moment or, for a role that is not to be woken, the next opening of its hours."""
    if rung.after is not None:
        at_s = due_of(rung.after, epoch_s(ticket.reported_at), scheme, calendars)
    else:
        assert rung.milestone is not None  # a rung has one of the two
        at = reached_at(ticket, events, scheme, calendars, now, rung.milestone, percent=rung.percent)
        if at is None:
            return None
        at_s = epoch_s(at)
    if not rung.on_call and hours is not None:
        at_s = hours.next_opening_s(at_s)
    return moment_of(at_s)


def _severity(ticket: Ticket, events: Iterable[TicketEvent], at: datetime) -> Severity:
    severity = ticket.severity
    for event in events:
        if event.kind is EventKind.SEVERITY_CHANGED and event.at <= at:
            severity = Severity(event.value)
    return severity


def _work_ended(events: Iterable[TicketEvent]) -> datetime | None:
    ended: datetime | None = None
    for event in events:
        if event.kind is EventKind.REOPENED:
            ended = None
        elif event.kind in ENDS_WORK and ended is None:
            ended = event.at
    return ended


class LadderTask(NamedTuple):
    """One thing to do now, or never done, of all tickets' ladders."""

    ticket: str
    step: LadderStep


def ladder_tasks(steps: Mapping[str, Iterable[LadderStep]], /) -> tuple[LadderTask, ...]:
    """List what is due and not done over all tickets, longest due first."""
    open_ones = [LadderTask(ticket, step) for ticket, listed in steps.items() for step in listed if step.open]
    return tuple(
        sorted(open_ones, key=lambda one: (str(one.step.due_at), natural_key(one.ticket), one.step.number))
    )
