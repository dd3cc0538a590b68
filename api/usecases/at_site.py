"""What an engineer has in hand: the visits of the day, and for one of them the form, the parts, the promises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from api.usecases.desk import Desk, Seen
from api.usecases.fitted import fitted_under
from api.usecases.work_orders import order_of
from dispatch.desk.life import state_of
from dispatch.desk.milestone import Milestone
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.desk.work_order import WorkOrder
from dispatch.endangered import FINISHES
from inventory.stock.move import Condition
from kernel.clock import zone
from kernel.errors import Refusal
from kernel.interval import Interval
from storage.dataset import visit_tables
from storage.desk.fitted import van_of
from storage.desk.positions import duty_of
from storage.regional import zone_of
from storage.rows.around import around
from storage.rows.customer_ticket import contact_of
from storage.rows.facts import values_in
from storage.rows.tickets import ticket_page
from storage.rows.visits import VisitThere, days_of, parts_of_visit
from storage.scope import Scope
from storage.stock.queries import catalogued
from storage.tables.ledger import BalanceRow

DAYS = 2
"""Days an engineer is shown: today and tomorrow."""
MOST_VISITS = 60

STEPS: tuple[EventKind, ...] = (
    EventKind.ACCEPTED,
    EventKind.TRAVELLING,
    EventKind.ON_SITE,
    EventKind.REPAIRED,
)
"""A visit that goes as it should."""

_SHOWN = {*STEPS, EventKind.WAITING, EventKind.RESUMED, EventKind.LEFT, EventKind.DELIVERED}
_OFTEN = {
    EventKind.WAITING: EventKind.RESUMED,
    EventKind.RESUMED: EventKind.REPAIRED,
    EventKind.LEFT: EventKind.TRAVELLING,
}


@dataclass(frozen=True, slots=True)
class Today:
    """One visit in the list of a day; `last`: what its engineer said of it last, None: nothing yet; `done`: no work is left."""

    visit: VisitThere
    last: EventKind | None
    done: bool


@dataclass(frozen=True, slots=True)
class Goods:
    """Some units of a part by its name."""

    part: str
    name: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One visit in its engineer's hand.

    Args:
        visit: where and when.
        seen: the ticket; `order`: its form.
        contact: how to reach who reported it; empty: not said.
        needs, fitted, van: parts it is thought to need, that went in, that lie in the van.
        last: what this engineer said of it last; None: nothing yet.
        following: what comes next where all goes well; None: nothing is left.
        endangered: (milestone, due) that the engineer's own forecast passes.
    """

    visit: VisitThere
    seen: Seen
    order: WorkOrder
    contact: str
    needs: tuple[Goods, ...]
    fitted: tuple[Goods, ...]
    van: tuple[Goods, ...]
    last: EventKind | None
    following: EventKind | None
    endangered: tuple[tuple[Milestone, datetime], ...]


def engineer_of(scope: Scope) -> str:
    """The engineer an account is of.

    Raises:
        Refusal: ``phone.no_engineer``.
    """
    if not scope.engineer:
        raise Refusal("phone.no_engineer")
    return scope.engineer


def zone_here(connection: Connection, region: str) -> ZoneInfo:
    """The zone whose wall clocks a region goes by."""
    return zone(zone_of(connection, region))


def days(connection: Connection, region: str, engineer: str, *, now: datetime) -> tuple[Today, ...]:
    """An engineer's published visits of today and tomorrow, the first first."""
    here = zone_here(connection, region)
    midnight = now.astimezone(here).replace(hour=0, minute=0, second=0, microsecond=0)
    until = midnight + timedelta(days=DAYS)
    found = days_of(connection, region, engineer, since=midnight, most=MOST_VISITS)
    listed = []
    for visit in found:
        if visit.starts_at is None or visit.starts_at >= until:
            continue
        page = ticket_page(connection, region, most=1, ticket=visit.ticket, over=True)
        events = page.events.get(visit.ticket, ())
        done = not state_of(page.tickets[0], events, now).is_open
        listed.append(Today(visit, last_said(events, visit.visit, engineer), done))
    return tuple(listed)


