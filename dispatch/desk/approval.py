"""Approvals: who asked for what, who may decide, what was decided. Nobody decides his own request, nor twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from dispatch.desk.practice import ApprovalKind, DeskRole, Practice
from kernel.clock import utc
from kernel.errors import Refusal
from kernel.ids import checked_id, natural_key
from kernel.money import from_cents


class ApprovalStep(StrEnum):
    """What happened to a request."""

    REQUESTED = "requested"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    """Whoever asked needs it no more."""


@dataclass(frozen=True, slots=True)
class ApprovalEvent:
    """One step of a request.

    Args:
        id: of the request; its later steps carry the same.
        ticket: the ticket it is for.
        at: when, aware.
        by: id of who says so.
        step: what happened.
        kind, cents: for `REQUESTED`: what is asked for, and its price in cents of the region's currency; else None.
        role: for a decision: the role it is made in; else None.
        reason: why; needed for `REQUESTED`, `DECLINED` and `WITHDRAWN`.

    Raises:
        Refusal: ``approval.reason_missing``, ``approval.request_incomplete``, ``approval.decision_incomplete``,
            ``approval.value_not_used``, ``id.malformed``, ``clock.*``.
    """

    id: str
    ticket: str
    at: datetime
    by: str
    step: ApprovalStep
    kind: ApprovalKind | None = None
    cents: int | None = None
    role: DeskRole | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        for text in (self.id, self.ticket, self.by):
            checked_id(text)
        object.__setattr__(self, "at", utc(self.at))
        asks = self.step is ApprovalStep.REQUESTED
        decides = self.step in {ApprovalStep.APPROVED, ApprovalStep.DECLINED}
        if asks and (self.kind is None or self.cents is None or self.cents < 0):
            raise Refusal("approval.request_incomplete", approval=self.id)
        if decides and self.role is None:
            raise Refusal("approval.decision_incomplete", approval=self.id)
        if (not asks and (self.kind is not None or self.cents is not None)) or (not decides and self.role):
            raise Refusal("approval.value_not_used", approval=self.id, step=self.step)
        if self.step is not ApprovalStep.APPROVED and not self.reason.strip():
            raise Refusal("approval.reason_missing", approval=self.id, step=self.step)


@dataclass(frozen=True, slots=True)
class Approval:
    """A request as it stands.

    Args:
        id, ticket, kind, cents, reason: as asked for.
        asked_at, asked_by: when and by whom.
        step: the last one; `REQUESTED`: nobody has decided.
        decided_at, decided_by, role: of the decision or withdrawal; None and empty: none.
        answer: its reason.
    """

    id: str
    ticket: str
    kind: ApprovalKind
    cents: int
    reason: str
    asked_at: datetime
    asked_by: str
    step: ApprovalStep = ApprovalStep.REQUESTED
    decided_at: datetime | None = None
    decided_by: str = ""
    role: DeskRole | None = None
    answer: str = ""

    @property
    def is_open(self) -> bool:
        """Nobody has decided."""
        return self.step is ApprovalStep.REQUESTED


def is_needed(kind: ApprovalKind, cents: int, practice: Practice, /) -> bool:
    """Say whether somebody has to approve something of this price."""
    return cents >= practice.free_below[kind]


def may_decide(kind: ApprovalKind, cents: int, practice: Practice, /) -> tuple[DeskRole, ...]:
    """Give the roles that may decide, from the bottom up; none: it is above everybody's limit."""
    return tuple(role for role, limit in practice.limits[kind].items() if cents <= limit)


def approvals(events: Iterable[ApprovalEvent], now: datetime, /) -> dict[str, Approval]:
    """Fold the steps up to `now` into requests by id; steps that cannot follow change nothing (`check_approvals`)."""
    found: dict[str, Approval] = {}
    for event in events:
        if event.at > now:
            break
        found |= _after(found, event)
    return found


