"""A worker to be killed: says on standard output when it has taken a run, then solves slowly until it is."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from api.usecases.plan_run import Job, Made
from api.worker import Worker
from storage.database import open_database

AT = datetime(2026, 3, 6, tzinfo=UTC)


class Standing:
    """The moment of the test."""

    def now(self) -> datetime:
        """Say it."""
        return AT


def made(words: str) -> Made:
    """A plan of nothing."""
    return Made(AT, "p", 100, 1, 0, words, "")


def solve(_job: Job, report: Callable[[Mapping[str, Any]], bool]) -> Made:
    """Report as often as the test said, telling after each, then come back with a plan."""
    for step in range(int(sys.argv[2])):
        report({"step": step})
        sys.stdout.write(f"step {step}\n")
        sys.stdout.flush()
    return made("victim")


if __name__ == "__main__":
    worker = Worker(
        open_database(sys.argv[1]),
        "victim",
        solve=solve,
        clock=Standing(),
        heartbeat=timedelta(milliseconds=5),
    )
    while worker.once() is not None:
        sys.stdout.write("ended\n")
        sys.stdout.flush()
