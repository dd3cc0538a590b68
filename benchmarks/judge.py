"""The table of the engine, measured: ``python -m benchmarks judge`` a few files of every row, ``--full`` all of them.

Every row is a command of this package (or a peer's script, read in place from the folder `peers` beside the public files), run in a
process of its own, one after another; what it printed stands in ``--out`` (JSON lines), and a shard that stands there is passed
over. At the end: for every family how many were measured, mean and worst, and what is asked. Nothing else should run meanwhile.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.field.days import SIZES
from benchmarks.field.peers import environment

DATA = Path(os.environ.get("FIELDWRIGHT_DATA", Path(__file__).parents[2] / "shared" / "data"))
PUBLIC_PEERS = {
    "pyvrp": "peer_pyvrp.py",
    "vroom": "peer_vroom.py",
    "vrpcli": "peer_vrpcli.py",
    "ortools": "peer_ortools.py",
}
ASKED = {
    "trsp": "mean gap <= 0 %, worst <= +1 %",
    "hhcrsp": "mean gap <= +1 %",
    "dynamic": "at or below +11.9 / 16.4 / 19.5 / 20.5 / 19.1 % for 10 / 30 / 50 / 70 / 90",
    "solomon": "mean gap <= 0.3 %, ratio to PyVRP <= 1.000",
    "homberger": "ratio to PyVRP <= 1.002",
    "field": "mean <= 0.90 of the best peer, worst <= 1.00",
    "field with supply": "mean <= 0.85, worst <= 0.97",
    "event": "in 1 s: gap to a fresh plan <= +1 %, a handful of visits moved",
    "huge": "10,000 visits, 1,000 engineers in 120 s, <= 3 GB, <= +3 % over a plan of ten minutes",
    "cold": "60 visits in a fresh process <= 3 s",
}
TOLD = {"urgent", "event", "huge", "cold"}
"""Families whose last line is the figure."""


@dataclass(frozen=True, slots=True)
class Shard:
    """One run.

    Args:
        family: which row of the table.
        name: unique.
        command: arguments of this package's own commands, or (`peer`) of a peer's script.
        peer: name of the peer whose script it is; empty: ours.
    """

    family: str
    name: str
    command: tuple[str, ...]
    peer: str = ""


def main(arguments: Sequence[str]) -> int:
    """Run what is not measured yet, then print the table; exit code 1 when one failed."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks judge",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--full", action="store_true", help="every file, with the seconds of the table")
    parser.add_argument(
        "--only",
        nargs="+",
        choices=[
            "trsp",
            "hhcrsp",
            "dynamic",
            "solomon",
            "homberger",
            "field",
            "urgent",
            "event",
            "huge",
            "cold",
        ],
        help="default: all",
    )
    parser.add_argument(
        "--peers", default="out/peers", help="folder of the peers' environment; none: without them"
    )
    parser.add_argument("--out", type=Path, help="default: out/judge-short.jsonl or out/judge-full.jsonl")
    chosen = parser.parse_args(arguments)
    out = chosen.out or Path("out", f"judge-{'full' if chosen.full else 'short'}.jsonl")
    python = None if chosen.peers == "none" else environment(Path(chosen.peers))
    failed = False
    for shard in shards(full=chosen.full):
        if (chosen.only and shard.family not in chosen.only) or (shard.peer and python is None):
            continue
        if shard.name not in _measured(out):
            failed |= not _run(shard, python, chosen.peers, out)
    print(table(_measured(out)))
    return int(failed)


def shards(*, full: bool) -> Iterator[Shard]:
    """What is to be run, in order."""
    trsp = sorted((DATA / "trsp").glob("*.txt"))
    for seconds in ("60", "10") if full else ("10",):
        for file in trsp if full else trsp[::7]:
            yield Shard("trsp", f"trsp {file.stem} {seconds} s", ("trsp", str(file), "--seconds", seconds))
    homes = sorted((DATA / "hhcrsp" / "instances").glob("*.json"))
    seconds = "60" if full else "10"
    for file in homes if full else homes[::6]:
        yield Shard("hhcrsp", f"hhcrsp {file.stem} {seconds} s", ("hhcrsp", str(file), "--seconds", seconds))
    for file in sorted((DATA / "dtrsp").glob("*.txt")) if full else sorted((DATA / "dtrsp").glob("C203*")):
        yield Shard("dynamic", f"dynamic {file.stem}", ("dynamic", str(file), "--work", "3000"))
    yield from _vehicle_routing(full=full)
    for size in SIZES if full else SIZES[:3]:
        for supply in ((), ("--supply",)):
            seeds = ("1", "2", "3") if full else ("1",)
            name = f"field {size.name}{' with supply' if supply else ''}"
            yield Shard("field", name, ("field", "--size", size.name, "--seeds", *seeds, *supply))
    yield Shard("urgent", "urgent", ("urgent",))
    yield Shard("event", "event", ("event",) if full else ("event", "--seeds", "1"))
    yield Shard("cold", "cold", ("cold",))
    for large in ("10000x1000", "4000x50", "3000x2000") if full else ("10000x1000",):
        lengths = ("120", "600") if full and large == "10000x1000" else ("120",)
        yield Shard("huge", f"huge {large}", ("huge", "--size", large, "--seconds", *lengths))


