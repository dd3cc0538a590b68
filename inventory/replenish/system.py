"""How much money where: the stock of all parts together that brings most for the money.

Item by item every part has to reach the same target, whatever it costs. Together, money goes where one more yuan
takes off most units short, weighted by how much a missing part hurts: the same availability for far less.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inventory.replenish.echelon import Counts, Split, TwoEchelon, base_stocks_of, best_split
from inventory.replenish.lead_time_demand import Floats, backorders, blocks, checked, reach
from inventory.replenish.trace import Formula, Trace
from kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class Steps:
    """What more stock brings, step by step, best first.

    Args:
        part: row of the part a step is of.
        units: units the step adds.
        gain: weighted units short it takes off.
        money: what it costs.
        start: weighted units short with no stock at all, shape (parts,).
    """

    part: Counts
    units: Counts
    gain: Floats
    money: Floats
    start: Floats


class Run(NamedTuple):
    """Steps of one part or several, each part's in order of falling gain for its money; arrays of equal length."""

    part: Counts
    units: Counts
    gain: Floats


@dataclass(frozen=True, slots=True)
class Chosen:
    """Units of every part, for all parts together.

    Args:
        units: shape (parts,).
        short: weighted units short on average that are left.
        money: what the units cost.
        at_best: of the stocks the curves hold none for at most this money leaves fewer weighted units short.
        why: the calculation.
    """

    units: Counts
    short: float
    money: float
    at_best: float
    why: Trace


def place_steps(
    mean: ArrayLike,
    variance: ArrayLike,
    *,
    price: ArrayLike,
    weight: ArrayLike = 1.0,
    most: ArrayLike | None = None,
) -> Steps:
    """Steps of parts at one place each: base stock against demand over the lead time.

    Args:
        mean: lead-time demand, units, shape (parts,).
        variance: its variance.
        price: money a unit.
        weight: how much one unit short counts.
        most: units of each part that may be kept at most (room, shelf life); None: no limit.

    Raises:
        Refusal: ``replenish.demand_figures``, ``replenish.price_below_zero``.
    """
    centre, spread = checked(mean, variance)
    worth, heavy = _each(price, centre), _each(weight, centre)
    found = []
    # A negative binomial tail falls by about 1 - mean / variance a unit: on until a millionth of it is left.
    wide = np.divide(spread, centre, out=np.zeros_like(centre), where=centre > 0)
    highest = reach(centre, spread) + np.ceil(14 * wide).astype(np.int64)
    if most is not None:
        highest = np.minimum(highest, np.asarray(most, dtype=np.int64))
    for rows in blocks(highest):
        short = backorders(centre[rows], spread[rows], highest=int(highest[rows].max()))
        gain = (short[:, :-1] - short[:, 1:]) * heavy[rows, None]
        part = np.broadcast_to(rows[:, None], gain.shape)
        keep = (gain > 0) & (np.arange(gain.shape[1]) < highest[rows, None])
        found.append(Run(part[keep], np.ones(int(keep.sum()), dtype=np.int64), gain[keep]))
    return sorted_steps(found, worth, centre * heavy)


@dataclass(frozen=True, slots=True)
class Curves:
    """What every number of units of each part brings at a depot and its bases, in its best split.

    Args:
        model: the parts.
        weight: how much one unit short counts, shape (parts, bases).
        splits: rows of parts with similar numbers under way, and their splits.
    """

    model: TwoEchelon
    weight: Floats
    splits: tuple[tuple[Counts, Split], ...]

    def steps(self, *, price: ArrayLike) -> Steps:
        """Steps of all parts, each part's curve made convex; `price` money a unit, shape (parts,)."""
        model = self.model
        start = ((model.share * model.depot[:, None] + model.base) * self.weight).sum(axis=1)
        found = [
            _convex(int(row), int(first), float(start[row]), total)
            for rows, split in self.splits
            for row, first, total in zip(rows, split.first, split.total, strict=True)
        ]
        return sorted_steps(found, _each(price, model.depot), start)

    def split(self, units: Counts) -> tuple[Counts, Counts]:
        """Split chosen units between depot and bases: stock at the depot (parts,), at the bases (parts, bases)."""
        depot = np.zeros(self.model.parts, dtype=np.int64)
        bases = np.zeros((self.model.parts, self.model.bases), dtype=np.int64)
        for rows, split in self.splits:
            place = np.clip(units[rows] - split.first, 0, split.total.shape[1] - 1)
            best = split.depot[np.arange(len(rows)), place]
            depot[rows] = np.where(units[rows] >= split.first, best, 0)
            bases[rows] = base_stocks_of(
                self.model.rows(rows),
                depot_stock=depot[rows],
                units=units[rows] - depot[rows],
                weight=self.weight[rows],
            )
        return depot, bases


def curves(model: TwoEchelon, *, weight: ArrayLike = 1.0) -> Curves:
    """Work out what every number of units of each part brings; see `echelon.best_split`.

    Args:
        model: the parts.
        weight: how much one unit short counts, broadcast to (parts, bases).
    """
    heavy = np.broadcast_to(np.asarray(weight, dtype=np.float64), model.base.shape)
    splits = tuple((rows, best_split(model.rows(rows), weight=heavy[rows])) for rows in _alike(model))
    return Curves(model, heavy, splits)


