"""A planning problem as flat integer arrays, made once per solve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dispatch.problem import Lateness, Objective, Outside, PlanningProblem, Store, Visit
from dispatch.solve import layout as at
from dispatch.solve.compatible import Compatible, compatible
from dispatch.solve.layout import Encoded, Ints
from dispatch.solve.linked import grouped
from dispatch.solve.options import Option, options_of
from dispatch.solve.prices import by_shift, kept_and_moved, partner_terms

NEVER = at.FAR // 2
NEAR = 100

_OBJECTIVES = {
    Objective.MONEY: at.MONEY,
    Objective.WORKING_TIME: at.WORKING_TIME,
    Objective.DISTANCE: at.DISTANCE,
    Objective.VEHICLES_THEN_DISTANCE: at.VEHICLES,
    Objective.HOME_CARE: at.HOME_CARE,
}


@dataclass(frozen=True, eq=False)
class Problem:
    """A problem, its options and its arrays.

    Args:
        options: by row of O; a published visit has each twice, for keeping its time and for moving.
        nobody: visits no engineer can ever serve, proved.
        outside: by visit, the partner who is cheaper than leaving it out.
    """

    problem: PlanningProblem
    options: tuple[Option, ...]
    arrays: Encoded
    nobody: frozenset[int]
    outside: dict[int, Outside]


def encode(problem: PlanningProblem) -> Problem:
    """Lay out `problem` for compiled code. Pure; the same problem gives the same arrays."""
    money = problem.objective is Objective.MONEY
    travel = problem.travel_s.astype(np.int64)
    travel[travel < 0] = at.FAR
    windows: list[tuple[int, int]] = []
    needs: list[tuple[int, int]] = []
    draws: list[tuple[int, int, int]] = []
    option_rows: list[list[int]] = []
    options: list[Option] = []
    visit_rows: list[list[int]] = []
    vehicle = _vehicle_price(problem, travel)
    outside: dict[int, Outside] = {}
    for index, visit in enumerate(problem.visits):
        first, pin = len(options), -1
        if index in problem.linked:
            pin = len(windows)
            windows.append((0, 0))
        for option in options_of(problem, index):
            for fits, cents in kept_and_moved(
                _starts(visit, option.ready_s), visit.published if money else None
            ):
                if fits:
                    row = _option_row(problem, option, windows, needs, draws, fits, money=money)
                    row[at.O_FIXED] += cents
                    if pin >= 0:
                        row[at.O_WIN], row[at.O_WIN_END] = pin, pin + 1
                    option_rows.append(row)
                    options.append(option)
        visit_rows.append(_visit_row(visit, first, len(options), problem.objective))
        visit_rows[-1][at.V_PIN] = pin
        left_out = visit.left_out + 2 * vehicle
        if money and pin < 0 and visit.outside:
            offers = [
                (sum(partner_terms(visit, one).values()), one.partner, one.start_s, number)
                for number, one in enumerate(visit.outside)
            ]
            cents, _, _, number = min(offers)
            if cents < left_out:
                left_out, outside[index] = cents, visit.outside[number]
        visit_rows[-1][at.V_LEFT_OUT] = left_out
    shelves = [_store_row(store, windows) for store in problem.stores]
    option_array = _table(option_rows, at.O_COLUMNS)
    visit_array = _table(visit_rows, at.V_COLUMNS)
    stock = _stock(problem)
    found = compatible(
        problem, travel, option_array, visit_array, _table(windows, 2), _table(needs, 2), stock
    )
    visit_array[:, at.V_SCARCE] = (found.serves > 0).sum(axis=1)
    visit_array[:, at.V_FAR] = _far(problem, visit_array, travel, found)
    prices = by_shift(problem)
    shifts, breaks = _shifts(problem, found, stock, prices)
    simple = not (money or problem.links or problem.pace or problem.objective is Objective.HOME_CARE)
    simple = simple and not len(breaks) and not any(store.opens for store in problem.stores)
    simple = simple and all(len(_starts(v, 0)) < 2 for v in problem.visits)
    groups = grouped(problem, visit_array)
    general = np.zeros(at.G_COLUMNS, dtype=np.int64)
    general[at.G_VISITS], general[at.G_SHIFTS] = len(problem.visits), len(problem.shifts)
    general[at.G_STORES], general[at.G_PARTS] = len(problem.stores), len(problem.parts)
    general[at.G_OBJECTIVE] = _OBJECTIVES[problem.objective]
    general[at.G_TRAVEL_HOUR], general[at.G_KM] = problem.prices.travel_hour, problem.prices.distance_km
    general[at.G_OVERTIME_HOUR] = problem.prices.overtime_hour
    general[at.G_TICKS], general[at.G_VEHICLE] = problem.ticks_per_unit, vehicle
    general[at.G_SIMPLE] = int(simple)
    general[at.G_LONGEST] = _longest(problem)
    general[at.G_PACED] = len(problem.pace)
    general[at.G_FASTEST] = max((pace.per_mille for pace in problem.pace), default=1000)
    arrays = Encoded(
        G=general,
        V=visit_array,
        H=shifts,
        O=option_array,
        N=_table(needs, 2),
        X=_table(draws, 3),
        W=_table(windows, 2),
        B=breaks,
        T=travel,
        D=problem.distance_m.astype(np.int64),
        C=found.serves,
        K=found.tools_at,
        SI=_table(shelves, at.S_COLUMNS),
        NB=_near(visit_array, travel),
        CV=stock.van,
        CS=stock.store,
        CO=np.array([offer.quantity for offer in problem.offers], dtype=np.int64),
        PQ=prices,
        PC=_table([(pace.from_s, pace.per_mille) for pace in problem.pace], 2),
        LK=groups.links,
        LI=groups.by_visit,
        GM=groups.spans,
        ME=groups.members,
        MT=groups.in_turn,
    )
    # compiled code is made for one layout: plain, writable, row by row
    own = Encoded._make(np.array(array, order="C") for array in arrays)
    return Problem(problem, tuple(options), own, found.nobody, outside)


def _store_row(store: Store, windows: list[tuple[int, int]]) -> list[int]:
    row = [store.place, store.pick_up_s, int(store.endless), len(windows), 0]
    windows.extend((window.open_s, window.close_s) for window in store.opens)
    row[at.S_WIN_END] = len(windows)
    return row


@dataclass(frozen=True, eq=False)
class Stock:
    """What there is: per engineer and per store, by item; items are parts, then loaner classes."""

    van: Ints
    store: Ints


def _stock(problem: PlanningProblem) -> Stock:
    parts = len(problem.parts)
    items = parts + len(problem.loaner_classes)
    van = np.zeros((len(problem.engineers), items), dtype=np.int64)
    store = np.zeros((len(problem.stores), items), dtype=np.int64)
    for index, engineer in enumerate(problem.engineers):
        for part, quantity in dict(engineer.van).items():
            van[index, part] = quantity
        for loaner_class, units in engineer.loaners:
            van[index, parts + loaner_class] = len(units)
    for index, shelf in enumerate(problem.stores):
        if shelf.endless:
            store[index, :parts] = NEVER
        else:
            for part, quantity in dict(shelf.stock).items():
                store[index, part] = quantity
        for loaner_class, units in shelf.loaners:
            store[index, parts + loaner_class] = len(units)
    return Stock(van, store)


def _starts(visit: Visit, ready_s: int) -> list[tuple[int, int]]:
    """Half-open intervals in which work may start once everything is on site by `ready_s`."""
    soonest = max(visit.earliest_s, ready_s)
    spans = [(w.open_s, w.close_s) for w in visit.windows] or [(soonest, NEVER)]
    if visit.start_lock_s is not None:
        lock = visit.start_lock_s
        spans = [(lock, lock + 1)] if any(a <= lock < b for a, b in spans) else []
    return [(max(a, soonest), b) for a, b in spans if b > soonest]


def _option_row(
    problem: PlanningProblem,
    option: Option,
    windows: list[tuple[int, int]],
    needs: list[tuple[int, int]],
    draws: list[tuple[int, int, int]],
    fits: list[tuple[int, int]],
    *,
    money: bool,
) -> list[int]:
    row = [0] * at.O_COLUMNS
    visit, parts = problem.visits[option.visit], len(problem.parts)
    row[at.O_VISIT] = option.visit
    row[at.O_WIN] = len(windows)
    windows.extend(fits)
    row[at.O_WIN_END] = len(windows)
    row[at.O_TRUE], row[at.O_TRUE_END] = row[at.O_WIN], row[at.O_WIN_END]
    row[at.O_FIXED] = option.cents if money else 0
    row[at.O_NEED] = len(needs)
    needs.extend((choice.part, choice.quantity) for choice in option.lines if choice.carried)
    if option.loaner.kind == at.BY_VISIT:
        needs.append((parts + option.loaner.loaner_class, 1))
    row[at.O_NEED_END] = len(needs)
    row[at.O_DRAW] = len(draws)
    for choice in option.lines:
        if choice.delivered:
            offer = problem.offers[choice.offer]
            draws.append((-1, choice.offer, choice.quantity))
            if offer.from_store >= 0:
                draws.append((offer.from_store, offer.part, choice.quantity))
    courier = option.loaner.courier
    if courier is not None:
        draws.append((courier.store, parts + courier.loaner_class, 1))
    row[at.O_DRAW_END] = len(draws)
    row[at.O_LOANER] = option.loaner.kind
    row[at.O_PLACED] = courier.arrives_s if courier else -1
    row[at.O_DAY] = visit.loaner.day_cents if visit.loaner else 0
    row[at.O_STOPS] = int(visit.loaner is not None and visit.loaner.stops_repair)
    return row


def _visit_row(visit: Visit, first: int, end: int, objective: Objective) -> list[int]:
    money = objective is Objective.MONEY
    row = [0] * at.V_COLUMNS
    row[at.V_PLACE], row[at.V_SERVICE], row[at.V_AWAY] = visit.place, visit.service_s, visit.away_s
    row[at.V_GROUP] = -1
    row[at.V_OPT], row[at.V_OPT_END] = first, end
    for column, price in (
        (at.V_ARR_DUE, visit.arrive),
        (at.V_REP_DUE, visit.repair),
        (at.V_SUB_DUE, visit.substitute),
    ):
        row[column : column + 3] = _price(price if money else None)
    if objective is Objective.HOME_CARE and visit.arrive is not None:
        row[at.V_ARR_DUE : at.V_ARR_DUE + 3] = visit.arrive.due_s, 1, 1
    if money and visit.repair is None and visit.substitute is not None:
        row[at.V_REP_DUE] = visit.substitute.due_s  # unpriced: the loaner is owed from its own due time on
    row[at.V_PRICED] = int(any(row[c] for c in (at.V_ARR_CENTS, at.V_REP_CENTS, at.V_SUB_CENTS)))
    row[at.V_PRICED] |= int(money and visit.loaner is not None)
    dues = [p.due_s for p in (visit.arrive, visit.repair) if p]
    last = max((b for _, b in _starts(visit, 0)), default=0)
    row[at.V_DUE] = min([*dues, last])
    row[at.V_WIDTH] = sum(min(b, NEVER) - a for a, b in _starts(visit, 0))
    return row


def _price(price: Lateness | None) -> tuple[int, int, int]:
    return (at.FAR, 0, 1) if price is None else (price.due_s, price.cents, price.per_s)


def _shifts(problem: PlanningProblem, found: Compatible, stock: Stock, prices: Ints) -> tuple[Ints, Ints]:
    breaks: list[tuple[int, int, int]] = []
    rows: list[list[int]] = []
    classes: dict[tuple[object, ...], int] = {}
    used = [shift.engineer for shift in problem.shifts]
    for index, shift in enumerate(problem.shifts):
        row = [0] * at.H_COLUMNS
        row[at.H_ENGINEER] = shift.engineer
        row[at.H_START_PLACE], row[at.H_END_PLACE] = shift.start_place, shift.end_place
        row[at.H_START], row[at.H_END] = shift.start_s, shift.end_s
        row[at.H_LAST] = shift.latest_s
        row[at.H_CALL_OUT] = shift.call_out_cents if problem.objective is Objective.MONEY else 0
        row[at.H_BRK] = len(breaks)
        breaks.extend((b.from_s, b.until_s, b.duration_s) for b in shift.breaks)
        row[at.H_BRK_END] = len(breaks)
        alone = shift.engineer if used.count(shift.engineer) > 1 else -1
        key = (
            alone,
            tuple(row[at.H_START_PLACE : at.H_CALL_OUT + 1]),
            shift.breaks,
            stock.van[shift.engineer].tobytes(),
            found.serves[:, index].tobytes(),
            found.tools_at[:, index].tobytes(),
            prices[:, index].tobytes(),
            index if problem.links else -1,  # a link may ask for the same engineer, so shifts are told apart
        )
        row[at.H_CLASS] = classes.setdefault(key, len(classes))
        rows.append(row)
    return _table(rows, at.H_COLUMNS), _table(breaks, 3)


def _vehicle_price(problem: PlanningProblem, travel: Ints) -> int:
    """A route's price where vehicles come first: more than any plan can travel."""
    if problem.objective is not Objective.VEHICLES_THEN_DISTANCE:
        return 0
    longest = int(travel[travel < at.FAR].max(initial=1))
    return (len(problem.visits) + 2 * len(problem.shifts) + 1) * longest


