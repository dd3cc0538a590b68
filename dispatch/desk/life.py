"""A ticket's life: the stages it goes through, and the one table that says which step may follow where.

A later step shows that the earlier ones were done: who stands on site has been planned. So a step may skip
forward, but never goes back: what is repaired is not repaired again before it was reopened. A wait is no stage;
it lies over the stage the ticket has reached.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from dispatch.desk.milestone import Promise, Severity, Wait
from dispatch.desk.scheme import Scheme
from dispatch.desk.ticket import EventKind, RemoteOutcome, Ticket, TicketEvent, Way
from kernel.clock import moment
from kernel.errors import Refusal
from kernel.interval import Interval


class Stage(StrEnum):
    """How far a ticket has come, in the order of a life."""

    REPORTED = "reported"
    ACKNOWLEDGED = "acknowledged"
    TRIAGED = "triaged"
    PROPOSED = "proposed"
    AGREED = "agreed"
    PLANNED = "planned"
    TRAVELLING = "travelling"
    ON_SITE = "on_site"
    IN_WORKSHOP = "in_workshop"
    LEFT = "left"
    """Somebody has been there; more is to be done."""
    REPAIRED = "repaired"
    """The equipment works again, or the agreed work is handed over."""
    VERIFIED = "verified"
    CLOSED = "closed"
    SURVEYED = "surveyed"
    FOLLOWED_UP = "followed_up"
    CANCELLED = "cancelled"


S = Stage
E = EventKind
AT_THE_DESK = (S.REPORTED, S.ACKNOWLEDGED, S.TRIAGED, S.PROPOSED, S.AGREED)
OPEN = (*AT_THE_DESK, S.PLANNED, S.TRAVELLING, S.ON_SITE, S.IN_WORKSHOP, S.LEFT)
"""Stages with work to be done."""
DONE = (S.REPAIRED, S.VERIFIED)
OVER = (S.CLOSED, S.SURVEYED, S.FOLLOWED_UP, S.CANCELLED)

ENDS_WORK = frozenset({E.REPAIRED, E.DELIVERED, E.CLOSED, E.CANCELLED})
"""After one of these nobody is sent any more, unless the ticket is reopened."""


def _to(stage: Stage, *before: Stage) -> dict[Stage, Stage]:
    return dict.fromkeys(before, stage)


def _stays(*stages: Stage) -> dict[Stage, Stage]:
    return {stage: stage for stage in stages}


_OPEN_STAYS = _stays(*OPEN)

MOVES: Mapping[EventKind, Mapping[Stage, Stage]] = {
    E.REPORTED: _stays(S.REPORTED),
    E.ACKNOWLEDGED: _stays(*AT_THE_DESK, S.PLANNED) | _to(S.ACKNOWLEDGED, S.REPORTED),
    E.RESPONDED: _OPEN_STAYS | _to(S.ACKNOWLEDGED, S.REPORTED),
    E.TRIAGED: _OPEN_STAYS | _to(S.TRIAGED, S.REPORTED, S.ACKNOWLEDGED),
    E.REMOTE_TRIED: _OPEN_STAYS | _to(S.TRIAGED, S.REPORTED, S.ACKNOWLEDGED),
    E.PROPOSED: _OPEN_STAYS | _to(S.PROPOSED, *AT_THE_DESK),
    E.AGREED: _OPEN_STAYS | _to(S.AGREED, *AT_THE_DESK),
    E.ARRANGED: _OPEN_STAYS | _to(S.PLANNED, *AT_THE_DESK, S.LEFT),
    E.TOLD: _stays(*OPEN, *DONE),
    E.TIME_ASKED: _OPEN_STAYS,
    E.ACCEPTED: _OPEN_STAYS,
    E.TRAVELLING: _to(S.TRAVELLING, *OPEN) | _stays(S.ON_SITE),
    E.ON_SITE: _to(S.ON_SITE, *OPEN),
    E.WAITING: _stays(*OPEN, *DONE),
    E.RESUMED: _stays(*OPEN, *DONE),
    E.FORECAST_FINISH: _OPEN_STAYS,
    E.PART_NEEDED: _OPEN_STAYS,
    E.PART_SHORT: _OPEN_STAYS,
    E.LOANER_IN_PLACE: _OPEN_STAYS,
    E.COLLECTED: _to(S.IN_WORKSHOP, *OPEN),
    E.TESTED: _OPEN_STAYS,
    E.RETURNED: _OPEN_STAYS | _stays(S.CANCELLED) | _to(S.ON_SITE, S.TRAVELLING) | _to(S.LEFT, S.IN_WORKSHOP),
    E.LEFT: _to(S.LEFT, S.TRAVELLING, S.ON_SITE) | _stays(S.LEFT, S.IN_WORKSHOP, *DONE, S.CANCELLED),
    E.REPAIRED: _to(S.REPAIRED, *OPEN),
    E.DELIVERED: _to(S.REPAIRED, *OPEN, S.REPAIRED),
    E.SEVERITY_CHANGED: _OPEN_STAYS,
    E.CUSTOMER_SET: _OPEN_STAYS,
    E.VERIFIED: _to(S.VERIFIED, S.REPAIRED),
    E.CLOSED: _to(S.CLOSED, *DONE),
    E.SURVEYED: _to(S.SURVEYED, S.CLOSED) | _stays(S.FOLLOWED_UP),
    E.FOLLOWED_UP: _to(S.FOLLOWED_UP, S.CLOSED, S.SURVEYED),
    E.CANCELLED: _to(S.CANCELLED, *OPEN),
    E.REOPENED: _to(S.ACKNOWLEDGED, *DONE, *OVER),
}
"""For every step the stages it may follow, and the stage it leads to."""

GOES_OUT = frozenset({E.TRAVELLING, E.ON_SITE, E.COLLECTED})
"""Steps that wait for help from afar where the scheme puts it first (`Handling.remote_first`)."""
NEEDS_AGREEMENT = GOES_OUT | {E.ARRANGED, E.REPAIRED, E.DELIVERED}
"""Steps that wait for the customer's word where the scheme asks for it (`Handling.solution_agreed`)."""


