"""The published plan: the stops of open visits, replaced by what was decided."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import delete, update

from dispatch.desk.visit import PublishedStop, Visit
from storage.announcing import announce_published
from storage.dataset import visit_tables
from storage.rows.facts import add, values_in
from storage.tables.desk import PublishedStopRow, VisitRow
from storage.unit_of_work import UnitOfWork


def publish_stops(
    work: UnitOfWork, stops: Iterable[PublishedStop], *, visits: Collection[str], as_given: bool = False
) -> int:
    """Have the published plan say this of some visits; `storage.appended.queue` comes before.

    Args:
        work: of the command.
        stops: of these visits, all of them.
        visits: those decided about: one without a stop is no longer planned. Others, done or over, stay as published.
        as_given: lock and telling are written as given, also where the place stays.

    Returns:
        Stops that are new or other than before, and those taken away. Who has to hear of it and has an address is left
        a message.
    """
    there: dict[str, PublishedStop] = {
        stop.planned: stop
        for stop in values_in(work.connection, visit_tables.PUBLISHED_PLAN, work.region)
        if stop.visit in visits
    }
    wanted = {stop.planned: stop if as_given else _as_kept(there.get(stop.planned), stop) for stop in stops}
    gone = [stop for name, stop in there.items() if wanted.get(name) != stop]
    new = [stop for name, stop in wanted.items() if there.get(name) != stop]
    for stop in gone:
        work.connection.execute(
            delete(PublishedStopRow).where(
                PublishedStopRow.c.region_id == work.region,
                PublishedStopRow.c.visit_id == stop.visit,
                PublishedStopRow.c.role == stop.role,
                PublishedStopRow.c.piece == stop.piece,
            )
        )
    add(work, visit_tables.PUBLISHED_PLAN, new)
    for stop in new:
        work.record(
            "plan.stop", stop.planned, who=stop.who, starts_at=stop.starts_at.isoformat(), lock=stop.lock
        )
    for name in sorted({stop.planned for stop in gone} - wanted.keys()):
        work.record("plan.stop_gone", name)
    announce_published(work, there, wanted)
    return len({stop.planned for stop in (*gone, *new)})


def send_to_workshop(work: UnitOfWork, visit: Visit) -> None:
    """Have a visit collect the unit for the workshop; `storage.appended.queue` comes before.

    Args:
        work: of the command.
        visit: as `dispatch.desk.workshop.to_workshop` made it.
    """
    here = (VisitRow.c.region_id == work.region) & (VisitRow.c.visit_id == visit.id)
    asked = {"duration_min": visit.duration_min, "bench_min": visit.bench_min, "return_min": visit.return_min}
    work.connection.execute(update(VisitRow).where(here).values(**asked, continuous=visit.continuous))
    work.record("plan.workshop", visit.id, ticket=visit.ticket, **asked)


def _as_kept(before: PublishedStop | None, stop: PublishedStop) -> PublishedStop:
    """The stop as it stands, where only what is folded from the ticket's events was put beside it."""
    if before is None or (before.who, before.starts_at) != (stop.who, stop.starts_at):
        return stop
    return before
