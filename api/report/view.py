"""A plan ready to be told: names beside ids, local moments beside ticks, states beside deadlines.

Everything a report prints is read from here; nothing here is written in a language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from api.text import Lang
from api.text.spoken import tell, wall_clock
from dispatch.board import Board
from dispatch.cost import legs_of, travel_between, visit_stops
from dispatch.deadline import DeadlineState
from dispatch.desk.milestone import Milestone
from dispatch.desk.visit import Lock
from dispatch.plan import Outsourced, Plan, Route, Stop, StopKind, Unassigned
from dispatch.pose import severity_now
from dispatch.problem import PlanningProblem, Shift
from dispatch.publish import Change, ChangeKind
from dispatch.summary import Forecast, PlanSummary, forecasts, summary, visit_state
from inventory.replenish.reorder import Proposal
from kernel.clock import zone
from kernel.errors import Message
from kernel.money import Money, from_cents
from kernel.place import LatLon


@dataclass(frozen=True, slots=True)
class VisitView:
    """One visit, planned or left out.

    Args:
        stop: where it is planned; None: left out.
        shift, engineer: who goes; empty when left out.
        promises: its deadlines with the plan's forecast, ticks.
        missing: why it is left out; None when planned.
        partner: the outside partner who does it and when; None: our own engineers do.
    """

    id: str
    ticket: str
    severity: str
    site: str
    site_name: str
    customer: str
    at: LatLon
    state: DeadlineState
    lock: Lock
    promises: tuple[Forecast, ...]
    stop: Stop | None = None
    shift: str = ""
    engineer: str = ""
    missing: Unassigned | None = None
    partner: Outsourced | None = None

    @property
    def done(self) -> Stop | Outsourced | None:
        """When it is done, by whomever; None: left out."""
        return self.stop or self.partner

    @property
    def spare_s(self) -> int | None:
        """Ticks between the forecast and the tightest due time; None without a deadline or without a plan."""
        return min((p.spare_s for p in self.promises if p.spare_s is not None), default=None)

    def due_s(self, milestone: Milestone) -> int | None:
        """When a milestone is due, ticks; None: not promised by a time."""
        return next((p.due_s for p in self.promises if p.milestone is milestone), None)


@dataclass(frozen=True, slots=True)
class RouteView:
    """One route with who drives it and the places it passes, in order."""

    route: Route
    shift: Shift
    engineer: str
    depot: str
    path: tuple[LatLon, ...]
    travel_s: int
    distance_m: int


@dataclass(frozen=True)
class Report:
    """A plan and what it was made from.

    Args:
        board: what was true.
        problem, plan: what was asked and answered.
        proposals: what to reorder.
        changes: what the plan changes against the published one.
    """

    board: Board
    problem: PlanningProblem
    plan: Plan
    proposals: tuple[Proposal, ...] = ()
    changes: tuple[Change, ...] = ()

    @cached_property
    def locations(self) -> Mapping[str, LatLon]:
        """Coordinates by location id: one for each bar and each end of a way is looked up."""
        return self.board.locations

    @cached_property
    def figures(self) -> PlanSummary:
        """Key figures."""
        return summary(self.problem, self.plan)

    @cached_property
    def visits(self) -> tuple[VisitView, ...]:
        """Every visit of the problem, in its order."""
        return tuple(_visits(self))

    @cached_property
    def visit(self) -> Mapping[str, VisitView]:
        """The same by id."""
        return {visit.id: visit for visit in self.visits}

    @cached_property
    def routes(self) -> tuple[RouteView, ...]:
        """Every route, in the plan's order."""
        return tuple(_route(self, route) for route in self.plan.routes)

    @property
    def calls(self) -> tuple[Change, ...]:
        """Changes of visits whose customer was told a time: somebody has to call."""
        return tuple(change for change in self.changes if change.told)

    @property
    def change_counts(self) -> dict[str, int]:
        """Visits by what became of them since the plan was published, ``unchanged`` last."""
        found = {kind.value: sum(change.kind is kind for change in self.changes) for kind in ChangeKind}
        published = sum(visit.id in self.board.published for visit in self.problem.visits)
        published += len(self.board.overtaken)
        gone = sum(change.old is not None for change in self.changes)
        return {**found, "unchanged": published - gone}

    @cached_property
    def depots(self) -> Mapping[str, str]:
        """Depot by engineer."""
        return {engineer.id: engineer.depot for engineer in self.board.region.field.engineers}

    @cached_property
    def place_names(self) -> Mapping[str, str]:
        """Names of depots, warehouses and vans by id."""
        return {place.id: place.name or place.id for place in self.board.region.stock.places}

    @cached_property
    def part_names(self) -> Mapping[str, str]:
        """Names of parts by id."""
        return {part.id: part.name or part.id for part in self.board.region.stock.parts}

    @cached_property
    def class_names(self) -> Mapping[str, str]:
        """Names of loaner classes by id."""
        return {row.id: row.name or row.id for row in self.board.region.stock.loaner_classes}

    def local(self, tick: int, /) -> datetime:
        """The moment of a tick on the region's wall clock."""
        return self.here(self.board.moment(tick))

    def here(self, at: datetime, /) -> datetime:
        """A moment on the region's wall clock."""
        return at.astimezone(zone(self.board.region.settings.zone))

    def clock(self, tick: int, /) -> str:
        """A tick as people read it, the same in both languages: ``2026-03-07 09:30``."""
        return self.clock_at(self.board.moment(tick))

    def clock_at(self, at: datetime, /) -> str:
        """A moment, the same way."""
        return wall_clock(at, zone(self.board.region.settings.zone))

    def money(self, cents: int, /) -> str:
        """An amount with its currency, the same in both languages."""
        return str(Money(from_cents(cents), self.board.region.settings.currency))

    def tell(self, message: Message, lang: Lang, /) -> str:
        """Put a message with raw values (ticks, seconds, cents) into words."""
        settings = self.board.region.settings
        return tell(
            message,
            lang,
            zone=zone(settings.zone),
            currency=settings.currency,
            moment=self.board.moment,
        )