def sorted_steps(found: Sequence[Run], price: Floats, start: Floats) -> Steps:
    """Sort steps by what they bring for the money.

    Args:
        found: steps.
        price: money a unit, shape (parts,).
        start: weighted units short with no stock at all, shape (parts,).

    Raises:
        Refusal: ``replenish.price_below_zero``.
    """
    if price.size and price.min() < 0:
        raise Refusal("replenish.price_below_zero", price=float(price.min()))
    nothing = np.zeros(0, dtype=np.int64)
    part = np.concatenate([some.part for some in found]) if found else nothing
    units = np.concatenate([some.units for some in found]) if found else nothing
    gain = np.concatenate([some.gain for some in found]) if found else np.zeros(0)
    money = price[part] * units
    with np.errstate(divide="ignore"):
        rate = np.where(money > 0, gain / money, np.inf)
    # Stable, and a part's own steps fall: within one part they stay in order.
    order = np.argsort(-rate, kind="stable")
    return Steps(part[order], units[order], gain[order], money[order], start)


def within_budget(steps: Steps, *, money: float) -> Chosen:
    """The stock that leaves fewest weighted units short for at most this money.

    Steps are taken best first while they fit; then smaller ones of other parts that still fit. What is left over is
    less than one step, and `Chosen.at_best` says how much a plan could still be better.

    Source: Fox (1966), Management Science 13(3), 210-216; Sherbrooke (2004), ch. 2.

    Raises:
        Refusal: ``replenish.budget_negative``.
    """
    if money < 0:
        raise Refusal("replenish.budget_negative", money=money)
    spent = np.cumsum(steps.money)
    fits = int(np.searchsorted(spent, money * (1 + 1e-12), side="right"))
    taken = np.zeros(len(spent), dtype=np.bool_)
    taken[:fits] = True
    left = money - (float(spent[fits - 1]) if fits else 0.0)
    best = float(steps.start.sum() - steps.gain[:fits].sum())
    if fits < len(spent):
        best -= float(steps.gain[fits] * left / steps.money[fits])
        _fill(steps, taken, fits, left)
    return _chosen(steps, taken, Formula.SYSTEM_BUDGET, {"budget": money}, best)


def down_to(steps: Steps, *, short: float) -> Chosen:
    """The stock that costs least and leaves at most this many weighted units short.

    Raises:
        Refusal: ``replenish.target_out_of_reach``.
    """
    total = float(steps.start.sum())
    after = total - np.cumsum(steps.gain)
    if total <= short:
        return _chosen(
            steps, np.zeros(len(after), dtype=np.bool_), Formula.SYSTEM_TARGET, {"wanted": short}, total
        )
    if not len(after) or after[-1] > short:
        reached = float(after[-1]) if len(after) else total
        raise Refusal("replenish.target_out_of_reach", wanted=short, reached=round(reached, 6))
    last = int(np.argmax(after <= short))
    taken = np.arange(len(after)) <= last
    return _chosen(steps, taken, Formula.SYSTEM_TARGET, {"wanted": short}, float(after[last]))


def _each(value: ArrayLike, like: Floats) -> Floats:
    return np.broadcast_to(np.asarray(value, dtype=np.float64), like.shape)


def _alike(model: TwoEchelon) -> Iterator[Counts]:
    """Parts with similar numbers under way together: the tables of a block grow with the square of its width."""
    sd = np.sqrt(model.depot)
    width = np.ceil(model.depot + 10 * sd).astype(np.int64) + 8
    return blocks(width * width * model.bases)


def _convex(part: int, first: int, start: float, total: Floats) -> Run:
    """Steps between the corners of the lower convex hull of one part's curve, from no units on."""
    corners = [(0, start)]
    for units, value in enumerate(total.tolist(), start=first):
        if units == 0:
            continue
        if value >= corners[-1][1]:
            continue
        while len(corners) > 1 and _bends_up(corners[-2], corners[-1], (units, value)):
            corners.pop()
        corners.append((units, value))
    points = np.array(corners)
    steps = np.diff(points[:, 0]).astype(np.int64)
    return Run(np.full(len(steps), part), steps, -np.diff(points[:, 1]))


def _bends_up(one: tuple[int, float], two: tuple[int, float], three: tuple[int, float]) -> bool:
    """Whether the middle point lies on or above the line between its neighbours."""
    return (two[1] - one[1]) * (three[0] - one[0]) >= (three[1] - one[1]) * (two[0] - one[0])


def _fill(steps: Steps, taken: NDArray[np.bool_], first: int, left: float) -> None:
    """Take what still fits after the first step that does not, never a step whose part's earlier one is left out."""
    skipped = np.zeros(len(steps.start), dtype=np.bool_)
    cheapest = np.minimum.accumulate(steps.money[first:][::-1])[::-1]
    for step in range(first, len(steps.part)):
        if cheapest[step - first] > left:
            return
        part = int(steps.part[step])
        if steps.money[step] > left or skipped[part]:
            skipped[part] = True
            continue
        taken[step] = True
        left -= float(steps.money[step])


def _chosen(
    steps: Steps, taken: NDArray[np.bool_], formula: Formula, asked: dict[str, float], best: float
) -> Chosen:
    units = np.bincount(steps.part[taken], weights=steps.units[taken], minlength=len(steps.start)).astype(
        np.int64
    )
    short = float(steps.start.sum() - steps.gain[taken].sum())
    money = float(steps.money[taken].sum())
    why = Trace(
        formula,
        {"parts": len(steps.start), "without_stock": float(steps.start.sum()), **asked},
        {"units": int(units.sum()), "money": money, "short": short},
        {"at_best": best},
    )
    return Chosen(units, short, money, best, why)
