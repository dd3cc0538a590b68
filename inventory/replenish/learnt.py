"""Which method each part at each place is forecast by: the one that served most for the money among demand like its own.

One part's history is far too short to tell methods apart: a few units decide, and the winner would be luck. So part-places
whose demand comes alike (smooth, erratic, intermittent, lumpy) are judged together, and each is read by its class's
method.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil

import numpy as np

from inventory.replenish.demand import DAYS_A_MONTH, DemandMonth, monthly
from inventory.replenish.forecast import DemandClass, Method, demand_classes
from inventory.replenish.lead_time_demand import Floats
from inventory.replenish.method import Choice, choose
from inventory.replenish.trace import Formula, Trace
from inventory.stock.position import PartPlace

FEWEST_MONTHS = 18
"""History shorter than this is not judged: too little would be left to play through."""

FEWEST_UNITS = 30
"""Units asked for in the months played through, of a class together; below, the share served is luck."""

KNOWN_BY_DESIGN = Method.SBA
"""What is used where nothing can be judged."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """How one part at one place is forecast.

    Args:
        method: which method.
        demand_class: how its demand comes; None: nothing was ever asked for.
        why: the calculation that chose it, with the bound of the next best; or what was missing.
        choice: every method's judgement; None: too little to judge.
    """

    method: Method
    demand_class: DemandClass | None
    why: Trace
    choice: Choice | None = None


def learnt(
    rows: Iterable[DemandMonth],
    *,
    now: datetime,
    lead_days: Callable[[PartPlace], float],
    price: Mapping[str, float],
    alpha: float = 0.1,
) -> dict[PartPlace, Learnt]:
    """Choose the method of every part-place with history by fill against investment; see `method.choose`.

    Every class is learnt from the first two thirds of the months and played through the rest.

    Args:
        rows: the history.
        now: the month it falls in is not whole yet and does not count.
        lead_days: how long refilling takes, review included, by part and place.
        price: money a unit, by part.
        alpha: smoothing weight.
    """
    keys, history = monthly(rows, now=now)
    kinds = demand_classes(history) if keys else ()
    months = history.shape[1] if keys else 0
    fitted = 2 * months // 3
    found: dict[PartPlace, Learnt] = {}
    for kind in dict.fromkeys(kinds):
        mine = np.array([row for row, one in enumerate(kinds) if one is kind])
        judged = _judged([keys[row] for row in mine], history[mine], fitted, lead_days, price, alpha)
        for row in mine:
            found[keys[row]] = replace(judged, demand_class=kind)
    return found


def _judged(
    keys: list[PartPlace],
    history: Floats,
    fitted: int,
    lead_days: Callable[[PartPlace], float],
    price: Mapping[str, float],
    alpha: float,
) -> Learnt:
    months, played = history.shape[1], float(history[:, fitted:].sum())
    if months < FEWEST_MONTHS or played < FEWEST_UNITS:
        inputs = {"series": len(keys), "months": months, "asked": round(played)}
        why = Trace(
            Formula.METHOD_SHORT,
            inputs,
            {"method": KNOWN_BY_DESIGN.value},
            {"least_months": FEWEST_MONTHS, "least_asked": FEWEST_UNITS},
        )
        return Learnt(KNOWN_BY_DESIGN, None, why)
    choice = choose(
        history,
        fitted=fitted,
        lead=[max(1, ceil(lead_days(key) / DAYS_A_MONTH)) for key in keys],
        price=[price.get(key[0], 0.0) for key in keys],
        alpha=alpha,
    )
    return Learnt(choice.method, None, choice.why, choice)
