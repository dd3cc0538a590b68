"""Tickets and what happens to them: one value, then events that are only ever added."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from dispatch.desk.milestone import Milestone, Severity, TicketKind, Wait
from kernel.clock import moment, utc
from kernel.errors import Refusal
from kernel.ids import checked_id
from kernel.interval import Interval
from kernel.timetable import epoch_s


class EventKind(StrEnum):
    """What happened. Which of them may follow which is one table: `life.MOVES`."""

    REPORTED = "reported"
    ACKNOWLEDGED = "acknowledged"
    RESPONDED = "responded"
    TRIAGED = "triaged"
    """It is known what to do first; `value` is where (`Way`), or empty."""
    REMOTE_TRIED = "remote_tried"
    """Help was tried from afar; `value` is the outcome: `solved` or `not_solved`."""
    ARRANGED = "arranged"
    """A person and a time are fixed: the ticket is planned."""
    PROPOSED = "proposed"
    AGREED = "agreed"
    """The customer agreed to what was proposed."""
    TOLD = "told"
    """The customer was told a time: `value` is the moment, a blank and who was told."""
    TIME_ASKED = "time_asked"
    """The customer asks for another time: `value` is from when, a blank and until when; `reason` are the words."""
    ACCEPTED = "accepted"
    """The engineer has seen the visit and goes to it."""
    TRAVELLING = "travelling"
    ON_SITE = "on_site"
    WAITING = "waiting"
    """Work stops; `value` is the wait (part, customer, access), `reason` says why. Ends any other wait."""
    RESUMED = "resumed"
    FORECAST_FINISH = "forecast_finish"
    """The engineer's word for when the repair will be done: `value` is the moment."""
    PART_NEEDED = "part_needed"
    """The engineer finds that a part is needed: `value` is the part, a blank and how many."""
    PART_SHORT = "part_short"
    """The store cannot stage a part for the visit: `value` is the part, a blank and how many are missing."""
    LOANER_IN_PLACE = "loaner_in_place"
    COLLECTED = "collected"
    """The unit leaves the customer for the workshop."""
    TESTED = "tested"
    """The unit passed its test in the workshop."""
    RETURNED = "returned"
    """The unit stands at the customer's again."""
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
    """The customer says that it works; `value` is the digest of the signed service report, or empty."""
    CLOSED = "closed"
    """`reason` says why, where the customer did not verify."""
    SURVEYED = "surveyed"
    """The customer answered the survey; the score is the survey's own fact."""
    FOLLOWED_UP = "followed_up"
    """Somebody asked later whether the fault stayed away."""
    CANCELLED = "cancelled"
    """The customer needs it no more; `reason` says why."""
    REOPENED = "reopened"
    """It does not work after all, or is needed after all; `reason` says why."""


NEEDS_REASON = frozenset(
    {EventKind.WAITING, EventKind.SEVERITY_CHANGED, EventKind.CANCELLED, EventKind.REOPENED}
)


class Way(StrEnum):
    """Where a ticket is worked on."""

    REMOTE = "remote"
    ON_SITE = "on_site"
    WORKSHOP = "workshop"


class RemoteOutcome(StrEnum):
    """What came of helping from afar."""

    SOLVED = "solved"
    NOT_SOLVED = "not_solved"


MOST_UNITS = 10_000
"""More of one part than this is a slip of the pen."""
_SHA256 = re.compile(r"[0-9a-f]{64}")


