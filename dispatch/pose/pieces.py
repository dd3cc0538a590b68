"""One engineer's work on a visit in as many pieces as it takes: relief, later shifts, what is left of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from dispatch import problem as posed
from dispatch.desk.visit import Visit, planned_id
from dispatch.policy import Policy
from dispatch.problem import Pair
from dispatch.stretch import Roads, can_do, holds, later_shifts, longest, relief
from dispatch.underway import Standing
from dispatch.work_left import Left, Under

RELIEF, LATER = "relief", "later"
"""What an engineer does on a further piece."""


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
class Terms:
    """What parting visits depends on.

    Args:
        policy: the region's.
        engineers: ids by index; `skills` held (level by skill) of each.
        shifts: of the problem.
        roads: its ways.
        ready_s: when what an engineer (empty: whoever is soonest) has collected by a tick is repaired.
        part_s: when the parts of a line can be had at the soonest; None: they are nowhere.
        horizon_s: the end of the planned days.
    """

    policy: Policy
    engineers: tuple[str, ...]
    skills: tuple[dict[int, int], ...]
    shifts: tuple[posed.Shift, ...]
    roads: Roads
    ready_s: Callable[[Visit, str, int], int]
    part_s: Callable[[posed.PartLine], int | None]
    horizon_s: int


@dataclass(frozen=True)
class Going:
    """How a visit goes on.

    Args:
        terms: see `Terms`.
        continuous: work goes on, with relief, until it is done.
        left: what is left of it, by role; a role that is not there has not begun.
        at_work: a part as posed before it began, once somebody is at work on it.
        free_s: when somebody at work is done.
    """

    terms: Terms
    continuous: bool
    left: Mapping[str, Left]
    at_work: Callable[[posed.Visit, Under], posed.Visit]
    free_s: Callable[[Standing], int]

    @property
    def under_way(self) -> frozenset[str]:
        """Ids of the parts somebody is at work on."""
        return frozenset(one.standing.part for left in self.left.values() for one in left.under)


Chain = tuple[list[posed.Visit], list[Bond]]
"""One engineer's pieces in order, and what binds them."""


def further(whole: posed.Visit, number: int, service_s: int, role: str, *, crew: str = "") -> posed.Visit:
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


def chain(first: posed.Visit, whole: posed.Visit, going: Going, *, crew: str = "") -> Chain:
    """The pieces of one of a visit's people (`crew`: his role, empty: the first engineer), or what is left of them."""
    left = going.left.get(crew)
    word = (whole.role if whole.trip else "") or whole.role or (RELIEF if going.continuous else LATER)

    def part(number: int) -> posed.Visit:
        return first if number == 1 else further(whole, number, 0, word, crew=crew)

    if left is None:
        return _pieces(first, _cut(first, going), going, part)
    under = [going.at_work(part(one.standing.piece), one) for one in left.under]
    if not left.work_s:
        return under, []
    ahead = part(left.piece)
    earliest_s = max(ahead.earliest_s, left.gap_s or 0)
    ahead = _held(replace(ahead, service_s=left.work_s, earliest_s=earliest_s), left, going)
    pieces, bonds = _pieces(ahead, _cut(ahead, going, planned=left.planned), going, part, number=left.piece)
    if not going.continuous:
        pieces = [replace(piece, engineer_lock=ahead.engineer_lock) for piece in pieces]
    pieces = [left_to(piece, left.ahead, going) for piece in pieces]
    # Who is at work goes on whether or not anybody is found for the rest.
    for before in under[-1:]:
        gap_s = left.gap_s
        exact = Bond(before.id, ahead.id, gap_s or 0, gap_s, Pair.DIFFERENT)
        bonds.insert(0, exact if gap_s is not None else Bond(before.id, ahead.id, before.service_s))
    return [*under, *pieces], bonds


