"""One visit of the desk parted among people and days: crews, relief, later shifts, the way back from the workshop.

The first engineer's first piece keeps the visit's id, its parts, its loaner, its agreed times and the price of a late
arrival. What the customer waits for, the finish, is priced there too when the last piece ends a fixed time after it;
otherwise on the piece that ends last, and the first counts its loaner to the soonest that piece can end. Where either
of a crew could end last, it counts as late as that can be: no lateness goes unpriced.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import inf

from dispatch import problem as posed
from dispatch.desk.visit import LEAD, CrewRole, Visit, part_of_trip
from dispatch.pose.bench import COLLECT, brought_back, collected, dear_to_leave, returned
from dispatch.pose.index import Index
from dispatch.pose.pieces import Bond, Going, chain, further
from dispatch.problem import Pair


@dataclass(frozen=True, slots=True)
class Trip:
    """A visit's parts and what binds them; `chains` are each engineer's pieces in order, the first one's first.

    `under_way` are the ids of parts somebody is at work on.
    """

    chains: tuple[tuple[posed.Visit, ...], ...]
    bonds: tuple[Bond, ...] = ()
    under_way: frozenset[str] = frozenset()

    @property
    def parts(self) -> tuple[posed.Visit, ...]:
        """All of them."""
        return tuple(part for chain in self.chains for part in chain)


def parted(visit: Visit, index: Index, whole: posed.Visit, going: Going) -> Trip:
    """Part a visit, or what is left of it.

    Args:
        visit: as the desk knows it.
        index: of the problem.
        whole: the visit by one engineer in one go.
        going: how it goes on.
    """
    roles = index.crews.get(visit.id, ())
    named = (visit.role or LEAD) if roles else COLLECT if visit.bench_min is not None else ""
    # What is fitted on the bench is due there, not where the unit is collected.
    first = replace(whole, role=named, parts=() if visit.bench_min is not None else whole.parts)
    left = going.left.get("")
    if left is not None and left.returning:
        lead, bonds = brought_back(visit, whole, going), list[Bond]()
    else:
        lead, bonds = chain(first, replace(whole, role=named if roles else ""), going)
    chains = [lead]
    for role in roles:
        helper = _helper(whole, index, role)
        own, within = chain(helper, helper, going, crew=role.role)
        bonds += _together(lead, own, within_s=role.within_min * 60, going=going)
        for other, one in zip(roles, chains[1:], strict=False):
            bonds += _apart(one, own, other.within_min * 60, role.within_min * 60, going=going)
        chains.append(own)
        bonds += within
    if visit.bench_min is not None and (left is None or not left.returning):
        back, more = returned(visit, lead, whole, going)
        chains[0] = [*lead, back]
        bonds += more
    trip = Trip(tuple(map(tuple, chains)), tuple(bonds), going.under_way)
    if not trip.parts:
        return trip
    trip = _promised(trip, whole)
    trip = _fetching(_shared(_finish_priced(trip))) if len(trip.parts) > 1 else trip
    if not collected(visit, going):
        return trip
    back = trip.chains[0][-1]
    return trip if back.id in trip.under_way else _with(trip, dear_to_leave(back, whole, going.terms))


def _promised(trip: Trip, whole: posed.Visit) -> Trip:
    """What the visit is promised stays with the first of the parts that are left."""
    first = trip.parts[0]
    if first.id == whole.id:
        return trip
    return _with(
        trip,
        replace(
            first,
            arrive=whole.arrive,
            repair=whole.repair,
            substitute=whole.substitute,
            loaner=whole.loaner,
            fetches=whole.fetches,
        ),
    )


def _helper(whole: posed.Visit, index: Index, role: CrewRole) -> posed.Visit:
    return replace(
        further(whole, 1, role.duration_min * 60, role.role, crew=role.role),
        skills=index.skill_levels(role.skills),
        certificates=index.certificate_indices(role.certificates),
        tools=index.tool_indices(role.tools),
    )


def _together(
    lead: Sequence[posed.Visit], own: Sequence[posed.Visit], *, within_s: int, going: Going
) -> list[Bond]:
    """The crew comes together at first, and again on every later day; relief comes to each in his own time.

    A part at work has its start behind it: nothing it was to start together with holds it any more.
    """
    begun = going.under_way
    ahead = {part_of_trip(one.id)[2]: one.id for one in lead if one.id not in begun}
    pairs = [(ahead.get(part_of_trip(two.id)[2]), two.id) for two in own if two.id not in begun]
    if going.continuous:
        pairs = [(one, two) for one, two in pairs if part_of_trip(two)[2] == 1]
    return [Bond(one, two, 0, within_s, Pair.DIFFERENT, both=True) for one, two in pairs if one is not None]


def _apart(
    one: Sequence[posed.Visit], two: Sequence[posed.Visit], one_s: int, two_s: int, *, going: Going
) -> list[Bond]:
    """Two of a crew who come in gaps of `one_s` and `two_s` ticks are two people, also where one could do both in turn."""
    ahead = {part_of_trip(part.id)[2]: part for part in one if part.id not in going.under_way}
    pairs = [(ahead.get(part_of_trip(part.id)[2]), part) for part in two if part.id not in going.under_way]
    if going.continuous:
        pairs = [(first, part) for first, part in pairs if part_of_trip(part.id)[2] == 1]
    return [
        Bond(first.id, part.id, -one_s, two_s, Pair.DIFFERENT, both=True)
        for first, part in pairs
        if first is not None and (first.service_s <= two_s or part.service_s <= one_s)
    ]


def _latest(trip: Trip) -> list[list[float]]:
    """By part and other part: how long after the one the other starts at most, by the bonds; shortest ways (Floyd 1962)."""
    number = {part.id: index for index, part in enumerate(trip.parts)}
    found = [[0.0 if one == two else inf for two in number] for one in number]
    begun = [number[name] for name in sorted(trip.under_way) if name in number]
    for one, two in product(begun, begun):
        found[one][two] = 0.0
    for bond in trip.bonds:
        one, two = number[bond.first], number[bond.second]
        found[one][two] = min(found[one][two], inf if bond.most_s is None else bond.most_s)
        found[two][one] = min(found[two][one], -bond.least_s)
    for through, one, two in product(range(len(found)), repeat=3):
        found[one][two] = min(found[one][two], found[one][through] + found[through][two])
    return found


def _finishes(trip: Trip) -> Iterator[tuple[float, float]]:
    """For each part how long after its start everything is done, at the soonest and at the latest.

    What is not bound to it counts from its start on: at the soonest.
    """
    latest, work = _latest(trip), [part.service_s for part in trip.parts]
    for one in range(len(work)):
        ahead = [latest[two][one] for two in range(len(work))]
        soonest = max((0.0 if s == inf else -s) + w for s, w in zip(ahead, work, strict=True))
        yield soonest, max(s + w for s, w in zip(latest[one], work, strict=True))


def _finish_priced(trip: Trip) -> Trip:
    """Price the finish where it can be read best: never sooner than the last of all is done.

    Where whoever ends last always is the same, or everybody's start is tied to the first's, the price is exact. Of a crew
    in which either could end last it counts from the part that says most of the finish, as late as that can be.
    """
    first, ends = trip.parts[0], list(_finishes(trip))
    if first.repair is None and first.substitute is None and first.loaner is None:
        return trip
    best = min(range(len(ends)), key=lambda one: (ends[one][1] - ends[one][0], one))
    soonest_s = int(ends[0][0]) - first.service_s
    if first.repair is None or (first.loaner is not None and first.loaner.stops_repair):
        return _with(trip, replace(first, away_s=soonest_s)) if soonest_s else trip
    last = trip.parts[best]
    finish_s = ends[best][1] if ends[best][1] < inf else ends[best][0]
    away_s = int(finish_s) - last.service_s
    if last is first:
        return _with(trip, replace(first, away_s=away_s)) if away_s else trip
    # What decides whether a loaner is owed stays on the first part, free of charge.
    gate = replace(first.repair, cents=0) if first.substitute or first.loaner else None
    moved = _with(trip, replace(first, repair=gate, away_s=soonest_s if gate else 0))
    return _with(moved, replace(last, repair=first.repair, away_s=away_s))


def _shared(trip: Trip) -> Trip:
    """Leaving all parts out costs what leaving out the visit does; so does leaving what is under way unfinished."""
    price = trip.parts[0].left_out
    ahead = [part for part in trip.parts if part.id not in trip.under_way]
    for number, part in enumerate(ahead):
        each, rest = divmod(price, len(ahead))
        trip = _with(trip, replace(part, left_out=each + (rest if number == 0 else 0)))
    return trip


def _fetching(trip: Trip) -> Trip:
    """What is fetched goes along with the first engineer's last piece."""
    first = trip.parts[0]
    last = trip.chains[0][-1] if trip.chains[0] else first
    if first is last or not first.fetches:
        return trip
    return _with(_with(trip, replace(first, fetches=())), replace(last, fetches=first.fetches))


def _with(trip: Trip, part: posed.Visit) -> Trip:
    chains = tuple(tuple(part if one.id == part.id else one for one in chain) for chain in trip.chains)
    return replace(trip, chains=chains)
