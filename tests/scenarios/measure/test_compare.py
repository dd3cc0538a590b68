"""Scenarios side by side."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.measure.compare import Effect, Runs, attainment, causes, compared, money_week, warm_up_days
from scenarios.measure.curve import front, knee
from scenarios.measure.figures import Figure, measured
from scenarios.run.outcome import Late
from tests.scenarios.outcomes import Told, outcome

F = Figure


def runs(name: str, arrivals: list[list[float]], **money: int) -> Runs:
    """One scenario: a list of hours to arrive for each replication, 4 hours promised."""
    return Runs(
        name,
        1,
        tuple(
            measured(
                outcome(
                    [Told(n, n + hours, n + hours + 1, arrive_within_h=4) for n, hours in enumerate(row)],
                    replication=number,
                    money_cents=dict(money),
                )
            )
            for number, row in enumerate(arrivals)
        ),
    )


SLOW = [[5.0, 3.0], [6.0, 5.0], [3.0, 7.0], [8.0, 3.5]]
QUICK = [[hours - 2 for hours in row] for row in SLOW]


def test_a_scenario_that_helps_is_better_and_its_price_worse() -> None:
    """Quicker arrivals are better, more money is worse, the same tickets are equal."""
    found = {
        (row.figure, row.scenario): row
        for row in compared([runs("base", SLOW, travel=1000), runs("more", QUICK, travel=2000)])
    }

    assert found[F.HOURS_TO_ARRIVE, "more"].effect is Effect.BETTER
    assert found[F.COST_WEEK, "more"].effect is Effect.WORSE
    assert found[F.TICKETS_WEEK, "more"].effect is Effect.EQUAL
    change = found[F.HOURS_TO_ARRIVE, "more"].change
    assert change is not None
    assert change.by.mean == pytest.approx(-2)
    assert change.by.half == pytest.approx(0, abs=1e-9)
    assert found[F.ARRIVE, "base"].change is None


def test_all_kept_is_shown_with_what_it_leaves_open() -> None:
    """Eight promises, all kept, prove only that the true share is 69 % or more."""
    found = {(row.figure, row.scenario): row for row in compared([runs("base", [[1.0, 2.0]] * 4)])}

    assert found[F.ARRIVE, "base"].at_least == pytest.approx(0.05 ** (1 / 8))
    assert found[F.RESTORE, "base"].at_least is None


def test_causes_and_money_are_means_over_all_replications() -> None:
    """100 tickets, not one replication's mood."""
    late = [Told(1, 9, 10, arrive_within_h=4, late=Late.NO_ENGINEER), Told(2, 3, 4, arrive_within_h=4)]
    both = Runs("base", 1, tuple(measured(outcome(late, replication=n)) for n in range(2)))

    assert causes(both)[Late.NO_ENGINEER] == 50
    assert Late.NOT not in causes(both)
    assert money_week(both) == {"travel": 70.0}


def test_a_heat_map_cell_has_its_interval() -> None:
    """Half of north's promises kept, in every replication."""
    found = attainment(runs("base", [[1.0, 9.0]] * 3), F.ARRIVE, tier="gold", region="north")

    assert (found.mean, found.half, found.n) == (0.5, 0.0, 3)


def test_the_warm_up_is_judged_on_open_tickets() -> None:
    """Open tickets rise for two weeks and stay: two weeks are too new to count."""
    rising = [Told(24 * day + 1 + n / 99) for day in range(14) for n in range(8)]
    level = [Told(24 * day + 1, 24 * day + 1.5, 24 * day + 2) for day in range(14, 84)]

    found = warm_up_days(Runs("base", 1, (measured(outcome([*rising, *level], until_d=84)),)))

    assert found == 14


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=12))
def test_nobody_beats_the_front_and_the_front_beats_the_rest(points: list[tuple[int, int]]) -> None:
    """A dearer and worse choice on the front would be bought."""

    def beats(one: tuple[int, int], other: tuple[int, int]) -> bool:
        return one[0] <= other[0] and one[1] >= other[1] and one != other

    best = front(points)

    for at, point in enumerate(points):
        assert (at in best) == (not any(beats(other, point) for other in points))


def test_the_knee_is_where_more_stops_paying() -> None:
    """Six engineers bring almost all of what eight do."""
    curve = [(4.0, 0.40), (5.0, 0.72), (6.0, 0.93), (7.0, 0.95), (8.0, 0.96)]

    assert knee(curve) == 2
    assert knee([(4.0, 0.9), (5.0, 0.8), (6.0, 0.7)]) is None
