"""The key figures of a plan, counted on worlds small enough to count by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatch.cost import cost
from dispatch.deadline import DeadlineState
from dispatch.desk.milestone import Milestone
from dispatch.plan import (
    Known,
    LoanerBy,
    LoanerChoice,
    Outsourced,
    Plan,
    Route,
    Source,
    Stop,
    StopKind,
    Supply,
    Unassigned,
)
from dispatch.problem import Lateness, LoanerGrant, Offer, Outside, PartLine, Store, Visit
from dispatch.summary import (
    Delivery,
    Fetched,
    GivenAway,
    LoanerSent,
    PickUp,
    forecasts,
    summary,
    visit_state,
)
from kernel.errors import Message
from tests import builders as build

DUE = Lateness(due_s=205, cents=100, per_s=60)
LATER = Lateness(due_s=10_000, cents=100, per_s=60)


def left_out(visit: str) -> Unassigned:
    """A visit nobody is planned for."""
    return Unassigned(visit, Message("unassigned.not_found"), Known.NOT_FOUND)


def one_stop(visit: Visit, stop: Stop) -> Plan:
    """A plan with one route of one visit."""
    return build.plan(Route("S1", 0, stop.end_s + 200, (stop,)))


def test_a_promise_is_met_late_left_out_or_undecided() -> None:
    """Nobody may count a visit left out as kept, nor one due after the horizon as missed."""
    visits = (
        build.visit("A", 1, arrive=DUE),
        build.visit("B", 2, arrive=DUE),
        build.visit("C", 1, arrive=DUE),
        build.visit("D", 1, arrive=replace(DUE, due_s=20_000)),
    )
    problem = build.problem(visits=visits)
    route = Route("S1", 0, 420, (build.at("A", 100), build.at("B", 210)))

    found = summary(problem, replace(build.plan(route), unassigned=(left_out("C"), left_out("D"))))

    arrive = found.attainment[0]
    assert (arrive.met, arrive.late, arrive.left_out, arrive.undecided) == (1, 1, 1, 1)
    assert arrive.total == 3
    assert arrive.share == pytest.approx(1 / 3)
    assert (found.visits, found.planned, len(found.left_out)) == (4, 2, 2)


def test_nothing_promised_has_no_share() -> None:
    """A hundred per cent of nothing would look like praise."""
    problem = build.problem(visits=(build.visit("A", 1),))

    found = summary(problem, one_stop(problem.visits[0], build.at("A", 100)))

    assert [row.share for row in found.attainment] == [None, None, None]


def test_travel_and_overtime_are_summed_over_routes() -> None:
    """Two hundred ticks out, two hundred back; the shift ends fifty before the return."""
    problem = build.problem(
        visits=(build.visit("A", 2),), shifts=(build.shift("S1", 0, end_s=360, overtime_s=60),)
    )

    found = summary(problem, one_stop(problem.visits[0], build.at("A", 200)))

    assert (found.travel_s, found.distance_m, found.overtime_s) == (400, 4000, 50)
    assert (found.routes, found.engineers) == (1, 1)
    assert found.terms.travel_time == 400


def test_parts_are_listed_at_the_stop_where_they_are_taken() -> None:
    """Two visits take the same part from one stop: the storekeeper lays out the sum, and the tool beside it."""
    lines = (PartLine(0, 1),)
    visits = (build.visit("A", 1, parts=lines), build.visit("B", 2, parts=lines))
    problem = build.problem(visits=visits, stores=(Store("D", 0, stock=((0, 3),)),))
    taken = (Supply("A", "A", 1, Source.PICK_UP, "D"),)
    route = Route(
        "S1",
        0,
        420,
        (
            Stop(StopKind.PICK_UP, "D", 0, 0, 0, tools=("SCOPE",)),
            build.at("A", 100, supply=taken),
            build.at("B", 210, supply=taken),
        ),
    )

    found = summary(problem, build.plan(route))

    assert set(found.pick_ups) == {
        PickUp("D", "S1", "E1", 0, part="A", quantity=2),
        PickUp("D", "S1", "E1", 0, tool="SCOPE"),
    }


def test_a_taken_offer_is_a_delivery_to_order() -> None:
    """What the plan counts on has to be ordered, with its price, or the visit fails."""
    offer = Offer("O", "transfer", 0, 1, 50, 700, 0)
    visit = build.visit("A", 1, parts=(PartLine(0, 1, offers=(0,)),))
    problem = build.problem(visits=(visit,), offers=(offer,), stores=(Store("D", 0, stock=((0, 1),)),))
    stop = build.at("A", 100, supply=(Supply("A", "A", 1, Source.OFFER, "O"),))

    found = summary(problem, one_stop(visit, stop))

    assert found.deliveries == (Delivery("O", "transfer", "A", 1, "A", 50, 700, "D"),)
    assert found.pick_ups == ()


OVERRUN = build.visit(
    "A", 2, repair=Lateness(205, 100, 60), substitute=Lateness(150, 100, 60), loaner=LoanerGrant((0,), (), 0)
)
SENT = LoanerChoice("U1", "L", "D", LoanerBy.COURIER, 140)


def test_a_loaner_meets_the_substitute_and_leaves_the_repair_running() -> None:
    """The scheme's default: a loaner in place does not repair anything."""
    late = build.at("A", 200, loaner=SENT)

    found = {f.milestone: f.meets_s for f in forecasts(OVERRUN, late)}

    assert found == {Milestone.REPAIR: 210, Milestone.SUBSTITUTE: 140}
    assert visit_state(OVERRUN, late) is DeadlineState.WILL_MISS


