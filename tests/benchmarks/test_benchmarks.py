"""Public formats are read exactly, values are those of the field, and bad files are refused with a code."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from benchmarks import trsp, vrptw
from benchmarks.__main__ import main
from dispatch.solve import Budget, solve
from dispatch.verify import violations
from kernel.errors import Refusal

TRSP = """tiny

INFO
CREW COUNT  SKILLS  TOOLS   SPARE PARTS
2      2       2       2

DEPOT TECHNICIANS AND REQUESTS
ID   X     Y     TWS    TWE    Serv   SKILLS   TOOLS    SPARE PARTS
0    40    50    0      1236   0      [] \t[] \t[]
1    40    20    0      1236   0      [0] \t[1] \t[1,0]
2    77    88    0      1236   0      [0,1] \t[0] \t[0,0]
3    45    68    100    967    90     [0] \t[] \t[1,0]
4    45    70    25     870    90     [0] \t[1] \t[2,1]
5    42    66    65     146    90     [1] \t[0] \t[0,0]
"""

VRPTW = """TINY

VEHICLE
NUMBER     CAPACITY
  2         20

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME

    0      40         50          0          0       1236          0
    1      45         68         10          0        967         90
    2      45         70         15        125        870         90
    3      42         66         10         65        446         90
"""


@pytest.fixture
def trsp_file(tmp_path: Path) -> Path:
    """A small technician-routing file."""
    path = tmp_path / "tiny.txt"
    path.write_text(TRSP, encoding="utf-8")
    return path


@pytest.fixture
def vrptw_file(tmp_path: Path) -> Path:
    """A small file in Solomon's layout."""
    path = tmp_path / "TINY.txt"
    path.write_text(VRPTW, encoding="utf-8")
    return path


def test_a_request_is_served_with_parts_from_the_depot_stop(trsp_file: Path) -> None:
    """Request 4 needs two units the van lacks: the route stops at place 0 first."""
    instance = trsp.read(trsp_file)
    problem = trsp.problem_of(instance)

    plan = solve(problem, Budget(seed=1, work=300))

    assert violations(problem, plan) == ()
    assert plan.unassigned == ()
    stops = next(stops for _, stops in trsp.stops_of(plan) if 4 in stops)
    assert 0 in stops[: stops.index(4)]


def test_working_time_in_double_agrees_with_the_plan(trsp_file: Path) -> None:
    """Ticks are thousandths rounded up, so the plan's measure lies just above the true value."""
    instance = trsp.read(trsp_file)
    plan = solve(trsp.problem_of(instance), Budget(seed=1, work=300))

    value = trsp.working_time(instance, trsp.stops_of(plan))

    assert value <= plan.claimed.measure / trsp.TICKS <= value + 0.02


def test_a_wait_that_can_be_spent_at_home_is_not_working_time(trsp_file: Path) -> None:
    """Working time of a route ends at its end and begins at the latest possible departure."""
    instance = trsp.read(trsp_file)

    alone = trsp.working_time(instance, [(1, [3])])

    assert alone == pytest.approx(2 * 48.2597140480546 + 90)


