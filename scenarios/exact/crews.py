"""Exact answers where crews and parts are more than one queue: the hypercube of a city, parts before engineers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]


def steady(rates: Reals) -> Reals:
    """Steady state of a Markov chain: `rates[i, j]` from i to j, the diagonal is not read."""
    system = rates - np.diag(np.diag(rates))
    system = np.transpose(system - np.diag(system.sum(axis=1))).copy()
    system[-1] = 1.0
    whole = np.zeros(len(system))
    whole[-1] = 1.0
    return np.asarray(np.linalg.solve(system, whole), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class City:
    """What the hypercube says: busy shares by server, share of calls that wait, share of dispatches out of the own area."""

    workloads: tuple[float, ...]
    delay: float
    inter_area: float


def hypercube(
    calls: tuple[tuple[float, int, tuple[int, ...]], ...], *, servers: int, service: float = 1.0
) -> City:
    """Larson's hypercube queueing model with first-come-first-served waiting (Larson and Odoni, Urban Operations Research, 5.4).

    Args:
        calls: (rate, area, servers in order of preference) of every place calls come from; server n belongs to area n.
        servers: how many.
        service: rate of each.

    >>> atoms = ((.5, 0, (0, 1, 2)), (.25, 0, (0, 2, 1)), (.35, 1, (1, 0, 2)), (.4, 2, (2, 0, 1)))
    >>> [round(share, 4) for share in hypercube(atoms, servers=3).workloads]
    [0.5574, 0.4734, 0.4693]
    """
    whole = sum(rate for rate, _, _ in calls)
    full = (1 << servers) - 1
    rates = np.zeros((full + 1, full + 1))
    chosen = {
        (state, number): next(n for n in order if not state >> n & 1)
        for state in range(full)
        for number, (_, _, order) in enumerate(calls)
    }
    for (state, number), server in chosen.items():
        rates[state, state | 1 << server] += calls[number][0]
    for state in range(1, full + 1):
        for server in range(servers):
            if state >> server & 1:
                rates[state, state & ~(1 << server)] += service
    # With a line the states above "all busy" fall off geometrically: their weight is added to it.
    inside = steady(rates)
    load = whole / (servers * service)
    line = inside[full] * load / (1 - load)
    chances = inside / (1 + line)
    delay = float(chances[full] / (1 - load))
    workloads = tuple(
        float(sum(chances[s] for s in range(full) if s >> server & 1)) + delay for server in range(servers)
    )
    outside = sum(
        chances[state] * calls[number][0] / whole
        for (state, number), server in chosen.items()
        if server != calls[number][1]
    )
    # Who waited is served by whoever is free first: any server alike.
    outside += delay * (servers - 1) / servers
    return City(workloads, delay, float(outside))


@dataclass(frozen=True, slots=True)
class PartsFirst:
    """Share of calls dealt with outside for want of a part, and the mean wait for an engineer of the others."""

    emergency: float
    wait: float


def parts_then_engineers(
    arrivals: float, stock: int, replenishment: float, engineers: int, services: float, *, cut: int = 160
) -> PartsFirst:
    """A call takes a part and then an engineer; with no part on the shelf it is dealt with outside.

    Args:
        arrivals: rate of calls.
        stock: units, each ordered anew when it is taken, and back after an exponential time.
        replenishment: its mean.
        engineers: how many.
        services: rate of each.
        cut: most calls with the engineers in the chain.

    >>> round(parts_then_engineers(1, 3, 2, 3, 0.5).wait, 6)
    0.237464
    """
    size = (stock + 1) * (cut + 1)
    rates = np.zeros((size, size))
    for ordered in range(stock + 1):
        for there in range(cut + 1):
            here = ordered * (cut + 1) + there
            if ordered < stock and there < cut:
                rates[here, here + cut + 2] += arrivals
            if ordered:
                rates[here, here - cut - 1] += ordered / replenishment
            if there:
                rates[here, here - 1] += min(there, engineers) * services
    chances = steady(rates).reshape(stock + 1, cut + 1)
    emergency = float(chances[stock].sum())
    queue = float(chances.sum(axis=0) @ np.maximum(0, np.arange(cut + 1) - engineers))
    return PartsFirst(emergency, queue / (arrivals * (1 - emergency)))
