"""The search for a roster: the bound's formulas, its sequence, and what the search makes of known figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.exact.birth_death import many_servers
from scenarios.fitted.world import scaled
from scenarios.library.worlds import office_equipment
from scenarios.measure.compare import lost_to
from scenarios.measure.figures import Figure, Measured, measured
from scenarios.run.simulate import simulate_each
from scenarios.staffing.bound import WEEK_H, Load, kept_a_week, sequence, waits_longer
from scenarios.staffing.lever import Lever, Prices, holding_week, may_help, pulled
from scenarios.staffing.roster import ALWAYS, USUAL, Counts, counts_of, crew_of, skills_of, staffed, usual
from scenarios.staffing.search import Record, Target, Tried, bracket, cheapest, refined
from scenarios.staffing.sure import climbed, confirmed, one_fewer, trimmed
from tests.scenarios.outcomes import outcome
from tests.scenarios.patch.test_changes import world

EMPTY = measured(outcome())
LOAD = Load("D-1", (0.5,) * WEEK_H, 2.0, ((2.0, 0.6), (10.0, 0.4)))


@pytest.mark.parametrize(("arrivals", "services", "servers"), [(4, 1, 5), (8, 1, 10), (20, 1, 24)])
def test_the_share_that_waits_is_erlangs(arrivals: float, services: float, servers: int) -> None:
    """The same delay as the birth-death chain gives."""
    found = waits_longer(arrivals, 1 / services, servers, 1.0)

    delayed = many_servers(arrivals, services, servers).delay
    assert found == pytest.approx(delayed * exp(-(servers * services - arrivals)))


@given(st.lists(st.integers(0, 4), min_size=7, max_size=7), st.integers(0, 167))
def test_one_more_on_duty_keeps_no_fewer(days: list[int], hour: int) -> None:
    """The sequence and the bracket both lean on it."""
    on_duty = [days[h // 24] for h in range(WEEK_H)]
    more = [*on_duty]
    more[hour] += 1

    assert kept_a_week(LOAD, more) >= kept_a_week(LOAD, on_duty) - 1e-9


def test_every_roster_of_the_sequence_has_one_more_than_the_one_before() -> None:
    """A bracket by halving needs rosters in order."""
    loads = (LOAD, replace(LOAD, depot="D-2", an_hour=(0.1,) * WEEK_H))

    found = sequence(loads, USUAL, most=25)

    for few, many in pairwise(found):
        before, after = ({(d, s): n for d, s, n in one} for one in (few, many))
        gained = {key: n - before.get(key, 0) for key, n in after.items() if n != before.get(key, 0)}
        assert list(gained.values()) == [1]
        assert all(after.get(key, 0) >= n for key, n in before.items())


def test_a_shift_past_midnight_and_sunday_covers_its_hours() -> None:
    """Sunday's night ends on Monday at eight."""
    night = next(one for one in USUAL if one.id == "weekend-night")

    covered = [hour for hour in range(WEEK_H) if night.on(hour)]

    assert covered == [*range(8), *range(118, 128), *range(142, 152), *range(166, 168)]


def test_a_staffed_world_has_the_people_asked_for_and_their_depots_skills() -> None:
    """Each is like one of the depot in turn; the old crew is gone."""
    depot = world().region.field.engineers[0].depot
    crew = crew_of(world(), depot)

    found = staffed(world(), USUAL, ((depot, "day", len(crew)), (depot, "late", 1)))

    assert len(found.region.field.engineers) == len(crew) + 1
    assert {one.engineer for one in found.rosters} == {one.id for one in found.region.field.engineers}
    held = [one.skill for one in world().region.field.skills if one.engineer in crew]
    assert skills_of(found)[depot, "day"] == {skill: held.count(skill) for skill in set(held)}


def told(shares: Mapping[int, float], *, noise: float, cost: float = 1000.0) -> Record:
    """A record of rosters whose share and cost follow from their number of engineers."""

    def evaluate(wanted: Mapping[Counts, range]) -> Mapping[Counts, Sequence[Measured]]:
        found = {}
        for counts, numbers in wanted.items():
            people = sum(row[2] for row in counts)
            rows = []
            for number in numbers:
                luck = float(np.random.default_rng((7, number)).normal(0, noise))
                own = float(np.random.default_rng((people, number)).normal(0, noise / 3))
                figures = {
                    **EMPTY.figures,
                    Figure.ARRIVE: shares[people] + luck + own,
                    Figure.COST_WEEK: cost * people + 100 * own,
                }
                rows.append(replace(EMPTY, replication=number, figures=figures))
            found[counts] = rows
        return found

    return Record(evaluate, Figure.ARRIVE)


