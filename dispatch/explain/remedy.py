"""The smallest single change after which a visit fits: tried change by change, and one unit less tried, too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dispatch.eligibility import Failure, distance, failures
from dispatch.explain.answer import Remedy
from dispatch.plan import Plan
from dispatch.problem import Engineer, Held, Offer, PlanningProblem, Visit, plain_name
from dispatch.rescue.part_of import part_of
from dispatch.rules import Rule
from dispatch.solve import Candidate, places_for
from kernel.errors import Message, Value

TRIED_SHIFTS = 12
"""Shifts tried for a remedy, nearest to fitting first; a longer list helps nobody."""

LONGEST_EXTRA_S = 4 * 3600
"""Ticks (of a second) a deadline, a day or an appointment is stretched at most."""

YES = 1
"""The size of a change that is made or not."""


def remedies(problem: PlanningProblem, rest: Plan, visit: Visit) -> tuple[Remedy, ...]:
    """Single changes tried one by one on the shifts nearest to fitting; only those that place the visit are kept.

    One for each rule and engineer: the smallest, at the nearest shift. `rest` is the plan without the visit.
    """
    tried = sorted(
        ((failures(problem, visit, shift), number) for number, shift in enumerate(problem.shifts)),
        key=lambda pair: (distance(pair[0]), pair[1]),
    )
    near = [(failed, number) for failed, number in tried if len(failed) <= 1][:TRIED_SHIFTS]
    found = [
        remedy
        for failed, number in near
        for trial in _trials(problem, visit, failed, number)
        if (remedy := _smallest(problem, rest, visit, trial)) is not None
    ]
    found.sort(key=lambda remedy: (list(Rule).index(remedy.rule), remedy.size, remedy.cents))
    first: dict[tuple[Rule, str], Remedy] = {}
    for remedy in found:
        first.setdefault((remedy.rule, remedy.engineer), remedy)
    return tuple(first.values())


def remedied(problem: PlanningProblem, visit: str, remedy: Remedy, *, less: int = 0) -> PlanningProblem:
    """The problem after a remedy, made `less` units smaller; of size 0 it is the problem as it was."""
    wanted = problem.visits[problem.visit_index[visit]]
    trial = _Trial(remedy.rule, problem.shift_index[remedy.shift], remedy.message.params, remedy.size)
    size = remedy.size - less
    return _changed(problem, wanted, trial, size) if size > 0 else problem


@dataclass(frozen=True)
class _Trial:
    """One kind of change for one shift: `params` name what is changed, `most` is the largest size tried."""

    rule: Rule
    shift: int
    params: Mapping[str, Value]
    most: int


def _trials(
    problem: PlanningProblem, visit: Visit, failed: Sequence[Failure], number: int
) -> Iterator[_Trial]:
    """The changes that lift the one rule failed; where none is, those that make room in the day."""
    extra = LONGEST_EXTRA_S * problem.ticks_per_unit
    if failed:
        failure = failed[0]
        yield from _lifting(problem, visit, failure, number, extra)
        return
    yield _Trial(Rule.OVERTIME, number, {}, extra)
    if visit.start_lock_s is not None:
        yield _Trial(Rule.TIME_LOCK, number, {}, YES)
    elif visit.windows:
        yield _Trial(Rule.WINDOW, number, {"later": 1}, extra)
        yield _Trial(Rule.WINDOW, number, {"later": 0}, extra)
    if visit.earliest_s > 0:
        yield _Trial(Rule.EARLIEST, number, {}, visit.earliest_s)
    for line in visit.parts:
        named: dict[str, Value] = {"part": plain_name(problem.parts[line.part])}
        yield _Trial(Rule.PARTS, number, named, problem.shifts[number].latest_s)


def _lifting(
    problem: PlanningProblem, visit: Visit, failure: Failure, number: int, extra: int
) -> Iterator[_Trial]:
    rule, params, code = failure.rule, failure.message.params, failure.message.code
    if rule is Rule.SKILL:
        yield _Trial(rule, number, params, failure.size)
    elif rule is Rule.OVERTIME:
        yield _Trial(rule, number, params, extra)
    elif rule is Rule.EARLIEST:
        yield _Trial(rule, number, params, visit.earliest_s)
    elif code == "why.lock_outside_window":
        yield _Trial(Rule.TIME_LOCK, number, {}, YES)
    elif rule is Rule.WINDOW:
        later = int(code == "why.window_passed")
        most = max(extra, failure.size)
        yield _Trial(rule, number, {**params, "later": later}, most)
    elif rule is Rule.PARTS:
        yield _Trial(rule, number, params, problem.shifts[number].latest_s)
    elif rule is Rule.OPENING:
        yield _Trial(rule, number, params, YES)
        yield _Trial(Rule.PARTS, number, {"part": params["part"]}, problem.shifts[number].latest_s)
    elif rule is not Rule.TRAVEL:
        yield _Trial(rule, number, params, YES)


def _smallest(problem: PlanningProblem, rest: Plan, visit: Visit, trial: _Trial) -> Remedy | None:
    """The smallest size with which the visit fits on the shift, one less tried and found not to; None: none up to the most."""
    best = _fits(problem, rest, visit, trial, trial.most)
    if best is None:
        return None
    short, enough = 0, trial.most
    while short + 1 < enough:
        middle = (short + enough) // 2
        found = _fits(problem, rest, visit, trial, middle)
        if found is None:
            short = middle
        else:
            best, enough = found, middle
    shift = problem.shifts[trial.shift]
    engineer = problem.engineers[shift.engineer].id
    params: dict[str, Value] = {**trial.params, "engineer": engineer, "shift": shift.id}
    code = trial.rule.value
    if trial.rule in {Rule.OVERTIME, Rule.EARLIEST, Rule.WINDOW}:
        params["by_s"] = enough
    if trial.rule is Rule.CERTIFICATE and not {"last_day", "first_day"} & params.keys():
        code = "certificate_new"
    if trial.rule is Rule.PARTS:
        params["by_tick"] = shift.latest_s - enough
    if trial.rule is Rule.WINDOW:
        code = "window_later" if params["later"] else "window_earlier"
    return Remedy(trial.rule, shift.id, engineer, Message(f"remedy.{code}", params), enough, best.cents)


def _fits(problem: PlanningProblem, rest: Plan, visit: Visit, trial: _Trial, size: int) -> Candidate | None:
    """The place on the trial's shift after the change; the other routes stand still."""
    changed = _changed(problem, visit, trial, size)
    shift = problem.shifts[trial.shift].id
    if problem.visit_index[visit.id] in problem.linked:  # its mates may go anywhere
        return next((one for one in places_for(changed, rest, visit.id) if one.shift == shift), None)
    part = part_of(changed, rest, {shift}, {visit.id})
    return next((one for one in places_for(part.problem, part.plan, visit.id) if one.shift == shift), None)


