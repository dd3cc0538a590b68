"""`simulate`: one replication of a world under a policy; the same arguments give the same outcome, byte for byte."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from kernel.errors import Refusal
from scenarios.run.booked import booked
from scenarios.run.fast import Fast
from scenarios.run.layout import Layout, laid_out
from scenarios.run.live import Live
from scenarios.run.loop import Loop
from scenarios.run.outcome import Outcome
from scenarios.run.world import World


class Policy(StrEnum):
    """How visits are given to engineers."""

    FAST = "fast"
    """Whoever is free takes what is due soonest, the way there counting double: milliseconds for a day."""
    LIVE = "live"
    """The planner of live work, at the events that have live work planned again: seconds for a day."""


_LOOPS: dict[Policy, type[Loop]] = {Policy.FAST: Fast, Policy.LIVE: Live}


def simulate(world: World, policy: Policy = Policy.FAST, *, replication: int, seed: int) -> Outcome:
    """Run one replication.

    Args:
        world: what to simulate.
        policy: how visits are given out.
        replication: its number, from 0: which part of chance it draws.
        seed: the root of all chance, not negative.

    Raises:
        Refusal: ``scenario.*`` when the world contradicts itself; ``scenario.books_open`` when what happened does not
            add up, which no report may hide.
    """
    return next(iter(simulate_each(world, policy, replications=(replication,), seed=seed)))


def simulate_each(
    world: World, policy: Policy = Policy.FAST, *, replications: Iterable[int], seed: int
) -> Iterator[Outcome]:
    """Run several replications one after another; the world is laid out once, which pays from the second one on."""
    yield from simulate_laid(laid_out(world), policy, replications=replications, seed=seed)


def simulate_laid(
    laid: Layout, policy: Policy = Policy.FAST, *, replications: Iterable[int], seed: int
) -> Iterator[Outcome]:
    """Run several replications of a world that is laid out already."""
    for replication in replications:
        yield _one(laid, policy, replication=replication, seed=seed)


def _one(laid: Layout, policy: Policy, *, replication: int, seed: int) -> Outcome:
    if seed < 0 or replication < 0:
        raise Refusal("scenario.seed_out_of_range", value=min(seed, replication))
    loop = _LOOPS[policy](laid, seed=seed, replication=replication)
    loop.run()
    return booked(loop, replication=replication, seed=seed)
