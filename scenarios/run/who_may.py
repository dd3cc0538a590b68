"""Who of a region's engineers may do which work: asked of the same judge that explains a live plan.

The problem posed here has one place and no time in it, so only what a person holds is judged. Certificates and tools
valid when the simulation starts count as renewed whenever they run out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np

from dispatch.desk.customer import Wish
from dispatch.eligibility import failures
from dispatch.problem import Engineer, Held, Objective, PlanningProblem, Prices, Shift, Visit
from dispatch.region import Fieldwork, Region
from kernel.clock import zone
from kernel.money import cents

_HELD = Held(0, -1, 2)  # for ever, in a problem whose only tick is 0


@dataclass(frozen=True, slots=True)
class Asked:
    """What decides who may come: what the job takes, where it is, whom the customer does not want."""

    skills: tuple[tuple[str, int], ...]
    certificates: tuple[str, ...]
    tools: tuple[str, ...]
    territory: str
    barred: tuple[str, ...]


def place_asked(region: Region, site: str) -> tuple[str, tuple[str, ...]]:
    """What a site asks of an engineer whatever is to be done: its territory, and who is not wanted there."""
    where = next(one for one in region.field.sites if one.id == site)
    said = {wish.engineer: wish.wish for wish in region.field.wishes if wish.customer == where.customer} | {
        wish.engineer: wish.wish for wish in region.field.wishes if wish.site == site
    }
    barred = tuple(sorted(name for name, wish in said.items() if wish is Wish.BARRED))
    return where.territory, barred


def who_may(region: Region, at: datetime, wanted: list[Asked]) -> list[list[int]]:
    """Give, for each of `wanted`, the positions of the engineers who may do it, in the region's order.

    Args:
        region: the people and what they hold.
        at: aware; what is valid then.
        wanted: what is asked.
    """
    work = region.field
    names = [engineer.id for engineer in work.engineers]
    skills = sorted({skill for one in wanted for skill, _ in one.skills})
    certificates = sorted({name for one in wanted for name in one.certificates})
    tools = sorted({name for one in wanted for name in one.tools})
    areas = sorted(
        ({t for e in work.engineers for t in e.territories} | {o.territory for o in wanted}) - {""}
    )
    problem = PlanningProblem(
        objective=Objective.MONEY,
        places=("",),
        travel_s=np.zeros((1, 1), dtype=np.int64),
        distance_m=np.zeros((1, 1), dtype=np.int64),
        skills=tuple(skills),
        certificates=tuple(certificates),
        tools=tuple(tools),
        parts=(),
        loaner_classes=(),
        engineers=tuple(
            Engineer(
                id=engineer.id,
                skills=tuple(
                    (skills.index(held.skill), held.level)
                    for held in work.skills
                    if held.engineer == engineer.id and held.skill in skills
                ),
                certificates=_valid(work, engineer.id, certificates, at, region.settings.zone),
                tools=_carried(work, engineer.id, tools, at, region.settings.zone),
                territories=tuple(areas.index(area) for area in engineer.territories),
                away_cents=None if engineer.away_price is None else cents(engineer.away_price),
            )
            for engineer in work.engineers
        ),
        shifts=tuple(
            Shift(id=name, engineer=i, start_place=0, end_place=0, start_s=0, end_s=1)
            for i, name in enumerate(names)
        ),
        stores=(),
        offers=(),
        visits=tuple(
            Visit(
                id=str(i),
                ticket="",
                place=0,
                service_s=0,
                earliest_s=0,
                left_out=0,
                skills=tuple((skills.index(skill), level) for skill, level in one.skills),
                certificates=tuple(certificates.index(name) for name in one.certificates),
                tools=tuple(tools.index(name) for name in one.tools),
                barred=tuple(names.index(name) for name in one.barred if name in names),
                territory=areas.index(one.territory) if one.territory else -1,
            )
            for i, one in enumerate(wanted)
        ),
        prices=Prices(),
        horizon_s=1,
        territories=tuple(areas),
    )
    return [
        [shift.engineer for shift in problem.shifts if not failures(problem, visit, shift)]
        for visit in problem.visits
    ]


def _valid(work: Fieldwork, engineer: str, names: list[str], at: datetime, here: str) -> tuple[Held, ...]:
    return tuple(
        Held(names.index(held.certificate), _HELD.from_s, _HELD.until_s)
        for held in work.certificates
        if held.engineer == engineer
        and held.certificate in names
        and held.valid_from <= at.astimezone(zone(here)).date()
        and (held.valid_until is None or _after(held.valid_until, here) > at)
    )


def _carried(work: Fieldwork, engineer: str, names: list[str], at: datetime, here: str) -> tuple[Held, ...]:
    return tuple(
        Held(names.index(held.tool), _HELD.from_s, _HELD.until_s)
        for held in work.tools
        if held.holder == engineer
        and held.tool in names
        and (held.calibrated_until is None or _after(held.calibrated_until, here) > at)
    )


def _after(last_day: date, here: str) -> datetime:
    return datetime.combine(last_day + timedelta(days=1), time(), tzinfo=zone(here))
