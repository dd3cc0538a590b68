"""Technician routing and scheduling (Pillac, Gueret, Medaglia 2013): reader, problem, values in double.

Each engineer has one shift from his own place with his own tools and parts; place 0 is an endless store
of parts and tools; the objective is the sum of working times, end minus latest possible departure.
"""

from __future__ import annotations

import csv
import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.geometry import distances, lines_of, malformed, ticks_up
from dispatch.plan import Plan, StopKind
from dispatch.problem import (
    Engineer,
    Held,
    Objective,
    PartLine,
    PlanningProblem,
    Prices,
    Shift,
    Store,
    Visit,
    Window,
)
from kernel.errors import Refusal

TICKS = 1000
_HEAD_LINES = 8
_LISTS = re.compile(r"\[([^\]]*)\]")


@dataclass(frozen=True, slots=True)
class Node:
    """A line of the file: the depot, an engineer's home or a request; times in the file's own unit."""

    x: float
    y: float
    opens: float
    closes: float
    service: float
    skills: tuple[int, ...]
    tools: tuple[int, ...]
    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Instance:
    """A whole file: node 0 is the depot, then `crew` engineers, then the requests."""

    name: str
    crew: int
    skills: int
    tools: int
    parts: int
    nodes: tuple[Node, ...]


def read(path: Path, /) -> Instance:
    """Read an instance.

    Raises:
        Refusal: ``benchmark.unreadable``, ``benchmark.malformed`` with the line.
    """
    lines = lines_of(path)
    try:
        crew, skills, tools, parts = (int(number) for number in lines[4].split())
    except (IndexError, ValueError):
        raise malformed(path, 5) from None
    nodes: list[Node] = []
    for at, line in enumerate(lines[_HEAD_LINES:], start=_HEAD_LINES + 1):
        if not line.strip() or line.startswith("DIST"):
            break
        try:
            node = _node(line, len(nodes), (skills, tools, parts))
        except (IndexError, ValueError):
            raise malformed(path, at) from None
        nodes.append(node)
    if crew < 1 or len(nodes) <= crew + 1:
        raise malformed(path, 0)
    return Instance(lines[0].strip(), crew, skills, tools, parts, tuple(nodes))


def _node(line: str, number: int, sizes: tuple[int, int, int]) -> Node:
    head = line.split("[", maxsplit=1)[0].split()
    skills, tools, parts = (
        tuple(int(item) for item in text.split(",")) if text.strip() else () for text in _LISTS.findall(line)
    )
    values = [float(text) for text in head[1:6]]
    known = all(0 <= s < sizes[0] for s in skills) and all(0 <= t < sizes[1] for t in tools)
    counted = len(parts) in {0, sizes[2]} and all(p >= 0 for p in parts)
    timed = all(math.isfinite(v) for v in values) and values[2] <= values[3] and values[4] >= 0
    if int(head[0]) != number or not (known and counted and timed):
        raise ValueError(line)
    x, y, opens, closes, service = values
    return Node(x, y, opens, closes, service, skills, tools, parts)


def problem_of(instance: Instance, /) -> PlanningProblem:
    """Give the instance as a planning problem: working time in ticks, travel rounded up."""
    nodes, crew = instance.nodes, instance.crew
    travel = ticks_up(distances(np.array([(n.x, n.y) for n in nodes], dtype=float)), per_unit=TICKS)
    horizon = round(max(n.closes for n in nodes) * TICKS)
    ids = [f"N{i:04d}" for i in range(len(nodes))]
    engineers = tuple(
        Engineer(
            id=ids[i],
            skills=tuple((skill, 1) for skill in nodes[i].skills),
            tools=tuple(Held(tool, 0, horizon + 1) for tool in nodes[i].tools),
            van=tuple((part, count) for part, count in enumerate(nodes[i].parts) if count),
        )
        for i in range(1, crew + 1)
    )
    shifts = tuple(
        Shift(
            id=ids[i],
            engineer=i - 1,
            start_place=i,
            end_place=i,
            start_s=_down(nodes[i].opens),
            end_s=_down(nodes[i].closes),
        )
        for i in range(1, crew + 1)
    )
    everything = tuple(range(instance.tools))
    return PlanningProblem(
        objective=Objective.WORKING_TIME,
        places=tuple(ids),
        travel_s=travel,
        distance_m=np.zeros_like(travel),
        skills=tuple(f"skill-{i}" for i in range(instance.skills)),
        certificates=(),
        tools=tuple(f"tool-{i}" for i in everything),
        parts=tuple(f"part-{i}" for i in range(instance.parts)),
        loaner_classes=(),
        engineers=engineers,
        shifts=shifts,
        stores=(Store(id="depot", place=0, endless=True, tools=everything),),
        offers=(),
        visits=tuple(_visit(ids[i], i, nodes[i], horizon) for i in range(crew + 1, len(nodes))),
        prices=Prices(),
        horizon_s=horizon,
        ticks_per_unit=TICKS,
    )


def _down(value: float) -> int:
    return math.floor(value * TICKS + 1e-6)


def _visit(name: str, place: int, node: Node, horizon: int) -> Visit:
    return Visit(
        id=name,
        ticket=name,
        place=place,
        service_s=math.ceil(node.service * TICKS - 1e-6),
        earliest_s=0,
        left_out=10 * horizon,
        windows=(Window(math.ceil(node.opens * TICKS - 1e-6), _down(node.closes) + 1),),
        skills=tuple((skill, 1) for skill in node.skills),
        tools=node.tools,
        parts=tuple(PartLine(part, count) for part, count in enumerate(node.parts) if count),
    )


def stops_of(plan: Plan, /) -> list[tuple[int, list[int]]]:
    """Give each route as (engineer from 1, request ids with 0 for the depot stop)."""
    return [
        (
            int(route.shift[1:]),
            [0 if stop.kind is StopKind.PICK_UP else int(stop.ref[1:]) for stop in route.stops],
        )
        for route in plan.routes
    ]


def working_time(instance: Instance, routes: list[tuple[int, list[int]]], /) -> float:
    """Sum of working times of the routes in double, as published values are computed."""
    return sum(_working_time(instance.nodes, engineer, stops) for engineer, stops in routes)


def _working_time(nodes: tuple[Node, ...], engineer: int, stops: list[int]) -> float:
    """End of the route as early as possible, minus the latest departure that still ends then."""
    here, now, starts = nodes[engineer], nodes[engineer].opens, list[float]()
    for stop in stops:
        there = nodes[stop]
        served = here.service if starts else 0.0
        now = max(now + served + math.dist((here.x, here.y), (there.x, there.y)), there.opens)
        starts.append(now)
        here = there
    home = nodes[engineer]
    end = now + here.service + math.dist((here.x, here.y), (home.x, home.y))
    latest, after = end, home
    for stop in reversed(stops):
        node = nodes[stop]
        latest -= math.dist((node.x, node.y), (after.x, after.y)) + node.service
        latest = min(latest, node.closes)
        after = node
    return end - (latest - math.dist((home.x, home.y), (after.x, after.y)))


def best_known(path: Path, /) -> float | None:
    """Best known working time of the instance at `path`, from ``best_known.csv`` beside it, if it is there.

    Raises:
        Refusal: ``benchmark.malformed`` when the table is there but not readable.
    """
    table = path.parent / "best_known.csv"
    if not table.is_file():
        return None
    for row in csv.DictReader(lines_of(table)):
        try:
            if row["instance"] == path.stem:
                return float(row["recomputed_working_time"])
        except (KeyError, TypeError, ValueError):
            raise Refusal("benchmark.malformed", file=table.name, line=0) from None
    return None
