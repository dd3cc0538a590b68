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
from inventory.catalogue.loaner import lendable
from inventory.catalogue.place import PlaceKind
from kernel.calendars import BusinessCalendar
from kernel.errors import Refusal
from kernel.money import cents
from kernel.timetable import epoch_s
from scenarios.run.drawn import Season, season
from scenarios.run.duty import Stretch, stretches
from scenarios.run.outcome import Span
from scenarios.run.who_may import Asked, place_asked, who_may
from scenarios.run.world import Job, World

HANDLING_S = 2 * 3600
"""A part that comes from another depot takes the way and so long."""
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
        near = [seconds[homes[may]].min(axis=0).tolist() if may else [] for may in self.may]
        return {
            (s, j): near[kind][self.site_at[s]] if self.may[kind] else FAR_S
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
    def expected_s(self) -> list[int]:
        """Seconds of work expected of every job."""
        return [round(job.work.mean * 60) for job in self.world.demand.jobs]

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
        known: dict[object, Owed] = {}
        found: dict[tuple[int, int], Owed] = {}
        for s, j in self.kinds_of_work:
            name, job, far = (sources[s].scheme, sources[s].version), jobs[j], remote[sources[s].site]
            key = name, job.severity, job.kind, far
            if key not in known:
                known[key] = _owed(schemes.get(name), job, remote=far)
            found[s, j] = known[key]
        return found

    @cached_property
    def lendable(self) -> list[list[int]]:
        """Positions of the loaner classes that may stand in for each source's equipment, the one asked for first."""
        classes = self.world.region.stock.loaner_classes
        number = {one.id: i for i, one in enumerate(classes)}
        of_asset = {asset.id: asset.loaner_class for asset in self.world.region.field.assets}
        known: dict[str, list[int]] = {"": []}
        for wanted in of_asset.values():
            if wanted not in known:
                known[wanted] = [number[one] for one in lendable(classes, wanted)]
        return [known[of_asset.get(source.asset, "")] for source in self.world.demand.sources]

    @cached_property
    def shelf_row(self) -> dict[tuple[str, str], int]:
        """Position of the shelf of (place, part)."""
        return {(one.place, one.part): row for row, one in enumerate(self.world.shelves)}

    @cached_property
    def vans(self) -> list[dict[str, int]]:
        """Shelf of each part in every engineer's van."""
        found: dict[str, dict[str, int]] = {}
        for row, one in enumerate(self.world.shelves):
            found.setdefault(one.place, {})[one.part] = row
        return [found.get(one.van, {}) if one.van else {} for one in self.world.region.field.engineers]

    @cached_property
    def van_loads(self) -> list[list[tuple[int, int]]]:
        """(shelf in the van, shelf at the depot it is filled from) of every engineer."""
        engineers, row = self.world.region.field.engineers, self.shelf_row
        return [
            [(van, row[one.depot, part]) for part, van in own.items() if (one.depot, part) in row]
            for one, own in zip(engineers, self.vans, strict=True)
        ]

    @cached_property
    def shelves_near(self) -> dict[tuple[str, str], list[tuple[int, int]]]:
        """For (depot, part): (shelf, way in seconds from there), the depot's own first, then the nearest; its own alone where nothing comes from others."""
        parts = {one.part for one in self.world.shelves}
        return {
            (depot, part): self._by_distance(number, part)
            for number, depot in enumerate(self.depots)
            for part in parts
        }

    def _by_distance(self, depot: int, part: str) -> list[tuple[int, int]]:
        found = []
        for number, other in enumerate(self.depots):
            row = self.shelf_row.get((other, part))
            if row is not None:
                way = self.seconds[self.depot_at[number]][self.depot_at[depot]]
                found.append((0 if number == depot else way + HANDLING_S, row))
        found.sort()
        return [(row, way) for way, row in (found if self.world.room.lateral else found[:1])]

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
    at_site = {site: place_asked(region, site) for site in {source.site for source in demand.sources}}
    for s, source in enumerate(demand.sources):
        for name, _ in source.jobs:
            job = demand.jobs[numbers[name]]
            one = Asked(job.skills, job.certificates, job.tools, *at_site[source.site])
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


def _owed(scheme: Scheme | None, job: Job, *, remote: bool) -> Owed:
    if scheme is None:
        return Owed(None)

    def timed(*milestones: Milestone) -> Term | None:
        for milestone in milestones:
            term = scheme.term(milestone, job.severity, remote=remote, kind=job.kind)
            if term is not None and term.promise is Promise.TIMED:
                return term
        return None

    return Owed(
        scheme,
        timed(Milestone.ARRIVE),
        timed(Milestone.REPAIR, Milestone.DELIVER),
        timed(Milestone.SUBSTITUTE) if scheme.loaner is not None else None,
    )
