"""The outbox: messages wait here until they are sent, each at least once, under a number that stays the same.

A command writes its messages in its own transaction (`UnitOfWork.send`). Whoever sends takes a few that are due by
putting their `next_at` ahead: nobody else takes them meanwhile, and when the sender dies they are due again. What the
receiver has got, is said afterwards; when that word is lost the message goes out a second time with the same id.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from kernel.errors import Refusal
from storage.tables.outbox import OutboxRow, OutboxState
from storage.unit_of_work import UnitOfWork

DETAIL = 500
"""Characters kept of why a message was not taken."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as it stands in the outbox; `id` is the same however often it is sent."""

    seq: int
    region: str
    topic: str
    about: str
    body: Mapping[str, Any]
    at: datetime
    state: OutboxState
    next_at: datetime
    attempts: int
    error_code: str
    error_detail: str

    @property
    def id(self) -> str:
        """What the receiver knows it by."""
        return f"{self.region}-{self.seq}"


def take_due(work: UnitOfWork, *, most: int, hold: timedelta) -> tuple[Letter, ...]:
    """Take messages that are due, the longest due first; each counts as tried, and is due again after `hold`."""
    connection, now = work.connection, work.now
    query = select(OutboxRow).where(
        OutboxRow.c.state == OutboxState.WAITING.value, OutboxRow.c.next_at <= now
    )
    query = query.order_by(OutboxRow.c.next_at, OutboxRow.c.seq).limit(most).with_for_update(skip_locked=True)
    rows = connection.execute(query).mappings().all()
    if rows:
        connection.execute(
            update(OutboxRow)
            .where(OutboxRow.c.seq.in_([row["seq"] for row in rows]))
            .values(next_at=now + hold, attempts=OutboxRow.c.attempts + 1)
        )
    return tuple(_letter({**row, "attempts": row["attempts"] + 1, "next_at": now + hold}) for row in rows)


def sent(work: UnitOfWork, letter: Letter) -> None:
    """Note that the receiver has taken it."""
    _note(
        work,
        letter,
        {"state": OutboxState.SENT.value, "ended_at": work.now, "error_code": "", "error_detail": ""},
    )


def later(work: UnitOfWork, letter: Letter, *, at: datetime, why: Refusal | None) -> None:
    """Let it wait until `at`; without a reason (quiet hours) this try does not count."""
    values: dict[str, Any] = {"next_at": at}
    if why is None:
        values["attempts"] = letter.attempts - 1
    _note(work, letter, values | (_said(why) if why is not None else {}))


def give_up(work: UnitOfWork, letter: Letter, why: Refusal) -> None:
    """Put it aside: it is tried no more until somebody sends it again."""
    _note(work, letter, {"state": OutboxState.DEAD.value, "ended_at": work.now} | _said(why))
    work.record("message.dead", letter.about, message=letter.id, code=why.code)


def send_again(work: UnitOfWork, seq: int) -> None:
    """Have a message that was given up tried anew, now.

    Raises:
        Refusal: ``outbox.unknown``, ``outbox.not_dead``.
    """
    found = find(work.connection, work.region, seq, lock=True)
    if found.state is not OutboxState.DEAD:
        raise Refusal("outbox.not_dead", message=seq, state=found.state.value)
    values = {"state": OutboxState.WAITING.value, "ended_at": None, "attempts": 0, "next_at": work.now}
    work.connection.execute(update(OutboxRow).where(OutboxRow.c.seq == seq).values(values))
    work.record("message.again", found.about, message=found.id)


def drop(work: UnitOfWork, seq: int) -> None:
    """Have a message not sent any more.

    Raises:
        Refusal: ``outbox.unknown``, ``outbox.ended``.
    """
    found = find(work.connection, work.region, seq, lock=True)
    if found.state not in {OutboxState.WAITING, OutboxState.DEAD}:
        raise Refusal("outbox.ended", message=seq, state=found.state.value)
    values = {"state": OutboxState.DROPPED.value, "ended_at": work.now}
    work.connection.execute(update(OutboxRow).where(OutboxRow.c.seq == seq).values(values))
    work.record("message.dropped", found.about, message=found.id)


