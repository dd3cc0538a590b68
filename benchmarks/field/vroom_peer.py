"""VROOM on a day: run by the peers' own interpreter with the day's file and the answer's."""

from __future__ import annotations

import datetime as dt
import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

LATER_S = (0, 2 * 3600)
LONG_S = 10**9


def planned(day: dict[str, Any], later_s: int) -> list[list[int]]:
    """Plan with promised arrivals as hard ends of windows; overtime may be used where they are later."""
    vroom: Any = import_module("vroom")
    numpy: Any = import_module("numpy")
    visits, shifts = day["visits"], day["shifts"]
    asked = vroom.Input()
    asked.set_durations_matrix(profile="car", matrix_input=numpy.array(day["travel"], dtype=numpy.uint32))
    asked.set_costs_matrix(profile="car", matrix_input=numpy.array(day["cents"], dtype=numpy.uint32))
    dearest = max(visit["left_out"] for visit in visits)
    asked.add_vehicle(
        [
            vroom.Vehicle(
                number + 1,
                start=shift["start_place"],
                end=shift["end_place"],
                skills=set(shift["skills"]),
                time_window=vroom.TimeWindow(shift["start"], shift["latest" if later_s else "end"]),
            )
            for number, shift in enumerate(shifts)
        ]
    )
    jobs = []
    for v, visit in enumerate(visits):
        ends = [visit["latest"]] if visit["latest"] is not None else []
        ends += [max(visit["due"], visit["earliest"]) + later_s] if visit["due"] is not None else []
        jobs.append(
            vroom.Job(
                v + 1,
                location=visit["place"],
                default_service=visit["service"],
                skills=set(visit["skills"]),
                priority=round(100 * visit["left_out"] / dearest),
                time_windows=[vroom.TimeWindow(visit["earliest"], min(ends, default=LONG_S))],
            )
        )
    asked.add_job(jobs)
    found = asked.solve(exploration_level=5, nb_threads=2, timeout=dt.timedelta(seconds=day["seconds"]))
    routes: list[list[int]] = [[] for _ in shifts]
    table = found.routes
    for _, row in table[table.type == "job"].iterrows():
        routes[int(row.vehicle_id) - 1].append(int(row.id) - 1)
    return routes


if __name__ == "__main__":
    DAY = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    Path(sys.argv[2]).write_text(json.dumps([planned(DAY, later) for later in LATER_S]), encoding="utf-8")