@dataclass(frozen=True, slots=True)
class TicketState:
    """Where a ticket stands at a moment.

    Args:
        stage: how far it has come; `since`: since when.
        severity: after every change.
        waiting: what it waits for, None: nothing; `waiting_since`: since when.
        way: where it is worked on, as triage said; None: not said.
        remote: what came of helping from afar; None: not tried.
        proposed: something is proposed; `agreed`: the customer agreed to the last proposal.
        forecast: the engineer's last word for when the repair will be done, also while it waits; None: none.
        time_asked: when the customer would like the visit instead, and nobody told or arranged a time since; None: not.
        parts_needed: (part, quantity) the engineers asked for, in order.
        loaner: a loaner stands in for the equipment.
        unit_away: the unit is not at the customer's; `unit_tested`: it passed the workshop's test.
        report: digest of the signed service report; empty: none.
        reopened: how often.
    """

    stage: Stage
    since: datetime
    severity: Severity
    waiting: Wait | None = None
    waiting_since: datetime | None = None
    way: Way | None = None
    remote: RemoteOutcome | None = None
    proposed: bool = False
    agreed: bool = False
    forecast: datetime | None = None
    time_asked: Interval | None = None
    parts_needed: tuple[tuple[str, int], ...] = ()
    loaner: bool = False
    unit_away: bool = False
    unit_tested: bool = False
    report: str = ""
    reopened: int = 0

    @property
    def is_open(self) -> bool:
        """There is work to be done."""
        return self.stage in OPEN

    @property
    def may_follow(self) -> tuple[EventKind, ...]:
        """The steps that may follow, in the order of `EventKind`."""
        return tuple(kind for kind in EventKind if self.stage in MOVES[kind])

    @property
    def leads_on(self) -> tuple[EventKind, ...]:
        """The steps that lead to another stage, in the order of `EventKind`."""
        return tuple(kind for kind in self.may_follow if MOVES[kind][self.stage] is not self.stage)