def sha256_digest(text: str, /) -> str:
    """Return `text` if it is a SHA-256 digest in 64 lower-case hexadecimal digits.

    Raises:
        Refusal: ``ticket.not_a_digest``.
    """
    if not _SHA256.fullmatch(text):
        raise Refusal("ticket.not_a_digest", value=text[:80])
    return text


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
            ``ticket.unknown_way``, ``ticket.unknown_outcome``, ``ticket.not_a_customer_time``,
            ``ticket.not_a_part_needed``, ``ticket.not_a_time_told``, ``ticket.not_a_time_asked``, ``ticket.not_a_digest``,
            ``ticket.value_not_used``, ``clock.*``, ``id.malformed``.
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
    at_s: int = field(init=False, default=0, compare=False, repr=False)
    """`at` in whole seconds since 1970, counted once: the clocks of a hundred thousand tickets ask for it."""

    def __post_init__(self) -> None:
        checked_id(self.ticket)
        checked_id(self.by)
        if self.visit:
            checked_id(self.visit)
        object.__setattr__(self, "at", utc(self.at))
        object.__setattr__(self, "at_s", epoch_s(self.at))
        if self.kind in NEEDS_REASON and not self.reason.strip():
            raise Refusal("ticket.reason_missing", ticket=self.ticket, event=self.kind)
        match self.kind:
            case EventKind.WAITING:
                if self.value not in set(Wait):
                    raise Refusal("ticket.unknown_wait", ticket=self.ticket, value=self.value[:40])
            case EventKind.SEVERITY_CHANGED:
                if self.value not in set(Severity):
                    raise Refusal("ticket.unknown_severity", ticket=self.ticket, value=self.value[:40])
            case EventKind.TRIAGED:
                if self.value not in {"", *Way}:
                    raise Refusal("ticket.unknown_way", ticket=self.ticket, value=self.value[:40])
            case EventKind.REMOTE_TRIED:
                if self.value not in set(RemoteOutcome):
                    raise Refusal("ticket.unknown_outcome", ticket=self.ticket, value=self.value[:40])
            case EventKind.CUSTOMER_SET:
                object.__setattr__(self, "set_due", self._customer_time())
            case EventKind.FORECAST_FINISH:
                moment(self.value)
            case EventKind.PART_NEEDED | EventKind.PART_SHORT:
                _ = self.part_needed
            case EventKind.TOLD:
                _ = self.time_told
            case EventKind.TIME_ASKED:
                _ = self.time_asked
            case EventKind.VERIFIED:
                if self.value:
                    sha256_digest(self.value)
            case _ if self.value:
                raise Refusal(
                    "ticket.value_not_used", ticket=self.ticket, event=self.kind, value=self.value[:40]
                )

    @property
    def part_needed(self) -> tuple[str, int]:
        """For `PART_NEEDED` and `PART_SHORT`: the part and how many.

        Raises:
            Refusal: ``ticket.not_a_part_needed``, ``id.malformed``.
        """
        part, _, number = self.value.partition(" ")
        # Read as a number only where it is written in few plain digits.
        if not (number.isascii() and number.isdigit() and len(number) < 9 and 1 <= int(number) <= MOST_UNITS):
            raise Refusal(
                "ticket.not_a_part_needed", ticket=self.ticket, value=self.value[:60], most=MOST_UNITS
            )
        return checked_id(part), int(number)

    @property
    def time_told(self) -> tuple[datetime, str]:
        """For `TOLD`: the time the customer was told, and who was told.

        Raises:
            Refusal: ``ticket.not_a_time_told``, ``clock.*``.
        """
        when, _, whom = self.value.partition(" ")
        if not whom.strip():
            raise Refusal("ticket.not_a_time_told", ticket=self.ticket, value=self.value[:60])
        return moment(when), whom.strip()

    @property
    def time_asked(self) -> Interval:
        """For `TIME_ASKED`: when the customer would like the visit to begin.

        Raises:
            Refusal: ``ticket.not_a_time_asked``, ``interval.ends_before_start``, ``clock.*``.
        """
        start, _, end = self.value.partition(" ")
        if not end:
            raise Refusal("ticket.not_a_time_asked", ticket=self.ticket, value=self.value[:60])
        return Interval(moment(start), moment(end))

    def _customer_time(self) -> tuple[Milestone, datetime]:
        name, _, when = self.value.partition(" ")
        if name not in set(Milestone) or not when:
            raise Refusal("ticket.not_a_customer_time", ticket=self.ticket, value=self.value[:60])
        return Milestone(name), moment(when)
