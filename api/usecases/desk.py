"""The desk as it stands: every ticket with its stage, its clocks and what is to be asked; from a folder or a database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from api.usecases.triaged import Triaged, triage_of
from dispatch.desk.attachment import Attachment
from dispatch.desk.clock import ClockState, State, clocks
from dispatch.desk.intake import Assessment, Directory, Report, assess, known_of
from dispatch.desk.knowledge import Offer, offered
from dispatch.desk.life import AT_THE_DESK, OVER, Stage, TicketState, state_of
from dispatch.desk.milestone import Milestone, Severity
from dispatch.desk.scheme import Scheme
from dispatch.desk.ticket import EventKind, Ticket, TicketEvent
from dispatch.desk.visit import Visit
from dispatch.region import Region, schemes_of
from kernel.calendars import BusinessCalendar
from kernel.errors import Refusal
from kernel.ids import natural_key

SAID_AT_WORK = frozenset(
    {
        EventKind.ACCEPTED,
        EventKind.TRAVELLING,
        EventKind.ON_SITE,
        EventKind.WAITING,
        EventKind.RESUMED,
        EventKind.FORECAST_FINISH,
        EventKind.PART_NEEDED,
        EventKind.LOANER_IN_PLACE,
        EventKind.COLLECTED,
        EventKind.TESTED,
        EventKind.RETURNED,
        EventKind.REPAIRED,
        EventKind.DELIVERED,
        EventKind.LEFT,
    }
)
"""What engineers say of their own work; everything else about a ticket is the desk's to say."""

_PLACE = {one: place for place, one in enumerate(Milestone)}


