"""One command, one transaction: what every write carries and where it writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from kernel.envelope import Envelope
from storage.audit import Entry
from storage.tables.outbox import OutboxRow


@dataclass(frozen=True, slots=True)
class UnitOfWork:
    """An open transaction with the envelope of its command; the edge that opened it commits or rolls back.

    Args:
        connection: inside a write transaction.
        envelope: who, from where, when, once, in which region.
        entries: what was done, see `record`.
    """

    connection: Connection
    envelope: Envelope
    entries: list[Entry] = field(default_factory=list)

    @property
    def actor(self) -> str:
        """Who acts."""
        return self.envelope.actor

    @property
    def device(self) -> str:
        """From what device or process."""
        return self.envelope.device

    @property
    def now(self) -> datetime:
        """The moment the command is taken as given at."""
        return self.envelope.now

    @property
    def key(self) -> str:
        """The idempotency key."""
        return self.envelope.key

    @property
    def region(self) -> str:
        """The service region."""
        return self.envelope.region

    def record(self, action: str, about: str, **facts: Any) -> None:
        """Note what was done; written to the audit chain as the last thing before the commit."""
        self.entries.append(Entry(action, about, facts))

    def send(self, topic: str, about: str, body: Mapping[str, Any]) -> None:
        """Leave a message in the outbox: it is sent after the commit, and only then."""
        self.connection.execute(
            insert(OutboxRow).values(
                region_id=self.region,
                topic=topic,
                about=about[:80],
                body=dict(body),
                actor=self.actor,
                key=self.key,
                at=self.now,
                next_at=self.now,
            )
        )
