"""What everybody did, visit by visit, is what the tickets say happened."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
from hypothesis import given, settings

from scenarios.measure.diary import diary
from scenarios.run.outcome import NEVER, Outcome, Visits
from scenarios.run.simulate import Policy, simulate
from scenarios.run.world import World
from tests.scenarios.run.test_loop import worlds


def written(outcome: Outcome) -> Visits:
    """Its visits."""
    assert outcome.visits is not None
    return outcome.visits


@settings(deadline=None, max_examples=40)
@given(worlds())
def test_every_visit_is_written_down_once_and_nobody_is_in_two_places(world: World) -> None:
    """The tickets count as many; an engineer sets out after he has left where he was."""
    outcome = simulate(world, replication=0, seed=5)

    visits = written(outcome)
    assert len(visits) == int(outcome.tickets.visits.sum())
    assert (visits.out_s <= visits.there_s).all()
    assert (visits.there_s <= visits.left_s).all()
    for engineer in range(len(outcome.engineers)):
        mine = np.flatnonzero(visits.engineer == engineer)
        assert (visits.out_s[mine][1:] >= visits.left_s[mine][:-1]).all()


@settings(deadline=None, max_examples=40)
@given(worlds())
def test_a_visit_is_late_where_its_ticket_was(world: World) -> None:
    """Of tickets somebody came to: the latest arrival or repair of the columns is the latest of the visits."""
    outcome = simulate(world, replication=0, seed=5)

    rows, visits = outcome.tickets, written(outcome)
    late = 0
    for at, due in ((rows.arrived_s, rows.due_arrive_s), (rows.restored_s, rows.due_restore_s)):
        ours = (at != NEVER) & (due != NEVER) & (rows.visits > 0) & (rows.engineer >= 0)
        late = max(late, int(np.maximum(at - due, 0)[ours].max(initial=0)))
    inside = visits.there_s < outcome.span.until_s
    assert int(visits.late_s[inside].max(initial=0)) == late


@settings(deadline=None, max_examples=3)
@given(worlds())
def test_the_diary_has_the_days_that_count_and_every_visit_of_them(world: World) -> None:
    """From the day after the warm-up on, under either policy; the same report has the same name in both."""
    world = replace(
        world,
        demand=replace(
            world.demand, sources=tuple(replace(one, waits=False) for one in world.demand.sources)
        ),
    )
    fast, live = (simulate(world, how, replication=0, seed=5) for how in Policy)

    names = []
    for outcome in (fast, live):
        days = diary(outcome, world, days=3)
        first = world.starts_at + timedelta(days=world.warm_up_days)
        assert [day.day for day in days] == [
            (first + timedelta(days=n)).date() for n in range(min(3, world.days))
        ]
        rows, from_s = written(outcome), outcome.span.from_s
        inside = (rows.there_s >= from_s) & (rows.there_s < from_s + len(days) * 86_400)
        assert sum(len(day.visits) for day in days) == int(inside.sum())
        names.append({visit.ticket: (visit.site, visit.severity) for day in days for visit in day.visits})
    both = set(names[0]) & set(names[1])
    assert all(names[0][one] == names[1][one] for one in both)