def state_of(ticket: Ticket, events: Iterable[TicketEvent], now: datetime, /) -> TicketState:
    """Fold a ticket's events up to `now` into where it stands.

    Args:
        ticket: as reported.
        events: its events in order of time, as `check_history` passes them; later ones than `now` are not yet known.
        now: aware.
    """
    so_far = _opened(ticket)
    for event in events:
        if event.at > now:
            break
        _follows(so_far, event)
    return TicketState(**so_far)


def opening(ticket: Ticket, /) -> TicketState:
    """Where a ticket stands when it is reported."""
    return TicketState(**_opened(ticket))


def after(state: TicketState, event: TicketEvent, /) -> TicketState:
    """Where a ticket stands after one more event; one that may not follow changes nothing."""
    so_far = {name: getattr(state, name) for name in _FIELDS}
    _follows(so_far, event)
    return TicketState(**so_far)


# A list folds the events of every ticket in it: fields in a dictionary until the last, since a state is dear to make.
_FIELDS = tuple(one.name for one in fields(TicketState))


def _opened(ticket: Ticket) -> dict[str, Any]:
    return {"stage": Stage.REPORTED, "since": ticket.reported_at, "severity": ticket.severity}


def _follows(state: dict[str, Any], event: TicketEvent) -> None:
    """Change the fields of a state as an event does; one that may not follow changes nothing."""
    stage = MOVES[event.kind].get(state["stage"])
    if stage is None:
        return
    if stage is not state["stage"]:
        state["stage"], state["since"] = stage, event.at
    if event.kind in ENDS_WORK:
        state["waiting"] = state["waiting_since"] = None
    match event.kind:
        case E.TRIAGED if event.value:
            state["way"] = Way(event.value)
        case E.REMOTE_TRIED:
            state["remote"] = RemoteOutcome(event.value)
        case E.PROPOSED:
            state["proposed"], state["agreed"] = True, False
        case E.AGREED:
            state["agreed"] = True
        case E.WAITING:
            state["waiting"], state["waiting_since"] = Wait(event.value), event.at
        case E.RESUMED:
            state["waiting"] = state["waiting_since"] = None
        case E.FORECAST_FINISH:
            state["forecast"] = moment(event.value)
        case E.TIME_ASKED:
            state["time_asked"] = event.time_asked
        case E.TOLD | E.ARRANGED | E.ON_SITE:
            state["time_asked"] = None
        case E.PART_NEEDED:
            state["parts_needed"] = (*state.get("parts_needed", ()), event.part_needed)
        case E.LOANER_IN_PLACE:
            state["loaner"] = True
        case E.COLLECTED:
            state.update(way=Way.WORKSHOP, unit_away=True, unit_tested=False)
        case E.TESTED:
            state["unit_tested"] = True
        case E.RETURNED:
            state["unit_away"] = False
        case E.SEVERITY_CHANGED:
            state["severity"] = Severity(event.value)
        case E.VERIFIED:
            state["report"] = event.value
        case E.REOPENED:
            # What was agreed, forecast and signed was about the work that did not hold.
            held: dict[str, Any] = {
                name: state[name] for name in ("severity", "loaner", "unit_away") if name in state
            }
            again = state.get("reopened", 0) + 1
            state.clear()
            state.update(held, stage=stage, since=event.at, reopened=again)
        case _:
            pass


