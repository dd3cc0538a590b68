"""On what a forecast method should be chosen: one for all parts, one for each class of demand, one for each part.

Chosen on the first 40 of the fitted months played through the next 20, then judged on months nobody has seen.
"""

from __future__ import annotations

import numpy as np

from benchmarks.geometry import Doubles
from benchmarks.spare_parts import Parts
from inventory.replenish.forecast import Method, demand_classes, rate_by
from inventory.replenish.marks import Counts, base_stocks
from inventory.replenish.method import TARGETS, choose, served

ABLE = tuple(method for method in Method if method is not Method.NOTHING)


def levels_compared(parts: Parts, *, fitted: int, chosen_on: int) -> dict[str, dict[str, float]]:
    """Share of units served for £2 M and £5 M, and on average from £0.6 M to £6 M, by what the method was chosen for.

    Args:
        parts: demand, whole lead times, prices.
        fitted: months the rates are made from.
        chosen_on: of these, the months the methods are fitted on before they play through the rest.
    """
    seen, lead = parts.demand[:, :fitted], parts.lead.astype(np.int64)
    rates: dict[Method, Doubles] = {method: rate_by(method, seen) for method in ABLE}
    whole = choose(seen, fitted=chosen_on, lead=lead, price=parts.price).method
    by_class = np.zeros(len(seen))
    kinds = np.array([str(kind) for kind in demand_classes(seen)])
    for kind in sorted(set(kinds)):
        mine = kinds == kind
        found = choose(seen[mine], fitted=chosen_on, lead=lead[mine], price=parts.price[mine])
        by_class[mine] = rates[found.method][mine]
    alone = _best_alone(seen, lead, chosen_on=chosen_on)
    by_part = np.choose(alone, [rates[method] for method in ABLE])
    return {
        f"one for all ({whole})": _played(parts, rates[whole], fitted=fitted),
        "one for each class": _played(parts, by_class, fitted=fitted),
        "one for each part": _played(parts, by_part, fitted=fitted),
    }


def _best_alone(seen: Doubles, lead: Counts, *, chosen_on: int) -> Counts:
    """For each part the method that served most of its own units for a unit kept."""
    before = np.concatenate((np.zeros((len(seen), 1)), np.cumsum(seen, axis=1)), axis=1)
    rows = np.arange(len(seen))
    best, found = np.full(len(seen), -1.0), np.zeros(len(seen), dtype=np.int64)
    variance = seen[:, :chosen_on].var(axis=1, ddof=1)
    for at, method in enumerate(ABLE):
        rate = rate_by(method, seen[:, :chosen_on])
        given, kept = np.zeros(len(seen)), np.zeros(len(seen))
        for target in TARGETS:
            stock = _stock(rate * lead, variance * lead, target)
            kept += stock
            for month in range(chosen_on, seen.shape[1]):
                out = before[:, month] - before[rows, np.maximum(0, month - lead + 1)]
                given += np.minimum(seen[:, month], np.maximum(0.0, stock - out))
        worth = given / np.maximum(kept, 1)
        found = np.where(worth > best, at, found)
        best = np.maximum(worth, best)
    return found


def _stock(mean: Doubles, variance: Doubles, target: float) -> Counts:
    found = base_stocks(mean, variance, cycle_service_level=np.full(len(mean), target))
    return np.where(mean > 0, found, 0)


def _played(parts: Parts, rate: Doubles, *, fitted: int) -> dict[str, float]:
    lead = parts.lead.astype(np.int64)
    variance = parts.demand[:, :fitted].var(axis=1, ddof=1)
    stocks = [_stock(rate * lead, variance * lead, target) for target in TARGETS]
    money = [float(stock @ parts.price) for stock in stocks]
    fill = [served(parts.demand, first=fitted, stock=stock, lead=lead) for stock in stocks]
    return {
        "fill at 2 M": float(np.interp(2e6, money, fill)),
        "fill at 5 M": float(np.interp(5e6, money, fill)),
        "fill, 0.6 to 6 M": float(np.interp(np.linspace(0.6e6, 6e6, 50), money, fill).mean()),
    }
