"""What each depot has to do, for the queueing bound: from a world and one replication of it."""

from __future__ import annotations

from collections import defaultdict

from dispatch.desk.milestone import Milestone, Promise
from dispatch.desk.term import UNIT_S
from dispatch.region import schemes_of
from kernel.ids import natural_key
from kernel.place import nearest
from scenarios.measure.figures import Measured
from scenarios.run.world import Source, World
from scenarios.staffing.bound import Load


def loads(world: World, pilot: Measured, milestone: Milestone, /) -> tuple[Load, ...]:
    """Give the load of every depot that has engineers; a site belongs to the nearest of them.

    Args:
        world: whose demand.
        pilot: one replication: hours at work and on the way for each ticket.
        milestone: whose promise counts, arrival or repair.
    """
    field = world.region.field
    places = {place.id: place.at for place in world.region.stock.places}
    depots = sorted({one.depot for one in field.engineers}, key=natural_key)
    spots = [at for depot in depots if (at := places.get(depot)) is not None]
    homes = {
        site.id: depots[nearest(site.at, spots)] if len(spots) == len(depots) else depots[0]
        for site in field.sites
    }
    jobs = {job.id: job for job in world.demand.jobs}
    rate: dict[str, float] = defaultdict(float)
    slack: dict[str, dict[float, float]] = defaultdict(lambda: defaultdict(float))
    tickets = max(pilot.tickets, 1)
    on_the_way = sum(travel for _, _, _, travel in pilot.engineers) / 3600 / tickets
    at_work = sum(work for _, _, work, _ in pilot.engineers) / 3600 / tickets
    for source in world.demand.sources:
        depot = homes[source.site]
        whole = sum(weight for _, weight in source.jobs)
        a_week = source.a_year * world.demand.factor * 7 / 365
        for name, weight in source.jobs:
            visited = a_week * weight / whole * (1 - jobs[name].remote)
            rate[depot] += visited
            within = _within_h(world, source, name, milestone)
            if within is not None:
                way = on_the_way if milestone is Milestone.ARRIVE else on_the_way + at_work
                slack[depot][max(0.0, within - way)] += visited
    hours = on_the_way + at_work
    return tuple(
        Load(
            depot,
            tuple(rate[depot] / 168 * hour for hour in world.demand.week),
            hours,
            tuple((h, part / rate[depot]) for h, part in sorted(slack[depot].items())),
        )
        for depot in depots
        if rate[depot] > 0
    )


def _within_h(world: World, source: Source, job: str, milestone: Milestone) -> float | None:
    """Hours promised; a term in working hours is taken as if they were hours of the clock."""
    schemes = schemes_of(world.region.field)
    scheme = schemes.get((source.scheme, source.version))
    severity = next(one.severity for one in world.demand.jobs if one.id == job)
    term = scheme.term(milestone, severity) if scheme is not None else None
    if term is None or term.promise is not Promise.TIMED:
        return None
    return term.amount * UNIT_S[term.unit] / 3600 if term.unit in UNIT_S else 8.0