def test_a_loaner_stops_the_repair_where_the_scheme_says_so() -> None:
    """The other reading of a scheme is the scheme's to choose, not ours."""
    stopping = replace(OVERRUN, loaner=LoanerGrant((0,), (), 0, stops_repair=True))

    found = {f.milestone: f.meets_s for f in forecasts(stopping, build.at("A", 200, loaner=SENT))}

    assert found[Milestone.REPAIR] == 140


def test_a_repair_in_time_owes_no_substitute() -> None:
    """The loaner is promised for an overrun only; counting it always would flatter the share."""
    in_time = replace(OVERRUN, repair=LATER)

    assert [f.milestone for f in forecasts(in_time, build.at("A", 200))] == [Milestone.REPAIR]


def test_a_substitute_alone_is_kept_by_the_repair_or_the_loaner() -> None:
    """A scheme may promise a loaner without promising the repair by a time."""
    alone = replace(OVERRUN, repair=None)

    assert [f.meets_s for f in forecasts(alone, build.at("A", 200))] == [210]
    assert [f.meets_s for f in forecasts(alone, build.at("A", 200, loaner=SENT))] == [140]


def test_a_loaner_sent_is_listed() -> None:
    """Somebody has to hand it to the courier."""
    problem = build.problem(visits=(OVERRUN,))
    plan = one_stop(OVERRUN, build.at("A", 200))
    plan = replace(
        plan,
        routes=(
            replace(plan.routes[0], stops=(build.at("A", 200, loaner=replace(SENT, by=LoanerBy.VISIT)),)),
        ),
    )

    found = summary(problem, plan)

    assert found.loaners == (LoanerSent("U1", "L", "D", "A", LoanerBy.VISIT, 140, "S1"),)


def test_a_visit_left_out_is_never_calmer_than_unassigned() -> None:
    """No deadline and no engineer is still nobody's visit."""
    plain = build.visit("A", 1)

    assert visit_state(plain, None) is DeadlineState.UNASSIGNED
    assert visit_state(replace(plain, arrive=Lateness(3600, 1, 60)), None) is DeadlineState.AT_RISK
    assert visit_state(replace(plain, arrive=Lateness(-1, 1, 60)), None) is DeadlineState.BREACHED
    assert visit_state(plain, build.at("A", 100)) is DeadlineState.ON_TRACK


@pytest.mark.parametrize("repair_due_s", [None, 100, 205, 210, 5000])
@pytest.mark.parametrize("substitute_due_s", [None, 120, 150, 209, 5000])
@pytest.mark.parametrize("stands_s", [None, 140, 300])
@pytest.mark.parametrize("stops_repair", [False, True])
def test_what_is_forecast_late_is_what_is_paid_for(
    repair_due_s: int | None, substitute_due_s: int | None, stands_s: int | None, stops_repair: bool
) -> None:
    """The forecast and the cost read a plan alike: the lateness of every promise, priced, is the cost's own."""
    visit = build.visit(
        "A",
        2,
        arrive=Lateness(190, 7, 3),
        repair=None if repair_due_s is None else Lateness(repair_due_s, 5, 3),
        substitute=None if substitute_due_s is None else Lateness(substitute_due_s, 11, 3),
        loaner=LoanerGrant((0,), (), 0, stops_repair=stops_repair),
    )
    loaner = None if stands_s is None else replace(SENT, by=LoanerBy.VISIT, stands_s=stands_s)
    stop = build.at("A", 200, loaner=loaner)
    prices = {
        Milestone.ARRIVE: visit.arrive,
        Milestone.REPAIR: visit.repair,
        Milestone.SUBSTITUTE: visit.substitute,
    }

    found = {f.milestone: f.meets_s for f in forecasts(visit, stop)}

    paid = cost(build.problem(visits=(visit,)), one_stop(visit, stop))
    owed = {m: price.price(found[m] or 0) if price and m in found else 0 for m, price in prices.items()}
    assert owed == {
        Milestone.ARRIVE: paid.late_arrive,
        Milestone.REPAIR: paid.late_repair,
        Milestone.SUBSTITUTE: paid.late_substitute,
    }


def test_a_visit_given_away_is_planned_and_keeps_its_promises() -> None:
    """Whoever does it: the customer was promised a time, not a firm."""
    visit = build.visit("A", 1, arrive=DUE, repair=DUE, outside=(Outside("X", 150, 900),))
    plan = build.plan(outside=(Outsourced("A", "X", 150, 160),))

    found = summary(build.problem(visits=(visit,)), plan)

    assert (found.planned, found.left_out, found.routes) == (1, (), 0)
    assert [(row.met, row.late) for row in found.attainment] == [(1, 0), (1, 0), (0, 0)]
    assert found.given_away == (GivenAway("A", "X", 150, 160, 900),)


def test_a_repair_in_parts_is_one_promise_kept_by_the_last() -> None:
    """The first day's part holds what decides about a loaner, free of charge: it is not a second promise."""
    first = build.visit("A", 1, arrive=LATER, repair=replace(DUE, cents=0), substitute=DUE)
    last = build.visit("A#2", 1, trip="A", role="later", repair=DUE)
    problem = build.problem(visits=(first, last))
    route = Route("S1", 0, 320, (build.at("A", 100), build.at("A#2", 210, trip="A", role="later")))

    found = summary(problem, build.plan(route))

    assert [(row.met, row.late) for row in found.attainment] == [(1, 0), (0, 1), (0, 0)]


def test_a_loaner_that_comes_back_is_listed_with_who_brings_it() -> None:
    """The storekeeper puts it on the shelf again tonight."""
    visit = build.visit("A", 1, fetches=("U1",))

    found = summary(build.problem(visits=(visit,)), one_stop(visit, build.at("A", 100, fetches=("U1",))))

    assert found.fetched == (Fetched("U1", "A", "S1", "E1", 100),)
