"""Every part-place is forecast by the method that served most for the money among demand like its own."""

from __future__ import annotations

import numpy as np

from inventory.replenish.demand import DemandMonth, monthly
from inventory.replenish.forecast import DemandClass, Method, demand_classes
from inventory.replenish.learnt import KNOWN_BY_DESIGN, learnt
from inventory.replenish.method import choose
from inventory.replenish.trace import Formula
from tests.stock_builders import NOW

PRICE = {f"P-{row}": 10.0 + row for row in range(40)}


def history(months: int, *, parts: int = 40) -> tuple[DemandMonth, ...]:
    """Parts asked for now and then, one unit at a time, up to the month before now."""
    draw = np.random.default_rng(3)
    rows = []
    for part in range(parts):
        for back in range(1, months + 1):
            month = 12 * 2026 + 2 - back  # March 2026 is under way
            if draw.random() < 0.35:
                rows.append(DemandMonth(f"P-{part}", "FUZHOU", f"{month // 12}-{month % 12 + 1:02}", 1))
    return tuple(rows)


def test_the_method_of_a_class_is_the_one_that_serves_most_for_the_money() -> None:
    """As `choose` judges the class alone; the trace names the winner and the next best."""
    rows = history(24)
    found = learnt(rows, now=NOW, lead_days=lambda _: 40.0, price=PRICE)

    keys, table = monthly(rows, now=NOW)
    kinds = demand_classes(table)
    mine = [row for row, kind in enumerate(kinds) if kind is DemandClass.INTERMITTENT]
    alone = choose(
        table[mine], fitted=2 * table.shape[1] // 3, lead=2, price=[PRICE[keys[row][0]] for row in mine]
    )
    assert set(found) == set(keys)
    for row in mine:
        one = found[keys[row]]
        assert (one.method, one.demand_class) == (alone.method, DemandClass.INTERMITTENT)
        assert one.why == alone.why
        assert one.method is not Method.NOTHING


def test_too_little_history_is_said_and_nothing_is_judged() -> None:
    """A year says nothing about methods, nor do a few units: the usual one is used and the trace says why."""
    for rows in (history(12), history(24, parts=2)):
        for one in learnt(rows, now=NOW, lead_days=lambda _: 40.0, price=PRICE).values():
            assert (one.method, one.choice, one.why.formula) == (KNOWN_BY_DESIGN, None, Formula.METHOD_SHORT)
    assert learnt((), now=NOW, lead_days=lambda _: 40.0, price=PRICE) == {}
