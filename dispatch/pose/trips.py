"""One visit of the desk parted among people and days: crews, relief, later shifts, the way back from the workshop.

The first engineer's first piece keeps the visit's id, its parts, its loaner, its agreed times and the price of a late
arrival. What the customer waits for, the finish, is priced there too when the last piece ends a fixed time after it;
otherwise on the piece that ends last, and the first counts its loaner to the soonest that piece can end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dispatch import problem as posed
from dispatch.desk.visit import LEAD, CrewRole, Visit, part_of_trip
from dispatch.pose.index import Index
from dispatch.pose.pieces import Bond, Going, Terms, chain, further, left_to
from dispatch.problem import Pair

COLLECT, RETURN = "collect", "return"
"""What an engineer does on a trip to the workshop."""


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
    first = replace(whole, role=named)
    left = going.left.get("")
    if left is not None and left.returning:
        lead, bonds = _brought_back(visit, whole, going), list[Bond]()
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
        back, more = _returned(visit, lead, whole, going)
        chains[0] = [*lead, back]
        bonds += more
    trip = Trip(tuple(map(tuple, chains)), tuple(bonds), going.under_way)
    if not trip.parts:
        return trip
    trip = _promised(trip, whole)
    return _fetching(_shared(_finish_priced(trip))) if len(trip.parts) > 1 else trip


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


def _back(visit: Visit, whole: posed.Visit, terms: Terms, *, number: int) -> posed.Visit:
    """The trip that brings a unit back, and fetches what stood there instead."""
    fetch_s = terms.policy.fetch_min * 60 if whole.fetches else 0
    return further(whole, number, visit.return_min * 60 + fetch_s, RETURN)


def _brought_back(visit: Visit, whole: posed.Visit, going: Going) -> list[posed.Visit]:
    """The second trip once the unit is in the workshop; it may be ready beyond the planned days."""
    left = going.left[""]
    back = _back(visit, whole, going.terms, number=2)
    if left.under:
        return [going.at_work(back, one) for one in left.under]
    back = replace(back, earliest_s=max(back.earliest_s, left.ready_s))
    if left.coming is not None:
        back = replace(back, engineer_lock=going.terms.engineers.index(left.coming.engineer))
    return [back]


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


def _returned(
    visit: Visit, lead: Sequence[posed.Visit], whole: posed.Visit, going: Going
) -> tuple[posed.Visit, list[Bond]]:
    """The second trip while the unit is still to be collected; it may lie beyond the planned days without the first.

    The gap counts the bench time by the depot's hours where the end of the first trip is known. Where it is not, it is
    elapsed time, for a link knows one gap whenever its first part ends, and the return is no sooner than the
    depots' hours make of the soonest end.
    """
    left, bench_s = going.left.get(""), (visit.bench_min or 0) * 60
    if not lead:
        one = left.finishing[0] if left is not None and left.finishing else None
        ready_s = going.terms.ready_s(visit, one.engineer, going.free_s(one)) if one is not None else 0
        back = _back(visit, whole, going.terms, number=2)
        return replace(back, earliest_s=max(back.earliest_s, ready_s)), []
    last = lead[-1]
    back = _back(visit, whole, going.terms, number=part_of_trip(last.id)[2] + 1)
    back = left_to(back, left.ahead if left is not None else None, going)
    if last.id in going.under_way and left is not None:
        by = left.under[-1].standing.engineer
        return back, [Bond(last.id, back.id, going.terms.ready_s(visit, by, last.service_s))]
    by = going.terms.engineers[last.engineer_lock] if last.engineer_lock >= 0 else ""
    ready_s = going.terms.ready_s(visit, by, last.earliest_s + last.service_s)
    back = replace(back, earliest_s=max(back.earliest_s, ready_s))
    return back, [Bond(last.id, back.id, last.service_s + bench_s)]


def _ends(trip: Trip) -> Iterator[tuple[int, bool, posed.Visit]]:
    """The soonest end of every part after the first one's start, and whether it is the only one."""
    first = trip.parts[0].id
    known = trip.under_way | {first} if first in trip.under_way else {first}
    start_s, fixed = dict.fromkeys(known, 0), dict.fromkeys(known, True)
    for bond in trip.bonds:  # in an order in which the first part of each is known
        soonest_s = start_s.get(bond.first, 0) + bond.least_s
        start_s[bond.second] = max(start_s.get(bond.second, 0), soonest_s)
        exact = fixed.get(bond.first, False) and bond.most_s == bond.least_s
        fixed[bond.second] = fixed.get(bond.second, False) or exact
    for part in trip.parts:
        yield start_s.get(part.id, 0) + part.service_s, fixed.get(part.id, False), part


def _finish_priced(trip: Trip) -> Trip:
    """Price the finish where it can be read; see the module."""
    first = trip.parts[0]
    end_s, fixed, last = max(_ends(trip), key=lambda end: end[0])
    away_s = end_s - first.service_s
    if last is first or (first.repair is None and first.substitute is None and first.loaner is None):
        return trip
    stops_repair = first.loaner is not None and first.loaner.stops_repair
    if fixed or first.repair is None or stops_repair:
        return _with(trip, replace(first, away_s=away_s))
    # What decides whether a loaner is owed stays on the first part, free of charge.
    gate = replace(first.repair, cents=0) if first.substitute or first.loaner else None
    moved = _with(trip, replace(first, repair=gate, away_s=away_s if gate else 0))
    return _with(moved, replace(last, repair=first.repair))


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
