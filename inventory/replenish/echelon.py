"""A depot and its bases, exactly: units short at every base for every stock of the depot and of the base.

Demand comes at random (Poisson) at the bases. A base orders each unit it hands out from the depot (or repairs it
itself), the depot orders each unit from outside; first come, first served. What the depot owes belongs to the bases
by chance in proportion to what they order (binomial), independently of what is on the way to them.

METRIC, the usual short cut, treats the delay at the depot as if every order waited on its own: it understates what
is short, by a quarter in Sherbrooke's own example, and puts stock in the wrong place. Arrays have one row for each part.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inventory.replenish.lead_time_demand import Floats, backorders, chances, reach
from inventory.replenish.trace import Formula, Trace
from kernel.errors import Refusal

Counts = NDArray[np.int64]

EXACT_UP_TO = 1000
"""Units under way at a depot up to which every depot stock is looked at: the table grows with their square."""


@dataclass(frozen=True, slots=True)
class TwoEchelon:
    """Parts kept at one depot and the bases it serves.

    Args:
        depot: units the depot has on order or in repair on average, shape (parts,): its demand rate times its lead time.
        base: units under way to, or in repair at, each base on average when the depot never lacks any, shape
            (parts, bases).
        share: share of the depot's orders that each base places, shape (parts, bases); a row adds up to 1, or to 0
            where nothing is asked for.

    Raises:
        Refusal: ``replenish.echelon_shape``, ``replenish.echelon_share``.
    """

    depot: Floats
    base: Floats
    share: Floats

    def __post_init__(self) -> None:
        for name in ("depot", "base", "share"):
            object.__setattr__(self, name, np.asarray(getattr(self, name), dtype=np.float64))
        fits = self.base.ndim == 2 and self.base.shape == self.share.shape
        if not fits or self.depot.shape != self.base.shape[:1]:
            raise Refusal("replenish.echelon_shape", depot=str(self.depot.shape), base=str(self.base.shape))
        total = self.share.sum(axis=1)
        whole = (np.abs(total - 1) < 1e-9) | ((total == 0) & (self.depot == 0))
        negative = min(
            (float(values.min()) for values in (self.depot, self.base, self.share) if values.size), default=0
        )
        if negative < 0 or not whole.all():
            raise Refusal("replenish.echelon_share")

    @property
    def parts(self) -> int:
        """Number of parts."""
        return len(self.depot)

    @property
    def bases(self) -> int:
        """Number of bases."""
        return int(self.base.shape[1])

    def rows(self, rows: NDArray[np.int64]) -> TwoEchelon:
        """Some of the parts."""
        return TwoEchelon(self.depot[rows], self.base[rows], self.share[rows])


def two_echelon(
    demand: ArrayLike,
    *,
    depot_lead: ArrayLike,
    base_lead: ArrayLike,
    base_repair_share: ArrayLike = 0.0,
    base_repair: ArrayLike = 0.0,
) -> TwoEchelon:
    """Describe depot and bases by demand rates and lead times, all in the same unit of time.

    Args:
        demand: units a unit of time at each base, shape (parts, bases).
        depot_lead: time until the depot has a unit it ordered, or sent to repair, back; shape (parts,) or one for all.
        base_lead: way from the depot to a base; broadcast to (parts, bases).
        base_repair_share: share of what fails that the base repairs itself.
        base_repair: time such a repair takes.

    >>> one = two_echelon([[23.2] * 5], depot_lead=0.02531, base_lead=0.01, base_repair_share=0.2, base_repair=0.01)
    >>> round(float(one.depot[0]), 6)
    2.348768
    """
    asked = np.atleast_2d(np.asarray(demand, dtype=np.float64))
    own = np.broadcast_to(np.asarray(base_repair_share, dtype=np.float64), asked.shape)
    orders = asked * (1 - own)
    total = orders.sum(axis=1)
    share = np.divide(orders, total[:, None], out=np.zeros_like(orders), where=total[:, None] > 0)
    depot = total * np.broadcast_to(np.asarray(depot_lead, dtype=np.float64), total.shape)
    base = orders * np.asarray(base_lead, dtype=np.float64) + asked * own * np.asarray(
        base_repair, dtype=np.float64
    )
    return TwoEchelon(depot, base, share)


NO_GAIN = 1e-13
"""Units short less than this, weighted, are not worth a unit of stock."""

NEVER = 1e-17
"""A chance that changes no sum of chances."""


def base_backorders(model: TwoEchelon, *, depot_stock: int, base_stock: int) -> Floats:
    """Units short on average at every base, for every depot stock from 0 and every base stock from 0.

    Args:
        model: the parts.
        depot_stock: highest depot stock.
        base_stock: highest base stock.

    Returns:
        Shape (parts, depot_stock + 1, bases, base_stock + 1).
    """
    nothing = np.zeros(model.parts, dtype=np.int64)
    return sweep(model, first=nothing, count=depot_stock + 1, stride=1, base_stock=base_stock)


def sweep(model: TwoEchelon, *, first: Counts, count: int, stride: int, base_stock: int) -> Floats:
    """Units short on average at every base, for the depot stocks ``first + k stride``, k = 0 ... count - 1.

    With ``X`` under way at the depot, base j is short of ``E (D_j + Bin((X - S0)+, p_j) - S_j)+``. Splitting one more
    unit owed by the depot off as ``Bin(n + 1) = Bin(n) + one with chance p`` gives, for ``h_S(s) = E[(...)+; X >= S]``,

        ``h_S(s) = P(X = S) e(s) + (1 - p) h_{S+1}(s) + p h_{S+1}(s - 1)``

    with e the base's own units short: every depot stock comes out on the way, nothing is cut off but the far tail of X.

    Source: Simon (1971), Operations Research 19(4), 983-990; Graves (1985), Management Science 31(10), 1247-1256.

    Args:
        model: the parts.
        first: lowest depot stock, shape (parts,).
        count: number of depot stocks.
        stride: units between them.
        base_stock: highest base stock.

    Returns:
        Shape (parts, count, bases, base_stock + 1).
    """
    own = backorders(model.base, model.base, highest=base_stock)
    chance, below = _depot(model, first, (count - 1) * stride)
    p = model.share[:, :, None]
    found = np.empty((model.parts, count, model.bases, base_stock + 1))
    tail = np.zeros((model.parts, model.bases, base_stock + 1))
    mass = np.zeros(model.parts)
    change, more = np.empty_like(tail), np.empty_like(tail)  # worked in place: the loop is all memory traffic
    for step in range(chance.shape[1] - 1, -1, -1):
        np.subtract(tail[:, :, :-1], tail[:, :, 1:], out=change[:, :, 1:])
        change[:, :, 0] = mass[:, None]  # one unit more owed with nothing on the shelf
        change *= p
        tail += change
        np.multiply(own, chance[:, step, None, None], out=more)
        tail += more
        mass += chance[:, step]
        if step % stride == 0 and step < count * stride:
            np.multiply(own, below[:, step, None, None], out=more)
            np.add(tail, more, out=found[:, step // stride])
    return found


def _depot(model: TwoEchelon, first: Counts, last: int) -> tuple[Floats, Floats]:
    """Chance of exactly, and of fewer than, ``first + 0, 1, ...`` units under way at the depot, past where it matters."""
    if not model.parts:
        return np.zeros((0, last + 1)), np.zeros((0, last + 1))
    steps = max(last, int((reach(model.depot, model.depot) + 12 - first).max()))
    chance = chances(model.depot, model.depot, highest=int(first.max()) + steps)
    below = np.concatenate((np.zeros((model.parts, 1)), np.cumsum(chance, axis=1)), axis=1)
    matters = np.flatnonzero((chance > NEVER).any(axis=0))
    steps = max(last, min(steps, int(matters[-1]) - int(first.min()) if matters.size else 0))
    at = first[:, None] + np.arange(steps + 1)
    return np.take_along_axis(chance, at, axis=1), np.take_along_axis(below, at, axis=1)


def why_two_echelon(model: TwoEchelon, *, part: int, base: int, depot_stock: int, base_stock: int) -> Trace:
    """The calculation behind one base's units short."""
    one = model.rows(np.array([part]))
    short = base_backorders(one, depot_stock=depot_stock, base_stock=base_stock)[0, depot_stock, base]
    owed = float(backorders(one.depot, one.depot, highest=depot_stock)[0, depot_stock])
    return Trace(
        Formula.TWO_ECHELON,
        {
            "depot": float(one.depot[0]),
            "base": float(one.base[0, base]),
            "share": float(one.share[0, base]),
            "depot_stock": depot_stock,
            "base_stock": base_stock,
        },
        {"depot_owes": owed, "backorders": float(short[base_stock])},
        # A depot that never lacks any, and one that holds nothing.
        {
            "at_least": float(backorders(one.base, one.base, highest=base_stock)[0, base, base_stock]),
            "without_depot": float(
                base_backorders(one, depot_stock=0, base_stock=base_stock)[0, 0, base, base_stock]
            ),
        },
    )


