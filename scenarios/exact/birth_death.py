"""Steady states of small Markov chains, and the queues that are birth-death chains.

Rates are per hour (or any one unit), waits in that unit. Sources: Gross, Shortle, Thompson and Harris, Fundamentals of
Queueing Theory (2008); for abandonment Mandelbaum and Zeltyn, The Palm/Erlang-A queue (2007).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inventory.replenish.pooling import erlang_loss

Reals = NDArray[np.float64]
MOST_STATES = 20_000
"""A chain without an end is cut here; what lies beyond has no weight a float could show."""


def steady_state(births: Callable[[int], float], deaths: Callable[[int], float]) -> Reals:
    """Chances of 0, 1, 2 ... in a birth-death chain, cut where the births end or nothing is left.

    Args:
        births: rate from n to n + 1.
        deaths: rate from n to n - 1.

    >>> steady_state(lambda n: 1.0 if n < 2 else 0.0, lambda n: 1.0).round(6).tolist()
    [0.333333, 0.333333, 0.333333]
    """
    weights = [1.0]
    while len(weights) < MOST_STATES:
        more = births(len(weights) - 1)
        last = weights[-1] * more / deaths(len(weights)) if more > 0 else 0.0
        if last <= 1e-18 * sum(weights):
            break
        weights.append(last)
    return np.array(weights) / sum(weights)


@dataclass(frozen=True, slots=True)
class Wait:
    """What a queue comes to.

    Args:
        delay: share of arrivals that have to wait, of those who come in.
        wait: mean wait of those who come in, those who do not wait included.
        queue: mean number waiting.
        lost: share of arrivals turned away, or that give up.
    """

    delay: float
    wait: float
    queue: float
    lost: float = 0.0


def many_servers(arrivals: float, services: float, servers: int) -> Wait:
    """M/M/c: Erlang's delay formula, from his loss formula.

    >>> round(many_servers(4, 1, 5).wait, 6)
    0.554113
    """
    offered = arrivals / services
    loss = float(erlang_loss(offered, highest=servers)[servers])
    delay = servers * loss / (servers - offered * (1 - loss))
    wait = delay / (servers * services - arrivals)
    return Wait(delay, wait, arrivals * wait)


def limited(arrivals: float, services: float, servers: int, room: int) -> Wait:
    """M/M/c/K: at most `room` in the house; who finds it full is lost.

    >>> round(limited(4, 1, 3, 6).lost, 6)
    0.307831
    """
    chances = steady_state(lambda n: arrivals if n < room else 0.0, lambda n: min(n, servers) * services)
    lost = float(chances[room])
    queue = float(sum((n - servers) * p for n, p in enumerate(chances) if n > servers))
    delayed = float(chances[servers:room].sum()) / (1 - lost)
    return Wait(delayed, queue / (arrivals * (1 - lost)), queue, lost)


def impatient(arrivals: float, services: float, servers: int, gives_up: float) -> Wait:
    """M/M/c with exponential patience (Erlang-A, Palm): each who waits gives up at rate `gives_up`.

    `wait` is over all arrivals, those who give up included.

    >>> round(impatient(10, 1, 10, 0.5).lost, 6)
    0.103913
    """
    chances = steady_state(
        lambda n: arrivals,  # noqa: ARG005 nobody is turned away
        lambda n: min(n, servers) * services + max(0, n - servers) * gives_up,
    )
    queue = float(sum((n - servers) * p for n, p in enumerate(chances) if n > servers))
    return Wait(float(chances[servers:].sum()), queue / arrivals, queue, queue * gives_up / arrivals)


@dataclass(frozen=True, slots=True)
class Machines:
    """Machines that stand still on average, and what an hour costs."""

    down: float
    cost: float


def machine_repair(
    machines: int, technicians: int, *, calls: float, repairs: float, down_cost: float, technician_cost: float
) -> Machines:
    """Machine interference: each running machine calls at rate `calls`, each technician repairs at rate `repairs`.

    The field-service case of Winston, Operations Research (Office Equipment): a call per 50 hours per customer, 2.5
    hours a job, 80 an hour a technician, 100 an hour down.

    >>> case = dict(calls=1 / 50, repairs=1 / 2.5, down_cost=100, technician_cost=80)
    >>> [round(machine_repair(n, s, **case).cost, 1) for n, s in ((10, 1), (20, 2), (30, 2))]
    [155.9, 275.3, 391.9]
    """
    chances = steady_state(
        lambda n: (machines - n) * calls if n < machines else 0.0, lambda n: min(n, technicians) * repairs
    )
    down = float(chances @ np.arange(chances.size))
    return Machines(down, down_cost * down + technician_cost * technicians)


def by_tier(arrivals: tuple[float, ...], services: float, servers: int) -> tuple[float, ...]:
    """Mean waits in M/M/c with non-preemptive tiers, the first served first (Cobham 1954).

    >>> [round(wait, 6) for wait in by_tier((1, 3), 1, 5)]
    [0.138528, 0.692641]
    """
    delay = many_servers(sum(arrivals), services, servers).delay
    house = servers * services
    waits, before = [], 0.0
    for rate in arrivals:
        upto = before + rate
        waits.append(delay / house / ((1 - before / house) * (1 - upto / house)))
        before = upto
    return tuple(waits)
