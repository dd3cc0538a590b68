"""One key, one effect: the reply of a command is kept and given again when the command arrives again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from kernel.errors import Refusal
from storage.missing import insert_missing
from storage.tables.command import KeyRow
from storage.texts import check_writable
from storage.unit_of_work import UnitOfWork

Reply = dict[str, Any]
"""What a command answers, in plain JSON values."""


def once(work: UnitOfWork, command: str, content: Mapping[str, Any], act: Callable[[], Reply]) -> Reply:
    """Do `act` the first time, give its reply again every other time.

    A second command with the same key waits for the first to commit; when the first is refused or fails nothing
    of it is left and the key is free again.

    Args:
        work: the unit of work; its key counts within its region.
        command: dotted name.
        content: what was asked for, in plain JSON values; the same key with other content is refused.
        act: does it.

    Raises:
        Refusal: ``database.key_reused``, ``database.key_in_flight``, ``database.unwritable_text``; whatever `act` refuses.
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
    if not insert_missing(work.connection, KeyRow, [row]):
        known = work.connection.execute(_KNOWN, here).one()
        if known.digest != row["digest"]:
            raise Refusal("database.key_reused", key=work.key)
        if known.reply is None:
            raise Refusal("database.key_in_flight", key=work.key)
        reply: Reply = json.loads(known.reply)
        return reply
    reply = act()
    kept = json.dumps(reply, ensure_ascii=False, separators=(",", ":"))
    work.later.append((_ANSWERED, here | {"answer": kept}))
    return reply


def answered(connection: Connection, region: str, key: str) -> Reply | None:
    """The answer a key was given, whatever it asked for; None: it was not used, or its command is still at work."""
    known = connection.execute(_KNOWN, {"in_region": region, "of_key": key}).one_or_none()
    if known is None or known.reply is None:
        return None
    reply: Reply = json.loads(known.reply)
    return reply


def first_at(connection: Connection, region: str, key: str) -> datetime | None:
    """The moment a key was first used at; None: it was not. Who asks again without a moment means that one."""
    mine = (KeyRow.c.region_id == region) & (KeyRow.c.key == key)
    return connection.execute(select(KeyRow.c.at).where(mine)).scalar()


# Built once: putting a statement together costs as much as running it.
_HERE = (KeyRow.c.region_id == bindparam("in_region")) & (KeyRow.c.key == bindparam("of_key"))
_KNOWN = select(KeyRow.c.digest, KeyRow.c.reply).where(_HERE)
_ANSWERED = update(KeyRow).where(_HERE).values(reply=bindparam("answer"))
