"""What the verifier finds over all routes: accounts, shared stock, partners, linked visits, claims."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dispatch.plan import (
    Known,
    Outsourced,
    Plan,
    Route,
    Source,
    Supply,
    Unassigned,
)
from dispatch.problem import (
    Engineer,
    Lateness,
    Link,
    Offer,
    Outside,
    Pair,
    PartLine,
    PlanningProblem,
    Store,
)
from dispatch.rules import Rule
from dispatch.verify import violations
from kernel.errors import Message
from tests import builders as build
from tests.builders import one
from tests.dispatch.verify.judged import (
    FROM_D,
    FROM_VAN,
    PICK_UP,
    SHELF,
    TWO,
    broken,
    claimed,
    named,
)


def test_a_visit_served_twice_is_found() -> None:
    """Two engineers at one door."""
    problem, plan = one(build.visit("V", 2), shifts=(build.shift("S1", 0), build.shift("S2", 0, start_s=0)))
    twice = replace(plan, routes=(plan.routes[0], replace(plan.routes[0], shift="S2")))

    assert broken(problem, twice) == {Rule.ONCE}


def test_a_visit_neither_planned_nor_left_out_is_found() -> None:
    """Accepted + refused = given holds for visits too."""
    problem, plan = one(build.visit("V", 2))

    assert broken(problem, replace(plan, routes=())) == {Rule.LEFT_OUT}
    said = Unassigned("V", Message("unassigned.not_found"), Known.NOT_FOUND)
    assert broken(problem, replace(plan, routes=(), unassigned=(said,))) == set()


def test_an_engineers_van_is_one_van_over_all_shifts() -> None:
    """What was used on the first day is gone on the second."""
    visits = (build.visit("V", 2, parts=(PartLine(0, 1),)), build.visit("W", 2, parts=(PartLine(0, 1),)))
    shifts = (build.shift("S1", 0), build.shift("S2", 0))
    routes = tuple(
        Route(name, 0, 410, (build.at(ref, 200, supply=(FROM_VAN,)),))
        for name, ref in (("S1", "V"), ("S2", "W"))
    )

    enough = build.problem(visits=visits, shifts=shifts, engineers=(Engineer("E1", van=((0, 2),)),))
    short = build.problem(visits=visits, shifts=shifts, engineers=(Engineer("E1", van=((0, 1),)),))

    assert broken(enough, build.plan(*routes)) == set()
    assert broken(short, build.plan(*routes)) == {Rule.STOCK}


def test_a_transfer_draws_on_the_depots_shared_stock() -> None:
    """One unit cannot be picked up by one visit and sent to another."""
    visits = (
        build.visit("V", 2, parts=(PartLine(0, 1),)),
        build.visit("W", 2, parts=(PartLine(0, 1, offers=(0,)),)),
    )
    routes = (
        Route("S1", 0, 410, (PICK_UP, build.at("V", 200, supply=(FROM_D,)))),
        Route("S2", 0, 410, (build.at("W", 200, supply=(Supply("A", "A", 1, Source.OFFER, "O"),)),)),
    )
    offers = (Offer("O", "transfer", 0, 1, 100, 500, 0),)
    shifts = (build.shift("S1", 0), build.shift("S2", 0))

    enough = build.problem(
        visits=visits, shifts=shifts, offers=offers, stores=(Store("D", 0, stock=((0, 2),)),)
    )
    short = build.problem(visits=visits, shifts=shifts, offers=offers, stores=SHELF)

    assert broken(enough, build.plan(*routes)) == set()
    assert broken(short, build.plan(*routes)) == {Rule.STOCK}


def test_a_wrong_claim_is_a_violation_of_its_terms_rule() -> None:
    """A solver that misprices its plan is found out term by term."""
    late = build.visit("V", 2, repair=Lateness(150, 11, 30))
    problem, plan = one(late)
    honest = claimed(problem, plan)

    boast = replace(honest, claimed=replace(honest.claimed, late_repair=0))

    assert [found.rule for found in violations(problem, boast)] == [Rule.REPAIR_DUE]


def test_a_plan_of_unknown_things_is_answered_in_words() -> None:
    """A plan for another region names visits and shifts this one does not have."""
    problem, _ = one(build.visit("V", 2))
    foreign = build.plan(Route("S9", 0, 410, (build.at("X", 200),)))

    codes = {found.message.code for found in violations(problem, foreign)}

    assert codes == {"verify.unknown_shift", "verify.unknown_visit"}


def given_away(start_s: int, *, offered: tuple[Outside, ...], **changes: Any) -> tuple[PlanningProblem, Plan]:
    """Visit V done by partner X from `start_s`."""
    problem = build.problem(visits=(build.visit("V", 2, outside=offered), build.visit("W", 2)), **changes)
    left = Unassigned("W", Message("unassigned.not_found"), Known.NOT_FOUND)
    return problem, build.plan(unassigned=(left,), outside=(Outsourced("V", "X", start_s, start_s + 10),))


def test_a_partner_does_only_what_he_offered() -> None:
    """Another hour, another firm, another duration, or a visit that belongs with others."""
    offer = Outside("X", 100, 900)

    assert broken(*given_away(100, offered=(offer,))) == set()

    refused = {(Rule.PARTNER, "partner_not_offered")}
    assert named(*given_away(101, offered=(offer,))) == refused
    assert named(*given_away(100, offered=(replace(offer, partner="Y"),))) == refused
    problem, plan = given_away(100, offered=(offer,))
    short = replace(plan, outside=(replace(plan.outside[0], end_s=109),))
    assert named(problem, short) == refused
    assert named(*given_away(100, offered=(offer,), links=(Link(0, 1, 0),))) == refused


def test_a_visit_done_outside_and_left_out_is_found() -> None:
    """Once is once, whoever does it."""
    problem, plan = given_away(100, offered=(Outside("X", 100, 900),))
    also = Unassigned("V", Message("unassigned.not_found"), Known.NOT_FOUND)

    assert named(problem, replace(plan, unassigned=(also, *plan.unassigned))) == {(Rule.ONCE, "twice")}


def linked(
    link: Link, *, second_s: int | None, first_s: int | None = 200, same: bool = False
) -> tuple[PlanningProblem, Plan]:
    """Visits V and W at one site on two shifts; None: left out. `same`: both shifts are one engineer's."""
    shifts = (build.shift("S1", 0), build.shift("S2", 0 if same else 1))
    problem = build.problem(
        visits=(build.visit("V", 2), build.visit("W", 2)), engineers=TWO, shifts=shifts, links=(link,)
    )
    starts = {"S1": ("V", first_s), "S2": ("W", second_s)}
    routes = [
        Route(name, 0, at_s + 210, (build.at(ref, 200, start=at_s),))
        for name, (ref, at_s) in starts.items()
        if at_s is not None
    ]
    left = [
        Unassigned(ref, Message("unassigned.not_found"), Known.NOT_FOUND)
        for ref, at_s in starts.values()
        if at_s is None
    ]
    return problem, build.plan(*routes, unassigned=tuple(left))


