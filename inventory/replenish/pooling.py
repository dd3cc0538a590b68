"""Where a part comes from when the own shelf is bare: the neighbour's, or an emergency delivery.

Demand at random (Poisson); a place that hands a unit out gets it back after the lead time. A place without stock is
served by another one that has some (lateral), and from outside at once when none has (emergency): demand never waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

import numpy as np

from inventory.replenish.lead_time_demand import Floats
from inventory.replenish.trace import Formula, Trace
from kernel.errors import Refusal

MOST_STATES = 4096
"""Combinations of stock on hand that are worked through exactly."""


def erlang_loss(offered: float, /, *, highest: int) -> Floats:
    """Erlang's B: share of demand that finds 0, 1, ... `highest` units all out, ``B(0) = 1``.

    ``B(c) = a B(c - 1) / (c + a B(c - 1))`` with a units out on average if there were always one more. Only the mean
    of the time a unit is out matters, not its spread.

    Source: Erlang (1917); Jagerman (1974), Bell System Technical Journal 53(3), 525-551.

    Args:
        offered: a, demand rate times mean time out.
        highest: most units.

    Raises:
        Refusal: ``replenish.negative_load``.

    >>> erlang_loss(1.0, highest=3).tolist()
    [1.0, 0.5, 0.2, 0.0625]
    """
    if offered < 0:
        raise Refusal("replenish.negative_load", value=offered)
    lost = np.ones(highest + 1)
    for units in range(1, highest + 1):
        lost[units] = offered * lost[units - 1] / (units + offered * lost[units - 1])
    return lost


@dataclass(frozen=True, slots=True)
class Shares:
    """Where demand is served from, place by place; the three add up to 1.

    Args:
        own: share from the own shelf.
        lateral: share from another place.
        emergency: share from outside; the same everywhere, since all places share what they have.
        why: the calculation.
    """

    own: tuple[float, ...]
    lateral: tuple[float, ...]
    emergency: float
    why: Trace


def shares(
    stock: Sequence[int], demand: Sequence[float], *, givers: Sequence[Sequence[int]] | None = None
) -> Shares:
    """Work out where demand is served from when places help each other, exactly.

    Units on hand are a Markov chain, lead times exponential. How many units are out altogether does not depend on who
    gives: it is Erlang's loss system of all places together, so that the emergency share is ``B(Σ S, Σ a)`` whatever
    the rule, and for any spread of the lead time. The split into own and lateral does depend on it.

    Source: Axsäter (1990), Management Science 36(11), 1329-1338; Kranenburg and van Houtum (2009), European Journal
    of Operational Research 194(2), 485-500.

    Args:
        stock: units each place keeps.
        demand: units asked for at each place in one lead time.
        givers: for each place the others in the order it asks them; None: by number.

    Raises:
        Refusal: ``replenish.negative_load``, ``replenish.negative_stock``, ``replenish.givers``, ``replenish.too_many_states``.

    >>> found = shares([2, 1], [1.0, 0.5])
    >>> [round(share, 6) for share in (*found.own, *found.lateral, found.emergency)]
    [0.756861, 0.594126, 0.108811, 0.271545, 0.134328]
    """
    if len(stock) != len(demand) or not stock or min(stock) < 0:
        raise Refusal("replenish.negative_stock")
    if min(demand) < 0:
        raise Refusal("replenish.negative_load", value=min(demand))
    places = range(len(stock))
    asked = tuple(tuple(p for p in places if p != place) for place in places) if givers is None else givers
    if [sorted(order) for order in asked] != [[p for p in places if p != place] for place in places]:
        raise Refusal("replenish.givers")
    if prod(units + 1 for units in stock) > MOST_STATES:
        raise Refusal("replenish.too_many_states", highest=MOST_STATES)
    emergency = float(erlang_loss(sum(demand), highest=sum(stock))[-1])
    states = list(product(*(range(units + 1) for units in stock)))
    chance = _steady(states, stock, demand, asked)
    own = tuple(
        float(sum(chance[row] for row, state in enumerate(states) if state[place])) for place in places
    )
    return Shares(
        own=own,
        lateral=tuple(max(0.0, 1 - share - emergency) for share in own),
        emergency=emergency,
        why=Trace(
            Formula.SHARES,
            {"places": len(stock), "stock": sum(stock), "demand": sum(demand)},
            {"emergency": emergency, "own_least": min(own), "own_most": max(own)},
        ),
    )


def _steady(
    states: list[tuple[int, ...]],
    stock: Sequence[int],
    demand: Sequence[float],
    givers: Sequence[Sequence[int]],
) -> Floats:
    """How often each state of units on hand is found in the long run."""
    index = {state: row for row, state in enumerate(states)}
    flow = np.zeros((len(states), len(states)))
    for row, state in enumerate(states):
        for place, rate in enumerate(demand):
            giver = next((p for p in (place, *givers[place]) if state[p]), None)
            if giver is not None:
                flow[row, index[_changed(state, giver, -1)]] += rate
            if state[place] < stock[place]:
                flow[row, index[_changed(state, place, 1)]] += stock[place] - state[place]
    flow -= np.diag(flow.sum(axis=1))
    balance = flow.T.copy()
    balance[0] = 1.0  # one balance equation follows from the others; the chances add up to one
    right = np.zeros(len(states))
    right[0] = 1.0
    return np.asarray(np.linalg.solve(balance, right), dtype=np.float64)


def _changed(state: tuple[int, ...], place: int, by: int) -> tuple[int, ...]:
    return (*state[:place], state[place] + by, *state[place + 1 :])


@dataclass(frozen=True, slots=True)
class PoolSize:
    """How many loaner units of a class are kept.

    Args:
        units: the fewest that reach the target.
        refused: share of requests that then find none free.
        curve: that share with 0, 1, ... units, some beyond `units`.
        use: share of the time a unit is out or being made ready.
        why: the calculation.
    """

    units: int
    refused: float
    curve: tuple[float, ...]
    use: float
    why: Trace


BEYOND = 5
"""How many more units than needed the curve shows."""

MOST_UNITS = 10_000
"""Pools above this are refused: the figures behind them are wrong."""


def pool_size(
    *, requests_a_day: float, days_out: float, days_made_ready: float, refused_at_most: float
) -> PoolSize:
    """The fewest loaner units with which at most this share of requests finds none free.

    Who finds none is helped otherwise and does not wait. A unit is out for the loan and then blocked while it is
    cleaned and inspected.

    Args:
        requests_a_day: requests for a loaner of the class.
        days_out: how long one is out on average.
        days_made_ready: days of cleaning and inspection before it can go out again.
        refused_at_most: above 0 and below 1.

    Source: `erlang_loss`.

    Raises:
        Refusal: ``replenish.negative_load``, ``replenish.fraction_out_of_range``, ``replenish.pool_too_large``.

    >>> pool_size(requests_a_day=0.5, days_out=3, days_made_ready=1, refused_at_most=0.1).units
    4
    """
    if not 0 < refused_at_most < 1:
        raise Refusal("replenish.fraction_out_of_range", value=refused_at_most)
    if not all(
        given >= 0 for given in (requests_a_day, days_out, days_made_ready)
    ):  # nor is "nan" a number of days
        raise Refusal("replenish.negative_load", value=min(requests_a_day, days_out, days_made_ready))
    offered = requests_a_day * (days_out + days_made_ready)
    if offered > MOST_UNITS / 2:
        raise Refusal("replenish.pool_too_large", offered=round(offered, 1))
    # Twice the load and ten more leave a share far below any target that is worth money; the loop says when not.
    highest = int(2 * offered) + 10
    lost = erlang_loss(offered, highest=highest)
    while lost[-1] > refused_at_most and highest < 4 * MOST_UNITS:
        highest *= 2
        lost = erlang_loss(offered, highest=highest)
    units = int(np.argmax(lost <= refused_at_most))
    refused = float(lost[units])
    use = offered * (1 - refused) / units if units else 0.0
    curve = erlang_loss(offered, highest=units + BEYOND)
    why = Trace(
        Formula.POOL,
        {"requests": requests_a_day, "days": days_out, "ready": days_made_ready, "target": refused_at_most},
        {"offered": offered, "units": units, "refused": refused, "use": use},
        {"one_less": float(lost[units - 1]) if units else 1.0, "one_more": float(curve[units + 1])},
    )
    return PoolSize(units, refused, tuple(float(share) for share in curve), use, why)
