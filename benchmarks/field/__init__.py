"""Rich field days beside other planners: ``python -m benchmarks field``.

Days of our own making (`days`): skills with levels, arrival promises with a price a started half-hour, appointments, visits that
come up during the day, overtime, engineers who start at home. Every planner is given the same seconds and the best model it can
express (`peers` says which); what it leaves out is then put at the cheapest place by our own insertion, everybody else staying
with his engineer, and every plan is verified and priced by `dispatch.cost`. ``--supply`` adds parts and loaners: the peers know
nothing of them, and one and the same pass (`benchmarks.apart`) gives their finished routes what they need.

The peers live in an environment of their own, made at the first run from the package registry (``--peers DIR``, default
``out/peers``); ``--peers none`` leaves them out. One line a day and planner, also into ``--out`` (JSON lines; a day and planner
that stand there already are passed over, so a long run can be gone on with). Exit code 1 when a plan breaks a rule.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.field.days import SIZES, Size, day
from benchmarks.field.peers import PEERS, environment, routes_of
from benchmarks.field.scored import Scored, ours, theirs
from kernel.clock import Stopwatch

OURS = "fieldwright"


def main(arguments: Sequence[str]) -> int:
    """Run the comparison; gives the exit code."""
    chosen = _parser().parse_args(arguments)
    python = None if chosen.peers == "none" else environment(Path(chosen.peers))
    names = [OURS, *(PEERS if python else ())]
    done = _done(chosen.out)
    broken = False
    for size in (one for one in SIZES if not chosen.size or one.name in chosen.size):
        for seed in chosen.seeds:
            for planner in (one for one in names if not chosen.planner or one in chosen.planner):
                key = {
                    "day": size.name,
                    "seed": seed,
                    "supply": chosen.supply,
                    "seconds": chosen.seconds,
                    "planner": planner,
                }
                if json.dumps(key) in done:
                    continue
                problem = day(size, seed=seed, supply=chosen.supply)
                watch = Stopwatch()
                scored = (
                    ours(problem, seconds=chosen.seconds)
                    if planner == OURS
                    else theirs(
                        problem,
                        routes_of(python or Path(), planner, problem, seconds=chosen.seconds),
                        supply=chosen.supply,
                    )
                )
                broken |= bool(scored.broken)
                _tell({**key, **_row(scored), "wall_s": round(watch.seconds, 1)}, key, chosen.out)
    _compare(chosen.out, [size.name for size in SIZES if not chosen.size or size.name in chosen.size], chosen)
    return int(broken)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks field",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--size", nargs="+", choices=[one.name for one in SIZES], help="days; default: all")
    parser.add_argument("--seeds", type=int, nargs="+", default=(1, 2, 3), help="days of each size")
    parser.add_argument("--seconds", type=float, default=10, help="for every planner")
    parser.add_argument("--planner", nargs="+", choices=[OURS, *PEERS], help="default: all")
    parser.add_argument("--supply", action="store_true", help="with parts and loaners")
    parser.add_argument(
        "--peers", default="out/peers", help="folder of the peers' environment; none: without them"
    )
    parser.add_argument("--out", type=Path, default=Path("out/field.jsonl"), help="where rows are kept")
    return parser


def _row(scored: Scored) -> dict[str, Any]:
    return {
        "cents": scored.cents,
        "left_out": scored.left_out,
        "left_out_before": scored.left_out_before,
        "broken": list(scored.broken),
    }


def _tell(row: dict[str, Any], key: dict[str, Any], out: Path) -> None:
    print(" ".join(f"{name}={value}" for name, value in row.items()), flush=True)
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"key": key, "row": row}) + "\n")


def _rows(out: Path) -> Iterator[dict[str, Any]]:
    if out.exists():
        for line in out.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def _done(out: Path) -> set[str]:
    return {json.dumps(one["key"]) for one in _rows(out)}


def _compare(out: Path, sizes: list[str], chosen: argparse.Namespace) -> None:
    """Print, for every day of this run, our cost over that of the best peer, and the mean of these ratios."""
    days: dict[str, dict[str, int]] = {}
    for one in _rows(out):
        key = one["key"]
        if key["day"] not in sizes or key["seed"] not in chosen.seeds or key["seconds"] != chosen.seconds:
            continue
        if key["supply"] != chosen.supply:
            continue
        name = (
            f"{key['day']}{' with supply' if key['supply'] else ''}, {key['seconds']:g} s, seed {key['seed']}"
        )
        days.setdefault(name, {})[key["planner"]] = one["row"]["cents"]
    ratios = {
        name: costs[OURS] / min(cents for planner, cents in costs.items() if planner != OURS)
        for name, costs in days.items()
        if OURS in costs and len(costs) > 1
    }
    for name, ratio in ratios.items():
        print(f"{name}: {ratio:.3f} of the best peer")
    if ratios:
        print(f"mean {sum(ratios.values()) / len(ratios):.3f}, worst {max(ratios.values()):.3f}")


__all__ = ["SIZES", "Size", "main"]

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
