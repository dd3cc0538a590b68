"""Could this shift serve this visit at all: every rule it fails, in order, and by how much. Plain Python.

The first layer of an explanation. What is found here is proved: each failure alone rules the pair out,
whatever else is planned.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dispatch.problem import UNREACHABLE, PartLine, PlanningProblem, Shift, Visit
from dispatch.rules import Rule
from kernel.errors import Message, Value


@dataclass(frozen=True, slots=True)
class Failure:
    """One rule a shift fails for a visit; `message` (code under ``why.``) says by how much.

    Args:
        size: how far it is from fitting, in the rule's own unit (levels, ticks); orders failures of one rule.
    """

    rule: Rule
    message: Message
    size: int


def failures(problem: PlanningProblem, visit: Visit, shift: Shift) -> tuple[Failure, ...]:
    """Every rule that alone rules out `visit` on `shift`; empty when none does."""
    return tuple(_failures(problem, visit, shift))


def _failures(problem: PlanningProblem, visit: Visit, shift: Shift) -> Iterator[Failure]:
    engineer = problem.engineers[shift.engineer]
    if visit.engineer_lock >= 0 and visit.engineer_lock != shift.engineer:
        locked = problem.engineers[visit.engineer_lock].id
        yield Failure(Rule.ENGINEER_LOCK, Message("why.engineer_lock", {"locked": locked}), 1)
    levels = dict(engineer.skills)
    for skill, level in visit.skills:
        held = levels.get(skill, 0)
        if held < level:
            named: dict[str, Value] = {"skill": problem.skills[skill], "level": level, "held": held}
            yield Failure(Rule.SKILL, Message("why.skill", named), level - held)
    for certificate in visit.certificates:
        yield from _certificate(problem, certificate, shift)
    carried = {tool.item for tool in engineer.tools if tool.covers(shift.start_s, shift.end_s)}
    shelved = {tool for store in problem.stores for tool in store.tools}
    for tool in visit.tools:
        if tool not in carried | shelved:
            yield Failure(Rule.TOOL, Message("why.tool", {"tool": problem.tools[tool]}), 1)
    yield from _hours(problem, visit, shift)


def _certificate(problem: PlanningProblem, certificate: int, shift: Shift) -> Iterator[Failure]:
    held = [c for c in problem.engineers[shift.engineer].certificates if c.item == certificate]
    if any(c.covers(shift.start_s, shift.end_s) for c in held):
        return
    name = problem.certificates[certificate]
    last = max((c.until_s for c in held), default=None)
    if last is None:
        yield Failure(Rule.CERTIFICATE, Message("why.certificate_never", {"certificate": name}), 10**12)
    elif last >= shift.end_s:
        first = min(c.from_s for c in held)
        missing = Message("why.certificate_not_yet", {"certificate": name, "first_day": first})
        yield Failure(Rule.CERTIFICATE, missing, first - shift.start_s)
    else:
        expired = Message("why.certificate_expired", {"certificate": name, "last_day": last - 1})
        yield Failure(Rule.CERTIFICATE, expired, shift.end_s - last)


def _hours(problem: PlanningProblem, visit: Visit, shift: Shift) -> Iterator[Failure]:
    """Way there and back, earliest start, appointments, length of the day: first without parts, then with them."""
    out = int(problem.travel_s[shift.start_place, visit.place])
    back = int(problem.travel_s[visit.place, shift.end_place])
    if UNREACHABLE in (out, back):
        yield Failure(Rule.TRAVEL, Message("why.unreachable"), 1)
        return
    reached = max(shift.start_s + out, visit.earliest_s)
    missed = _missed(visit, shift, reached, back)
    if missed is not None:
        yield missed
    for line in visit.parts:
        part, ready = problem.parts[line.part], _ready(problem, visit, shift, line)
        if ready is None:
            yield Failure(Rule.PARTS, Message("why.part_nowhere", {"part": part}), line.quantity)
        elif missed is None and (late := _missed(visit, shift, max(reached, ready), back)) is not None:
            yield Failure(
                Rule.PARTS, Message("why.part_too_late", {"part": part, "by_s": late.size}), late.size
            )


def _ready(problem: PlanningProblem, visit: Visit, shift: Shift, line: PartLine) -> int | None:
    """The soonest the line can be at the site on an empty day, by whichever way is quickest; None: by none.

    A lower bound: each line takes its own best way, as if no other line, break or stop cost time.
    """
    usable = {line.part, *line.alternates}
    van = dict(problem.engineers[shift.engineer].van)
    if any(van.get(part, 0) >= line.quantity for part in usable):
        return 0
    ways = [
        offer.arrives_s
        for offer in (problem.offers[index] for index in line.offers)
        if offer.part in usable and offer.quantity >= line.quantity
    ]
    for store in problem.stores:
        stock = dict(store.stock)
        there, on = (
            int(problem.travel_s[shift.start_place, store.place]),
            int(problem.travel_s[store.place, visit.place]),
        )
        held = store.endless or any(stock.get(part, 0) >= line.quantity for part in usable)
        if held and UNREACHABLE not in (there, on):
            ways.append(shift.start_s + there + store.pick_up_s + on)
    return min(ways, default=None)


def _missed(visit: Visit, shift: Shift, reached: int, back: int) -> Failure | None:
    """What goes wrong when the site is reached at `reached`, the soonest possible; None: nothing."""
    start = _first_start(visit, reached)
    if start is None:
        rule = Rule.TIME_LOCK if visit.start_lock_s >= 0 else Rule.WINDOW
        last = visit.start_lock_s if visit.start_lock_s >= 0 else visit.windows[-1].close_s - 1
        return Failure(rule, Message(f"why.{rule.value}_passed", {"by_s": reached - last}), reached - last)
    over = start + visit.service_s + back - shift.end_s - shift.overtime_s
    return Failure(Rule.OVERTIME, Message("why.overtime", {"by_s": over}), over) if over > 0 else None


def _first_start(visit: Visit, reached: int) -> int | None:
    if visit.start_lock_s >= 0:
        fits = not visit.windows or any(w.open_s <= visit.start_lock_s < w.close_s for w in visit.windows)
        return visit.start_lock_s if reached <= visit.start_lock_s and fits else None
    if not visit.windows:
        return reached
    return next((max(reached, w.open_s) for w in visit.windows if reached < w.close_s), None)
