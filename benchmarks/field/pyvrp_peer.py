"""PyVRP on a day: run by the peers' own interpreter with the day's file and the answer's."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

FORBIDDEN = 10_000_000
"""Cents for the way to a visit an engineer may not do: more than leaving all out costs."""
LATER_S = (0, 2 * 3600)


def planned(day: dict[str, Any], later_s: int) -> list[list[int]]:
    """Plan with promised arrivals as hard ends of windows, `later_s` after their due times."""
    pyvrp: Any = import_module("pyvrp")
    numpy: Any = import_module("numpy")
    visits, shifts = day["visits"], day["shifts"]
    homes = sorted({shift[end] for shift in shifts for end in ("start_place", "end_place")})
    places = [*homes, *(visit["place"] for visit in visits)]
    cents = 2 * numpy.array(day["cents"], dtype=numpy.int64)[numpy.ix_(places, places)]
    travel = numpy.array(day["travel"], dtype=numpy.int64)[numpy.ix_(places, places)]
    kinds = sorted({tuple(shift["may"]) for shift in shifts})
    dear = []
    for kind in kinds:
        matrix = cents.copy()
        others = [len(homes) + v for v in range(len(visits)) if v not in set(kind)]
        matrix[:, others] = FORBIDDEN
        numpy.fill_diagonal(matrix, 0)
        dear.append(matrix)
    locations = [pyvrp.Location(0, 0) for _ in places]
    clients = []
    for v, visit in enumerate(visits):
        ends = [visit["latest"]] if visit["latest"] is not None else []
        ends += [max(visit["due"], visit["earliest"]) + later_s] if visit["due"] is not None else []
        window = {"tw_late": min(ends)} if ends else {}
        clients.append(
            pyvrp.Client(
                len(homes) + v,
                service_duration=visit["service"],
                tw_early=visit["earliest"],
                prize=2 * visit["left_out"],
                required=False,
                **window,
            )
        )
    data = pyvrp.ProblemData(
        locations,
        clients,
        [pyvrp.Depot(number) for number in range(len(homes))],
        [
            pyvrp.VehicleType(
                1,
                start_depot=homes.index(shift["start_place"]),
                end_depot=homes.index(shift["end_place"]),
                tw_early=shift["start"],
                tw_late=shift["latest"],
                start_late=shift["start"],
                shift_duration=shift["end"] - shift["start"],
                max_overtime=shift["latest"] - shift["end"],
                unit_overtime_cost=round(2 * day["overtime_hour"] / 3600),
                profile=kinds.index(tuple(shift["may"])),
                name=str(number),
            )
            for number, shift in enumerate(shifts)
        ],
        dear,
        [travel] * len(kinds),
    )
    stop = import_module("pyvrp.stop").MaxRuntime(day["seconds"])
    found = pyvrp.solve(data, stop, seed=1, collect_stats=False).best
    routes: list[list[int]] = [[] for _ in shifts]
    for route in found.routes():
        may = set(shifts[route.vehicle_type()]["may"])
        routes[route.vehicle_type()] = [
            one.idx for one in route if one.is_client() and one.idx in may
        ]  # a day it could not make feasible may hold forbidden visits: they count as left out
    return routes


if __name__ == "__main__":
    DAY = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    Path(sys.argv[2]).write_text(json.dumps([planned(DAY, later) for later in LATER_S]), encoding="utf-8")