SHARES = {n: 1 - 0.6 * 0.8**n for n in range(1, 31)}
ROSTERS = tuple(counts_of({("D", "day"): n}) for n in range(1, 31))
TARGET = Target(Figure.ARRIVE, 0.95)
FIRST_ABOVE = next(n for n in SHARES if SHARES[n] >= 0.95)


def test_the_bracket_finds_the_first_that_keeps_the_target_by_halving() -> None:
    """Thirty rosters, at most six looked at."""
    record = told(SHARES, noise=0.0)

    assert bracket(record, ROSTERS, TARGET) == FIRST_ABOVE - 1
    assert record.runs <= 2 * 6


def test_a_target_out_of_reach_is_said() -> None:
    """More people are no answer where the way is too long."""
    assert bracket(told(SHARES, noise=0.0), ROSTERS[:3], TARGET) is None


def test_the_cheapest_that_is_sure_enough_comes_first() -> None:
    """With noise, one that keeps the target only just is not sure; the next one is named with its confidence."""
    record = told(SHARES, noise=0.004)

    around = ROSTERS[FIRST_ABOVE - 3 : FIRST_ABOVE + 4]
    found = refined(record, around, TARGET, confidence=0.95, runs=200)

    best = found[0]
    assert best.sure(0.95) >= 0.95
    cheaper = [one for one in found if one.cost_week.mean < best.cost_week.mean]
    assert all(one.sure(0.95) < 0.95 for one in cheaper)
    assert record.runs <= 200 + 4 * len(around)


def test_a_climb_ends_at_the_first_that_is_sure() -> None:
    """Without noise sure is what keeps the target at all; where none does, that is said."""
    record = told(SHARES, noise=0.0)

    found = climbed(record, ROSTERS, 2, TARGET, confidence=0.95, runs=2)

    assert found == FIRST_ABOVE - 1
    assert climbed(record, ROSTERS[:5], 2, TARGET, confidence=0.95, runs=2) is None


def test_what_keeps_nothing_is_taken_out_and_what_keeps_something_stays() -> None:
    """Three kinds of duty; the night keeps no promise and costs as much as the day: all of it goes, none of the others."""

    def evaluate(wanted: Mapping[Counts, range]) -> Mapping[Counts, Sequence[Measured]]:
        found = {}
        for counts, numbers in wanted.items():
            table = {shift: n for _, shift, n in counts}
            kept = 0.75 + 0.03 * table.get("day", 0) + 0.05 * table.get("late", 0)
            figures = {
                **EMPTY.figures,
                Figure.ARRIVE: kept,
                Figure.COST_WEEK: 1000.0 * sum(table.values()),
            }
            found[counts] = [replace(EMPTY, replication=number, figures=figures) for number in numbers]
        return found

    start = counts_of({("D", "day"): 5, ("D", "late"): 1, ("D", "night"): 2})
    record = Record(evaluate, Figure.ARRIVE)

    first = trimmed(record, start, USUAL, TARGET, confidence=0.95, runs=2)
    again = trimmed(record, first[0], USUAL, TARGET, confidence=0.95, runs=2)

    assert again[0] == counts_of({("D", "day"): 5, ("D", "late"): 1})
    assert start in first


def test_one_fewer_of_each_kind_leaves_every_depot_somebody() -> None:
    """Who is alone stays; duty on call is no person."""
    shifts = usual(wage_cents=6000, call_out_cents=30_000)
    counts = counts_of({("A", "day"): 1, ("A", "call"): 1, ("B", "day"): 2})

    found = one_fewer(counts, shifts)

    assert set(found) == {
        counts_of({("A", "day"): 1, ("B", "day"): 2}),
        counts_of({("A", "day"): 1, ("A", "call"): 1, ("B", "day"): 1}),
    }


def test_a_roster_that_only_looked_good_is_not_confirmed() -> None:
    """The winner of many is lucky: on chance the search never saw, one just below the target is refused in 19 of 20 cases."""
    named = 0
    for trial in range(400):
        rng = np.random.default_rng((5, trial))

        def evaluate(
            wanted: Mapping[Counts, range], rng: np.random.Generator = rng
        ) -> Mapping[Counts, Sequence[Measured]]:
            return {
                counts: [
                    replace(EMPTY, figures={**EMPTY.figures, Figure.ARRIVE: 0.9499 + rng.normal(0, 0.01)})
                    for _ in numbers
                ]
                for counts, numbers in wanted.items()
            }

        order = ROSTERS[4:8]
        _, holds, _ = confirmed(Record(evaluate, Figure.ARRIVE), order, TARGET, confidence=0.95, runs=24)
        named += holds

    assert named <= 0.065 * 400


