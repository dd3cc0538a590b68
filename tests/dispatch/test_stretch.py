"""How much work a shift holds, against a count by hand of every minute; and how relieved work is cut."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dispatch.problem import Break, Shift
from dispatch.stretch import Roads, holds, later_shifts, longest, pieces_held, relief
from tests import builders as build

TRAVEL_S = build.problem().travel_s // 50
ROADS = Roads(TRAVEL_S)
"""Two ticks between neighbouring places."""

shifts = st.builds(
    lambda start, length, overtime, rest: build.shift(
        "S1", 0, start_s=start, end_s=start + length, overtime_s=overtime, breaks=_rest(start, length, rest)
    ),
    st.integers(0, 10),
    st.integers(1, 40),
    st.integers(0, 10),
    st.none() | st.tuples(st.integers(0, 30), st.integers(1, 10), st.integers(1, 8)),
)


def _rest(start: int, length: int, rest: tuple[int, int, int] | None) -> tuple[Break, ...]:
    if rest is None or rest[0] >= length:
        return ()
    return (Break(start + rest[0], min(start + length, start + rest[0] + rest[1]), rest[2]),)


def by_hand(shift: Shift, place: int, *, end_s: int, piece_s: int) -> int:
    """Most pieces in a row, trying every moment at which the break could begin, and none at all where none is owed."""
    out = back = int(TRAVEL_S[0, place])
    first, last = shift.start_s + out, end_s - back
    if not shift.breaks or end_s <= shift.breaks[0].until_s:
        return max(0, (last - first) // piece_s)
    rest, most = shift.breaks[0], 0
    for at in range(max(rest.from_s, first), max(rest.until_s, first + 1)):
        before, begin = max(0, min(at, last) - first) // piece_s, at + rest.duration_s
        most = max(most, before + max(0, (last - begin) // piece_s))
    return most


@given(shifts, st.integers(0, 3), st.integers(1, 30))
def test_a_shift_holds_what_a_count_by_hand_finds(shift: Shift, place: int, piece_s: int) -> None:
    """The break falls between two pieces, when it may begin, and only where it is owed."""
    found = pieces_held(shift, place, ROADS, end_s=shift.end_s, piece_s=piece_s)

    assert found == by_hand(shift, place, end_s=shift.end_s, piece_s=piece_s)


@given(st.lists(shifts, max_size=3), st.integers(0, 3))
def test_the_longest_work_is_held_and_one_tick_more_is_not(own: list[Shift], place: int) -> None:
    """Exact to the tick."""
    most = longest(own, place, ROADS, most_s=100)

    assert most == 0 or any(holds(shift, place, ROADS, most) for shift in own)
    assert not any(holds(shift, place, ROADS, most + 1) for shift in own)


@given(shifts, st.integers(0, 3), st.integers(2, 90))
def test_a_shift_that_holds_some_work_holds_shorter_work_too(
    shift: Shift, place: int, service_s: int
) -> None:
    """So a visit that fits is in one piece, and nobody has to look for the longest that would."""
    assert not holds(shift, place, ROADS, service_s) or holds(shift, place, ROADS, service_s - 1)


@given(st.lists(st.lists(shifts, min_size=1, max_size=3), max_size=3), st.integers(0, 3), st.integers(2, 90))
def test_the_pieces_of_later_shifts_are_as_few_as_one_engineer_can_do(
    crew: list[list[Shift]], place: int, service_s: int
) -> None:
    """Fewer pieces are more work before the first is over."""
    count = later_shifts(service_s, crew, place, ROADS)

    def done(pieces: int) -> bool:
        piece_s = -(-service_s // pieces)
        return any(
            sum(pieces_held(s, place, ROADS, end_s=s.end_s, piece_s=piece_s) for s in own) >= pieces
            for own in crew
        )

    assert count == 1 or done(count)
    assert not any(done(fewer) for fewer in range(2, count if count > 1 else 61))


@given(st.integers(1, 5000), st.integers(2, 600), st.integers(0, 60))
def test_relieved_work_is_whole_and_nobody_works_too_long(
    service_s: int, stretch_s: int, handover_s: int
) -> None:
    """Pieces less handovers are the work; a stretch too short to hand over in is not cut at all."""
    pieces = relief(service_s, stretch_s=stretch_s, handover_s=handover_s)

    assert sum(pieces) - handover_s * (len(pieces) - 1) == service_s
    if stretch_s > handover_s:
        assert max(pieces) <= max(stretch_s, 0)
        assert min(pieces) > (handover_s if len(pieces) > 1 else 0)