def refused(state: TicketState, event: TicketEvent, scheme: Scheme, /) -> Refusal | None:
    """Say why an event may not follow in a state; None: it may.

    Gives:
        ``ticket.move_refused`` (with the steps that lead on instead), ``ticket.not_waiting``,
        ``ticket.nothing_proposed``, ``ticket.forecast_passed`` (a word for when it will be done that lies before the
        word itself), ``ticket.remote_first``, ``ticket.not_agreed``, ``ticket.unit_not_away``, ``ticket.not_tested``, ``ticket.unit_not_returned``, ``ticket.not_verified``, ``ticket.not_verified_why``.
    """
    at, kind = event.at.isoformat(), event.kind
    if state.stage not in MOVES[kind]:
        instead = ", ".join(state.leads_on)
        return Refusal(
            "ticket.move_refused",
            ticket=event.ticket,
            event=kind,
            at_time=at,
            stage=state.stage,
            instead=instead,
        )
    if kind is E.RESUMED and state.waiting is None:
        return Refusal("ticket.not_waiting", ticket=event.ticket, at_time=at)
    if kind is E.AGREED and not state.proposed:
        return Refusal("ticket.nothing_proposed", ticket=event.ticket, at_time=at)
    if kind is E.FORECAST_FINISH and moment(event.value) < event.at:
        said = moment(event.value).isoformat()
        return Refusal("ticket.forecast_passed", ticket=event.ticket, at_time=at, forecast=said)
    asks = scheme.handling
    if kind in GOES_OUT and asks.remote_first and state.remote is None:
        return Refusal("ticket.remote_first", ticket=event.ticket, event=kind, at_time=at, scheme=scheme.id)
    if kind in NEEDS_AGREEMENT and asks.solution_agreed and not state.agreed:
        return Refusal("ticket.not_agreed", ticket=event.ticket, event=kind, at_time=at, scheme=scheme.id)
    if kind in {E.TESTED, E.RETURNED} and not state.unit_away:
        return Refusal("ticket.unit_not_away", ticket=event.ticket, event=kind, at_time=at)
    if kind is E.RETURNED and not state.unit_tested and state.is_open:
        return Refusal("ticket.not_tested", ticket=event.ticket, at_time=at)
    if kind in {E.REPAIRED, E.DELIVERED} and state.unit_away:
        return Refusal("ticket.unit_not_returned", ticket=event.ticket, event=kind, at_time=at)
    if kind is E.CLOSED and state.stage is S.REPAIRED:
        if asks.customer_verifies:
            return Refusal("ticket.not_verified", ticket=event.ticket, at_time=at, scheme=scheme.id)
        if not event.reason.strip():
            return Refusal("ticket.not_verified_why", ticket=event.ticket, at_time=at)
    return None


def check_history(ticket: Ticket, events: Iterable[TicketEvent], scheme: Scheme, /) -> Iterator[Refusal]:
    """Give what is wrong with a ticket's events in the order they stand; a checked history folds as it reads.

    Yields:
        ``ticket.other_tickets_event``, ``ticket.event_before_report``, ``ticket.events_out_of_order``,
        ``ticket.reported_twice``, ``ticket.not_set_by_customer`` (the scheme lets the customer set no time for
        this milestone), and what `refused` gives.
    """
    last_at, state = ticket.reported_at, opening(ticket)
    reported = ticket.reported_at.isoformat()
    for event in events:
        at, kind = event.at.isoformat(), str(event.kind)
        if event.ticket != ticket.id:
            yield Refusal(
                "ticket.other_tickets_event", ticket=ticket.id, event=kind, at_time=at, other=event.ticket
            )
            continue
        if event.at < ticket.reported_at:
            yield Refusal(
                "ticket.event_before_report", ticket=ticket.id, event=kind, at_time=at, reported=reported
            )
        elif event.at < last_at:
            after_at = last_at.isoformat()
            yield Refusal(
                "ticket.events_out_of_order", ticket=ticket.id, event=kind, at_time=at, after=after_at
            )
        last_at = max(last_at, event.at)
        if event.kind is E.REPORTED and event.at != ticket.reported_at:
            yield Refusal("ticket.reported_twice", ticket=ticket.id, at_time=at, reported=reported)
        elif (flaw := refused(state, event, scheme)) is not None:
            yield flaw
        elif event.set_due is not None:
            milestone = event.set_due[0]
            terms = scheme.milestones.get(milestone, {})
            if all(term.promise is not Promise.CUSTOMER_SET for term in terms.values()):
                yield Refusal(
                    "ticket.not_set_by_customer", ticket=ticket.id, milestone=milestone, scheme=scheme.id
                )
        state = after(state, event)


def work_ended(events: Iterable[TicketEvent], /) -> bool:
    """Say whether a ticket's work is over: repaired, delivered, closed or cancelled, and not reopened since."""
    ended = False
    for event in events:
        if event.kind in ENDS_WORK:
            ended = True
        elif event.kind is E.REOPENED:
            ended = False
    return ended
