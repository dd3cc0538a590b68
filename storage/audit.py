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

from sqlalchemy import Connection, RowMapping, bindparam, func, insert, select, update

from kernel.envelope import Envelope
from storage.missing import insert_missing
from storage.ready import Ready, Write, together, write
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
_HEAD = Ready(select(AuditHeadRow.c.number, AuditHeadRow.c.hash).where(_HERE).with_for_update())
_MOVE_HEAD = Ready(
    update(AuditHeadRow).where(_HERE).values(number=bindparam("last"), hash=bindparam("last_hash"))
)
_INSERT = Ready(insert(AuditRow))


def append(
    connection: Connection, envelope: Envelope, entries: Sequence[Entry], last: Sequence[Write] = ()
) -> None:
    """Append entries to the lane of the envelope's key; the last thing a command does, on PostgreSQL with the commit.

    Args:
        connection: inside a write transaction.
        envelope: of the command.
        entries: what it did.
        last: writes of the command that waited for its end, see `UnitOfWork.later`.
    """
    lane = zlib.crc32(envelope.key.encode()) % LANES
    here = {"in_region": envelope.region, "of_lane": lane}
    found = _head(connection, here) if entries else None
    writes = [*last]
    if found is not None:
        rows = _links(envelope, lane, entries, number=found[0], previous=found[1])
        moved = here | {"last": rows[-1]["number"], "last_hash": rows[-1]["hash"]}
        writes += [(_INSERT, rows), (_MOVE_HEAD, moved)]
    if writes:
        with together(connection, commits=True):
            write(connection, writes)


def _head(connection: Connection, here: dict[str, Any]) -> tuple[int, str]:
    """Lock the head of a lane and give its number and hash."""
    found = _HEAD.row(connection, here)
    if found is None:
        first = {"region_id": here["in_region"], "lane": here["of_lane"], "number": 0, "hash": START}
        insert_missing(connection, AuditHeadRow, [first])
        found = _HEAD.row(connection, here)
        assert found is not None
    return found[0], found[1]


def _links(
    envelope: Envelope, lane: int, entries: Sequence[Entry], *, number: int, previous: str
) -> list[dict[str, Any]]:
    rows = []
    for entry in entries:
        number += 1
        row = {
            "region_id": envelope.region,
            "lane": lane,
            "number": number,
            "at": envelope.now,
            "actor": envelope.actor,
            "device": envelope.device,
            "key": envelope.key,
            "action": entry.action,
            "about": entry.about[:80],
            "facts": json.dumps(dict(entry.facts), sort_keys=True, ensure_ascii=False, separators=(",", ":")),
            "previous": previous,
        }
        previous = row["hash"] = digest(row)
        rows.append(row)
    return rows


def digest(row: Mapping[str, Any] | RowMapping) -> str:
    """The hash of an audit row: SHA-256 over its fields and the hash before it, as a JSON list."""
    at: datetime = row["at"]
    fields = [row["region_id"], row["lane"], row["number"], at.isoformat(timespec="microseconds")]
    fields += [row[name] for name in ("actor", "device", "key", "action", "about", "facts", "previous")]
    return hashlib.sha256(json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


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
