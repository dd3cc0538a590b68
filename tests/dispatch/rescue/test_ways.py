"""The ways out of an overrun: each is a plan that holds, costs what it says, and does what its name says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatch.cost import cost, visit_stops
from dispatch.plan import LoanerBy, Plan, Source, Stop
from dispatch.problem import (
    Engineer,
    Lateness,
    LoanerCourier,
    LoanerGrant,
    Offer,
    Outside,
    PartLine,
    PlanningProblem,
    Shift,
    Store,
    Visit,
)
from dispatch.rescue import RefusedPart, Rescue, Way, WayKind, late_visit, ways_out
from dispatch.solve import Budget, solve
from dispatch.verify import violations
from kernel.errors import Refusal
from tests.conftest import seeds
from tests.dispatch.oracle.worlds import tiny
from tests.dispatch.solve.worlds import HOUR, Size, bare, visit_at, world

BUDGET = Budget(seed=1, work=2_000)
ALL = 99
"""Every shift is near."""


def handicapped(problem: PlanningProblem, visit: str) -> tuple[PlanningProblem, Plan]:
    """The problem with a visit nobody may leave out, and a plan of it in which the visit was only free late."""
    index = problem.visit_index[visit]
    wanted = replace(problem.visits[index], left_out=10**7)
    late = replace(wanted, earliest_s=wanted.earliest_s + 5 * HOUR)
    free = _with(problem, index, wanted)
    return free, solve(_with(problem, index, late), BUDGET)


def _with(problem: PlanningProblem, index: int, visit: Visit) -> PlanningProblem:
    return replace(problem, visits=(*problem.visits[:index], visit, *problem.visits[index + 1 :]))


def stop_of(plan: Plan | None, visit: str) -> Stop:
    """The visit's stop."""
    assert plan is not None
    return next(stop for stop in visit_stops(plan) if stop.ref == visit)


def only(rescue: Rescue, kind: WayKind) -> Way:
    """The one way of a kind."""
    (way,) = [way for way in rescue.ways if way.kind is kind]
    return way


@pytest.mark.parametrize("seed", seeds(16, quick=4))  # every way is a search
def test_every_way_is_a_plan_that_holds_and_costs_what_it_says(seed: int) -> None:
    """The card's money is the verifier's: whole plan with the way, less the plan as it is, all rules mixed."""
    problem = tiny(seed, visits=6)
    plan = solve(problem, BUDGET)

    for visit in problem.visits[:2]:
        rescue = ways_out(problem, plan, visit.id, budget=BUDGET)

        assert rescue.ways[0].kind is WayKind.WAIT
        assert rescue.ways[0].cents == 0
        for way in (way for way in rescue.ways if way.plan is not None):
            assert way.plan is not None
            assert violations(problem, way.plan) == ()
            assert way.plan.claimed == cost(problem, way.plan)
            assert way.cents == way.plan.claimed.total - plan.claimed.total


@pytest.mark.parametrize("seed", seeds(16, quick=4))  # every way is a search
def test_the_cheapest_way_is_the_solvers_own_choice(seed: int) -> None:
    """Free to choose, from the same plan and with the same budget, the solver does no better and no worse."""
    problem, plan = handicapped(tiny(seed, visits=5), "V0")
    assert violations(problem, plan) == ()

    rescue = ways_out(problem, plan, "V0", near=ALL, budget=BUDGET)
    own_choice = solve(problem, BUDGET, plan)

    cheapest = min(way.cents for way in rescue.ways if way.closed is None)
    assert cheapest == own_choice.claimed.total - plan.claimed.total


@pytest.mark.parametrize("seed", seeds(8, quick=3))  # as above
def test_a_way_does_what_its_name_says(seed: int) -> None:
    """A part fetched from a store comes from that store, an offered one by that offer, an alternate is the alternate."""
    problem, plan = handicapped(world(seed, Size(visits=6, engineers=3, days=2)), "V01")

    for way in ways_out(problem, plan, "V01", near=ALL, budget=BUDGET).ways:
        if way.closed is not None or way.engineer == "":
            continue
        stop, named = stop_of(way.plan, "V01"), way.name.params
        by = {(supply.source, supply.from_id, supply.part) for supply in stop.supply}
        if way.kind is WayKind.PICK_UP:
            assert (Source.PICK_UP, named["store"], named["part"]) in by
        if way.kind is WayKind.DELIVERY:
            assert (Source.OFFER, named["offer"], named["part"]) in by
        if way.kind is WayKind.ALTERNATE:
            assert named["other"] in {supply.part for supply in stop.supply if supply.needed == named["part"]}
        if way.kind is WayKind.LOANER_BROUGHT:
            assert stop.loaner is not None
            assert (stop.loaner.by, stop.loaner.store) == (LoanerBy.VISIT, named["store"])
        if way.kind is WayKind.LOANER_SENT:
            assert stop.loaner is not None
            assert (stop.loaner.by, stop.loaner.store) == (LoanerBy.COURIER, named["store"])


