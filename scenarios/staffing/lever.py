"""What else than engineers keeps promises, and what it costs: skills for everybody, fuller vans, fuller depots."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from dispatch.crew import SkillHeld
from inventory.replenish.assessment import ReviewSettings
from scenarios.run.world import Shelf, World

WEEKS = 365 / 7
DEPOT_TIMES = 2
VAN_SHARE = 0.8
"""Share of the part lines repairs take that a full van serves."""


class Lever(StrEnum):
    """Something that may be done beside hiring."""

    SKILLS = "skills"
    """Everybody holds every skill that is asked for, at the highest level that is asked for."""
    VANS = "vans"
    """Every van carries what one repair takes of the parts that bring most for their price: `VAN_SHARE` of all needs."""
    STOCK = "stock"
    """Every depot keeps twice what it keeps of each part that repairs take, and at least what one repair takes."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What levers cost beside what a replication counts.

    Args:
        skill_cents: an hour on shift for each skill somebody holds more than today; 0: not known.
        holding_rate: share of its price that keeping a unit for a year costs.
    """

    skill_cents: int = 0
    holding_rate: float = ReviewSettings().holding_rate


def pulled(world: World, levers: Iterable[Lever], prices: Prices, /) -> World:
    """Give the world with these levers pulled; each changes something else, so their order does not matter."""
    for lever in levers:
        match lever:
            case Lever.SKILLS:
                world = _skilled(world, prices.skill_cents)
            case Lever.VANS:
                world = _carried(world)
            case Lever.STOCK:
                world = _kept(world)
    return world


def may_help(world: World, prices: Prices, /) -> tuple[Lever, ...]:
    """Give the levers that change this world and have a price; a skill without a price would always be for nothing."""
    priced = [one for one in Lever if one is not Lever.SKILLS or prices.skill_cents]
    return tuple(one for one in priced if pulled(world, (one,), prices) != world)


def holding_week(world: World, prices: Prices, /) -> float:
    """Give what keeping the levels of all shelves costs a week, in currency units."""
    price = {part.id: float(part.price) for part in world.region.stock.parts}
    value = sum(one.level * price.get(one.part, 0.0) for one in world.shelves)
    return value * prices.holding_rate / WEEKS


def _skilled(world: World, skill_cents: int) -> World:
    most: dict[str, int] = {}
    for job in world.demand.jobs:
        for skill, level in job.skills:
            most[skill] = max(level, most.get(skill, 0))
    field = world.region.field
    now = {(held.engineer, held.skill): held.level for held in field.skills}
    learnt = {
        (one.id, skill): level
        for one in field.engineers
        for skill, level in most.items()
        if now.get((one.id, skill), 0) < level
    }
    new = tuple(SkillHeld(*key, level) for key, level in sorted(learnt.items()))
    kept = tuple(held for held in field.skills if (held.engineer, held.skill) not in learnt)
    more = {one.id: skill_cents * sum(key[0] == one.id for key in learnt) for one in field.engineers}
    rosters = tuple(
        one if one.call_out_cents else replace(one, wage_cents=one.wage_cents + more.get(one.engineer, 0))
        for one in world.rosters
    )
    region = replace(world.region, field=replace(field, skills=(*kept, *new)))
    return replace(world, region=region, rosters=rosters)


def _taken(world: World) -> dict[str, int]:
    """Units one repair takes of each part, the most any job does."""
    found: dict[str, int] = {}
    for job in world.demand.jobs:
        for line in job.parts:
            found[line.part] = max(line.quantity, found.get(line.part, 0))
    return found


def _carried(world: World) -> World:
    taken, needs = _taken(world), _needs(world)
    price = {part.id: float(part.price) for part in world.region.stock.parts}
    wanted: dict[str, int] = {}
    served, whole = 0.0, sum(needs.values())
    for part in sorted(
        taken, key=lambda one: (taken[one] * price.get(one, 0.0) / max(needs[one], 1e-12), one)
    ):
        if served >= VAN_SHARE * whole:
            break
        served += needs[part]
        wanted[part] = taken[part]
    depot_of = {one.van: one.depot for one in world.region.field.engineers if one.van}
    shelves = tuple(
        replace(one, level=max(one.level, wanted.get(one.part, 0))) if one.place in depot_of else one
        for one in world.shelves
    )
    there = {(one.part, one.place) for one in shelves}
    new = tuple(
        Shelf(part, van, units, upstream=depot)
        for part, units in wanted.items()
        for van, depot in depot_of.items()
        if (part, van) not in there
    )
    return replace(world, shelves=(*shelves, *new))


def _needs(world: World) -> dict[str, float]:
    """Lines of each part that are needed in a year."""
    jobs = {job.id: job for job in world.demand.jobs}
    found: dict[str, float] = {}
    for source in world.demand.sources:
        whole = sum(weight for _, weight in source.jobs)
        for name, weight in source.jobs:
            for line in jobs[name].parts:
                often = source.a_year * weight / whole * line.chance
                found[line.part] = found.get(line.part, 0.0) + often
    return found


def _kept(world: World) -> World:
    vans, taken = {one.van for one in world.region.field.engineers}, _taken(world)
    return replace(
        world,
        shelves=tuple(
            one if one.place in vans or one.part not in taken else _doubled(one, taken[one.part])
            for one in world.shelves
        ),
    )


def _doubled(shelf: Shelf, least: int) -> Shelf:
    level = max(shelf.level * DEPOT_TIMES, least)
    reorder = None if shelf.reorder is None else min(shelf.reorder * DEPOT_TIMES, level - 1)
    return replace(shelf, level=level, reorder=reorder)
