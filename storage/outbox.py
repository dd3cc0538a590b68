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

from sqlalchemy import ColumnElement, Connection, delete, func, select, update

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
    """Take messages that are due, the longest due first; each counts as tried, and is due again after `hold`.

    What was overtaken while a sender that did not come back had it is ended instead.
    """
    connection, now = work.connection, work.now
    due = (OutboxRow.c.state == OutboxState.WAITING.value) & (OutboxRow.c.next_at <= now)
    over = select(OutboxRow.c.seq, OutboxRow.c.region_id, OutboxRow.c.about).where(
        due, OutboxRow.c.overtaken == 1
    )
    for one in connection.execute(over.order_by(OutboxRow.c.seq).with_for_update(skip_locked=True)).all():
        connection.execute(update(OutboxRow).where(OutboxRow.c.seq == one.seq).values(**_dropped(work)))
        work.record("message.dropped", one.about, message=f"{one.region_id}-{one.seq}")
    # What is overtaken between the two is left to the next turn.
    query = select(OutboxRow).where(due, OutboxRow.c.overtaken == 0)
    query = query.order_by(OutboxRow.c.next_at, OutboxRow.c.seq).limit(most).with_for_update(skip_locked=True)
    rows = connection.execute(query).mappings().all()
    if rows:
        connection.execute(
            update(OutboxRow)
            .where(OutboxRow.c.seq.in_([row["seq"] for row in rows]))
            .values(next_at=now + hold, held_until=now + hold, attempts=OutboxRow.c.attempts + 1)
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
    if _note(work, letter, {"state": OutboxState.DEAD.value, "ended_at": work.now} | _said(why)):
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
    values["overtaken"] = 0
    work.connection.execute(update(OutboxRow).where(OutboxRow.c.seq == seq).values(values))
    work.record("message.again", found.about, message=found.id)


def drop(work: UnitOfWork, seq: int) -> None:
    """Have a message not sent any more; one that a sender holds is his to end, see `unsent`.

    Raises:
        Refusal: ``outbox.unknown``, ``outbox.ended``.
    """
    found = find(work.connection, work.region, seq, lock=True)
    if found.state not in {OutboxState.WAITING, OutboxState.DEAD}:
        raise Refusal("outbox.ended", message=seq, state=found.state.value)
    unsent(work, (OutboxRow.c.region_id == work.region) & (OutboxRow.c.seq == seq))


def not_any_more(work: UnitOfWork, visits: Collection[str], *, kinds: Collection[str]) -> int:
    """Have messages of some kinds about visits not sent that still wait: what they say is no longer so. Gives how many."""
    row = OutboxRow.c
    about = row.body["visit"].as_string().in_(sorted(visits)) & row.body["kind"].as_string().in_(
        sorted(kinds)
    )
    waits = (row.region_id == work.region) & (row.state == OutboxState.WAITING.value)
    return unsent(work, waits & about) if visits else 0


def unsent(work: UnitOfWork, which: ColumnElement[bool]) -> int:
    """Have messages not sent that wait or were given up; one that a sender holds is his to end.

    What a sender holds may have gone out already: it is sent if he says so, and not tried again if he does not.

    Args:
        work: of the command.
        which: condition on rows of the outbox; only these are locked.

    Returns:
        How many were not sent.
    """
    row = OutboxRow.c
    open_ = row.state.in_([OutboxState.WAITING.value, OutboxState.DEAD.value])
    query = select(row.seq, row.region_id, row.about, row.held_until).where(which, open_)
    old = work.connection.execute(query.order_by(row.seq).with_for_update()).all()
    for one in old:
        held = one.held_until is not None and one.held_until > work.now
        values = {"overtaken": 1} if held else _dropped(work)
        work.connection.execute(update(OutboxRow).where(row.seq == one.seq).values(**values))
        if not held:
            work.record("message.dropped", one.about, message=f"{one.region_id}-{one.seq}")
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


def _note(work: UnitOfWork, letter: Letter, values: Mapping[str, Any]) -> bool:
    """Write what became of a try, unless somebody has taken or ended the message since; overtaken, it is tried no more.

    Returns:
        Whether it was written.
    """
    mine = (OutboxRow.c.seq == letter.seq) & (OutboxRow.c.state == OutboxState.WAITING.value)
    mine &= OutboxRow.c.attempts == letter.attempts
    if values.get("state") != OutboxState.SENT.value:
        over = update(OutboxRow).where(mine, OutboxRow.c.overtaken == 1)
        if work.connection.execute(over.values(**_dropped(work))).rowcount:
            work.record("message.dropped", letter.about, message=letter.id)
            return False
    written = update(OutboxRow).where(mine).values(**values, held_until=None)
    return bool(work.connection.execute(written).rowcount)


def _dropped(work: UnitOfWork) -> dict[str, Any]:
    return {"state": OutboxState.DROPPED.value, "ended_at": work.now, "held_until": None}


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
