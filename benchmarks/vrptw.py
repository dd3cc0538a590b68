"""Vehicle routing with time windows (Solomon 1987; Gehring and Homberger 1999): reader, problem, values.

The load is one part: every vehicle starts with its capacity in the van, every customer takes his demand.
Convention ``dimacs``: distances cut to one decimal, total distance. Convention ``exact``: distances in
double, vehicles first, then distance.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.geometry import Doubles, Ints, distances, lines_of, malformed, ticks_up
from dispatch.plan import Plan, StopKind
from dispatch.problem import Engineer, Objective, PartLine, PlanningProblem, Prices, Shift, Visit, Window
from kernel.errors import Refusal

CONVENTIONS = ("dimacs", "exact")
_TICKS = {"dimacs": 10, "exact": 1000}


@dataclass(frozen=True, slots=True)
class Customer:
    """A line of the file; customer 0 is the depot."""

    x: float
    y: float
    demand: int
    opens: float
    closes: float
    service: float


@dataclass(frozen=True, slots=True)
class Instance:
    """A whole file."""

    name: str
    vehicles: int
    capacity: int
    customers: tuple[Customer, ...]


def read(path: Path, /) -> Instance:
    """Read an instance in Solomon's layout.

    Raises:
        Refusal: ``benchmark.unreadable``, ``benchmark.malformed`` with the line.
    """
    lines = lines_of(path)
    vehicles = capacity = 0
    customers: list[Customer] = []
    section = ""
    for at, line in enumerate(lines, start=1):
        words = line.split()
        if not words:
            continue
        if words[0] in {"VEHICLE", "NUMBER", "CUSTOMER", "CUST"}:
            section = words[0]
            continue
        try:
            if section == "NUMBER":
                vehicles, capacity = (int(word) for word in words)
            elif section in {"CUSTOMER", "CUST"}:
                customers.append(_customer(words, len(customers)))
        except (IndexError, ValueError):
            raise malformed(path, at) from None
    if vehicles < 1 or capacity < 0 or len(customers) < 2:
        raise malformed(path, 0)
    return Instance(path.stem, vehicles, capacity, tuple(customers))


def _customer(words: list[str], number: int) -> Customer:
    x, y, demand, opens, closes, service = (float(word) for word in words[1:7])
    whole = demand == int(demand) and demand >= 0
    timed = all(math.isfinite(v) for v in (x, y, opens, closes, service)) and opens <= closes
    if int(words[0]) != number or not whole or not timed or service < 0:
        raise ValueError(words)
    return Customer(x, y, int(demand), opens, closes, service)


def problem_of(instance: Instance, /, *, convention: str) -> PlanningProblem:
    """Give the instance as a planning problem: `dimacs` counts distance, `exact` vehicles and then distance.

    Raises:
        Refusal: ``benchmark.unknown_convention``.
    """
    if convention not in _TICKS:
        raise Refusal("benchmark.unknown_convention", value=convention[:40])
    per_unit = _TICKS[convention]
    exact = convention == "exact"
    apart = _apart(instance)
    travel = ticks_up(apart, per_unit=per_unit) if exact else _cut(apart)
    depot, rest = instance.customers[0], instance.customers[1:]
    horizon = math.floor(depot.closes * per_unit + 1e-6)
    vehicles = [f"K{i:04d}" for i in range(1, instance.vehicles + 1)]
    return PlanningProblem(
        objective=Objective.VEHICLES_THEN_DISTANCE if exact else Objective.DISTANCE,
        places=tuple(f"C{i:05d}" for i in range(len(instance.customers))),
        travel_s=travel,
        distance_m=np.zeros_like(travel),
        skills=(),
        certificates=(),
        tools=(),
        parts=("load",),
        loaner_classes=(),
        engineers=tuple(Engineer(id=name, van=((0, instance.capacity),)) for name in vehicles),
        shifts=tuple(
            Shift(
                id=name,
                engineer=i,
                start_place=0,
                end_place=0,
                start_s=math.ceil(depot.opens * per_unit - 1e-6),
                end_s=horizon,
            )
            for i, name in enumerate(vehicles)
        ),
        stores=(),
        offers=(),
        visits=tuple(_visit(i, c, horizon, per_unit) for i, c in enumerate(rest, start=1)),
        prices=Prices(),
        horizon_s=horizon,
        ticks_per_unit=per_unit,
    )


def _visit(number: int, customer: Customer, horizon: int, per_unit: int) -> Visit:
    opens = math.ceil(customer.opens * per_unit - 1e-6)
    return Visit(
        id=f"C{number:05d}",
        ticket=f"C{number:05d}",
        place=number,
        service_s=math.ceil(customer.service * per_unit - 1e-6),
        earliest_s=0,
        left_out=10 * horizon,
        windows=(Window(opens, math.floor(customer.closes * per_unit + 1e-6) + 1),),
        parts=(PartLine(0, customer.demand),) if customer.demand else (),
    )


def _apart(instance: Instance) -> Doubles:
    return distances(np.array([(c.x, c.y) for c in instance.customers], dtype=float))


def _cut(apart: Doubles) -> Ints:
    return np.floor(apart * 10 + 1e-9).astype(np.int64)


def stops_of(plan: Plan, /) -> list[list[int]]:
    """Give each route as the customers' numbers in order."""
    return [
        [int(stop.ref[1:]) for stop in route.stops if stop.kind is StopKind.VISIT] for route in plan.routes
    ]


def length(instance: Instance, routes: list[list[int]], /, *, convention: str) -> float:
    """Total distance of the routes under the convention, in the file's unit."""
    apart = _apart(instance)
    legs = apart if convention == "exact" else _cut(apart) / 10
    return float(sum(legs[a, b] for route in routes for a, b in zip([0, *route], [*route, 0], strict=True)))


def best_known(path: Path, /, *, convention: str) -> tuple[int | None, float] | None:
    """Best known (vehicles, distance) of the instance at `path`, from the tables beside its folder.

    Vehicles are None where the convention does not count them; the whole is None without a table or a row.
    """
    for name in ("solomon_best_known.csv", "gehring_homberger_best_known.csv"):
        table = path.resolve().parent.parent / name
        if not table.is_file():
            continue
        for row in csv.DictReader(lines_of(table)):
            if row["instance"].lower() == path.stem.lower():
                return _known(row, table, convention)
    return None


def _known(row: dict[str, str], table: Path, convention: str) -> tuple[int | None, float] | None:
    try:
        if convention == "exact":
            return int(row["sintef_vehicles"]), float(row["sintef_distance_exact"])
        text = row["cvrplib_dimacs_distance"]
        return (None, float(text)) if text else None
    except (KeyError, TypeError, ValueError):
        raise Refusal("benchmark.malformed", file=table.name, line=0) from None
