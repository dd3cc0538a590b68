"""Home care is read exactly, two people at a time are links, and stored solutions keep their published values."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks import hhcrsp
from benchmarks.__main__ import main
from dispatch.cost import cost
from dispatch.plan import Plan, Route
from dispatch.problem import Pair
from dispatch.rules import Rule
from dispatch.solve import Budget, solve
from dispatch.verify import violations
from kernel.errors import Refusal
from tests.benchmarks.conftest import Reading

TINY: dict[str, Any] = {
    "services": [{"id": "wash", "default_duration": 10.0}, {"id": "lift", "default_duration": 10.0}],
    "caregivers": [{"id": "c1", "abilities": ["wash"]}, {"id": "c2", "abilities": ["lift", "wash"]}],
    "central_offices": [{"id": "d", "location": [0.0, 0.0]}],
    "distances": [[0.0, 5.0, 3.5], [5.0, 0.0, 2.0], [3.5, 2.0, 0.0]],
    "patients": [
        {
            "id": "p1",
            "location": [5.0, 0.0],
            "time_window": [20.0, 30.0],
            "required_caregivers": [
                {"service": "wash", "duration": 10.0},
                {"service": "lift", "duration": 12.5},
            ],
            "synchronization": {"type": "simultaneous"},
        },
        {
            "id": "p2",
            "location": [3.0, 1.8],
            "time_window": [0.0, 8.0],
            "required_caregivers": [
                {"service": "lift", "duration": 5.0},
                {"service": "wash", "duration": 5.0},
            ],
            "synchronization": {"type": "sequential", "distance": [4.0, 6.0]},
        },
    ],
}

SOLUTION: dict[str, Any] = {
    "global_ordering": ["p2", "p1"],
    "routes": [
        {
            "caregiver_id": "c1",
            "locations": [
                {"arrival_time": 9.0, "departure_time": 14.0, "patient": "p2", "service": "wash"},
                {"arrival_time": 20.0, "departure_time": 30.0, "patient": "p1", "service": "wash"},
            ],
        },
        {
            "caregiver_id": "c2",
            "locations": [
                {"arrival_time": 4.0, "departure_time": 9.0, "patient": "p2", "service": "lift"},
                {"arrival_time": 20.0, "departure_time": 32.5, "patient": "p1", "service": "lift"},
            ],
        },
    ],
}
"""Each drives 3.5 + 2 + 5; the washing of p2 begins a minute late: (21 + 1 + 1) / 3."""


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A small home-care file."""
    return _written(tmp_path / "tiny.json", TINY)


def test_a_stored_solution_is_a_plan_and_back(tiny: Path) -> None:
    """Routes and times survive both ways, and the plan keeps every rule of the problem."""
    instance = hhcrsp.read(tiny)
    problem = hhcrsp.problem_of(instance)

    plan = hhcrsp.plan_of(instance, problem, SOLUTION)

    assert violations(problem, plan) == ()
    assert plan.claimed.measure == 23 * hhcrsp.TICKS
    assert hhcrsp.document_of(instance, plan) == SOLUTION
    assert hhcrsp.value(instance, SOLUTION) == pytest.approx(23 / 3)


def test_two_services_of_a_patient_are_linked(tiny: Path) -> None:
    """Together is a gap of nothing; one after the other has its least and most, and never one person for both."""
    together, after = hhcrsp.problem_of(hhcrsp.read(tiny)).links

    assert (together.least_s, together.most_s) == (0, 0)
    assert (after.least_s, after.most_s) == (4000, 6000)
    assert all(link.engineers is Pair.DIFFERENT and link.both for link in (together, after))


@pytest.mark.parametrize(
    ("caregiver", "stop", "later_s", "rule"),
    [
        ("K0001", 1, 1000, Rule.LINK),  # the two at p1 no longer begin together
        ("K0001", 0, 2000, Rule.LINK),  # more than six minutes after the first
        ("K0002", 0, -1000, Rule.TRAVEL),  # sooner than the way allows
        ("K0002", 1, -1000, Rule.EARLIEST),  # before the window
    ],
)
def test_a_moved_start_is_found_out(tiny: Path, caregiver: str, stop: int, later_s: int, rule: Rule) -> None:
    """The problem built from the file holds the rules of the field."""
    instance = hhcrsp.read(tiny)
    problem = hhcrsp.problem_of(instance)
    plan = hhcrsp.plan_of(instance, problem, SOLUTION)

    moved = Plan(
        tuple(_moved(route, stop, later_s) if route.shift == caregiver else route for route in plan.routes),
        (),
        plan.claimed,
    )

    assert rule in {wrong.rule for wrong in violations(problem, moved)}