def _vehicle_routing(*, full: bool) -> Iterator[Shard]:
    solomon = sorted((DATA / "vrptw" / "solomon").glob("*.txt"))
    homberger = sorted((DATA / "vrptw" / "homberger_200").glob("*.txt"))
    for family, chosen, seconds in (
        ("solomon", solomon if full else solomon[::10], "30" if full else "10"),
        ("homberger", homberger if full else homberger[:1], "60" if full else "20"),
    ):
        for file in chosen:
            name = f"{family} {file.stem} {seconds} s"
            yield Shard(family, name, ("vrptw", str(file), "--convention", "dimacs", "--seconds", seconds))
            for peer in PUBLIC_PEERS if family == "homberger" else ("pyvrp",):
                yield Shard(family, f"{name} by {peer}", (str(file), seconds), peer)


def _run(shard: Shard, python: Path | None, peers: str, out: Path) -> bool:
    """Run it and write down what it said; whether it came to an end with an answer."""
    if shard.peer:
        script = DATA.parent / "peers" / PUBLIC_PEERS[shard.peer]
        command = [str(python), str(script), *shard.command]
    else:
        own = ("--peers", peers, "--out", str(out.with_suffix(".field.jsonl")))
        command = [sys.executable, "-m", "benchmarks", *shard.command]
        command += own if shard.family == "field" else ()
    print(shard.name, flush=True)
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 our own program, or a peer's script
    if not done.stdout.strip():
        print(f"{shard.name} gave no answer: {done.stderr[-500:]}", file=sys.stderr)
        return False
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("a", encoding="utf-8") as file:
        file.write(
            json.dumps({"shard": shard.name, "family": shard.family, "said": done.stdout.splitlines()[-12:]})
            + "\n"
        )
    print("  " + done.stdout.strip().splitlines()[-1], flush=True)
    return True


def _measured(out: Path) -> dict[str, list[str]]:
    """What every shard said."""
    if not out.exists():
        return {}
    rows = map(json.loads, out.read_text(encoding="utf-8").splitlines())
    return {row["shard"]: row["said"] for row in rows}


def table(measured: dict[str, list[str]], /) -> str:
    """The families in Markdown: how many, mean and worst gap to the best known, ratio to each peer."""
    lines = ["| row | files | mean gap | worst | ratio to peers | asked |", "|---|---|---|---|---|---|"]
    groups: dict[str, dict[str, list[str]]] = {}
    for name, said in measured.items():
        family, *rest = name.split(" ")
        kind = f"{family} {rest[0].rsplit('_', 1)[1]} %" if family == "dynamic" else family
        kind = f"{family} {' '.join(rest[1:3])}" if family in {"trsp", "hhcrsp"} else kind
        kind = " ".join([family, *rest[1:]]) if family == "field" else kind
        groups.setdefault(kind, {})[name] = said
    for kind, rows in groups.items():
        gaps = [
            found for said in rows.values() if (found := _number(said, r"^gap ([+-][\d.]+) %")) is not None
        ]
        family = kind.split(" ", maxsplit=1)[0]
        if family == "field":
            lines.append(_beside(kind, rows))
            continue
        if family in TOLD:
            asked = ASKED.get(family, "")
            lines += [
                f"| {name} | | | | {said[-1]} |{f' {asked} ' if asked else ' '}|"
                for name, said in rows.items()
            ]
            continue
        worst = f"{max(gaps):+.2f} %" if gaps else ""
        mean = f"{sum(gaps) / len(gaps):+.2f} %" if gaps else ""
        lines.append(
            f"| {kind} | {len(gaps)} | {mean} | {worst} | {_ratios(rows)} | {ASKED.get(family, '')} |"
        )
    return "\n".join(lines)


def _beside(kind: str, rows: dict[str, list[str]]) -> str:
    """The row of the field days: our cost over that of the best peer, over all days, then size by size."""
    ratios = {
        name: [float(found[1]) for line in said if (found := re.search(r": ([\d.]+) of the best peer", line))]
        for name, said in rows.items()
    }
    every = [one for some in ratios.values() for one in some]
    told = ", ".join(
        f"{name.split(' ')[1]} {sum(some) / len(some):.3f}" for name, some in ratios.items() if some
    )
    mean, worst = (f"{sum(every) / len(every):.3f}", f"{max(every):.3f}") if every else ("", "")
    return f"| {kind} | {len(every)} days | {mean} | {worst} | best peer: {told} | {ASKED[kind]} |"


def _ratios(rows: dict[str, list[str]]) -> str:
    """Our value over each peer's, the mean of the files both have."""
    told = []
    for peer in PUBLIC_PEERS:
        ratios = []
        for name, said in rows.items():
            beside = rows.get(f"{name} by {peer}")
            mine = _number(said, r"^objective ([\d.]+)")
            his = _number(beside or [], r'"cost": ([\d.]+)')
            if mine is not None and his is not None:
                ratios.append(mine / his)
        if ratios:
            told.append(f"{peer} {sum(ratios) / len(ratios):.4f} (worst {max(ratios):.4f})")
    return ", ".join(told)


def _number(said: list[str], pattern: str) -> float | None:
    for line in said:
        if found := re.search(pattern, line):
            return float(found[1])
    return None
