"""Metrics in the text format of Prometheus: how many requests, how long, what waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from api.together import folder
from kernel.clock import Clock
from kernel.errors import Refusal
from storage.database import Database
from storage.outbox import counts
from storage.runs import longest_wait

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Waiting = Callable[[], dict[str, float]]
"""Numbers that are looked up when somebody asks: name -> value."""

_SAYS = {
    "run_wait_seconds": "How long the oldest waiting run has waited.",
    "outbox_waiting": "Messages that are due and not sent.",
    "outbox_dead": "Messages given up, waiting for somebody to look at them.",
}


def waiting(database: Database, clock: Clock) -> dict[str, float]:
    """What waits at this moment.

    Raises:
        Refusal: ``database.*``.
    """
    now = clock.now()
    with database.reading() as connection:
        letters = counts(connection, now=now)
        run = longest_wait(connection, now=now)
    return {
        "run_wait_seconds": run.total_seconds(),
        "outbox_waiting": letters["waiting"],
        "outbox_dead": letters["dead"],
    }


def ended_process(process: int) -> None:
    """Forget what a process of ours that is gone had open; what it has counted stays."""
    multiprocess.mark_process_dead(process)  # type: ignore[no-untyped-call]


class Metrics:
    """The numbers of one process; of all behind the port, where there are several.

    Args:
        waiting: looks up what is waiting; a database that is away leaves these out.
    """

    def __init__(self, waiting: Waiting) -> None:
        self.registry = CollectorRegistry()
        self._looked = _Looked(waiting)
        self._streams = Gauge(
            "fieldwright_live_streams",
            "Live streams open in this server.",
            multiprocess_mode="livesum",
            registry=self.registry,
        )
        self._requests = Counter(
            "fieldwright_requests",
            "Requests answered.",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "fieldwright_request_seconds",
            "Time to the end of an answer; streams are left out.",
            ["method", "route"],
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
            registry=self.registry,
        )
        self.registry.register(self._looked)

    def answered(self, method: str, route: str, status: int, seconds: float, *, stream: bool) -> None:
        """Count a request; `route` is its path with the names of its parameters, never their values."""
        self._requests.labels(method, route, str(status)).inc()
        if not stream:
            self._seconds.labels(method, route).observe(seconds)

    def stream(self, more: int) -> None:
        """Count a live stream that begins (1) or has ended (-1)."""
        self._streams.inc(more)

    def text(self) -> bytes:
        """All of it, as a scraper reads it."""
        if folder() is None:
            return generate_latest(self.registry)
        together = CollectorRegistry()
        multiprocess.MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        together.register(self._looked)
        return generate_latest(together)


class _Looked:
    def __init__(self, waiting: Waiting) -> None:
        self._waiting = waiting

    def describe(self) -> Iterator[Metric]:
        """Say what there will be, without looking."""
        for name, says in _SAYS.items():
            yield GaugeMetricFamily(f"fieldwright_{name}", says)

    def collect(self) -> Iterator[Metric]:
        """Look."""
        try:
            found = self._waiting()
        except Refusal:
            found = {}
        for name, value in found.items():
            yield GaugeMetricFamily(f"fieldwright_{name}", _SAYS[name], value=value)