def _pieces(
    first: posed.Visit,
    lengths: Sequence[int],
    going: Going,
    part: Callable[[int], posed.Visit],
    *,
    number: int = 1,
) -> Chain:
    """Pieces of these lengths, the first of them number `number`, and what binds them."""
    handover_s = going.terms.policy.handover_min * 60
    later = enumerate(lengths[1:], start=number + 1)
    pieces = [replace(first, service_s=lengths[0])]
    pieces += [replace(part(count), service_s=length) for count, length in later]
    bonds = []
    for one, two in pairwise(pieces):
        if going.continuous:
            gap_s = one.service_s - handover_s
            bonds.append(Bond(one.id, two.id, gap_s, gap_s, Pair.DIFFERENT, both=True))
        else:
            bonds.append(Bond(one.id, two.id, one.service_s, None, Pair.SAME, both=True))
    return pieces, bonds


def _held(part: posed.Visit, left: Left, going: Going) -> posed.Visit:
    """Who is on the way comes; who began goes on, while his shifts can hold what is left; else anybody may."""
    if not left.engineer:
        return part
    terms = going.terms
    engineer = terms.engineers.index(left.engineer)
    if left.coming is not None:
        return replace(part, engineer_lock=engineer, start_lock_s=None)
    own = [shift for shift in terms.shifts if shift.engineer == engineer]
    fits = any(holds(shift, part.place, terms.roads, part.service_s) for shift in own)
    if fits or later_shifts(part.service_s, [own], part.place, terms.roads) > 1:
        return replace(part, engineer_lock=engineer)
    return part


def left_to(part: posed.Visit, coming: Standing | None, going: Going) -> posed.Visit:
    """The part, held to whoever is on the way to it."""
    if coming is None or coming.part != part.id:
        return part
    return replace(part, engineer_lock=going.terms.engineers.index(coming.engineer))


def _cut(first: posed.Visit, going: Going, *, planned: int = 0) -> tuple[int, ...]:
    """Lengths of the pieces of one engineer's work; `planned`: how many were published, 0: none."""
    terms, service_s = going.terms, first.service_s
    most_s = terms.policy.stretch_min * 60
    in_one_go = service_s <= most_s if going.continuous else planned <= 1
    # Nearly every visit fits the first shift looked at: nobody has to be looked at besides.
    if in_one_go and any(
        holds(shift, first.place, terms.roads, service_s)
        for shift in terms.shifts
        if may_do(first, shift, terms)
    ):
        return (service_s,)
    able = [shift for shift in terms.shifts if may_do(first, shift, terms)]
    if going.continuous:
        stretch_s = longest(able, first.place, terms.roads, most_s=most_s)
        handover_s = terms.policy.handover_min * 60
        return relief(first.service_s, stretch_s=stretch_s, handover_s=handover_s)
    return _days(first, able, terms, planned=planned)


def may_do(visit: posed.Visit, shift: posed.Shift, terms: Terms) -> bool:
    """Whether the engineer of a shift has the skills for a visit, and may come."""
    held = terms.skills[shift.engineer]
    return (
        visit.engineer_lock in {-1, shift.engineer}
        and shift.engineer not in visit.barred
        and all(held.get(skill, 0) >= level for skill, level in visit.skills)
    )


def _days(
    first: posed.Visit, able: Sequence[posed.Shift], terms: Terms, *, planned: int = 0
) -> tuple[int, ...]:
    """In one go where any shift can hold it; else in as few equal pieces as one engineer can do.

    What was published in several pieces stays in as many, where somebody can do them.
    """
    service_s, place, count = first.service_s, first.place, 1
    by_engineer: dict[int, list[posed.Shift]] = {}
    for shift in able:
        by_engineer.setdefault(shift.engineer, []).append(shift)
    own = list(by_engineer.values())
    if planned > 1 and can_do(service_s, own, place, terms.roads, count=planned):
        count = planned
    elif not any(holds(shift, place, terms.roads, service_s) for shift in able):
        count = later_shifts(service_s, own, place, terms.roads)
    piece_s = -(-service_s // count)
    return (*(piece_s,) * (count - 1), service_s - (count - 1) * piece_s)
