"""The oracle's money: every term of a plan's cost as a linear expression to be made small.

Only lower bounds are written: a price that can be lower in the least plan is lower there.
"""

from __future__ import annotations

from dispatch.problem import Lateness, Visit
from tests.dispatch.oracle.sheet import Sheet, Var
from tests.dispatch.oracle.takings import BROUGHT

DAY = 86_400


def write_prices(sheet: Sheet) -> None:
    """Write what routes and visits cost, and ask for the least."""
    for h in range(len(sheet.problem.shifts)):
        _route(sheet, h)
    for v, visit in enumerate(sheet.problem.visits):
        sheet.cost.append(visit.left_out * sheet.out[v])
        _who(sheet, v, visit)
        _partners(sheet, v, visit)
        _late(sheet, v, visit)
        _changed(sheet, v, visit)
    sheet.model.minimize(sum(sheet.cost))


def _cents(sheet: Sheet, amount: Var, per: int, most: int) -> None:
    """Add `amount` / `per`, rounded up."""
    cents = sheet.model.new_int_var(0, max(0, -(-most // per)), "")
    sheet.model.add(per * cents >= amount)
    sheet.cost.append(cents)


def _route(sheet: Sheet, h: int) -> None:
    problem, day, shift = sheet.problem, sheet.days[h], sheet.problem.shifts[h]
    prices, hour = problem.prices, 3600 * problem.ticks_per_unit
    ticks, metres = [], []
    for i, j, road in day.roads:
        leg = (
            shift.start_place if i == 0 else sheet.place(i),
            shift.end_place if j == 0 else sheet.place(j),
        )
        ticks.append(int(problem.travel_s[leg]) * prices.travel_hour * road)
        metres.append(int(problem.distance_m[leg]) * prices.distance_km * road)
    legs = len(problem.visits) + 2
    longest, farthest = int(problem.travel_s.max()), int(problem.distance_m.max())
    _cents(sheet, sum(ticks), hour, legs * longest * prices.travel_hour)
    _cents(sheet, sum(metres), 1000, legs * farthest * prices.distance_km)
    over = sheet.model.new_int_var(0, shift.overtime_s, "")
    sheet.model.add(over >= day.home - shift.end_s)
    _cents(sheet, over * prices.overtime_hour, hour, shift.overtime_s * prices.overtime_hour)
    sheet.cost.append(shift.call_out_cents * day.used)


def _who(sheet: Sheet, v: int, visit: Visit) -> None:
    for e, engineer in enumerate(sheet.problem.engineers):
        cents = 0
        if visit.preferred and e not in visit.preferred:
            cents += visit.other_engineer_cents
        if engineer.territories and visit.territory >= 0 and visit.territory not in engineer.territories:
            cents += engineer.away_cents or 0
        if visit.published is not None and e != visit.published.engineer:
            cents += visit.published.engineer_cents
        if cents:
            sheet.cost.append(cents * sheet.by(v, e))


def _changed(sheet: Sheet, v: int, visit: Visit) -> None:
    if visit.published is None:
        return
    stays = sheet.model.new_bool_var(f"stays {v}")
    begin, promised = sheet.stays[v].begin, visit.published
    sheet.model.add(begin >= promised.start_s - promised.tolerance_s).only_enforce_if(stays)
    sheet.model.add(begin <= promised.start_s + promised.tolerance_s).only_enforce_if(stays)
    moved = sheet.model.new_bool_var(f"moved {v}")
    for (w, _), on in sheet.on.items():
        if w == v:
            sheet.model.add_bool_or([on.negated(), stays, moved])
    sheet.cost.append(promised.moved_cents * moved)


def _partners(sheet: Sheet, v: int, visit: Visit) -> None:
    for (w, n), lit in sheet.outside.items():
        if w == v:
            partner = visit.outside[n]
            done_s = partner.start_s + visit.service_s + visit.away_s
            cents = partner.cents + _owed(visit.arrive, partner.start_s) + _owed(visit.repair, done_s)
            if visit.repair is None or done_s > visit.repair.due_s:
                cents += _owed(visit.substitute, done_s)
            if (told := visit.published) is not None:
                cents += told.engineer_cents * (partner.partner != told.partner)
                cents += told.moved_cents * (abs(partner.start_s - told.start_s) > told.tolerance_s)
            sheet.cost.append(cents * lit)


def _owed(late: Lateness | None, at_s: int) -> int:
    """Cents for every unit begun after the due time."""
    if late is None or at_s <= late.due_s:
        return 0
    return late.cents * ((at_s - late.due_s - 1) // late.per_s + 1)


def _late(sheet: Sheet, v: int, visit: Visit) -> None:
    """Count started units after each due time; `helped`: when it runs again or a loaner stands."""
    model = sheet.model
    placed = [lit for (w, _), lit in sheet.on.items() if w == v]
    begin = sheet.stays[v].begin
    finish = begin + visit.service_s + visit.away_s
    if visit.arrive:
        _units_after(sheet, visit.arrive, begin, placed)
    helped = finish
    if visit.loaner is not None:
        helped = model.new_int_var(0, sheet.far_s + visit.away_s, f"helped {v}")
        _loaner_days(sheet, v, visit, finish, helped)
    if visit.repair:
        stops = visit.loaner is not None and visit.loaner.stops_repair
        _units_after(sheet, visit.repair, helped if stops else finish, placed)
    if visit.substitute:
        owing = placed
        if visit.repair:
            in_time = model.new_bool_var(f"in time {v}")
            model.add(finish <= visit.repair.due_s).only_enforce_if(in_time)
            late = model.new_bool_var(f"late {v}")
            for lit in placed:
                model.add_bool_or([lit.negated(), in_time, late])
            owing = [late]
        _units_after(sheet, visit.substitute, helped, owing)


def _loaner_days(sheet: Sheet, v: int, visit: Visit, finish: Var, helped: Var) -> None:
    """Days run from standing to the finish; without a loaner the customer waits for the finish."""
    model, problem = sheet.model, sheet.problem
    assert visit.loaner is not None
    day = DAY * problem.ticks_per_unit
    lent: list[Var] = []
    for (w, _, _, n), lit in sheet.loaners.items():
        if w != v:
            continue
        lent.append(lit)
        if n == BROUGHT:
            model.add(helped >= sheet.stays[v].begin).only_enforce_if(lit)
            days = -(-(visit.service_s + visit.away_s) // day)
            sheet.cost.append(visit.loaner.day_cents * days * lit)
            continue
        stands_s = visit.loaner.couriers[n].arrives_s
        earlier = model.new_bool_var("")
        model.add(helped >= stands_s).only_enforce_if(lit, earlier)
        model.add(helped >= finish).only_enforce_if(lit, earlier.negated())
        days = model.new_int_var(0, -(-(sheet.far_s + visit.away_s) // day), "")
        model.add(day * days >= finish - stands_s).only_enforce_if(lit)
        sheet.cost.append(visit.loaner.day_cents * days)
    none = model.new_bool_var("")
    model.add_bool_or([*lent, none])
    model.add(helped >= finish).only_enforce_if(none)


def _units_after(sheet: Sheet, late: Lateness, at: Var, owing: list[Var]) -> None:
    far = sheet.far_s + max(visit.away_s for visit in sheet.problem.visits)
    units = sheet.model.new_int_var(0, max(0, -(-(far - late.due_s) // late.per_s)), "")
    for lit in owing:
        sheet.model.add(late.per_s * units >= at - late.due_s).only_enforce_if(lit)
    sheet.cost.append(late.cents * units)
