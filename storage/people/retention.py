"""What is kept no longer than it is needed: old positions, ended sessions, keys and links, failed sign-ins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, Table, delete, or_

from storage.people.tries import forget_old_tries
from storage.tables.crew import PositionRow
from storage.tables.people import ApiKeyRow, InvitationRow, SessionRow, TicketLinkRow
from storage.unit_of_work import UnitOfWork

TRIES_KEPT = timedelta(days=1)
"""Longer than any throttle looks back."""


@dataclass(frozen=True, slots=True)
class Kept:
    """How long what is kept.

    Args:
        positions: where engineers were; the last one of each goes too, as it says nothing any more.
        credentials: sessions, keys, links and invitations after their end.
    """

    positions: timedelta
    credentials: timedelta


def forget_old(work: UnitOfWork, kept: Kept) -> dict[str, int]:
    """Remove what has been kept for long enough, in every region; gives rows by table."""
    old = work.now - kept.credentials
    done = {"failed_sign_in": forget_old_tries(work, before=work.now - TRIES_KEPT)}
    done["engineer_position"] = _remove(work, PositionRow, PositionRow.c.at < work.now - kept.positions)
    for table in (SessionRow, ApiKeyRow, TicketLinkRow):
        done[table.name] = _remove(work, table, or_(table.c.ends_at < old, table.c.closed_at < old))
    done["invitation"] = _remove(work, InvitationRow, InvitationRow.c.ends_at < old)
    if any(done.values()):
        work.record("person.forget_old", "", rows=done)
    return done


def _remove(work: UnitOfWork, table: Table, where: ColumnElement[bool]) -> int:
    return work.connection.execute(delete(table).where(where)).rowcount
