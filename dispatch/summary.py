"""What a plan amounts to, in figures: pure, from the problem and the plan alone. Times are ticks, money cents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dispatch.cost import cost, legs_of, travel_between, visit_stops
from dispatch.deadline import DeadlineState, most_urgent, state
from dispatch.desk.milestone import Milestone
from dispatch.plan import (
    CostTerms,
    LoanerBy,
    Outsourced,
    Plan,
    Route,
    Source,
    Stop,
    StopKind,
    Unassigned,
)
from dispatch.problem import PlanningProblem, Visit, plain_name


@dataclass(frozen=True, slots=True)
class Forecast:
    """One promise of one visit: when it is due and when the plan meets it; None: nobody is planned."""

    milestone: Milestone
    due_s: int
    meets_s: int | None

    @property
    def spare_s(self) -> int | None:
        """Ticks left before the due time; negative when late; None when nobody is planned."""
        return None if self.meets_s is None else self.due_s - self.meets_s


@dataclass(frozen=True, slots=True)
class Attainment:
    """How many promises of one milestone a plan keeps.

    Args:
        met, late: planned visits that keep or pass the due time.
        left_out: visits nobody is planned for, due within the horizon.
        undecided: visits nobody is planned for, due after the horizon: neither kept nor missed.
    """

    milestone: Milestone
    met: int
    late: int
    left_out: int
    undecided: int

    @property
    def total(self) -> int:
        """Promises the plan decides: met, late and left out."""
        return self.met + self.late + self.left_out

    @property
    def share(self) -> float | None:
        """Met over total, 0 to 1; None when nothing is promised."""
        return self.met / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class PickUp:
    """Something to take along at a pick-up stop: units of a part, or one tool (`part` empty)."""

    store: str
    shift: str
    engineer: str
    at_s: int
    part: str = ""
    quantity: int = 1
    tool: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """An offer the plan takes: to be ordered now. `kind` is the offer's word, `cents` what it costs."""

    offer: str
    kind: str
    part: str
    quantity: int
    visit: str
    arrives_s: int
    cents: int
    from_store: str


@dataclass(frozen=True, slots=True)
class LoanerSent:
    """A loaner on its way: which unit, from where, to which visit, how, and when it stands."""

    unit: str
    loaner_class: str
    store: str
    visit: str
    by: LoanerBy
    stands_s: int
    shift: str


@dataclass(frozen=True, slots=True)
class GivenAway:
    """A visit an outside partner does: to be asked now. Work lasts [start_s, end_s), `cents` is his price."""

    visit: str
    partner: str
    start_s: int
    end_s: int
    cents: int


@dataclass(frozen=True, slots=True)
class Fetched:
    """A loaner unit taken back from a customer: on which visit, by whom, when."""

    unit: str
    visit: str
    shift: str
    engineer: str
    at_s: int


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """Key figures of a plan.

    Args:
        visits: all visits of the problem.
        planned: of these, on a route or with a partner.
        left_out: the others, with their reasons.
        attainment: for arrive, repair and substitute, in this order.
        travel_s, distance_m, overtime_s: over all routes.
        routes, engineers: used ones.
        terms: the cost, computed here and not claimed by the solver.
    """

    visits: int
    planned: int
    left_out: tuple[Unassigned, ...]
    attainment: tuple[Attainment, ...]
    travel_s: int
    distance_m: int
    overtime_s: int
    routes: int
    engineers: int
    pick_ups: tuple[PickUp, ...]
    deliveries: tuple[Delivery, ...]
    loaners: tuple[LoanerSent, ...]
    fetched: tuple[Fetched, ...]
    given_away: tuple[GivenAway, ...]
    terms: CostTerms


def summary(problem: PlanningProblem, plan: Plan) -> PlanSummary:
    """Sum up `plan`.

    Raises:
        KeyError: the plan names something the problem does not have; `dispatch.verify` says so in words.
    """
    stops = {stop.ref: stop for stop in visit_stops(plan)}
    legs = [leg for route in plan.routes for leg in legs_of(problem, route)]
    shifts = [problem.shifts[problem.shift_index[route.shift]] for route in plan.routes]
    return PlanSummary(
        visits=len(problem.visits),
        planned=len(stops) + len(plan.outside),
        left_out=plan.unassigned,
        attainment=_attainment(problem, {**stops, **{one.visit: one for one in plan.outside}}),
        travel_s=sum(travel_between(problem, a, b) for a, b in legs),
        distance_m=sum(int(problem.distance_m[leg]) for leg in legs),
        overtime_s=sum(
            max(0, route.end_s - shift.end_s) for route, shift in zip(plan.routes, shifts, strict=True)
        ),
        routes=len(plan.routes),
        engineers=len({shift.engineer for shift in shifts}),
        pick_ups=tuple(found for route in plan.routes for found in _pick_ups(problem, route)),
        deliveries=tuple(found for stop in stops.values() for found in _deliveries(problem, stop)),
        loaners=tuple(_loaners(plan)),
        fetched=tuple(_fetched(problem, plan)),
        given_away=tuple(_given_away(problem, one) for one in plan.outside),
        terms=cost(problem, plan),
    )


