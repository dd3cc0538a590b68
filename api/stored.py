"""The door to a database for every command and route: opened, checked to be of this version, closed again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from kernel.clock import SystemClock
from kernel.envelope import Envelope
from storage.database import Database, open_database
from storage.engine import CONNECTIONS
from storage.migration import check_at_head, migrate, revision_of

_NOT_IN_IDS = re.compile(r"[^A-Za-z0-9._/+-]")


def envelope(region: str, key: str, *, device: str = "cli") -> Envelope:
    """The envelope of a command of this process, at the machine's time; `key` is made a usable id.

    Raises:
        Refusal: ``id.malformed`` for the region's id.
    """
    return Envelope("operator", device, SystemClock().now(), _NOT_IN_IDS.sub("-", key)[:64], region)


@contextmanager
def opened(url: str, *, fresh: bool = False, connections: int = CONNECTIONS) -> Iterator[Database]:
    """Open a database whose tables are of this version.

    Args:
        url: see `storage.database.open_database`.
        fresh: a database without tables gets them first, a file that is not there is made.
        connections: as `storage.database.open_database`.

    Raises:
        Refusal: ``database.*``.
    """
    database = open_database(url, fresh=fresh, connections=connections)
    try:
        if fresh:
            with database.reading() as connection:
                empty = not revision_of(connection)
            if empty:
                migrate(database, envelope("none", "migrate"))
        check_at_head(database)
        yield database
    finally:
        database.close()
