"""The ways a part can be brought to a visit, as of now: all of them for who asks, the best of them for every plan.

A plan is offered them where no van of who may go has the part. Units in a van whose own work may need them are never offered,
and what is offered from a van or a customer's cabinet is offered to one visit only and is in no van of the problem any more:
whatever a plan takes, no unit is taken twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from dispatch.board import Board
from dispatch.crew import on_call_shift, present
from dispatch.desk.visit import Lock, Visit
from dispatch.pace import pace
from dispatch.parts import (
    Bringing,
    Delivery,
    OfferKind,
    PlaceKind,
    Road,
    Supplies,
    SupplyOffer,
    Surroundings,
    Tariff,
    Wanted,
    Way,
    WayKind,
    best_of,
    supplies,
)
from dispatch.problem import UNREACHABLE, arrival
from kernel.clock import zone
from kernel.errors import Refusal
from kernel.ids import checked_id, derived_id, natural_key
from kernel.interval import Interval

MOST_WAYS = 3
"""Ways a plan is offered for one need: the search looks at a few only."""

_SENT = {
    WayKind.COURIER: OfferKind.COURIER,
    WayKind.OTHER_VAN: OfferKind.COURIER,
    WayKind.FORWARD: OfferKind.COURIER,
    WayKind.TRANSFER: OfferKind.TRANSFER,
    WayKind.PURCHASE: OfferKind.PURCHASE,
}
"""As what a way is offered to a plan; what lies in the own van or is picked up the plan takes by itself."""

_ONCE = {WayKind.OTHER_VAN, WayKind.FORWARD}
"""Ways whose units lie where no route of the problem can take them: each is offered to one visit."""

QUARTER = timedelta(minutes=15)
"""Ways are promised to a plan by the next quarter of an hour; chosen."""

_ID_LENGTH = 64


def ways_to(board: Board, visit: str, part: str, units: int, *, by: datetime | None = None) -> Bringing:
    """Every way a part can be brought to a visit now, and why the others are none.

    Args:
        board: what is true now.
        visit: an open one.
        part: its number, needed or not.
        units: whole units, all one way.
        by: the last moment it is of use, aware; None: whenever.

    Raises:
        Refusal: ``explain.unknown_visit``, ``stock.unknown_part``, ``stock.not_positive``.
    """
    if visit not in board.visits:
        raise Refusal("explain.unknown_visit", visit=visit)
    if all(one.id != part for one in board.region.stock.parts):
        raise Refusal("stock.unknown_part", part=part)
    offered = supplies(board.region.stock, now=board.now, zone_name=board.region.settings.zone)
    crew = _Crew(board, board.visits.values(), offered)
    going = crew.goes(board.visits[visit])
    van = crew.van[next(iter(going))] if going is not None and len(going) == 1 else ""
    wanted = Wanted(part, units, by, crew.customer(visit), visit, van)
    return offered.bring.ways(wanted, crew.around(board.visits[visit], part))


def with_ways(board: Board, visits: Sequence[Visit], offered: Supplies) -> Supplies:
    """What there is for visits, with the best ways to bring what none who may go carries.

    A way that was offered or asked for already stands as it was.

    Args:
        board: what is true now.
        visits: the open ones, in order.
        offered: what there is without.
    """
    crew = _Crew(board, visits, offered)
    deliveries = {visit: list(known) for visit, known in offered.deliveries.items()}
    once: list[tuple[Visit, Way, str]] = []
    for visit in visits:
        known = {(one.part, one.kind, one.source) for one in deliveries.get(visit.id, ())}
        for parts, units in crew.missing(visit):
            found = [(way, part) for part in parts for way in crew.open_ways(visit, part, units)]
            found = [(way, part) for way, part in found if (part, _SENT[way.kind], way.source) not in known]
            shared = sorted((row for row in found if row[0].kind not in _ONCE), key=_rank)
            kept = {id(way) for way in best_of((way for way, _ in shared), MOST_WAYS)}
            rows = [_delivery(visit.id, part, way) for way, part in shared if id(way) in kept]
            if rows:
                deliveries.setdefault(visit.id, []).extend(rows)
            once += [(visit, way, part) for way, part in found if way.kind in _ONCE]
    vans = {engineer: dict(stock) for engineer, stock in offered.vans.items()}
    for visit_id, row, engineer in crew.shared_out(once):
        deliveries.setdefault(visit_id, []).append(row)
        if engineer:
            _take(vans[engineer], row)
    return replace(offered, vans=vans, deliveries={name: tuple(rows) for name, rows in deliveries.items()})


def way_id(visit: str, part: str, kind: OfferKind, source: str) -> str:
    """The id a way is offered under: the same visit, part, kind and source always give the same."""
    named = f"{visit}/{part}/{kind.value}/{source}"
    short = len(named) <= _ID_LENGTH
    return checked_id(named) if short else derived_id("WAY", visit, part, kind.value, source)


def is_computed(offer: SupplyOffer) -> bool:
    """Whether it was asked for because a plan took one of these ways, not by hand."""
    return offer.id == way_id(offer.demand_ref, offer.part, offer.kind, offer.source)


def _delivery(visit: str, part: str, way: Way) -> Delivery:
    shelf = way.source if way.kind in {WayKind.COURIER, WayKind.TRANSFER} else ""
    kind = _SENT[way.kind]
    name = way_id(visit, part, kind, way.source)
    return Delivery(
        name, kind.value, visit, part, way.units, _quarter(way.arrives_at), way.cost, shelf, way.source
    )


def _quarter(at: datetime) -> datetime:
    """The quarter of an hour a delivery is promised for: nobody promises a minute, and a promise outlives the minute it is made."""
    return at + (datetime.min.replace(tzinfo=at.tzinfo) - at) % QUARTER


def _take(stock: dict[str, int], row: Delivery) -> None:
    stock[row.part] -= row.quantity
    if not stock[row.part]:
        del stock[row.part]


def _rank(row: tuple[Way, str]) -> tuple[object, ...]:
    way, part = row
    return way.cost, way.arrives_at, natural_key(way.source), natural_key(part)


class _Crew:
    """Who may go to which visit, what lies in whose van, and what lies around a visit; worked out once, for many visits."""

    def __init__(self, board: Board, visits: Iterable[Visit], offered: Supplies) -> None:
        self._board, self._offered = board, offered
        self._visits = {visit.id: visit for visit in visits}
        work = board.region.field
        self._engineers = {one.id: one for one in work.engineers}
        self.van = {one.id: one.van for one in work.engineers}
        self._drives = {
            p.id: p.engineer
            for p in board.region.stock.places
            if p.kind is PlaceKind.VAN and p.engineer in self._engineers
        }
        self._sites = {site.id: site for site in work.sites}
        self._skills: dict[str, dict[str, int]] = {}
        for held in work.skills:
            self._skills.setdefault(held.engineer, {})[held.skill] = held.level
        self._certificates: dict[str, set[str]] = {}
        today = board.now.astimezone(zone(board.region.settings.zone)).date()
        for paper in work.certificates:
            if paper.valid_until is None or today <= paper.valid_until:
                self._certificates.setdefault(paper.engineer, set()).add(paper.certificate)
        ahead = Interval(board.now, board.horizon_end)
        rows = (*work.shifts, *map(on_call_shift, work.on_call))
        self._on_duty = {
            row.engineer
            for row in rows
            if row.worked.overlaps(ahead)
            and any(piece.overlaps(ahead) for piece in present(row, work.absences))
        }
        self._working: dict[str, set[str]] = {}
        for one in board.standing.values():
            if one.visit:
                self._working.setdefault(one.visit, set()).add(one.engineer)
        self._shift = {row.id: row.engineer for row in rows}
        self._may: dict[tuple[str, str], bool] = {}
        self._takers = self._takers_of()
        policy, self._pace = board.region.settings.policy, pace(board)
        self._tariff = Tariff(
            policy.loaner_courier,
            policy.loaner_courier_km,
            policy.loaner_prepare_min,
            policy.travel_hour,
            policy.distance_km,
        )

    def customer(self, visit: str) -> str:
        """At whose site a visit is."""
        return self._sites[self._visits[visit].site].customer

    def goes(self, visit: Visit) -> frozenset[str] | None:
        """The engineers it is settled among: who is at work on it, or whom it is published for and held to; None: anybody."""
        if visit.id in self._working:
            return frozenset(self._working[visit.id])
        stop = self._board.published.get(visit.id)
        held = stop is not None and stop.lock in {Lock.ENGINEER, Lock.BOTH} and stop.shift in self._shift
        return frozenset({self._shift[stop.shift]}) if stop is not None and held else None

    def may(self, engineer: str, visit: Visit) -> bool:
        """Whether an engineer who is on duty can do a visit, by skill, certificate and area; tools and hours aside."""
        key = (engineer, visit.id)
        if key not in self._may:
            self._may[key] = self._judged(engineer, visit)
        return self._may[key]

    def missing(self, visit: Visit) -> Iterator[tuple[tuple[str, ...], int]]:
        """Parts that would do and units, for every need of a visit that no van of who may go carries."""
        if visit.id in self._board.partners:
            return
        for parts, units in self._needs(visit):
            going = self.goes(visit)
            crew = self._on_duty if going is None else going
            if not any(
                self._offered.vans.get(engineer, {}).get(part, 0) >= units and self.may(engineer, visit)
                for engineer in crew
                for part in parts
            ):
                yield parts, units

    def open_ways(self, visit: Visit, part: str, units: int) -> tuple[Way, ...]:
        """Ways that can be offered to a plan: from elsewhere than the own van or a stop, there before the planned days are over."""
        by = self._board.horizon_end
        kept = self._offered.kept(part, visit.id) >= units
        wanted = Wanted(part, units, by, self.customer(visit.id), visit.id if kept else "")
        found = self._offered.bring.open_ways(wanted, self.around(visit, part))
        return tuple(way for way in found if way.kind in _SENT)

    def around(self, visit: Visit, part: str) -> Surroundings:
        """What lies around a visit's site."""
        board = self._board
        return Surroundings(
            self._road_to(visit), self._tariff, board.calendars, self._arrives, self._needed(part)
        )

    def shared_out(self, rows: list[tuple[Visit, Way, str]]) -> Iterator[tuple[str, Delivery, str]]:
        """Give units out of vans and cabinets to one visit each, the cheapest way first: visit, delivery, whose van it is."""
        left: dict[tuple[str, str], int] = {}
        served: set[tuple[str, str]] = set()
        for visit, way, part in sorted(rows, key=lambda row: (*_rank(row[1:]), natural_key(row[0].id))):
            units = left.setdefault((part, way.source), way.free)
            if units >= way.units and (visit.id, part) not in served:
                left[part, way.source] = units - way.units
                served.add((visit.id, part))
                yield visit.id, _delivery(visit.id, part, way), self._drives.get(way.source, "")

    def _needs(self, visit: Visit) -> Iterator[tuple[tuple[str, ...], int]]:
        """Parts that would do and units that are wanted, by part needed: what is kept for it in part is not wanted again."""
        board = self._board
        wanted: dict[str, int] = {}
        for need in board.part_needs.get(visit.id, ()):
            wanted[need.part] = wanted.get(need.part, 0) + need.quantity
        if not wanted:
            return
        original_only = board.scheme(board.ticket(visit.ticket)).original_only
        for part, units in sorted(wanted.items(), key=lambda row: natural_key(row[0])):
            others = () if original_only else self._offered.stand_ins.get(part, ())
            kept = self._offered.kept(part, visit.id)
            yield (part, *others), units - kept if kept < units else units

    def _takers_of(self) -> dict[str, dict[str, int]]:
        """Units each visit may take, by part and visit."""
        found: dict[str, dict[str, int]] = {}
        for visit in self._visits.values():
            for parts, units in self._needs(visit):
                for part in parts:
                    by_visit = found.setdefault(part, {})
                    by_visit[visit.id] = by_visit.get(visit.id, 0) + units
        return found

    def _needed(self, part: str) -> dict[str, int]:
        """Units of a part that visits may take out of each van that has some, whatever a plan does."""
        takers = self._takers.get(part, {})
        return {
            van: sum(
                units for visit, units in takers.items() if self._might_take(engineer, self._visits[visit])
            )
            for van, engineer in self._drives.items()
            if self._offered.vans.get(engineer, {}).get(part, 0)
        }

    def _might_take(self, engineer: str, visit: Visit) -> bool:
        going = self.goes(visit)
        return engineer in going if going is not None else self.may(engineer, visit)

    def _judged(self, engineer: str, visit: Visit) -> bool:
        if engineer not in self._on_duty:
            return False
        skills, papers = self._skills.get(engineer, {}), self._certificates.get(engineer, set())
        able = all(skills.get(skill, 0) >= level for skill, level in visit.skills)
        row, area = self._engineers[engineer], self._sites[visit.site].territory
        comes = not row.territories or not area or area in row.territories or row.away_price is not None
        return able and comes and papers.issuperset(visit.certificates)

    def _road_to(self, visit: Visit) -> Callable[[str], Road | None]:
        roads = self._board.roads
        end = roads.index[f"site:{visit.site}"]

        def road(place: str) -> Road | None:
            start = roads.index.get(self._where(place))
            if start is None or roads.seconds[start, end] == UNREACHABLE:
                return None
            return Road(int(roads.seconds[start, end]), int(roads.metres[start, end]))

        return road

    def _where(self, place: str) -> str:
        """Location id of a place: a van is where its engineer was last known to be, else where he lives."""
        engineer = self._drives.get(place, "")
        if not engineer:
            return f"place:{place}"
        known = self._board.standing.get(engineer)
        return known.place if known is not None and known.place else f"home:{engineer}"

    def _arrives(self, leaves_at: datetime, seconds: int) -> datetime:
        board = self._board
        return board.moment(arrival(self._pace, board.tick(leaves_at), seconds))
