"""The other planners: an environment of their own, a day as JSON in, the engineers' visits in order out.

What each is told (its script beside this file says how):

| | skills and levels | appointments | promised arrival | overtime | left out | threads |
|---|---|---|---|---|---|---|
| PyVRP | a profile for each set of engineers who may come | hard | hard, at the due time or two hours later | priced | prize | 1 |
| VROOM | skill sets | hard | the same | not priced: allowed with the later due times | priority | 2 |
| OR-Tools routing | allowed vehicles | hard | priced by the second | priced | penalty | 1 |

PyVRP and VROOM cannot price lateness, so they plan each day twice, each time with all the seconds, and the better counts.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from dispatch.problem import PlanningProblem

PEERS = ("pyvrp", "vroom", "ortools")
PACKAGES = ("pyvrp==0.14.1", "pyvroom==1.15.2", "vrp-cli==1.22.1", "ortools==9.15.6755")
HERE = Path(__file__).parent

Routes = list[list[int]]
"""For each shift, in the problem's order, the visits' numbers in order."""


def environment(folder: Path) -> Path:
    """Give the interpreter of the peers' environment, made where it is missing or not of `PACKAGES`."""
    python = folder / "bin" / "python"
    made = folder / "packages.txt"
    wanted = "\n".join(PACKAGES)
    if not made.exists() or made.read_text(encoding="utf-8") != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)  # noqa: S603 - our own interpreter
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, *PACKAGES], check=True)  # noqa: S603 - the environment just made
        made.write_text(wanted, encoding="utf-8")
    return python


def routes_of(python: Path, peer: str, problem: PlanningProblem, *, seconds: float) -> list[Routes]:
    """Have a peer plan the day; one answer for each way it was asked.

    Raises:
        RuntimeError: it ended without an answer; its own words are in the message.
    """
    with tempfile.TemporaryDirectory() as folder:
        asked, answer = Path(folder, "day.json"), Path(folder, "routes.json")
        asked.write_text(json.dumps(document(problem, seconds=seconds)), encoding="utf-8")
        done = subprocess.run(  # noqa: S603 - our own script in it
            [str(python), str(HERE / f"{peer}_peer.py"), str(asked), str(answer)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{peer}: {done.stderr[-2000:]}")
        given: list[Routes] = json.loads(answer.read_text(encoding="utf-8"))
    return given


def document(problem: PlanningProblem, *, seconds: float) -> dict[str, Any]:
    """The day for a peer: seconds, cents and places by number; `cents[i][j]` is what the way from i to j costs."""
    prices = problem.prices
    ways = problem.travel_s * prices.travel_hour / 3600 + problem.distance_m * prices.distance_km / 1000
    levels = max((level for one in problem.engineers for _, level in one.skills), default=0) + 1
    return {
        "seconds": seconds,
        "travel": problem.travel_s.tolist(),
        "cents": ways.round().astype(int).tolist(),
        "overtime_hour": prices.overtime_hour,
        "shifts": [
            {
                "start_place": shift.start_place,
                "end_place": shift.end_place,
                "start": shift.start_s,
                "end": shift.end_s,
                "latest": shift.latest_s,
                "may": [
                    number
                    for number, visit in enumerate(problem.visits)
                    if all(
                        dict(problem.engineers[shift.engineer].skills).get(skill, 0) >= level
                        for skill, level in visit.skills
                    )
                ],
                "skills": [
                    skill * levels + level
                    for skill, held in problem.engineers[shift.engineer].skills
                    for level in range(held + 1)
                ],
            }
            for shift in problem.shifts
        ],
        "visits": [
            {
                "place": visit.place,
                "service": visit.service_s,
                "earliest": max([visit.earliest_s, *(window.open_s for window in visit.windows)]),
                "latest": visit.windows[0].close_s - 1 if visit.windows else None,
                "due": visit.arrive.due_s if visit.arrive else None,
                "late_cents": visit.arrive.cents if visit.arrive else 0,
                "late_per": visit.arrive.per_s if visit.arrive else 1,
                "left_out": visit.left_out,
                "skills": [skill * levels + level for skill, level in visit.skills],
            }
            for visit in problem.visits
        ],
    }
