"""One visit of the desk parted among people and days: crews, relief, later shifts, the way back from the workshop.

The first engineer's first piece keeps the visit's id, its parts, its loaner, its agreed times and the price of a late
arrival. What the customer waits for, the finish, is priced there too when the last piece ends a fixed time after it;
otherwise on the piece that ends last, and the first counts its loaner to the soonest that piece can end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dispatch import problem as posed
from dispatch.desk.visit import LEAD, CrewRole, Visit, planned_id
from dispatch.policy import Policy
from dispatch.pose.index import Index
from dispatch.pose.stretch import holds, later_shifts, longest, relief
from dispatch.problem import Pair

RELIEF, LATER, COLLECT, RETURN = "relief", "later", "collect", "return"
"""What an engineer does on a further piece, or on a trip to the workshop."""


@dataclass(frozen=True, slots=True)
class Bond:
    """A link by ids; see `dispatch.problem.Link`."""

    first: str
    second: str
    least_s: int
    most_s: int | None = None
    engineers: Pair = Pair.ANY
    both: bool = False


@dataclass(frozen=True, slots=True)
class Trip:
    """A visit's parts and what binds them; `chains` are each engineer's pieces in order, the first one's first."""

    chains: tuple[tuple[posed.Visit, ...], ...]
    bonds: tuple[Bond, ...] = ()

    @property
    def parts(self) -> tuple[posed.Visit, ...]:
        """All of them."""
        return tuple(part for chain in self.chains for part in chain)


@dataclass(frozen=True, slots=True)
class Terms:
    """What parting visits depends on: policy, shifts, skills held (level by skill) by engineer, roads."""

    policy: Policy
    shifts: tuple[posed.Shift, ...]
    skills: tuple[dict[int, int], ...]
    travel_s: NDArray[np.int64]


def parted(
    visit: Visit,
    index: Index,
    whole: posed.Visit,
    terms: Terms,
    *,
    continuous: bool = False,
    begun: posed.Visit | None = None,
) -> Trip:
    """Part a visit.

    Args:
        visit: as the desk knows it.
        index: of the problem.
        whole: the visit by one engineer in one go.
        terms: see `Terms`.
        continuous: work goes on, with relief, until it is done.
        begun: what is left of it when somebody is at work on it or on the way.
    """
    roles = index.crews.get(visit.id, ())
    named = (visit.role or LEAD) if roles else COLLECT if visit.bench_min is not None else ""
    first = replace(begun or whole, role=named)
    lead, bonds = _chain(first, replace(whole, role=named if roles else ""), terms, continuous=continuous)
    chains = [lead]
    for role in roles:
        helper = _helper(whole, index, role)
        chain, within = _chain(helper, helper, terms, continuous=continuous)
        bonds += _together(lead, chain, within_s=role.within_min * 60, continuous=continuous)
        for other, one in zip(roles, chains[1:], strict=False):
            bonds += _apart(one, chain, other.within_min * 60, role.within_min * 60, continuous=continuous)
        chains.append(chain)
        bonds += within
    chains[0], back = _returned(visit, lead, whole, terms)
    bonds += back
    trip = Trip(tuple(map(tuple, chains)), tuple(bonds))
    return _fetching(_shared(_finish_priced(trip))) if len(trip.parts) > 1 else trip


def _further(whole: posed.Visit, number: int, service_s: int, role: str, *, crew: str = "") -> posed.Visit:
    """A part besides the first: the same needs, nothing promised or fetched there, nobody held."""
    trip = whole.trip or whole.id
    return replace(
        whole,
        id=planned_id(trip, role=crew, piece=number),
        trip=trip,
        role=role,
        service_s=service_s,
        windows=(),
        parts=(),
        arrive=None,
        repair=None,
        substitute=None,
        loaner=None,
        engineer_lock=-1,
        start_lock_s=None,
        preferred=(),
        other_engineer_cents=0,
        fetches=(),
        published=None,
    )


def _helper(whole: posed.Visit, index: Index, role: CrewRole) -> posed.Visit:
    return replace(
        _further(whole, 1, role.duration_min * 60, role.role, crew=role.role),
        skills=index.skill_levels(role.skills),
        certificates=index.certificate_indices(role.certificates),
        tools=index.tool_indices(role.tools),
    )


