"""Patches are pure, say what they touch, and commute where they touch different things."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from itertools import combinations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dispatch.crew import Partner
from dispatch.desk.milestone import Milestone
from kernel.clock import moment
from kernel.errors import Location, Refusal
from kernel.place import LatLon
from scenarios.fitted.world import tickets_a_week, world_of
from scenarios.patch.change import Change, Patch, Who, patched
from scenarios.patch.people import (
    AddEngineer,
    AddPartner,
    Hours,
    Learnt,
    NewHours,
    OnCallDuty,
    RemoveEngineers,
    Wage,
)
from scenarios.patch.promises import MoreDemand, OtherChance, OtherScheme
from scenarios.patch.stores import CloseDepot, Keep, MoreLoaners, NoLoaners, OpenDepot, SupplierTime, VanKit
from scenarios.run.chance import Cause
from scenarios.run.world import World
from scenarios.world.region import region
from scenarios.world.spec import Spec

AT = Location("test.toml", 1)
SPEC = Spec(engineers=8, visits=12, remote=2, parts=12, loaners=4, closed=60, history_months=6, depots=3)


@cache
def world() -> World:
    """A small region's world."""
    made = region(SPEC, seed=5)
    return patched(world_of(made, starts_at=moment("2026-03-09T00:00+08:00"), days=7, wage_cents=6000), [])


def of(*changes: Change) -> Patch:
    """A patch of some changes."""
    return Patch("p", ("p", "p"), ("", ""), changes)


def who(*engineers: str) -> Who:
    """These engineers."""
    return Who(AT, engineers)


ENGINEERS = sorted(one.id for one in world().region.field.engineers)
DEPOTS = sorted({one.depot for one in world().region.field.engineers})
PARTS = sorted({one.part for one in world().shelves})
CUSTOMERS = sorted(one.id for one in world().region.field.customers)
CLASSES = sorted(one.id for one in world().region.stock.loaner_classes)
SKILLS = sorted(one.id for one in world().region.field.skill_catalogue)
HOURS = (Hours((0, 1, 2, 3), 420, 1110),)
ENGINEER, DEPOT = st.sampled_from(ENGINEERS), st.sampled_from(DEPOTS)
WHO = st.lists(ENGINEER, min_size=1, max_size=3, unique=True).map(lambda ids: who(*ids)) | st.just(Who(AT))

CHANGES: st.SearchStrategy[Change] = st.one_of(
    st.builds(lambda number, like: AddEngineer(AT, f"N-{number}", like), st.integers(1, 3), ENGINEER),
    ENGINEER.map(lambda one: RemoveEngineers(AT, who(one))),
    WHO.map(lambda some: NewHours(AT, some, HOURS)),
    WHO.map(lambda some: OnCallDuty(AT, some, (Hours((5, 6), 0, 1440),), 30_000)),
    st.builds(lambda some, skill: Learnt(AT, some, skill, 3), WHO, st.sampled_from(SKILLS)),
    WHO.map(lambda some: Wage(AT, some, 9000)),
    st.integers(1, 2).map(lambda n: AddPartner(AT, Partner(f"PT-{n}", "Firm", Decimal(500)))),
    st.builds(lambda one, to: CloseDepot(AT, one, to), DEPOT, DEPOT),
    DEPOT.map(lambda one: OpenDepot(AT, "D-NEW", "New", LatLon(26.0, 119.0), one, ())),
    st.builds(lambda place, part: Keep(AT, place, part, 7, 3), DEPOT, st.sampled_from(PARTS)),
    DEPOT.map(lambda place: Keep(AT, place, "", factor=1.5)),
    st.builds(lambda some, part: VanKit(AT, some, part, 2), WHO, st.sampled_from(PARTS)),
    st.just(NoLoaners(AT)),
    st.builds(lambda one, place: MoreLoaners(AT, one, place, 2), st.sampled_from(CLASSES), DEPOT),
    st.just(SupplierTime(AT, "", 1.5, 2.0)),
    st.sampled_from(CUSTOMERS).map(lambda one: MoreDemand(AT, 1.5, customer=one)),
    st.sampled_from(list(Cause)).map(lambda one: OtherChance(AT, off=frozenset({one}))),
    st.just(OtherChance(AT, strength=(("away", 0.2), ("lead", 1.5)))),
)


@given(CHANGES, CHANGES)
def test_changes_that_touch_different_things_commute(one: Change, other: Change) -> None:
    """Two patches named in either order must be the same scenario, or `a+b` would mean two things."""
    assume(not one.touches(world()) & other.touches(world()))
    try:
        first = patched(world(), [of(one), of(other)])
    except Refusal as refusal:
        with pytest.raises(Refusal, match=refusal.code):
            patched(world(), [of(other), of(one)])
        return

    assert first == patched(world(), [of(other), of(one)])


@given(CHANGES)
def test_a_change_leaves_the_world_it_was_given_alone(change: Change) -> None:
    """The base is compared with every scenario: it must stay the base."""
    before = world()
    kept = (before.region, before.rosters, before.shelves, before.demand, before.chance)

    try:
        patched(before, [of(change)])
    except Refusal:
        return

    assert kept == (before.region, before.rosters, before.shelves, before.demand, before.chance)


def test_touching_nothing_in_common_is_not_rare() -> None:
    """The law above would be empty if every change touched everything."""
    some: list[Change] = [
        Learnt(AT, who(ENGINEERS[0]), SKILLS[0], 3),
        NewHours(AT, who(ENGINEERS[1]), HOURS),
        Keep(AT, DEPOTS[0], "", factor=1.5),
        NoLoaners(AT),
        SupplierTime(AT, "", 1.0, 5.0),
        MoreDemand(AT, 1.2),
    ]

    shared = [(a, b) for a, b in combinations(some, 2) if a.touches(world()) & b.touches(world())]

    assert shared == []


