"""Tickets and what happens to them: one value, then events that are only ever added."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from dispatch.desk.milestone import Milestone, Promise, Severity, Wait
from dispatch.desk.scheme import Scheme
from kernel.clock import moment, utc
from kernel.errors import Refusal
from kernel.ids import checked_id


class TicketKind(StrEnum):
    """What the customer asks for."""

    FAULT = "fault"
    INSTALLATION = "installation"
    PREVENTIVE = "preventive"
    TRAINING = "training"
    ADVICE = "advice"
    RETURN = "return"


class EventKind(StrEnum):
    """What happened."""

    REPORTED = "reported"
    ACKNOWLEDGED = "acknowledged"
    RESPONDED = "responded"
    ARRANGED = "arranged"
    PROPOSED = "proposed"
    TRAVELLING = "travelling"
    ON_SITE = "on_site"
    WAITING = "waiting"
    """Work stops; `value` is the wait (part, customer, access), `reason` says why. Ends any other wait."""
    RESUMED = "resumed"
    FORECAST_FINISH = "forecast_finish"
    """The engineer's word for when the repair will be done: `value` is the moment."""
    LOANER_IN_PLACE = "loaner_in_place"
    LEFT = "left"
    """The engineer left the site: his part of the visit is done for now, the ticket need not be.

    The rest of a crew works on, and what is longer than a shift goes on in a later one.
    """
    REPAIRED = "repaired"
    DELIVERED = "delivered"
    SEVERITY_CHANGED = "severity_changed"
    """`value` is the new severity, `reason` says why."""
    CUSTOMER_SET = "customer_set"
    """The customer names a time: `value` is the milestone, a blank and the moment."""
    VERIFIED = "verified"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    """The customer needs it no more; `reason` says why."""


NEEDS_REASON = frozenset({EventKind.WAITING, EventKind.SEVERITY_CHANGED, EventKind.CANCELLED})


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a customer reported.

    Args:
        id, site, asset: ids; `asset` is empty where no equipment is meant.
        scheme, version: the scheme version the ticket was opened under, and keeps.
        severity: at the report; later changes are events.
        kind: what is asked for.
        reported_at: aware.
        symptom: code of the symptom; `text`: the customer's words.
        contract: id of the contract it falls under; empty: none.
        remote: the site lies in a remote area, where a scheme may promise less.

    Raises:
        Refusal: ``id.malformed``, ``clock.naive_time``.
    """

    id: str
    site: str
    asset: str
    scheme: str
    version: str
    severity: Severity
    kind: TicketKind
    reported_at: datetime
    symptom: str = ""
    text: str = ""
    contract: str = ""
    remote: bool = False

    def __post_init__(self) -> None:
        for text in (self.id, self.site, self.scheme, self.version):
            checked_id(text)
        object.__setattr__(self, "reported_at", utc(self.reported_at))


@dataclass(frozen=True, slots=True)
class TicketEvent:
    """One step of a ticket's life, with its time, person and reason.

    Args:
        ticket: the ticket's id.
        at: when it happened, aware.
        kind: what happened.
        by: id of who says so.
        reason: why; required where `NEEDS_REASON` says so.
        value: what the kind needs (see `EventKind`), else empty.
        visit: the visit it is about, by its id; empty: the ticket's only one, or the first that is not done.

    Raises:
        Refusal: ``ticket.reason_missing``, ``ticket.unknown_wait``, ``ticket.unknown_severity``,
            ``ticket.not_a_customer_time``, ``ticket.value_not_used``, ``clock.*``, ``id.malformed``.
    """

    ticket: str
    at: datetime
    kind: EventKind
    by: str
    reason: str = ""
    value: str = ""
    visit: str = ""
    set_due: tuple[Milestone, datetime] | None = field(init=False, default=None, compare=False, repr=False)
    """For `CUSTOMER_SET`: what `value` says, read once."""

    def __post_init__(self) -> None:
        checked_id(self.ticket)
        checked_id(self.by)
        if self.visit:
            checked_id(self.visit)
        object.__setattr__(self, "at", utc(self.at))
        if self.kind in NEEDS_REASON and not self.reason.strip():
            raise Refusal("ticket.reason_missing", ticket=self.ticket, event=self.kind)
        match self.kind:
            case EventKind.WAITING:
                if self.value not in set(Wait):
                    raise Refusal("ticket.unknown_wait", ticket=self.ticket, value=self.value[:40])
            case EventKind.SEVERITY_CHANGED:
                if self.value not in set(Severity):
                    raise Refusal("ticket.unknown_severity", ticket=self.ticket, value=self.value[:40])
            case EventKind.CUSTOMER_SET:
                object.__setattr__(self, "set_due", self._customer_time())
            case EventKind.FORECAST_FINISH:
                moment(self.value)
            case _ if self.value:
                raise Refusal(
                    "ticket.value_not_used", ticket=self.ticket, event=self.kind, value=self.value[:40]
                )

    def _customer_time(self) -> tuple[Milestone, datetime]:
        name, _, when = self.value.partition(" ")
        if name not in set(Milestone) or not when:
            raise Refusal("ticket.not_a_customer_time", ticket=self.ticket, value=self.value[:60])
        return Milestone(name), moment(when)


def check_history(ticket: Ticket, events: Iterable[TicketEvent], scheme: Scheme, /) -> Iterator[Refusal]:
    """Give what is wrong with a ticket's events in the order they stand; a checked history folds as it reads.

    Yields:
        ``ticket.other_tickets_event``, ``ticket.event_before_report``, ``ticket.events_out_of_order``,
        ``ticket.not_waiting`` (resumed without a wait), ``ticket.event_after_end`` (closed or cancelled),
        ``ticket.reported_twice``, ``ticket.not_set_by_customer`` (the scheme lets the customer set no time for
        this milestone).
    """
    last_at, waiting, ended = ticket.reported_at, False, False
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
            after = last_at.isoformat()
            yield Refusal("ticket.events_out_of_order", ticket=ticket.id, event=kind, at_time=at, after=after)
        elif ended:
            yield Refusal("ticket.event_after_end", ticket=ticket.id, event=kind, at_time=at)
        last_at = max(last_at, event.at)
        match event.kind:
            case EventKind.REPORTED if event.at != ticket.reported_at:
                yield Refusal("ticket.reported_twice", ticket=ticket.id, at_time=at, reported=reported)
            case EventKind.WAITING:
                waiting = True
            case EventKind.RESUMED:
                if not waiting:
                    yield Refusal("ticket.not_waiting", ticket=ticket.id, at_time=at)
                waiting = False
            case EventKind.CLOSED | EventKind.CANCELLED:
                ended = True
            case EventKind.CUSTOMER_SET if event.set_due is not None:
                milestone = event.set_due[0]
                terms = scheme.milestones.get(milestone, {})
                if all(term.promise is not Promise.CUSTOMER_SET for term in terms.values()):
                    yield Refusal(
                        "ticket.not_set_by_customer", ticket=ticket.id, milestone=milestone, scheme=scheme.id
                    )
