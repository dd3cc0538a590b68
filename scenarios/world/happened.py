"""Inventing what has happened to an open ticket so far: answered, arranged, visited, waiting, agreed."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from dispatch.desk.milestone import Milestone, Severity, Wait
from dispatch.desk.scheme_file import builtin_schemes
from dispatch.desk.ticket import EventKind, Ticket, TicketEvent
from kernel.clock import zone
from scenarios.world.crew import area_of_engineer, engineer_id
from scenarios.world.spec import Spec
from scenarios.world.streams import pick
from scenarios.world.towns import Area

DESK = "desk"


class _Story:
    """Events of one ticket, written in order, none later than now."""

    def __init__(self, ticket: Ticket, now: datetime) -> None:
        self._ticket = ticket
        self._now = now
        self.at = ticket.reported_at
        self.events: list[TicketEvent] = []

    def add(
        self, after_min: float, kind: EventKind, *, by: str = DESK, reason: str = "", value: str = ""
    ) -> bool:
        """Let `kind` happen some minutes after the last step; say whether that is in the past."""
        at = self.at + timedelta(minutes=round(after_min))
        if at > self._now:
            return False
        self.at = at
        self.events.append(TicketEvent(self._ticket.id, at, kind, by, reason, value))
        return True


def local_text(at: datetime, tz: ZoneInfo) -> str:
    """A moment as people of the region write it, with its offset, to the minute."""
    return at.astimezone(tz).isoformat(timespec="minutes")


def first_engineer(spec: Spec, area: Area) -> str:
    """Code of an engineer of the area who does not change when the crew grows; the desk where it has none."""
    codes = [one.code for one in area_of_engineer(spec)]
    return engineer_id(codes.index(area.code)) if area.code in codes else DESK


def events_of(
    spec: Spec,
    rng: np.random.Generator,
    ticket: Ticket,
    *,
    area: Area,
    before: bool,
    customer_due: datetime | None,
) -> tuple[TicketEvent, ...]:
    """What has happened to a field ticket.

    Args:
        spec: of the region.
        rng: the ticket's own chance.
        ticket: the ticket.
        area: where its site lies.
        before: an engineer has been there and found a part missing.
        customer_due: the time the customer set for the arrival, or None.
    """
    story = _Story(ticket, spec.as_of)
    tz = zone(spec.zone)
    slow = rng.random() < 0.05
    story.add(rng.uniform(2, 12), EventKind.ACKNOWLEDGED)
    if not story.add(rng.uniform(100, 200) if slow else rng.uniform(8, 60), EventKind.RESPONDED):
        return tuple(story.events)
    if builtin_schemes()[ticket.scheme, ticket.version].handling.solution_agreed:
        # Nobody is sent before the customer agreed; fixed minutes, so that no other chance moves.
        story.add(10, EventKind.PROPOSED)
        story.add(5, EventKind.AGREED)
    if rng.random() < 0.06:
        worse = Severity.P2 if ticket.severity in {Severity.P3, Severity.P4} else Severity.P1
        if worse is not ticket.severity:
            story.add(
                rng.uniform(5, 20), EventKind.SEVERITY_CHANGED, reason="stands still now", value=worse.value
            )
    if customer_due is not None:
        value = f"{Milestone.ARRIVE.value} {local_text(customer_due, tz)}"
        story.add(rng.uniform(3, 15), EventKind.CUSTOMER_SET, value=value)
    if before:
        engineer = first_engineer(spec, area)
        story.add(rng.uniform(5, 30), EventKind.ARRANGED)
        story.add(rng.uniform(5, 20), EventKind.TRAVELLING, by=engineer)
        story.add(rng.uniform(25, 80), EventKind.ON_SITE, by=engineer)
        story.add(
            rng.uniform(25, 60),
            EventKind.WAITING,
            by=engineer,
            reason="part not in the van",
            value=Wait.PART.value,
        )
        return tuple(story.events)
    if ticket.scheme == "field-2-4-24":
        story.add(rng.uniform(5, 45), EventKind.ARRANGED)
        return tuple(story.events)
    if rng.random() < 0.12:
        wait = pick(rng, (Wait.CUSTOMER, Wait.ACCESS), (3, 2))
        reason = (
            "customer to choose a time"
            if wait is Wait.CUSTOMER
            else "site closed until the gate pass is there"
        )
        waiting = story.add(rng.uniform(20, 240), EventKind.WAITING, reason=reason, value=wait.value)
        if waiting and rng.random() < 0.7:
            story.add(rng.uniform(30, 300), EventKind.RESUMED)
    return tuple(story.events)


def remote_events(spec: Spec, rng: np.random.Generator, ticket: Ticket) -> tuple[TicketEvent, ...]:
    """What has happened to a remote ticket: answered mostly in time, some with a proposal, some waiting."""
    story = _Story(ticket, spec.as_of)
    story.add(rng.uniform(1, 14) if rng.random() < 0.96 else rng.uniform(16, 40), EventKind.ACKNOWLEDGED)
    answer_min = {Severity.P1: 18, Severity.P2: 40, Severity.P3: 45, Severity.P4: 300}[ticket.severity]
    if not story.add(rng.uniform(0.2, 1.0) * answer_min, EventKind.RESPONDED):
        return tuple(story.events)
    if rng.random() < 0.5:
        story.add(rng.uniform(30, 240), EventKind.PROPOSED)
        if rng.random() < 0.35:
            story.add(
                rng.uniform(10, 90),
                EventKind.WAITING,
                reason="customer to try the proposal",
                value=Wait.CUSTOMER.value,
            )
    return tuple(story.events)
