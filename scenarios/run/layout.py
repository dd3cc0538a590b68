"""A world laid out for the loop: places, ways, who may do what, promises, all by number. Made once for all replications."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dispatch.desk.clock import due_of
from dispatch.desk.milestone import Milestone, Promise, Severity, TicketKind
from dispatch.desk.scheme import Scheme
from dispatch.desk.term import Term
from dispatch.problem import UNREACHABLE
from dispatch.region import schemes_of
from dispatch.roads import ways
from dispatch.travel import Travel
from inventory.catalogue.place import PlaceKind
from kernel.calendars import BusinessCalendar
from kernel.errors import Refusal
from kernel.money import cents
from kernel.timetable import epoch_s
from scenarios.run.drawn import Season, season
from scenarios.run.duty import Stretch, stretches
from scenarios.run.outcome import Span
from scenarios.run.who_may import Asked, asked, who_may
from scenarios.run.world import Job, Source, World

FAR_S = 1 << 40
"""A way that does not exist."""
SEVERITIES, KINDS = tuple(Severity), tuple(TicketKind)
USUAL_H = {Severity.P1: 4, Severity.P2: 8, Severity.P3: 24, Severity.P4: 72}
"""Where nothing is promised, somebody should be there so soon; only the order of work follows from it."""


@dataclass(frozen=True, slots=True)
class Owed:
    """What is promised for a job at a source: terms by milestone, None where not timed."""

    scheme: Scheme | None
    arrive: Term | None = None
    restore: Term | None = None
    substitute: Term | None = None


@dataclass(frozen=True, slots=True)
class PartnerAsked:
    """Another firm's price and the seconds until it can start."""

    cents: int
    lead_s: int


@dataclass(frozen=True, eq=False)
class Layout:
    """What does not change between replications.

    Args:
        world: as given.
        span: of the simulation.
        travel: between sites, homes and places.
        depots: ids of the depots and warehouses with coordinates; `depot_of`: the one each source belongs to (-1: none).
        kinds_of_work: for (source, job) numbers, the position in `may`.
        may: engineers who may do it, by position.
        duty: every engineer's stretches.
        season: operational time.
    """

    world: World
    span: Span
    travel: Travel
    depots: tuple[str, ...]
    depot_of: tuple[int, ...]
    kinds_of_work: dict[tuple[int, int], int]
    may: list[list[int]]
    duty: list[list[Stretch]]
    season: Season

    @cached_property
    def seconds(self) -> list[list[int]]:
        """Seconds between locations, `FAR_S` where there is no way."""
        found: list[list[int]] = np.where(
            self.travel.seconds == UNREACHABLE, FAR_S, self.travel.seconds
        ).tolist()
        return found

    @cached_property
    def metres(self) -> list[list[int]]:
        """Metres between locations."""
        found: list[list[int]] = self.travel.metres.tolist()
        return found

    @cached_property
    def site_at(self) -> list[int]:
        """Location of every source."""
        return [self.travel.index[f"site:{source.site}"] for source in self.world.demand.sources]

    @cached_property
    def home_at(self) -> list[int]:
        """Location of every engineer's home."""
        return [self.travel.index[f"home:{engineer.id}"] for engineer in self.world.region.field.engineers]

    @cached_property
    def spread(self) -> bool:
        """Whether there are any ways at all."""
        return bool(self.travel.seconds.any())

    @cached_property
    def nearest_s(self) -> dict[tuple[int, int], int]:
        """Seconds from the nearest home of those who may, by (source, job)."""
        homes = np.array(self.home_at, dtype=np.int64)
        seconds = np.where(self.travel.seconds == UNREACHABLE, FAR_S, self.travel.seconds)
        return {
            (s, j): int(seconds[homes[self.may[kind]], self.site_at[s]].min()) if self.may[kind] else FAR_S
            for (s, j), kind in self.kinds_of_work.items()
        }

    @cached_property
    def depot_at(self) -> list[int]:
        """Location of every depot."""
        return [self.travel.index[f"place:{depot}"] for depot in self.depots]

    @cached_property
    def pick_up_s(self) -> list[int]:
        """Seconds a pick-up takes, by depot."""
        by_id = {place.id: place.pick_up_min * 60 for place in self.world.region.stock.places}
        return [by_id[depot] for depot in self.depots]

    def partner_of(self, source: int, job: int) -> PartnerAsked | None:
        """The cheapest partner who may do a job at a source; None: nobody may."""
        where = next(
            site
            for site in self.world.region.field.sites
            if site.id == self.world.demand.sources[source].site
        )
        wanted = self.world.demand.jobs[job]
        found = [
            PartnerAsked(cents(partner.price), partner.lead_min * 60)
            for partner in self.world.region.field.partners
            if (not partner.territories or where.territory in partner.territories)
            and all(dict(partner.skills).get(skill, 0) >= level for skill, level in wanted.skills)
            and set(wanted.certificates) <= set(partner.certificates)
        ]
        return min(found, key=lambda one: (one.cents, one.lead_s), default=None)

    @cached_property
    def start_s(self) -> int:
        """Second 0, in seconds since 1970."""
        return epoch_s(self.world.starts_at)

    @cached_property
    def calendars(self) -> dict[str, BusinessCalendar]:
        """The region's business calendars."""
        return {calendar.id: calendar for calendar in self.world.region.field.calendars}

    @cached_property
    def owed(self) -> dict[tuple[int, int], Owed]:
        """What is promised, by (source, job)."""
        schemes = schemes_of(self.world.region.field)
        remote = {site.id: site.remote for site in self.world.region.field.sites}
        sources, jobs = self.world.demand.sources, self.world.demand.jobs
        return {
            (s, j): _owed(sources[s], jobs[j], schemes.get((sources[s].scheme, sources[s].version)), remote)
            for s, j in self.kinds_of_work
        }

    def due_s(self, owed: Owed, term: Term | None, born_s: int) -> int:
        """When a term counted from a birth runs out, by the clock every ticket has; -1: not promised."""
        if term is None or owed.scheme is None:
            return -1
        return due_of(term, self.start_s + born_s, owed.scheme, self.calendars) - self.start_s


