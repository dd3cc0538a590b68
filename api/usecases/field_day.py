"""A day that is shown: its engineers say what the plan in force has them do, as if they had a phone each.

Nobody works in an invented region. Left alone, its plan would be late a minute more every minute.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from api.usecases.in_force import Posed
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.event import TicketHappened
from dispatch.progress import InForce, as_planned
from kernel.clock import Clock
from kernel.envelope import Envelope
from kernel.errors import Refusal, Refused
from storage.database import Database
from storage.desk.tickets import happened

SAID = frozenset(
    {EventKind.TRAVELLING, EventKind.ON_SITE, EventKind.REPAIRED, EventKind.LEFT, EventKind.DELIVERED}
)
"""What an engineer says by himself of a visit that goes as it should."""

EVERY_S = 15.0


def reported(
    database: Database, posed: Posed, region: str, *, since: datetime, until: datetime
) -> tuple[TicketEvent, ...]:
    """Write down what engineers have done by the plan that was in force at `since`; gives what was written.

    What cannot be true any more, because somebody said otherwise meanwhile, is left out.
    """
    going = posed.of(database, region, now=since)
    written = []
    for event in _said(InForce(going.board, going.problem, going.plan), until=until):
        key = f"field-{event.kind.value}-{event.at:%m%dT%H%M%S}-{event.by}"[:64]
        head = Envelope(event.by, "field", until, key, region)
        try:
            database.run(head, lambda work, event=event: happened(work, event))  # type: ignore[misc]
        except (Refusal, Refused):
            continue
        written.append(event)
    return tuple(written)


def _said(going: InForce, *, until: datetime) -> Iterator[TicketEvent]:
    crew = {one.id for one in going.board.region.field.engineers}
    for _, event in as_planned(going, until=until):
        if isinstance(event, TicketHappened) and event.event.kind in SAID and event.event.by in crew:
            yield event.event


@dataclass
class FieldDay:
    """Has the engineers of a region say what they do, until it is left.

    Args:
        database, posed, region: what is shown.
        clock: of the day.
    """

    database: Database
    posed: Posed
    region: str
    clock: Clock
    _left: threading.Event = field(default_factory=threading.Event)

    def leave(self) -> None:
        """End after what is under way."""
        self._left.set()

    def until_left(self) -> None:
        """Go on until `leave`."""
        since = self.clock.now()
        while not self._left.wait(EVERY_S):
            until = self.clock.now()
            try:
                reported(self.database, self.posed, self.region, since=since, until=until)
            except (Refusal, Refused):
                continue  # a region that cannot be posed now is tried again from the same moment
            since = until
