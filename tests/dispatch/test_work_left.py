"""What is left of work that has begun: over several shifts, by a crew, handed over, in the workshop."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from dispatch.board import Board
from dispatch.cost import cost
from dispatch.crew import Shift
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.desk.visit import CrewRole, PublishedStop
from dispatch.plan import Plan
from dispatch.policy import TravelSettings
from dispatch.pose import problem_of
from dispatch.problem import Pair, PlanningProblem
from dispatch.region import Region
from dispatch.solve import Budget, solve
from dispatch.verify import violations
from kernel.calendars import BusinessCalendar
from kernel.hours import hours
from kernel.interval import Interval
from tests import regions as build
from tests.dispatch.pose.worlds import HOUR_S, linked, named

ROW = replace(build.region().field.visits[0], skills=())
SHIFTS = tuple(
    Shift(f"{engineer}/{day:02d}", engineer, Interval(build.at(8, day=day), build.at(17, day=day)))
    for day in (6, 7, 8)
    for engineer in ("E-1", "E-2")
)


def said(kind: EventKind, at: datetime, by: str = "E-1", value: str = "") -> TicketEvent:
    """A step of V-1."""
    return TicketEvent("T-1", at, kind, by, value=value, visit="V-1")


def came(at: datetime, by: str = "E-1") -> TicketEvent:
    """He is on site."""
    return said(EventKind.ON_SITE, at, by)


def left(at: datetime, by: str = "E-1") -> TicketEvent:
    """He left."""
    return said(EventKind.LEFT, at, by)


def region(minutes: int, *events: TicketEvent, field: dict[str, Any] | None = None, **visit: Any) -> Region:
    """V-1 of so many minutes, two engineers from eight to five on three days, and what happened."""
    rows = (replace(ROW, duration_min=minutes, **visit),)
    plain: dict[str, Any] = {"visits": rows, "part_needs": (), "shifts": SHIFTS, "ticket_events": events}
    return build.region(**(plain | (field or {})))


def posed(world: Region, now: datetime) -> PlanningProblem:
    """The problem at a moment."""
    return problem_of(Board.of(world, now=now))


def work_min(problem: PlanningProblem) -> float:
    """All the work there is."""
    return sum(visit.service_s for visit in problem.visits) / 60


def planned(problem: PlanningProblem) -> Plan:
    """A plan that holds, with everything on it."""
    plan = solve(problem, Budget(seed=1, work=200))
    assert violations(problem, plan) == ()
    assert plan.claimed == cost(problem, plan)
    assert plan.unassigned == ()
    return plan


def shift_of(problem: PlanningProblem, name: str) -> Any:
    """A shift by its id."""
    return problem.shifts[problem.shift_index[name]]


TWO_DAYS = 16 * 60
PUBLISHED = (
    PublishedStop("V-1", "E-1/06", build.at(8, 20)),
    PublishedStop("V-1", "E-1/07", build.at(8, 20, day=7), piece=2),
)


def test_work_over_two_days_stops_when_the_shift_ends() -> None:
    """He goes home in paid time; the rest is for his later shifts, not one stretch through the night."""
    problem = posed(region(TWO_DAYS, came(build.at(8))), build.at(10))
    first, second = problem.visits

    assert (first.id, second.id, second.trip, second.role) == ("V-1", "V-1#2", "V-1", "later")
    assert first.service_s < 7 * HOUR_S
    assert work_min(problem) == TWO_DAYS - 120
    assert shift_of(problem, "E-1/06").overtime_s == 0
    assert {visit.engineer_lock for visit in problem.visits} == {0}
    assert not linked(problem)["V-1", "V-1#2"].both
    assert {route.shift for route in planned(problem).routes} >= {"E-1/06"}


def test_in_the_evening_and_the_next_morning_the_rest_is_still_to_be_done() -> None:
    """Whether or not he said that he left: eight hours and a half are done, the others are his tomorrow."""
    begun, gone = came(build.at(8, 30)), left(build.at(17))

    for events in ((begun,), (begun, gone)):
        for now in (build.at(20), build.at(7, day=7), build.at(9, day=7)):
            problem = posed(region(TWO_DAYS, *events), now)

            (visit,) = problem.visits
            assert (visit.id, visit.trip, visit.service_s) == ("V-1#2", "V-1", 15 * HOUR_S // 2)
            assert visit.engineer_lock == 0
            assert visit.repair is not None
            assert visit.left_out == 2_000_000
            planned(problem)


def test_who_left_early_has_the_more_to_do_later() -> None:
    """Total work is kept, to the minute."""
    problem = posed(region(TWO_DAYS, came(build.at(9)), left(build.at(11))), build.at(12))

    assert [visit.id for visit in problem.visits] == ["V-1#2", "V-1#3"]
    assert work_min(problem) == TWO_DAYS - 120
    assert linked(problem)["V-1#2", "V-1#3"].engineers is Pair.SAME


def test_if_he_cannot_go_on_another_may() -> None:
    """He has no shift any more: the rest is anybody's."""
    alone = tuple(shift for shift in SHIFTS if shift.engineer == "E-2" or shift.id == "E-1/06")
    world = region(TWO_DAYS, came(build.at(8)), left(build.at(17)), field={"shifts": alone})

    problem = posed(world, build.at(18))

    assert named(problem, "V-1#2").engineer_lock == -1
    planned(problem)