def forecasts(visit: Visit, stop: Stop | Outsourced | None) -> tuple[Forecast, ...]:
    """Say when each promise of `visit` is due and when `stop` meets it; the repair is done when the equipment runs.

    A substitute is promised for a repair that overruns: it appears when nobody is planned, when the planned
    repair passes its due time, or when the repair itself is not promised by a time; a repair done by then
    keeps it too.
    """
    found = []
    if visit.arrive is not None:
        found.append(Forecast(Milestone.ARRIVE, visit.arrive.due_s, stop.start_s if stop else None))
    stands_s = stop.loaner.stands_s if isinstance(stop, Stop) and stop.loaner else None
    runs_s = stop.end_s + visit.away_s if stop else None
    if visit.repair is not None:
        finish_s = runs_s
        if finish_s is not None and stands_s is not None and visit.loaner and visit.loaner.stops_repair:
            finish_s = min(finish_s, stands_s)
        found.append(Forecast(Milestone.REPAIR, visit.repair.due_s, finish_s))
    overruns = visit.repair is None or runs_s is None or runs_s > visit.repair.due_s
    if visit.substitute is not None and overruns:
        meets_s = runs_s
        if meets_s is not None and stands_s is not None:
            meets_s = min(meets_s, stands_s)
        found.append(Forecast(Milestone.SUBSTITUTE, visit.substitute.due_s, meets_s))
    return tuple(found)


def visit_state(visit: Visit, stop: Stop | Outsourced | None) -> DeadlineState:
    """How a visit stands at the problem's start (tick 0): the most urgent of its deadlines.

    A visit nobody is planned for is never calmer than unassigned.
    """
    states = [state(due_s=f.due_s, forecast_s=f.meets_s, now_s=0) for f in forecasts(visit, stop)]
    return most_urgent([*states, state(due_s=None, forecast_s=stop.start_s if stop else None, now_s=0)])


def _attainment(problem: PlanningProblem, done: Mapping[str, Stop | Outsourced]) -> tuple[Attainment, ...]:
    counts = {m: [0, 0, 0, 0] for m in (Milestone.ARRIVE, Milestone.REPAIR, Milestone.SUBSTITUTE)}
    # A repair in parts is done with the part that ends it: one promise, whatever else waits for it.
    ended_by_another = {visit.trip for visit in problem.visits if visit.trip and visit.repair is not None}
    for visit in problem.visits:
        for promise in forecasts(visit, done.get(visit.id)):
            if promise.milestone is Milestone.REPAIR and visit.id in ended_by_another:
                continue
            if promise.spare_s is not None:
                column = 0 if promise.spare_s >= 0 else 1
            else:
                column = 2 if promise.due_s < problem.horizon_s else 3
            counts[promise.milestone][column] += 1
    return tuple(Attainment(milestone, *row) for milestone, row in counts.items())


def _pick_ups(problem: PlanningProblem, route: Route) -> Iterator[PickUp]:
    engineer = problem.engineers[problem.shifts[problem.shift_index[route.shift]].engineer].id
    seen: set[str] = set()
    for at, stop in enumerate(route.stops):
        if stop.kind is not StopKind.PICK_UP:
            continue
        for tool in stop.tools:
            yield PickUp(stop.ref, route.shift, engineer, stop.start_s, tool=tool)
        if stop.ref in seen:
            continue  # a second stop at the same store: its parts are taken at the first
        seen.add(stop.ref)
        wanted: dict[str, int] = {}
        for supply in (supply for later in route.stops[at:] for supply in later.supply):
            if supply.source is Source.PICK_UP and supply.from_id == stop.ref:
                part = plain_name(supply.part)
                wanted[part] = wanted.get(part, 0) + supply.quantity
        for part, quantity in sorted(wanted.items()):
            yield PickUp(stop.ref, route.shift, engineer, stop.start_s, part=part, quantity=quantity)


def _deliveries(problem: PlanningProblem, stop: Stop) -> Iterator[Delivery]:
    taken: dict[str, int] = {}
    for supply in stop.supply:
        if supply.source is Source.OFFER:
            taken[supply.from_id] = taken.get(supply.from_id, 0) + supply.quantity
    for name, quantity in sorted(taken.items()):
        offer = problem.offers[problem.offer_index[name]]
        store = problem.stores[offer.from_store].id if offer.from_store >= 0 else ""
        part = plain_name(problem.parts[offer.part])
        yield Delivery(name, offer.kind, part, quantity, stop.ref, offer.arrives_s, offer.cents, store)


def _loaners(plan: Plan) -> Iterator[LoanerSent]:
    for route in plan.routes:
        for stop in route.stops:
            if stop.loaner is not None:
                sent = stop.loaner
                named = plain_name(sent.loaner_class)
                yield LoanerSent(sent.unit, named, sent.store, stop.ref, sent.by, sent.stands_s, route.shift)


def _fetched(problem: PlanningProblem, plan: Plan) -> Iterator[Fetched]:
    for route in plan.routes:
        engineer = problem.engineers[problem.shifts[problem.shift_index[route.shift]].engineer].id
        for stop in route.stops:
            for unit in stop.fetches:
                yield Fetched(unit, stop.ref, route.shift, engineer, stop.start_s)


def _given_away(problem: PlanningProblem, done: Outsourced) -> GivenAway:
    offers = problem.visits[problem.visit_index[done.visit]].outside
    price = min(one.cents for one in offers if (one.partner, one.start_s) == (done.partner, done.start_s))
    return GivenAway(done.visit, done.partner, done.start_s, done.end_s, price)
