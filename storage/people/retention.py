"""What is kept no longer than it is needed: old positions, ended sessions, keys and links, failed sign-ins, reports of imports, replies to writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, delete, func, or_, select

from kernel.envelope import NO_REGION
from storage.people.tries import forget_old_tries
from storage.tables.command import KeyRow
from storage.tables.crew import PositionRow
from storage.tables.people import ApiKeyRow, InvitationRow, SessionRow, TicketLinkRow
from storage.tables.run import RunFileRow, RunRow
from storage.unit_of_work import UnitOfWork

TRIES_KEPT = timedelta(days=1)
"""Longer than any throttle looks back."""


@dataclass(frozen=True, slots=True)
class Kept:
    """How long what is kept.

    Args:
        positions: where engineers were; the last one of each goes too, as it says nothing any more.
        credentials: sessions, keys, links and invitations after their end, and the reports of imports.
        replies: to writes, for who sends them again.
    """

    positions: timedelta
    credentials: timedelta
    replies: timedelta


def forget_old(work: UnitOfWork, kept: Kept) -> dict[str, int]:
    """Remove what has been kept for long enough, in every region; gives rows by table."""
    old = work.now - kept.credentials
    done = {"failed_sign_in": forget_old_tries(work, before=work.now - TRIES_KEPT)}
    done["engineer_position"] = _remove(work, PositionRow, PositionRow.c.at < work.now - kept.positions)
    for table in (SessionRow, ApiKeyRow, TicketLinkRow):
        done[table.name] = _remove(work, table, or_(table.c.ends_at < old, table.c.closed_at < old))
    # What an upload was refused for quotes its cells, and those may name somebody.
    imports = select(RunRow.c.id).where(RunRow.c.region_id == NO_REGION, RunRow.c.ended_at < old)
    uploaded = (RunFileRow.c.region_id == NO_REGION) & RunFileRow.c.run_id.in_(imports)
    done["run_file"] = _remove(work, RunFileRow, uploaded)
    done["invitation"] = _remove(work, InvitationRow, InvitationRow.c.ends_at < old)
    if any(done.values()):
        work.record("person.forget_old", "", rows=done)
    return done


REPLIES_AT_ONCE = 20_000
"""Replies forgotten in one transaction: other writers wait no longer than for these."""


def forget_replies(work: UnitOfWork, *, before: datetime, most: int = REPLIES_AT_ONCE) -> int:
    """Forget the oldest replies to writes that came before a moment; gives how many, 0 when none is left.

    A write sent again under a key that was forgotten is a new write.
    """
    old = select(KeyRow.c.at).where(KeyRow.c.at < before).order_by(KeyRow.c.at).limit(most).subquery()
    until = work.connection.execute(select(func.max(old.c.at))).scalar()
    if until is None:
        return 0
    gone = _remove(work, KeyRow, KeyRow.c.at <= until)
    work.record("person.forget_replies", "", rows=gone)
    return gone


def forget_ways_back(work: UnitOfWork, *, before: datetime) -> int:
    """Remove what was noted of sign-ins through the company that began before a moment; gives how many."""
    key = KeyRow.c.key
    noted = (
        (KeyRow.c.region_id == NO_REGION) & (key >= "company-") & (key < "company.")
    )  # one reach of the key's index
    return _remove(work, KeyRow, noted & (KeyRow.c.command == "session.company") & (KeyRow.c.at < before))


def _remove(work: UnitOfWork, table: Table, where: ColumnElement[bool]) -> int:
    return work.connection.execute(delete(table).where(where)).rowcount
