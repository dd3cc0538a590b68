"""Which purchases come first when the money does not reach for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

import numpy as np

from inventory.catalogue.price import priced
from inventory.replenish.assessment import Assessment, Supply
from inventory.replenish.lead_time_demand import backorders
from inventory.replenish.reorder import Proposal, Source
from kernel.errors import Message, Refusal


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

    Order by order the one that takes off most for its price, at the prices and minimums of the supplier, until nothing
    more that helps is within the money.

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
    if budget < 0:
        raise Refusal("replenish.budget_negative", money=float(budget))
    if sum((wish.proposal.cost for wish in wishes), Decimal(0)) <= budget:
        return tuple(wish.proposal for wish in wishes)
    chosen = [0] * len(wishes)
    choices = [_choices(wish, shortage_weight[wish.judged.part.criticality - 1]) for wish in wishes]
    left = budget
    better = [_better(mine, 0, left) for mine in choices]
    while any(step.rate for step in better):
        best = max(range(len(wishes)), key=lambda row: (better[row].rate, -row))
        step = better[best]
        if step.money <= left:
            chosen[best], left = step.to, left - step.money
        # What was within reach when it was looked for may be so no longer.
        better[best] = _better(choices[best], chosen[best], left)
    found: list[Proposal] = []
    for wish, mine, at in zip(wishes, choices, chosen, strict=True):
        found += _cut(wish, mine[at].units, budget)
    return tuple(found)


class _Choice(NamedTuple):
    """So many units at what they cost together, and the weighted units short they leave."""

    units: int
    cost: Decimal
    short: float


class _Step(NamedTuple):
    """From what is chosen to another choice: what it takes off for the money, and the money."""

    rate: float
    to: int
    money: Decimal


def _better(choices: Sequence[_Choice], at: int, left: Decimal) -> _Step:
    """The choice within the money that takes off most for it; a step to where it is when there is none.

    Every order is looked at, not the next larger only: a minimum, or a price that falls with the order, is passed in one step.
    """
    here, best = choices[at], _Step(0.0, at, Decimal(0))
    for number, one in enumerate(choices[at + 1 :], start=at + 1):
        money, gain = one.cost - here.cost, here.short - one.short
        if gain > 0 and money <= left:
            rate = gain / float(money) if money > 0 else float("inf")
            if rate > best.rate:
                best = _Step(rate, number, money)
    return best


def _choices(wish: Wish, weight: float) -> tuple[_Choice, ...]:
    """Nothing, and every order up to the one proposed, with what it costs at the prices it reaches."""
    terms, judged, demand = wish.way.terms, wish.judged, wish.judged.demand
    first = min(terms.order_of(1), wish.proposal.quantity)
    bought = np.array([0, *range(first, wish.proposal.quantity + 1, terms.multiple)])
    level = judged.projected + np.floor(bought * wish.way.accepted + 1e-9).astype(np.int64)
    table = backorders(demand.mean, demand.variance, highest=max(0, int(level.max())))
    short = np.where(level >= 0, table[np.maximum(level, 0)], demand.mean - level)
    costs = (
        priced(terms, wish.way.breaks, units, quantity=units).cost if units else Decimal(0)
        for units in bought.tolist()
    )
    return tuple(
        _Choice(units, cost, weight * float(lacks))
        for units, cost, lacks in zip(bought.tolist(), costs, short.tolist(), strict=True)
    )


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
    # Fewer units may reach no break, or another one.
    bought = priced(wish.way.terms, wish.way.breaks, units, quantity=units)
    return [replace(whole, quantity=units, cost=bought.cost, why=why), missing]
