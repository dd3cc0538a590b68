"""The audit chain: who did what when, append-only, each row holding the hash of the one before it.

A region has `LANES` chains, so that writers on PostgreSQL do not all wait for one row; a command goes to the lane
its key names. The head of each lane is a row of its own: the lock to append, and what shows a tail cut off.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import (
    Connection,
    Engine,
    RowMapping,
    Text,
    bindparam,
    cast,
    func,
    insert,
    literal_column,
    select,
    update,
)

from kernel.envelope import Envelope
from storage.missing import insert_missing, ready_unless_there
from storage.ready import COMMITTED, Ready, Write, write
from storage.tables.command import AuditHeadRow, AuditRow

LANES = 8
"""Chains of a region."""

START = "0" * 64
"""What the first row of a lane holds as the hash of the one before it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something a command did.

    Args:
        action: dotted, like ``stock.issue``.
        about: id of what it was done to.
        facts: what a reader needs to know, as plain JSON values.
    """

    action: str
    about: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Break:
    """The first row of a lane that does not follow from the one before it; `number` 0: the lane's head."""

    region: str
    lane: int
    number: int


# Built once: putting a statement together costs as much as running it.
_HERE = (AuditHeadRow.c.region_id == bindparam("in_region")) & (AuditHeadRow.c.lane == bindparam("of_lane"))
_HEAD = select(AuditHeadRow.c.number, AuditHeadRow.c.hash).where(_HERE).with_for_update()
_MOVE_HEAD = Ready(
    update(AuditHeadRow).where(_HERE).values(number=bindparam("last"), hash=bindparam("last_hash"))
)
_INSERT = Ready(insert(AuditRow))


def _chained() -> Ready:
    """An entry behind the last of its lane, in one statement: PostgreSQL puts number and hash of the one before into what is hashed.

    A lane without a head gives no number, and the row refuses that.
    """
    head = _HEAD.cte("head")
    before, between = bindparam("before", type_=Text()), bindparam("between", type_=Text())
    number = head.c.number + 1
    told = before + cast(number, Text()) + between + head.c.hash + literal_column("'\"]'", Text())
    digest = func.encode(func.sha256(func.convert_to(told, "UTF8")), "hex")
    moved = (
        update(AuditHeadRow)
        .where(_HERE)
        .values(number=number, hash=digest)
        .returning(AuditHeadRow.c.number, AuditHeadRow.c.hash, head.c.hash.label("previous"))
        .cte("moved")
    )
    one = select(literal_column("1")).subquery("one")
    given = [bindparam(f"its_{name}", type_=AuditRow.c[name].type) for name in _GIVEN]
    row = select(*given, moved.c.number, moved.c.previous, moved.c.hash)
    row = row.select_from(one.outerjoin(moved, literal_column("true")))
    return Ready(insert(AuditRow).from_select([*_GIVEN, "number", "previous", "hash"], row).inline())


_GIVEN = ("region_id", "lane", "at", "actor", "device", "key", "action", "about", "facts")
_CHAINED = _chained()

_BEGUN: WeakKeyDictionary[Engine, set[tuple[str, int]]] = WeakKeyDictionary()
"""Lanes known to have a head: it stays, unless another database is put in the place of this one (`forget_heads`)."""


def forget_heads(engine: Engine) -> None:
    """Begin each lane anew where it has no head; called where a commit is refused, which a lane without one does."""
    _BEGUN.pop(engine, None)


def append(connection: Connection, envelope: Envelope, entries: Sequence[Entry]) -> None:
    """Append entries to the lane of the envelope's key; the last thing a command does, on PostgreSQL sent with the commit.

    Args:
        connection: inside a write transaction.
        envelope: of the command.
        entries: what it did.
    """
    if not entries:
        return
    lane = zlib.crc32(envelope.key.encode()) % LANES
    if connection.dialect.name == "postgresql":
        write(connection, _chain(connection, envelope, lane, entries))
        return
    here = {"in_region": envelope.region, "of_lane": lane}
    number, previous = _head(connection, here)
    rows = _links(envelope, lane, entries, number=number, previous=previous)
    moved = here | {"last": rows[-1]["number"], "last_hash": rows[-1]["hash"]}
    write(connection, [(_INSERT, rows), (_MOVE_HEAD, moved)])


def _chain(connection: Connection, envelope: Envelope, lane: int, entries: Sequence[Entry]) -> list[Write]:
    """The writes that append entries, without asking where their lane ends."""
    begun = _BEGUN.setdefault(connection.engine, set())
    writes: list[Write] = []
    if (envelope.region, lane) not in begun:
        first = {"region_id": envelope.region, "lane": lane, "number": 0, "hash": START}
        writes.append((ready_unless_there(AuditHeadRow), first))
        connection.info.setdefault(COMMITTED, []).append(lambda: begun.add((envelope.region, lane)))
    for entry in entries:
        row = _row(envelope, lane, entry)
        fields = _fields(row | {"number": 0, "previous": ""})
        asked = {
            "in_region": envelope.region,
            "of_lane": lane,
            "before": _written(fields[:2])[:-1] + ",",
            "between": "," + _written(fields[3:-1])[1:-1] + ',"',
        }
        writes.append((_CHAINED, asked | {f"its_{name}": row[name] for name in _GIVEN}))
    return writes


def _head(connection: Connection, here: dict[str, Any]) -> tuple[int, str]:
    """The number and hash of the head of a lane."""
    found = connection.execute(_HEAD, here).one_or_none()
    if found is None:
        first = {"region_id": here["in_region"], "lane": here["of_lane"], "number": 0, "hash": START}
        insert_missing(connection, AuditHeadRow, [first])
        return 0, START
    return found[0], found[1]


