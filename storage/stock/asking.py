"""Questions of a planner that weigh several facts: what to take first, what can be promised for when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from inventory.catalogue.supplier import Supplier
from inventory.stock.lot import Pick, day_of
from inventory.stock.promise import Due, Promisable, available_to_promise
from inventory.stock.shelf import first_out, shelf
from inventory.supply.purchasing import PurchaseOrderLine, due_at
from inventory.supply.to_come import still_to_come
from kernel.errors import Refusal
from storage.regional import zone_of
from storage.stock.agreed import agreements
from storage.stock.locks import known_parts, known_places
from storage.stock.lots import barred, lots_of
from storage.stock.queries import position, reservations, serials, totals
from storage.tables.catalogue import PurchaseOrderLineRow, SupplierRow


def lots_to_take(
    connection: Connection,
    region: str,
    part: str,
    place: str,
    quantity: int,
    *,
    now: datetime,
    reservation: str = "",
    originals_only: bool = False,
) -> tuple[Pick, ...]:
    """Choose the lots that run out first, as `inventory.stock.shelf.first_out` chooses; nothing is taken.

    Raises:
        Refusal: ``stock.unknown_part``, ``stock.unknown_place``; those of `first_out`.
    """
    check_known(connection, region, part, place)
    on = shelf(
        part,
        known_places(connection, region, (place,))[place],
        totals(connection, region, parts=(part,)),
        serials=serials(connection, region, part=part),
        barred=barred(connection, region, (part,), now=now),
    )
    return first_out(
        on,
        reservations(connection, region, now=now, part=part),
        quantity,
        lots=lots_of(connection, region, part),
        now=now,
        day=day_of(now, zone_name=zone_of(connection, region)),
        reservation=reservation,
        originals_only=originals_only,
    )


def promisable(
    connection: Connection, region: str, part: str, place: str, *, now: datetime
) -> tuple[Promisable, ...]:
    """What can be promised from which moment on, as `inventory.stock.promise.available_to_promise` says.

    Usable units of today and order lines on the day they are due count for it, every reservation against it
    from now on. A line past its day is promised to nobody. Goods in transit count when they are received, for no move says when that will be; a lot counts
    until its last day has passed.

    Raises:
        Refusal: ``stock.unknown_part``, ``stock.unknown_place``.
    """
    check_known(connection, region, part, place)
    here = position(connection, region, part, place, now=now)
    kept = [row for row in reservations(connection, region, now=now, part=part) if row.place == place]
    return available_to_promise(
        here.usable,
        arrivals=_arrivals(connection, region, part, place, now=now),
        commitments=[Due(now, row.left, row.demand_ref) for row in kept],
        now=now,
    )


def check_known(connection: Connection, region: str, part: str, place: str) -> None:
    """Refuse a part or place that is not there, so that a mistyped id does not read as an empty shelf.

    Raises:
        Refusal: ``stock.unknown_part``, ``stock.unknown_place``.
    """
    if part not in known_parts(connection, region, (part,)):
        raise Refusal("stock.unknown_part", part=part[:64])
    if place not in known_places(connection, region, (place,)):
        raise Refusal("stock.unknown_place", place=place[:64])


def _arrivals(connection: Connection, region: str, part: str, place: str, *, now: datetime) -> list[Due]:
    line = PurchaseOrderLineRow.c
    query = (
        select(
            PurchaseOrderLineRow,
            SupplierRow.c.name,
            SupplierRow.c.lead_time_days,
            SupplierRow.c.lead_time_sd_days,
        )
        .join_from(
            PurchaseOrderLineRow,
            SupplierRow,
            (SupplierRow.c.region_id == line.region_id) & (SupplierRow.c.supplier_id == line.supplier_id),
        )
        .where(line.region_id == region, line.part_id == part, line.to_place == place, line.ordered_at <= now)
        .order_by(line.position)
    )
    found: list[Due] = []
    for row in connection.execute(query):
        ordered = PurchaseOrderLine(
            row.order_id,
            row.supplier_id,
            row.part_id,
            row.quantity,
            row.to_place,
            row.ordered_at,
            promised_at=row.promised_at,
            received=row.received,
            later=row.later_promised_at,
        )
        supplier = Supplier(row.supplier_id, row.name, row.lead_time_days, row.lead_time_sd_days)
        units = still_to_come(ordered, agreements(connection, region, row.supplier_id))
        if units:
            found.append(Due(due_at(ordered, supplier), units, ordered.order))
    return found
