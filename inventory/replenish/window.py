"""The chance that a part is there within a window: four hours, a day. What a service promise needs to know.

Stock is refilled one for one, first come first served; lead times are known and do not vary. All times in one unit.
A window of 0 is the chance that the part lies there when it is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from inventory.replenish.assessment import Lead
from inventory.replenish.demand import DemandRate
from inventory.replenish.echelon import Counts, TwoEchelon, two_echelon
from inventory.replenish.lead_time_demand import Floats, blocks, chances, reach
from inventory.replenish.marks import Levels, fill_rates
from inventory.replenish.trace import Formula, Trace
from kernel.errors import Refusal


def within(demand: ArrayLike, *, lead: ArrayLike, stock: ArrayLike, window: ArrayLike) -> Floats:
    """The chance that one place gives a unit within the window: ``P(W <= w) = P(D(L - w) <= S - 1)``, 1 from w = L on.

    A unit asked for is the one ordered S requests earlier: it is there in time unless S or more were asked for in
    the ``L - w`` before.

    Source: Higa, Feyerherm and Machado (1975), Naval Research Logistics Quarterly 22(3), 455-472.

    Args:
        demand: units a unit of time, shape (places,); the rest is broadcast to it.
        lead: lead time.
        stock: base stock S.
        window: w, not below 0.

    >>> within([1.0], lead=2, stock=2, window=[0.5]).round(4).tolist()
    [0.5578]
    """
    rate = np.asarray(demand, dtype=np.float64)
    wait = np.broadcast_to(_window(window), rate.shape)
    held = np.broadcast_to(np.asarray(stock, dtype=np.int64), rate.shape)
    ahead = rate * np.maximum(0.0, np.broadcast_to(np.asarray(lead, dtype=np.float64), rate.shape) - wait)
    at_most = np.cumsum(chances(ahead, ahead, highest=int(held.max(initial=0))), axis=-1)
    before = np.take_along_axis(at_most, np.maximum(held - 1, 0)[..., None], axis=-1)[..., 0]
    there = np.where(held > 0, before, 0.0)
    return np.asarray(np.where(wait >= np.asarray(lead), 1.0, there), dtype=np.float64)


def within_levels(
    rate: Sequence[DemandRate],
    leads: Sequence[Lead],
    levels: Sequence[Levels],
    *,
    window_days: float,
) -> Floats:
    """The chance, part-place by part-place, that a unit is there within the window under (R, Q).

    The position is spread evenly over R+1 ... R+Q, so the chance of one place averaged over it: the fill rate with
    what is left of lead time and review period after the window, and 1 where nothing is left. Of the spread of the
    lead time the same share is left as of the time itself. A window of 0 gives the fill rate.

    Args:
        rate: how each is asked for.
        leads: how long refilling takes.
        levels: the marks.
        window_days: w, not below 0.

    Source: Hadley and Whitin (1963), ch. 4; `within`.
    """
    wait = float(_window(window_days))
    total = np.array([lead.days + lead.review_days for lead in leads])
    left = np.maximum(0.0, total - wait)
    share = np.divide(left, total, out=np.zeros_like(left), where=total > 0)
    per_day = np.array([one.per_day for one in rate])
    spread = np.array([lead.sd_days for lead in leads]) * share
    variance = np.array([one.variance_per_day for one in rate]) * left + (per_day * spread) ** 2
    low = np.array([one.reorder_point for one in levels], dtype=np.int64)
    high = np.array([one.order_up_to for one in levels], dtype=np.int64)
    found = fill_rates(per_day * left, variance, reorder_point=low, quantity=np.maximum(1, high - low))
    return np.asarray(np.where((left > 0) & (per_day > 0), found, 1.0), dtype=np.float64)


def within_two_echelon(
    demand: ArrayLike,
    *,
    depot_lead: ArrayLike,
    base_lead: ArrayLike,
    depot_stock: ArrayLike,
    base_stock: ArrayLike,
    window: float,
) -> Floats:
    """The chance, for every part and base, that a unit is there within the window.

    With `base_lead` l from the depot and ``X`` asked of the depot in the time that matters:

    - w < l: only what was sent before counts. ``P(D_j(l - w) + Bin((X(L0) - S0)+, p_j) <= S_j - 1)``.
    - w >= l: what the depot has w - l from now still gets here. With X over ``L0 - (w - l)``:
      ``P(X < S0) + P(X >= S0, Bin(X - S0, p_j) <= S_j - 1)``, and 1 from w = L0 + l on.

    Args:
        demand: units a unit of time at each base, shape (parts, bases).
        depot_lead: the depot's lead time, shape (parts,) or one for all.
        base_lead: way from the depot to each base, broadcast to (parts, bases).
        depot_stock: shape (parts,) or one for all.
        base_stock: broadcast to (parts, bases).
        window: w, not below 0.

    Returns:
        Shape (parts, bases).

    Raises:
        Refusal: ``replenish.window_negative``.
    """
    wait = float(_window(window))
    rate = np.atleast_2d(np.asarray(demand, dtype=np.float64))
    lead = np.broadcast_to(np.asarray(depot_lead, dtype=np.float64), rate.shape[:1])
    way = np.broadcast_to(np.asarray(base_lead, dtype=np.float64), rate.shape)
    held = np.broadcast_to(np.asarray(base_stock, dtype=np.int64), rate.shape)
    at_depot = np.broadcast_to(np.asarray(depot_stock, dtype=np.int64), rate.shape[:1])
    asked = rate.sum(axis=1) * lead
    found = np.empty(rate.shape)
    for rows in blocks(np.maximum(reach(asked, asked), at_depot)):
        for base in range(rate.shape[1]):
            left = np.maximum(0.0, lead[rows] - np.maximum(0.0, wait - way[rows, base]))
            short_way = np.maximum(0.0, way[rows] - wait)
            model = two_echelon(rate[rows], depot_lead=left, base_lead=short_way)
            sent, served = _waiting(model, base, at_depot[rows], held[rows, base])
            served = np.where(left > 0, served, 1.0)  # whatever the depot lacked is back by then
            found[rows, base] = np.where(wait >= way[rows, base], served, sent)
    return found


def why_within(demand: float, *, lead: float, stock: int, window: float) -> Trace:
    """The calculation behind one place's chance."""
    chance = float(within([demand], lead=lead, stock=stock, window=window)[0])
    return Trace(
        Formula.WINDOW,
        {"demand": demand, "lead": lead, "stock": stock, "window": window},
        {"chance": chance},
        {"one_less": float(within([demand], lead=lead, stock=max(0, stock - 1), window=window)[0])},
    )


