"""The first plan of a fresh process: ``python -m benchmarks cold``.

A region of 60 visits is written as a dataset folder and planned by ``fieldwright plan`` in a process of its own: start, imports,
compiled search from its cache (made at set-up), reading, posing, search, verifying, writing. The first run fills the system's
cache of files and is told apart. Seconds are by the clock and of the processor.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from kernel.clock import Stopwatch
from scenarios.world.region import region
from scenarios.world.spec import Spec, depots_for
from storage.dataset.write import write


def main(arguments: Sequence[str]) -> int:
    """Run it; gives the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks cold",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--visits", type=int, default=60)
    parser.add_argument("--engineers", type=int, default=12)
    parser.add_argument("--work", type=int, default=2000, help="iterations of the search")
    parser.add_argument("--times", type=int, default=5, help="fresh processes after the first")
    chosen = parser.parse_args(arguments)
    waits, cpus = [], []
    with tempfile.TemporaryDirectory(prefix="fieldwright-") as held:
        folder = Path(held, "region")
        spec = Spec(visits=chosen.visits, engineers=chosen.engineers, depots=depots_for(chosen.engineers))
        write(region(spec, seed=1), folder)
        for time in range(chosen.times + 1):
            out = str(Path(held, f"plan-{time}"))
            command = ["plan", str(folder), "--out", out, "--work", str(chosen.work)]
            watch, before = Stopwatch(), _spent_s()
            done = subprocess.run(  # noqa: S603 our own program
                [str(Path(sys.executable).with_name("fieldwright")), *command],
                capture_output=True,
                text=True,
                check=False,
            )
            waits.append(watch.seconds)
            cpus.append(_spent_s() - before)
            if done.returncode:
                print(done.stderr, file=sys.stderr)
                return 1
    print(f"{chosen.visits} visits, the very first: {waits[0]:.2f} s ({cpus[0]:.2f} s of the processor)")
    waits, cpus = sorted(waits[1:]), sorted(cpus[1:])
    print(
        f"{chosen.visits} visits, {chosen.times} fresh processes: median {waits[len(waits) // 2]:.2f} s, worst {waits[-1]:.2f} s"
        f" ({cpus[len(cpus) // 2]:.2f} s of the processor)"
    )
    return 0


def _spent_s() -> float:
    """Processor seconds of the processes that have ended."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
