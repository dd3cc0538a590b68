"""The loop keeps the rules of live work, its books balance, and the same arguments give the same bytes."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.desk.clock import clocks
from dispatch.desk.milestone import Milestone, Severity, TicketKind
from dispatch.desk.scheme_file import builtin_schemes
from dispatch.desk.ticket import Ticket
from dispatch.policy import TravelSettings
from inventory.catalogue.loaner import LoanerClass, LoanerUnit
from inventory.catalogue.part import Part, PartKind
from inventory.catalogue.place import Place, PlaceKind
from inventory.stockroom import Stockroom
from kernel.errors import Refusal
from kernel.place import LatLon
from scenarios.exact.row import HERE, plain, source, work
from scenarios.run.chance import Chance
from scenarios.run.layout import laid_out
from scenarios.run.outcome import Ended, Outcome, Tickets
from scenarios.run.simulate import simulate, simulate_each
from scenarios.run.spread import Shape, Spread
from scenarios.run.world import Job, PartChance, Room, Roster, Shelf, World

DAY_S = 86_400


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Tiny worlds with everything in them: ways, shifts, parts in vans and depots, patience, tiers, absences."""
    engineers = draw(st.integers(1, 3))
    sites = draw(st.integers(1, 3))
    shape = draw(st.sampled_from(list(Shape)))
    parts = (PartChance("P", draw(st.sampled_from([0.0, 0.5, 1.0])), draw(st.integers(1, 2))),)
    jobs = (
        Job("A", work(draw(st.floats(0.1, 5)), shape, 1.5), severity=Severity.P1, parts=parts),
        Job("B", work(1), remote=draw(st.sampled_from([0.0, 0.5]))),
    )
    scheme = draw(st.sampled_from(["", "field-2-4-24", "field-24-48"]))
    sources = tuple(
        replace(
            source(f"S{n}", draw(st.floats(0.02, 0.6)), "A"),
            jobs=(("A", 1.0), ("B", 1.0)),
            scheme=scheme,
            version="1" if scheme else "",
            waits=draw(st.booleans()),
        )
        for n in range(sites)
    )
    stock = Stockroom(
        parts=(Part("P", "Part", PartKind.CONSUMABLE, Decimal(1), 1),),
        places=(
            Place("D1", PlaceKind.DEPOT, "D1", HERE, pick_up_min=10),
            Place("D2", PlaceKind.DEPOT, "D2", LatLon(26.5, 119.3), pick_up_min=10),
            Place("V1", PlaceKind.VAN, "V1", engineer="E01"),
        ),
    )
    shelves = (
        Shelf("P", "D1", draw(st.integers(0, 3)), lead_days=draw(st.floats(0.1, 3))),
        Shelf("P", "D2", draw(st.integers(0, 3)), upstream=draw(st.sampled_from(["", "D1"])), lead_days=0.5),
        Shelf("P", "V1", draw(st.integers(0, 2))),
    )
    room = Room(
        most=draw(st.sampled_from([None, 3])),
        patience=draw(st.sampled_from([None, Spread(3.0, Shape.EXPONENTIAL)])),
        part_lost=draw(st.booleans()),
        lateral=draw(st.booleans()),
        idle_home=draw(st.booleans()),
        strict=draw(st.booleans()),
    )
    world = plain(
        engineers,
        sources,
        jobs,
        days=draw(st.integers(2, 8)),
        warm_up_days=draw(st.integers(0, 2)),
        stock=stock,
        shelves=shelves,
        room=room,
        chance=Chance(absence=0.1, away=0.2, lot=0.2),
    )
    field = world.region.field
    region = replace(
        world.region,
        field=replace(
            field,
            sites=tuple(replace(site, at=LatLon(26 + n / 5, 119.1)) for n, site in enumerate(field.sites)),
            engineers=tuple(
                replace(one, depot="D1", van="V1" if one.id == "E01" else "") for one in field.engineers
            ),
        ),
        settings=replace(world.region.settings, travel=TravelSettings()),
    )
    if draw(st.booleans()):
        hours = tuple(
            Roster(f"{one.id}-{day}", one.id, day, 8 * 60, 17 * 60, overtime_min=60)
            for one in field.engineers
            for day in range(5)
        )
        return replace(world, region=region, rosters=hours)
    return replace(world, region=region)


@settings(deadline=None, max_examples=60)
@given(worlds(), st.integers(0, 3))
def test_the_books_balance_whatever_the_world(world: World, replication: int) -> None:
    """`simulate` checks its identities itself; every report is there once and none before its time."""
    outcome = simulate(world, replication=replication, seed=11)

    rows = outcome.tickets
    outcome.identities()
    open_ones = rows.ended == Ended.OPEN
    assert ((rows.ended_s >= 0) == ~open_ones).all()
    assert (rows.restored_s[open_ones] < 0).all()


@settings(deadline=None, max_examples=60)
@given(worlds())
def test_nobody_is_in_two_places(world: World) -> None:
    """First visits of one engineer never overlap, and work begins after the way there."""
    outcome = simulate(world, replication=0, seed=5)

    rows = outcome.tickets
    for engineer in range(len(outcome.engineers)):
        mine = np.flatnonzero(
            (rows.engineer == engineer) & (rows.visits == 1) & (rows.ended == Ended.RESTORED)
        )
        order = mine[np.argsort(rows.set_out_s[mine], kind="stable")]
        assert (rows.set_out_s[order][1:] >= rows.restored_s[order][:-1]).all()


