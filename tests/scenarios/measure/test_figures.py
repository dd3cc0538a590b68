"""Figures of one replication, each against what a person would count by hand."""

from __future__ import annotations

from dataclasses import replace
from math import isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Refusal
from scenarios.measure.figures import MEANING, Cell, Figure, Kept, measured, share_kept, total
from scenarios.run.outcome import Ended, Late
from tests.scenarios.outcomes import Told, outcome, whole

UNTIL_H = 14 * 24
F = Figure


@st.composite
def told(draw: st.DrawFn) -> Told:
    """One ticket of any fate."""
    hour = st.integers(0, UNTIL_H - 1)
    born = draw(hour)
    arrived = draw(st.none() | st.integers(born, UNTIL_H - 1))
    restored = None if arrived is None else draw(st.none() | st.integers(arrived, UNTIL_H - 1))
    within = st.none() | st.integers(0, 48)
    lost = arrived is None and draw(st.booleans())
    return Told(
        born_h=born,
        arrived_h=arrived,
        restored_h=restored,
        arrive_within_h=draw(within),
        restore_within_h=draw(within),
        tier=draw(st.integers(0, 1)),
        region=draw(st.integers(0, 1)),
        severity=draw(st.integers(1, 4)),
        first_time_fix=-1 if restored is None else draw(st.integers(-1, 1)),
        ended=draw(st.sampled_from([Ended.GAVE_UP, Ended.TURNED_AWAY])) if lost else None,
        late=Late.NOT if not lost else draw(st.sampled_from([Late.NOT, Late.NO_ENGINEER])),
    )


def by_hand(tickets: list[Told], clock: Figure, cell: Cell) -> Kept:
    """Count the promises of a cell, one ticket after another."""
    kept = promised = 0
    for one in tickets:
        within, at = (
            (one.arrive_within_h, one.arrived_h)
            if clock is F.ARRIVE
            else (one.restore_within_h, one.restored_h)
        )
        if within is None or (("gold", "silver")[one.tier], ("north", "south")[one.region], one.severity) != (
            cell.tier,
            cell.region,
            cell.severity,
        ):
            continue
        due = one.born_h + within
        if one.ended is Ended.TURNED_AWAY:
            promised += 1
        elif at is not None:
            promised += 1
            kept += at <= due
        elif due < UNTIL_H and not (one.ended is Ended.GAVE_UP and one.late is Late.NOT):
            promised += 1
    return Kept(kept, promised)


@given(st.lists(told(), max_size=25))
def test_promises_are_counted_as_a_person_would(tickets: list[Told]) -> None:
    """Whatever became of the tickets, every cell holds what reading them one by one gives."""
    found = measured(outcome(tickets))

    for cell, count in found.cells.items():
        assert count == by_hand(tickets, cell.clock, cell)
    for clock in (F.ARRIVE, F.RESTORE):
        whole_ = total(found.cells, clock)
        assert whole_.promised == sum(
            count.promised for cell, count in found.cells.items() if cell.clock is clock
        )
        share = found.figures[clock]
        assert isnan(share) if whole_.promised == 0 else share == whole_.kept / whole_.promised


@given(st.lists(told(), max_size=25))
def test_cells_add_up_to_tiers_and_regions(tickets: list[Told]) -> None:
    """The heat map and the headline are one count."""
    found = measured(outcome(tickets)).cells

    for clock in (F.ARRIVE, F.RESTORE):
        tiers = [total(found, clock, tier=tier) for tier in ("gold", "silver")]
        regions = [total(found, clock, region=region) for region in ("north", "south")]
        levels = [total(found, clock, severity=level) for level in range(1, 5)]
        for parts in (tiers, regions, levels):
            assert sum(part.promised for part in parts) == total(found, clock).promised
            assert sum(part.kept for part in parts) == total(found, clock).kept


def test_an_open_promise_decides_nothing_before_its_time() -> None:
    """A ticket reported an hour before the end was neither kept nor broken."""
    waiting = Told(born_h=UNTIL_H - 1, arrive_within_h=4)
    broken = Told(born_h=UNTIL_H - 9, arrive_within_h=4)

    found = measured(outcome([waiting, broken]))

    assert found.cells == {Cell(F.ARRIVE, "gold", "north", 3): Kept(0, 1)}


