"""How likely a part is there in time, from the levels a region really keeps."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.availability import Availability, availability
from inventory.catalogue.supplier import Supplier, SupplierTerms
from inventory.replenish.assessment import Delivered, Lead
from inventory.replenish.demand import DemandMonth, DemandRate
from inventory.replenish.marks import Levels
from inventory.replenish.policy import StockPolicy
from inventory.replenish.window import within, within_levels
from inventory.stockroom import Stockroom
from kernel.errors import Refusal
from tests.stock_builders import NOW, part, stockroom

DAYS_A_MONTH = 365.25 / 12


def steady(place: str, quantity: int, name: str = "P-1") -> tuple[DemandMonth, ...]:
    """The same quantity every month of a year: the rate is SBA's 0.95 of it, and months do not vary."""
    return tuple(
        DemandMonth(name, place, f"{2025 + month // 12}-{month % 12 + 1:02}", quantity)
        for month in range(2, 14)
    )


def room(*, van: int = 2, depot: int = 5, months: tuple[DemandMonth, ...] = ()) -> Stockroom:
    """P-1 kept in Fuzhou up to `depot` and in van 1 up to `van`, ordered one for one."""
    return stockroom(
        stock_policies=(
            StockPolicy("P-1", "FUZHOU", 0.95, 0, minimum=depot - 1, maximum=depot),
            StockPolicy("P-1", "VAN-1", 0.95, 0, minimum=van - 1, maximum=van),
        ),
        suppliers=(Supplier("S-1", "maker", 10, 0),),
        demand_history=months or (*steady("FUZHOU", 2), *steady("VAN-1", 1)),
    )


def at(found: tuple[Availability, ...], place: str) -> Availability:
    """The line of one place."""
    return next(row for row in found if row.place == place)


def test_at_a_depot_the_chance_is_the_closed_form() -> None:
    """Two a month, ten days from the supplier, five kept one for one."""
    found = at(availability(room(), NOW, hours=(0, 4, 24, 240)), "FUZHOU")

    rate = 0.95 * 2 / DAYS_A_MONTH
    expected = [float(within([rate], lead=10, stock=5, window=hours / 24)[0]) for hours in (0, 4, 24, 240)]
    assert found.chances == pytest.approx(expected)
    assert found.chances[-1] == 1
    assert (found.reorder_point, found.order_up_to, found.criticality) == (4, 5, 1)


def test_a_van_waits_for_its_home_as_well() -> None:
    """The emptier the depot, the later the van; a depot that never lacks any leaves the way alone."""
    short, plenty = (
        at(availability(room(depot=depot), NOW, homes={"VAN-1": "FUZHOU"}), "VAN-1") for depot in (1, 40)
    )

    rate = 0.95 / DAYS_A_MONTH
    alone = float(within([rate], lead=1, stock=2, window=4 / 24)[0])
    assert plenty.chances[0] == pytest.approx(alone, abs=1e-9)
    assert plenty.chances[1] == pytest.approx(1, abs=1e-9)
    assert short.chances[0] < plenty.chances[0]
    assert short.chances[1] < 1
    assert short.why[0].inputs["home"] == "FUZHOU"


def test_a_van_whose_home_keeps_none_waits_for_the_supplier() -> None:
    """No policy at the home: whatever is asked for there is ordered then."""
    only_van = stockroom(
        stock_policies=(StockPolicy("P-1", "VAN-1", 0.95, 0, minimum=0, maximum=1),),
        suppliers=(Supplier("S-1", "maker", 10, 0),),
        demand_history=steady("VAN-1", 1),
    )

    (found,) = availability(only_van, NOW, settings=None, homes={"VAN-1": "FUZHOU"})

    rate = 0.95 / DAYS_A_MONTH
    # The home is looked at every seven days: the unit on the van is back after 1 + 10 + 7 days.
    assert found.chances[0] == pytest.approx(np.exp(-rate * (18 - 4 / 24)), abs=1e-9)


RATES = st.builds(
    lambda month, spread: DemandRate(month, month * spread, 24), st.floats(0, 20), st.floats(0.5, 4)
)


@given(RATES, st.floats(0.5, 40), st.floats(0, 14), st.integers(-1, 8), st.integers(1, 9))
def test_a_longer_window_never_hurts_and_none_is_the_fill_rate(
    rate: DemandRate, days: float, review: float, low: int, quantity: int
) -> None:
    """Rises with the window, from what the shelf gives at once to certainty when the order is there."""
    lead = Lead(days, 2.0, review)
    marks = Levels(low, low + quantity, 0.0, 0.0, by_hand=False)
    windows = [0.0, 1 / 6, 1.0, days / 2, days, days + review]

    found = [float(within_levels([rate], [lead], [marks], window_days=one)[0]) for one in sorted(windows)]

    assert all(later >= earlier - 1e-9 for earlier, later in pairwise(found))
    assert found[-1] == 1


def test_at_once_is_what_the_levels_were_chosen_for() -> None:
    """The chance within no time is the fill rate the review shows beside the levels."""
    kept = stockroom(
        stock_policies=(StockPolicy("P-1", "FUZHOU", 0.95, 7),), demand_history=steady("FUZHOU", 3)
    )

    (found,) = availability(kept, NOW, hours=(0,))

    assert found.chances[0] == pytest.approx(float(found.why[0].bounds["at_once"]), abs=1e-12)
    assert found.chances[0] >= 0.95


def test_a_supplier_slower_than_promised_is_seen() -> None:
    """What it has shown counts: the same marks, less often there."""
    promised = at(availability(room(), NOW), "FUZHOU")
    shown = at(
        availability(room(), NOW, delivered={("S-1", "P-1"): Delivered(lead_time_days=40.0)}), "FUZHOU"
    )

    assert shown.chances[0] < promised.chances[0]


def test_the_critical_and_unlikely_come_first() -> None:
    """What a storekeeper has to look at stands on top."""
    names = {"P-1": 2, "P-2": 1, "P-3": 1}
    kept = stockroom(
        parts=tuple(part(name, criticality=row) for name, row in names.items()),
        terms=tuple(SupplierTerms("S-1", name, Decimal(9)) for name in names),
        stock_policies=tuple(
            StockPolicy(name, "FUZHOU", 0.9, 7, minimum=low, maximum=low + 1)
            for name, low in (("P-1", 0), ("P-2", 6), ("P-3", 1))
        ),
        demand_history=tuple(row for name in names for row in steady("FUZHOU", 2, name)),
    )

    assert [row.part for row in availability(kept, NOW)] == ["P-3", "P-2", "P-1"]


def test_a_window_below_zero_is_refused() -> None:
    """Nobody is served before he asks."""
    with pytest.raises(Refusal, match=r"replenish\.window_negative"):
        availability(room(), NOW, hours=(-1,))