def _visits(report: Report) -> Iterable[VisitView]:
    problem, region = report.problem, report.board.region
    sites = {site.id: site for site in region.field.sites}
    customers = {customer.id: customer.name or customer.id for customer in region.field.customers}
    stops = {stop.ref: stop for stop in visit_stops(report.plan)}
    shifts = {
        stop.ref: problem.shifts[problem.shift_index[route.shift]]
        for route in report.plan.routes
        for stop in route.stops
        if stop.kind is StopKind.VISIT
    }
    missing = {left.visit: left for left in report.plan.unassigned}
    outside = {one.visit: one for one in report.plan.outside}
    for visit in problem.visits:
        place = problem.places[visit.place]
        site = sites.get(place.removeprefix("site:"))
        ticket = report.board.tickets.get(visit.ticket)
        shift, stop = shifts.get(visit.id), stops.get(visit.id)
        partner = outside.get(visit.id)
        held = {(True, False): Lock.ENGINEER, (False, True): Lock.TIME, (True, True): Lock.BOTH}
        yield VisitView(
            id=visit.id,
            ticket=visit.ticket,
            severity=severity_now(report.board, ticket).value if ticket else "",
            site=site.id if site else place,
            site_name=(site.name if site else "") or place,
            customer=customers.get(site.customer, site.customer) if site else "",
            at=report.locations[place],
            state=visit_state(visit, stop or partner),
            lock=held.get((visit.engineer_lock >= 0, visit.start_lock_s is not None), Lock.NONE),
            promises=forecasts(visit, stop or partner),
            stop=stop,
            shift=shift.id if shift else "",
            engineer=problem.engineers[shift.engineer].id if shift else "",
            missing=missing.get(visit.id),
            partner=partner,
        )


def _route(report: Report, route: Route) -> RouteView:
    problem = report.problem
    shift = problem.shifts[problem.shift_index[route.shift]]
    engineer = problem.engineers[shift.engineer].id
    legs = list(legs_of(problem, route))
    spots = [shift.start_place, *(there for _, there in legs)]
    return RouteView(
        route=route,
        shift=shift,
        engineer=engineer,
        depot=report.depots.get(engineer, ""),
        path=tuple(report.locations[problem.places[spot]] for spot in spots),
        travel_s=sum(travel_between(problem, a, b) for a, b in legs),
        distance_m=sum(int(problem.distance_m[leg]) for leg in legs),
    )
