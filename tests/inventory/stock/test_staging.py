"""Vans made ready for tomorrow: what to bring, and what is missing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from inventory.stock.position import Position
from inventory.stock.reservation import PlannedNeed, Reservation
from inventory.stock.staging import PickLine, PickList, Shortage, Staging, stage
from tests.stock_builders import NOW, need

HOMES = {"VAN-1": "FUZHOU", "VAN-2": "FUZHOU"}
LEAVES = {"VAN-2": NOW + timedelta(hours=6), "VAN-1": NOW + timedelta(hours=7)}


def at(place: str, usable: int, *, part: str = "P-1", **changes: Any) -> Position:
    """So many usable units at a place."""
    return Position(part, place, on_hand=usable, usable=usable, **changes)


def staged(
    needs: list[PlannedNeed], *positions: Position, reservations: tuple[Reservation, ...] = ()
) -> Staging:
    """Tomorrow's staging."""
    return stage(
        needs,
        {(row.part, row.place): row for row in positions},
        reservations,
        homes=HOMES,
        departs_at=LEAVES,
        now=NOW,
    )


def test_only_what_is_missing_on_the_van_is_brought() -> None:
    """One is on the van, one is on its way to it, two of four are picked for the two demands that lack them."""
    needs = [
        need(3, hours=8, place="VAN-1", demand_ref="V-1"),
        need(1, hours=9, place="VAN-1", demand_ref="V-2"),
    ]

    found = staged(needs, at("VAN-1", 1, in_transit=1), at("FUZHOU", 5))

    assert found.lists == (
        PickList("VAN-1", "FUZHOU", LEAVES["VAN-1"], (PickLine("P-1", 2, ("V-1", "V-2")),)),
    )
    assert found.shortages == ()


def test_what_does_not_go_round_serves_the_earliest_and_the_rest_is_said() -> None:
    """Two vans want two each of three: the one whose visit is first gets both."""
    first = need(2, hours=8, place="VAN-2", demand_ref="V-1")
    second = need(2, hours=9, place="VAN-1", demand_ref="V-2")

    found = staged([second, first], at("FUZHOU", 3))

    assert [(row.van, row.lines[0].quantity) for row in found.lists] == [("VAN-2", 2), ("VAN-1", 1)]
    assert found.shortages == (Shortage("VAN-1", "FUZHOU", "P-1", 1, second.at, "V-2"),)


def test_what_is_kept_for_somebody_else_is_left_and_what_is_kept_for_the_need_is_brought() -> None:
    """Three lie there: one kept for another, one for this visit, one free."""
    kept = (
        Reservation("P-1", "FUZHOU", 1, "V-9", id="R-1"),
        Reservation("P-1", "FUZHOU", 1, "V-1", id="R-2"),
    )

    found = staged([need(3, place="VAN-1")], at("FUZHOU", 3, reserved=2), reservations=kept)

    assert found.lists[0].lines == (PickLine("P-1", 2, ("V-1",)),)
    assert [row.quantity for row in found.shortages] == [1]


def test_what_is_kept_on_the_van_for_the_need_is_there() -> None:
    """Nothing is brought for it a second time."""
    kept = (Reservation("P-1", "VAN-1", 2, "V-1", id="R-1"),)

    found = staged([need(2, place="VAN-1")], at("VAN-1", 2, reserved=2), at("FUZHOU", 5), reservations=kept)

    assert found == Staging((), ())


def test_a_need_at_a_depot_is_no_matter_of_vans() -> None:
    """The route stops there anyway."""
    assert staged([need(2, place="FUZHOU")], at("FUZHOU", 0)) == Staging((), ())


@given(
    st.lists(st.tuples(st.sampled_from(sorted(HOMES)), st.integers(1, 4), st.integers(1, 9)), max_size=6),
    st.integers(0, 4),
    st.integers(0, 8),
)
def test_every_unit_needed_is_there_is_picked_or_is_said_to_be_missing(
    wanted: list[tuple[str, int, int]], on_van: int, at_depot: int
) -> None:
    """And the depot gives no more than it has; nothing is missing while anything is left."""
    needs = [
        need(units, hours=hours, place=van, demand_ref=f"V-{number}")
        for number, (van, units, hours) in enumerate(wanted)
    ]

    found = staged(needs, at("VAN-1", on_van), at("FUZHOU", at_depot))

    picked = sum(line.quantity for row in found.lists for line in row.lines)
    missing = sum(row.quantity for row in found.shortages)
    of_van = sum(row.quantity for row in needs if row.place == "VAN-1")
    assert picked + missing + min(on_van, of_van) == sum(row.quantity for row in needs)
    assert picked <= at_depot
    assert not missing or picked == at_depot
