"""Home care with two people at once (Mankowska, Meisel and Bierwirth 2014): reader, problem, value in double.

A patient's service is a visit of its own; the two of one patient are linked: they begin together, or the second a
stated time after the first, and different people do them. Nobody starts before the window opens; a start after its
close is late. The published cost is (distance + total lateness + greatest lateness) / 3.
"""

from __future__ import annotations

import csv
import itertools
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.geometry import Doubles, lines_of, malformed, ticks_up
from dispatch.cost import cost
from dispatch.plan import CostTerms, Plan, Route, Stop, StopKind
from dispatch.problem import (
    Engineer,
    Lateness,
    Link,
    Objective,
    Pair,
    PlanningProblem,
    Prices,
    Shift,
    Visit,
)
from kernel.errors import Refusal

TICKS = 1000
"""Ticks of a minute: the files' travel times have three decimals, so ticks are exact."""

Document = dict[str, Any]
"""A solution as it is stored: ``global_ordering`` of patients, ``routes`` of caregivers with their ``locations``."""


@dataclass(frozen=True, slots=True)
class Service:
    """What one caregiver does for a patient: which service, for how long."""

    name: str
    minutes: float


@dataclass(frozen=True, slots=True)
class Patient:
    """Someone with one service or two; of two, the second begins `least` to `most` minutes after the first."""

    id: str
    opens: float
    closes: float
    services: tuple[Service, ...]
    least: float = 0.0
    most: float = 0.0


@dataclass(frozen=True, slots=True)
class Caregiver:
    """A person and the services he can do."""

    id: str
    able: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Instance:
    """A whole file: place 0 is the office, place i the patient i - 1; `apart` in minutes."""

    name: str
    services: tuple[str, ...]
    patients: tuple[Patient, ...]
    caregivers: tuple[Caregiver, ...]
    apart: Doubles


def read(path: Path, /) -> Instance:
    """Read an instance.

    Raises:
        Refusal: ``benchmark.unreadable``, ``benchmark.malformed``.
    """
    try:
        raw = json.loads("\n".join(lines_of(path)))
        instance = Instance(
            name=path.stem,
            services=tuple(str(row["id"]) for row in raw["services"]),
            patients=tuple(_patient(row) for row in raw["patients"]),
            caregivers=tuple(
                Caregiver(str(row["id"]), tuple(str(name) for name in row["abilities"]))
                for row in raw["caregivers"]
            ),
            apart=np.array(raw["distances"], dtype=float),
        )
        (_,) = raw["central_offices"]
    except json.JSONDecodeError as wrong:
        raise malformed(path, wrong.lineno) from None
    except (KeyError, TypeError, ValueError):
        raise malformed(path, 0) from None
    if not _whole(instance):
        raise malformed(path, 0)
    return instance


def _patient(row: Document) -> Patient:
    services = tuple(
        Service(str(one["service"]), float(one["duration"])) for one in row["required_caregivers"]
    )
    opens, closes = (float(value) for value in row["time_window"])
    least = most = 0.0
    if len(services) > 1 and row["synchronization"]["type"] != "simultaneous":
        least, most = (float(value) for value in row["synchronization"]["distance"])
    return Patient(str(row["id"]), opens, closes, services, least, most)


def _whole(instance: Instance) -> bool:
    """Say whether the numbers fit together and every service is known."""
    size = len(instance.patients) + 1
    known = set(instance.services)
    return (
        instance.apart.shape == (size, size)
        and bool(np.isfinite(instance.apart).all() and (instance.apart >= 0).all())
        and len(instance.caregivers) > 0
        and all(known.issuperset(one.able) for one in instance.caregivers)
        and len({one.id for one in instance.patients}) == len(instance.patients)
        and len({one.id for one in instance.caregivers}) == len(instance.caregivers)
        and all(_sound(one, known) for one in instance.patients)
    )


def _sound(patient: Patient, known: set[str]) -> bool:
    names = [one.name for one in patient.services]
    numbers = [patient.opens, patient.closes, patient.least, patient.most]
    numbers += [one.minutes for one in patient.services]
    return (
        1 <= len(set(names)) == len(names) <= 2
        and known.issuperset(names)
        and all(math.isfinite(number) and number >= 0 for number in numbers)
        and patient.opens <= patient.closes
        and patient.least <= patient.most
    )


def problem_of(instance: Instance, /) -> PlanningProblem:
    """Give the instance as a planning problem of home care."""
    travel = ticks_up(instance.apart, per_unit=TICKS)
    horizon = _horizon(instance, int(travel.max()))
    asked = list(_asked(instance))
    at = {name: i for i, name in enumerate(instance.services)}
    visits = tuple(
        Visit(
            id=_visit_id(number, which),
            ticket=patient.id,
            place=number,
            service_s=_up(service.minutes),
            earliest_s=_up(patient.opens),
            left_out=10 * horizon,
            skills=((at[service.name], 1),),
            arrive=Lateness(due_s=math.floor(patient.closes * TICKS + 1e-6), cents=1, per_s=1),
        )
        for number, which, patient, service in asked
    )
    index = {visit.id: i for i, visit in enumerate(visits)}
    crew = [(f"K{i:04d}", one) for i, one in enumerate(instance.caregivers, start=1)]
    return PlanningProblem(
        objective=Objective.HOME_CARE,
        places=tuple(f"N{i:04d}" for i in range(len(travel))),
        travel_s=travel,
        distance_m=np.zeros_like(travel),
        skills=instance.services,
        certificates=(),
        tools=(),
        parts=(),
        loaner_classes=(),
        engineers=tuple(
            Engineer(id=name, skills=tuple((at[service], 1) for service in one.able)) for name, one in crew
        ),
        shifts=tuple(
            Shift(id=name, engineer=i, start_place=0, end_place=0, start_s=0, end_s=horizon)
            for i, (name, _) in enumerate(crew)
        ),
        stores=(),
        offers=(),
        visits=visits,
        prices=Prices(),
        horizon_s=horizon,
        ticks_per_unit=TICKS,
        links=tuple(
            Link(
                first=index[_visit_id(number, 0)],
                second=index[_visit_id(number, 1)],
                least_s=_up(patient.least),
                most_s=math.floor(patient.most * TICKS + 1e-6),
                engineers=Pair.DIFFERENT,
                both=True,
            )
            for number, patient in enumerate(instance.patients, start=1)
            if len(patient.services) > 1
        ),
    )


