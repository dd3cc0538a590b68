"""A day with requests coming in: nothing is known too early, what has begun stays, and the figures are the day's own."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from benchmarks import dynamic, release, trsp
from benchmarks.__main__ import main
from dispatch.plan import Plan
from dispatch.problem import PlanningProblem
from dispatch.solve import Budget, solve
from dispatch.verify import violations
from kernel.errors import Refusal
from tests.benchmarks.conftest import Reading

STATIC = """tiny

INFO
CREW COUNT  SKILLS  TOOLS   SPARE PARTS
2      1       1       1

DEPOT TECHNICIANS AND REQUESTS
ID   X     Y     TWS    TWE    Serv   SKILLS   TOOLS    SPARE PARTS
0    0     20    0      200    0      [] \t[] \t[]
1    0     0     0      200    0      [0] \t[] \t[1]
2    90    0     0      200    0      [] \t[] \t[0]
3    10    0     0      100    5      [0] \t[] \t[1]
4    10    10    0      150    5      [0] \t[] \t[1]
5    20    0     150    160    5      [0] \t[] \t[0]
"""

RELEASED = """# Instance tiny
Dyn   Stat
2    1
ID    RD
3    -1
4    {four}
5    {five}
"""


def _files(folder: Path, *, four: float, five: float) -> Path:
    """A static file and its release dates, in the folders they have in the public set."""
    for name in ("trsp", "dtrsp"):
        (folder / name).mkdir(exist_ok=True)
    (folder / "trsp" / "tiny.txt").write_text(STATIC, encoding="utf-8")
    path = folder / "dtrsp" / "tiny_rd_67.txt"
    path.write_text(RELEASED.format(four=four, five=five), encoding="utf-8")
    return path


def _plan(problem: PlanningProblem, hint: Plan) -> Plan:
    """Plan with little work; every plan of the day keeps every rule."""
    plan = solve(problem, Budget(seed=1, work=300), hint)
    assert violations(problem, plan) == ()
    return plan


def test_everything_known_beforehand_is_the_static_problem(tmp_path: Path) -> None:
    """Without releases during the day one plan is made, and the day costs what the plan says."""
    day = release.read(_files(tmp_path, four=-1, five=-1))
    plans = []

    def plan_anew(problem: PlanningProblem, hint: Plan) -> Plan:
        plans.append(_plan(problem, hint))
        return plans[-1]

    crew = dynamic.run(day, plan_anew)

    assert len(plans) == 1
    assert dynamic.working_time(day, crew) == pytest.approx(plans[0].claimed.measure / trsp.TICKS, abs=0.01)


def test_a_technician_waits_at_home_as_long_as_he_can(tmp_path: Path) -> None:
    """Request 3 may start until 100: he leaves at 90, and a request that comes at 80 is planned with it."""
    day = release.read(_files(tmp_path, four=80, five=140))

    crew = dynamic.run(day, _plan)

    first, second = crew
    assert {step.node for step in first.done} == {0, 3, 4}, (
        "the one part is in the van, the other from the depot"
    )
    assert first.done[0].leave_s >= 80_000
    assert second.done == ()


def test_who_has_left_for_a_customer_goes_there(tmp_path: Path) -> None:
    """At 95 he is on his way to request 3, five from it: request 4 comes after."""
    day = release.read(_files(tmp_path, four=95, five=140))

    crew = dynamic.run(day, _plan)

    assert crew[0].done[0] == dynamic.Step(node=3, leave_s=90_000, start_s=100_000)
    assert [step.node for step in crew[0].done] == [3, 0, 4]
    assert crew[0].done[1].leave_s >= 95_000


def test_who_has_left_for_home_is_done_for_the_day(tmp_path: Path) -> None:
    """Request 3 ends at 105, then he drives home; what comes at 140 finds nobody with the skill."""
    day = release.read(_files(tmp_path, four=-1, five=140))

    crew = dynamic.run(day, _plan)

    assert crew[0].over
    assert dynamic.document_of(day, crew)["unserved"] == [5]


def test_waiting_on_the_way_is_working_time(tmp_path: Path) -> None:
    """Known at 95, request 5 opens at 150: he left home at 90 and is back at 175, all of it counts."""
    day = release.read(_files(tmp_path, four=199, five=95))

    crew = dynamic.run(day, _plan)

    assert [step.node for step in crew[0].done] == [3, 5]
    assert dynamic.working_time(day, crew) == pytest.approx(85)


@pytest.mark.parametrize(
    ("old", "new", "line"), [("3    -1", "3    x", 5), ("3    -1", "9    -1", 5), ("3    -1", "4    -1", 6)]
)
def test_a_malformed_line_is_named(tmp_path: Path, old: str, new: str, line: int) -> None:
    """A number that is none, a request the static file does not have, one named twice."""
    path = _files(tmp_path, four=1, five=1)
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")

    with pytest.raises(Refusal) as refused:
        release.read(path)

    assert (refused.value.code, refused.value.message.params["line"]) == ("benchmark.malformed", line)


def test_a_request_without_a_date_is_refused(tmp_path: Path) -> None:
    """Half a file is not read as a day with fewer requests."""
    path = _files(tmp_path, four=1, five=1)
    path.write_text(path.read_text(encoding="utf-8").replace("3    -1\n", ""), encoding="utf-8")

    assert main(["dynamic", str(path), "--work", "10"]) == 2


@pytest.mark.slow  # plans a public day many times
def test_a_public_day_holds_against_an_independent_reading(
    public_files: Path, reading: Reading, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody sets out for what he cannot know, is in two places at once, or lacks skill, tool or part."""
    name = "RC207.100_25-5-5-5"
    out = tmp_path / "out.json"

    code = main(
        ["dynamic", str(public_files / "dtrsp" / f"{name}_rd_10.txt"), "--work", "300", "--out", str(out)]
    )

    static = public_files / "trsp" / f"{name}.txt"
    told = capsys.readouterr().out
    written = json.loads(out.read_text(encoding="utf-8"))
    value, right = reading("check_trsp", static, out)
    assert (code, right) == (0, True), "all served, and the routes keep the static rules"
    assert float(value) <= written["objective"] + 0.01, (
        "had everything been known, the same routes were no longer"
    )
    assert f"objective {written['objective']:.4f}" in told
    assert "authors' waiting strategy 2542.4118" in told
    lived = [
        _lived(static, public_files / "dtrsp" / f"{name}_rd_10.txt", route) for route in written["routes"]
    ]
    assert written["objective"] == pytest.approx(sum(lived), abs=0.01)


def _lived(static: Path, releases: Path, route: dict[str, Any]) -> float:
    """Working time of a written route, every step of it checked, with none of the code under test."""
    nodes = [line.split() for line in static.read_text(encoding="utf-8").splitlines()[8:134]]
    rows = [line.split() for line in releases.read_text(encoding="utf-8").splitlines()]
    known = {row[0]: float(row[1]) for row in rows[rows.index(["ID", "RD"]) + 1 :] if row}
    here = home = nodes[route["engineer"]]
    free = 0.0
    for stop, left, started in zip(route["stops"], route["left_at"], route["started_at"], strict=True):
        there = nodes[stop]
        assert left >= max(free, known.get(str(stop), 0.0)) - 1e-6
        assert started >= left + _apart(here, there) - 1e-6
        assert stop == 0 or float(there[3]) - 1e-6 <= started <= float(there[4]) + 1e-6
        here, free = there, started + (float(there[5]) if stop else 0.0)
    end = free + _apart(here, home)
    assert end <= float(home[4]) + 1e-6
    return end - float(route["left_at"][0])


def _apart(one: list[str], other: list[str]) -> float:
    return math.dist((float(one[1]), float(one[2])), (float(other[1]), float(other[2])))