def test_a_new_engineer_has_everything_of_the_one_he_is_like() -> None:
    """One who came without skills, hours or a van would change nothing and prove nothing."""
    like = ENGINEERS[0]

    found = patched(world(), [of(AddEngineer(AT, "N-1", like))])

    def theirs(one: str) -> tuple[Sequence[object], ...]:
        field = found.region.field
        van = next(engineer.van for engineer in field.engineers if engineer.id == one)
        return (
            sorted((held.skill, held.level) for held in field.skills if held.engineer == one),
            sorted(held.certificate for held in field.certificates if held.engineer == one),
            sorted(held.tool for held in field.tools if held.holder == one),
            sorted(
                (r.weekday, r.from_min, r.until_min, r.wage_cents)
                for r in found.rosters
                if r.engineer == one and not r.call_out_cents
            ),
            sorted((s.part, s.level, s.upstream) for s in found.shelves if s.place == van),
        )

    assert theirs("N-1") == theirs(like)
    assert all(theirs(like)[at] for at in (0, 3, 4))


def test_who_is_gone_is_gone_everywhere() -> None:
    """A roster or a skill without its engineer would stop the simulation, or work for nobody."""
    gone = ENGINEERS[0]
    van = next(one.van for one in world().region.field.engineers if one.id == gone)

    found = patched(world(), [of(RemoveEngineers(AT, who(gone)))])
    field = found.region.field

    named = (
        {one.id for one in field.engineers}
        | {one.engineer for one in field.skills}
        | {one.engineer for one in field.certificates}
        | {one.engineer for one in field.absences}
        | {one.engineer for one in found.rosters}
        | {one.holder for one in field.tools}
        | {end for one in field.travel for end in (one.origin, one.destination)}
    )
    assert gone not in named
    assert van not in {one.place for one in found.shelves} | {one.id for one in found.region.stock.places}


def test_a_closed_depot_hands_everything_over() -> None:
    """Levels add up: closing a depot sells no part."""
    closed, to = DEPOTS[0], DEPOTS[1]

    found = patched(world(), [of(CloseDepot(AT, closed, to))])

    def levels(of_: World, *places: str) -> dict[str, int]:
        kept: dict[str, int] = {}
        for shelf in of_.shelves:
            if shelf.place in places:
                kept[shelf.part] = kept.get(shelf.part, 0) + shelf.level
        return kept

    assert levels(found, to) == levels(world(), closed, to)
    assert closed not in {shelf.upstream for shelf in found.shelves} | {
        shelf.place for shelf in found.shelves
    }
    assert closed not in {one.depot for one in found.region.field.engineers}
    assert len(found.region.stock.loaner_units) == len(world().region.stock.loaner_units)


def test_other_times_make_another_scheme_and_leave_the_old_one() -> None:
    """Customers of other contracts keep what they were promised."""
    of_ = next(source.scheme for source in world().demand.sources if source.scheme == "field-2-4-24")

    found = patched(world(), [of(OtherScheme(AT, of_, within=((Milestone.ARRIVE, 120),)))])

    before = [source.scheme for source in world().demand.sources]
    after = [source.scheme for source in found.demand.sources]
    assert {b for b, a in zip(before, after, strict=True) if b != a} == {of_}
    new = next(own.scheme for own in found.region.field.own_schemes if own.scheme.id in after)
    assert {term.amount for term in new.milestones[Milestone.ARRIVE].values()} == {120}


def test_demand_up_a_fifth_is_a_fifth_more() -> None:
    """Every rate by the same factor, so that streams of chance stay side by side."""
    found = patched(world(), [of(MoreDemand(AT, 1.2))])

    assert tickets_a_week(found.demand) == pytest.approx(1.2 * tickets_a_week(world().demand))
    assert found.demand.sources == world().demand.sources


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (AddEngineer(AT, "N-1", "E-999"), "scenario.unknown_id"),
        (AddEngineer(AT, ENGINEERS[0], ENGINEERS[1]), "scenario.already_there"),
        (RemoveEngineers(AT, Who(AT, depot=DEPOTS[0], count=99)), "scenario.too_few"),
        (Learnt(AT, Who(AT), "juggling", 3), "scenario.unknown_id"),
        (CloseDepot(AT, DEPOTS[0], DEPOTS[0]), "scenario.same_depot"),
        (Keep(AT, "", "P-NONE", 3), "scenario.unknown_id"),
        (MoreLoaners(AT, "airship", DEPOTS[0], 1), "scenario.unknown_id"),
        (SupplierTime(AT, "SUP-99", 1.0, 1.0), "scenario.unknown_id"),
        (OtherScheme(AT, "field-99", "field-2-12"), "scenario.unknown_id"),
        (OtherScheme(AT, "analytics-support-basic", "field-2-12"), "scenario.nobody_promised"),
        (MoreDemand(AT, 2.0, model="ZEPPELIN"), "scenario.unknown_id"),
        (OtherChance(AT, strength=(("away", 1.5),)), "scenario.share"),
    ],
)
def test_what_does_not_fit_the_world_is_refused_at_its_line(change: Change, code: str) -> None:
    """A scenario that silently changes nothing would be reported as “no difference”."""
    with pytest.raises(Refusal) as caught:
        patched(world(), [of(change)])

    assert caught.value.code == code
    assert caught.value.at == AT
