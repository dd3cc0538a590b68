"""One key, one effect: the reply of a command is kept and given again when the command arrives again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from kernel.errors import Refusal
from storage.appended import QUEUE, queue
from storage.missing import insert_missing, ready_unless_there
from storage.ready import Asked, Ready, answers, foreseen, short_ones, write
from storage.tables.command import KeyRow
from storage.texts import check_writable
from storage.unit_of_work import UnitOfWork

Reply = dict[str, Any]
"""What a command answers, in plain JSON values."""


def once(
    work: UnitOfWork,
    command: str,
    content: Mapping[str, Any],
    act: Callable[[], Reply],
    *,
    queued: bool = False,
    ahead: Sequence[Asked] = (),
) -> Reply:
    """Do `act` the first time, give its reply again every other time.

    A second command with the same key waits for the first to commit; when the first is refused or fails nothing
    of it is left and the key is free again.

    Args:
        work: the unit of work; its key counts within its region.
        command: dotted name.
        content: what was asked for, in plain JSON values; the same key with other content is refused.
        act: does it.
        queued: it runs when every other command that queues in the region is done, see `storage.appended.queue`; on
            PostgreSQL the key and the turn are one way there and back.
        ahead: what `act` is going to ask, before it writes what would change the answer: on PostgreSQL asked in the same way.

    Raises:
        Refusal: ``database.key_reused``, ``database.key_in_flight``, ``database.unwritable_text``; those of `queue`;
            whatever `act` refuses.
    """
    check_writable(content)
    told = json.dumps([command, content], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    row = {
        "region_id": work.region,
        "key": work.key,
        "command": command,
        "digest": hashlib.sha256(told.encode()).hexdigest(),
        "actor": work.actor,
        "at": work.now,
        "reply": None,
    }
    here = {"in_region": work.region, "of_key": work.key}
    if not _is_first(work, row, ahead, queued=queued):
        known = _KNOWN.row(work.connection, here)
        assert known is not None
        if known[0] != row["digest"]:
            raise Refusal("database.key_reused", key=work.key)
        if known[1] is None:
            raise Refusal("database.key_in_flight", key=work.key)
        reply: Reply = json.loads(known[1])
        return reply
    reply = act()
    kept = json.dumps(reply, ensure_ascii=False, separators=(",", ":"))
    write(work.connection, [(_ANSWERED, here | {"answer": kept})])
    return reply


def _is_first(work: UnitOfWork, row: dict[str, Any], ahead: Sequence[Asked], *, queued: bool) -> bool:
    """Take the key, and the turn with it; no: it was taken before."""
    connection = work.connection
    if connection.dialect.name != "postgresql":
        made = bool(insert_missing(connection, KeyRow, [row]))
        if made and queued:
            queue(work)
        return made
    turn: list[Asked] = [(QUEUE, {"in_region": work.region})] if queued else []
    ahead = short_ones(ahead)
    taken, *found = answers(connection, [(ready_unless_there(KeyRow), row), *turn, *ahead])
    if queued and not found.pop(0).rows:
        raise Refusal("region.unknown", region=work.region)
    foreseen(connection, ahead, found)
    return taken.count == 1


def answered(connection: Connection, region: str, key: str) -> Reply | None:
    """The answer a key was given, whatever it asked for; None: it was not used, or its command is still at work."""
    known = _KNOWN.row(connection, {"in_region": region, "of_key": key})
    if known is None or known[1] is None:
        return None
    reply: Reply = json.loads(known[1])
    return reply


def first_at(connection: Connection, region: str, key: str) -> datetime | None:
    """The moment a key was first used at; None: it was not. Who asks again without a moment means that one."""
    mine = (KeyRow.c.region_id == region) & (KeyRow.c.key == key)
    return connection.execute(select(KeyRow.c.at).where(mine)).scalar()


# Built once: putting a statement together costs as much as running it.
_HERE = (KeyRow.c.region_id == bindparam("in_region")) & (KeyRow.c.key == bindparam("of_key"))
_KNOWN = Ready(select(KeyRow.c.digest, KeyRow.c.reply).where(_HERE))
_ANSWERED = Ready(update(KeyRow).where(_HERE).values(reply=bindparam("answer")))
