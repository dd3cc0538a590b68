"""The oracle's routes and times: circuits, the road's clock, breaks, windows, locks and links.

The road has a clock of its own: `distance run at the pace of the hour since the horizon's start`. On it every
leg takes the same time whenever it begins, so leaving, driving and arriving is one linear inequality.
"""

from __future__ import annotations

from itertools import pairwise

from ortools.sat.python import cp_model

from dispatch.problem import UNREACHABLE, Pair, Shift, Window
from tests.dispatch.oracle.sheet import Day, Rest, Sheet, Stay, Var


def write_ways(sheet: Sheet) -> None:
    """Write every day's circuit with its times, and the links between visits."""
    problem = sheet.problem
    resting = any(shift.breaks for shift in problem.shifts)
    for visit in problem.visits:
        stay = _stay(sheet, visit.id, _starts(sheet, visit.windows), resting=resting)
        sheet.model.add(stay.end == stay.begin + visit.service_s)
        sheet.stays.append(stay)
    for v, visit in enumerate(problem.visits):
        begin = sheet.stays[v].begin
        placed = [lit for (w, _), lit in sheet.on.items() if w == v]
        for lit in placed:
            sheet.model.add(begin >= visit.earliest_s).only_enforce_if(lit)
            if visit.start_lock_s is not None:
                sheet.model.add(begin == visit.start_lock_s).only_enforce_if(lit)
    for h, shift in enumerate(problem.shifts):
        _day(sheet, h, shift, resting=resting)
    _links(sheet)


def _starts(sheet: Sheet, windows: tuple[Window, ...]) -> cp_model.Domain:
    last_s = max((shift.end_s + shift.overtime_s for shift in sheet.problem.shifts), default=0)
    if not windows:
        return cp_model.Domain(0, last_s)
    return cp_model.Domain.from_intervals([[w.open_s, w.close_s - 1] for w in windows])


def _stay(sheet: Sheet, name: str, starts: cp_model.Domain, *, resting: bool) -> Stay:
    model = sheet.model
    begin = model.new_int_var_from_domain(starts, f"begin {name}")
    end = model.new_int_var(0, sheet.far_s, f"end {name}")
    if not resting:
        return Stay(begin, begin, end, end)
    reach = model.new_int_var(0, sheet.far_s, f"reach {name}")
    leave = model.new_int_var(0, sheet.far_s, f"leave {name}")
    model.add(reach <= begin)
    model.add(end <= leave)
    return Stay(reach, begin, end, leave)


def _day(sheet: Sheet, h: int, shift: Shift, *, resting: bool) -> None:
    problem, model = sheet.problem, sheet.model
    last_s = shift.end_s + shift.overtime_s
    anywhere = cp_model.Domain(shift.start_s, last_s)
    day = Day(
        used=model.new_bool_var(f"used {shift.id}"),
        leave=model.new_int_var(shift.start_s, last_s, f"leave {shift.id}"),
        home=model.new_int_var(shift.start_s, last_s, f"home {shift.id}"),
        pick_up=_stay(sheet, f"pick up {shift.id}", anywhere, resting=resting),
    )
    sheet.days.append(day)
    nodes: dict[int, tuple[Var, Stay]] = {
        1 + v: (lit, sheet.stays[v]) for (v, on), lit in sheet.on.items() if on == h
    }
    for k, store in enumerate(problem.stores):
        at = sheet.at[h, k] = model.new_bool_var(f"at {shift.id} {store.id}")
        model.add(day.pick_up.end == day.pick_up.begin + store.pick_up_s).only_enforce_if(at)
        if store.opens:
            opens = cp_model.Domain.from_intervals([[w.open_s, w.close_s - 1] for w in store.opens])
            model.add_linear_expression_in_domain(day.pick_up.begin, opens).only_enforce_if(at)
        nodes[sheet.node(k)] = (at, day.pick_up)
    model.add_at_most_one([sheet.at[h, k] for k in range(len(problem.stores))])
    served = [lit for node, (lit, _) in nodes.items() if node <= len(problem.visits)]
    model.add_bool_or([*served, day.used.negated()])
    for lit, _ in nodes.values():
        model.add_implication(lit, day.used)
    _circuit(sheet, h, day, nodes)
    _rests(sheet, h, day, nodes)
    spans = [(stay.begin, sheet.lasts_s(node), lit) for node, (lit, stay) in nodes.items()]
    spans += [(rest.begin, rest.duration_s, rest.taken) for rest in day.rests]
    model.add_no_overlap([model.new_optional_fixed_size_interval_var(*span, "") for span in spans])


