"""Chance is named, switchable, and the same whoever is there to deal with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Refusal
from scenarios.exact.row import plain, source, work
from scenarios.run.chance import NO_CHANCE, QUIET, Cause, Chance, Stream, Streams
from scenarios.run.drawn import Reporter, Reporting, born, season
from scenarios.run.simulate import simulate
from scenarios.run.spread import Shape, Spread, normal_quantile
from scenarios.run.world import Job, Room, World

names = st.text("ABC-123", min_size=1, max_size=6)
SHARES = (np.arange(200_000) + 0.5) / 200_000


def small(engineers: int = 2, *, chance: Chance = QUIET, room: Room | None = None, days: int = 20) -> World:
    """Two sources, two kinds of work."""
    jobs = (Job("A", work(1)), Job("B", work(2, Shape.LOGNORMAL, 0.5)))
    return plain(
        engineers,
        (source("S1", 0.5, "A"), source("S2", 0.3, "B")),
        jobs,
        days=days,
        warm_up_days=1,
        chance=chance,
        room=room or Room(),
    )


@pytest.mark.parametrize("shape", list(Shape))
def test_a_spread_has_its_mean_and_its_variation(shape: Shape) -> None:
    """Quantiles over the whole unit interval are the distribution itself."""
    spread = Spread(3.0, shape, 2.0)

    values = spread.quantile(SHARES)

    wanted = {Shape.FIXED: 0.0, Shape.EXPONENTIAL: 1.0}.get(shape, 2.0)
    assert values.mean() == pytest.approx(3.0, rel=1e-3)
    assert values.var() / values.mean() ** 2 == pytest.approx(wanted, rel=1e-2, abs=1e-12)


@given(st.floats(1e-15, 1 - 1e-15))
def test_normal_quantiles_are_those_of_the_standard_library(share: float) -> None:
    """Two implementations of one published algorithm."""
    assert float(normal_quantile(np.array([share]))[0]) == pytest.approx(
        NormalDist().inv_cdf(share), abs=1e-12
    )


@pytest.mark.parametrize("spread", [(-1.0, Shape.FIXED, 1.0), (1.0, Shape.TWO_EXPONENTIALS, 0.5)])
def test_a_spread_that_cannot_be_is_refused(spread: tuple[float, Shape, float]) -> None:
    """Short ones and long ones vary more than one exponential."""
    with pytest.raises(Refusal, match=r"scenario\.spread"):
        Spread(*spread)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=5), st.booleans())
def test_a_stream_is_the_same_however_it_is_cut(counts: list[int], even: bool) -> None:
    """The n-th number is the n-th number, in one block or in many."""

    def stream() -> Stream:
        return Stream(7, (1, 2, 3), even=even)

    whole, parts = stream().take(sum(counts)), stream()

    assert np.concatenate([parts.take(count) for count in counts]).tolist() == whole.tolist()


@given(
    st.integers(0, 2**70),
    st.integers(0, 2**33),
    st.lists(st.tuples(names, st.integers(0, 70)), min_size=2, max_size=6),
)
def test_streams_read_together_give_what_each_gives_alone(
    seed: int, replication: int, asked: list[tuple[str, int]]
) -> None:
    """The arithmetic written out for many streams is NumPy's own, number by number."""
    streams = Streams(seed, replication, Chance())

    together = streams.each(Cause.WORK, [((name,), 0, count) for name, count in asked])

    alone = [streams.stream(Cause.WORK, name).take(count) for name, count in asked]
    assert together.tolist() == np.concatenate(alone).tolist()


@given(st.booleans(), st.integers(1, 40), st.integers(1, 40))
def test_numbers_left_out_are_those_in_between(even: bool, left_out: int, count: int) -> None:
    """Whoever begins at the n-th report draws what the n-th report draws."""
    whole, later = (Stream(7, (1, 2, 3), even=even) for _ in range(2))

    later.skip(left_out)

    assert later.take(count).tolist() == whole.take(left_out + count)[left_out:].tolist()


