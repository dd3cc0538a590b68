"""Replications of scenarios on an executor: shared out, gathered, and always counted in the same order.

The port is `concurrent.futures.Executor`: one after another here (`OneByOne`), processes of this machine, or a Dask
cluster. A replication depends on its world, its number and the seed alone, so where it runs changes no byte.
"""

from __future__ import annotations

import gc
import pickle
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from functools import lru_cache
from hashlib import sha256
from typing import Any

from kernel.errors import Refusal
from scenarios.measure.compare import Runs
from scenarios.measure.diary import DaysKept, diary
from scenarios.measure.figures import Measured, measured
from scenarios.measure.simulated import Simulated, Wanted
from scenarios.run.layout import Layout, laid_out
from scenarios.run.simulate import Policy, simulate_laid
from scenarios.run.world import World

FEWEST, MOST = 5, 20
"""Replications in one task: enough to be worth sending, few enough to share out and to show progress."""


def policies_named(words: str, /) -> tuple[Policy, ...]:
    """Read policies with commas between them, each once; refuses ``scenario.unknown_choice``."""
    named = [word.strip() for word in words.split(",")]
    for word in named:
        if word not in set(Policy):
            raise Refusal("scenario.unknown_choice", key="policy", value=word[:60], choices=", ".join(Policy))
    return tuple(dict.fromkeys(map(Policy, named)))


class OneByOne(Executor):
    """The executor that does everything itself, at once."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do it now."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 given to whoever asks for the result
            future.set_exception(error)
        return future


@dataclass(frozen=True, slots=True)
class Sent:
    """A world as bytes: written once, sent with each of its tasks, read and laid out once by each worker.

    Args:
        digest: of the content: two of one digest are one world.
        content: the pickled world.
    """

    digest: bytes
    content: bytes = field(compare=False, repr=False)


def sent(world: World, /) -> Sent:
    """Write a world down for its tasks."""
    content = pickle.dumps(world, pickle.HIGHEST_PROTOCOL)
    return Sent(sha256(content).digest(), content)


@lru_cache(maxsize=4)  # safe to share between threads: a worker of a cluster may have several
def _laid_out(one: Sent) -> Layout:
    """The layout of a world that was sent; the last few are kept, because replications of one world come in several tasks."""
    # Only what this program wrote itself comes here: an executor of its own hands it over.
    return laid_out(pickle.loads(one.content))  # noqa: S301


def replicated(
    world: Sent, policy: Policy, replications: tuple[int, ...], seed: int, kept: DaysKept | None = None
) -> tuple[Measured, ...]:
    """Run a few replications and keep what is measured of them: the task an executor is given.

    Raises:
        Refusal: those of `simulate`.
    """
    found = []
    laid = _laid_out(world)
    # What is there now outlives the replications: the collector need not go through all of it again and again meanwhile.
    gc.freeze()
    try:
        for outcome in simulate_laid(laid, policy, replications=replications, seed=seed):
            one = measured(outcome, down_hour_cents=laid.world.down_hour_cents)
            if kept is not None and kept.replication == outcome.replication:
                one = replace(one, diary=diary(outcome, laid.world, days=kept.days))
            found.append(one)
    finally:
        gc.unfreeze()
    return tuple(found)


def tasks(wanted: Wanted, /, *, at_once: int) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Share the replications out: (scenario, numbers); the same numbers of all scenarios before the next numbers.

    So whatever is done when somebody stops can be compared pair by pair.
    """
    each = -(-wanted.replications * len(wanted.scenarios) // (4 * at_once))
    size = max(FEWEST, min(MOST, each))
    for first in range(0, wanted.replications, size):
        numbers = tuple(range(first, min(first + size, wanted.replications)))
        for scenario in range(len(wanted.scenarios)):
            yield scenario, numbers


def simulated(
    wanted: Wanted,
    executor: Executor,
    /,
    *,
    at_once: int,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Simulated:
    """Simulate on an executor; Ctrl-C (`KeyboardInterrupt`) ends it with what is done.

    Args:
        wanted: scenarios and replications.
        executor: where.
        at_once: tasks it works on at one time; twice as many are handed to it.
        progress: told (replications done, replications wanted), all scenarios together.

    Raises:
        Refusal: ``scenario.no_such_replication`` where days of one that is not simulated are to be kept; of the first task
            that was refused; ``scenario.worker_died``; ``scenario.stopped_too_soon`` when it was
            stopped before one replication of every scenario was done.
    """
    if wanted.days_kept is not None and wanted.days_kept.replication >= wanted.replications:
        raise Refusal(
            "scenario.no_such_replication", value=wanted.days_kept.replication, last=wanted.replications - 1
        )
    done: list[dict[int, Measured]] = [{} for _ in wanted.scenarios]
    left = tasks(wanted, at_once=at_once)
    running: dict[Future[Any], int] = {}
    worlds = [sent(one.world) for one in wanted.scenarios]
    whole = wanted.replications * len(wanted.scenarios)
    try:
        while True:
            while len(running) < 2 * at_once and (task := next(left, None)) is not None:
                scenario, numbers = task
                one = wanted.scenarios[scenario]
                how = one.policy or wanted.policy
                future = executor.submit(
                    replicated, worlds[scenario], how, numbers, wanted.seed, wanted.days_kept
                )
                running[future] = scenario
                if future.done():
                    break
            if not running:
                break
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                _gather(future, done[running.pop(future)])
                progress(sum(map(len, done)), whole)
    except KeyboardInterrupt:
        for future in running:
            future.cancel()
    except BaseException:
        for future in running:
            future.cancel()
        raise
    return _compared(wanted, done)


def _gather(future: Future[Any], into: dict[int, Measured]) -> None:
    try:
        found: Sequence[Measured] = future.result()
    except BrokenProcessPool:
        raise Refusal("scenario.worker_died") from None
    into.update((one.replication, one) for one in found)


def _compared(wanted: Wanted, done: Sequence[dict[int, Measured]]) -> Simulated:
    common = tuple(sorted(set.intersection(*(set(one) for one in done))))
    if not common:
        raise Refusal("scenario.stopped_too_soon")
    runs = tuple(
        Runs(scenario.id, scenario.engineers, tuple(found[number] for number in common))
        for scenario, found in zip(wanted.scenarios, done, strict=True)
    )
    return Simulated(wanted, runs, common)
