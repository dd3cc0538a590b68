"""Where scenarios run: in this process, in processes of this machine, or on a Dask cluster."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

from api.cluster import Cluster
from api.usecases.simulating import OneByOne

RETRIES = 3
"""Workers of a cluster that may die under one task before it is given up."""


@contextmanager
def spread_over(*, workers: int, cluster: str) -> Iterator[tuple[Executor, int]]:
    """Give an executor and how many tasks it works on at once.

    Args:
        workers: processes of this machine; 1: this one.
        cluster: address of a Dask scheduler; empty: this machine.

    Raises:
        Refusal: ``cluster.*`` as `api.cluster.Cluster`.
    """
    if cluster:
        there = Cluster(cluster)
        try:
            with there.pooled(retries=RETRIES) as executor:
                yield executor, there.at_once
        finally:
            there.close()
    elif workers == 1:
        yield OneByOne(), 1
    else:
        # Spawned: a child that begins with nothing of ours behaves the same on every system.
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_deaf) as pool:
            yield pool, workers


def _deaf() -> None:
    """Ctrl-C is for the one who gathers; workers finish what they are at."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