def duty_now(connection: Connection, region: str, engineer: str, *, now: datetime) -> Interval | None:
    """The duty an engineer is on."""
    return duty_of(connection, region, engineer, now)


def own_visit(connection: Connection, region: str, scope: Scope, visit: str, engineer: str, /) -> VisitThere:
    """A visit with the part of it that is an engineer's.

    Raises:
        Refusal: ``explain.unknown_visit``, also where it is nothing of his.
    """
    parts = parts_of_visit(connection, region, scope, visit)
    mine = [one for one in parts if one.engineer == engineer]
    if not mine:
        raise Refusal("explain.unknown_visit", visit=visit[:64])
    return mine[0]


def last_said(events: Sequence[TicketEvent], visit: str, engineer: str) -> EventKind | None:
    """The last step an engineer said of a visit; None: nothing, or the work was opened again since."""
    last = None
    for event in events:
        if event.kind is EventKind.REOPENED:
            last = None
        elif event.by == engineer and event.visit in {"", visit} and event.kind in _SHOWN:
            last = event.kind
    return last


def following(last: EventKind | None, *, is_open: bool) -> EventKind | None:
    """The step that comes next where all goes well; None: no work is left."""
    if not is_open:
        return None
    if last is None:
        return STEPS[0]
    if last in _OFTEN:
        return _OFTEN[last]
    at = STEPS.index(last) + 1 if last in STEPS else len(STEPS)
    return STEPS[at] if at < len(STEPS) else STEPS[1]


def sheet_of(
    connection: Connection, region: str, scope: Scope, visit: str, engineer: str, *, now: datetime
) -> Sheet:
    """Put together what an engineer needs at a visit.

    Raises:
        Refusal: ``explain.unknown_visit``.
    """
    there = own_visit(connection, region, scope, visit, engineer)
    desk = Desk(around(connection, region, there.ticket), now)
    seen = desk.shown(there.ticket)
    assert isinstance(seen, Seen), "a visit is of a ticket"
    used = fitted_under(connection, region, there.ticket, *(one.id for one in seen.visits), now=now)
    needs = {
        one.part: one.quantity
        for one in values_in(connection, visit_tables.PART_REQUIREMENTS, region, visit_id=visit)
    }
    van = _in_van(connection, region, engineer)
    names = catalogued(connection, region, [*needs, *van, *(one.part for one in used)])

    def goods(counted: dict[str, int]) -> tuple[Goods, ...]:
        return tuple(Goods(part, names[part].name, counted[part]) for part in sorted(counted))

    last, state = last_said(seen.events, visit, engineer), seen.state
    return Sheet(
        there,
        seen,
        replace(order_of(desk, there.ticket), parts=used),
        contact_of(connection, region, there.ticket),
        goods(needs),
        goods({one.part: one.quantity for one in used}),
        goods(van),
        last,
        following(last, is_open=state.is_open),
        tuple(
            (name, clock.due_at)
            for name, clock in seen.clocks.items()
            if name in FINISHES
            and clock.is_open
            and clock.due_at is not None
            and state.forecast is not None
            and state.forecast > clock.due_at
        ),
    )


def _in_van(connection: Connection, region: str, engineer: str) -> dict[str, int]:
    """Usable units in an engineer's van by part."""
    row, van = BalanceRow.c, van_of(connection, region, engineer)
    if not van:
        return {}
    query = select(row.part_id, row.quantity).where(
        row.region_id == region,
        row.place_id == van,
        row.condition == Condition.USABLE,
        row.quantity > 0,
    )
    found: dict[str, int] = {}
    for part, quantity in connection.execute(query):
        found[part] = found.get(part, 0) + quantity
    return found