@dataclass(frozen=True, slots=True)
class Split:
    """Where a number of units of each part does most good; see `best_split`.

    Args:
        first: the fewest units looked at, shape (parts,).
        total: units short on average at all bases together, weighted, with ``first + 0, 1, ...`` units; shape
            (parts, units).
        depot: of that many units, how many stay at the depot; same shape.
    """

    first: Counts
    total: Floats
    depot: Counts


def best_split(model: TwoEchelon, *, weight: ArrayLike = 1.0) -> Split:
    """For every number of units the split between depot and bases with the fewest units short.

    At a given depot stock the bases' units short are convex in their own stock, so the next unit goes where it takes
    off most; over depot stocks the best is chosen by looking at all. Where a part has more than `EXACT_UP_TO` units
    under way at the depot, only stocks from four standard deviations under their mean are looked at, a third of one apart.

    Args:
        model: the parts; those with similar numbers under way together, see `lead_time_demand.blocks`.
        weight: how much one unit short counts, broadcast to (parts, bases).
    """
    heavy = np.broadcast_to(np.asarray(weight, dtype=np.float64), model.base.shape)
    sd = np.sqrt(model.depot)
    large = model.depot > EXACT_UP_TO
    first = np.where(large, np.ceil(np.maximum(0.0, model.depot - 4 * sd)), 0.0).astype(np.int64)
    stride = max(1, int(sd[large].max(initial=0) / 3))
    count = int((np.ceil(model.depot + 6 * sd) + 3 - first).max(initial=0)) // stride + 1
    # Enough at a base even with the least stock at the depot.
    owed = model.share * np.maximum(0.0, model.depot - first)[:, None] + model.base
    highest = int(np.ceil(owed + 6 * np.sqrt(owed)).max(initial=0)) + 2
    short = (
        sweep(model, first=first, count=count, stride=stride, base_stock=highest) * heavy[:, None, :, None]
    )
    gain = np.sort((short[..., 1:] - short[..., :-1]).reshape(model.parts, count, -1), axis=2)
    worth = np.flatnonzero((gain < -NO_GAIN).any(axis=(0, 1)))
    most = int(worth[-1]) + 1 if worth.size else 0
    left = np.empty((model.parts, count, most + 1))
    left[..., 0] = short[..., 0].sum(axis=2)
    np.cumsum(gain[..., :most], axis=2, out=left[..., 1:])
    left[..., 1:] += left[..., :1]
    total = np.full((model.parts, (count - 1) * stride + most + 1), np.inf)
    depot = np.zeros(total.shape, dtype=np.int64)
    for step in range(count):
        span = slice(step * stride, step * stride + most + 1)
        better = left[:, step] < total[:, span] - 1e-15
        np.copyto(total[:, span], left[:, step], where=better)
        np.copyto(depot[:, span], (first + step * stride)[:, None], where=better)
    return Split(first, np.maximum(total, 0.0), depot)


def base_stocks_of(
    model: TwoEchelon, *, depot_stock: Counts, units: Counts, weight: ArrayLike = 1.0
) -> Counts:
    """Base stocks that go with a number of units of each part at the bases and a depot stock.

    Args:
        model: the parts.
        depot_stock: units at the depot, shape (parts,).
        units: units at all bases together, shape (parts,).
        weight: as in `best_split`.

    Returns:
        Shape (parts, bases); of equal gains the first base has it.
    """
    heavy = np.broadcast_to(np.asarray(weight, dtype=np.float64), model.base.shape)
    highest = int(units.max(initial=0)) + 1
    short = sweep(model, first=depot_stock, count=1, stride=1, base_stock=highest)[:, 0]
    gain = (short[..., :-1] - short[..., 1:]) * heavy[:, :, None]
    # Stable: of equal gains the lower unit of the earlier base comes first.
    order = np.argsort(-gain.transpose(0, 2, 1).reshape(model.parts, -1), axis=1, kind="stable")
    taken = np.arange(order.shape[1]) < units[:, None]
    at = np.zeros((model.parts, model.bases), dtype=np.int64)
    for base in range(model.bases):
        at[:, base] = (taken & (order % model.bases == base)).sum(axis=1)
    return at