def _longest(problem: PlanningProblem) -> int:
    """No route can hold more tokens: visits by length until the longest shift is full, and one pick-up."""
    room = max((s.end_s + s.overtime_s - s.start_s for s in problem.shifts), default=0)
    count = 0
    for service_s in sorted(visit.service_s for visit in problem.visits):
        room -= service_s
        if room < 0:
            break
        count += 1
    return count + 3


def _far(problem: PlanningProblem, visits: Ints, travel: Ints, found: Compatible) -> Ints:
    """Ticks out and home from the nearest shift that could come."""
    places = visits[:, at.V_PLACE]
    starts = np.array([s.start_place for s in problem.shifts], dtype=np.int64)
    ends = np.array([s.end_place for s in problem.shifts], dtype=np.int64)
    trips = travel[np.ix_(starts, places)].T + travel[np.ix_(places, ends)]
    return np.asarray(np.where(found.serves > 0, trips, 2 * at.FAR).min(axis=1, initial=2 * at.FAR))


def _near(visits: Ints, travel: Ints) -> Ints:
    places = visits[:, at.V_PLACE]
    legs = travel[np.ix_(places, places)]
    both = legs + legs.T
    np.fill_diagonal(both, -1)
    order = np.argsort(both, axis=1, kind="stable")
    return np.ascontiguousarray(order[:, : NEAR + 1], dtype=np.int64)


def _table(rows: object, columns: int) -> Ints:
    return np.array(rows, dtype=np.int64).reshape(-1, columns)