def part_missing(**changes: object) -> tuple[PlanningProblem, Plan]:
    """One visit, its part bought at 6 h for 100 cents; a repair due at 4 h; a transfer at 2 h and a store at hand."""
    line = PartLine(0, 1, offers=(0, 1))
    late = Lateness(4 * HOUR, 1_000, HOUR)
    visit = visit_at(1, parts=(line,), repair=late)
    problem = bare(
        visits=[visit],
        stores=(Store("D0", 5, stock=((0, 1),), pick_up_s=600),),
        offers=(
            Offer("BUY", "purchase", 0, 1, 6 * HOUR, 100, -1),
            Offer("MOVE", "transfer", 0, 1, 2 * HOUR, 300, 0),
        ),
    )
    bought_only = replace(
        problem,
        stores=(),
        visits=(replace(visit, parts=(PartLine(0, 1, offers=(0,)),)),),
        offers=problem.offers[:1],
    )
    return replace(problem, **changes), solve(bought_only, BUDGET)  # type: ignore[arg-type]


def test_the_part_by_every_door_is_compared() -> None:
    """Waiting for the purchase costs three hours' lateness; the store and the transfer keep the promise."""
    problem, plan = part_missing()

    ways = {
        (way.kind, way.name.params.get("offer", way.name.params.get("store", ""))): way
        for way in ways_out(problem, plan, "V1", budget=BUDGET).ways
    }

    wait = ways[WayKind.WAIT, ""]
    fetched, moved = ways[WayKind.PICK_UP, "D0"], ways[WayKind.DELIVERY, "MOVE"]
    assert (wait.finish_s, [promise.spare_s for promise in wait.promises]) == (7 * HOUR, [-3 * HOUR])
    assert (moved.finish_s, moved.met, moved.terms.late_repair, moved.terms.deliveries) == (
        3 * HOUR,
        1,
        -3_000,
        200,
    )
    assert (fetched.finish_s, fetched.met, fetched.terms.deliveries) == (1800 + HOUR, 1, -100)
    assert ways[WayKind.DELIVERY, "BUY"].closed is not None


def test_the_last_safe_moment_of_an_order_is_the_promise_less_its_way() -> None:
    """The transfer takes two hours and the work one: ordered an hour from now the repair is done at 4 h, as promised."""
    problem, plan = part_missing()

    ways = ways_out(problem, plan, "V1", budget=BUDGET).ways

    moved = next(way for way in ways if way.name.params.get("offer") == "MOVE")
    fetched = next(way for way in ways if way.kind is WayKind.PICK_UP)
    assert moved.safe_until_s == HOUR
    # 600 there, 600 at the store, 600 to the site, then an hour's work.
    assert fetched.safe_until_s == 4 * HOUR - HOUR - 1800


def test_waiting_that_keeps_nothing_has_no_last_moment() -> None:
    """A promise already lost cannot be lost by waiting."""
    problem, plan = part_missing()

    assert only(ways_out(problem, plan, "V1", budget=BUDGET), WayKind.WAIT).safe_until_s is None


def test_a_part_the_scheme_refuses_is_listed_with_its_price_and_the_reason() -> None:
    """The dispatcher sees that the cheaper part was thought of, and why it may not be used."""
    problem, plan = part_missing()
    refused = RefusedPart("p0", 560_00, "x0", 310_00, "product-warranty")

    ways = ways_out(problem, plan, "V1", refused=(refused,), budget=BUDGET).ways

    (way,) = [way for way in ways if way.kind is WayKind.ALTERNATE]
    assert way.closed is not None
    assert way.closed.code == "closed.original_only"
    assert (way.closed.params["price_cents"], way.closed.params["other_price_cents"]) == (560_00, 310_00)


