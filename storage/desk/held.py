"""What somebody or something has on record, all of it said at once: an engineer's skills, a part's terms, a calendar's days.

What is left out is no more. Who says it names the version of what he saw, as for a row by itself (`storage.desk.registers`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, delete, select

from kernel.errors import Refusal
from storage.appended import append_rows, queue
from storage.dataset import (
    agreed_tables,
    crew_tables,
    desk_tables,
    inspection_tables,
    stock_tables,
    supply_tables,
)
from storage.dataset.table import Row, Table
from storage.desk.facts import follow_calendar
from storage.desk.known import check_known
from storage.desk.register_rules import check_held_rules
from storage.desk.registers import KEPT, Cells, Check, as_written, read_row, row_of, unseen, version_of
from storage.idempotency import Reply, once
from storage.rows.facts import pair_of, rows_in
from storage.rows.register import holding
from storage.rows.standing import calendars
from storage.tables.region import CalendarRow
from storage.unit_of_work import UnitOfWork

ANY = "any-supplier"
"""What holds for every supplier is called so where its holder's id would stand: in addresses and refusals."""

Look = Callable[[Connection, str, str], Row | None]
"""A holder's row in a region by his id; None: there is none."""


@dataclass(frozen=True, slots=True)
class Held:
    """A file of which all rows of one holder are said at once.

    Args:
        file: of the dataset.
        holder: its column with the holder's id.
        look: finds the holder.
        action: what the audit and the live stream call it.
        unknown: the code when there is no such holder, with his id under `named`.
        beside: columns that are empty in the holder's rows: they belong to another kind of holder.
    """

    file: Table
    holder: str
    look: Look
    action: str
    unknown: str
    named: str
    beside: tuple[str, ...] = ()

    @property
    def unsaid(self) -> tuple[str, ...]:
        """Columns nobody says of a row: the address does."""
        return tuple(sorted((self.holder, *self.beside)))


def _in(file: Table) -> Look:
    def look(connection: Connection, region: str, name: str) -> Row | None:
        return row_of(connection, region, file, name)

    return look


def _calendar(connection: Connection, region: str, name: str) -> Row | None:
    here = select(CalendarRow.c.id).where(CalendarRow.c.region_id == region, CalendarRow.c.id == name)
    return None if connection.execute(here).first() is None else {"calendar_id": name}


def nobody(connection: Connection, region: str, name: str) -> Row | None:  # noqa: ARG001 always there
    """The holder of what holds for every supplier."""
    return {"supplier_id": ""}


def _of_engineer(file: Table, action: str, holder: str = "engineer_id") -> Held:
    engineers = _in(crew_tables.ENGINEERS)
    return Held(file, holder, engineers, action, "position.unknown_engineer", "engineer")


def _of_part(file: Table, action: str) -> Held:
    return Held(file, "part_id", _in(stock_tables.PARTS), action, "stock.unknown_part", "part")


_WISHES = partial(Held, desk_tables.ENGINEER_WISHES, action="desk.wishes")
_AGREED = partial(
    Held,
    agreed_tables.SUPPLIER_AGREEMENTS,
    "supplier_id",
    action="catalogue.agreement",
    unknown="register.unknown",
    named="supplier",
)
_LIMITS = partial(
    Held,
    inspection_tables.INSPECTION_LIMITS,
    "supplier_id",
    action="catalogue.inspection_limits",
    unknown="register.unknown",
    named="supplier",
)
_SUPPLIERS = _in(supply_tables.SUPPLIERS)

HELD: Mapping[str, Held] = MappingProxyType(
    {
        "skills": _of_engineer(crew_tables.ENGINEER_SKILLS, "crew.skills"),
        "certificates": _of_engineer(crew_tables.CERTIFICATES, "crew.certificates"),
        "tools": _of_engineer(crew_tables.TOOLS, "crew.tools", "holder"),
        "alternates": _of_part(stock_tables.ALTERNATES, "catalogue.alternates"),
        "terms": _of_part(supply_tables.SUPPLIER_TERMS, "catalogue.terms"),
        "price-breaks": _of_part(agreed_tables.PRICE_BREAKS, "catalogue.price_breaks"),
        "stock-policy": _of_part(supply_tables.STOCK_POLICY, "catalogue.stock_policy"),
        "checks": _of_part(inspection_tables.PART_CHECKS, "catalogue.checks"),
        "customer-wishes": _WISHES(
            holder="customer_id",
            look=_in(desk_tables.CUSTOMERS),
            unknown="register.unknown",
            named="customer",
            beside=("site_id",),
        ),
        "site-wishes": _WISHES(
            holder="site_id",
            look=_in(desk_tables.SITES),
            unknown="register.unknown",
            named="site",
            beside=("customer_id",),
        ),
        "agreement": _AGREED(look=_SUPPLIERS),
        "any-agreement": _AGREED(look=nobody),
        "inspection-limits": _LIMITS(look=_SUPPLIERS),
        "any-inspection-limits": _LIMITS(look=nobody),
        "days": Held(
            desk_tables.CALENDAR_DAYS,
            "calendar_id",
            _calendar,
            "scheme.calendar_days",
            "register.unknown",
            "calendar",
        ),
    }
)
"""By a word of its own. What begins with `any` is nobody's: it holds for every supplier."""


