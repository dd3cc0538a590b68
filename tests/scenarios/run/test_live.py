"""The policy `live`: the planner of live work in simulated time, under the same chance and the same books as `fast`."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings

from api.usecases.scenario_files import opened
from api.usecases.simulating import OneByOne, policies_named, simulated
from dispatch.board import Board
from dispatch.crew import Partner
from dispatch.desk.milestone import Severity
from dispatch.policy import TravelSettings
from dispatch.pose import problem_of
from dispatch.replan import replan
from dispatch.solve import Budget
from dispatch.verify import violations
from inventory.catalogue.part import Part, PartKind
from inventory.catalogue.place import Place, PlaceKind
from inventory.stockroom import Stockroom
from kernel.errors import Refusal
from kernel.place import LatLon
from scenarios.exact.row import plain, source, work
from scenarios.library.worlds import three_server_city
from scenarios.measure.compare import compared
from scenarios.measure.figures import Figure
from scenarios.measure.simulated import Scenario, Wanted, under_each
from scenarios.run.chance import Chance
from scenarios.run.desk import Desk, Spell, Stands, Waits
from scenarios.run.layout import laid_out
from scenarios.run.outcome import Ended, Outcome
from scenarios.run.simulate import Policy, simulate
from scenarios.run.world import Job, PartChance, Shelf, World
from tests.scenarios.run.test_loop import worlds


def bytes_of(outcome: Outcome) -> bytes:
    """Everything known of the tickets of a replication, and its money."""
    rows = b"".join(getattr(outcome.tickets, one.name).tobytes() for one in fields(outcome.tickets))
    return rows + repr(sorted(outcome.money_cents.items())).encode()


@settings(deadline=None, max_examples=6)
@given(worlds())
def test_the_books_balance_when_the_planner_decides(world: World) -> None:
    """`simulate` checks them itself; nobody is in two places, and who is sent is on duty."""
    outcome = simulate(world, Policy.LIVE, replication=0, seed=11)

    rows, duty = outcome.tickets, laid_out(world).duty
    assert ((rows.ended_s >= 0) == (rows.ended != Ended.OPEN)).all()
    for row in np.flatnonzero(rows.set_out_s >= 0):
        own = duty[rows.engineer[row]]
        assert any(one.start_s <= rows.set_out_s[row] < one.end_s + one.over_s for one in own)
    for engineer in range(len(outcome.engineers)):
        once = (rows.engineer == engineer) & (rows.visits == 1) & (rows.ended == Ended.RESTORED)
        order = np.flatnonzero(once)[np.argsort(rows.set_out_s[once], kind="stable")]
        assert (rows.set_out_s[order][1:] >= rows.restored_s[order][:-1]).all()


@settings(deadline=None, max_examples=2)
@given(worlds())
def test_both_policies_meet_the_same_chance(world: World) -> None:
    """What is reported when, and what it is, does not depend on who deals with it: a pair can be compared."""
    world = replace(
        world,
        demand=replace(
            world.demand, sources=tuple(replace(one, waits=False) for one in world.demand.sources)
        ),
    )

    fast, live = (simulate(world, how, replication=1, seed=3).tickets for how in Policy)

    for column in ("born_s", "site", "severity", "due_arrive_s", "due_restore_s"):
        assert (getattr(fast, column) == getattr(live, column)).all()


def test_where_there_is_nothing_to_choose_both_decide_the_same() -> None:
    """One engineer, reports far apart: he sets out in the second of the report and is done in the same one."""
    world = plain(1, (source("S", 0.01, "A"),), (Job("A", work(2)),), days=60, warm_up_days=0)

    fast, live = (simulate(world, how, replication=0, seed=2).tickets for how in Policy)

    alone = np.flatnonzero(fast.set_out_s == fast.born_s)
    assert alone.size > 10
    assert (fast.restored_s[alone] == live.restored_s[alone]).all()


def test_the_same_arguments_give_the_same_bytes() -> None:
    """Nothing of the search depends on the clock or the order of threads."""
    city = replace(three_server_city(), days=1, warm_up_days=0)

    one, two = (simulate(city, Policy.LIVE, replication=2, seed=9) for _ in range(2))

    assert len(one.tickets) > 20
    assert bytes_of(one) == bytes_of(two)


def desk_at_work(world: World) -> Board:
    """A desk's board: two tickets waiting, one part staged, one van with another, somebody at a site until later."""
    laid = laid_out(world)
    waits = [
        (Waits(0, 3600, (("P", 1),), staged_at="D1"), 0, 0, 0),
        (Waits(1, 1800, arrived_s=500), 0, 1, 60),
    ]
    spells = [Spell(0, 0, 9 * 3600, 3600, 0)]
    stands = [Stands(0, laid.site_at[0], 1500)]
    return Desk(laid).board(900, waits, stands, spells, {("V1", "P"): 1})