def test_what_is_reported_in_the_warm_up_does_not_count() -> None:
    """The start is empty; its tickets are quicker than any later ones."""
    early = Told(born_h=10, arrived_h=11, restored_h=12, arrive_within_h=4)
    later = Told(born_h=7 * 24 + 1, arrived_h=7 * 24 + 9, restored_h=7 * 24 + 11, arrive_within_h=4)

    found = measured(outcome([early, later], from_d=7))

    assert found.figures[F.ARRIVE] == 0.0
    assert found.figures[F.HOURS_TO_ARRIVE] == 8.0
    assert found.figures[F.HOURS_TO_RESTORE] == 10.0
    assert found.figures[F.TICKETS_WEEK] == 1.0


def test_time_money_and_stock_are_those_of_the_books() -> None:
    """Two weeks: 40 hours on duty, 10 at work, 5 on the way, 140.00 spent, 2 of 4 lines filled."""
    found = measured(outcome([Told(1, 2, 3, first_time_fix=1, loaner_h=48, waited_part_h=1)])).figures

    assert found[F.UTILISATION] == pytest.approx(15 / 40)
    assert found[F.TRAVEL_SHARE] == pytest.approx(5 / 40)
    assert found[F.COST_WEEK] == pytest.approx(70)
    assert found[F.COST_TICKET] == pytest.approx(140)
    assert found[F.STOCK_FILL] == pytest.approx(0.5)
    assert found[F.FIRST_TIME_FIX] == 1.0
    assert found[F.LOANER_DAYS_WEEK] == pytest.approx(1)
    assert found[F.PART_HOURS] == 1.0


def test_nothing_happened_is_said_as_no_figure() -> None:
    """Nought percent and no promise at all are two things."""
    found = measured(outcome()).figures

    assert all(isnan(found[one]) for one in (F.ARRIVE, F.RESTORE, F.FIRST_TIME_FIX, F.COST_TICKET))
    assert found[F.TICKETS_WEEK] == 0.0


@pytest.mark.parametrize(
    ("broken", "identity"),
    [
        ("stock", "stock"),
        ("crew", "engineer_time"),
        ("ticket", "tickets_restored"),
    ],
)
def test_books_that_do_not_balance_are_not_measured(broken: str, identity: str) -> None:
    """A report of a run that lost a unit or an hour would be believed."""
    made = outcome([Told(1, 2, 3)])
    if broken == "stock":
        made = replace(made, stock=replace(made.stock, closing=whole([7])))
    elif broken == "crew":
        made = replace(made, crew=replace(made.crew, idle_s=made.crew.idle_s + 1))
    else:
        made = replace(made, tickets=replace(made.tickets, ended=whole([Ended.OPEN])))

    with pytest.raises(Refusal) as caught:
        measured(made)

    assert caught.value.code == "scenario.books_open"
    assert caught.value.message.params["identity"] == identity


def test_open_tickets_are_counted_at_the_end_of_each_day() -> None:
    """What MSER-5 looks at: one waits through two midnights, one is done the same day, one stays."""
    tickets = [Told(1, 30, 50), Told(2, 3, 4), Told(25)]

    assert measured(outcome(tickets, until_d=4)).open_by_day == (1, 2, 1, 1)


def test_every_figure_has_its_meaning() -> None:
    """A figure without a unit or a direction cannot be coloured or printed."""
    assert set(MEANING) == set(Figure)
    assert set(measured(outcome()).figures) == set(Figure)


def test_a_share_of_a_tier_is_that_tier_alone() -> None:
    """Gold kept, silver broken."""
    tickets = [Told(1, 2, 3, arrive_within_h=4), Told(1, 9, 10, arrive_within_h=4, tier=1)]

    found = measured(outcome(tickets)).cells

    assert share_kept(found, F.ARRIVE, tier="gold") == 1.0
    assert share_kept(found, F.ARRIVE, tier="silver") == 0.0
    assert share_kept(found, F.ARRIVE) == 0.5