def laid_out(world: World) -> Layout:
    """Lay a world out.

    Raises:
        Refusal: ``scenario.unknown`` when it names a site, job, engineer, scheme or place that is not there;
            ``travel.unknown_location``.
    """
    _check(world)
    region, demand = world.region, world.demand
    from_s = world.warm_up_days * 86_400
    travel = ways(region, {source.site for source in demand.sources})
    depots = tuple(
        place.id
        for place in region.stock.places
        if place.at is not None and place.kind in {PlaceKind.DEPOT, PlaceKind.WAREHOUSE}
    )
    numbers = {job.id: number for number, job in enumerate(demand.jobs)}
    wanted, kinds, known = list[Asked](), dict[tuple[int, int], int](), dict[Asked, int]()
    for s, source in enumerate(demand.sources):
        for name, _ in source.jobs:
            one = asked(demand.jobs[numbers[name]], region, source.site)
            if one not in known:
                known[one] = len(wanted)
                wanted.append(one)
            kinds[s, numbers[name]] = known[one]
    return Layout(
        world=world,
        span=Span(from_s, from_s + world.days * 86_400),
        travel=travel,
        depots=depots,
        depot_of=tuple(_nearest(travel, f"site:{source.site}", depots) for source in demand.sources),
        kinds_of_work=kinds,
        may=who_may(region, world.starts_at, wanted),
        duty=stretches(world),
        season=season(world),
    )


def _check(world: World) -> None:
    work = world.region.field
    schemes = schemes_of(work)
    known = {
        "site": {site.id for site in work.sites},
        "engineer": {engineer.id for engineer in work.engineers},
        "job": {job.id for job in world.demand.jobs},
        "place": {place.id for place in world.region.stock.places},
        "part": {part.id for part in world.region.stock.parts},
    }
    named = [("site", source.site) for source in world.demand.sources]
    named += [("job", name) for source in world.demand.sources for name, _ in source.jobs]
    named += [("engineer", roster.engineer) for roster in world.rosters]
    named += [("place", shelf.place) for shelf in world.shelves]
    named += [("part", shelf.part) for shelf in world.shelves]
    named += [("part", line.part) for job in world.demand.jobs for line in job.parts]
    for what, name in named:
        if name not in known[what]:
            raise Refusal("scenario.unknown", what=what, name=name)
    for source in world.demand.sources:
        if source.scheme and (source.scheme, source.version) not in schemes:
            raise Refusal("scenario.unknown", what="scheme", name=f"{source.scheme} {source.version}")
    kept = {shelf.part for shelf in world.shelves if _is_depot(world, shelf.place)}
    for job in world.demand.jobs:
        for line in job.parts:
            if line.part not in kept:
                raise Refusal("scenario.part_kept_nowhere", part=line.part, job=job.id)


def _is_depot(world: World, name: str) -> bool:
    place = next(one for one in world.region.stock.places if one.id == name)
    return place.at is not None and place.kind in {PlaceKind.DEPOT, PlaceKind.WAREHOUSE}


def _nearest(travel: Travel, site: str, depots: tuple[str, ...]) -> int:
    here = travel.index[site]
    reached = [
        (int(travel.seconds[travel.index[f"place:{depot}"], here]), number)
        for number, depot in enumerate(depots)
        if travel.seconds[travel.index[f"place:{depot}"], here] != UNREACHABLE
    ]
    return min(reached)[1] if reached else -1


def _owed(source: Source, job: Job, scheme: Scheme | None, remote: dict[str, bool]) -> Owed:
    if scheme is None:
        return Owed(None)

    def timed(*milestones: Milestone) -> Term | None:
        for milestone in milestones:
            term = scheme.term(milestone, job.severity, remote=remote[source.site], kind=job.kind)
            if term is not None and term.promise is Promise.TIMED:
                return term
        return None

    return Owed(
        scheme,
        timed(Milestone.ARRIVE),
        timed(Milestone.REPAIR, Milestone.DELIVER),
        timed(Milestone.SUBSTITUTE) if scheme.loaner is not None else None,
    )
