"""Pages of what a region has on record: rows of one of its files, in the order they were written or one asked for."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select

from storage.dataset.table import Row, Table
from storage.order import By, Order, Orders, Place, letters, page_of, place_of
from storage.rows.facts import pair_of
from storage.tables.catalogue import PartRow
from storage.tables.crew import EngineerRow
from storage.tables.desk import AssetRow, ContractRow, CustomerRow, SiteRow

WRITTEN = "written"
"""The order every register has, and comes in where none is asked for."""

_customer, _site, _asset = CustomerRow.c, SiteRow.c, AssetRow.c
_contract, _engineer, _part = ContractRow.c, EngineerRow.c, PartRow.c
CUSTOMER_ORDERS: Orders = {
    WRITTEN: (By(_customer.position),),
    "customer": (By(_customer.customer_id),),
    "name": (By(letters(_customer.name)), By(_customer.customer_id)),
}
SITE_ORDERS: Orders = {
    WRITTEN: (By(_site.position),),
    "site": (By(_site.site_id),),
    "name": (By(letters(_site.name)), By(_site.site_id)),
    "customer": (By(_site.customer_id), By(_site.site_id)),
}
ASSET_ORDERS: Orders = {
    WRITTEN: (By(_asset.position),),
    "asset": (By(_asset.asset_id),),
    "site": (By(_asset.site_id), By(_asset.asset_id)),
    "model": (By(letters(_asset.model)), By(_asset.asset_id)),
    "oldest": (By(_asset.made_on, empty=True), By(_asset.asset_id)),
}
CONTRACT_ORDERS: Orders = {
    WRITTEN: (By(_contract.position),),
    "contract": (By(_contract.contract_id),),
    "customer": (By(_contract.customer_id), By(_contract.contract_id)),
    "ending": (By(_contract.valid_until, empty=True), By(_contract.contract_id)),
    "newest": (By(_contract.valid_from, down=True), By(_contract.contract_id)),
}
ENGINEER_ORDERS: Orders = {
    WRITTEN: (By(_engineer.position),),
    "engineer": (By(_engineer.engineer_id),),
    "depot": (By(_engineer.depot), By(_engineer.engineer_id)),
}
PART_ORDERS: Orders = {
    WRITTEN: (By(_part.position),),
    "part": (By(_part.part_id),),
    "name": (By(letters(_part.name)), By(_part.part_id)),
    "cheapest": (By(_part.price), By(_part.part_id)),
    "dearest": (By(_part.price, down=True), By(_part.part_id)),
    "criticality": (By(_part.criticality), By(_part.part_id)),
}


def as_written(file: Table) -> Orders:
    """The one order of a register nobody has asked another of."""
    return {WRITTEN: (By(pair_of(file).rows.c.position),)}


def register_page(
    connection: Connection,
    region: str,
    file: Table,
    *wanted: ColumnElement[bool],
    order: Order,
    most: int,
    after: Place | None = None,
) -> tuple[list[Row], Place | None]:
    """Read rows of a file under the names its columns have there.

    Args:
        connection: to read with.
        region: its id.
        file: one of `storage.dataset.schema.FIELD`.
        wanted: conditions on its table: filters, and how far somebody's rights reach.
        order: one of this register's.
        most: rows in the page.
        after: where the last row of the page before stands.

    Returns:
        The rows, and where the next page starts; None: that was all.

    Raises:
        Refusal: ``request.bad_cursor``.
    """
    pair = pair_of(file)
    names = [column.name for column in file.columns]
    query = select(*(pair.rows.c[pair.column(name)].label(name) for name in names))
    query = query.where(pair.rows.c.region_id == region, *wanted)
    found = connection.execute(page_of(query, order, after=after, most=most)).all()
    rows: list[Row] = [dict(zip(names, row, strict=False)) for row in found[:most]]
    return rows, place_of(found[most - 1], order) if len(found) > most else None


def naming(file: Table, words: str, *columns: str) -> list[ColumnElement[bool]]:
    """The condition that one of some columns contains words, in capitals or not; no words want nothing."""
    rows = pair_of(file).rows
    return [or_(*(rows.c[name].icontains(words, autoescape=True) for name in columns))] if words else []


def holding(file: Table, **cells: Any) -> list[ColumnElement[bool]]:
    """Conditions that columns hold just this, of a row as the file's columns are read; an empty text: they hold nothing."""
    pair = pair_of(file)
    columns = {name: pair.rows.c[pair.column(name)] for name in cells}
    return [
        column.is_(None) if column.nullable and cells[name] == "" else column == cells[name]
        for name, column in columns.items()
    ]


def alike(file: Table, **wanted: Any) -> list[ColumnElement[bool]]:
    """Conditions that columns hold what is wanted; an empty text wants nothing."""
    pair = pair_of(file)
    return [pair.rows.c[pair.column(name)] == value for name, value in wanted.items() if value != ""]