@dataclass(frozen=True, slots=True)
class Seen:
    """One ticket at a moment.

    Args:
        ticket: as reported; `events`: what happened to it.
        scheme: the version it keeps.
        state: where it stands.
        clocks: by milestone.
        customer: whose it is.
        visits: trips asked for.
        attachments: files with it.
        offers: what helped before; only where asked for.
        triage: where to begin; only where asked for, and until somebody has begun.
    """

    ticket: Ticket
    events: tuple[TicketEvent, ...]
    scheme: Scheme
    state: TicketState
    clocks: Mapping[Milestone, ClockState]
    customer: str
    visits: tuple[Visit, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    offers: tuple[Offer, ...] = ()
    triage: Triaged | None = None

    @property
    def next_due(self) -> ClockState | None:
        """The open clock that runs out first; None: none has a time."""
        timed = [one for one in self.clocks.values() if one.is_open and one.due_s is not None]
        return min(timed, key=lambda one: (one.due_s or 0, _PLACE[one.milestone]), default=None)

    @property
    def is_over(self) -> bool:
        """Nothing is left to be done for the customer's fault."""
        return self.state.stage in OVER


@dataclass(frozen=True, slots=True)
class Asking:
    """A report that is no ticket yet, what is still to be asked or why it cannot be one, and the files with it."""

    report: Report
    found: Assessment | Refusal
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tickets to list; what is empty leaves none out.

    Args:
        stages, severities: words of `Stage` and `Severity`.
        site, customer, asset, scheme: ids.
        waiting: only those that wait for something.
        breached: only those with an open promise that is broken.
        within: only those whose next promise runs out within this time.
        over: those that are over as well.
    """

    stages: frozenset[str] = frozenset()
    severities: frozenset[str] = frozenset()
    site: str = ""
    customer: str = ""
    asset: str = ""
    scheme: str = ""
    waiting: bool = False
    breached: bool = False
    within: timedelta | None = None
    over: bool = False

    def takes(self, seen: Seen, now: datetime, /) -> bool:
        """Say whether a ticket is listed."""
        state = seen.state
        alike = (
            (self.site, seen.ticket.site),
            (self.customer, seen.customer),
            (self.asset, seen.ticket.asset),
            (self.scheme, seen.ticket.scheme),
        )
        return (
            (self.over or not seen.is_over or bool(self.stages))
            and (not self.stages or state.stage in self.stages)
            and (not self.severities or state.severity in self.severities)
            and all(not asked or asked == there for asked, there in alike)
            and (not self.waiting or state.waiting is not None)
            and (
                not self.breached
                or any(one.is_open and one.state is State.BREACHED for one in seen.clocks.values())
            )
            and (self.within is None or _runs_out(seen.next_due, now + self.within))
        )


def _runs_out(due: ClockState | None, by: datetime) -> bool:
    return due is not None and due.due_at is not None and due.due_at <= by


@dataclass(frozen=True)
class Desk:
    """What the desk looks at.

    Args:
        region: as read.
        now: what happened later is not yet known.
    """

    region: Region
    now: datetime
    _events: Mapping[str, tuple[TicketEvent, ...]] = field(init=False)
    _customers: Mapping[str, str] = field(init=False)
    _calendars: Mapping[str, BusinessCalendar] = field(init=False)
    _schemes: Mapping[tuple[str, str], Scheme] = field(init=False)

    def __post_init__(self) -> None:
        work = self.region.field
        by_ticket: dict[str, list[TicketEvent]] = {}
        for event in sorted(work.ticket_events, key=lambda one: one.at):
            by_ticket.setdefault(event.ticket, []).append(event)
        object.__setattr__(self, "_events", {name: tuple(of) for name, of in by_ticket.items()})
        object.__setattr__(self, "_customers", {one.id: one.customer for one in work.sites})
        object.__setattr__(self, "_calendars", {one.id: one for one in work.calendars})
        object.__setattr__(self, "_schemes", schemes_of(work))

    def listed(self, wanted: Wanted, /, *, sort: str = "due") -> tuple[Seen, ...]:
        """Tickets wanted, sorted by ``due``, ``reported``, ``severity`` or ``number``."""
        seen = [one for one in map(self._seen, self._known()) if wanted.takes(one, self.now)]
        return tuple(sorted(seen, key=_ORDER[sort]))

    def asking(self) -> tuple[Asking, ...]:
        """Reports that are no ticket yet, in the order they came."""
        work = self.region.field
        opened = {one.id for one in work.tickets} | {one.ticket for one in work.closed_tickets}
        directory = Directory.of(work.sites, work.assets, work.contracts, self._schemes)
        found = []
        for report in work.reports:
            if report.id in opened or report.at > self.now:
                continue
            mine = [one for one in work.answers if one.report == report.id]
            learnt = known_of(report, mine, self.now)
            files = tuple(one for one in work.attachments if one.ticket == report.id)
            try:
                assessed: Assessment | Refusal = assess(learnt, directory)
            except Refusal as refusal:
                # One report that contradicts itself hides none of the others.
                assessed = refusal
            found.append(Asking(learnt, assessed, files))
        return tuple(found)

    def shown(self, number: str, /) -> Seen | Asking:
        """One ticket with everything beside it, or one report.

        Raises:
            Refusal: ``desk.unknown_ticket``.
        """
        for ticket in self._known():
            if ticket.id == number:
                return self._whole(ticket)
        for one in self.asking():
            if one.report.id == number:
                return one
        raise Refusal("desk.unknown_ticket", ticket=number[:64])

    def _known(self) -> Iterable[Ticket]:
        return (one for one in self.region.field.tickets if one.reported_at <= self.now)

    def _seen(self, ticket: Ticket) -> Seen:
        scheme = self._schemes[ticket.scheme, ticket.version]
        events = self._events.get(ticket.id, ())
        return Seen(
            ticket,
            tuple(one for one in events if one.at <= self.now),
            scheme,
            state_of(ticket, events, self.now),
            clocks(ticket, events, scheme, self._calendars, self.now),
            self._customers.get(ticket.site, ""),
        )

    def _whole(self, ticket: Ticket) -> Seen:
        work, seen = self.region.field, self._seen(ticket)
        asset = next((one for one in work.assets if one.id == ticket.asset), None)
        return Seen(
            seen.ticket,
            seen.events,
            seen.scheme,
            seen.state,
            seen.clocks,
            seen.customer,
            visits=tuple(one for one in work.visits if one.ticket == ticket.id),
            attachments=tuple(one for one in work.attachments if one.ticket == ticket.id),
            offers=offered(
                (one for one in work.knowledge if one.at <= self.now and one.ticket != ticket.id),
                model=asset.model if asset is not None else "",
                symptom=ticket.symptom,
                most=3,
            ),
            triage=self._triage(seen),
        )

    def _triage(self, seen: Seen) -> Triaged | None:
        state = seen.state
        if state.way is not None or state.remote is not None or state.stage not in _NOT_BEGUN:
            return None
        return triage_of(self.region, seen.ticket, seen.scheme, now=self.now, events=self._events)


_NOT_BEGUN = frozenset((*AT_THE_DESK, Stage.PLANNED))


def _by_due(one: Seen) -> tuple[object, ...]:
    due = one.next_due
    return (due is None, due.due_s if due is not None else 0, natural_key(one.ticket.id))


_ORDER = {
    "due": _by_due,
    "reported": lambda one: (one.ticket.reported_at, natural_key(one.ticket.id)),
    "severity": lambda one: (list(Severity).index(one.state.severity), *_by_due(one)),
    "number": lambda one: natural_key(one.ticket.id),
}
SORTS = tuple(_ORDER)
"""Ways to sort a list of tickets."""