def _links(
    envelope: Envelope, lane: int, entries: Sequence[Entry], *, number: int, previous: str
) -> list[dict[str, Any]]:
    rows = []
    for entry in entries:
        number += 1
        row = _row(envelope, lane, entry) | {"number": number, "previous": previous}
        previous = row["hash"] = digest(row)
        rows.append(row)
    return rows


def _row(envelope: Envelope, lane: int, entry: Entry) -> dict[str, Any]:
    """What an entry says by itself."""
    return {
        "region_id": envelope.region,
        "lane": lane,
        "at": envelope.now,
        "actor": envelope.actor,
        "device": envelope.device,
        "key": envelope.key,
        "action": entry.action,
        "about": entry.about[:80],
        "facts": json.dumps(dict(entry.facts), sort_keys=True, ensure_ascii=False, separators=(",", ":")),
    }


def digest(row: Mapping[str, Any] | RowMapping) -> str:
    """The hash of an audit row: SHA-256 over its fields and the hash before it, as a JSON list."""
    return hashlib.sha256(_written(_fields(row)).encode()).hexdigest()


def _fields(row: Mapping[str, Any] | RowMapping) -> list[Any]:
    at: datetime = row["at"]
    fields = [row["region_id"], row["lane"], row["number"], at.isoformat(timespec="microseconds")]
    return fields + [row[name] for name in ("actor", "device", "key", "action", "about", "facts", "previous")]


def _written(fields: list[Any]) -> str:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def revision(connection: Connection, region: str) -> int:
    """How many entries the region's chains have: as long as it is the same, no command has changed the region."""
    total = select(func.coalesce(func.sum(AuditHeadRow.c.number), 0)).where(
        AuditHeadRow.c.region_id == region
    )
    return int(connection.execute(total).scalar_one())


def last_at(connection: Connection, region: str) -> datetime | None:
    """When the last command of a region was written; None: there was none."""
    last = select(func.max(AuditRow.c.at)).where(AuditRow.c.region_id == region)
    found: datetime | None = connection.execute(last).scalar_one()
    return found


def breaks(connection: Connection) -> Iterator[Break]:
    """Read every chain again; gives the first break of each lane, nothing when all are whole."""
    heads = {
        (region, lane): (number, found)
        for region, lane, number, found in connection.execute(select(AuditHeadRow))
    }
    ends: dict[tuple[str, int], tuple[int, str]] = {}
    broken: set[tuple[str, int]] = set()
    rows = connection.execution_options(yield_per=5000).execute(
        select(AuditRow).order_by(AuditRow.c.region_id, AuditRow.c.lane, AuditRow.c.number)
    )
    for row in rows.mappings():
        chain: tuple[str, int] = (row["region_id"], row["lane"])
        if chain in broken:
            continue
        number, previous = ends.get(chain, (0, START))
        if not _follows(row, number, previous):
            broken.add(chain)
            yield Break(chain[0], chain[1], row["number"])
        ends[chain] = (row["number"], row["hash"])
    for chain in sorted((heads.keys() | ends.keys()) - broken):
        if heads.get(chain, (0, START)) != ends.get(chain, (0, START)):
            yield Break(chain[0], chain[1], 0)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a region's chains read again.

    Args:
        read: entries read in it; `total`: how many the chains have by their heads.
        breaks: the first of each lane that was found broken.
        after: lane and number the next part goes on from; None: all was read.
    """

    read: int
    total: int
    breaks: tuple[Break, ...]
    after: tuple[int, int] | None


def part_checked(connection: Connection, region: str, *, after: tuple[int, int], most: int) -> Part:
    """Read a part of a region's chains again, lane by lane: so that who asks sees how far it is.

    A lane that is broken is left at its first break. All parts together say of a region what `breaks` says.

    Args:
        connection: one snapshot.
        region: whose chains.
        after: lane and number of the entry read last; (0, 0) to begin.
        most: entries to read at most.
    """
    row = AuditRow.c
    heads = {
        lane: (number, found)
        for lane, number, found in connection.execute(
            select(AuditHeadRow.c.lane, AuditHeadRow.c.number, AuditHeadRow.c.hash).where(
                AuditHeadRow.c.region_id == region
            )
        )
    }
    there = connection.execute(select(row.lane).where(row.region_id == region).distinct()).scalars()
    read, found, (first, number) = 0, list[Break](), after
    total = sum(head[0] for head in heads.values())
    for lane in sorted(one for one in {*heads, *there} if one >= first):
        at = number if lane == first else 0
        previous = _hash_at(connection, region, lane, at)
        mine = select(AuditRow).where(row.region_id == region, row.lane == lane, row.number > at)
        broken = False
        with connection.execute(mine.order_by(row.number).limit(most - read)) as rows:
            for one in rows.mappings():
                read += 1
                if not _follows(one, at, previous):
                    found.append(Break(region, lane, one["number"]))
                    broken = True
                    break
                at, previous = one["number"], one["hash"]
        if read >= most and not broken:
            return Part(read, total, tuple(found), (lane, at))
        if not broken and heads.get(lane, (0, START)) != (at, previous):
            found.append(Break(region, lane, 0))
        if read >= most:
            return Part(read, total, tuple(found), (lane + 1, 0))
    return Part(read, total, tuple(found), None)


def _follows(row: RowMapping, number: int, previous: str) -> bool:
    """Whether an entry is the next of its chain and says what it said when it was written."""
    return (row["number"], row["previous"], row["hash"]) == (number + 1, previous, digest(row))


def _hash_at(connection: Connection, region: str, lane: int, number: int) -> str:
    """The hash an entry of a lane carries, which was checked with the part before; `START` before the first."""
    if number == 0:
        return START
    row = AuditRow.c
    query = select(row.hash).where(row.region_id == region, row.lane == lane, row.number == number)
    return connection.execute(query).scalar() or START