def why_within_two_echelon(
    demand: ArrayLike,
    *,
    base: int,
    depot_lead: float,
    base_lead: ArrayLike,
    depot_stock: int,
    base_stock: ArrayLike,
    window: float,
) -> Trace:
    """The calculation behind one base's chance for one part; `demand`, `base_lead` and `base_stock` for all bases."""
    rate = np.asarray(demand, dtype=np.float64)[None, :]
    way = np.broadcast_to(np.asarray(base_lead, dtype=np.float64), rate.shape)
    held = np.broadcast_to(np.asarray(base_stock, dtype=np.int64), rate.shape)

    def at(depot: int) -> float:
        found = within_two_echelon(
            rate, depot_lead=depot_lead, base_lead=way, depot_stock=depot, base_stock=held, window=window
        )
        return float(found[0, base])

    return Trace(
        Formula.WINDOW_TWO_ECHELON,
        {
            "demand": float(rate[0, base]),
            "others": float(rate.sum() - rate[0, base]),
            "depot_lead": depot_lead,
            "base_lead": float(way[0, base]),
            "depot_stock": depot_stock,
            "base_stock": int(held[0, base]),
            "window": window,
        },
        {"chance": at(depot_stock)},
        {
            "without_depot": at(0),
            "never_short": float(
                within([rate[0, base]], lead=way[0, base], stock=held[0, base], window=window)[0]
            ),
        },
    )


def _window(window: ArrayLike) -> Floats:
    wait = np.asarray(window, dtype=np.float64)
    if (wait < 0).any():
        raise Refusal("replenish.window_negative", window=float(wait.min()))
    return wait


def _waiting(model: TwoEchelon, base: int, depot_stock: Counts, held: Counts) -> tuple[Floats, Floats]:
    """Chances at one base: fewer than S units before it, owed or on the way; the same, or nothing owed at all.

    The recursion is that of `echelon.sweep`, on chances of at most s units instead of units short.
    """
    highest = int(held.max(initial=0))
    own = np.cumsum(chances(model.base[:, base], model.base[:, base], highest=highest), axis=1)
    top = max(int(depot_stock.max(initial=0)), int(reach(model.depot, model.depot).max(initial=0)) + 12)
    chance = chances(model.depot, model.depot, highest=top)
    below = np.concatenate((np.zeros((model.parts, 1)), np.cumsum(chance, axis=1)), axis=1)
    p = model.share[:, base, None]
    tail = np.zeros((model.parts, highest + 1))
    at_most = np.zeros((model.parts, highest + 1))
    row = np.arange(model.parts)
    for stock in range(top, -1, -1):
        shifted = np.concatenate((np.zeros((model.parts, 1)), tail[:, :-1]), axis=1)
        tail = chance[:, stock, None] * own + (1 - p) * tail + p * shifted
        here = depot_stock == stock
        at_most[here] = tail[here]
    covered = below[row, depot_stock]
    before = np.where(held > 0, at_most[row, np.maximum(held - 1, 0)], 0.0)
    own_before = np.where(held > 0, own[row, np.maximum(held - 1, 0)], 0.0)
    return np.minimum(before + covered * own_before, 1.0), np.minimum(before + covered, 1.0)
