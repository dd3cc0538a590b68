"""A proposal is taken whole or in part; what has changed since stays out and is listed; what comes out holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.board import Board
from dispatch.cost import cost, visit_stops
from dispatch.crew import Absence, Engineer, Shift, SkillHeld
from dispatch.desk.customer import Asset, Site
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.desk.visit import Visit
from dispatch.event import AppointmentAgreed, CustomersTold, EngineerAway, PlanPublished, TicketHappened
from dispatch.plan import LoanerBy, LoanerChoice, Plan, StopKind
from dispatch.pose import problem_of
from dispatch.proposal import Applied, Part, Proposal, apply_proposal, propose, version
from dispatch.publish import stops_of, tolerance
from dispatch.region import Region
from dispatch.replan import replan
from dispatch.rescue.retime import Delay, retimed
from dispatch.solve import Budget
from dispatch.verify import violations
from kernel.errors import Refusal
from kernel.interval import Interval
from kernel.place import LatLon
from tests import regions as build

ENGINEERS, VISITS = 4, 8
BUDGET = Budget(seed=1, work=60)


def town() -> Region:
    """Four engineers at the corners of a town, eight sites of one hour's work around it."""
    spot = [LatLon(26.0 + 0.05 * (i % 3), 119.3 + 0.05 * (i // 3)) for i in range(VISITS)]
    homes = [LatLon(25.95, 119.25), LatLon(26.15, 119.25), LatLon(25.95, 119.5), LatLon(26.15, 119.5)]
    names = [f"E-{i + 1}" for i in range(ENGINEERS)]
    return build.region(
        sites=tuple(Site(f"S-{i + 1}", "K-1", at, f"Site {i + 1}") for i, at in enumerate(spot)),
        assets=tuple(Asset(f"A-{i + 1}", f"S-{i + 1}", "SN", "M1") for i in range(VISITS)),
        engineers=tuple(Engineer(name, "D-1", at) for name, at in zip(names, homes, strict=True)),
        skills=tuple(SkillHeld(name, "HV", 3) for name in names),
        certificates=(),
        shifts=tuple(Shift(f"{name}/06", name, Interval(build.at(8), build.at(17))) for name in names),
        tickets=tuple(
            build.ticket(f"T-{i + 1}", site=f"S-{i + 1}", asset=f"A-{i + 1}") for i in range(VISITS)
        ),
        visits=tuple(Visit(f"V-{i + 1}", f"T-{i + 1}", f"S-{i + 1}", 60) for i in range(VISITS)),
        part_needs=(),
    )


def in_force() -> tuple[Board, Plan]:
    """A plan made at eight and published: its visits' engineers."""
    board = Board.of(town())
    turned = replan(board, BUDGET)
    return board.apply(PlanPublished(stops_of(board, turned.problem, turned.plan))), turned.plan


def disturbed() -> tuple[Board, Proposal]:
    """At eight two engineers are found to be ill: their visits have to go somewhere."""
    board, plan = in_force()
    for name in ("E-1", "E-4"):
        board = board.apply(
            EngineerAway(Absence(f"AB-{name}", name, Interval(build.at(8), build.at(17)), "ill"))
        )
    return board, propose(board, replan(board, BUDGET, in_force=plan))


def holds(applied: Applied) -> bool:
    """No rule broken, the price true, the published plan the plan."""
    plan, problem = applied.plan, applied.problem
    published = {stop.visit: stop.starts_at for stop in applied.board.published.values()}
    starts = {stop.ref: applied.board.moment(stop.start_s) for stop in visit_stops(plan)}
    near = all(
        abs(published[visit] - at) <= tolerance(problem, visit) or published[visit] == at
        for visit, at in starts.items()
    )
    whole = published.keys() == starts.keys()
    return violations(problem, plan) == () and plan.claimed == cost(problem, plan) and whole and near


def test_taken_whole_it_is_the_plan_that_was_shown() -> None:
    """What you saw is what you get."""
    board, proposal = disturbed()

    applied = apply_proposal(board, proposal)

    assert applied.conflicts == ()
    assert applied.taken == proposal.parts
    assert applied.plan.routes == proposal.plan.routes
    assert holds(applied)
    assert proposal.saves > 0


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_any_choice_of_parts_gives_a_plan_that_holds(data: st.DataObject) -> None:
    """What is not taken stays as it was; taken and refused parts are all that was asked for."""
    board, proposal = disturbed()
    numbers = [part.number for part in proposal.parts]
    chosen = data.draw(st.sets(st.sampled_from(numbers)))

    applied = apply_proposal(board, proposal, chosen=chosen)

    listed = [part.number for part in applied.taken] + [one.part.number for one in applied.conflicts]
    assert sorted(listed) == sorted(chosen)
    assert holds(applied)
    moved = {visit for part in applied.taken for visit in part.visits}
    where = {stop.ref: route.shift for route in applied.plan.routes for stop in route.stops}
    for route in proposal.kept.routes:
        for stop in visit_stops(replace(proposal.kept, routes=(route,))):
            assert stop.ref in moved or where[stop.ref] == route.shift


def test_parts_share_no_route_and_no_visit() -> None:
    """What can be taken by itself stands by itself."""
    _, proposal = disturbed()

    shifts = [shift for part in proposal.parts for shift in part.shifts]
    visits = [visit for part in proposal.parts for visit in part.visits]

    assert len(shifts) == len(set(shifts))
    assert len(visits) == len(set(visits))


def test_a_change_nobody_would_notice_or_gain_by_is_not_offered() -> None:
    """A search stopped at once leaves a minute earlier for the same visits: a part with equal times helps nobody decide."""
    board, plan = in_force()
    turned = replan(board, BUDGET, in_force=plan)
    assert turned.kept is not None
    first, *others = turned.kept.routes
    idle = replace(turned.kept, routes=(replace(first, depart_s=first.depart_s - 60), *others))

    proposal = propose(board, replace(turned, plan=replace(idle, claimed=cost(turned.problem, idle))))

    assert proposal.parts == ()
    assert proposal.saves == 0
    assert violations(turned.problem, proposal.plan) == ()
    assert proposal.plan.claimed == cost(turned.problem, proposal.plan)


def test_a_part_whose_visit_has_changed_is_stale_and_listed() -> None:
    """The customer called after the proposal was made: his part stays out, the reason says so."""
    board, proposal = disturbed()
    part = proposal.parts[0]
    later = board.apply(AppointmentAgreed(part.visits[0], (Interval(build.at(10), build.at(16)),)))

    applied = apply_proposal(later, proposal)

    assert [(one.part.number, one.reason.code) for one in applied.conflicts] == [
        (part.number, "proposal.visit_changed")
    ]
    assert part not in applied.taken
    assert holds(applied)


def test_a_part_whose_visit_is_done_is_stale_and_listed() -> None:
    """Mended over the telephone meanwhile."""
    board, proposal = disturbed()
    visit = proposal.parts[0].visits[0]
    done = TicketEvent(board.visits[visit].ticket, build.at(8), EventKind.REPAIRED, "desk")

    applied = apply_proposal(board.apply(TicketHappened(done)), proposal)

    assert applied.conflicts[0].reason.code == "proposal.visit_gone"
    assert holds(applied)


def test_a_part_that_can_no_longer_be_done_stays_out() -> None:
    """Nothing about the visits has changed, but the engineer who was to take them has fallen ill."""
    board, proposal = disturbed()
    gone = sorted({shift.split("/")[0] for part in proposal.parts for shift in part.shifts} - {"E-1", "E-4"})
    for name in gone:
        board = board.apply(
            EngineerAway(Absence(f"AB-{name}", name, Interval(build.at(8), build.at(17)), "ill"))
        )

    applied = apply_proposal(board, proposal)

    assert applied.taken == ()
    assert {one.reason.code for one in applied.conflicts} == {"proposal.no_longer_fits"}
    assert holds(applied)


def test_taken_a_little_later_it_is_carried_on_and_still_holds() -> None:
    """A dispatcher takes a minute to decide."""
    board, proposal = disturbed()

    applied = apply_proposal(board.at(board.now + timedelta(minutes=3)), proposal)

    where = {stop.ref: route.shift for route in applied.plan.routes for stop in visit_stops(applied.plan)}
    assert applied.conflicts == ()
    assert holds(applied)
    assert len(where) == len(list(visit_stops(proposal.plan)))


def test_a_part_whose_courier_has_left_meanwhile_is_carried_on_without() -> None:
    """What the proposal leans on is no longer offered: such a plan has no price, and no defect comes of asking for it."""
    board, proposal = disturbed()
    route = proposal.plan.routes[0]
    lent = LoanerChoice("U-1", "class", "D-1", LoanerBy.COURIER, 60)
    stops = tuple(replace(s, loaner=lent) if s.kind is StopKind.VISIT else s for s in route.stops)
    plan = replace(proposal.plan, routes=(replace(route, stops=stops), *proposal.plan.routes[1:]))

    applied = apply_proposal(board, replace(proposal, plan=plan))

    assert holds(applied)
    assert all(stop.loaner is None for stop in visit_stops(applied.plan))


def test_a_part_that_is_not_in_the_proposal_is_refused() -> None:
    """Nothing is applied by mistake."""
    board, proposal = disturbed()

    with pytest.raises(Refusal) as refused:
        apply_proposal(board, proposal, chosen={99})

    assert refused.value.code == "proposal.unknown_part"


def test_a_version_changes_with_every_fact_about_the_visit_and_with_nothing_else() -> None:
    """The whole point of a version."""
    board = Board.of(town())
    before = version(board, "V-1")

    other = board.apply(AppointmentAgreed("V-2", (Interval(build.at(9), build.at(12)),)))
    agreed = board.apply(AppointmentAgreed("V-1", (Interval(build.at(9), build.at(12)),)))
    answered = board.apply(TicketHappened(TicketEvent("T-1", build.at(8), EventKind.ACKNOWLEDGED, "desk")))

    assert version(other, "V-1") == before
    assert version(board.at(build.at(9)), "V-1") == before
    assert len({before, version(agreed, "V-1"), version(answered, "V-1")}) == 3
    assert version(board, "V-99") == ""


def turned_round(*, told: bool, scheme: str = "field-2-4-24") -> tuple[Board, Proposal]:
    """One engineer, two long visits: a proposal to do them the other way round, said to be about the second only.

    Under the headline scheme both are promised by eleven: whoever comes second is late.
    """
    region = build.region(
        tickets=(
            build.ticket("T-1", scheme=scheme, contract=""),
            build.ticket("T-2", scheme=scheme, contract="", site="S-2", asset="A-2"),
        ),
        visits=(Visit("V-1", "T-1", "S-1", 150), Visit("V-2", "T-2", "S-2", 240)),
        shifts=(Shift("E-1/06", "E-1", Interval(build.at(8), build.at(17))),),
        part_needs=(),
    )
    board = Board.of(region)
    turned = replan(board, BUDGET)
    assert violations(turned.problem, turned.plan) == ()
    assert turned.plan.claimed == cost(turned.problem, turned.plan)
    board = board.apply(PlanPublished(stops_of(board, turned.problem, turned.plan)))
    if told:
        board = board.apply(CustomersTold(("V-1", "V-2"), board.now))
    problem = problem_of(board)
    (route,) = turned.plan.routes
    first = route.stops[0].ref
    other = "V-2" if first == "V-1" else "V-1"
    round_ = retimed(problem, replace(route, stops=route.stops[::-1]), Delay())
    assert round_ is not None
    plans = [replace(turned.plan, routes=(one,)) for one in (route, round_)]
    kept, new = (replace(one, claimed=cost(problem, one)) for one in plans)
    part = Part(1, (other,), (route.shift,))
    versions = {name: version(board, name) for name in ("V-1", "V-2")}
    visits = {visit.id: visit.desk_visit for visit in problem.visits}
    shifts = tuple(shift.id for shift in problem.shifts)
    return board, Proposal(board.now, visits, shifts, kept, new, (part,), versions)


def test_a_part_that_makes_somebody_else_later_than_promised_stays_out() -> None:
    """Who is no part of it keeps what he was promised."""
    board, proposal = turned_round(told=False)
    (part,) = proposal.parts

    applied = apply_proposal(board, proposal)

    (conflict,) = applied.conflicts
    assert conflict.reason.code == "proposal.others_late"
    assert conflict.reason.params["milestone"] == "arrive"
    assert conflict.reason.params["visit"] not in part.visits
    assert holds(applied)


def test_a_part_that_moves_somebody_else_who_was_told_stays_out() -> None:
    """Nothing is promised by a time, but he has taken the afternoon off for it."""
    board, proposal = turned_round(told=True, scheme="field-customer-set")

    applied = apply_proposal(board, proposal)

    assert [one.reason.code for one in applied.conflicts] == ["proposal.told_moved"]
    assert applied.taken == ()
    assert holds(applied)


def test_somebody_else_who_was_not_told_and_is_still_in_time_may_be_moved() -> None:
    """That is what plans are made anew for."""
    board, proposal = turned_round(told=False, scheme="field-customer-set")

    applied = apply_proposal(board, proposal)

    assert applied.conflicts == ()
    assert applied.taken == proposal.parts
    assert holds(applied)