def _asked(instance: Instance) -> Iterator[tuple[int, int, Patient, Service]]:
    """Every service with its patient's place and its number there, in order."""
    for number, patient in enumerate(instance.patients, start=1):
        for which, service in enumerate(patient.services):
            yield number, which, patient, service


def _visit_id(number: int, which: int) -> str:
    return f"P{number:04d}/{which + 1}"


def _up(minutes: float) -> int:
    return math.ceil(minutes * TICKS - 1e-6)


def _horizon(instance: Instance, longest: int) -> int:
    """Late enough that everything can be done one after the other once the last window has closed."""
    last = max((_up(max(one.closes, one.opens) + one.most) for one in instance.patients), default=0)
    return last + longest + sum(longest + _up(service.minutes) for _, _, _, service in _asked(instance))


def document_of(instance: Instance, plan: Plan, /) -> Document:
    """Write a plan in the form of the stored solutions; ``arrival_time`` is the start of the service."""
    routes = {route.shift: route for route in plan.routes}
    starts: dict[str, float] = {}
    written = []
    for number, caregiver in enumerate(instance.caregivers, start=1):
        route = routes.get(f"K{number:04d}")
        locations = []
        for stop in route.stops if route else ():
            patient, service = _named(instance, stop.ref)
            starts[patient.id] = min(starts.get(patient.id, math.inf), stop.start_s / TICKS)
            locations.append(
                {
                    "arrival_time": stop.start_s / TICKS,
                    "departure_time": stop.end_s / TICKS,
                    "patient": patient.id,
                    "service": service.name,
                }
            )
        written.append({"caregiver_id": caregiver.id, "locations": locations})
    return {"global_ordering": sorted(starts, key=lambda name: (starts[name], name)), "routes": written}


def _named(instance: Instance, visit: str) -> tuple[Patient, Service]:
    number, which = visit[1:].split("/")
    patient = instance.patients[int(number) - 1]
    return patient, patient.services[int(which) - 1]


def plan_of(instance: Instance, problem: PlanningProblem, document: Document, /) -> Plan:
    """Read a stored solution as a plan, with the times it states.

    Raises:
        KeyError, ValueError: it names a patient, service or caregiver the instance does not have.
    """
    routes = []
    people = [one.id for one in instance.caregivers]
    places = {patient.id: number for number, patient in enumerate(instance.patients, start=1)}
    for row in document["routes"]:
        stops: list[Stop] = []
        here, free_s = 0, 0
        for location in row.get("locations", ()):
            there = places[location["patient"]]
            names = [service.name for service in instance.patients[there - 1].services]
            ref = _visit_id(there, names.index(location["service"]))
            arrive_s = free_s + int(problem.travel_s[here, there])
            start_s = round(location["arrival_time"] * TICKS)
            free_s = start_s + problem.visits[problem.visit_index[ref]].service_s
            stops.append(Stop(StopKind.VISIT, ref, arrive_s, start_s, free_s))
            here = there
        if stops:
            shift = f"K{people.index(row['caregiver_id']) + 1:04d}"
            end_s = free_s + int(problem.travel_s[here, 0])
            routes.append(Route(shift=shift, depart_s=0, end_s=end_s, stops=tuple(stops)))
    plan = Plan(tuple(sorted(routes, key=lambda route: route.shift)), (), CostTerms())
    return replace(plan, claimed=cost(problem, plan))


def value(instance: Instance, document: Document, /) -> float:
    """Cost of a written solution in double: (distance + total lateness + greatest lateness) / 3, minutes."""
    places = {patient.id: number for number, patient in enumerate(instance.patients, start=1)}
    far, late = 0.0, [0.0]
    for row in document["routes"]:
        locations = row.get("locations", ())
        way = [0, *(places[one["patient"]] for one in locations), 0]
        far += sum(float(instance.apart[a, b]) for a, b in itertools.pairwise(way))
        late += [
            max(0.0, one["arrival_time"] - instance.patients[places[one["patient"]] - 1].closes)
            for one in locations
        ]
    return (far + sum(late) + max(late)) / 3


def best_known(path: Path, /) -> float | None:
    """Best known cost of the instance at `path`, from ``best_known.csv`` beside its folder, if it is there.

    Raises:
        Refusal: ``benchmark.malformed`` when the table is there but not readable.
    """
    table = path.resolve().parent.parent / "best_known.csv"
    if not table.is_file():
        return None
    for row in csv.DictReader(lines_of(table)):
        try:
            if row["instance"] == path.name:
                return float(row["total_cost"])
        except (KeyError, TypeError, ValueError):
            raise Refusal("benchmark.malformed", file=table.name, line=0) from None
    return None