def lent(couriers: tuple[LoanerCourier, ...], **changes: object) -> tuple[PlanningProblem, Plan]:
    """The part comes at 6 h, the repair is due at 4 h, a loaner by 4 h; one unit lies in store D0."""
    problem, _ = part_missing()
    grant = LoanerGrant(classes=(0,), couriers=couriers, day_cents=50)
    visit = replace(
        problem.visits[0],
        parts=(PartLine(0, 1, offers=(0,)),),
        loaner=grant,
        substitute=Lateness(4 * HOUR, 2_000, HOUR),
    )
    shelf = Store("D0", 5, loaners=((0, ("L1",)),), pick_up_s=600)
    lending = replace(problem, visits=(visit,), stores=(shelf,), offers=problem.offers[:1])
    bare_visit = replace(visit, loaner=None, substitute=None)
    plan = solve(replace(lending, visits=(bare_visit,)), BUDGET)
    return replace(lending, **changes), replace(plan, claimed=cost(lending, plan))  # type: ignore[arg-type]


def test_a_loaner_stands_beside_the_bill_it_replaces() -> None:
    """Courier 80 and a day 50, against three hours of late repair and of late substitute."""
    problem, plan = lent((LoanerCourier(0, 0, HOUR, 80),))

    way = only(ways_out(problem, plan, "V1", budget=BUDGET), WayKind.LOANER_SENT)

    assert way.loaner is not None
    assert (way.loaner.unit, way.loaner.cents) == ("L1", 130)
    assert (way.loaner.bill, way.loaner.still_owed) == (3 * 1_000 + 3 * 2_000, 3 * 1_000)
    assert way.loaner.saved == 6_000 - 130
    assert way.cents == 130 - 6_000
    # It takes an hour from the decision; the promise is at 4 h.
    assert way.safe_until_s == 3 * HOUR


def test_a_courier_that_is_later_and_dearer_is_not_listed() -> None:
    """Nobody would choose it; a later but cheaper one stays."""
    problem, plan = lent(
        (LoanerCourier(0, 0, HOUR, 80), LoanerCourier(0, 0, 2 * HOUR, 90), LoanerCourier(0, 0, 2 * HOUR, 70))
    )

    ways = ways_out(problem, plan, "V1", budget=BUDGET).ways

    prices = [way.loaner.cents for way in ways if way.kind is WayKind.LOANER_SENT and way.loaner]
    assert prices == [130, 120]


def test_a_repair_in_time_is_granted_no_loaner() -> None:
    """The scheme grants one for an overrun only."""
    problem, plan = lent((LoanerCourier(0, 0, HOUR, 80),))
    visit = replace(problem.visits[0], repair=Lateness(9 * HOUR, 1_000, HOUR))

    relaxed = replace(problem, visits=(visit,))
    rescue = ways_out(relaxed, replace(plan, claimed=cost(relaxed, plan)), "V1", budget=BUDGET)

    closed = only(rescue, WayKind.LOANER_SENT).closed
    assert closed is not None
    assert closed.code == "closed.repair_in_time"


def test_ways_that_are_not_open_say_why() -> None:
    """Nothing is left off the card in silence."""
    problem, plan = handicapped(bare(visits=[visit_at(1)]), "V1")

    closed = {way.kind: way.closed.code for way in ways_out(problem, plan, "V1").ways if way.closed}

    assert closed[WayKind.OVERTIME] == "closed.no_overtime"
    assert closed[WayKind.LOANER_SENT] == "closed.no_loaner_granted"
    assert closed[WayKind.PARTNER] == "closed.no_partner"
    assert closed[WayKind.WORKSHOP] == "closed.no_workshop"


def test_a_visit_nobody_is_planned_for_can_be_rescued() -> None:
    """The plan as it is keeps no promise; somebody who can go keeps it."""
    problem, _ = handicapped(bare(visits=[visit_at(1, repair=Lateness(2 * HOUR, 1_000, HOUR))]), "V1")
    nothing = solve(replace(problem, shifts=()), BUDGET)
    plan = replace(nothing, claimed=cost(problem, nothing))

    rescue = ways_out(problem, plan, "V1", budget=BUDGET)

    wait, engineer = only(rescue, WayKind.WAIT), only(rescue, WayKind.ENGINEER)
    assert (wait.finish_s, wait.engineer, wait.safe_until_s) == (None, "", None)
    assert (engineer.finish_s, engineer.met) == (600 + HOUR, 1)
    assert engineer.terms.left_out == -(10**7)


