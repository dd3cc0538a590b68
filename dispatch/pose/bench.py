"""The way to the workshop and back: when a unit is brought back, what for, and what it costs to leave it there.

A unit is collected only with the trip that brings it back, unless that has to lie beyond the planned days. Once it is
collected it is owed: leaving the return out costs the whole visit and the lateness up to the end of the planned days.
Parts fitted on the bench are due when the unit is brought back; collecting it waits for none of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dispatch import problem as posed
from dispatch.desk.visit import Visit, part_of_trip
from dispatch.eligibility import within
from dispatch.pose.pieces import Bond, Going, Terms, further, left_to, may_do
from dispatch.problem import UNREACHABLE, arrival

COLLECT, RETURN = "collect", "return"
"""What an engineer does on a trip to the workshop."""


def collected(visit: Visit, going: Going) -> bool:
    """Whether the unit has left the customer, or somebody is there collecting it."""
    left = going.left.get("")
    if visit.bench_min is None or left is None:
        return False
    return left.returning or bool(left.under) or bool(left.finishing)


def dear_to_leave(back: posed.Visit, whole: posed.Visit, terms: Terms) -> posed.Visit:
    """The trip that brings a collected unit back: without it the promises are broken to the end of the planned days."""
    end_s = max(terms.horizon_s, *(shift.latest_s for shift in terms.shifts), 0)
    late = sum(due.price(end_s) for due in (whole.repair, whole.substitute) if due is not None)
    return replace(back, left_out=whole.left_out + late)


def brought_back(visit: Visit, whole: posed.Visit, going: Going) -> list[posed.Visit]:
    """The second trip once the unit is in the workshop; it may be ready beyond the planned days.

    A part that can be had nowhere has reached the bench some other way.
    """
    left, terms = going.left[""], going.terms
    back = _back(visit, whole, terms, number=2)
    if left.under:
        return [going.at_work(replace(back, parts=()), one) for one in left.under]
    had = tuple(line for line in back.parts if terms.part_s(line) is not None)
    back = replace(back, parts=had, earliest_s=max(back.earliest_s, left.ready_s))
    if left.coming is not None:
        back = replace(back, engineer_lock=terms.engineers.index(left.coming.engineer))
    return [back]


def returned(
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
    soonest_s = _soonest_ready(visit, lead, by, going.terms)
    # Without the parts there is nothing to collect it for; without the time it is brought back by a later plan.
    owed = soonest_s is None or any(going.terms.part_s(line) is None for line in back.parts)
    both = owed or _start(back, max(soonest_s or 0, _parts_s(back, going.terms)), going.terms) is not None
    return back, [Bond(last.id, back.id, last.service_s + bench_s, both=both)]


def _back(visit: Visit, whole: posed.Visit, terms: Terms, *, number: int) -> posed.Visit:
    """The trip that brings a unit back with what was fitted to it, and fetches what stood there instead."""
    fetch_s = terms.policy.fetch_min * 60 if whole.fetches else 0
    back = further(whole, number, visit.return_min * 60 + fetch_s, RETURN)
    return replace(back, parts=whole.parts)


def _parts_s(back: posed.Visit, terms: Terms) -> int:
    """When all that is to be fitted can be had at the soonest."""
    return max((terms.part_s(line) or 0 for line in back.parts), default=0)


def _soonest_ready(visit: Visit, lead: Sequence[posed.Visit], by: str, terms: Terms) -> int | None:
    """When the unit can be repaired at the soonest; None: nobody can collect it within the planned days."""
    free_s = 0
    for part in lead:
        found = _start(part, free_s, terms)
        if found is None:
            return None
        free_s = found + part.service_s
    return max(terms.ready_s(visit, by, free_s), free_s + (visit.bench_min or 0) * 60)


def _start(part: posed.Visit, from_s: int, terms: Terms) -> int | None:
    """The soonest start from a tick on with nothing else on the shift, breaks aside; None: no shift can hold it."""
    starts = (_on(shift, part, from_s, terms) for shift in terms.shifts if may_do(part, shift, terms))
    return min((start for start in starts if start is not None), default=None)


def _on(shift: posed.Shift, part: posed.Visit, from_s: int, terms: Terms) -> int | None:
    ways = terms.roads.travel_s
    out, home = int(ways[shift.start_place, part.place]), int(ways[part.place, shift.end_place])
    if UNREACHABLE in (out, home):
        return None
    pace = terms.roads.pace
    there_s = max(arrival(pace, shift.start_s, out), from_s, part.earliest_s, part.start_lock_s or 0)
    start_s = within(part.windows, there_s)
    if start_s is None or arrival(pace, start_s + part.service_s, home) > shift.latest_s:
        return None
    return start_s