def test_a_service_is_done_by_someone_able(tiny: Path) -> None:
    """Caregiver c1 cannot lift."""
    instance = hhcrsp.read(tiny)
    problem = hhcrsp.problem_of(instance)
    first, second = SOLUTION["routes"]
    swapped = [{**first, "locations": second["locations"]}, {**second, "locations": first["locations"]}]

    plan = hhcrsp.plan_of(instance, problem, {"routes": swapped})

    assert {wrong.rule for wrong in violations(problem, plan)} == {Rule.SKILL}


@pytest.mark.parametrize(
    "change",
    [
        {"distances": [[0.0, 5.0], [5.0, 0.0]]},
        {"distances": [[0.0, 5.0, -1.0], [5.0, 0.0, 2.0], [3.5, 2.0, 0.0]]},
        {"caregivers": []},
        {"caregivers": [{"id": "c1", "abilities": ["sing"]}]},
        {"central_offices": []},
        {"patients": [{**TINY["patients"][0], "time_window": [30.0, 20.0]}, TINY["patients"][1]]},
        {"patients": [TINY["patients"][0], TINY["patients"][0]]},
        {
            "patients": [
                TINY["patients"][0],
                {**TINY["patients"][1], "synchronization": {"type": "sequential"}},
            ]
        },
        {"services": [{"id": "wash"}]},
    ],
)
def test_a_file_that_does_not_fit_together_is_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    """A matrix of another size, an unknown service, a window that closes before it opens."""
    path = _written(tmp_path / "bad.json", {**TINY, **change})

    with pytest.raises(Refusal) as refused:
        hhcrsp.read(path)

    assert refused.value.code == "benchmark.malformed"


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe\x00", b"[1, 2", b"[]"])
def test_bad_files_end_with_code_two_and_nothing_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    """A new user's first mistake gets a sentence, not a traceback."""
    path, out = tmp_path / "bad.json", tmp_path / "out.json"
    if content is not None:
        path.write_bytes(content)

    code = main(["hhcrsp", str(path), "--work", "10", "--out", str(out)])

    assert code == 2
    assert not out.exists()
    assert "benchmark." in capsys.readouterr().err


def test_stored_solutions_keep_every_rule_and_their_published_value(
    public_files: Path, reading: Reading, tmp_path: Path
) -> None:
    """Reader, problem, writer and value agree with the publishers and with an independent reading, on all of them."""
    stored = sorted((public_files / "hhcrsp" / "solutions").glob("*.json"))

    assert len(stored) == 15
    for path in stored:
        name = path.stem.removeprefix("sol-").rsplit("-", 1)[0]
        file = public_files / "hhcrsp" / "instances" / f"{name}.json"
        instance = hhcrsp.read(file)
        problem = hhcrsp.problem_of(instance)
        plan = hhcrsp.plan_of(instance, problem, json.loads(path.read_text(encoding="utf-8")))
        again = hhcrsp.document_of(instance, plan)

        assert violations(problem, plan) == (), name
        assert plan.claimed.measure == pytest.approx(3 * hhcrsp.TICKS * hhcrsp.value(instance, again))
        assert hhcrsp.value(instance, again) == pytest.approx(hhcrsp.best_known(file), abs=6e-3), name
        said = reading("check_hhcrsp", file, _written(tmp_path / "again.json", again))
        assert said == (f"{hhcrsp.value(instance, again):.3f}", True)


def _written(path: Path, document: dict[str, Any]) -> Path:
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def _moved(route: Route, number: int, later_s: int) -> Route:
    stop = route.stops[number]
    there = replace(stop, start_s=stop.start_s + later_s, end_s=stop.end_s + later_s)
    there = replace(there, arrive_s=min(there.arrive_s, there.start_s))
    return replace(route, stops=(*route.stops[:number], there, *route.stops[number + 1 :]))


def test_the_search_keeps_people_together_and_late_starts_low(tiny: Path) -> None:
    """The hand-made solution is matched or beaten, and the claim is exactly what the written times cost."""
    instance = hhcrsp.read(tiny)
    problem = hhcrsp.problem_of(instance)

    plan = solve(problem, Budget(seed=1, work=500))

    assert violations(problem, plan) == ()
    assert plan.claimed == cost(problem, plan)
    assert plan.unassigned == ()
    found = hhcrsp.value(instance, hhcrsp.document_of(instance, plan))
    assert plan.claimed.measure == pytest.approx(3 * hhcrsp.TICKS * found)
    assert found <= hhcrsp.value(instance, SOLUTION)


def test_a_public_instance_is_solved_close_to_the_best_known(
    public_files: Path, reading: Reading, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file written is read back by an independent program with the value printed."""
    file = public_files / "hhcrsp" / "instances" / "InstanzCPLEX_HCSRP_10_1.json"
    out = tmp_path / "out.json"

    code = main(["hhcrsp", str(file), "--work", "5000", "--out", str(out)])

    value, right = reading("check_hhcrsp", file, out)
    best = hhcrsp.best_known(file)
    told = capsys.readouterr().out
    assert (code, right) == (0, True)
    assert f"objective {value}" in told
    assert best is not None
    assert float(value) < 1.05 * best