def test_a_partner_is_a_way() -> None:
    """He starts at 1 h for 700 cents; our own engineer is set free."""
    problem, plan = handicapped(bare(visits=[visit_at(1, repair=Lateness(2 * HOUR, 1_000, HOUR))]), "V1")
    visit = replace(problem.visits[0], outside=(Outside("P1", HOUR, 700),))
    asked = replace(problem, visits=(visit,))

    way = only(ways_out(asked, plan, "V1", budget=BUDGET), WayKind.PARTNER)

    assert (way.engineer, way.start_s, way.finish_s, way.terms.partners) == ("P1", HOUR, 2 * HOUR, 700)
    assert way.safe_until_s == 0
    assert way.plan is not None
    assert violations(asked, way.plan) == ()


def test_another_engineer_is_another_engineer() -> None:
    """The one who is planned is free sooner, but the question is who else could go."""
    problem, plan = handicapped(bare(visits=[visit_at(1, repair=Lateness(2 * HOUR, 1_000, HOUR))]), "V1")
    own = only(ways_out(problem, plan, "V1", budget=BUDGET), WayKind.WAIT).engineer

    way = only(ways_out(problem, plan, "V1", budget=BUDGET), WayKind.ENGINEER)

    assert way.engineer not in {"", own}


def test_a_locked_engineer_is_not_exchanged() -> None:
    """The lock is somebody's decision; the card says so instead of breaking it."""
    problem, plan = handicapped(bare(visits=[replace(visit_at(1), engineer_lock=0)]), "V1")

    way = only(ways_out(problem, plan, "V1", budget=BUDGET), WayKind.ENGINEER)

    assert way.closed is not None
    assert way.closed.code == "closed.engineer_locked"


def test_who_gives_way_is_named() -> None:
    """One engineer, room for one visit: the urgent one takes the place of the other."""
    urgent = visit_at(1, service_s=4 * HOUR, left_out=90_000)
    problem = bare(
        visits=[urgent, visit_at(2, service_s=4 * HOUR, left_out=10_000)],
        engineers=(Engineer("E0"),),
        shifts=(Shift("S0", 0, 0, 0, 0, 6 * HOUR),),
    )
    other_first = _with(problem, 0, replace(urgent, left_out=1))
    plan = solve(other_first, BUDGET)
    plan = replace(plan, claimed=cost(problem, plan))

    way = only(ways_out(problem, plan, "V1", budget=BUDGET), WayKind.ENGINEER)

    assert way.effect.displaced == ("V2",)
    assert way.terms.left_out == 10_000 - 90_000


def test_of_a_ticket_the_visit_that_is_latest_is_rescued() -> None:
    """A ticket is asked for by its id; its worst visit is the one to mend."""
    problem = bare(
        visits=[
            replace(visit_at(1, repair=Lateness(9 * HOUR, 1, HOUR)), ticket="T"),
            replace(visit_at(2, repair=Lateness(0, 1, HOUR)), ticket="T"),
        ]
    )
    plan = solve(problem, BUDGET)

    assert late_visit(problem, plan, "T") == "V2"
    assert late_visit(problem, plan, "V1") == "V1"
    with pytest.raises(Refusal, match="nothing_open"):
        late_visit(problem, plan, "T-404")


def skilled(*levels: int) -> tuple[PlanningProblem, Plan]:
    """V1 needs cooling at level 2; one engineer for each level given, and a shift each."""
    engineers = tuple(Engineer(f"E{n}", skills=((0, level),)) for n, level in enumerate(levels))
    shifts = tuple(Shift(f"S{n}", n, 0, 0, 0, 8 * HOUR) for n in range(len(levels)))
    visit = replace(visit_at(1), skills=((0, 2),))
    problem = bare(visits=[visit], engineers=engineers, shifts=shifts)
    return problem, solve(problem, BUDGET)


def test_a_way_nobody_can_take_says_which_rule_proves_it() -> None:
    """`No place was found` is said only where nothing is proved."""
    problem, plan = skilled(2, 1)

    closed = only(ways_out(problem, plan, visit_id(problem), budget=BUDGET), WayKind.ENGINEER).closed

    assert closed is not None
    assert closed.code == "closed.nobody_can"
    assert closed.params == {
        "skill": "cooling",
        "level": 2,
        "held": 1,
        "engineer": "E1",
        "shift": "S1",
        "why": "why.skill",
    }


def test_where_there_is_nobody_else_the_card_says_so() -> None:
    """One engineer, no other."""
    problem, plan = skilled(2)

    closed = only(ways_out(problem, plan, visit_id(problem), budget=BUDGET), WayKind.ENGINEER).closed

    assert closed is not None
    assert closed.code == "closed.nobody_else"


def visit_id(problem: PlanningProblem) -> str:
    """The one visit."""
    (visit,) = problem.visits
    return visit.id
