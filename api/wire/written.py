"""A write asked for over HTTP: one command, one transaction, one effect for each key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from kernel.envelope import Envelope
from kernel.errors import Refusal
from storage.database import Database
from storage.idempotency import Reply, first_at
from storage.unit_of_work import UnitOfWork


def carried_out(database: Database, envelope: Envelope, command: Callable[[UnitOfWork], Reply]) -> Reply:
    """Run a stored command, or give its reply again where its key was used for the same before.

    A request that names no moment means the one it first arrived at: asked again, also at the same time from two
    places, it is held against that moment, so that only a request that says something else is refused.

    Args:
        database: open.
        envelope: of the request.
        command: takes what is said by default, such as when it happened, from its unit of work.

    Raises:
        Refusal: ``database.key_reused`` when the key came with something else, ``database.key_in_flight``;
            whatever the command refuses.
    """
    try:
        return database.run(envelope, command)
    except Refusal as refusal:
        if refusal.code != "database.key_reused":
            raise
        with database.reading() as connection:
            first = first_at(connection, envelope.region, envelope.key)
        if first is None or first == envelope.now:
            raise
        return database.run(replace(envelope, now=first), command)
