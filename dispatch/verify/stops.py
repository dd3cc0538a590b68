"""One visit on one shift: its times, its engineer, its tools."""

from __future__ import annotations

from collections.abc import Iterator

from dispatch.plan import Stop
from dispatch.problem import Engineer, PlanningProblem, Shift, Visit
from dispatch.rules import Rule
from dispatch.verify.violation import Violation, say
from kernel.errors import Value


def times(visit: Visit, shift: Shift, stop: Stop) -> Iterator[Violation]:
    """Work as long as it takes, when it may be, as what the problem says."""
    if stop.end_s - stop.start_s != visit.service_s:
        yield say(Rule.SHIFT, "wrong_duration", visit=visit.id, shift=shift.id, needs=visit.service_s)
    if (stop.trip, stop.role) != (visit.trip, visit.role):
        yield say(Rule.LINK, "wrong_role", visit=visit.id, shift=shift.id, role=visit.role)
    if stop.fetches != visit.fetches:
        yield say(Rule.FETCH, "not_fetched", visit=visit.id, shift=shift.id, units=", ".join(visit.fetches))
    if stop.start_s < visit.earliest_s:
        yield say(
            Rule.EARLIEST, "too_early", visit=visit.id, shift=shift.id, by=visit.earliest_s - stop.start_s
        )
    if visit.windows and not any(w.open_s <= stop.start_s < w.close_s for w in visit.windows):
        yield say(Rule.WINDOW, "outside_windows", visit=visit.id, shift=shift.id, start=stop.start_s)
    if visit.start_lock_s is not None and stop.start_s != visit.start_lock_s:
        yield say(Rule.TIME_LOCK, "time_moved", visit=visit.id, shift=shift.id, locked=visit.start_lock_s)


def engineer(problem: PlanningProblem, visit: Visit, shift: Shift, engineer: Engineer) -> Iterator[Violation]:
    """The engineer may come and can do it."""
    held = dict(engineer.skills)
    for skill, level in visit.skills:
        if held.get(skill, 0) < level:
            named: dict[str, Value] = {
                "skill": problem.skills[skill],
                "level": level,
                "held": held.get(skill, 0),
            }
            yield say(Rule.SKILL, "skill_missing", visit=visit.id, shift=shift.id, **named)
    for certificate in visit.certificates:
        if not any(
            c.item == certificate and c.covers(shift.start_s, shift.latest_s) for c in engineer.certificates
        ):
            named_c = {"certificate": problem.certificates[certificate]}
            yield say(Rule.CERTIFICATE, "certificate_missing", visit=visit.id, shift=shift.id, **named_c)
    if visit.engineer_lock >= 0 and visit.engineer_lock != shift.engineer:
        locked = problem.engineers[visit.engineer_lock].id
        yield say(Rule.ENGINEER_LOCK, "engineer_moved", visit=visit.id, shift=shift.id, locked=locked)
    if shift.engineer in visit.barred:
        yield say(Rule.BARRED, "barred", visit=visit.id, shift=shift.id, engineer=engineer.id)
    if engineer.away_cents is None and not engineer.at_home(visit.territory):
        area = problem.territories[visit.territory]
        yield say(Rule.TERRITORY, "territory", visit=visit.id, shift=shift.id, territory=area)


def tools(
    problem: PlanningProblem, visit: Visit, shift: Shift, engineer: Engineer, before: list[Stop]
) -> Iterator[Violation]:
    """Every tool is carried, or taken along before."""
    carried = {held.item for held in engineer.tools if held.covers(shift.start_s, shift.latest_s)}
    taken = {tool for stop in before for tool in stop.tools}
    for tool in visit.tools:
        if tool not in carried and problem.tools[tool] not in taken:
            yield say(Rule.TOOL, "tool_missing", visit=visit.id, shift=shift.id, tool=problem.tools[tool])
