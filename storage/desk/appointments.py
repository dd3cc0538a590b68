"""The customer can be visited at other times: what was agreed before is replaced, a start he no longer wants given up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import delete

from dispatch.desk.life import work_ended
from dispatch.desk.visit import Appointment, PublishedStop
from dispatch.short import FREED
from kernel.errors import Refusal
from kernel.interval import Interval
from storage.appended import queue
from storage.dataset import visit_tables
from storage.desk.tickets import ticket_known
from storage.idempotency import Reply, once
from storage.publishing import publish_stops
from storage.rows.facts import add, values_in
from storage.tables.desk import AppointmentRow
from storage.unit_of_work import UnitOfWork


def agree(work: UnitOfWork, visit: str, windows: Sequence[Interval]) -> Reply:
    """Write down when the customer can be visited: ``{"visit": id, "given_up": yes or no}``.

    A published start outside the new windows is no longer held: the visit has to be moved.

    Args:
        work: of the command.
        visit: of a ticket with work to be done.
        windows: they take the place of those agreed before; none: any time.

    Raises:
        Refusal: ``board.unknown_visit``, ``board.ticket_done``.
    """

    def act() -> Reply:
        queue(work)
        known = values_in(work.connection, visit_tables.VISITS, work.region, visit_id=visit)
        if not known:
            raise Refusal("board.unknown_visit", visit=visit)
        if work_ended(ticket_known(work, known[0].ticket).events):
            raise Refusal("board.ticket_done", ticket=known[0].ticket, visit=visit)
        work.connection.execute(
            delete(AppointmentRow).where(
                AppointmentRow.c.region_id == work.region, AppointmentRow.c.visit_id == visit
            )
        )
        add(work, visit_tables.APPOINTMENTS, tuple(Appointment(visit, window) for window in windows))
        given_up = _give_up(work, visit, windows)
        work.record("visit.appointments", visit, windows=len(windows), given_up=given_up)
        return {"visit": visit, "given_up": given_up}

    told = [[one.start.isoformat(), one.end.isoformat()] for one in windows]
    return once(work, "visit.agree", {"visit": visit, "windows": told}, act)


def _give_up(work: UnitOfWork, visit: str, windows: Sequence[Interval]) -> bool:
    """Take the time's lock off a published start outside `windows`; whether there is such a start."""
    stops: tuple[PublishedStop, ...] = values_in(
        work.connection, visit_tables.PUBLISHED_PLAN, work.region, visit_id=visit
    )
    first = next((stop for stop in stops if stop.planned == visit), None)
    if first is None or not windows or any(first.starts_at in window for window in windows):
        return False
    freed = replace(first, lock=FREED.get(first.lock, first.lock))
    others = (stop for stop in stops if stop is not first)
    publish_stops(work, (freed, *others), visits={visit}, as_given=True)
    return True
