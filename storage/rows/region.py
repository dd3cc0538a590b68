"""A region written whole and read whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Table, func, select

from dispatch.region import Region
from inventory.stockroom import Stockroom
from kernel.envelope import NO_REGION
from kernel.errors import Refusal
from storage.dataset.assemble import assembled
from storage.dataset.rules import HAPPENED
from storage.dataset.schema import STOCK
from storage.dataset.write import written_digest
from storage.engine import WRITES, reader_of
from storage.idempotency import Reply, once
from storage.missing import insert_missing
from storage.rows.facts import rows_in
from storage.rows.head import calendar_rows, read_settings, settings_row, story_rows
from storage.rows.knowledge import index_entries
from storage.rows.pairs import PAIRS, Pair
from storage.rows.schemes import practice_rows, scheme_rows
from storage.rows.standing import standing
from storage.rows.stock import bulk, post_ledger, read_reservations
from storage.statistics import count_what_came
from storage.stock.queries import moves
from storage.tables.ledger import MoveRow
from storage.tables.region import CalendarRow, PracticeRow, RegionRow, SchemeRow, StoryRow
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Stored:
    """A region as the database has it, and the digest a plan of it names.

    `digest` is that of the dataset it was imported from as long as its contents are those, else that of the
    folder an export would write.
    """

    region: Region
    digest: str


def import_region(work: UnitOfWork, region: Region, *, digest: str) -> bool:
    """Write a region that the database does not have yet.

    Args:
        work: its envelope names the region's id.
        region: checked as `storage.dataset.read` checks.
        digest: of the dataset it was read from.

    Returns:
        Whether it was written; False when exactly this region had been imported before.

    Raises:
        Refusal: ``import.region_there`` when another region of this id is there, ``import.kept_for_the_company`` when its
            id is that of no region, ``database.text_too_long``, ``import.promised_too_much``, ``import.other_region`` when the envelope is another region's.
    """
    if work.region != region.settings.id:
        raise Refusal("import.other_region", region=region.settings.id, other=work.region)
    if work.region == NO_REGION:  # its audit would be the company's, and nobody could reach it
        raise Refusal("import.kept_for_the_company", region=work.region)
    written = written_digest(region)
    new = False

    def act() -> Reply:
        nonlocal new
        new = _import(work, region, digest=digest, written=written)
        return {}

    once(work, "region.import", {"digest": digest, "written": written}, act)
    return new


def _import(work: UnitOfWork, region: Region, *, digest: str, written: str) -> bool:
    settings, connection = region.settings, work.connection
    there = connection.execute(
        select(RegionRow.c.written_digest).where(RegionRow.c.id == settings.id)
    ).scalar()
    if there == written:
        return False
    if there is not None:
        raise Refusal("import.region_there", region=settings.id)
    envelope = {
        "written_by": work.actor,
        "written_from": work.device,
        "written_at": work.now,
        "written_key": work.key,
    }
    row = settings_row(settings) | {"imported_digest": digest, "written_digest": written} | envelope
    if not insert_missing(connection, RegionRow, [row]):
        # Somebody else imported it between our look and our word.
        raise Refusal("import.region_there", region=settings.id)
    _place(work, CalendarRow, calendar_rows(region), envelope)
    _place(work, StoryRow, story_rows(region), envelope)
    _place(work, SchemeRow, scheme_rows(region), envelope)
    _place(work, PracticeRow, practice_rows(region), envelope)
    for pair in PAIRS:
        _place(work, pair.rows, _named(pair, region), envelope)
    index_entries(work, region.field.knowledge)
    post_ledger(work, region.stock)
    count_what_came(connection)
    work.record(
        "region.import",
        settings.id,
        digest=digest,
        tickets=len(region.field.tickets),
        moves=len(region.stock.moves),
    )
    return True


def load_region(connection: Connection, region: str) -> Region:
    """Read a region as it is now; it is described at the moment of the last thing that happened in it.

    Raises:
        Refusal: ``region.unknown``.
    """
    stands = standing(connection, region)
    settings = stands.settings
    settings = replace(settings, as_of=max((settings.as_of, *_happened(connection, region))))
    made: dict[str, tuple[Any, ...]] = {
        pair.file.name: tuple(pair.file.make(row) for row in rows_in(connection, pair, region))
        for pair in PAIRS
    }
    made[STOCK["moves"].name] = moves(connection, region)
    made[STOCK["reservations"].name] = read_reservations(connection, region)
    return assembled(
        settings,
        stands.calendars,
        made.__getitem__,
        stands.own_schemes,
        stands.own_practice,
    )


def load_stockroom(connection: Connection, region: str) -> Stockroom:
    """Read what `load_region` reads of the stock alone: parts, places, moves, orders, loaners.

    Raises:
        Refusal: ``region.unknown``.
    """
    of_stock = {table.name for table in STOCK.values()}
    made: dict[str, tuple[Any, ...]] = {
        pair.file.name: tuple(pair.file.make(row) for row in rows_in(connection, pair, region))
        for pair in PAIRS
        if pair.file.name in of_stock
    }
    made[STOCK["moves"].name] = moves(connection, region)
    made[STOCK["reservations"].name] = read_reservations(connection, region)
    settings = read_settings(connection, region)
    return assembled(settings, (), lambda name: made.get(name, ()), (), ()).stock


def _happened(connection: Connection, region: str) -> Iterator[datetime]:
    """The last moment of every table of what happened: a command came after the region was described."""
    columns = [MoveRow.c.at]
    columns += [pair.rows.c[HAPPENED[pair.file.name]] for pair in PAIRS if pair.file.name in HAPPENED]
    for column in columns:
        last = connection.execute(select(func.max(column)).where(column.table.c.region_id == region)).scalar()
        if last is not None:
            yield last


def load_stored(connection: Connection, region: str) -> Stored:
    """Read a region with the digest its plans name; see `Stored`.

    Raises:
        Refusal: ``region.unknown``.
    """
    loaded = load_region(connection, region)
    imported, then = connection.execute(
        select(RegionRow.c.imported_digest, RegionRow.c.written_digest).where(RegionRow.c.id == region)
    ).one()
    now = written_digest(loaded)
    return Stored(loaded, imported if now == then else now)


_IDS = select(RegionRow.c.id).order_by(RegionRow.c.id)


_SEEN: WeakKeyDictionary[Engine, set[str]] = WeakKeyDictionary()
"""Ids of regions that are there, by database: a region that was written stays."""


def is_seen(engine: Engine, region: str) -> bool:
    """Whether a region was seen before: then it is there."""
    return region in _SEEN.get(engine, ())


def region_ids(connection: Connection) -> tuple[str, ...]:
    """Ids of all regions, sorted."""
    return tuple(connection.execute(_IDS).scalars())


def only_region(connection: Connection, wanted: str = "") -> str:
    """The region meant: `wanted`, or the only one there is.

    Raises:
        Refusal: ``region.unknown``, ``region.none``, ``region.which`` when there are several and none is named.
    """
    seen = _SEEN.setdefault(reader_of(connection.engine), set())
    if wanted in seen:
        return wanted
    known = region_ids(connection)
    if wanted and wanted not in known:
        raise Refusal("region.unknown", region=wanted[:64])
    if not connection.get_execution_options().get(WRITES, False):  # what a writer sees may yet be rolled back
        seen.update(known)
    if not known:
        raise Refusal("region.none")
    if not wanted and len(known) > 1:
        raise Refusal("region.which", regions=", ".join(known[:20]))
    return wanted or known[0]


def _place(work: UnitOfWork, table: Table, rows: Iterable[dict[str, Any]], envelope: dict[str, Any]) -> None:
    bulk(
        work.connection,
        table,
        ({"region_id": work.region, "position": at} | row | envelope for at, row in enumerate(rows, start=1)),
    )


def _named(pair: Pair, region: Region) -> Iterator[dict[str, Any]]:
    for row in pair.file.rows(region):
        yield {pair.column(name): value for name, value in row.items()}