def _changed(problem: PlanningProblem, visit: Visit, trial: _Trial, size: int) -> PlanningProblem:
    """The problem after the one change that lifts a rule for this visit and shift.

    Only the certificate, tool, part or store the trial names is changed.
    """
    shift, params = problem.shifts[trial.shift], trial.params
    engineer = problem.engineers[shift.engineer]
    match trial.rule:
        case Rule.CERTIFICATE:
            item = problem.certificates.index(str(params["certificate"]))
            renewed = (*engineer.certificates, Held(item, shift.start_s, shift.latest_s))
            return _with_engineer(problem, shift.engineer, replace(engineer, certificates=renewed))
        case Rule.SKILL:
            taught = problem.skills.index(str(params["skill"]))
            levels = dict(engineer.skills)
            levels[taught] = levels.get(taught, 0) + size
            return _with_engineer(
                problem, shift.engineer, replace(engineer, skills=tuple(sorted(levels.items())))
            )
        case Rule.TOOL:
            item = problem.tools.index(str(params["tool"]))
            borrowed = (*engineer.tools, Held(item, shift.start_s, shift.latest_s))
            return _with_engineer(problem, shift.engineer, replace(engineer, tools=borrowed))
        case Rule.TERRITORY:
            away = 0 if engineer.away_cents is None else engineer.away_cents
            return _with_engineer(problem, shift.engineer, replace(engineer, away_cents=away))
        case Rule.OVERTIME:
            longer = replace(shift, overtime_s=shift.overtime_s + size)
            shifts = (*problem.shifts[: trial.shift], longer, *problem.shifts[trial.shift + 1 :])
            return replace(problem, shifts=shifts)
        case Rule.OPENING:
            stores = (
                replace(store, opens=()) if store.id == params["store"] else store for store in problem.stores
            )
            return replace(problem, stores=tuple(stores))
        case Rule.PARTS:
            return _brought(problem, visit, str(params["part"]), shift.latest_s - size)
        case _:
            return _with_visit(problem, _eased(visit, trial, size, engineer=shift.engineer))


def _eased(visit: Visit, trial: _Trial, size: int, *, engineer: int) -> Visit:
    """The visit with one of its own demands eased."""
    match trial.rule:
        case Rule.ENGINEER_LOCK:
            return replace(visit, engineer_lock=-1)
        case Rule.BARRED:
            return replace(visit, barred=tuple(one for one in visit.barred if one != engineer))
        case Rule.TIME_LOCK:
            return replace(visit, start_lock_s=None)
        case Rule.EARLIEST:
            return replace(visit, earliest_s=visit.earliest_s - size)
        case Rule.WINDOW if trial.params["later"]:
            last = visit.windows[-1]
            return replace(visit, windows=(*visit.windows[:-1], replace(last, close_s=last.close_s + size)))
        case Rule.WINDOW:
            first = visit.windows[0]
            return replace(visit, windows=(replace(first, open_s=first.open_s - size), *visit.windows[1:]))
        case _:
            raise AssertionError(f"no change lifts {trial.rule}")


def _brought(problem: PlanningProblem, visit: Visit, part: str, arrives_s: int) -> PlanningProblem:
    """One more offer: as many of the part as the visit needs, at the site at `arrives_s`."""
    line = next(line for line in visit.parts if plain_name(problem.parts[line.part]) == part)
    offer = Offer("#", "transfer", line.part, line.quantity, arrives_s, 0, -1)
    served = replace(line, offers=(*line.offers, len(problem.offers)))
    lines = tuple(served if one is line else one for one in visit.parts)
    changed = replace(problem, offers=(*problem.offers, offer))
    return _with_visit(changed, replace(visit, parts=lines))


def _with_engineer(problem: PlanningProblem, number: int, engineer: Engineer) -> PlanningProblem:
    engineers = (*problem.engineers[:number], engineer, *problem.engineers[number + 1 :])
    return replace(problem, engineers=engineers)


def _with_visit(problem: PlanningProblem, visit: Visit) -> PlanningProblem:
    number = problem.visit_index[visit.id]
    return replace(problem, visits=(*problem.visits[:number], visit, *problem.visits[number + 1 :]))
