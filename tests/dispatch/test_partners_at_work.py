"""An outside partner who is at work is under way like any engineer: nobody calls him off, nobody else is sent."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from dispatch.board import Board
from dispatch.crew import Shift
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.desk.visit import PublishedStop, Visit, VisitOrder
from dispatch.event import CustomersTold, PlanPublished, TicketHappened, WorkshopChosen
from dispatch.plan import StopKind
from dispatch.pose import problem_of
from dispatch.publish import stops_of
from dispatch.replan import Replanned, replan
from dispatch.solve import Budget
from kernel.errors import Refusal
from kernel.interval import Interval
from tests import regions as build
from tests.dispatch.test_partners_remembered import BUDGET, FIRM, given_away, holds, region

TODAY = Shift("E-1/06", "E-1", Interval(build.at(8), build.at(17)))
ASKED = PublishedStop("V-1", "", build.at(9), partner="X-1")


def step(kind: EventKind, hour: int, minute: int = 0, by: str = "X-1") -> TicketHappened:
    """What he says of V-1, or leaves to the desk to guess."""
    value, reason = ("part", "not his to give") if kind is EventKind.WAITING else ("", "")
    return TicketHappened(TicketEvent("T-1", build.at(hour, minute), kind, by, reason, value))


def at_work(price: int = 80, **field: object) -> Board:
    """He came at ten past nine, and by now ours could do it for less."""
    dear = replace(FIRM, price=Decimal(price))
    world = region(**{"shifts": (TODAY,), "partners": (dear,), "published": (ASKED,), **field})
    return Board.of(world).at(build.at(9, 20)).apply(step(EventKind.ON_SITE, 9, 10))


def served(turned: Replanned) -> list[str]:
    """Visits on our routes."""
    return [s.ref for route in turned.plan.routes for s in route.stops if s.kind is StopKind.VISIT]


@pytest.mark.parametrize("price", [80, 400, 5000, 50_000])
def test_he_is_not_called_off_whatever_he_costs(price: int) -> None:
    """He is paid by now; the customer would see two of them, or none."""
    board = at_work(price)

    turned = replan(board, BUDGET)

    assert holds(turned)
    assert [(one.partner, board.moment(one.start_s)) for one in turned.plan.outside] == [
        ("X-1", build.at(9, 10))
    ]
    assert turned.plan.claimed.partners == 100 * price
    assert turned.changes == ()
    assert served(turned) == []


def test_it_is_a_change_no_longer_and_stays_as_published() -> None:
    """Ten minutes late is nothing to call anybody about, and can be published again."""
    board = at_work().apply(CustomersTold(("V-1",), build.at(9, 15)))
    turned = replan(board, BUDGET)

    stops = stops_of(board, turned.problem, turned.plan)

    assert stops == tuple(board.published.values())
    assert replan(board.apply(PlanPublished(stops)), BUDGET).changes == ()


def test_who_came_without_being_asked_is_under_way_too() -> None:
    """Somebody rang him: he is there, whatever the plan says."""
    board = at_work(published=())

    turned = replan(board, BUDGET)

    assert holds(turned)
    assert [one.partner for one in turned.plan.outside] == ["X-1"]
    assert stops_of(board, turned.problem, turned.plan) == (replace(ASKED, starts_at=build.at(9, 10)),)


def test_past_his_time_he_is_done_any_minute() -> None:
    """No plan ends a visit before now."""
    problem = problem_of(at_work().at(build.at(12)))

    (offer,) = problem.visits[0].outside
    assert offer.start_s + problem.visits[0].service_s == 60


@pytest.mark.parametrize("kind", [EventKind.LEFT, EventKind.REPAIRED])
def test_when_he_has_left_or_it_is_repaired_the_visit_is_over(kind: EventKind) -> None:
    """Nothing is left to plan."""
    board = at_work().at(build.at(10, 30)).apply(step(kind, 10, 30))

    assert board.visits == {}
    assert board.partners == {}
    assert Board.of(board.region, now=board.now).partners == {}


def test_when_it_has_to_wait_anybody_may_go() -> None:
    """He is off again; the visit is as open as before."""
    waiting = at_work(5000).at(build.at(10)).apply(step(EventKind.WAITING, 10))

    turned = replan(waiting, BUDGET)

    assert holds(turned)
    assert waiting.partners == {}
    assert problem_of(waiting).digest == problem_of(Board.of(waiting.region, now=build.at(10))).digest
    assert len(problem_of(waiting).visits[0].outside) == 1
    assert served(turned) == ["V-1"]


def test_an_engineer_who_leaves_does_not_end_his_work() -> None:
    """Each leaves by himself."""
    board = at_work().apply(step(EventKind.LEFT, 9, 15, by="E-1"))

    assert board.partners["V-1"].partner == "X-1"


def test_what_waits_for_his_visit_starts_when_he_is_done() -> None:
    """An hour from ten past nine."""
    two = (replace(build.region().field.visits[0], skills=()), Visit("V-2", "T-1", "S-1", 30))
    board = at_work(visits=two, visit_order=(VisitOrder("V-2", "V-1"),))

    problem = problem_of(board)

    later = problem.visits[problem.visit_index["V-2"]]
    assert board.moment(later.earliest_s) == build.at(10, 10)
    assert problem.links == ()
    assert holds(replan(board, BUDGET))


def test_he_is_heard_on_the_visit_he_was_asked_for() -> None:
    """A ticket has two visits; the first by number is ours."""
    two = tuple(Visit(f"V-{n}", "T-1", "S-1", 60) for n in (1, 2))
    board = at_work(visits=two, published=(replace(ASKED, visit="V-2"),))

    assert board.partners.keys() == {"V-2"}


def test_a_unit_he_works_on_is_not_sent_to_the_workshop() -> None:
    """Let him end first."""
    with pytest.raises(Refusal) as refused:
        at_work().apply(WorkshopChosen("V-1"))

    assert refused.value.code == "board.visit_begun"


@pytest.mark.parametrize(("minutes", "held"), [(240, True), (30, False)])
def test_what_starts_within_the_freeze_stays_with_the_partner(minutes: int, *, held: bool) -> None:
    """Whom we asked to come in an hour is not called off for a few yuan, nor another firm asked."""
    before, _ = given_away()
    policy = replace(
        before.region.settings.policy, freeze_min=minutes, changed_engineer=Decimal(0), moved=Decimal(0)
    )
    firms = (replace(FIRM, price=Decimal(5000)), replace(FIRM, id="X-2", price=Decimal(1)))
    field = replace(before.region.field, shifts=(TODAY,), partners=firms)
    board = Board.of(
        replace(before.region, field=field, settings=replace(before.region.settings, policy=policy))
    )

    turned = replan(board, Budget(seed=1, work=60))

    assert holds(turned)
    asked = [(one.partner, board.moment(one.start_s)) for one in turned.plan.outside]
    assert (asked == [("X-1", build.at(9))]) is held
