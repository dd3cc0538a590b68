"""``python -m benchmarks scenarios --error 0.005``: every closed form through the simulation until its standard error is small.

Each row is run once as the tests run it; what its error was says how much longer it has to run, and it is run again
with another seed. ``--row NAME`` (the beginning of a name) takes some of them, ``--fleet`` measures the loop instead:
100 engineers for 26 weeks.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from time import process_time

from scenarios.exact.row import Row, Tried, tried
from scenarios.exact.textbook import rows
from scenarios.fitted.world import scaled, world_of
from scenarios.run.simulate import simulate_each
from scenarios.world.region import region
from scenarios.world.spec import Spec

LONGEST = 400.0
"""No row runs so many times longer than in the tests."""
FLEET = Spec(engineers=100, visits=300, closed=8000, parts=150)


def main(arguments: Sequence[str]) -> int:
    """Run the command; 0 when every figure lies within three standard errors and those are small enough."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks scenarios")
    parser.add_argument("--error", type=float, default=0.005, help="relative standard error to reach")
    parser.add_argument("--row", default="", help="beginning of the names of rows to run")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fleet", type=int, default=0, metavar="N", help="N replications of 100 engineers")
    chosen = parser.parse_args(arguments)
    if chosen.fleet:
        return _fleet(chosen.fleet, seed=chosen.seed)
    good = True
    for number, row in enumerate(rows()):
        if row.name.startswith(chosen.row):
            good &= _row(row, error=chosen.error, seed=chosen.seed + 1000 * number)
    return 0 if good else 1


def _row(row: Row, *, error: float, seed: int) -> bool:
    began = process_time()
    first = [one for one in tried(row, seed=seed) if one.exact]
    times = max(1.0, max((one.error / one.exact / error) ** 2 for one in first) * 1.3)
    found = tried(row, seed=seed + 1, times=min(times, LONGEST)) if times > 1 else first
    spent = process_time() - began
    good = True
    for one in found:
        fine = _fine(one, error=error)
        good &= fine
        relative = one.error / one.exact if one.exact else 0.0
        print(
            f"{one.row:42} {one.figure:12} exact {one.exact:.6f} simulated {one.mean:.6f} "
            f"error {relative:.2%} off {one.off:.2f} CPU {spent:.0f} s{'' if fine else '  !'}",
            flush=True,
        )
    return good


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
