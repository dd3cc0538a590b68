"""How much uninterrupted work a shift can hold at a place, and how work that is longer is cut into pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dispatch import problem as posed
from dispatch.problem import UNREACHABLE, Pace, arrival, departure

MOST_PIECES = 60
"""A repair in more pieces than that is a project, not a visit."""


@dataclass(frozen=True, slots=True)
class Roads:
    """The ways of a problem: its matrix at full speed, and the pace by time of day."""

    travel_s: posed.Legs
    pace: Sequence[Pace] = ()


def pieces_held(shift: posed.Shift, place: int, roads: Roads, *, end_s: int, piece_s: int) -> int:
    """How many pieces of `piece_s` of work at `place`, one after another, an empty shift over at `end_s` can hold.

    Breaks are taken between pieces: as late as they may be, for they end a stretch of work, and only those that are
    owed.
    """
    out, back = int(roads.travel_s[shift.start_place, place]), int(roads.travel_s[place, shift.end_place])
    if UNREACHABLE in (out, back):
        return 0
    held, free_s = 0, arrival(roads.pace, shift.start_s, out)
    last_s = departure(roads.pace, end_s, back)
    for rest in shift.breaks:
        if end_s <= rest.until_s:
            break  # over before it is owed
        count = max(0, (min(rest.until_s - 1, last_s) - free_s) // piece_s)
        held, free_s = held + count, max(free_s + count * piece_s, rest.from_s) + rest.duration_s
    return held + max(0, (last_s - free_s) // piece_s)


def holds(shift: posed.Shift, place: int, roads: Roads, service_s: int) -> bool:
    """Say whether an empty shift, with all its overtime, can hold `service_s` of uninterrupted work at `place`."""
    return pieces_held(shift, place, roads, end_s=shift.latest_s, piece_s=service_s) > 0


def longest(shifts: Sequence[posed.Shift], place: int, roads: Roads, *, most_s: int) -> int:
    """The longest uninterrupted work at `place`, up to `most_s`, that one of these shifts can hold; 0: none."""
    low, high = 0, most_s
    while low < high:
        middle = (low + high + 1) // 2
        if any(holds(shift, place, roads, middle) for shift in shifts):
            low = middle
        else:
            high = middle - 1
    return low


def later_shifts(
    service_s: int, by_engineer: Sequence[Sequence[posed.Shift]], place: int, roads: Roads
) -> int:
    """In how few pieces one engineer can do `service_s` of work in paid time, one after another; 1 where none can.

    Args:
        service_s: ticks of work.
        by_engineer: the shifts of everybody who could do it.
        place: where.
        roads: the problem's ways.
    """
    for count in range(2, MOST_PIECES + 1):
        if can_do(service_s, by_engineer, place, roads, count=count):
            return count
    return 1


def can_do(
    service_s: int, by_engineer: Sequence[Sequence[posed.Shift]], place: int, roads: Roads, *, count: int
) -> bool:
    """Say whether one engineer can do `service_s` of work in `count` equal pieces in paid time."""
    piece_s = -(-service_s // count)
    return any(
        sum(pieces_held(s, place, roads, end_s=s.end_s, piece_s=piece_s) for s in own) >= count
        for own in by_engineer
    )


def relief(service_s: int, *, stretch_s: int, handover_s: int) -> tuple[int, ...]:
    """Lengths of the pieces of work that is relieved: each at most `stretch_s`, the next overlapping by `handover_s`.

    >>> relief(1000, stretch_s=480, handover_s=30)
    (354, 354, 352)
    """
    if service_s <= stretch_s or stretch_s <= handover_s:
        return (service_s,)
    count = -(-(service_s - handover_s) // (stretch_s - handover_s))
    piece_s = -(-(service_s + (count - 1) * handover_s) // count)
    return (*(piece_s,) * (count - 1), service_s - (count - 1) * (piece_s - handover_s))
