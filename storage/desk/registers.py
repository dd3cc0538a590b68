"""What a region has on record, written one by one: a customer, a site, a contract, an engineer, a shift, a part, a place.

A row is given whole, in the words of the dataset's file, and judged by the rules that judge the file. Who replaces one says
which version he has seen; what was there before stands in the audit, except what is about a person.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, delete, select, update

from kernel.errors import Location, Refusal, Refused
from storage.appended import append_rows, queue
from storage.dataset import (
    crew_tables,
    desk_tables,
    inspection_tables,
    partner_tables,
    stock_tables,
    supply_tables,
)
from storage.dataset.schema import TABLES
from storage.dataset.table import Row, Table
from storage.desk.known import check_known
from storage.desk.register_rules import check_fixed, check_rules, check_unnamed
from storage.idempotency import Reply, once
from storage.rows.facts import pair_of, rows_in
from storage.rows.register import holding
from storage.rows.standing import schemes_in
from storage.tables.catalogue import PlaceRow
from storage.texts import check_fits
from storage.unit_of_work import UnitOfWork

Cells = Mapping[str, str]
"""A row as a file has it: text by column; what is left out is an empty cell."""

PERSONAL = frozenset({"home_lat", "home_lon", "name", "reason"})
"""Columns about a person: the audit, which nothing leaves again, names them and does not say what they held."""

KEPT = frozenset({"home_lat", "home_lon", "skip_seed"})
"""Columns nobody reads over the wire, where an engineer lives and which lots are passed over: left out, they stay as they are."""


@dataclass(frozen=True, slots=True)
class Register:
    """A file whose rows may be written and replaced.

    Args:
        file: of the dataset.
        action: what the audit and the live stream call it.
        removable: whether a row may be taken away again; the others stay, for what happened names them.
    """

    file: Table
    action: str
    removable: bool = False

    @property
    def key(self) -> str:
        """The column with the id."""
        return self.file.key[0]


REGISTERS: Mapping[str, Register] = MappingProxyType(
    {
        one.file.name: one
        for one in (
            Register(desk_tables.CUSTOMERS, "desk.customer"),
            Register(desk_tables.SITES, "desk.site"),
            Register(desk_tables.ASSETS, "desk.asset"),
            Register(desk_tables.CONTRACTS, "desk.contract"),
            Register(crew_tables.ENGINEERS, "crew.engineer"),
            Register(crew_tables.SHIFTS, "crew.shift", removable=True),
            Register(crew_tables.ON_CALL, "crew.on_call", removable=True),
            Register(crew_tables.ABSENCES, "crew.absence", removable=True),
            Register(crew_tables.SKILLS, "crew.skill"),
            Register(partner_tables.PARTNERS, "crew.partner"),
            Register(stock_tables.PARTS, "catalogue.part"),
            Register(stock_tables.PLACES, "catalogue.place"),
            Register(supply_tables.SUPPLIERS, "catalogue.supplier"),
            Register(supply_tables.LOANER_CLASSES, "catalogue.loaner_class"),
            Register(supply_tables.LOANER_UNITS, "catalogue.loaner_unit"),
            Register(inspection_tables.PART_CLASSES, "catalogue.part_class", removable=True),
            Register(inspection_tables.REINSPECTION_RULES, "catalogue.reinspection_rule", removable=True),
        )
    }
)


Check = Callable[[Row], None]
"""Refuses a row that lies beyond the caller's rights, in the words for one that is not there."""


def keep(work: UnitOfWork, register: Register, cells: Cells, *, seen: int | None, check: Check) -> Reply:
    """Write a row, or replace the one of its id: ``{"id", "new", "changed": [columns], "version"}``.

    Args:
        work: of the command.
        register: one of `REGISTERS`.
        cells: the row, whole.
        seen: version of the row that is to be replaced; None: there is none, or it is the same already.
        check: asked of the row that is there, and of the one that is to be.

    Raises:
        Refusal: ``register.moved_on`` when the row is another than was seen, ``register.version_wanted``,
            ``dataset.duplicate_id``, ``desk.unknown_reference``, and what the dataset's rules say.
        Refused: cells that cannot be read, each with its column.
    """

    def act() -> Reply:
        queue(work)
        file = register.file
        name = cells.get(register.key, "")
        there = row_of(work.connection, work.region, file, name)
        row = read_row(work, file, cells, there)
        for one in (there, row):
            if one is not None:
                check(one)
        changed = [one.name for one in file.columns if there is None or row[one.name] != there[one.name]]
        reply = {"id": name, "new": there is None, "changed": changed, "version": version_of(file, row)}
        if there is not None and not changed:
            return reply
        _check_seen(file, name, there, seen)
        check_known(work.connection, work.region, file, (dict(row),))
        if there is not None:
            check_fixed(work.connection, work.region, file, name, changed)
        else:
            _check_free(work.connection, work.region, file, name)
        _write(work, file, row, there is None)
        if file is crew_tables.ENGINEERS:
            _give_van(work, row, there)
        check_rules(work.connection, work.region, file, row)
        work.record(register.action, name, new=there is None, **_was(file, changed, there))
        return reply

    told = {"cells": dict(cells), "seen": seen}
    return once(work, f"register.{register.file.name}", told, act)


