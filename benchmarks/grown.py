"""A region grown to a country's size: copies of what it has, for lists that have to stay quick."""

from __future__ import annotations

from sqlalchemy import func, insert, select, text

from api.wire.page import cursor
from kernel.clock import Stopwatch, SystemClock
from kernel.envelope import Envelope
from storage.database import Database
from storage.rows.region import region_ids
from storage.tables.crew import EngineerRow
from storage.tables.desk import TicketRow


def pages(database: Database, region: str) -> list[str]:
    """Cursors all over the list."""
    with database.reading() as connection:
        query = (
            select(TicketRow.c.ticket_id)
            .where(TicketRow.c.region_id == region)
            .order_by(TicketRow.c.ticket_id)
        )
        ids = list(connection.execute(query).scalars())
    return [cursor("number", one) for one in ids[:: max(1, len(ids) // 200)]]


def grow(database: Database, *, engineers: int, tickets: int) -> str:
    """Copies of the region's first engineer and ticket until there are that many; gives the region's id."""
    with database.reading() as connection:
        grown = connection.execute(select(func.count()).select_from(TicketRow)).scalar_one()
        if grown >= tickets:
            return region_ids(connection)[0]
    envelope = Envelope("operator", "benchmark", SystemClock().now(), "grow", "none")
    watch = Stopwatch()
    with database.writing(envelope) as work:
        for table, column, wanted in (
            (EngineerRow, "engineer_id", engineers),
            (TicketRow, "ticket_id", tickets),
        ):
            first = work.connection.execute(select(table).limit(1)).mappings().one()
            rows = (
                {**first, column: f"N-{number:07}", "position": 1_000_000 + number}
                for number in range(wanted)
            )
            while some := [row for _, row in zip(range(2000), rows, strict=False)]:
                work.connection.execute(insert(table), some)
        if database.kind == "sqlite":
            work.connection.execute(text("ANALYZE"))
        region = str(first["region_id"])
    print(f"grown to {engineers} engineers and {tickets} tickets in {watch.seconds:.0f} s", flush=True)
    return region
