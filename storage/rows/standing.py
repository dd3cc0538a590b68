"""What stands of a region for long: settings, calendars, schemes, practice. Read and parsed once for all who ask.

Their rows are written with the region or appended later and never changed; days of a calendar are taken away, too. One
statement says which row each table ends with and how many rows it has, in the snapshot of whoever asks: as long as that is the
same, so is what they say, whichever process wrote last. A row that is appended is the last, under the key of its command and
whatever the clock says; of those up to a row there are ever fewer, so their number says which.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Text, bindparam, cast, func, literal_column, select

from dispatch.desk.own_scheme import OwnScheme, schemes_with
from dispatch.desk.practice import Practice
from dispatch.desk.practice_file import OwnPractice, practice_with
from dispatch.desk.scheme import Scheme
from dispatch.region import Settings
from kernel.calendars import BusinessCalendar
from storage.dataset.assemble import dated
from storage.dataset.desk_tables import CALENDAR_DAYS
from storage.dataset.table import Schemes
from storage.dataset.ticket_tables import TICKETS
from storage.engine import WRITES, reader_of
from storage.ready import COMMITTED, Asked, Ready
from storage.rows.facts import values_among, values_in
from storage.rows.head import read_calendars, read_settings
from storage.rows.schemes import own_practice_in, own_schemes_in
from storage.tables.region import CalendarDayRow, CalendarRow, PracticeRow, RegionRow, SchemeRow, StoryRow

KEPT = 64
"""Regions kept of a database."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands of a region.

    Args:
        settings: stories included.
        calendars: with their single dates.
        own_schemes: the region's own, by file name; `schemes`: with those that ship.
        own_practice: the region's own, one or none; `practice`: what holds.
        by_id: the calendars by id.
    """

    settings: Settings
    calendars: tuple[BusinessCalendar, ...]
    own_schemes: tuple[OwnScheme, ...]
    own_practice: tuple[OwnPractice, ...]
    schemes: Schemes
    practice: Practice
    by_id: Mapping[str, BusinessCalendar]


def _last(rows: Any) -> Any:
    """The last row's place, moment and key and the number of rows, in one word."""
    of_region = rows.c.region_id == bindparam("in_region")
    many = select(cast(func.count(), Text)).select_from(rows).where(of_region).scalar_subquery()
    place, moment = (cast(column, Text) for column in (rows.c.position, rows.c.written_at))
    space = literal_column("' '", Text)
    word = place + space + moment + space + rows.c.written_key + space + many
    return select(word).where(of_region).order_by(rows.c.position.desc()).limit(1).scalar_subquery()


# Built once: putting a statement together costs more than running it.
_TABLES = (CalendarRow, CalendarDayRow, StoryRow, SchemeRow, PracticeRow)
COME = Ready(
    select(
        RegionRow.c.written_digest,
        RegionRow.c.written_at,
        *(_last(rows) for rows in _TABLES),
    ).where(RegionRow.c.id == bindparam("in_region"))
)
"""How far each table has come."""

_KEPT: WeakKeyDictionary[Engine, OrderedDict[tuple[Any, ...], Standing]] = WeakKeyDictionary()
_LOCK = threading.Lock()


def standing(connection: Connection, region: str) -> Standing:
    """What stands of a region, as this connection sees it.

    Raises:
        Refusal: ``region.unknown``; those of `own_scheme`.
    """
    return stands_at(connection, region, COME.row(connection, {"in_region": region}))


def asked_standing(region: str) -> Asked:
    """What `standing` asks, to be foreseen (`storage.ready.foresee`)."""
    return COME, {"in_region": region}


def stands_at(connection: Connection, region: str, come: tuple[Any, ...] | None) -> Standing:
    """The same where `COME` has been asked already; `come` is its row, in the snapshot of this connection."""
    key = (region, *(come or ()))
    with _LOCK:
        kept = _KEPT.setdefault(reader_of(connection.engine), OrderedDict())
        found = kept.get(key)
        if found is not None:
            kept.move_to_end(key)
            return found
    made = _read(connection, region)
    if connection.get_execution_options().get(WRITES, False):
        # What a writer sees may yet be rolled back, and its numbers given out again.
        connection.info.setdefault(COMMITTED, []).append(lambda: _keep(kept, key, made))
    else:
        _keep(kept, key, made)
    return made


def _keep(kept: OrderedDict[tuple[Any, ...], Standing], key: tuple[Any, ...], made: Standing) -> None:
    with _LOCK:
        kept[key] = made
        while len(kept) > KEPT:
            kept.popitem(last=False)


def _read(connection: Connection, region: str) -> Standing:
    settings = read_settings(connection, region)
    calendars = dated(read_calendars(connection, region), values_in(connection, CALENDAR_DAYS, region))
    schemes, practice = own_schemes_in(connection, region), own_practice_in(connection, region)
    return Standing(
        settings,
        calendars,
        schemes,
        practice,
        schemes_with(schemes),
        practice_with(practice),
        {one.id: one for one in calendars},
    )


def calendars(connection: Connection, region: str) -> Mapping[str, BusinessCalendar]:
    """The region's business calendars by id, with their single dates."""
    return standing(connection, region).by_id


def schemes_in(connection: Connection, region: str) -> Schemes:
    """Every scheme version a region's contracts and tickets may name: those that ship and its own."""
    return standing(connection, region).schemes


def practice_in(connection: Connection, region: str) -> Practice:
    """How a region's desk works: its own practice, else the one that ships."""
    return standing(connection, region).practice


def schemes_of_tickets(connection: Connection, region: str, tickets: Collection[str]) -> dict[str, Scheme]:
    """The scheme version each of `tickets` keeps; one that is kept as closed only is not in it."""
    known = schemes_in(connection, region)
    found = values_among(connection, TICKETS, region, "ticket_id", tickets)
    return {one.id: known[one.scheme, one.version] for one in found}
