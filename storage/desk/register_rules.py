"""What a row on record has to keep with others: read around the row that was written, judged by the dataset's rules."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from kernel.errors import Refusal
from storage.dataset import (
    agreed_tables,
    crew_tables,
    desk_tables,
    owed_tables,
    partner_tables,
    stock_tables,
    supply_tables,
    visit_tables,
)
from storage.dataset.draft import CALENDARS, ZONE, Accepted, Draft, Found
from storage.dataset.owed_rules import lent_engineers, replacements_in_order
from storage.dataset.rules import (
    contracts_that_hold,
    loaners_in_vans,
    one_van_for_one_engineer,
    shifts_apart,
    tickets_in_one_place,
)
from storage.dataset.schema import TABLES
from storage.dataset.supply_rules import breaks_of_terms
from storage.dataset.table import Row, Table
from storage.dataset.trip_rules import territories_of_sites
from storage.regional import zone_of
from storage.rows.facts import pair_of, rows_in
from storage.rows.standing import calendars
from storage.tables import whole
from storage.tables.desk import PublishedStopRow, TicketRow
from storage.tables.ledger import MoveRow
from storage.tables.owed import BorrowingRow

Where = Mapping[str, ColumnElement[bool]]
"""Which rows of a file a rule is shown, by the file's name; a file that is not named is shown empty."""

Rule = Callable[[Accepted], Iterator[Found]]

_BY_NAME = {table.name: table for table in TABLES}


def check_rules(connection: Connection, region: str, file: Table, row: Row) -> None:
    """Refuse a row that was written and does not go with what is there.

    Raises:
        Refusal: what the rules of the dataset say: of the row itself, or of what refers to it.
    """
    for where, rules in _around(file, row):
        accepted = _Shown(connection, region, where)
        for rule in rules:
            for _, _, _, refusal in rule(accepted):
                raise refusal
        if file is desk_tables.CONTRACTS:
            zone = zone_of(connection, region)
            for _, _, _, refusal in partial(contracts_that_hold, zone_name=zone)(accepted):
                raise refusal


def check_held_rules(connection: Connection, region: str, file: Table, holder: str) -> None:
    """Refuse what a holder has when it does not go with what is there.

    A price breaks only where there are terms; who is borrowed works nowhere else in the hours of his calendar.

    Raises:
        Refusal: ``supply.no_terms``; as `dispatch.borrowed.check_borrowings`.
    """
    where: dict[str, ColumnElement[bool]] = {}
    rule: Rule = breaks_of_terms
    if file in {supply_tables.SUPPLIER_TERMS, agreed_tables.PRICE_BREAKS}:
        where = {
            one.name: _column(one, "part_id") == holder
            for one in (supply_tables.SUPPLIER_TERMS, agreed_tables.PRICE_BREAKS)
        }
    elif file is desk_tables.CALENDAR_DAYS:
        by_it = _column(owed_tables.BORROWINGS, "calendar") == holder
        lent = select(_column(owed_tables.BORROWINGS, "engineer_id")).where(
            by_it, BorrowingRow.c.region_id == region
        )
        where = {one.name: _column(one, "engineer_id").in_(lent) for one in _OF_ENGINEER}
        rule = lent_engineers
    for _, _, _, refusal in rule(_Shown(connection, region, where)):
        raise refusal


def check_fixed(
    connection: Connection, region: str, file: Table, name: str, changed: Collection[str]
) -> None:
    """Refuse to change what the ledger was kept under: how a part is tracked once it moved, what a place is once it is named.

    Raises:
        Refusal: ``stock.tracked_already``, ``register.still_named``.
    """
    if file is stock_tables.PARTS and "tracking" in changed:
        moved = select(MoveRow.c.seq).where(MoveRow.c.region_id == region, MoveRow.c.part_id == name).limit(1)
        if connection.execute(moved).first() is not None:
            raise Refusal("stock.tracked_already", part=name)
    if file is stock_tables.PLACES and not {"kind", "customer_id"}.isdisjoint(changed):
        check_unnamed(connection, region, file, name)


def check_unnamed(connection: Connection, region: str, file: Table, name: str) -> None:
    """Refuse to touch what another table refers to.

    Raises:
        Refusal: ``register.still_named``.
    """
    table = pair_of(file).rows
    if file.namespace == "shift":  # the plan in force names shifts and duties in one column
        stops = PublishedStopRow.c.region_id == region, PublishedStopRow.c.shift_id == name
        if connection.execute(select(PublishedStopRow.c.visit_id).where(*stops).limit(1)).first() is not None:
            raise Refusal("register.still_named", id=name, table=PublishedStopRow.name)
    for other in whole().sorted_tables:
        for reference in other.foreign_key_constraints:
            if reference.referred_table is not table or len(reference.elements) != 2:
                continue
            column = next(one.parent for one in reference.elements if one.column.name != "region_id")
            named = select(column).where(other.c.region_id == region, column == name).limit(1)
            if connection.execute(named).first() is not None:
                raise Refusal("register.still_named", id=name, table=other.name)


