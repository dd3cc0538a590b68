"""What services outside have said, kept: where an address is, how long a way takes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, tuple_, update

from kernel.errors import Refusal
from kernel.place import LatLon
from storage.missing import insert_missing
from storage.tables.outside import AddressRow, WayRow
from storage.unit_of_work import UnitOfWork

MANUAL = "manual"
"""Source of a place a person has put right."""

LONGEST = 500
"""Characters of an address."""

Leg = tuple[LatLon, LatLon]
"""From where to where."""

Measured = tuple[int, int] | None
"""Seconds and metres; None: there is no road."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where an address is; `at` None: the source knows no such place."""

    address: str
    source: str
    at: LatLon | None
    label: str
    asked_at: datetime

    @property
    def version(self) -> int:
        """The same place by the same source has the same one."""
        told = f"{self.source} {spot(self.at) if self.at else ''} {self.asked_at.isoformat()}"
        return int.from_bytes(hashlib.sha256(told.encode()).digest()[:4]) % 10**9


def plain_address(address: str) -> str:
    """An address as it is kept: spaces are one, capitals do not count.

    Raises:
        Refusal: ``outside.bad_address_text``.
    """
    told = " ".join(address.split()).casefold()
    if not told or len(told) > LONGEST or not told.isprintable():
        raise Refusal("outside.bad_address_text", most=LONGEST)
    return told


def known_address(connection: Connection, address: str, *, lock: bool = False) -> Found | None:
    """What is kept of an address; with `lock` nobody puts it right until the transaction ends."""
    query = select(AddressRow).where(AddressRow.c.digest == _digest(address))
    row = connection.execute(query.with_for_update() if lock else query).mappings().first()
    if row is None:
        return None
    at = None if row["lat"] is None else LatLon(row["lat"], row["lon"])
    return Found(row["address"], row["source"], at, row["label"], row["at"])


def keep_address(work: UnitOfWork, found: Found) -> None:
    """Keep what a service said, unless a person has put the address right; a person's word replaces any other."""
    digest = _digest(found.address)
    old = AddressRow.c.digest == digest
    if found.source != MANUAL:
        old &= AddressRow.c.source != MANUAL
    row = {
        "digest": digest,
        "address": plain_address(found.address),
        "source": found.source,
        "lat": found.at.lat if found.at else None,
        "lon": found.at.lon if found.at else None,
        "label": found.label[:LONGEST],
        "by": work.actor,
        "at": found.asked_at,
    }
    # Replaced where it stands: of two that are put right at once, both removed and written anew, the second would be lost.
    if not insert_missing(work.connection, AddressRow, [row]):
        work.connection.execute(update(AddressRow).where(old).values(row))
    if found.source == MANUAL:
        work.record("address.fixed", digest[:16])


def _digest(address: str) -> str:
    return hashlib.sha256(plain_address(address).encode()).hexdigest()


def spot(at: LatLon) -> str:
    """A place to five decimals of a degree, about a metre: what ways are kept by.

    >>> spot(LatLon(26.07453, -119.2))
    '26.07453,-119.20000'
    """
    return f"{at.lat:.5f},{at.lon:.5f}"


def known_ways(
    connection: Connection, source: str, spots: Iterable[str], *, since: datetime
) -> dict[tuple[str, str], Measured]:
    """Ways between any two of `spots` that `source` has measured since a moment."""
    listed = sorted(set(spots))
    found: dict[tuple[str, str], Measured] = {}
    for start in range(0, len(listed), 400):
        query = select(WayRow).where(
            WayRow.c.source == source, WayRow.c.origin.in_(listed[start : start + 400]), WayRow.c.at >= since
        )
        for row in connection.execute(query).mappings():
            measured = None if row["seconds"] is None else (row["seconds"], row["metres"])
            found[row["origin"], row["destination"]] = measured
    wanted = set(listed)
    return {way: measured for way, measured in found.items() if way[1] in wanted}


def keep_ways(work: UnitOfWork, source: str, ways: Mapping[tuple[str, str], Measured]) -> None:
    """Keep measured ways in place of what was known of them."""
    listed = sorted(ways)
    for start in range(0, len(listed), 300):
        some = listed[start : start + 300]
        where = tuple_(WayRow.c.origin, WayRow.c.destination).in_(some)
        work.connection.execute(delete(WayRow).where(WayRow.c.source == source, where))
        rows = []
        for origin, destination in some:
            measured = ways[origin, destination]
            rows.append(
                {
                    "source": source,
                    "origin": origin,
                    "destination": destination,
                    "seconds": measured[0] if measured else None,
                    "metres": measured[1] if measured else None,
                    "at": work.now,
                }
            )
        work.connection.execute(insert(WayRow).inline(), rows)
