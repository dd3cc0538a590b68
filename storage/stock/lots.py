"""Lots in tables: described once, looked up by every move of a part tracked by lot, barred when out of date."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, bindparam, select

from inventory.stock.ledger import LotKey
from inventory.stock.lot import Lot, day_of, out_of_date
from kernel.errors import Refusal
from storage.appended import append_rows, queue
from storage.idempotency import Reply, once
from storage.ready import Asked, Ready
from storage.stock.locks import AT_ONCE, check_parts
from storage.tables.catalogue import LotRow, SupplierRow
from storage.tables.region import RegionRow
from storage.unit_of_work import UnitOfWork


def describe(work: UnitOfWork, lot: Lot) -> Reply:
    """Write down a lot before its goods move: ``{"part": id, "lot": id}``; what is known of it stays as it is.

    Raises:
        Refusal: ``stock.unknown_part``, ``stock.unknown_supplier``; ``stock.duplicate`` when it is described already.
    """
    content = {
        "lot": lot.id,
        "part": lot.part,
        "supplier": lot.supplier,
        "document": lot.receipt_document,
        "original": lot.original,
        "expires_on": lot.expires_on and lot.expires_on.isoformat(),
    }

    def act() -> Reply:
        queue(work)
        _check(work, lot)
        row = {
            "lot_id": lot.id,
            "part_id": lot.part,
            "supplier_id": lot.supplier,
            "receipt_document": lot.receipt_document,
            "original": lot.original,
            "expires_on": lot.expires_on,
        }
        append_rows(work, LotRow, [row])
        work.record("stock.describe_lot", lot.id, **{k: v for k, v in content.items() if k != "lot"})
        return {"part": lot.part, "lot": lot.id}

    return once(work, "stock.describe_lot", content, act)


# Built once: putting a statement together costs as much as running it.
_ENDING = Ready(
    select(LotRow.c.lot_id, LotRow.c.part_id, LotRow.c.expires_on, RegionRow.c.zone)
    .join_from(LotRow, RegionRow, RegionRow.c.id == LotRow.c.region_id)
    .where(LotRow.c.region_id == bindparam("in_region"), LotRow.c.expires_on < bindparam("any_day"))
    .where(LotRow.c.part_id.in_(bindparam("named", expanding=True)))
)


def barred(
    connection: Connection, region: str, parts: Collection[str], *, now: datetime
) -> frozenset[LotKey]:
    """Lots of `parts` out of date on the region's own day of `now`; as `inventory.stock.lot.out_of_date` gives them."""
    found: set[LotKey] = set()
    for asked, values in asked_barred(region, parts, now=now):
        for lot, part, expires_on, zone in asked.rows(connection, values):
            found |= out_of_date((Lot(lot, part, expires_on=expires_on),), on=day_of(now, zone_name=zone))
    return frozenset(found)


def asked_barred(region: str, parts: Collection[str], *, now: datetime) -> list[Asked]:
    """What `barred` asks, to be foreseen (`storage.ready.foresee`)."""
    named = sorted(set(parts))
    # No zone is a whole day ahead of UTC: nothing later can be over anywhere.
    here = {"in_region": region, "any_day": day_of(now) + timedelta(days=1)}
    return [
        (_ENDING, here | {"named": named[start : start + AT_ONCE]}) for start in range(0, len(named), AT_ONCE)
    ]


def lots_of(connection: Connection, region: str, part: str) -> tuple[Lot, ...]:
    """Everything described of the lots of a part, in the order it was described."""
    query = select(LotRow).where(LotRow.c.region_id == region, LotRow.c.part_id == part)
    return tuple(
        Lot(
            row.lot_id,
            row.part_id,
            row.supplier_id,
            row.receipt_document,
            original=row.original,
            expires_on=row.expires_on,
        )
        for row in connection.execute(query.order_by(LotRow.c.position))
    )


def _check(work: UnitOfWork, lot: Lot) -> None:
    check_parts(work, (lot.part,))
    here: ColumnElement[bool] = (LotRow.c.region_id == work.region) & (LotRow.c.part_id == lot.part)
    if work.connection.execute(select(LotRow.c.lot_id).where(here, LotRow.c.lot_id == lot.id)).scalar():
        raise Refusal("stock.duplicate", id=f"{lot.part} / {lot.id}")
    known = select(SupplierRow.c.supplier_id).where(
        SupplierRow.c.region_id == work.region, SupplierRow.c.supplier_id == lot.supplier
    )
    if lot.supplier and not work.connection.execute(known).scalar():
        raise Refusal("stock.unknown_supplier", supplier=lot.supplier[:64])
