"""What lateness costs, ticket by ticket: so far, and as the plan in force and the engineers' words have it end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from api.usecases.in_force import InForce
from dispatch.cost import visit_stops
from dispatch.desk.breach import exposure
from dispatch.desk.life import OVER, state_of
from dispatch.desk.milestone import Milestone, Severity
from dispatch.measures.case import areas_of
from dispatch.plan import Outsourced, Stop
from dispatch.summary import forecasts
from kernel.ids import natural_key


@dataclass(frozen=True, slots=True)
class Exposed:
    """One promise of an open ticket whose lateness its scheme prices.

    Args:
        ticket, scheme: whose promise, under which scheme; `contract` and `area` empty: not known.
        customer, severity: whose, and how grave now.
        milestone: which.
        currency: of the amounts.
        due_at: when it is due.
        expected_at: when it is expected to be met; None: nobody is planned, it is taken as met now.
        late_s: seconds past the due time so far.
        actual_cents, forecast_cents: what that costs, and will cost; the forecast is never below the actual.
    """

    ticket: str
    customer: str
    contract: str
    area: str
    severity: Severity
    scheme: str
    milestone: Milestone
    currency: str
    due_at: datetime
    expected_at: datetime | None
    late_s: int
    actual_cents: int
    forecast_cents: int


def exposed(going: InForce, /) -> tuple[Exposed, ...]:
    """Price every open ticket's promises that are late or will be, dearest first, then by due time."""
    board, expected = going.board, _expected(going)
    areas = areas_of(board.region)
    customers = {site.id: site.customer for site in board.region.field.sites}
    found = []
    for ticket in board.tickets.values():
        scheme, events = board.scheme(ticket), board.events.get(ticket.id, ())
        state = state_of(ticket, events, board.now)
        if not scheme.breach or state.stage in OVER:
            continue
        clocks = board.clocks(ticket)
        mine = {one: at for (number, one), at in expected.items() if number == ticket.id}
        if state.forecast is not None:
            # What the engineer at work says goes before what the plan believes.
            mine |= {Milestone.REPAIR: state.forecast, Milestone.DELIVER: state.forecast}
        for row in exposure(clocks, scheme, state.severity, board.now, forecast=mine):
            due_at = clocks[row.milestone].due_at
            if row.forecast_cents and due_at is not None:
                found.append(
                    Exposed(
                        ticket.id,
                        customers.get(ticket.site, ""),
                        ticket.contract,
                        areas.get(ticket.site, ""),
                        state.severity,
                        scheme.id,
                        row.milestone,
                        scheme.currency,
                        due_at,
                        mine.get(row.milestone),
                        row.late_s,
                        row.actual_cents,
                        row.forecast_cents,
                    )
                )
    return tuple(sorted(found, key=lambda one: (-one.forecast_cents, one.due_at, one.ticket)))


class ExposedBy(StrEnum):
    """What exposure is summed by."""

    CUSTOMER = "customer"
    CONTRACT = "contract"
    SCHEME = "scheme"
    AREA = "area"


@dataclass(frozen=True, slots=True)
class ExposedSum:
    """What the promises of one group cost; `late` of them have passed their due time already."""

    group: str
    currency: str
    promises: int
    tickets: int
    late: int
    actual_cents: int
    forecast_cents: int


def summed(rows: Iterable[Exposed], by: ExposedBy, /) -> tuple[ExposedSum, ...]:
    """Add up what lateness costs by group and currency, dearest first; the sums add up to all rows."""
    groups: dict[tuple[str, str], list[Exposed]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, by.value), row.currency].append(row)
    found = (
        ExposedSum(
            group,
            currency,
            len(listed),
            len({row.ticket for row in listed}),
            sum(row.late_s > 0 for row in listed),
            sum(row.actual_cents for row in listed),
            sum(row.forecast_cents for row in listed),
        )
        for (group, currency), listed in groups.items()
    )
    return tuple(sorted(found, key=lambda one: (-one.forecast_cents, one.currency, natural_key(one.group))))


def _expected(going: InForce) -> dict[tuple[str, Milestone], datetime]:
    """When the plan meets each promise, by ticket and milestone; a promise one of whose visits is left out has none."""
    board = going.board
    done: dict[str, Stop | Outsourced] = {stop.ref: stop for stop in visit_stops(going.plan)}
    done |= {one.visit: one for one in going.plan.outside}
    meets: dict[tuple[str, Milestone], int | None] = {}
    for visit in going.problem.visits:
        for one in forecasts(visit, done.get(visit.id)):
            key = (visit.ticket, one.milestone)
            before = meets.get(key, one.meets_s)
            meets[key] = None if one.meets_s is None or before is None else max(before, one.meets_s)
    return {key: board.moment(at) for key, at in meets.items() if at is not None}
