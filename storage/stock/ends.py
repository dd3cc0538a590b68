"""Until when a part can be ordered and is needed, said in a database: the last word stands, the audit keeps every one."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Literal

from sqlalchemy import select, update

from kernel.clock import known_day
from kernel.errors import Refusal
from storage.appended import queue
from storage.idempotency import Reply, once
from storage.stock.queries import catalogued
from storage.tables.catalogue import PartRow, SupplierTermRow
from storage.unit_of_work import UnitOfWork


class Unsaid(Enum):
    """Nothing was said of a day, which is not to say that there is none."""

    UNSAID = "unsaid"


def say_end(
    work: UnitOfWork,
    part: str,
    *,
    supplier: str = "",
    last_order_on: date | None = None,
    served_until: date | Literal[Unsaid.UNSAID] | None = Unsaid.UNSAID,
) -> Reply:
    """Say the last day on which a supplier takes an order for a part, the last on which devices that take it are served.

    What is not said stays as it is, but a supplier named without a day sells on without an end that is known.

    Args:
        work: the unit of work.
        part: part id.
        supplier: who stops; empty: only the end of service is said.
        last_order_on: his last day; None: no end is known (any more).
        served_until: the last day of service; None: no end is known (any more); unsaid: as it was.

    Returns:
        ``{"part", "supplier", "last_order_on": day, "served_until": day}``, days empty where none is known.

    Raises:
        Refusal: ``stock.unknown_part``, ``supply.no_terms``; ``supply.end_of_whom`` where no supplier is named and no end of service, or a last day of nobody;
            ``clock.out_of_range`` for a day outside 1970 to 2199.
    """

    def act() -> Reply:
        if not supplier and (last_order_on is not None or served_until is Unsaid.UNSAID):
            raise Refusal("supply.end_of_whom", part=part[:64])
        for day in (last_order_on, served_until):
            if isinstance(day, date):
                known_day(day)
        queue(work)
        known = catalogued(work.connection, work.region, (part,)).get(part)
        if known is None:
            raise Refusal("stock.unknown_part", part=part[:64])
        until = known.served_until
        if served_until is not Unsaid.UNSAID and served_until != until:
            own = (PartRow.c.region_id == work.region) & (PartRow.c.part_id == part)
            work.connection.execute(update(PartRow).where(own).values(served_until=served_until))
            work.record("stock.served_until", part, until=str(served_until or ""), was=str(until or ""))
            until = served_until
        if supplier:
            _stop(work, part, supplier, last_order_on)
        return {
            "part": part,
            "supplier": supplier,
            "last_order_on": last_order_on.isoformat() if last_order_on is not None else "",
            "served_until": until.isoformat() if until is not None else "",
        }

    content = {
        "part": part,
        "supplier": supplier,
        "last_order_on": str(last_order_on or ""),
        "served_until": "" if served_until is Unsaid.UNSAID else str(served_until or "none"),
    }
    return once(work, "stock.ends", content, act)


def _stop(work: UnitOfWork, part: str, supplier: str, last_on: date | None) -> None:
    terms = SupplierTermRow.c
    own = (terms.region_id == work.region) & (terms.part_id == part) & (terms.supplier_id == supplier)
    found = work.connection.execute(select(terms.last_order_on).where(own)).first()
    if found is None:
        raise Refusal("supply.no_terms", supplier=supplier[:64], part=part)
    if found[0] != last_on:
        work.connection.execute(update(SupplierTermRow).where(own).values(last_order_on=last_on))
        days = {"last_on": str(last_on or ""), "was": str(found[0] or "")}
        work.record("stock.last_order", f"{supplier}/{part}", **days)
