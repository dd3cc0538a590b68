"""The service report: what was done, with what, in what time, and who signed for it. A value; the edge prints it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from dispatch.desk.customer import Asset, Customer, Site
from dispatch.desk.history import PartUsed
from dispatch.desk.knowledge import KnowledgeEntry
from dispatch.desk.life import TicketState, state_of
from dispatch.desk.milestone import Severity
from dispatch.desk.practice import AnswerKind, ChecklistItem, Work
from dispatch.desk.ticket import EventKind, Ticket, TicketEvent, sha256_digest
from kernel.clock import utc
from kernel.errors import Refusal
from kernel.ids import checked_id

YES, NO = "yes", "no"
LONGEST_TEXT = 2000
"""Characters of an answer or a name; more does not fit a form."""


@dataclass(frozen=True, slots=True)
class ChecklistAnswer:
    """One item of a ticket's checklist, answered; the last answer to an item holds.

    Args:
        ticket: the ticket's id.
        at: when, aware.
        by: id of who looked.
        item: id of the item.
        value: ``yes`` or ``no``, a number, or words, as the item asks.

    Raises:
        Refusal: ``work_order.answer_empty``, ``work_order.text_too_long``, ``id.malformed``, ``clock.*``.
    """

    ticket: str
    at: datetime
    by: str
    item: str
    value: str

    def __post_init__(self) -> None:
        for text in (self.ticket, self.by, self.item):
            checked_id(text)
        object.__setattr__(self, "at", utc(self.at))
        if not self.value.strip():
            raise Refusal("work_order.answer_empty", ticket=self.ticket, item=self.item)
        _short_enough(self.ticket, self.value)


@dataclass(frozen=True, slots=True)
class Signature:
    """The customer signed for the work.

    Args:
        ticket: the ticket's id.
        at: when, aware.
        by: id of the engineer who held out the form.
        name: who signed, as typed.
        digest: SHA-256 of the signed form.
        remark: what he added; empty: nothing.

    Raises:
        Refusal: ``work_order.name_missing``, ``work_order.text_too_long``, ``ticket.not_a_digest``,
            ``id.malformed``, ``clock.*``.
    """

    ticket: str
    at: datetime
    by: str
    name: str
    digest: str
    remark: str = ""

    def __post_init__(self) -> None:
        checked_id(self.ticket)
        checked_id(self.by)
        sha256_digest(self.digest)
        object.__setattr__(self, "at", utc(self.at))
        if not self.name.strip():
            raise Refusal("work_order.name_missing", ticket=self.ticket)
        _short_enough(self.ticket, self.name + self.remark)


def _short_enough(ticket: str, text: str) -> None:
    if len(text) > LONGEST_TEXT:
        raise Refusal("work_order.text_too_long", ticket=ticket, length=len(text), most=LONGEST_TEXT)


@dataclass(frozen=True, slots=True)
class Times:
    """When things happened; None: they did not. The last of each counts since the ticket was last (re)opened."""

    reported_at: datetime
    travelling_at: datetime | None = None
    arrived_at: datetime | None = None
    repaired_at: datetime | None = None
    left_at: datetime | None = None
    verified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """An item of the checklist and its answer; None: not answered."""

    item: ChecklistItem
    answer: ChecklistAnswer | None


@dataclass(frozen=True, slots=True)
class WorkOrder:
    """The form, for the engineer before the work and for the customer after it.

    Args:
        ticket, state: what was reported, and where it stands.
        customer, site, asset: whose, where, what; `asset` None: no equipment meant.
        engineers: ids of who travelled, worked or left, in order of first appearance.
        times: when things happened.
        waits: (what was waited for, from, to; None: still), in order.
        work: what kind of work it is, None: the desk's practice knows none.
        checklist: every item, answered or not.
        parts: what was fitted, in order of part.
        cause, solution: what it was and what helped; empty: not recorded.
        signature: None: not signed.
    """

    ticket: Ticket
    state: TicketState
    customer: Customer
    site: Site
    asset: Asset | None
    engineers: tuple[str, ...]
    times: Times
    waits: tuple[tuple[str, datetime, datetime | None], ...]
    work: Work | None
    checklist: tuple[Checked, ...]
    parts: tuple[PartUsed, ...]
    cause: str
    solution: str
    signature: Signature | None

    @property
    def severity(self) -> Severity:
        """After every change."""
        return self.state.severity

    @property
    def unanswered(self) -> tuple[ChecklistItem, ...]:
        """Items that must be answered and are not."""
        return tuple(one.item for one in self.checklist if one.answer is None and not one.item.optional)


def work_order(
    ticket: Ticket,
    events: Iterable[TicketEvent],
    now: datetime,
    *,
    customer: Customer,
    site: Site,
    asset: Asset | None,
    work: Work | None = None,
    answers: Iterable[ChecklistAnswer] = (),
    signatures: Iterable[Signature] = (),
    parts: Iterable[PartUsed] = (),
    entry: KnowledgeEntry | None = None,
) -> WorkOrder:
    """Put together what the form says at a moment.

    Args:
        ticket: as reported.
        events: its events in order of time.
        now: aware; later facts are not yet known.
        customer: of the site.
        site: of the ticket.
        asset: of the ticket; None: no equipment meant.
        work: the kind of work, whose checklist is shown (`triage.usual_work`).
        answers: of the ticket, in order of time; the last ones hold. After a reopening only later ones do.
        signatures: the same.
        parts: fitted for the ticket, from stock moves.
        entry: cause and solution.
    """
    known = [event for event in events if event.at <= now]
    since = max((e.at for e in known if e.kind is EventKind.REOPENED), default=ticket.reported_at)
    last = {a.item: a for a in answers if a.ticket == ticket.id and since <= a.at <= now}
    signed = [one for one in signatures if one.ticket == ticket.id and since <= one.at <= now]
    fitted: dict[str, int] = {}
    for used in parts:
        fitted[used.part] = fitted.get(used.part, 0) + used.quantity
    found = entry if entry is not None and since <= entry.at <= now else None
    return WorkOrder(
        ticket=ticket,
        state=state_of(ticket, known, now),
        customer=customer,
        site=site,
        asset=asset,
        engineers=tuple(dict.fromkeys(event.by for event in known if event.kind in _AT_WORK)),
        times=_times(ticket, [event for event in known if event.at >= since]),
        waits=_waits(known),
        work=work,
        checklist=tuple(Checked(item, last.get(item.id)) for item in (work.checklist if work else ())),
        parts=tuple(PartUsed(part, fitted[part]) for part in sorted(fitted)),
        cause=found.cause if found else "",
        solution=found.solution if found else "",
        signature=signed[-1] if signed else None,
    )


_AT_WORK = frozenset({EventKind.TRAVELLING, EventKind.ON_SITE, EventKind.LEFT, EventKind.COLLECTED})


def _times(ticket: Ticket, events: Iterable[TicketEvent]) -> Times:
    last = {event.kind: event.at for event in events}
    return Times(
        ticket.reported_at,
        last.get(EventKind.TRAVELLING),
        last.get(EventKind.ON_SITE),
        last.get(EventKind.REPAIRED) or last.get(EventKind.DELIVERED),
        last.get(EventKind.LEFT),
        last.get(EventKind.VERIFIED),
    )


def _waits(events: Iterable[TicketEvent]) -> tuple[tuple[str, datetime, datetime | None], ...]:
    found: list[tuple[str, datetime, datetime | None]] = []
    for event in events:
        # A wait ends with its end, with the next wait, or with the work.
        ends = event.kind in {EventKind.WAITING, EventKind.RESUMED, EventKind.REPAIRED, EventKind.DELIVERED}
        if found and found[-1][2] is None and (ends or event.kind is EventKind.CANCELLED):
            found[-1] = (*found[-1][:2], event.at)
        if event.kind is EventKind.WAITING:
            found.append((event.value, event.at, None))
    return tuple(found)


def check_answers(answers: Iterable[ChecklistAnswer], work: Work | None, /) -> Iterator[Refusal]:
    """Give what is wrong with answers to a checklist.

    Args:
        answers: of one ticket.
        work: the kind of work it is; None: the desk's practice knows none, so there is nothing to answer.

    Yields:
        ``work_order.unknown_item``, ``work_order.not_yes_or_no``, ``work_order.not_a_number``.
    """
    items = {item.id: item for item in (work.checklist if work else ())}
    for answer in answers:
        item = items.get(answer.item)
        shown = answer.value[:60]
        if item is None:
            known = ", ".join(items) or "-"
            yield Refusal("work_order.unknown_item", ticket=answer.ticket, item=answer.item, known=known)
        elif item.kind is AnswerKind.YES_NO and answer.value not in {YES, NO}:
            yield Refusal("work_order.not_yes_or_no", ticket=answer.ticket, item=answer.item, value=shown)
        elif item.kind is AnswerKind.NUMBER and not _is_number(answer.value):
            yield Refusal("work_order.not_a_number", ticket=answer.ticket, item=answer.item, value=shown)


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def check_signing(order: WorkOrder, signature: Signature, /) -> Iterator[Refusal]:
    """Give what stops a form from being signed.

    Yields:
        ``work_order.nothing_to_sign`` (the work is not done), ``work_order.unanswered`` (with the items left),
        ``work_order.signature_differs`` (the confirmation names another form).
    """
    ticket = order.ticket.id
    if order.times.repaired_at is None or order.times.repaired_at > signature.at:
        yield Refusal("work_order.nothing_to_sign", ticket=ticket)
    if order.unanswered:
        left = ", ".join(item.id for item in order.unanswered)
        yield Refusal("work_order.unanswered", ticket=ticket, items=left)
    if order.state.report and order.state.report != signature.digest:
        yield Refusal("work_order.signature_differs", ticket=ticket)