def test_the_command_writes_the_routes(
    trsp_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Objective, gap and a file another program can check."""
    (tmp_path / "best_known.csv").write_text(
        "instance,recomputed_working_time\ntiny,500.0\n", encoding="utf-8"
    )
    out = tmp_path / "out.json"

    code = main(["trsp", str(trsp_file), "--work", "200", "--out", str(out)])

    written = json.loads(out.read_text(encoding="utf-8"))
    assert code == 0
    assert written["instance"] == "tiny"
    assert sorted(stop for route in written["routes"] for stop in route["stops"] if stop) == [3, 4, 5]
    assert {route["engineer"] for route in written["routes"]} <= {1, 2}
    assert "best known 500.0000" in capsys.readouterr().out


@pytest.mark.parametrize("convention", vrptw.CONVENTIONS)
def test_customers_are_delivered_within_capacity(vrptw_file: Path, convention: str) -> None:
    """The load is a part in the van; 35 units do not fit one vehicle of 20."""
    instance = vrptw.read(vrptw_file)
    problem = vrptw.problem_of(instance, convention=convention)

    plan = solve(problem, Budget(seed=1, work=300))

    routes = vrptw.stops_of(plan)
    assert violations(problem, plan) == ()
    assert sorted(c for route in routes for c in route) == [1, 2, 3]
    assert len(routes) == 2
    value = vrptw.length(instance, routes, convention=convention)
    assert value == pytest.approx(plan.claimed.measure / problem.ticks_per_unit, abs=0.02)


def test_the_vrptw_command_writes_lists_of_customers(vrptw_file: Path, tmp_path: Path) -> None:
    """Routes are lists of customers' numbers."""
    out = tmp_path / "out.json"

    code = main(["vrptw", str(vrptw_file), "--convention", "exact", "--work", "200", "--out", str(out)])

    written = json.loads(out.read_text(encoding="utf-8"))
    assert code == 0
    assert sorted(c for route in written["routes"] for c in route) == [1, 2, 3]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("2      2       2       2", "2      2       2", 5),
        ("45    68    100", "45    68    abc", 12),
        ("[2,1]", "[2,1,7]", 13),
        ("[2,1]", "[2,-1]", 13),
        ("100    967", "967    100", 12),
        ("5    42    66", "9    42    66", 14),
        ("[1] \t[0] \t[0,0]", "[5] \t[0] \t[0,0]", 14),
    ],
)
def test_a_malformed_line_is_named(trsp_file: Path, old: str, new: str, line: int) -> None:
    """A file that is not what it says is refused with its line, never read halfway."""
    trsp_file.write_text(TRSP.replace(old, new), encoding="utf-8")

    with pytest.raises(Refusal) as refused:
        trsp.read(trsp_file)

    assert (refused.value.code, refused.value.message.params["line"]) == ("benchmark.malformed", line)


@pytest.mark.parametrize("family", ["trsp", "vrptw"])
@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe\x00", b"hello\nworld\n"])
def test_bad_files_end_with_code_two_and_nothing_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], family: str, content: bytes | None
) -> None:
    """A new user's first mistake gets a sentence, not a traceback."""
    path, out = tmp_path / "bad.txt", tmp_path / "out.json"
    if content is not None:
        path.write_bytes(content)

    code = main([family, str(path), "--work", "10", "--out", str(out)])

    assert code == 2
    assert not out.exists()
    assert "benchmark." in capsys.readouterr().err


def test_an_unwritable_result_is_refused_before_the_search(trsp_file: Path, tmp_path: Path) -> None:
    """Nobody waits thirty seconds to hear that the folder is missing."""
    assert main(["trsp", str(trsp_file), "--work", "10", "--out", str(tmp_path / "no" / "out.json")]) == 2


def test_published_routes_have_their_published_value(public_files: Path) -> None:
    """Reader and value function reproduce the authors' own numbers."""
    name = "R101.100_25-5-5-5"
    path = public_files / "trsp" / f"{name}.txt"
    instance = trsp.read(path)
    rows = csv.DictReader((path.parent / "best_known_routes.csv").read_text(encoding="utf-8").splitlines())

    text = next(row["routes"] for row in rows if row["instance"] == name)
    routes = [_published(route) for route in text.strip("<>").split("|") if route]

    assert trsp.working_time(instance, routes) == pytest.approx(trsp.best_known(path), abs=1e-3)


@pytest.mark.slow  # 60,000 steps of search
def test_a_public_instance_is_solved_close_to_the_best_known(public_files: Path) -> None:
    """A few seconds of work already come within five percent."""
    path = public_files / "trsp" / "RC201.100_25-5-5-5.txt"
    instance = trsp.read(path)
    problem = trsp.problem_of(instance)

    plan = solve(problem, Budget(seed=1, work=60_000))

    best = trsp.best_known(path)
    assert best is not None
    assert plan.unassigned == ()
    assert trsp.working_time(instance, trsp.stops_of(plan)) < 1.05 * best


def _published(route: str) -> tuple[int, list[int]]:
    """The engineer and his stops; the authors write 125 + i for his end, 150 + i for the depot stop."""
    engineer, *stops, _ = (int(number) for number in route.split(","))
    return engineer, [0 if stop >= 150 else stop for stop in stops]