def _after(known: dict[str, Approval], event: ApprovalEvent) -> dict[str, Approval]:
    request = known.get(event.id)
    if request is None:
        if event.kind is None or event.cents is None:
            return {}
        asked = (event.id, event.ticket, event.kind, event.cents, event.reason)
        return {event.id: Approval(*asked, event.at, event.by)}
    if not request.is_open or event.step is ApprovalStep.REQUESTED:
        return {}
    decided = replace(
        request,
        step=event.step,
        decided_at=event.at,
        decided_by=event.by,
        role=event.role,
        answer=event.reason,
    )
    return {event.id: decided}


def inbox(
    events: Iterable[ApprovalEvent], practice: Practice, now: datetime, *, role: DeskRole, person: str
) -> tuple[Approval, ...]:
    """List the open requests that somebody may decide in a role, oldest first; his own are not among them."""
    waiting = [
        one
        for one in approvals(events, now).values()
        if one.is_open and one.asked_by != person and role in may_decide(one.kind, one.cents, practice)
    ]
    return tuple(sorted(waiting, key=lambda one: (one.asked_at, natural_key(one.id))))


def check_approvals(events: Iterable[ApprovalEvent], practice: Practice, /) -> Iterator[Refusal]:
    """Give what is wrong with approval steps in the order they stand.

    Args:
        events: of any requests, in order of time.
        practice: says who may decide what.

    Yields:
        ``approval.asked_twice``, ``approval.not_needed``, ``approval.above_all_limits``, ``approval.not_asked``,
        ``approval.other_ticket``, ``approval.events_out_of_order``, ``approval.decided_already``,
        ``approval.own_request``, ``approval.not_his_to_withdraw``, ``approval.role_may_not``.
    """
    known: dict[str, Approval] = {}
    last_at: datetime | None = None
    for event in events:
        flaw = _flaw(known, event, practice)
        if last_at is not None and event.at < last_at:
            yield Refusal("approval.events_out_of_order", approval=event.id, at_time=event.at.isoformat())
        elif flaw is not None:
            yield flaw
        else:
            known |= _after(known, event)
        last_at = max(last_at or event.at, event.at)


def _flaw(known: dict[str, Approval], event: ApprovalEvent, practice: Practice) -> Refusal | None:
    request = known.get(event.id)
    if event.kind is not None and event.cents is not None:
        return _flaw_of_request(request, event, event.kind, event.cents, practice)
    if request is None:
        return Refusal("approval.not_asked", approval=event.id)
    if request.ticket != event.ticket:
        return Refusal(
            "approval.other_ticket", approval=event.id, ticket=event.ticket, asked_for=request.ticket
        )
    if not request.is_open:
        return Refusal("approval.decided_already", approval=event.id, step=request.step)
    if event.step is ApprovalStep.WITHDRAWN:
        if event.by != request.asked_by:
            return Refusal("approval.not_his_to_withdraw", approval=event.id, asked_by=request.asked_by)
        return None
    if event.by == request.asked_by:
        return Refusal("approval.own_request", approval=event.id, by=event.by)
    may = may_decide(request.kind, request.cents, practice)
    if event.role not in may:
        return Refusal(
            "approval.role_may_not",
            approval=event.id,
            role=event.role or "",
            kind=request.kind,
            price=str(from_cents(request.cents)),
            may=", ".join(may),
        )
    return None


def _flaw_of_request(
    request: Approval | None, event: ApprovalEvent, kind: ApprovalKind, cents: int, practice: Practice
) -> Refusal | None:
    if request is not None:
        return Refusal("approval.asked_twice", approval=event.id)
    if not is_needed(kind, cents, practice):
        below = str(from_cents(practice.free_below[kind]))
        return Refusal("approval.not_needed", approval=event.id, kind=kind, below=below)
    if not may_decide(kind, cents, practice):
        highest = str(from_cents(max(practice.limits[kind].values())))
        return Refusal("approval.above_all_limits", approval=event.id, kind=kind, highest=highest)
    return None
