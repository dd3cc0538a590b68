"""The board goes forward event by event to exactly where it would be built anew."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from dispatch.board import Board
from dispatch.crew import Absence, OnCall
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.desk.visit import Appointment, Lock, PartNeed, PublishedStop, Visit
from dispatch.event import (
    AppointmentAgreed,
    EngineerAway,
    PlanPublished,
    StockMoved,
    TicketHappened,
    TicketOpened,
    VisitRequested,
)
from dispatch.pose import problem_of
from kernel.errors import Refusal
from kernel.interval import Interval
from tests import regions as build

SECOND = VisitRequested(
    Visit("V-2", "T-2", "S-2", 30),
    (Appointment("V-2", Interval(build.at(13), build.at(15))),),
    (PartNeed("V-2", "P-1", 1),),
)
AWAY = Absence("AB-1", "E-1", Interval(build.at(8), build.at(12)), "illness")
STOP = PublishedStop("V-1", "E-2/06", build.at(9), Lock.BOTH)
DONE = TicketEvent("T-1", build.at(9), EventKind.REPAIRED, "E-2")


def test_going_forward_event_by_event_equals_building_anew() -> None:
    """One board for live work, previews and simulations: no event may leave it different from the facts."""
    board = Board.of(build.region())

    forward = (
        board.apply(TicketOpened(build.ticket("T-2", site="S-2", asset="A-2")))
        .apply(SECOND)
        .apply(EngineerAway(AWAY))
        .apply(StockMoved(build.move("M-3", "P-1", 4, "D-1")))
        .apply(PlanPublished((STOP,)))
        .apply(TicketHappened(TicketEvent("T-1", build.at(7, 30), EventKind.ACKNOWLEDGED, "desk")))
    )

    assert problem_of(forward).digest == problem_of(Board.of(forward.region)).digest
    assert problem_of(forward).digest != problem_of(board).digest
    assert problem_of(board).digest == problem_of(Board.of(build.region())).digest


def test_a_repaired_ticket_leaves_the_board() -> None:
    """What is done is not planned again."""
    board = Board.of(build.region())

    done = board.at(build.at(9)).apply(TicketHappened(DONE))

    assert list(done.visits) == []
    assert problem_of(done).visits == ()


def test_ticks_count_from_now_and_due_times_come_from_the_clock() -> None:
    """Reported 07:00: on site by 11:00, repaired by 07:00 tomorrow; at 08:00 these are 3 and 23 hours away."""
    visit = problem_of(Board.of(build.region())).visits[0]

    assert visit.arrive is not None
    assert visit.repair is not None
    assert (visit.arrive.due_s, visit.repair.due_s) == (3 * 3600, 23 * 3600)


def test_a_later_moment_moves_the_ticks_not_the_facts() -> None:
    """An hour later the same due times are an hour nearer, and the shift that has begun starts now."""
    later = problem_of(Board.of(build.region()).at(build.at(9)))

    assert later.visits[0].arrive is not None
    assert later.visits[0].arrive.due_s == 2 * 3600
    assert [shift.start_s for shift in later.shifts] == [0, 0]
    assert [shift.end_s for shift in later.shifts] == [8 * 3600, 8 * 3600]


def test_an_absence_splits_a_shift_and_keeps_its_overtime_at_the_end() -> None:
    """Away from ten to twelve: two pieces, the second named after the shift."""
    away = replace(AWAY, away=Interval(build.at(10), build.at(12)))
    region = build.region()
    shifts = (replace(region.field.shifts[0], overtime_min=60), region.field.shifts[1])

    problem = problem_of(Board.of(build.region(shifts=shifts, absences=(away,))))

    pieces = [
        (s.id, s.start_s // 3600, s.end_s // 3600, s.overtime_s) for s in problem.shifts if s.engineer == 0
    ]
    assert pieces == [("E-1/06", 0, 2, 0), ("E-1/06#2", 4, 9, 3600)]


def test_a_certificate_is_good_on_its_last_day_and_not_on_the_next() -> None:
    """The last day is valid to local midnight."""
    region = build.region()
    visits = (replace(region.field.visits[0], certificates=("WELD",)),)
    night = (
        *region.field.shifts,
        replace(region.field.shifts[0], id="E-1/night", worked=Interval(build.at(20), build.at(2, day=7))),
    )

    problem = problem_of(Board.of(build.region(visits=visits, shifts=night)))

    held = problem.engineers[0].certificates[0]
    by_id = {shift.id: shift for shift in problem.shifts}
    assert held.covers(by_id["E-1/06"].start_s, by_id["E-1/06"].end_s)
    assert not held.covers(by_id["E-1/night"].start_s, by_id["E-1/night"].end_s)


def test_locks_become_an_engineer_and_a_start() -> None:
    """What the customer was told stays."""
    visit = problem_of(Board.of(build.region(published=(STOP,)))).visits[0]

    assert (visit.engineer_lock, visit.start_lock_s) == (1, 3600)


def test_vans_and_depots_offer_what_is_available() -> None:
    """The depot's two and the second van's one, by part index."""
    problem = problem_of(Board.of(build.region()))

    assert [engineer.van for engineer in problem.engineers] == [(), ((0, 1),)]
    assert [(store.id, store.stock, store.pick_up_s) for store in problem.stores] == [("D-1", ((0, 2),), 600)]


def test_on_call_duty_is_a_shift_with_a_price() -> None:
    """Nights are covered at a call-out price."""
    duty = OnCall("OC-1", "E-1", Interval(build.at(17), build.at(22)), call_out=Decimal(150))

    problem = problem_of(Board.of(build.region(on_call=(duty,))))

    assert {shift.id: shift.call_out_cents for shift in problem.shifts}["OC-1"] == 15_000


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (TicketHappened(TicketEvent("T-9", build.at(8), EventKind.REPAIRED, "x")), "board.unknown_ticket"),
        (VisitRequested(Visit("V-9", "T-1", "S-9", 10)), "board.unknown_site"),
        (EngineerAway(replace(AWAY, engineer="E-9")), "board.unknown_engineer"),
        (TicketOpened(build.ticket("T-9", version="99")), "board.unknown_scheme"),
    ],
)
def test_an_event_about_something_unknown_is_refused(
    event: TicketHappened | VisitRequested | EngineerAway | TicketOpened, code: str
) -> None:
    """Nothing is accepted and ignored."""
    with pytest.raises(Refusal) as refused:
        Board.of(build.region()).apply(event)

    assert refused.value.code == code


def test_telling_a_customer_his_published_time_locks_it_live_and_read_from_the_facts() -> None:
    """One fact in the ticket's history: the board that heard it and the board built from it hold the same lock."""
    free = PublishedStop("V-1", "E-2/06", build.at(9))
    said = TicketEvent(
        "T-1", build.at(8), EventKind.TOLD, "desk", value=f"{build.at(9).isoformat()} front desk"
    )
    published = Board.of(build.region(published=(free,)))

    heard = published.apply(TicketHappened(said)).published["V-1"]
    read = Board.of(build.region(published=(free,), ticket_events=(said,))).published["V-1"]
    again = published.apply(TicketHappened(said)).apply(PlanPublished((free,))).published["V-1"]

    assert heard == read == again == replace(free, lock=Lock.TIME, told_at=build.at(8))
    with pytest.raises(Refusal, match=r"told\.other_time"):
        published.apply(TicketHappened(replace(said, value="2026-03-06T10:00+08:00 front desk")))
    with pytest.raises(Refusal, match=r"board\.not_published"):
        Board.of(build.region()).apply(TicketHappened(said))


def test_who_asked_for_another_time_is_not_held_to_the_one_he_was_told() -> None:
    """Told nine, then agreed to one o'clock: nine is no promise any more, also when read from the facts."""
    free = PublishedStop("V-1", "E-2/06", build.at(9))
    said = TicketEvent(
        "T-1", build.at(8), EventKind.TOLD, "desk", value=f"{build.at(9).isoformat()} front desk"
    )
    window = Interval(build.at(13), build.at(15))

    heard = (
        Board.of(build.region(published=(free,)))
        .apply(TicketHappened(said))
        .apply(AppointmentAgreed("V-1", (window,)))
    )
    read = Board.of(
        build.region(published=(free,), ticket_events=(said,), appointments=(Appointment("V-1", window),))
    )

    assert heard.published["V-1"].lock is read.published["V-1"].lock is Lock.NONE


def test_a_part_nobody_knows_cannot_be_asked_for() -> None:
    """A slip in the part's number would otherwise wait for a part that does not exist."""
    asked = TicketEvent("T-1", build.at(8), EventKind.PART_NEEDED, "E-2", value="P-99 1")

    with pytest.raises(Refusal, match=r"stock\.unknown_part"):
        Board.of(build.region()).apply(TicketHappened(asked))
