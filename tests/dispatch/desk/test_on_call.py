"""The roster: who can be reached at a moment, in which order, and when nobody can."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.desk.clause import LadderRole
from dispatch.desk.on_call import (
    DutyHandedOver,
    RosterDuty,
    check_roster,
    gaps,
    on_call,
    roster,
    rotation,
    standby_s,
)
from kernel.calendars import weekly
from kernel.clock import moment
from kernel.errors import Refusal
from kernel.interval import Interval

MANAGER, CENTRE = LadderRole.MANAGER, LadderRole.SPECIALIST_CENTRE
MONDAY = moment("2026-03-02T00:00Z")
HOUR = timedelta(hours=1)
OFFICE = weekly("office", "UTC", {"mon-fri": "08:00-17:00"})


def duty(
    name: str, person: str, start: float, end: float, rank: int = 1, role: LadderRole = MANAGER
) -> RosterDuty:
    """A duty of some hours of that week."""
    return RosterDuty(name, role, person, MONDAY + start * HOUR, MONDAY + end * HOUR, rank)


def handed(name: str, person: str, start: float, end: float, *, said: float = 0) -> DutyHandedOver:
    """Part of a duty that goes to somebody else."""
    return DutyHandedOver(
        name, MONDAY + said * HOUR, "E99", "ill", MONDAY + start * HOUR, MONDAY + end * HOUR, person
    )


def test_first_is_called_first_and_the_substitute_next() -> None:
    """Who does not answer has somebody behind him."""
    watches = roster([duty("D-2", "E02", 0, 24, rank=2), duty("D-1", "E01", 0, 24)])

    assert on_call(watches, MANAGER, MONDAY + HOUR) == ("E01", "E02")
    assert on_call(watches, CENTRE, MONDAY + HOUR) == ()
    assert on_call(watches, MANAGER, MONDAY + 24 * HOUR) == ()


def test_part_of_a_duty_goes_to_somebody_else() -> None:
    """Ill on Monday evening, back at midnight: the duty is parted, not rewritten."""
    watches = roster([duty("D-1", "E01", 0, 48)], [handed("D-1", "E02", 18, 24)])

    assert [on_call(watches, MANAGER, MONDAY + hour * HOUR) for hour in (17, 18, 23, 24)] == [
        ("E01",),
        ("E02",),
        ("E02",),
        ("E01",),
    ]


def test_what_was_said_later_holds_in_any_order_of_reading() -> None:
    """Facts have a time of their own; the order of a file is none."""
    first, then = handed("D-1", "E02", 18, 24, said=1), handed("D-1", "E03", 20, 22, said=2)

    one = roster([duty("D-1", "E01", 0, 48)], [first, then])
    other = roster([duty("D-1", "E01", 0, 48)], [then, first])

    assert one == other
    assert on_call(one, MANAGER, MONDAY + 21 * HOUR) == ("E03",)
    assert on_call(one, MANAGER, MONDAY + 23 * HOUR) == ("E02",)


def test_a_duty_nobody_takes_over_is_a_gap() -> None:
    """A hole in the roster shows before the night in which somebody falls into it."""
    week = Interval(MONDAY, MONDAY + 48 * HOUR)

    found = gaps(roster([duty("D-1", "E01", 0, 48)], [handed("D-1", "", 30, 36)]), MANAGER, week)

    assert found == (Interval(MONDAY + 30 * HOUR, MONDAY + 36 * HOUR),)


def test_within_hours_people_are_at_work_and_holidays_are_no_hours() -> None:
    """Spring Festival is a night that lasts a week: the calendar decides, not the weekday."""
    china = weekly("cn", "Asia/Shanghai", {"mon-fri": "09:00-18:00"}, country="CN")
    week = Interval(moment("2026-02-16T00:00+08:00"), moment("2026-02-21T00:00+08:00"))
    ordinary = Interval(moment("2026-03-09T09:00+08:00"), moment("2026-03-09T18:00+08:00"))

    assert gaps([], MANAGER, week, hours=china) == (week,)
    assert gaps([], MANAGER, ordinary, hours=china) == ()


def test_standby_counts_nights_and_days_off_only() -> None:
    """A fair roster is one in which the nights are shared: Friday 17:00 to Monday 08:00 is 63 hours."""
    weekend = duty("D-1", "E01", 4 * 24 + 8, 7 * 24 + 8)
    span = Interval(MONDAY, MONDAY + 14 * 24 * HOUR)

    found = standby_s(roster([weekend]), span, hours=OFFICE)

    assert found == {"E01": 63 * 3600}
    assert standby_s(roster([weekend]), span) == {"E01": 72 * 3600}


def test_a_week_in_which_clocks_change_is_an_hour_off() -> None:
    """People change at nine by their clocks; 29 March 2026 has 23 hours in Berlin."""
    duties = rotation(MANAGER, ["E01", "E02"], first_on=date(2026, 3, 23), weeks=2, zone_name="Europe/Berlin")

    first, second = [one for one in duties if one.rank == 1]

    assert first.ends_at - first.starts_at == timedelta(days=7) - HOUR
    assert second.starts_at == first.ends_at


def test_a_single_person_has_no_substitute() -> None:
    """Somebody cannot stand in for himself; the gap behind him is real."""
    duties = rotation(MANAGER, ["E01"], first_on=date(2026, 3, 2), weeks=2, zone_name="UTC")

    assert [one.rank for one in duties] == [1, 1]
    assert list(check_roster(duties)) == []


@pytest.mark.parametrize(
    ("duties", "over", "codes"),
    [
        ([duty("D-1", "E01", 0, 24), duty("D-2", "E02", 24, 48)], [], []),
        ([duty("D-1", "E01", 0, 24), duty("D-2", "E02", 23, 48)], [], ["on_call.two_at_once"]),
        ([duty("D-1", "E01", 0, 24), duty("D-2", "E01", 0, 24, rank=2)], [], ["on_call.own_substitute"]),
        ([duty("D-1", "E01", 0, 24), duty("D-2", "E01", 0, 24, role=CENTRE)], [], []),
        ([duty("D-1", "E01", 0, 24)], [handed("D-9", "E02", 1, 2)], ["on_call.unknown_duty"]),
        ([duty("D-1", "E01", 0, 24)], [handed("D-1", "E02", 20, 25)], ["on_call.outside_duty"]),
        ([duty("D-1", "E01", 0, 24)], [handed("D-1", "E02", 0, 24)], []),
        (
            [duty("D-1", "E01", 0, 24), duty("D-2", "E02", 0, 24, rank=2)],
            [handed("D-1", "E02", 8, 9)],
            ["on_call.own_substitute"],
        ),
    ],
)
def test_a_roster_that_cannot_work_is_refused(
    duties: list[RosterDuty], over: list[DutyHandedOver], codes: list[str]
) -> None:
    """Found on paper, not at three in the morning."""
    assert [refusal.code for refusal in check_roster(duties, over)] == codes


def test_a_duty_needs_a_rank_and_a_handing_over_a_reason() -> None:
    """What cannot be ordered or explained is no fact."""
    with pytest.raises(Refusal, match=r"on_call\.rank_below_one"):
        duty("D-1", "E01", 0, 24, rank=0)
    with pytest.raises(Refusal, match=r"on_call\.reason_missing"):
        DutyHandedOver("D-1", MONDAY, "E99", "", MONDAY, MONDAY + HOUR)
    with pytest.raises(Refusal, match=r"on_call\.nobody"):
        rotation(MANAGER, [], first_on=date(2026, 3, 2), weeks=1, zone_name="UTC")


SPANS = st.tuples(st.integers(0, 70), st.integers(1, 30)).map(lambda span: (span[0], span[0] + span[1]))
OVERS = st.lists(st.tuples(SPANS, st.sampled_from(["", "E02", "E03"]), st.integers(0, 5)), max_size=5)


@settings(deadline=None)
@given(st.lists(SPANS, min_size=1, max_size=4), OVERS, st.integers(0, 100))
def test_the_roster_of_a_moment_is_the_last_word_about_it(
    duties: list[tuple[int, int]], over: list[tuple[tuple[int, int], str, int]], hour: int
) -> None:
    """Cutting spans and asking each moment on its own agree; gaps are exactly the moments with nobody."""
    known = [duty(f"D-{n}", "E01", *span, rank=n + 1) for n, span in enumerate(duties)]
    said = [handed("D-0", person, *span, said=when) for span, person, when in over]
    at = MONDAY + hour * HOUR
    last_words = sorted((one for one in said if at in one.span), key=lambda one: one.at)
    expected = []
    for one in known:
        if at in one.span:
            spoken = one.id == "D-0" and last_words
            expected.append(spoken[-1].person if spoken else one.person)

    watches = roster(known, said)

    there = on_call(watches, MANAGER, at)
    assert there == tuple(dict.fromkeys(person for person in expected if person))
    whole = Interval(MONDAY, MONDAY + 101 * HOUR)
    assert any(at in gap for gap in gaps(watches, MANAGER, whole)) == (not there)


@settings(deadline=None)
@given(st.integers(1, 5), st.integers(1, 60), st.sampled_from(["UTC", "Europe/Berlin", "Asia/Shanghai"]))
def test_a_rotation_leaves_no_gap_and_is_fair(people: int, weeks: int, zone_name: str) -> None:
    """Whoever is asked: somebody is first at every moment, and nobody has two weeks more than another."""
    crew = [f"E{n:02}" for n in range(people)]
    start = date(2026, 1, 5)

    duties = rotation(MANAGER, crew, first_on=start, weeks=weeks, zone_name=zone_name)

    firsts = [one for one in duties if one.rank == 1]
    span = Interval(firsts[0].starts_at, firsts[-1].ends_at)
    turns = [sum(1 for one in firsts if one.person == person) for person in crew]
    assert gaps(roster(duties), MANAGER, span) == ()
    assert list(check_roster(duties)) == []
    assert max(turns) - min(turns) <= 1
    assert len({one.id for one in duties}) == len(duties)


def test_laying_out_again_gives_the_same_duties() -> None:
    """Ids follow from role, week and rank, so that a roster can be written twice without harm."""
    once = rotation(MANAGER, ["E01", "E02"], first_on=date(2026, 3, 2), weeks=3, zone_name="UTC")
    longer = rotation(MANAGER, ["E01", "E02"], first_on=date(2026, 3, 2), weeks=5, zone_name="UTC")

    assert longer[: len(once)] == once