@pytest.mark.parametrize(
    ("link", "second_s", "wrong"),
    [
        pytest.param(Link(0, 1, 0, 0, both=True), 200, "", id="together"),
        pytest.param(Link(0, 1, 0, 0, both=True), 201, "too_far", id="a moment apart"),
        pytest.param(Link(0, 1, 0, 30), 230, "", id="within the gap"),
        pytest.param(Link(0, 1, 0, 30), 231, "too_far", id="after the gap"),
        pytest.param(Link(0, 1, 10), 210, "", id="after the first"),
        pytest.param(Link(0, 1, 10), 209, "too_close", id="before the first is done"),
        pytest.param(Link(0, 1, 10), 9000, "", id="any time after"),
    ],
)
def test_linked_starts_lie_as_far_apart_as_they_must(link: Link, second_s: int, wrong: str) -> None:
    """Both ends of the gap are allowed."""
    found = named(*linked(link, second_s=second_s)) - {(Rule.TRAVEL, "claim_differs")}

    assert found == ({(Rule.LINK, wrong)} if wrong else set())


@pytest.mark.parametrize(
    ("pair", "same", "wrong"),
    [
        (Pair.DIFFERENT, False, ""),
        (Pair.DIFFERENT, True, "different_engineer"),
        (Pair.SAME, True, ""),
        (Pair.SAME, False, "same_engineer"),
        (Pair.ANY, True, ""),
        (Pair.ANY, False, ""),
    ],
)
def test_linked_visits_are_done_by_the_right_people(pair: Pair, same: bool, wrong: str) -> None:
    """One engineer cannot be his own mate; a repair gone on with stays in one pair of hands."""
    problem, plan = linked(Link(0, 1, 10, engineers=pair), second_s=210, same=same)

    found = named(problem, plan) - {(Rule.TRAVEL, "claim_differs")}

    assert found == ({(Rule.LINK, wrong)} if wrong else set())


@pytest.mark.parametrize(
    ("both", "first_s", "second_s", "wrong"),
    [
        (False, 200, None, ""),
        (True, 200, None, "second_missing"),
        (False, None, 210, "first_missing"),
        (True, None, 210, "first_missing"),
        (True, None, None, ""),
    ],
)
def test_nobody_is_sent_without_what_his_visit_needs(
    both: bool,
    first_s: int | None,
    second_s: int | None,
    wrong: str,
) -> None:
    """A second visit never without the first; the first without the second only where each is good for something."""
    problem, plan = linked(Link(0, 1, 10, both=both), first_s=first_s, second_s=second_s)

    found = named(problem, claimed(problem, plan))

    assert found == ({(Rule.LINK, wrong)} if wrong else set())


@pytest.mark.parametrize(
    ("term", "rule"),
    [
        ("second_visits", Rule.SECOND_VISIT),
        ("partners", Rule.PARTNER),
        ("other_engineers", Rule.PREFERRED),
        ("territory", Rule.TERRITORY),
        ("changes", Rule.CHANGE),
    ],
)
def test_every_priced_rule_is_claimed_to_the_cent(term: str, rule: Rule) -> None:
    """A cent too many is as wrong as a cent too few."""
    problem, plan = one(build.visit("V", 2))
    honest = claimed(problem, plan)

    boast = replace(honest, claimed=replace(honest.claimed, **{term: 1}))

    assert [found.rule for found in violations(problem, boast)] == [rule]