def hold(
    work: UnitOfWork, kind: str, holder: str, given: Sequence[Cells], *, seen: int | None, check: Check
) -> Reply:
    """Say everything a holder has of a kind from now on: ``{"id", "new": rows more, "gone": rows less, "version"}``.

    Args:
        work: of the command.
        kind: one of `HELD`.
        holder: his id; empty where nobody's are said.
        given: every row, whole; what is not among them he has no longer. What is `KEPT` and left out stays.
        seen: version of what he had; None: he had nothing, or the same.
        check: asked of the holder's row.

    Raises:
        Refusal: as `storage.desk.registers.keep` and, of a calendar's days, `storage.desk.facts.follow_calendar`; the
            `unknown` of the kind.
    """
    held = HELD[kind]
    file = held.file

    def act() -> Reply:
        queue(work)
        of = held.look(work.connection, work.region, holder)
        if of is None:
            raise unknown_holder(kind, holder)
        check(of)
        there = held_by(work.connection, work.region, kind, holder)
        known = {
            _cells_key(file, dict(zip(_names(file), as_written(file, row), strict=True))): row
            for row in there
        }
        said: list[Cells] = [{**one, held.holder: holder} for one in given]
        rows = [read_row(work, file, one, known.get(_cells_key(file, one))) for one in said]
        gone = [row for row in there if row not in rows]
        new = [row for row in rows if row not in there]
        reply = {"id": holder, "new": len(new), "gone": len(gone), "version": version_of(file, *rows)}
        _check_once(work, file, rows, {_key(file, row) for row in there})
        if not (gone or new):
            return reply
        # Nothing is version 0: who saw something that was taken away meanwhile is told, too.
        if (seen or 0) != version_of(file, *there):
            raise unseen(holder or ANY, seen)
        check_known(work.connection, work.region, file, map(dict, new))
        pair = pair_of(file)
        before = calendars(work.connection, work.region) if file is desk_tables.CALENDAR_DAYS else {}
        for row in gone:
            named = holding(file, **{name: row[name] for name in file.key})
            work.connection.execute(delete(pair.rows).where(pair.rows.c.region_id == work.region, *named))
        append_rows(work, pair.rows, [{pair.column(name): row[name] for name in row} for row in new])
        check_held_rules(work.connection, work.region, file, holder)
        if holder in before:
            follow_calendar(work, holder, before[holder])
        work.record(held.action, holder or work.region, taken=_told(file, gone), given=_told(file, new))
        return reply

    told = {held.named: holder, "rows": [*map(dict, given)], "seen": seen}
    return once(work, f"register.{kind}", told, act)


def unknown_holder(kind: str, holder: str) -> Refusal:
    """The refusal of a holder that is not there, or that rights do not reach."""
    held = HELD[kind]
    who: dict[str, Any] = {"id" if held.unknown == "register.unknown" else held.named: holder[:64]}
    return Refusal(held.unknown, **who)


def held_by(connection: Connection, region: str, kind: str, holder: str) -> list[Row]:
    """What a holder has of a kind, in the order of its key."""
    held = HELD[kind]
    mine = holding(held.file, **{held.holder: holder})
    return sorted(
        rows_in(connection, pair_of(held.file), region, *mine), key=lambda row: _key(held.file, row)
    )


def _names(file: Table) -> list[str]:
    return [column.name for column in file.columns]


def _cells_key(file: Table, cells: Cells) -> tuple[str, ...]:
    return tuple(cells.get(name, "") for name in file.key)


def _key(file: Table, row: Row) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in file.key)


def _told(file: Table, rows: Sequence[Row]) -> list[list[str]]:
    """Rows for the audit, as the file writes them, without what nobody reads."""
    return [
        ["" if name in KEPT else cell for name, cell in zip(_names(file), as_written(file, row), strict=True)]
        for row in rows
    ]


def _check_once(work: UnitOfWork, file: Table, rows: Sequence[Row], own: set[tuple[str, ...]]) -> None:
    """Refuse what is given twice, or is somebody else's."""
    keys = [_key(file, row) for row in rows]
    table = pair_of(file).rows
    for at, row in enumerate(rows):
        named = holding(file, **{name: row[name] for name in file.key})
        taken = select(table.c.region_id).where(table.c.region_id == work.region, *named)
        others = keys[at] not in own and work.connection.execute(taken).first() is not None
        if others or keys[at] in keys[:at]:
            raise Refusal("desk.known_already", value=" / ".join(filter(None, keys[at])) or ANY)
