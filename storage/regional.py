"""What a region goes by, read alone: its zone and its currency."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, bindparam, select

from kernel.errors import Refusal
from storage.ready import Asked, Ready
from storage.tables.region import RegionRow


def zone_of(connection: Connection, region: str) -> str:
    """The IANA name of the zone whose calendar a region lives by.

    Raises:
        Refusal: ``region.unknown``.
    """
    return _read(connection, _ZONE, region)


def asked_zone(region: str) -> Asked:
    """What `zone_of` asks."""
    return _ZONE, {"in_region": region}


def currency_of(connection: Connection, region: str) -> str:
    """The ISO 4217 code of a region's amounts.

    Raises:
        Refusal: ``region.unknown``.
    """
    return _read(connection, _CURRENCY, region)


def _asked(column: ColumnElement[str]) -> Ready:
    return Ready(select(column).where(RegionRow.c.id == bindparam("in_region")))


# Built once: putting a statement together costs as much as running it.
_ZONE, _CURRENCY = _asked(RegionRow.c.zone), _asked(RegionRow.c.currency)


def _read(connection: Connection, query: Ready, region: str) -> str:
    found = query.row(connection, {"in_region": region})
    if found is None:
        raise Refusal("region.unknown", region=region[:64])
    return str(found[0])