@settings(deadline=None, max_examples=4)
@given(worlds())
def test_the_desk_sees_what_live_operation_sees(world: World) -> None:
    """Its board poses the problem that a board built of the same facts poses, and what is planned of it holds."""
    seen = desk_at_work(world)

    # The desk's own scheme of tickets to which nothing is promised is known to no region.
    events = tuple(event for own in seen.events.values() for event in own)
    facts = replace(seen.region, field=replace(seen.region.field, ticket_events=events))
    schemes = seen.schemes
    built = replace(Board.of(replace(facts, field=replace(facts.field, tickets=()))), schemes=schemes)
    built = replace(built, tickets=seen.tickets, standing=seen.standing, roads=seen.roads)
    turned = replan(seen, Budget(seed=1, work=20), explained=False)

    assert problem_of(built).digest == turned.problem.digest
    assert seen.now.tzinfo is UTC
    assert not violations(turned.problem, turned.plan)


def test_policies_are_named_with_commas() -> None:
    """Each once; what is none is refused with those there are."""
    assert policies_named("fast, live,fast") == (Policy.FAST, Policy.LIVE)
    with pytest.raises(Refusal, match=r"scenario\.unknown_choice"):
        policies_named("fast,slow")


def city(*, days: int) -> tuple[Scenario, ...]:
    """The three-server city under both policies."""
    world = replace(three_server_city(), days=days, warm_up_days=0)
    return under_each((Scenario("city", ("City", "城市"), ("", ""), world),), tuple(Policy))


def test_the_policies_are_compared_replication_by_replication() -> None:
    """The difference is a figure with its interval, like that of any scenario; the reports are the same."""
    found = simulated(Wanted(city(days=1), Policy.FAST, 2, 4), OneByOne(), at_once=1)

    rows = {(row.figure, row.scenario): row for row in compared(found.runs)}
    assert found.wanted.policies == tuple(Policy)
    assert rows[Figure.TICKETS_WEEK, "city@live"].effect == "equal"
    change = rows[Figure.HOURS_TO_RESTORE, "city@live"].change
    assert change is not None
    assert change.by.low <= change.by.mean <= change.by.high


@pytest.mark.slow  # two replications of four days of a province, some 12 s
def test_the_planner_keeps_more_arrivals_in_fujian_for_less() -> None:
    """It drives less and works less overtime than the rule of thumb, under the same reports."""
    there = opened("fujian_march", [])
    world = replace(there.scenarios[0].world, days=3, warm_up_days=1)
    pair = under_each((replace(there.scenarios[0], world=world),), tuple(Policy))

    found = simulated(Wanted(pair, Policy.FAST, 2, 1), OneByOne(), at_once=1)

    fast, live = found.runs
    assert max(live.values(Figure.COST_WEEK)) < min(fast.values(Figure.COST_WEEK))
    assert max(live.values(Figure.TRAVEL_SHARE)) < min(fast.values(Figure.TRAVEL_SHARE))


def test_what_costs_less_outside_is_given_to_a_partner() -> None:
    """One engineer for three sites, a partner who is cheaper than being late: he does it once, and nobody else comes."""
    sources = tuple(source(f"S{n}", 0.2, "A") for n in range(3))
    world = plain(1, sources, (Job("A", work(3), severity=Severity.P1),), days=2, warm_up_days=0)
    firm = Partner("PARTNER", "Partner", Decimal(50))
    field = replace(world.region.field, partners=(firm,))

    rows = simulate(
        replace(world, region=replace(world.region, field=field)), Policy.LIVE, replication=0, seed=1
    ).tickets

    theirs = rows.ended == Ended.BY_PARTNER
    assert theirs.sum() > 2
    assert (rows.ended == Ended.RESTORED).sum() > 2
    assert (rows.visits[theirs] == 0).all()


def test_a_part_picked_up_is_fitted_or_goes_back() -> None:
    """Parts of a depot are fetched on the way; at the end every unit is on a shelf, fitted or on order: `stock` balances."""
    stock = Stockroom(
        parts=(Part("P", "Part", PartKind.CONSUMABLE, Decimal(1), 1),),
        places=(Place("D1", PlaceKind.DEPOT, "D1", LatLon(26.2, 119.3), pick_up_min=10),),
    )
    jobs = (Job("A", work(2), parts=(PartChance("P", 1.0),)),)
    sources = tuple(source(f"S{n}", 0.05, "A") for n in range(4))
    shelves = (Shelf("P", "D1", 4, lead_days=0.5),)
    world = plain(2, sources, jobs, days=8, warm_up_days=0, stock=stock, shelves=shelves, chance=Chance())
    settings = replace(world.region.settings, travel=TravelSettings())
    world = replace(world, region=replace(world.region, settings=settings))

    outcome = simulate(world, Policy.LIVE, replication=0, seed=6)

    repaired = int((outcome.tickets.ended == Ended.RESTORED).sum())
    assert repaired > 10
    assert repaired <= int(outcome.stock.used.sum()) <= repaired + 2
    assert int(outcome.crew.travel_s.sum()) > 0
