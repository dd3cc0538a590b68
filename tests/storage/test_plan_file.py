"""plan.json comes back as it went, always as the same bytes, and a bad file is refused in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.text import LANGUAGES, say_refusal
from dispatch.desk.visit import Lock
from dispatch.plan import (
    BoundKind,
    CostTerms,
    Known,
    LoanerBy,
    LoanerChoice,
    Manifest,
    Outsourced,
    Plan,
    Route,
    Source,
    Stop,
    StopKind,
    Supply,
    Unassigned,
)
from dispatch.policy import Policy
from dispatch.problem import kept_name
from kernel.errors import Message, Refusal
from storage.plan_file import (
    PlanFile,
    PlanHead,
    as_json,
    check_belongs,
    plan_document,
    plan_file,
    read_plan,
    write_manifest,
    write_plan,
    write_run,
)
from tests import builders as build

HEAD = PlanHead(
    region="fujian",
    dataset_digest="d" * 64,
    problem_digest="p" * 64,
    as_of=datetime(2026, 3, 6, 2, 40, tzinfo=UTC),
    now=datetime(2026, 3, 6, 2, 40, tzinfo=UTC),
    zone="Asia/Shanghai",
    currency="CNY",
)
WHOLE = PlanFile(
    HEAD,
    Plan(
        routes=(
            Route(
                "S1",
                0,
                900,
                (
                    Stop(StopKind.PICK_UP, "D", 10, 10, 20, tools=("SCOPE",)),
                    Stop(StopKind.BREAK, "", 20, 20, 50),
                    Stop(
                        StopKind.VISIT,
                        "V",
                        60,
                        100,
                        200,
                        supply=(Supply("A", "B", 2, Source.PICK_UP, "D"),),
                        loaner=LoanerChoice("U1", "L", "D", LoanerBy.COURIER, 90),
                    ),
                ),
            ),
        ),
        unassigned=(Unassigned("W", Message("unassigned.skill", {"skill": "HV", "level": 3}), Known.PROVED),),
        claimed=CostTerms(travel_time=120, left_out=9000),
    ),
    engineers={"S1": "E1"},
    locks={"V": Lock.BOTH},
)

ids = st.text("ABCxyz019-./", min_size=1, max_size=8)
ticks = st.integers(-(10**6), 10**7)
values = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
)
names = ids | st.builds(kept_name, ids, ids)
supplies = st.builds(Supply, names, names, st.integers(1, 99), st.sampled_from(Source), ids)
loaners = st.builds(LoanerChoice, ids, names, ids, st.sampled_from(LoanerBy), ticks)
stops = st.one_of(
    st.builds(
        Stop,
        st.just(StopKind.VISIT),
        ids,
        ticks,
        ticks,
        ticks,
        st.lists(supplies, max_size=2).map(tuple),
        st.none() | loaners,
        fetches=st.lists(ids, max_size=2).map(tuple),
        trip=st.just("") | ids,
        role=st.just("") | ids,
    ),
    st.builds(
        Stop,
        st.just(StopKind.PICK_UP),
        ids,
        ticks,
        ticks,
        ticks,
        tools=st.lists(ids, max_size=2).map(tuple),
    ),
    st.builds(Stop, st.just(StopKind.BREAK), st.just(""), ticks, ticks, ticks),
)
plans = st.builds(
    Plan,
    st.lists(st.builds(Route, ids, ticks, ticks, st.lists(stops, max_size=4).map(tuple)), max_size=3).map(
        tuple
    ),
    st.lists(
        st.builds(
            Unassigned,
            ids,
            st.builds(Message, ids, st.dictionaries(ids, values, max_size=3)),
            st.sampled_from(Known),
        ),
        max_size=3,
    ).map(tuple),
    st.builds(CostTerms, late_arrive=st.integers(0, 10**9), changes=st.integers(0, 10**9)),
    outside=st.lists(st.builds(Outsourced, ids, ids, ticks, ticks), max_size=2).map(tuple),
)
policies = st.builds(
    Policy,
    travel_hour=st.decimals(0, 9999, places=2),
    left_out=st.dictionaries(st.sampled_from(["P1", "P2", "P3"]), st.decimals(0, 9999, places=1)),
    loaner_prepare_min=st.integers(0, 500),
)


@given(
    plan=plans,
    policy=policies,
    zone=st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/St_Johns"]),
    now=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001 made aware below
    lock=st.sampled_from([Lock.ENGINEER, Lock.TIME, Lock.BOTH]),
)
def test_a_plan_comes_back_as_it_went(
    tmp_path_factory: pytest.TempPathFactory, plan: Plan, policy: Policy, zone: str, now: datetime, lock: Lock
) -> None:
    """The verifier judges what the file says; a rounding here would be a different plan."""
    path = tmp_path_factory.getbasetemp() / "round.json"
    head = replace(HEAD, policy=policy, zone=zone, now=now.replace(tzinfo=UTC))
    visits = [s.ref for r in plan.routes for s in r.stops if s.kind is StopKind.VISIT]
    locks = dict.fromkeys(visits, lock)
    file = PlanFile(head, plan, {route.shift: "E1" for route in plan.routes}, locks)

    write_plan(path, file)
    again = read_plan(path)

    assert again == file
    assert as_json(plan_document(again)) == path.read_text(encoding="utf-8")


def test_units_kept_for_somebody_are_named_as_people_know_them() -> None:
    """The number of the part, and beside it the visit: nobody orders a `P-1@V-1`."""
    supply = (Supply("P-1", kept_name("P-1", "V-1"), 1, Source.VAN),)
    loaner = LoanerChoice("U-1", kept_name("L", "T-1"), "D", LoanerBy.VISIT, 0)
    stop = Stop(StopKind.VISIT, "V-1", 0, 0, 9, supply, loaner)

    document = plan_document(PlanFile(HEAD, Plan((Route("S1", 0, 9, (stop,)),), (), CostTerms())))

    (shown,) = document["routes"][0]["stops"]
    (line,) = shown["supply"]
    assert (line["needed"], line["part"], line["part_kept_for"]) == ("P-1", "P-1", "V-1")
    assert "needed_kept_for" not in line
    assert (shown["loaner"]["loaner_class"], shown["loaner"]["loaner_class_kept_for"]) == ("L", "T-1")
    assert "@" not in as_json(document)


def test_the_bytes_of_a_plan_do_not_depend_on_order_of_making(tmp_path: Path) -> None:
    """A second run is compared byte for byte."""
    mixed = replace(WHOLE, engineers={"S0": "E0", **WHOLE.engineers})
    other = replace(WHOLE, engineers={**WHOLE.engineers, "S0": "E0"})

    write_plan(tmp_path / "a.json", mixed)
    write_plan(tmp_path / "b.json", other)

    data = (tmp_path / "a.json").read_bytes()
    assert data == (tmp_path / "b.json").read_bytes()
    assert data.endswith(b"}\n")
    assert b"\r" not in data
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "b.json"]


def test_times_stand_as_ticks_and_as_local_moments() -> None:
    """People read the moment, the verifier the tick."""
    stop = plan_document(WHOLE)["routes"][0]["stops"][2]

    assert stop["start_s"] == 100
    assert stop["start_at"] == "2026-03-06T10:41:40+08:00"
    assert stop["lock"] == "both"


def test_locks_and_engineers_are_read_from_the_problem() -> None:
    """Whoever opens the file sees what may not be moved, without the dataset."""
    visits = (build.visit("V", 1, engineer_lock=0, start_lock_s=100), build.visit("W", 2))
    problem = build.problem(visits=visits)
    plan = build.plan(Route("S1", 0, 420, (build.at("V", 100), build.at("W", 210))))

    file = plan_file(HEAD, problem, plan)

    assert file.locks == {"V": Lock.BOTH}
    assert file.engineers == {"S1": "E1"}


def test_only_run_json_holds_wall_time(tmp_path: Path) -> None:
    """A manifest with seconds in it could never be the same twice."""
    manifest = Manifest("p", 1, 500, {"ortools": "9.15", "numba": "0.68"}, "ok", 10, True, BoundKind.NONE, 0)

    write_manifest(tmp_path / "manifest.json", manifest)
    write_run(tmp_path / "run.json", seconds=1.23456)

    assert json.loads((tmp_path / "manifest.json").read_text())["work"] == 500
    assert "seconds" not in (tmp_path / "manifest.json").read_text()
    assert json.loads((tmp_path / "run.json").read_text())["seconds"] == 1.235


def edited(change: Callable[[dict[str, Any]], object]) -> str:
    """The good file after one edit."""
    document = plan_document(WHOLE)
    change(document)
    return json.dumps(document)


def stop_of(document: dict[str, Any]) -> dict[str, Any]:
    """The visit's stop in the good file."""
    found: dict[str, Any] = document["routes"][0]["stops"][2]
    return found


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("", "plan_file.not_json", id="empty file"),
        pytest.param("{", "plan_file.not_json", id="cut off"),
        pytest.param("[" * 100_000, "plan_file.not_json", id="nested without end"),
        pytest.param('{"a": ' + "9" * 5000 + "}", "plan_file.not_json", id="a number of 5,000 digits"),
        pytest.param('{"a": NaN}', "plan_file.not_json", id="not a number"),
        pytest.param("[]", "plan_file.wrong_type", id="a list"),
        pytest.param('{"schema_version": 1, "schema_version": 1}', "plan_file.duplicate_field", id="twice"),
        pytest.param("{}", "plan_file.missing_field", id="no version"),
        pytest.param(
            edited(lambda d: d.update(schema_version=3)), "plan_file.wrong_version", id="newer version"
        ),
        pytest.param(
            edited(lambda d: d.update(schema_version=True)), "plan_file.wrong_type", id="version true"
        ),
        pytest.param(edited(lambda d: d.pop("zone")), "plan_file.missing_field", id="no zone"),
        pytest.param(edited(lambda d: d.update(zone="Mars/Base")), "clock.unknown_zone", id="zone unknown"),
        pytest.param(edited(lambda d: d.update(now="2026-03-06T10:40")), "clock.naive_time", id="naive now"),
        pytest.param(edited(lambda d: d.update(extra=1)), "plan_file.unknown_field", id="field unknown"),
        pytest.param(edited(lambda d: d.update(routes={})), "plan_file.wrong_type", id="routes no list"),
        pytest.param(
            edited(lambda d: d["policy"].pop("travel_hour")), "plan_file.missing_field", id="policy short"
        ),
        pytest.param(
            edited(lambda d: d["policy"].update(travel_hour="-1")), "money.negative", id="price below zero"
        ),
        pytest.param(
            edited(lambda d: d["claimed"].pop("overtime")), "plan_file.missing_field", id="term missing"
        ),
        pytest.param(
            edited(lambda d: d["claimed"].update(overtime=1.5)), "plan_file.wrong_type", id="half a cent"
        ),
        pytest.param(
            edited(lambda d: stop_of(d).update(kind="lunch")), "plan_file.not_a_choice", id="kind unknown"
        ),
        pytest.param(
            edited(lambda d: stop_of(d).update(start_s="100")), "plan_file.wrong_type", id="tick as text"
        ),
        pytest.param(
            edited(lambda d: stop_of(d).update(start_s=160)), "plan_file.moment_differs", id="tick edited"
        ),
        pytest.param(
            edited(lambda d: stop_of(d).update(start_at="2026-03-06T11:00+08:00")),
            "plan_file.moment_differs",
            id="moment edited",
        ),
        pytest.param(
            edited(lambda d: stop_of(d).update(end_s=10**12)), "plan_file.out_of_range", id="year 33,000"
        ),
        pytest.param(
            edited(lambda d: stop_of(d).update(ref="\ud800")), "plan_file.wrong_type", id="half a letter"
        ),
        pytest.param(
            edited(lambda d: d["unassigned"][0]["reason"]["params"].update(skill=["HV"])),
            "plan_file.wrong_type",
            id="value of a reason is a list",
        ),
    ],
)
def test_a_bad_file_is_refused_in_words(tmp_path: Path, text: str, code: str) -> None:
    """Whatever is in the file, a dispatcher reads a sentence with its place, never a traceback."""
    path = tmp_path / "plan.json"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(Refusal) as refused:
        read_plan(path)

    assert refused.value.code == code
    assert refused.value.at is not None
    assert refused.value.at.file == "plan.json"
    for lang in LANGUAGES:
        assert say_refusal(refused.value, lang).startswith("plan.json")