@settings(deadline=None, max_examples=30)
@given(worlds())
def test_nobody_sets_out_off_duty(world: World) -> None:
    """Who is sent is on duty then, overtime excepted."""
    outcome = simulate(world, replication=0, seed=5)

    duty = laid_out(world).duty
    rows = outcome.tickets
    for row in np.flatnonzero(rows.set_out_s >= 0):
        own = duty[rows.engineer[row]]
        assert any(one.start_s <= rows.set_out_s[row] < one.end_s + one.over_s for one in own)


def same(one: Outcome, other: Outcome) -> bool:
    """Byte for byte."""
    columns = all(
        getattr(one.tickets, f.name).tobytes() == getattr(other.tickets, f.name).tobytes()
        for f in fields(Tickets)
    )
    return columns and one.money_cents == other.money_cents and one.counts == other.counts


@settings(deadline=None, max_examples=20)
@given(worlds())
def test_the_same_arguments_give_the_same_bytes(world: World) -> None:
    """Alone, or among other replications in any order."""
    alone = simulate(world, replication=1, seed=9)
    among = {o.replication: o for o in simulate_each(world, replications=(2, 1, 0), seed=9)}

    assert same(alone, among[1])
    if len(alone.tickets) > 3:
        assert not same(among[0], among[2])


@pytest.mark.parametrize("scheme", ["field-2-4-24", "field-24-48", "field-p1-p4", "field-2-12"])
@pytest.mark.parametrize("severity", list(Severity))
@given(born_s=st.integers(0, 30 * DAY_S))
@settings(deadline=None, max_examples=15)
def test_due_times_are_those_of_the_tickets_own_clocks(scheme: str, severity: Severity, born_s: int) -> None:
    """One rule: a simulated ticket is due when a live one would be."""
    job = Job("A", work(1), severity=severity)
    world = plain(
        1, (replace(source("S", 1.0, "A"), scheme=scheme, version="1"),), (job,), days=31, warm_up_days=0
    )
    laid = laid_out(world)
    reported = world.starts_at + timedelta(seconds=born_s)
    ticket = Ticket("T", "S", "", scheme, "1", severity, TicketKind.FAULT, reported)

    states = clocks(ticket, (), builtin_schemes()[scheme, "1"], {}, reported)

    owed = laid.owed[0, 0]
    for milestone, term in ((Milestone.ARRIVE, owed.arrive), (Milestone.REPAIR, owed.restore)):
        due = states[milestone].due_at if milestone in states else None
        wanted = -1 if due is None else int((due - world.starts_at).total_seconds())
        assert laid.due_s(owed, term, born_s) == wanted


def test_a_part_no_depot_keeps_is_refused() -> None:
    """A ticket nobody could ever repair would wait for ever without a word."""
    stock = Stockroom(parts=(Part("P", "Part", PartKind.CONSUMABLE, Decimal(1), 1),))
    job = Job("A", work(1), parts=(PartChance("P", 0.5),))
    world = plain(1, (source("S", 1.0, "A"),), (job,), days=2, warm_up_days=0, stock=stock)

    with pytest.raises(Refusal, match=r"scenario\.part_kept_nowhere"):
        simulate(world, replication=0, seed=1)


@pytest.mark.parametrize("what", ["site", "engineer", "scheme"])
def test_a_name_that_is_not_there_is_refused(what: str) -> None:
    """Before anything runs."""
    world = plain(1, (source("S", 1.0, "A"),), (Job("A", work(1)),), days=2, warm_up_days=0)
    first = world.demand.sources[0]
    wrong = {
        "site": replace(world, demand=replace(world.demand, sources=(replace(first, site="X"),))),
        "engineer": replace(world, rosters=(Roster("R", "X", 0, 0, 60),)),
        "scheme": replace(
            world, demand=replace(world.demand, sources=(replace(first, scheme="X", version="1"),))
        ),
    }[what]

    with pytest.raises(Refusal, match=r"scenario\.unknown"):
        simulate(wrong, replication=0, seed=1)


def test_books_that_do_not_balance_are_refused() -> None:
    """A unit that vanished is not rounded away."""
    world = plain(1, (source("S", 1.0, "A"),), (Job("A", work(1)),), days=2, warm_up_days=0)
    outcome = simulate(world, replication=0, seed=1)
    crew = replace(outcome.crew, busy_s=outcome.crew.busy_s + 1)

    with pytest.raises(Refusal, match=r"scenario\.books_open"):
        replace(outcome, crew=crew).identities()


def test_who_finds_the_pool_empty_stands_without_a_loaner() -> None:
    """One unit for two machines: the second to fail waits for its repair without one, to the second."""
    stock = Stockroom(
        places=(Place("D", PlaceKind.DEPOT, "D", HERE),),
        loaner_classes=(LoanerClass("L", "L", (), Decimal(0)),),
        loaner_units=(LoanerUnit("U", "L", "D"),),
    )
    sources = tuple(source(f"S{n}", 0.2, "A", asset=f"A{n}") for n in range(2))
    world = plain(1, sources, (Job("A", work(3)),), days=10, warm_up_days=0, stock=stock)

    rows = simulate(world, replication=0, seed=4).tickets

    refused = (rows.loaner_s == 0) & (rows.ended == Ended.RESTORED)
    assert refused.any()
    assert (rows.loaner_late_s[refused] == (rows.restored_s - rows.born_s)[refused]).all()
    assert (rows.loaner_late_s[rows.loaner_s > 0] == 0).all()