def test_pieces_are_cut_as_they_were_published() -> None:
    """Two pieces of eight hours stay that while all goes well."""
    world = region(TWO_DAYS, came(build.at(8, 20)), field={"published": PUBLISHED})

    problem = posed(world, build.at(10, 20))

    assert [(v.id, v.service_s // 60) for v in problem.visits] == [("V-1", 360), ("V-1#2", 480)]
    assert named(problem, "V-1#2").published is not None


def test_a_piece_begun_late_stops_when_the_shift_ends() -> None:
    """What the day does not hold is added to the later piece."""
    world = region(TWO_DAYS, came(build.at(12)), field={"published": PUBLISHED})

    problem = posed(world, build.at(13))

    assert work_min(problem) == TWO_DAYS - 60
    assert named(problem, "V-1").service_s < 4 * HOUR_S
    assert shift_of(problem, "E-1/06").overtime_s == 0


def test_his_own_word_that_it_takes_less_is_believed() -> None:
    """Done at three today: nobody goes there tomorrow. Done at noon tomorrow: four hours are left for then."""
    today = said(EventKind.FORECAST_FINISH, build.at(9), value=build.at(15).isoformat())
    tomorrow = said(EventKind.FORECAST_FINISH, build.at(9), value=build.at(12, day=7).isoformat())

    def at_nine(word: TicketEvent) -> PlanningProblem:
        return posed(
            region(TWO_DAYS, came(build.at(8, 20)), word, field={"published": PUBLISHED}), build.at(9)
        )

    assert [(v.id, v.service_s) for v in at_nine(today).visits] == [("V-1", 6 * HOUR_S)]
    assert work_min(at_nine(tomorrow)) == 12 * 60


def test_the_second_day_is_under_way_like_the_first() -> None:
    """On the second morning he is on site again: what is left is the second piece, from now."""
    world = region(
        TWO_DAYS,
        came(build.at(8, 20)),
        left(build.at(16, 20)),
        came(build.at(8, 20, day=7)),
        field={"published": PUBLISHED},
    )

    (visit,) = posed(world, build.at(9, 20, day=7)).visits

    assert (visit.id, visit.service_s, visit.start_lock_s) == ("V-1#2", 7 * HOUR_S, 0)


def test_on_the_last_day_leaving_ends_it() -> None:
    """What is left when he came was one day's work, and he says it is done."""
    world = region(
        TWO_DAYS,
        came(build.at(8, 20)),
        left(build.at(16, 20)),
        came(build.at(8, 20, day=7)),
        left(build.at(15, day=7)),
    )

    assert Board.of(world, now=build.at(16, day=7)).visits == {}


HELPER = CrewRole("V-1", "helper", 30)


def crew(*events: TicketEvent) -> Region:
    """V-1 of two hours with a helper for half an hour."""
    return region(120, *events, field={"crew_roles": (HELPER,)})


def test_each_of_a_crew_works_his_own_time_and_leaves_by_himself() -> None:
    """The helper is done after half an hour; his leaving is not the first engineer's."""
    both = (came(build.at(9)), came(build.at(9), "E-2"))

    at_work = posed(crew(*both), build.at(9, 10))
    alone = posed(crew(*both, left(build.at(9, 30), "E-2")), build.at(9, 40))

    assert [(v.id, v.service_s // 60, v.engineer_lock) for v in at_work.visits] == [
        ("V-1", 110, 0),
        ("V-1@helper", 20, 1),
    ]
    assert [(v.id, v.service_s // 60, v.engineer_lock) for v in alone.visits] == [("V-1", 80, 0)]
    assert shift_of(alone, "E-2/06").start_s == 0
    planned(alone)


def test_the_first_engineers_leaving_is_not_the_helpers() -> None:
    """Who came later is still there; once he has left too, the visit is over."""
    both = (came(build.at(9)), came(build.at(9, 50), "E-2"), left(build.at(10)))

    helper = posed(crew(*both), build.at(10, 10))

    assert [(v.id, v.service_s // 60, v.engineer_lock) for v in helper.visits] == [("V-1@helper", 10, 1)]
    assert helper.visits[0].repair is not None
    planned(helper)
    assert Board.of(crew(*both, left(build.at(10, 20), "E-2")), now=build.at(10, 30)).visits == {}


def test_a_helper_who_comes_later_is_waited_for() -> None:
    """He may come within two hours of the first one, who has left by then."""
    later = replace(HELPER, within_min=120)
    world = region(20, came(build.at(9)), left(build.at(9, 20)), field={"crew_roles": (later,)})

    assert [visit.id for visit in posed(world, build.at(9, 30)).visits] == ["V-1@helper"]


RELIEVED = 15 * 60
NIGHTS = (
    Shift("E-1/06", "E-1", Interval(build.at(7), build.at(17))),
    Shift("E-2/06", "E-2", Interval(build.at(14), build.at(1, day=7))),
)


def relieved(*events: TicketEvent) -> Region:
    """Continuous work of fifteen hours: two stretches, half an hour of them together."""
    return region(RELIEVED, *events, field={"shifts": NIGHTS}, continuous=True)


def test_who_is_relieved_works_no_longer_than_a_stretch() -> None:
    """Six hours done, less than two to go: his relief comes half an hour before that, exactly."""
    problem = posed(relieved(came(build.at(8))), build.at(14))
    first, second = problem.visits

    assert first.service_s == 105 * 60
    assert first.service_s + second.service_s == (RELIEVED - 360 + 30) * 60
    link = linked(problem)["V-1", "V-1#2"]
    assert (link.least_s, link.most_s, link.engineers) == (75 * 60, 75 * 60, Pair.DIFFERENT)
    planned(problem)


def test_the_relief_goes_on_when_the_first_has_left() -> None:
    """Handed over from a quarter past three: half an hour together, then his to the end."""
    events = (came(build.at(8)), came(build.at(15, 15), "E-2"))

    both = posed(relieved(*events), build.at(15, 30))
    alone = posed(relieved(*events, left(build.at(15, 45))), build.at(16))

    assert [(v.id, v.service_s // 60, v.engineer_lock) for v in both.visits] == [
        ("V-1", 15, 0),
        ("V-1#2", 450, 1),
    ]
    assert [(v.id, v.service_s // 60, v.engineer_lock) for v in alone.visits] == [("V-1#2", 420, 1)]
    planned(both)
    planned(alone)


def test_work_that_was_begun_before_the_shift_is_kept() -> None:
    """He came at half past seven for a shift from eight: half of it is done, the rest goes on from now."""
    events = (came(build.at(7, 30)),)
    world = replace(region(60, *events), settings=replace(build.region().settings, as_of=build.at(7)))

    for now, minutes in ((build.at(7, 45), 45), (build.at(8), 30), (build.at(8, 20), 10)):
        problem = posed(world, now)

        (visit,) = problem.visits
        assert (visit.service_s // 60, visit.start_lock_s) == (minutes, 0)
        assert problem.places[shift_of(problem, "E-1/06").start_place] == "site:S-1"
        planned(problem)


def test_who_set_out_before_his_shift_is_on_the_road() -> None:
    """He left home at ten to eight and is there when the road says, not when the shift would let him."""
    world = region(60, said(EventKind.TRAVELLING, build.at(7, 50)))
    board = Board.of(world, now=build.at(8))
    way_s = board.roads.seconds[board.roads.index["home:E-1"], board.roads.index["site:S-1"]]

    problem = problem_of(board)

    assert shift_of(problem, "E-1/06").start_s == max(0, way_s - 600)
    assert problem.places[shift_of(problem, "E-1/06").start_place] == "site:S-1"


def test_the_road_is_as_slow_for_who_is_on_it_as_for_the_plan() -> None:
    """At half speed he arrives twice as late, also on the part of the way that lies behind him; and is home as late."""
    slow = TravelSettings(pace=((0, 500),))
    plain = region(60, said(EventKind.TRAVELLING, build.at(9)))
    paced = replace(plain, settings=replace(plain.settings, travel=slow))
    ways = Board.of(plain).roads
    way_s = int(ways.seconds[ways.index["home:E-1"], ways.index["site:S-1"]])

    fast, half = (posed(one, build.at(9, 1)) for one in (plain, paced))

    assert shift_of(fast, "E-1/06").start_s == way_s - 60
    assert shift_of(half, "E-1/06").start_s == 2 * way_s - 60
    late = said(EventKind.FORECAST_FINISH, build.at(16, 1), value=build.at(17).isoformat())
    overtime = []
    for one in (plain, paced):
        done = replace(one, field=replace(one.field, ticket_events=(came(build.at(16)), late)))
        overtime.append(shift_of(posed(done, build.at(16, 5)), "E-1/06").overtime_s)
    home_s = int(ways.seconds[ways.index["site:S-1"], ways.index["home:E-1"]])
    assert overtime == [home_s, 2 * home_s]


OFFICE = BusinessCalendar("office", "Asia/Shanghai", (hours("08:00-18:00"),) * 7)


def workshop(*events: TicketEvent) -> Region:
    """A unit collected in an hour and four hours on the bench of a depot open from eight to six."""
    world = region(60, *events, field={"calendars": (OFFICE,)}, bench_min=240, return_min=20)
    places = tuple(
        replace(place, calendar="office") if place.id == "D-1" else place for place in world.stock.places
    )
    return replace(world, stock=replace(world.stock, places=places))


def test_a_unit_is_on_the_bench_while_the_depot_is_open() -> None:
    """Collected at four in the afternoon: two hours today, two tomorrow, ready at ten."""
    world = workshop(came(build.at(15)), left(build.at(16)))

    for now in (build.at(16, 30), build.at(7, day=7)):
        problem = posed(world, now)

        (back,) = problem.visits
        ready_s = int((build.at(10, day=7) - now).total_seconds())
        assert (back.id, back.trip, back.role, back.service_s) == ("V-1#2", "V-1", "return", 1200)
        assert back.earliest_s == ready_s
        assert back.repair is not None
        planned(problem)


def test_the_gap_is_exact_once_the_end_of_collecting_is_known() -> None:
    """He is done at four; the bench has the unit until ten tomorrow."""
    problem = posed(workshop(came(build.at(15))), build.at(15, 30))

    assert linked(problem)["V-1", "V-1#2"].least_s == int(
        (build.at(10, day=7) - build.at(15, 30)).total_seconds()
    )
    planned(problem)


def test_nothing_is_ready_sooner_than_the_depot_can_have_it() -> None:
    """Not yet collected: no return before the bench has had it from the soonest possible moment."""
    problem = posed(workshop(), build.at(16))

    assert named(problem, "V-1#2").earliest_s == int(
        (build.at(10, day=7) + (build.at(17) - build.at(16)) - build.at(16)).total_seconds()
    )


def test_the_return_is_under_way_and_then_it_is_over() -> None:
    """Twenty minutes of work, then nothing is left."""
    events = (came(build.at(9)), left(build.at(10)), came(build.at(15)))

    (back,) = posed(workshop(*events), build.at(15, 5)).visits

    assert (back.id, back.service_s, back.start_lock_s) == ("V-1#2", 15 * 60, 0)
    assert Board.of(workshop(*events, left(build.at(15, 20))), now=build.at(15, 30)).visits == {}


def test_a_mate_who_never_came_is_not_sent_when_the_first_is_finishing() -> None:
    """After his shift the first finishes alone; nobody drives there for half an hour tomorrow."""
    late = said(EventKind.FORECAST_FINISH, build.at(16, 30), value=build.at(18).isoformat())

    assert posed(crew(came(build.at(16)), late), build.at(17, 30)).visits == ()


def test_who_sets_out_in_the_morning_starts_at_home() -> None:
    """Where he stood last night is not where he drives from."""
    world = region(
        TWO_DAYS,
        came(build.at(8)),
        left(build.at(17)),
        said(EventKind.TRAVELLING, build.at(8, day=7)),
        field={"published": PUBLISHED},
    )
    board = Board.of(world, now=build.at(8, 1, day=7))
    way_s = board.roads.seconds[board.roads.index["home:E-1"], board.roads.index["site:S-1"]]

    assert shift_of(problem_of(board), "E-1/07").start_s == way_s - 60
