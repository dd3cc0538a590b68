"""What is picked for whom, of what is there."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from inventory.picking import picking
from inventory.stock.move import reversal
from inventory.stock.reservation import PlannedNeed, Reservation
from inventory.stock.staging import PickLine, PickList, Shortage, Staging
from tests.stock_builders import NOW, move, need, stockroom

LEAVES = {"VAN-1": NOW + timedelta(hours=20), "E-2": NOW + timedelta(hours=19)}
CARRIERS = {"V-1": "VAN-1", "V-2": "E-2", "V-3": "VAN-1"}


def staged(
    *needs: PlannedNeed,
    depot: int = 0,
    van: int = 0,
    before: tuple[PlannedNeed, ...] = (),
    reservations: tuple[Reservation, ...] = (),
) -> Staging:
    """With so many units in Fuzhou, where VAN-1 is at home, and on the van."""
    rows = [(depot, "FUZHOU"), (van, "VAN-1")]
    moves = [move(number, units, "SUPPLIER", place) for number, (units, place) in enumerate(rows) if units]
    return picking(
        stockroom(*moves, reservations=reservations),
        needs,
        before=before,
        carriers=CARRIERS,
        homes={"VAN-1": "FUZHOU"},
        departs_at=LEAVES,
        now=NOW,
    )


def test_what_is_fetched_and_what_the_van_lacks_stand_in_one_list() -> None:
    """Two fetched at the depot, one of three missing on the van; who leaves first is served at the counter first."""
    found = staged(
        need(2, demand_ref="V-1"),
        need(3, place="VAN-1", demand_ref="V-3"),
        need(1, demand_ref="V-2"),
        depot=9,
        van=2,
    )

    assert found.lists == (
        PickList("E-2", "FUZHOU", LEAVES["E-2"], (PickLine("P-1", 1, ("V-2",)),)),
        PickList("VAN-1", "FUZHOU", LEAVES["VAN-1"], (PickLine("P-1", 3, ("V-1", "V-3")),)),
    )
    assert found.shortages == ()


def test_what_today_takes_is_not_there_tomorrow() -> None:
    """Three lie there, today's visit takes two: one is picked, one is missing, and said."""
    found = staged(need(2, demand_ref="V-1"), depot=3, before=(need(2, hours=1, demand_ref="V-9"),))

    assert found.lists[0].lines == (PickLine("P-1", 1, ("V-1",)),)
    late = NOW + timedelta(hours=24)
    assert found.shortages == (Shortage("VAN-1", "FUZHOU", "P-1", 1, late, "V-1"),)


def test_what_is_kept_for_somebody_is_picked_for_him_only() -> None:
    """All three are kept: two for the one who asks, one for another; nothing is left for the third."""
    kept = (Reservation("P-1", "FUZHOU", 2, "V-1", "R-1"), Reservation("P-1", "FUZHOU", 1, "T-9", "R-2"))

    found = staged(need(2, demand_ref="V-1"), need(1, demand_ref="V-2"), depot=3, reservations=kept)

    assert [row.lines for row in found.lists] == [(PickLine("P-1", 2, ("V-1",)),)]
    assert [(row.van, row.quantity) for row in found.shortages] == [("E-2", 1)]


def test_a_unit_kept_for_a_visit_is_given_to_it_once() -> None:
    """Needed at the counter and on the van, one unit kept and no other: one is picked, one is missing."""
    kept = (Reservation("P-1", "FUZHOU", 1, "V-1", "R-1"),)

    found = staged(
        need(1, demand_ref="V-1"), need(1, place="VAN-1", demand_ref="V-1"), depot=1, reservations=kept
    )

    assert [line.quantity for each in found.lists for line in each.lines] == [1]
    assert [row.quantity for row in found.shortages] == [1]


def test_what_was_staged_and_taken_back_is_picked_again() -> None:
    """A mistake put right leaves the visit without its unit: it is on the list as if nothing had been done."""
    done = move(9, 1, "FUZHOU", "VAN-1", source_document="PICK-1")
    undone = reversal(done, id="M-10", at=done.at, by="k", device="d", reason="mistake", key="K-10")
    room = stockroom(move(1, 5, "SUPPLIER", "FUZHOU"), done, undone)

    found = picking(
        room,
        [need(1, demand_ref="V-1")],
        carriers=CARRIERS,
        homes={"VAN-1": "FUZHOU"},
        departs_at=LEAVES,
        now=NOW,
        document="PICK-1",
    )

    assert [line.quantity for each in found.lists for line in each.lines] == [1]
    assert found.shortages == ()


NEEDS = st.lists(
    st.builds(
        lambda units, hours, at, ref: need(units, hours=hours, place=at, demand_ref=ref),
        st.integers(1, 4),
        st.integers(20, 40),
        st.sampled_from(["FUZHOU", "VAN-1"]),
        st.sampled_from(sorted(CARRIERS)),
    ),
    max_size=6,
)


@given(needs=NEEDS, early=NEEDS, depot=st.integers(0, 12), van=st.integers(0, 6))
def test_every_unit_asked_for_is_on_the_van_or_picked_or_missing(
    needs: list[PlannedNeed], early: list[PlannedNeed], depot: int, van: int
) -> None:
    """Nothing is lost and nothing is picked twice: today's visits first, then no more than the shelf holds."""
    found = staged(*needs, depot=depot, van=van, before=tuple(early))

    def units(rows: list[PlannedNeed], place: str) -> int:
        return sum(row.quantity for row in rows if row.place == place)

    picked = sum(line.quantity for each in found.lists for line in each.lines)
    missing = sum(row.quantity for row in found.shortages)
    on_van = min(max(0, van - units(early, "VAN-1")), units(needs, "VAN-1"))
    at_depot = max(0, depot - units(early, "FUZHOU"))
    wanted = units(needs, "FUZHOU") + units(needs, "VAN-1") - on_van
    assert picked == min(at_depot, wanted)
    assert picked + missing == wanted
    assert all(row.quantity > 0 for row in found.shortages)
