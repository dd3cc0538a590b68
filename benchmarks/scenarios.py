"""``python -m benchmarks scenarios --error 0.005``: every closed form through the simulation until its standard error is small.

Every row gets replications, a few at a time, until each of its figures is that sure (twelve times as long as in the
tests: a warm-up paid for once, then little of what is begun and not ended). ``--state FILE`` keeps what every replication gave, so
that a run that was stopped goes on where it was; rows that were enough are printed again without running. ``--row NAME``
(the beginning of a name) takes some of them, ``--fleet`` measures the loop instead: 100 engineers for 26 weeks.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from time import process_time
from typing import Any

from scenarios.exact.row import Row, Tried, compared, ran
from scenarios.exact.textbook import rows
from scenarios.fitted.world import scaled, world_of
from scenarios.run.simulate import simulate_each
from scenarios.world.region import region
from scenarios.world.spec import Spec
from storage.plan_file import write_whole

TIMES = 12.0
"""A replication is so many times as long as in the tests."""
AT_ONCE, LEAST, MOST = 5, 10, 4000
"""Replications between two looks at the error; fewest before the first look; most of a row."""
FLEET = Spec(engineers=100, visits=300, closed=8000, parts=150)


def main(arguments: Sequence[str]) -> int:
    """Run the command; 0 when every figure lies within three standard errors and those are small enough."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks scenarios")
    parser.add_argument("--error", type=float, default=0.005, help="relative standard error to reach")
    parser.add_argument("--row", default="", help="beginning of the names of rows to run")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--state", type=Path, help="file that keeps what every replication gave")
    parser.add_argument("--fleet", type=int, default=0, metavar="N", help="N replications of 100 engineers")
    chosen = parser.parse_args(arguments)
    if chosen.fleet:
        return _fleet(chosen.fleet, seed=chosen.seed)
    good, kept = True, _Kept(chosen.state)
    for number, row in enumerate(rows()):
        if row.name.startswith(chosen.row):
            good &= _row(row, kept, error=chosen.error, seed=chosen.seed + 1000 * number)
    return 0 if good else 1


class _Kept:
    """What was run: by row and seed the CPU seconds spent and the figures of each replication, in their order."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        known = file.read_text(encoding="utf-8") if file is not None and file.exists() else "{}"
        self._rows: dict[str, dict[str, Any]] = json.loads(known)

    def of(self, row: Row, seed: int) -> tuple[float, list[list[float]]]:
        """CPU seconds and figures of what was run."""
        found = self._rows.get(f"{row.name} | {seed} | {TIMES}", {"cpu_s": 0.0, "figures": []})
        return found["cpu_s"], found["figures"]

    def keep(self, row: Row, seed: int, spent: float, figures: list[list[float]]) -> None:
        """Write down all of a row."""
        self._rows[f"{row.name} | {seed} | {TIMES}"] = {"cpu_s": spent, "figures": figures}
        if self._file is not None:
            write_whole(self._file, json.dumps(self._rows))


def _row(row: Row, kept: _Kept, *, error: float, seed: int) -> bool:
    spent, figures = kept.of(row, seed)
    while len(figures) < LEAST or (len(figures) < MOST and not _sure(row, figures, error=error)):
        began = process_time()
        more = range(len(figures), len(figures) + AT_ONCE)
        figures = [*figures, *map(list, ran(row, more, seed=seed, times=TIMES))]
        spent += process_time() - began
        kept.keep(row, seed, spent, figures)
    good = True
    for one in compared(row, figures):
        fine = _fine(one, error=error)
        good &= fine
        relative = one.error / one.exact if one.exact else 0.0
        print(
            f"{one.row:42} {one.figure:12} exact {one.exact:.6f} simulated {one.mean:.6f} error {relative:.2%} "
            f"off {one.off:.2f} replications {len(figures)} CPU {spent:.0f} s{'' if fine else '  !'}",
            flush=True,
        )
    return good


def _sure(row: Row, figures: list[list[float]], *, error: float) -> bool:
    return all(one.error <= error * one.exact for one in compared(row, figures) if one.exact)


def _fine(one: Tried, *, error: float) -> bool:
    return one.mean == 0 if one.exact == 0 else one.off <= 3 and one.error <= error * one.exact


def _fleet(replications: int, *, seed: int) -> int:
    """CPU seconds of 100 engineers over 26 weeks, at three tickets a working day each."""
    made = region(FLEET, seed=7)
    world = world_of(made, starts_at=made.settings.as_of, days=26 * 7)
    world = scaled(replace(world, warm_up_days=0), a_week=100 * 5 * 3)
    began, tickets = process_time(), 0
    for outcome in simulate_each(world, replications=range(replications), seed=seed):
        tickets += len(outcome.tickets)
    spent = process_time() - began
    print(
        f"{replications} replications, {tickets} tickets: {spent:.1f} s CPU, {spent / replications:.1f} s each, "
        f"{spent / tickets * 1e6:.0f} us a ticket"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