def take_away(
    work: UnitOfWork, register: Register, name: str, *, seen: int | None, reached: Callable[[Row], bool]
) -> Reply:
    """Take a row away that nothing names: ``{"id", "removed": whether it was there}``.

    One that the caller's rights do not reach (`reached`) is not there.

    Raises:
        Refusal: ``register.still_named``, ``register.moved_on``.
    """

    def act() -> Reply:
        queue(work)
        file = register.file
        there = row_of(work.connection, work.region, file, name)
        if there is None or not reached(there):
            return {"id": name, "removed": False}
        if seen is not None:
            _check_seen(file, name, there, seen)
        check_unnamed(work.connection, work.region, file, name)
        rows = pair_of(file).rows
        mine = (rows.c.region_id == work.region) & (rows.c[register.key] == name)
        work.connection.execute(delete(rows).where(mine))
        every = [column.name for column in file.columns]
        work.record(register.action, name, removed=True, **_was(file, every, there))
        return {"id": name, "removed": True}

    return once(work, f"register.{register.file.name}.remove", {"id": name, "seen": seen}, act)


def row_of(connection: Connection, region: str, file: Table, name: str) -> Row | None:
    """The row of an id; None: there is none."""
    key = {file.key[0]: name}
    return next(rows_in(connection, pair_of(file), region, *holding(file, **key)), None)


def version_of(file: Table, *rows: Row) -> int:
    """The version of rows: the same content has the same one, whoever wrote it and when; nothing is version 0."""
    if not rows:
        return 0
    told = json.dumps(sorted(as_written(file, row) for row in rows), ensure_ascii=False)
    return int.from_bytes(hashlib.sha256(told.encode()).digest()[:4]) % 10**9


def as_written(file: Table, row: Row) -> list[str]:
    """A row as the file writes it."""
    return [column.write(row[column.name]) for column in file.columns]


def read_row(work: UnitOfWork, file: Table, cells: Cells, there: Row | None) -> Row:
    """The row some cells are; what is `KEPT` and left out stays as it is `there`.

    Raises:
        Refused: cells that cannot be read, each with its column.
        Refusal: what its cells cannot say together.
    """
    row: dict[str, Any] = {}
    wrong = []
    for column in file.columns:
        if column.name in KEPT and there is not None and not cells.get(column.name):
            row[column.name] = there[column.name]
            continue
        try:
            row[column.name] = column.read(cells.get(column.name, ""))
        except Refusal as refusal:
            wrong.append(refusal.located(Location(file.file, column=column.name)))
    if wrong:
        raise Refused(wrong)
    whole_row: Row = row
    if file.under is not None:
        whole_row = file.under(row, schemes_in(work.connection, work.region))
    file.make(whole_row)  # says what its cells cannot say together
    return whole_row


def _check_seen(file: Table, name: str, there: Row | None, seen: int | None) -> None:
    if there is None:
        if seen is not None:
            raise Refusal("register.moved_on", id=name)
    elif seen != version_of(file, there):
        raise unseen(name, seen)


def unseen(name: str, seen: int | None) -> Refusal:
    """The refusal of a change to what is another than was seen."""
    return Refusal("register.version_wanted" if seen is None else "register.moved_on", id=name)


def _check_free(connection: Connection, region: str, file: Table, name: str) -> None:
    """Refuse an id that another file of the same namespace has."""
    for other in TABLES:
        if file.namespace and other.namespace == file.namespace and other is not file:
            rows = pair_of(other).rows
            taken = select(rows.c[other.key[0]]).where(rows.c.region_id == region)
            if connection.execute(taken.where(rows.c[other.key[0]] == name)).first() is not None:
                raise Refusal("desk.known_already", value=name)


def _write(work: UnitOfWork, file: Table, row: Row, new: bool) -> None:
    pair = pair_of(file)
    named = {pair.column(name): value for name, value in row.items()}
    if new:
        append_rows(work, pair.rows, (named,))
        return
    check_fits(pair.rows, named)
    mine = (pair.rows.c.region_id == work.region) & (pair.rows.c[file.key[0]] == row[file.key[0]])
    by = {
        "written_by": work.actor,
        "written_from": work.device,
        "written_at": work.now,
        "written_key": work.key,
    }
    work.connection.execute(update(pair.rows).where(mine).values(named | by))


def _give_van(work: UnitOfWork, row: Row, there: Row | None) -> None:
    """Say of the vans too whose they are: what an engineer says of his van and what it says of him is the same.

    Raises:
        Refusal: ``dataset.engineer_disagrees`` when the van is somebody else's.
    """
    engineer, van = row["engineer_id"], row["van"]
    before = there["van"] if there is not None else ""
    here = PlaceRow.c.region_id == work.region
    if van:
        owner = work.connection.execute(
            select(PlaceRow.c.engineer_id).where(here, PlaceRow.c.place_id == van)
        ).scalar()
        if owner and owner != engineer:
            raise Refusal("dataset.engineer_disagrees", van=van, engineer=engineer, other=owner)
    for place, owner in ((before, ""), (van, engineer)):
        if place:
            of = update(PlaceRow).where(here, PlaceRow.c.place_id == place)
            work.connection.execute(of.values(engineer_id=owner))


def _was(file: Table, changed: Sequence[str], there: Row | None) -> dict[str, Any]:
    """What stood in the columns that changed, for the audit; of what is about a person, only that it changed."""
    if there is None:
        return {}
    was = {
        column.name: "" if column.name in PERSONAL else column.write(there[column.name])
        for column in file.columns
        if column.name in changed
    }
    return {
        "changed": sorted(changed),
        "was": {name: cell for name, cell in was.items() if name not in PERSONAL},
    }