def test_a_source_that_waits_draws_the_reports_of_one_that_does_not() -> None:
    """Drawn one at a time or all at once, the n-th report is the n-th report."""
    world = small(chance=Chance())
    reporting = Reporting(world, Streams(3, 1, world.chance))
    reporter = Reporter(reporting, 1)

    one_by_one = [reporter.one_more() for _ in range(30)]

    at_once = reporting.reports([(1, 0, 30)])
    assert [gap for gap, _ in one_by_one] == reporting.gaps(1, 0, 30).tolist()
    assert [int(row.work_s[0]) for _, row in one_by_one] == at_once.work_s.tolist()
    assert [int(row.needs[0]) for _, row in one_by_one] == at_once.needs.tolist()


@given(st.integers(1, 6), st.integers(0, 3))
def test_the_crew_changes_no_drawn_number(engineers: int, replication: int) -> None:
    """Common random numbers: reports, jobs and work are the same whoever is there to deal with them."""
    one, other = (
        born(world, Streams(5, replication, world.chance), season(world))
        for world in (small(1, days=5), small(engineers, days=5))
    )

    assert one.born_s.tolist() == other.born_s.tolist()
    assert one.rows.work_s.tolist() == other.rows.work_s.tolist()
    assert one.rows.job.tolist() == other.rows.job.tolist()


def test_another_source_leaves_the_others_as_they_were() -> None:
    """A stream is named by its own source, not by how many there are."""
    world = small()
    more = replace(
        world, demand=replace(world.demand, sources=(source("S0", 1.0, "A"), *world.demand.sources))
    )
    sites = (*world.region.field.sites, replace(world.region.field.sites[0], id="S0"))
    more = replace(more, region=replace(world.region, field=replace(world.region.field, sites=sites)))

    one, other = simulate(world, replication=0, seed=3), simulate(more, replication=0, seed=3)

    for site in ("S1", "S2"):
        mine = one.tickets.born_s[one.tickets.site == one.sites.index(site)]
        same = other.tickets.born_s[other.tickets.site == other.sites.index(site)]
        assert mine.tolist() == same.tolist()


def test_more_demand_is_the_same_reports_sooner() -> None:
    """The n-th report stays the n-th report: a fifth more demand is compared on the same faults."""
    world = small()
    more = replace(world, demand=replace(world.demand, factor=1.2))

    one, other = simulate(world, replication=0, seed=3), simulate(more, replication=0, seed=3)

    first, sooner = (o.tickets.born_s[o.tickets.site == 0][:20] for o in (one, other))
    assert np.abs(first / 1.2 - sooner).max() <= 2


def test_without_chance_everything_goes_as_on_average() -> None:
    """Every cause off: reports come evenly and work takes its mean."""
    world = small(chance=NO_CHANCE)

    outcome = simulate(world, replication=0, seed=1)
    again = simulate(world, replication=0, seed=2)

    rows = outcome.tickets
    gaps = np.diff(rows.born_s[rows.site == 0])
    assert np.abs(gaps - 2 * 3600).max() <= 1
    assert rows.born_s.tolist() == again.tickets.born_s.tolist()


@pytest.mark.parametrize("cause", [Cause.REPORT, Cause.WORK, Cause.PATIENCE])
def test_each_cause_can_be_switched_off_alone(cause: Cause) -> None:
    """What is off no longer differs from one replication to the next; the rest still does."""
    room = Room(patience=Spread(1.0, Shape.EXPONENTIAL))
    world = small(1, chance=replace(QUIET, off=QUIET.off | {cause}), room=room)
    streams = [Streams(1, replication, world.chance) for replication in (0, 1)]
    rows = [born(world, one, season(world)).rows for one in streams]

    def column(number: int) -> list[float]:
        gaps, found = Reporting(world, streams[number]).gaps(0, 0, 100), rows[number]
        own = {Cause.REPORT: gaps, Cause.WORK: found.work_s, Cause.PATIENCE: found.patience_s}[cause]
        return sorted(set(own[5:].tolist()))

    assert len(column(0)) <= 2
    assert rows[0].job.tolist()[:50] != rows[1].job.tolist()[:50] or cause is not Cause.JOB


def test_a_share_of_everything_is_refused() -> None:
    """Nobody who is always ill can be planned with."""
    with pytest.raises(Refusal, match=r"scenario\.share"):
        Chance(absence=1.5)


def test_every_cause_is_explained_to_users() -> None:
    """A source of chance nobody wrote about cannot be switched off by anybody."""
    page = (Path(__file__).parents[3] / "docs" / "scenarios.md").read_text(encoding="utf-8")

    assert [cause for cause in Cause if f"| `{cause}` |" not in page] == []