@pytest.mark.parametrize("content", [None, b"\xff\xfe{}"])
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes | None) -> None:
    """A wrong path and a wrong encoding are the commonest slips."""
    path = tmp_path / "plan.json"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(Refusal, match=r"plan_file\.(no_such_file|not_json)"):
        read_plan(path)


def test_a_folder_is_no_plan_file(tmp_path: Path) -> None:
    """`verify DATASET DIR` without the file's name is an easy slip."""
    with pytest.raises(Refusal, match="no_such_file"):
        read_plan(tmp_path)


@given(text=st.text(max_size=40) | st.binary(max_size=40).map(lambda b: b.decode("latin-1")))
def test_no_text_gives_a_traceback(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """Any file is either a plan or refused."""
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_text(text, encoding="utf-8", errors="replace")

    with pytest.raises(Refusal):
        read_plan(path)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({"dataset": "e" * 64}, "plan_file.other_dataset", id="another dataset"),
        pytest.param({"shift": "S9"}, "plan_file.unknown_shift", id="a shift the dataset does not have"),
        pytest.param({"visit": "V9"}, "plan_file.unknown_visit", id="a visit the dataset does not have"),
        pytest.param({"missing": "V9"}, "plan_file.unknown_visit", id="left out and unknown"),
        pytest.param(
            {"digest": "q" * 64}, "plan_file.other_problem", id="another problem from the same dataset"
        ),
        pytest.param({}, "", id="its own"),
    ],
)
def test_a_plan_is_held_against_its_own_dataset_only(change: dict[str, str], code: str) -> None:
    """A plan of last week's dataset verified against today's would be wrong for the wrong reason."""
    problem = build.problem(visits=(build.visit("V", 1), build.visit("W", 2)))
    plan = Plan(
        (Route(change.get("shift", "S1"), 0, 210, (build.at(change.get("visit", "V"), 100),)),),
        (Unassigned(change.get("missing", "W"), Message("unassigned.not_found"), Known.NOT_FOUND),),
        CostTerms(),
    )
    file = PlanFile(replace(HEAD, problem_digest=change.get("digest", problem.digest)), plan)

    if code:
        with pytest.raises(Refusal) as refused:
            check_belongs(file, problem, dataset_digest=change.get("dataset", "d" * 64), name="plan.json")
        assert refused.value.code == code
    else:
        check_belongs(file, problem, dataset_digest="d" * 64, name="plan.json")


def test_a_policy_keeps_its_digits(tmp_path: Path) -> None:
    """The policy is written so that the plan can be priced again exactly."""
    exact = replace(WHOLE, head=replace(HEAD, policy=Policy(travel_hour=Decimal("60.50"))))

    write_plan(tmp_path / "plan.json", exact)

    assert str(read_plan(tmp_path / "plan.json").head.policy.travel_hour) == "60.50"