def _around(file: Table, row: Row) -> Iterator[tuple[Where, tuple[Rule, ...]]]:
    """What is read around a row, and the rules that judge it."""
    if file in {crew_tables.SHIFTS, crew_tables.ON_CALL}:
        yield _of_engineer(row["engineer_id"]), (shifts_apart, lent_engineers)
    elif file in {crew_tables.ENGINEERS, partner_tables.PARTNERS}:
        everywhere = _column(desk_tables.SITES, "site_id").is_not(None)
        mine = _column(file, file.key[0]) == row[file.key[0]]
        yield {"sites": everywhere, file.name: mine}, (territories_of_sites,)
    elif file in {desk_tables.SITES, desk_tables.ASSETS, desk_tables.CONTRACTS}:
        yield _of_tickets(TicketRow.c[file.key[0]] == row[file.key[0]]), (tickets_in_one_place,)
        if file is desk_tables.SITES:
            every = {name: _column(_BY_NAME[name], key).is_not(None) for name, key in _WITH_TERRITORY}
            yield every, (territories_of_sites,)
        if file is desk_tables.ASSETS:
            of_asset = {
                name: _column(_BY_NAME[name], "asset_id") == row["asset_id"]
                for name in ("assets", "replacements")
            }
            yield of_asset, (replacements_in_order,)
    elif file is stock_tables.PLACES:
        named = _column(crew_tables.ENGINEERS, "van") == row["place_id"]
        owner = _column(crew_tables.ENGINEERS, "engineer_id") == row["engineer_id"]
        mine = _column(file, "place_id") == row["place_id"]
        yield {"places": mine, "engineers": named | owner}, (one_van_for_one_engineer,)
    elif file is supply_tables.LOANER_UNITS:
        lies_in = _column(stock_tables.PLACES, "place_id") == row["van"]
        yield (
            {"places": lies_in, "loaner_units": _column(file, "unit_id") == row["unit_id"]},
            (loaners_in_vans,),
        )


_OF_ENGINEER = (crew_tables.SHIFTS, crew_tables.ON_CALL, crew_tables.ENGINEERS, owed_tables.BORROWINGS)
_WITH_TERRITORY = (("sites", "site_id"), ("engineers", "engineer_id"), ("partners", "partner_id"))


def _column(file: Table, name: str) -> ColumnElement[Any]:
    pair = pair_of(file)
    column: ColumnElement[Any] = pair.rows.c[pair.column(name)]
    return column


def _of_engineer(engineer: str) -> Where:
    return {file.name: _column(file, "engineer_id") == engineer for file in _OF_ENGINEER}


def _of_tickets(mine: ColumnElement[bool]) -> Where:
    """Some tickets with their visits, and the sites, equipment and contracts they name."""

    def named(column: str) -> Any:
        return select(TicketRow.c[column]).where(mine)

    return {
        "tickets": mine,
        "visits": _column(visit_tables.VISITS, "ticket_id").in_(named("ticket_id")),
        "sites": _column(desk_tables.SITES, "site_id").in_(named("site_id")),
        "assets": _column(desk_tables.ASSETS, "asset_id").in_(named("asset_id")),
        "contracts": _column(desk_tables.CONTRACTS, "contract_id").in_(named("contract_id")),
    }


class _Shown(Mapping[str, Sequence[Draft]]):
    """The rows a rule asks for, read when it asks."""

    def __init__(self, connection: Connection, region: str, where: Where) -> None:
        self._connection, self._region, self._where = connection, region, where
        self._read: dict[str, list[Draft]] = {}

    def __getitem__(self, name: str) -> Sequence[Draft]:
        if name == ZONE:
            return [Draft(0, MappingProxyType({}), zone_of(self._connection, self._region))]
        if name == CALENDARS:
            values = calendars(self._connection, self._region).values()
            return [Draft(at, MappingProxyType({}), one) for at, one in enumerate(values)]
        if name not in self._where:
            return []
        if name not in self._read:
            file = _BY_NAME[name]
            rows = rows_in(self._connection, pair_of(file), self._region, self._where[name])
            self._read[name] = [Draft(at, row, file.make(row)) for at, row in enumerate(rows)]
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter((*_BY_NAME, ZONE, CALENDARS))

    def __len__(self) -> int:
        return len(_BY_NAME) + 2
