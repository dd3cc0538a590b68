"""What an event has to agree with for a board to take it: a new visit with all its lines, a plan to publish."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from dispatch.desk.visit import LEAD, Lock, PublishedStop, closing
from dispatch.event import VisitRequested
from dispatch.region import Fieldwork
from kernel.errors import Refusal
from kernel.interval import Interval


def check_request(event: VisitRequested, field: Fieldwork, open_visits: Collection[str]) -> None:
    """Say whether what comes with a new visit is about it, and can be.

    Raises:
        Refusal: ``board.line_of_other_visit``, ``board.unknown_visit``, ``board.unknown_skill``,
            ``dataset.order_in_circle``, ``dataset.role_twice``.
    """
    visit = event.visit
    mine = [line.visit for line in event.appointments] + [line.visit for line in event.part_needs]
    for other in (*mine, *(role.visit for role in event.crew)):
        if other != visit.id:
            raise Refusal("board.line_of_other_visit", visit=visit.id, other=other)
    for order in event.order:
        if visit.id not in {order.visit, order.after}:
            raise Refusal("board.line_of_other_visit", visit=visit.id, other=order.visit)
        for name in {order.visit, order.after} - {visit.id}:
            _open(name, open_visits)
    circle = next(closing((*field.visit_order, *event.order)), None)
    if circle is not None:
        raise Refusal("dataset.order_in_circle", visit=circle.visit, after=circle.after)
    taken = {visit.role or LEAD} if event.crew else set[str]()
    for role in event.crew:
        if role.role in taken:
            raise Refusal("dataset.role_twice", visit=visit.id, role=role.role)
        taken.add(role.role)
    known = {skill.id for skill in field.skill_catalogue} | {held.skill for held in field.skills}
    for skill, _ in (*visit.skills, *(pair for role in event.crew for pair in role.skills)):
        if skill not in known:
            raise Refusal("board.unknown_skill", visit=visit.id, skill=skill)


def check_stops(stops: Sequence[PublishedStop], field: Fieldwork, open_visits: Collection[str]) -> None:
    """Say whether stops can be what people go by: open visits, each part once, with somebody there is.

    Raises:
        Refusal: ``board.unknown_visit``, ``board.unknown_shift``, ``board.unknown_partner``, ``board.published_twice``,
            ``dataset.unknown_role``, ``dataset.lock_outside_appointment``.
    """
    shifts = {shift.id for shift in field.shifts} | {duty.id for duty in field.on_call}
    partners = {partner.id for partner in field.partners}
    roles = {(role.visit, role.role) for role in field.crew_roles}
    agreed: dict[str, list[Interval]] = {}
    for one in field.appointments:
        agreed.setdefault(one.visit, []).append(one.window)
    seen: set[str] = set()
    for stop in stops:
        _open(stop.visit, open_visits)
        if stop.partner and stop.partner not in partners:
            raise Refusal("board.unknown_partner", visit=stop.visit, partner=stop.partner)
        if not stop.partner and stop.shift not in shifts:
            raise Refusal("board.unknown_shift", visit=stop.visit, shift=stop.shift)
        if stop.role and (stop.visit, stop.role) not in roles:
            raise Refusal("dataset.unknown_role", visit=stop.visit, role=stop.role)
        if stop.planned in seen:
            raise Refusal("board.published_twice", visit=stop.planned)
        seen.add(stop.planned)
        if lock_outside(stop, agreed.get(stop.visit, ())):
            raise Refusal("dataset.lock_outside_appointment", visit=stop.visit, lock=str(stop.lock))


def lock_outside(stop: PublishedStop, agreed: Sequence[Interval]) -> bool:
    """Whether a start that may not be changed lies outside every time the customer agreed to.

    He agreed to when work begins: of a visit in several parts, to the first one's start.
    """
    held = stop.lock in {Lock.TIME, Lock.BOTH} and stop.planned == stop.visit
    return held and bool(agreed) and not any(stop.starts_at in window for window in agreed)


def _open(name: str, open_visits: Collection[str]) -> None:
    if name not in open_visits:
        raise Refusal("board.unknown_visit", visit=name)
