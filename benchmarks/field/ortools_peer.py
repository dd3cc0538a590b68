"""OR-Tools' routing search on a day: run by the peers' own interpreter with the day's file and the answer's.

Everything but the started half-hour is expressed: lateness and overtime are priced by the second.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

SCALE = 6
"""Costs are whole numbers a second: a sixth of a cent is fine enough for every price of the day."""


def planned(day: dict[str, Any]) -> list[list[int]]:
    """Plan with guided local search from the cheapest insertion."""
    routing: Any = import_module("ortools.constraint_solver.pywrapcp")
    enums: Any = import_module("ortools.constraint_solver.routing_enums_pb2")
    visits, shifts = day["visits"], day["shifts"]
    places = [visit["place"] for visit in visits]
    ends = [*(shift["start_place"] for shift in shifts), *(shift["end_place"] for shift in shifts)]
    nodes = [*places, *ends]
    service = [*(visit["service"] for visit in visits), *(0 for _ in ends)]
    first = len(visits)
    manager = routing.RoutingIndexManager(
        len(nodes),
        len(shifts),
        [first + number for number in range(len(shifts))],
        [first + len(shifts) + number for number in range(len(shifts))],
    )
    model = routing.RoutingModel(manager)
    travel, cents = day["travel"], day["cents"]
    paid = model.RegisterTransitMatrix([[SCALE * cents[a][b] for b in nodes] for a in nodes])
    took = model.RegisterTransitMatrix(
        [[service[i] + travel[a][b] for b in nodes] for i, a in enumerate(nodes)]
    )
    model.SetArcCostEvaluatorOfAllVehicles(paid)
    horizon = max(shift["latest"] for shift in shifts)
    model.AddDimension(took, horizon, horizon, False, "time")
    time = model.GetDimensionOrDie("time")
    allowed: list[list[int]] = [[] for _ in visits]
    for number, shift in enumerate(shifts):
        for v in shift["may"]:
            allowed[v].append(number)
        time.CumulVar(model.Start(number)).SetRange(shift["start"], shift["latest"])
        end = model.End(number)
        time.CumulVar(end).SetMax(shift["latest"])
        time.SetCumulVarSoftUpperBound(end, shift["end"], round(SCALE * day["overtime_hour"] / 3600))
    for v, visit in enumerate(visits):
        index = manager.NodeToIndex(v)
        latest = horizon if visit["latest"] is None else visit["latest"]
        if visit["earliest"] > min(latest, horizon) or not allowed[v]:
            model.AddDisjunction([index], 0)
            model.ActiveVar(index).SetValue(0)
            continue
        time.CumulVar(index).SetRange(visit["earliest"], min(latest, horizon))
        # SetAllowedVehiclesForIndex takes no list from Python in 9.15
        model.VehicleVar(index).SetValues([-1, *allowed[v]])
        model.AddDisjunction([index], SCALE * visit["left_out"])
        if visit["due"] is not None:
            rate = round(SCALE * visit["late_cents"] / visit["late_per"])
            time.SetCumulVarSoftUpperBound(index, visit["due"], rate)
    how = routing.DefaultRoutingSearchParameters()
    how.first_solution_strategy = enums.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    how.local_search_metaheuristic = enums.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    how.time_limit.FromMilliseconds(round(1000 * day["seconds"]))
    found = model.SolveWithParameters(how)
    routes: list[list[int]] = [[] for _ in shifts]
    if found is None:
        return routes
    for number in range(len(shifts)):
        index = found.Value(model.NextVar(model.Start(number)))
        while not model.IsEnd(index):
            routes[number].append(manager.IndexToNode(index))
            index = found.Value(model.NextVar(index))
    return routes


if __name__ == "__main__":
    DAY = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    Path(sys.argv[2]).write_text(json.dumps([planned(DAY)]), encoding="utf-8")