def _circuit(sheet: Sheet, h: int, day: Day, nodes: dict[int, tuple[Var, Stay]]) -> None:
    """Drive: on the road's clock the next stop is reached no sooner than the leg allows."""
    model, shift = sheet.model, sheet.problem.shifts[h]
    place = {0: shift.start_place, **{node: sheet.place(node) for node in nodes}}
    reach = {
        0: _road_clock(sheet, day.home),
        **{n: _road_clock(sheet, stay.reach) for n, (_, stay) in nodes.items()},
    }
    leave = {
        0: _road_clock(sheet, day.leave),
        **{n: _road_clock(sheet, stay.leave) for n, (_, stay) in nodes.items()},
    }
    unit = 1000 if sheet.problem.pace else 1
    for i in place:
        for j in place:
            leg = int(sheet.problem.travel_s[place[i], shift.end_place if j == 0 else place[j]])
            if i != j and leg != UNREACHABLE:
                road = model.new_bool_var(f"road {h} {i} {j}")
                day.roads.append((i, j, road))
                model.add(reach[j] >= leave[i] + unit * leg).only_enforce_if(road)
    loops = [(0, 0, day.used.negated()), *((n, n, lit.negated()) for n, (lit, _) in nodes.items())]
    model.add_circuit([*day.roads, *loops])


def _road_clock(sheet: Sheet, moment: Var) -> Var:
    """Thousandths of full-speed ticks the road allows from 0 until `moment`."""
    pace, model = sheet.problem.pace, sheet.model
    if not pace:
        return moment
    froms = [0, *(piece.from_s for piece in pace[1:]), sheet.far_s + 1]
    run, begun = [], 0
    for piece, (from_s, until_s) in zip(pace, pairwise(froms), strict=True):
        run.append((from_s, until_s, piece.per_mille, begun))
        begun += (until_s - from_s) * piece.per_mille
    clock = model.new_int_var(0, begun, "")
    pieces = [model.new_bool_var("") for _ in run]
    model.add_exactly_one(pieces)
    for lit, (from_s, until_s, per_mille, so_far) in zip(pieces, run, strict=True):
        model.add(moment >= from_s).only_enforce_if(lit)
        model.add(moment < until_s).only_enforce_if(lit)
        model.add(clock == so_far + per_mille * (moment - from_s)).only_enforce_if(lit)
    return clock


def _rests(sheet: Sheet, h: int, day: Day, nodes: dict[int, tuple[Var, Stay]]) -> None:
    """Rest at the place of a stay before its work or after it, whenever the day ends after the break's last moment."""
    model = sheet.model
    for n, due in enumerate(sheet.problem.shifts[h].breaks):
        begin = model.new_int_var(due.from_s, due.until_s - 1, f"rest {h} {n}")
        taken = model.new_bool_var(f"rests {h} {n}")
        after = {node: model.new_bool_var("") for node in [0, *nodes]}
        before = {node: model.new_bool_var("") for node in nodes}
        day.rests.append(Rest(begin, due.duration_s, taken, after, before))
        model.add_exactly_one([*after.values(), *before.values(), taken.negated()])
        model.add_implication(taken, day.used)
        model.add(day.home <= due.until_s).only_enforce_if(taken.negated(), day.used)
        model.add(begin >= sheet.problem.shifts[h].start_s).only_enforce_if(after[0])
        model.add(day.leave >= begin + due.duration_s).only_enforce_if(after[0])
        for node, (lit, stay) in nodes.items():
            model.add_implication(after[node], lit)
            model.add_implication(before[node], lit)
            model.add(begin >= stay.end).only_enforce_if(after[node])
            model.add(stay.leave >= begin + due.duration_s).only_enforce_if(after[node])
            model.add(begin >= stay.reach).only_enforce_if(before[node])
            model.add(stay.begin >= begin + due.duration_s).only_enforce_if(before[node])


def _links(sheet: Sheet) -> None:
    model = sheet.model
    for link in sheet.problem.links:
        first_out, second_out = sheet.out[link.first], sheet.out[link.second]
        model.add_implication(first_out, second_out)
        if link.both:
            model.add_implication(second_out, first_out)
        together = second_out.negated()
        apart = sheet.stays[link.second].begin - sheet.stays[link.first].begin
        model.add(apart >= link.least_s).only_enforce_if(together)
        if link.most_s is not None:
            model.add(apart <= link.most_s).only_enforce_if(together)
        for engineer in range(len(sheet.problem.engineers)):
            one, other = sheet.by(link.first, engineer), sheet.by(link.second, engineer)
            if link.engineers is Pair.DIFFERENT:
                model.add(one + other <= 1)
            if link.engineers is Pair.SAME:
                model.add(one == other).only_enforce_if(together)