def test_of_what_holds_the_cheapest_is_named_and_nothing_behind_a_failure_is_looked_at() -> None:
    """Surest first: what comes after one that failed would be one chance too many."""
    kept = {ROSTERS[7]: 0.99, ROSTERS[5]: 0.97, ROSTERS[4]: 0.90, ROSTERS[3]: 0.99}

    def evaluate(wanted: Mapping[Counts, range]) -> Mapping[Counts, Sequence[Measured]]:
        return {
            counts: [
                replace(
                    EMPTY,
                    figures={
                        **EMPTY.figures,
                        Figure.ARRIVE: kept[counts] + 0.001 * (number % 3),
                        Figure.COST_WEEK: 100.0 * ROSTERS.index(counts),
                    },
                )
                for number in numbers
            ]
            for counts, numbers in wanted.items()
        }

    best, holds, shown = confirmed(
        Record(evaluate, Figure.ARRIVE), tuple(kept), TARGET, confidence=0.95, runs=24
    )

    assert holds
    assert best.counts == ROSTERS[5]
    assert [one.counts for one in shown] == [ROSTERS[7], ROSTERS[5], ROSTERS[4]]


PRICES = Prices(skill_cents=200)


def test_levers_change_what_they_name_and_cost_what_they_keep() -> None:
    """Everybody may do everything, vans and depots keep more; no lever takes anything away."""
    now = world()

    able, fuller = pulled(now, [Lever.SKILLS], PRICES), pulled(now, [Lever.VANS, Lever.STOCK], PRICES)

    asked = {skill for job in now.demand.jobs for skill, _ in job.skills}
    held = {(one.engineer, one.skill) for one in able.region.field.skills}
    assert {(one.id, skill) for one in now.region.field.engineers for skill in asked} <= held
    paid = {one.id: one.wage_cents for one in now.rosters}
    assert all(one.wage_cents >= paid[one.id] for one in able.rosters)
    levels = {(one.part, one.place): one.level for one in now.shelves}
    after = {(one.part, one.place): one.level for one in fuller.shelves}
    assert all(after[key] >= level for key, level in levels.items())
    assert holding_week(fuller, PRICES) > holding_week(now, PRICES)
    assert set(may_help(now, Prices())) == {
        Lever.VANS,
        Lever.STOCK,
    }  # a skill without a price would be for nothing


def test_what_is_kept_and_what_is_lost_is_everything_promised() -> None:
    """Shares by cause and the share kept add up to one, in every replication."""
    busy = scaled(world(), a_week=200)
    runs = [measured(one) for one in simulate_each(busy, replications=range(2), seed=4)]

    for one in runs:
        broken = lost_to([one], Figure.ARRIVE)
        assert sum(broken.values()) > 0
        assert one.figures[Figure.ARRIVE] + sum(broken.values()) == pytest.approx(1.0)


def test_named_rosters_keep_the_target_as_often_as_promised() -> None:
    """A roster that is truly just below its target must not be called sure more often than one in twenty."""
    rng = np.random.default_rng(8)
    called = sum(
        Tried((), tuple(rng.normal(0.9499, 0.01, 12)), (1.0,) * 12).sure(0.95) >= 0.95 for _ in range(2000)
    )

    assert called <= 0.065 * 2000


def test_the_cheapest_number_is_found_by_selection() -> None:
    """Two technicians for twenty customers: the published answer through the real loop, where it is not close."""
    office = replace(office_equipment(customers=20, technicians=2), days=60, warm_up_days=5)

    def evaluate(wanted: Mapping[Counts, range]) -> Mapping[Counts, Sequence[Measured]]:
        return {
            counts: [
                measured(one, down_hour_cents=office.down_hour_cents)
                for one in simulate_each(staffed(office, ALWAYS, counts), replications=numbers, seed=1)
            ]
            for counts, numbers in wanted.items()
        }

    rosters = [counts_of({("", "always"): n}) for n in (1, 2, 3)]
    found = cheapest(
        Record(evaluate, Figure.COST_WEEK), rosters, indifference=3000.0, confidence=0.95, most=40
    )

    assert (found.best, found.sure) == (1, True)
