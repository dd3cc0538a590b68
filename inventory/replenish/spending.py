"""Which purchases come first when the money does not reach for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from inventory.catalogue.price import priced
from inventory.replenish.assessment import Assessment, Supply
from inventory.replenish.lead_time_demand import Floats, backorders
from inventory.replenish.reorder import Proposal, Source
from inventory.replenish.system import Run, sorted_steps, within_budget
from kernel.errors import Message


@dataclass(frozen=True, slots=True)
class Wish:
    """A purchase that was proposed, with what it was judged by and how it is bought."""

    proposal: Proposal
    judged: Assessment
    way: Supply


def spend(
    wishes: Sequence[Wish], *, budget: Decimal, shortage_weight: tuple[float, float, float]
) -> tuple[Proposal, ...]:
    """Buy what takes off most expected shortage for the money, weighted by how much a part matters.

    A purchase is cut to fewer lots, or left out, where the money does more elsewhere; nothing is dropped: what is not
    bought stays as a proposal without a source that says so.

    Args:
        wishes: purchases as they would be without a limit.
        budget: money for all of them together.
        shortage_weight: see `ReviewSettings`.

    Returns:
        One proposal for every wish, or two where it is bought in part, in order.

    Raises:
        Refusal: ``replenish.budget_negative``.
    """
    if sum((wish.proposal.cost for wish in wishes), Decimal(0)) <= budget:
        # Below, units cost what one alone costs; orders at a lower price may be within reach all the same.
        return tuple(wish.proposal for wish in wishes)
    runs, start = [], np.zeros(len(wishes))
    for row, wish in enumerate(wishes):
        units, short = _curve(wish)
        weight = shortage_weight[wish.judged.part.criticality - 1]
        start[row] = weight * short[0]
        runs.append(Run(np.full(len(units), row), units, -weight * np.diff(short)))
    price = np.array([float(wish.way.terms.price) for wish in wishes])
    chosen = within_budget(sorted_steps(runs, price, start), money=float(budget))
    found: list[Proposal] = []
    for wish, units in zip(wishes, chosen.units.tolist(), strict=True):
        found += _cut(wish, units, budget)
    return tuple(found)


def _curve(wish: Wish) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], Floats]:
    """Lots of a purchase, and expected units short before the first and after each."""
    terms, judged, demand = wish.way.terms, wish.judged, wish.judged.demand
    first = min(terms.order_of(1), wish.proposal.quantity)
    bought = np.array([0, *range(first, wish.proposal.quantity + 1, terms.multiple)])
    level = judged.projected + np.floor(bought * wish.way.accepted + 1e-9).astype(np.int64)
    table = backorders(demand.mean, demand.variance, highest=max(0, int(level.max())))
    short = np.where(level >= 0, table[np.maximum(level, 0)], demand.mean - level)
    return np.diff(bought), short


def _cut(wish: Wish, units: int, budget: Decimal) -> list[Proposal]:
    whole = wish.proposal
    if units == whole.quantity:
        return [whole]
    left = whole.quantity - units
    step = Message("reorder.over_budget", {"left": left, "wanted": whole.quantity, "budget": str(budget)})
    why = (*whole.why, step)
    missing = replace(
        whole, quantity=left, source=Source.NONE, supplier="", arrives_at=None, cost=Decimal(0), why=why
    )
    if not units:
        return [missing]
    # Fewer units may reach no break, or another one; money was counted at the price of one unit, never too little.
    bought = priced(wish.way.terms, wish.way.breaks, units, quantity=units)
    return [replace(whole, quantity=units, cost=bought.cost, why=why), missing]
