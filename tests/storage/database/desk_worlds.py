"""What the desk's tests share: a database with the tiny region in it, and tickets to open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from dispatch.desk.intake import Channel, Report
from dispatch.desk.ticket import EventKind, TicketEvent
from kernel.clock import moment
from kernel.envelope import Envelope
from storage.database import Database, open_database
from storage.dataset.read import read
from storage.desk.intake import DRAFT, take
from storage.desk.tickets import happened
from storage.idempotency import Reply
from storage.rows.region import import_region
from tests.database_builders import envelope
from tests.dataset_builder import crewed

NOW = moment("2026-03-06T08:30+08:00")
REGION = "R1"


def desk(make_url: Callable[[], str], folder: Path, **changed: str) -> Database:
    """A database with the tiny region, described at eight on Friday; `changed` as `crewed` takes it."""
    database = open_database(make_url())
    reading = read(crewed(folder / "tiny", **changed))
    region = reading.region
    assert region is not None
    database.run(head(), lambda work: import_region(work, region, digest=reading.digest))
    return database


def head(key: str = "", *, now: datetime = NOW) -> Envelope:
    """The envelope of a command at the desk."""
    return envelope(key, region=REGION, now=now, actor="desk-1")


def report(**changes: Any) -> Report:
    """A P1 fault at the mill, reported by phone five minutes ago."""
    plain: dict[str, Any] = {
        "id": DRAFT,
        "at": NOW - timedelta(minutes=5),
        "channel": Channel.PHONE,
        "by": "desk-1",
        "asset": "A1",
        "kind": "fault",
        "contract": "K1",
        "severity": "P1",
        "text": "it is dark",
        "contact": "gate 3",
    }
    return Report(**(plain | changes))


def opened(database: Database, key: str = "", **changes: Any) -> Reply:
    """Report one."""
    return database.run(head(key), lambda work: take(work, report(**changes)))


def event(ticket: str, kind: EventKind, *, minutes: int = 0, **changes: Any) -> TicketEvent:
    """Something that happened, `minutes` after now."""
    return TicketEvent(ticket, NOW + timedelta(minutes=minutes), kind, "desk-1", **changes)


def told(
    database: Database, what: TicketEvent, *, version: int | None = None, key: str = "", later: int = 60
) -> Reply:
    """Write an event down, `later` minutes after now."""
    return database.run(
        head(key, now=NOW + timedelta(minutes=later)), lambda work: happened(work, what, version=version)
    )