def not_any_more(work: UnitOfWork, visits: Collection[str], *, kinds: Collection[str]) -> int:
    """Have messages of some kinds about visits not sent that still wait: what they say is no longer so. Gives how many."""
    row = OutboxRow.c
    waits = (row.region_id == work.region) & (row.state == OutboxState.WAITING.value)
    query = select(row.seq, row.about, row.body).where(waits).order_by(row.seq).with_for_update()
    old = [
        (seq, about)
        for seq, about, body in work.connection.execute(query)
        if body.get("visit") in visits and body.get("kind") in kinds
    ]
    for seq, about in old:
        values = {"state": OutboxState.DROPPED.value, "ended_at": work.now}
        work.connection.execute(update(OutboxRow).where(row.seq == seq).values(values))
        work.record("message.dropped", about, message=f"{work.region}-{seq}")
    return len(old)


def untried(work: UnitOfWork, abouts: Collection[str]) -> list[tuple[str, Mapping[str, Any]]]:
    """Messages about some tickets or engineers that wait and were never taken up, kept from senders until the commit."""
    if not abouts:
        return []
    row = OutboxRow.c
    here = (row.region_id == work.region) & (row.state == OutboxState.WAITING.value) & (row.attempts == 0)
    query = select(row.about, row.body).where(here, row.about.in_(sorted(abouts))).order_by(row.seq)
    return [(about, body) for about, body in work.connection.execute(query.with_for_update())]


def find(connection: Connection, region: str, seq: int, *, lock: bool = False) -> Letter:
    """Read a message.

    Raises:
        Refusal: ``outbox.unknown``.
    """
    query = select(OutboxRow).where(OutboxRow.c.region_id == region, OutboxRow.c.seq == seq)
    row = connection.execute(query.with_for_update() if lock else query).mappings().first()
    if row is None:
        raise Refusal("outbox.unknown", message=seq, region=region)
    return _letter(row)


def letters(
    connection: Connection,
    region: str,
    *,
    state: OutboxState | None = None,
    before: int | None = None,
    most: int = 50,
) -> tuple[Letter, ...]:
    """Messages of a region, newest first; those with a smaller number than `before`."""
    query = select(OutboxRow).where(OutboxRow.c.region_id == region)
    if state is not None:
        query = query.where(OutboxRow.c.state == state.value)
    if before is not None:
        query = query.where(OutboxRow.c.seq < before)
    rows = connection.execute(query.order_by(OutboxRow.c.seq.desc()).limit(most)).mappings()
    return tuple(_letter(row) for row in rows)


def counts(connection: Connection, *, now: datetime) -> dict[str, int]:
    """How many are due, and how many were given up."""
    due = (OutboxRow.c.state == OutboxState.WAITING.value) & (OutboxRow.c.next_at <= now)
    dead = OutboxRow.c.state == OutboxState.DEAD.value
    return {
        name: connection.execute(select(func.count()).select_from(OutboxRow).where(where)).scalar_one()
        for name, where in (("waiting", due), ("dead", dead))
    }


def forget_sent(connection: Connection, *, before: datetime) -> int:
    """Remove messages that ended before a moment; they hold addresses of people. Gives how many went."""
    old = (OutboxRow.c.ended_at < before) & OutboxRow.c.state.in_(
        [OutboxState.SENT.value, OutboxState.DROPPED.value]
    )
    return connection.execute(delete(OutboxRow).where(old)).rowcount


def _note(work: UnitOfWork, letter: Letter, values: Mapping[str, Any]) -> None:
    """Write what became of a try, unless somebody has taken or ended the message since."""
    mine = (OutboxRow.c.seq == letter.seq) & (OutboxRow.c.state == OutboxState.WAITING.value)
    mine &= OutboxRow.c.attempts == letter.attempts
    work.connection.execute(update(OutboxRow).where(mine).values(**values))


def _said(why: Refusal) -> dict[str, str]:
    detail = ", ".join(f"{name}={value}" for name, value in why.message.params.items())
    return {"error_code": why.code[:80], "error_detail": detail[:DETAIL]}


def _letter(row: Mapping[Any, Any]) -> Letter:
    return Letter(
        seq=row["seq"],
        region=row["region_id"],
        topic=row["topic"],
        about=row["about"],
        body=row["body"],
        at=row["at"],
        state=OutboxState(row["state"]),
        next_at=row["next_at"],
        attempts=row["attempts"],
        error_code=row["error_code"],
        error_detail=row["error_detail"],
    )
