"""A class of the loaner pool: its units, its stand-ins, its size."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from inventory.catalogue.loaner import LoanerClass, LoanerUnit
from inventory.lending import ClassPool, class_pool
from inventory.stock.loan import Loan
from inventory.stock.loaner_pool import MakingReady, UnitState
from inventory.stockroom import Stockroom
from kernel.errors import Refusal
from tests.stock_builders import NOW, stockroom

DAY = timedelta(days=1)


def room(*loans: Loan) -> Stockroom:
    """Two small routers, for which the one big router may stand in."""
    small, big = "ROUTER-S", "ROUTER-L"
    return stockroom(
        loaner_classes=(
            LoanerClass(small, "small", (big,), Decimal(40)),
            LoanerClass(big, "big", (), Decimal(90)),
        ),
        loaner_units=(
            LoanerUnit("U-10", small, "FUZHOU"),
            LoanerUnit("U-2", small, "FUZHOU"),
            LoanerUnit("U-3", big, "XIAMEN"),
        ),
        loans=loans,
    )


def judged(stock: Stockroom, loaner_class: str = "ROUTER-S", **given: float) -> ClassPool:
    """Three days ahead, a quarter of a day to make ready, a tenth may find none."""
    ready = MakingReady(cleaning_s=6 * 3600)
    return class_pool(
        stock, loaner_class, now=NOW, days=3, ready=ready, kept=None, refused_at_most=0.1, **given
    )


def test_a_class_is_told_with_its_stand_ins() -> None:
    """The big one is out for two days: until then it stands in for nobody, and it is no small router."""
    pool = judged(room(Loan("L-1", "U-3", "T-1", NOW - DAY, NOW + DAY)))

    assert [unit.unit for unit in pool.units] == ["U-2", "U-10"]
    assert [day.units for day in pool.days] == [{UnitState.AVAILABLE: 2}] * 4
    assert pool.stand_in_free == (0, 0, 1, 1)
    assert pool.size is None


def test_a_unit_kept_for_somebody_is_not_counted_free() -> None:
    """No loan of it is written yet: reserved today and on every day to come."""
    pool = class_pool(room(), "ROUTER-S", now=NOW, days=1, kept={"U-2": "T-7"}, refused_at_most=0.1)

    assert [(one.unit, one.state, one.loan) for one in pool.units] == [
        ("U-2", UnitState.RESERVED, "T-7"),
        ("U-10", UnitState.AVAILABLE, ""),
    ]
    assert [day.free for day in pool.days] == [1, 1]


def test_the_size_counts_the_time_a_unit_is_made_ready() -> None:
    """Half a request a day, 3.75 days out and a quarter blocked: two on average, four units (Erlang: 9.5 %)."""
    pool = judged(room(), requests_a_day=0.5, days_out=3.75)

    assert pool.size is not None
    assert pool.size.units == 4
    assert pool.size.refused == pytest.approx(2 / 21)


def test_what_is_not_given_is_learnt_from_the_loans() -> None:
    """Given figures go before learnt ones, one by one."""
    past = tuple(
        Loan(f"L-{n}", "U-2", "T", NOW - (10 - 4 * n) * DAY, NOW, NOW - (8 - 4 * n) * DAY) for n in range(2)
    )

    learnt = judged(room(*past))
    given = judged(room(*past), days_out=30)

    assert learnt.size is not None
    assert given.size is not None
    assert learnt.size.why.inputs["requests"] == pytest.approx(0.1)
    assert learnt.size.why.inputs["days"] == pytest.approx(2)
    assert given.size.why.inputs["requests"] == pytest.approx(0.1)
    assert given.size.why.inputs["days"] == 30


def test_figures_that_are_none_are_refused() -> None:
    """A class nobody knows, a share of everybody, a rate that is no number."""
    with pytest.raises(Refusal, match=r"stock\.unknown_loaner_class"):
        judged(room(), "ROUTER-XL")
    with pytest.raises(Refusal, match=r"replenish\.negative_load"):
        judged(room(), requests_a_day=float("nan"), days_out=1)
