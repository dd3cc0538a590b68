"""Sign-ins tried in vain: counted by name and by address, over all processes, so that guessing is slow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select

from storage.people.turn import take_turn
from storage.tables.people import FailedSignInRow
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Throttle:
    """How many tries are too many.

    Args:
        window: looked back over.
        of_name: tries with one name in the window.
        of_address: tries from one address in the window.
    """

    window: timedelta = timedelta(minutes=15)
    of_name: int = 10
    of_address: int = 50


def begin_try(work: UnitOfWork, *, name_digest: str, address: str, throttle: Throttle) -> timedelta | None:
    """Count a try as failed before it is looked at, so that a hundred at once are a hundred.

    Returns:
        How long to wait when there were too many; None: go on, and `forget_tries` when it succeeds.
    """
    take_turn(work)
    since = work.now - throttle.window
    row = FailedSignInRow.c
    for column, value, most in (
        (row.name_digest, name_digest, throttle.of_name),
        (row.address, address, throttle.of_address),
    ):
        query = select(row.at).where(column == value, row.at > since).order_by(row.at.desc())
        tried: list[datetime] = list(work.connection.execute(query.limit(most)).scalars())
        if len(tried) >= most:
            return max(tried[-1] + throttle.window - work.now, timedelta(seconds=1))
    work.connection.execute(
        insert(FailedSignInRow).values(name_digest=name_digest, address=address, at=work.now)
    )
    return None


def forget_tries(work: UnitOfWork, *, name_digest: str) -> None:
    """The name's owner has come: what was tried with it counts no more against him."""
    work.connection.execute(delete(FailedSignInRow).where(FailedSignInRow.c.name_digest == name_digest))


def forget_old_tries(work: UnitOfWork, *, before: datetime) -> int:
    """Remove what no throttle looks at; gives how many."""
    old = FailedSignInRow.c.at < before
    gone = int(
        work.connection.execute(select(func.count()).select_from(FailedSignInRow).where(old)).scalar() or 0
    )
    work.connection.execute(delete(FailedSignInRow).where(old))
    return gone
