"""Complaints: what a customer is not content with, accepted and answered by clocks of their own.

Both times count from the complaint itself, in the time the scheme's clause says; nothing pauses them. An answer
accepts too: whoever has answered has accepted by then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from dispatch.desk.clause import Remedy
from dispatch.desk.clock import State, calendar_of, due_of
from dispatch.desk.milestone import Promise
from dispatch.desk.scheme import Scheme
from dispatch.desk.term import Term
from kernel.calendars import BusinessCalendar
from kernel.clock import utc
from kernel.errors import Refusal
from kernel.ids import checked_id
from kernel.timetable import epoch_s, moment_of


@dataclass(frozen=True, slots=True)
class Complaint:
    """A customer complains.

    Args:
        id: its number, given at once.
        customer: who complains.
        scheme, version: the scheme version whose clause holds; that of the ticket where there is one.
        made_at: when, aware.
        text: his words.
        by: id of who wrote it down.
        ticket: the ticket it is about; empty: none.

    Raises:
        Refusal: ``complaint.says_nothing``, ``id.malformed``, ``clock.*``.
    """

    id: str
    customer: str
    scheme: str
    version: str
    made_at: datetime
    text: str
    by: str
    ticket: str = ""

    def __post_init__(self) -> None:
        for text in (self.id, self.customer, self.scheme, self.version, self.by):
            checked_id(text)
        if self.ticket:
            checked_id(self.ticket)
        if not self.text.strip():
            raise Refusal("complaint.says_nothing", complaint=self.id)
        object.__setattr__(self, "made_at", utc(self.made_at))


class ComplaintStep(StrEnum):
    """What happens to a complaint."""

    ACCEPTED = "accepted"
    """The customer was told that it is taken up."""
    ANSWERED = "answered"
    """A solution was given; `reason` is the answer, `remedy` what he gets beside it."""
    REJECTED = "rejected"
    """The customer does not take the answer; `reason` says why. Another answer is owed."""
    SETTLED = "settled"
    """The customer takes the answer."""
    WITHDRAWN = "withdrawn"
    """The customer no longer complains; `reason` says why."""


_SAYS_WHY = frozenset({ComplaintStep.ANSWERED, ComplaintStep.REJECTED, ComplaintStep.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class ComplaintEvent:
    """One step of a complaint.

    Args:
        complaint: its id.
        at: when, aware.
        step: what happened.
        by: id of who says so.
        reason: the answer, or why; see `ComplaintStep`.
        remedy: what the customer gets, with an answer only; None: nothing beside the answer.

    Raises:
        Refusal: ``complaint.reason_missing``, ``complaint.remedy_not_used``, ``id.malformed``, ``clock.*``.
    """

    complaint: str
    at: datetime
    step: ComplaintStep
    by: str
    reason: str = ""
    remedy: Remedy | None = None

    def __post_init__(self) -> None:
        checked_id(self.complaint)
        checked_id(self.by)
        object.__setattr__(self, "at", utc(self.at))
        if self.step in _SAYS_WHY and not self.reason.strip():
            raise Refusal("complaint.reason_missing", complaint=self.complaint, step=self.step)
        if self.remedy is not None and self.step is not ComplaintStep.ANSWERED:
            raise Refusal("complaint.remedy_not_used", complaint=self.complaint, step=self.step)


class ComplaintState(StrEnum):
    """Where a complaint stands."""

    MADE = "made"
    ACCEPTED = "accepted"
    ANSWERED = "answered"
    REJECTED = "rejected"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"

    @property
    def is_open(self) -> bool:
        """Something is still to be done, by us or by the customer."""
        return self not in {ComplaintState.SETTLED, ComplaintState.WITHDRAWN}


_AFTER: Mapping[ComplaintState, frozenset[ComplaintStep]] = {
    ComplaintState.MADE: frozenset({ComplaintStep.ACCEPTED, ComplaintStep.ANSWERED, ComplaintStep.WITHDRAWN}),
    ComplaintState.ACCEPTED: frozenset({ComplaintStep.ANSWERED, ComplaintStep.WITHDRAWN}),
    ComplaintState.ANSWERED: frozenset(
        {ComplaintStep.REJECTED, ComplaintStep.SETTLED, ComplaintStep.WITHDRAWN}
    ),
    ComplaintState.REJECTED: frozenset({ComplaintStep.ANSWERED, ComplaintStep.WITHDRAWN}),
    ComplaintState.SETTLED: frozenset(),
    ComplaintState.WITHDRAWN: frozenset(),
}


def following(state: ComplaintState, /) -> tuple[ComplaintStep, ...]:
    """Steps that may follow where a complaint stands."""
    return tuple(step for step in ComplaintStep if step in _AFTER[state])


class ComplaintClock(NamedTuple):
    """One of the two clocks of a complaint.

    Args:
        state: running, met, breached, cancelled (withdrawn in time), not promised.
        due_at: when it is due; None: not promised.
        met_at: when it was met; None: not met.
        left_s: seconds left until it is due, negative when late; None: not promised.
    """

    state: State
    due_at: datetime | None = None
    met_at: datetime | None = None
    left_s: int | None = None


class ComplaintStanding(NamedTuple):
    """Where a complaint stands at a moment: its state, its clocks, and the remedies that were granted."""

    state: ComplaintState
    accept: ComplaintClock
    answer: ComplaintClock
    remedies: tuple[Remedy, ...] = ()


def complaint_standing(
    complaint: Complaint,
    events: Iterable[ComplaintEvent],
    scheme: Scheme,
    calendars: Mapping[str, BusinessCalendar],
    now: datetime,
) -> ComplaintStanding:
    """Fold a complaint's events into its state and its two clocks.

    The first answer meets the clock: what the customer says to it is another question, shown by the state.

    Args:
        complaint: the complaint.
        events: its events in order of time (`check_complaint`); later ones than `now` are not yet known.
        scheme: the scheme version it names; without a complaint clause nothing is promised.
        calendars: by id; they take the place of the scheme's own of the same id.
        now: aware.
    """
    state = ComplaintState.MADE
    first: dict[ComplaintStep, datetime] = {}
    remedies = []
    for event in events:
        if event.at > now:
            break
        first.setdefault(event.step, event.at)
        state = ComplaintState(event.step)
        if event.remedy is not None:
            remedies.append(event.remedy)
    answered = first.get(ComplaintStep.ANSWERED)
    accepted = first.get(ComplaintStep.ACCEPTED, answered)
    clause = scheme.complaint
    terms = (None, None) if clause is None else (clause.accept, clause.answer)
    accept, answer = (
        _clock(complaint, term, scheme, calendars, met, first.get(ComplaintStep.WITHDRAWN), now)
        for term, met in zip(terms, (accepted, answered), strict=True)
    )
    return ComplaintStanding(state, accept, answer, tuple(remedies))


def _clock(
    complaint: Complaint,
    term: Term | None,
    scheme: Scheme,
    calendars: Mapping[str, BusinessCalendar],
    met: datetime | None,
    ended: datetime | None,
    now: datetime,
) -> ComplaintClock:
    if term is None or term.promise is not Promise.TIMED:
        return ComplaintClock(State.NOT_PROMISED, met_at=met)
    start_s = epoch_s(complaint.made_at)
    due_s = due_of(term, start_s, scheme, calendars)
    calendar = calendar_of(term, scheme, calendars)
    stop_s = epoch_s(met or ended or now)
    late = stop_s > due_s
    if late:
        state = State.BREACHED
    elif met is not None:
        state = State.MET
    else:
        state = State.RUNNING if ended is None else State.CANCELLED
    left_s = due_s - stop_s if calendar is None else calendar.between_s(stop_s, due_s)
    return ComplaintClock(state, moment_of(due_s), met, left_s)


def check_complaint(complaint: Complaint, events: Iterable[ComplaintEvent], /) -> Iterator[Refusal]:
    """Give what is wrong with a complaint's events in the order they stand.

    Yields:
        ``complaint.of_another``, ``complaint.before_it_was_made``, ``complaint.out_of_order``,
        ``complaint.no_such_move`` (answered after it was settled, settled before an answer, ...).
    """
    state, last_at = ComplaintState.MADE, complaint.made_at
    for event in events:
        if event.complaint != complaint.id:
            yield Refusal("complaint.of_another", complaint=complaint.id, other=event.complaint)
            continue
        said: dict[str, Any] = {
            "complaint": complaint.id,
            "step": str(event.step),
            "at_time": event.at.isoformat(),
        }
        if event.at < complaint.made_at:
            yield Refusal("complaint.before_it_was_made", **said, made=complaint.made_at.isoformat())
        elif event.at < last_at:
            yield Refusal("complaint.out_of_order", **said, after=last_at.isoformat())
        if event.step not in _AFTER[state]:
            yield Refusal("complaint.no_such_move", **said, state=str(state))
        else:
            state = ComplaintState(event.step)
        last_at = max(last_at, event.at)


class ComplaintDue(NamedTuple):
    """What is to be done about an open complaint: the next step and when it is due; None: not promised."""

    complaint: str
    step: ComplaintStep
    due_at: datetime | None


def complaint_due(complaint: str, standing: ComplaintStanding, /) -> ComplaintDue | None:
    """Say what we owe next on a complaint: acceptance, an answer, or nothing while the customer is to speak."""
    match standing.state:
        case ComplaintState.MADE:
            return ComplaintDue(complaint, ComplaintStep.ACCEPTED, standing.accept.due_at)
        case ComplaintState.ACCEPTED | ComplaintState.REJECTED:
            return ComplaintDue(complaint, ComplaintStep.ANSWERED, standing.answer.due_at)
        case _:
            return None