def _chain(
    first: posed.Visit, whole: posed.Visit, terms: Terms, *, continuous: bool
) -> tuple[list[posed.Visit], list[Bond]]:
    """One engineer's work in as many pieces as it takes."""
    able = [shift for shift in terms.shifts if _able(first, shift, terms)]
    handover_s = terms.policy.handover_min * 60
    if continuous:
        stretch_s = longest(able, first.place, terms.travel_s, most_s=terms.policy.stretch_min * 60)
        lengths = relief(first.service_s, stretch_s=stretch_s, handover_s=handover_s)
    else:
        lengths = _days(first, able, terms)
    crew = whole.role if whole.trip else ""
    further = crew or whole.role or (RELIEF if continuous else LATER)
    pieces = [replace(first, service_s=lengths[0])]
    pieces += [
        _further(whole, number, length, further, crew=crew)
        for number, length in enumerate(lengths[1:], start=2)
    ]
    bonds = []
    for one, two in pairwise(pieces):
        if continuous:
            gap_s = one.service_s - handover_s
            bonds.append(Bond(one.id, two.id, gap_s, gap_s, Pair.DIFFERENT, both=True))
        else:
            bonds.append(Bond(one.id, two.id, one.service_s, None, Pair.SAME, both=True))
    return pieces, bonds


def _able(visit: posed.Visit, shift: posed.Shift, terms: Terms) -> bool:
    held = terms.skills[shift.engineer]
    return (
        visit.engineer_lock in {-1, shift.engineer}
        and shift.engineer not in visit.barred
        and all(held.get(skill, 0) >= level for skill, level in visit.skills)
    )


def _days(first: posed.Visit, able: Sequence[posed.Shift], terms: Terms) -> tuple[int, ...]:
    """In one go where any shift can hold it; else in as few equal pieces as one engineer can do."""
    service_s, place = first.service_s, first.place
    if any(holds(shift, place, terms.travel_s, service_s) for shift in able):
        return (service_s,)
    by_engineer: dict[int, list[posed.Shift]] = {}
    for shift in able:
        by_engineer.setdefault(shift.engineer, []).append(shift)
    count = later_shifts(service_s, list(by_engineer.values()), place, terms.travel_s)
    piece_s = -(-service_s // count)
    return (*(piece_s,) * (count - 1), service_s - (count - 1) * piece_s)


def _together(
    lead: Sequence[posed.Visit], chain: Sequence[posed.Visit], *, within_s: int, continuous: bool
) -> list[Bond]:
    """The crew comes together at first, and again on every later day; relief comes to each in his own time."""
    pairs = list(zip(lead, chain, strict=False))[: 1 if continuous else None]
    return [Bond(one.id, two.id, 0, within_s, Pair.DIFFERENT, both=True) for one, two in pairs]


def _apart(
    one: Sequence[posed.Visit], two: Sequence[posed.Visit], one_s: int, two_s: int, *, continuous: bool
) -> list[Bond]:
    """Two of a crew who come in gaps of `one_s` and `two_s` ticks are two people, also where one could do both in turn."""
    pairs = list(zip(one, two, strict=False))[: 1 if continuous else None]
    return [
        Bond(first.id, second.id, -one_s, two_s, Pair.DIFFERENT, both=True)
        for first, second in pairs
        if first.service_s <= two_s or second.service_s <= one_s
    ]


def _returned(
    visit: Visit, lead: list[posed.Visit], whole: posed.Visit, terms: Terms
) -> tuple[list[posed.Visit], list[Bond]]:
    """The second trip of a visit to the workshop; it may lie beyond the planned days without the first."""
    if visit.bench_min is None:
        return lead, []
    last = lead[-1]
    fetch_s = terms.policy.fetch_min * 60 if whole.fetches else 0
    back = _further(whole, len(lead) + 1, visit.return_min * 60 + fetch_s, RETURN)
    gap_s = last.service_s + visit.bench_min * 60
    return [*lead, back], [Bond(last.id, back.id, gap_s)]


def _ends(trip: Trip) -> Iterator[tuple[int, bool, posed.Visit]]:
    """The soonest end of every part after the first one's start, and whether it is the only one."""
    start_s, fixed = {trip.parts[0].id: 0}, {trip.parts[0].id: True}
    for bond in trip.bonds:  # in an order in which the first part of each is known
        soonest_s = start_s[bond.first] + bond.least_s
        start_s[bond.second] = max(start_s.get(bond.second, 0), soonest_s)
        exact = fixed[bond.first] and bond.most_s == bond.least_s
        fixed[bond.second] = fixed.get(bond.second, False) or exact
    for part in trip.parts:
        yield start_s[part.id] + part.service_s, fixed[part.id], part


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
    """Leaving all parts out costs what leaving out the visit does."""
    count = len(trip.parts)
    each, rest = divmod(trip.parts[0].left_out, count)
    for number, part in enumerate(trip.parts):
        trip = _with(trip, replace(part, left_out=each + (rest if number == 0 else 0)))
    return trip


def _fetching(trip: Trip) -> Trip:
    """What is fetched goes along with the first engineer's last piece."""
    first, last = trip.chains[0][0], trip.chains[0][-1]
    if first is last or not first.fetches:
        return trip
    return _with(_with(trip, replace(first, fetches=())), replace(last, fetches=first.fetches))


def _with(trip: Trip, part: posed.Visit) -> Trip:
    chains = tuple(tuple(part if one.id == part.id else one for one in chain) for chain in trip.chains)
    return replace(trip, chains=chains)
