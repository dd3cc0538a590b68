"""`fieldwright rescue` as a dispatcher meets it: the card, one way put into the plan, and what is refused."""

from __future__ import annotations

import json
from contextlib import redirect_stdout
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from api.cli import commands
from api.cli.app import run
from api.text import LANGUAGES, Lang
from dispatch.cost import visit_stops
from storage.plan_file import read_plan
from tests.conftest import ROOT

assert commands.__doc__  # importing it registers the commands

pytestmark = pytest.mark.slow  # plans the built-in region and compares its ways out: a minute of one core

FUJIAN = str(ROOT / "scenarios" / "library" / "fujian")
TICKET = "T-QZ-LOANER"


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The built-in region planned once."""
    out = tmp_path_factory.mktemp("planned") / "out"
    assert run(["plan", FUJIAN, "--out", str(out), "--work", "3000", "--seed", "5"]) == 0
    return str(out / "plan.json")


def card(plan: str, ticket: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The card of a ticket as JSON."""
    capsys.readouterr()
    assert run(["rescue", FUJIAN, ticket, "--plan", plan, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.fixture(scope="module")
def shown(plan: str) -> dict[str, Any]:
    """The card of the ticket, read once: asked again it says the same, which a test below tries."""
    with redirect_stdout(StringIO()) as said:
        assert run(["rescue", FUJIAN, TICKET, "--plan", plan, "--json"]) == 0
    found: dict[str, Any] = json.loads(said.getvalue())
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_card_is_whole_in_both_languages(
    plan: str, lang: Lang, capsys: pytest.CaptureFixture[str]
) -> None:
    """No code is left without its sentence, and the loaner stands beside the bill it replaces."""
    assert run(["rescue", FUJIAN, TICKET, "--plan", plan, "--lang", lang]) == 0

    said = capsys.readouterr().out
    assert "rescue." not in said
    assert "{" not in said
    assert "LU-ups-10" in said
    assert ("bill" if lang == "en" else "账单") in said


def test_the_plan_as_it_is_stands_first_and_costs_nothing(shown: dict[str, Any]) -> None:
    """Everything else is measured against it; ways that are not open have a coded reason."""
    first, *others = shown["ways"]
    assert (shown["ticket"], shown["visit"]) == (TICKET, "V-QZ-LOANER")
    assert (first["kind"], first["money"]) == ("wait", "0.00")
    assert all("closed" in way or way["finishes_at"] for way in others)
    assert {way["kind"] for way in shown["ways"]} >= {
        "wait", "reorder", "overtime", "engineer", "pick_up", "delivery", "loaner_brought", "loaner_sent", "partner",
        "workshop",
    }  # fmt: skip


def test_a_way_put_into_the_plan_is_the_plan_it_showed(
    plan: str, shown: dict[str, Any], tmp_path: Path
) -> None:
    """It verifies, and it costs more by exactly what the card said."""
    number, way = next((way["number"], way) for way in shown["ways"][1:] if "closed" not in way)

    out = tmp_path / "rescued"
    assert run(["rescue", FUJIAN, TICKET, "--plan", plan, "--apply", str(number), "--out", str(out)]) == 0
    assert run(["verify", FUJIAN, str(out / "plan.json")]) == 0

    before, after = read_plan(Path(plan)).plan, read_plan(out / "plan.json").plan
    assert after.claimed.total - before.claimed.total == Decimal(way["money"]) * 100


def test_the_workshop_put_into_the_plan_goes_through_every_door(
    plan: str, shown: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file says which visit is collected: verified, explained, rescued again, gone on from, it is still the same."""
    number = next(way["number"] for way in shown["ways"] if way["kind"] == "workshop" and "closed" not in way)
    out, again = tmp_path / "sent", tmp_path / "again"

    assert run(["rescue", FUJIAN, TICKET, "--plan", plan, "--apply", str(number), "--out", str(out)]) == 0
    sent = str(out / "plan.json")
    assert run(["verify", FUJIAN, sent]) == 0
    assert run(["explain", FUJIAN, sent, "V-QZ-LOANER#2"]) == 0
    assert run(["plan", FUJIAN, "--after", sent, "--work", "200", "--out", str(again)]) == 0
    assert run(["verify", FUJIAN, str(again / "plan.json")]) == 0

    turned = tmp_path / "turned"
    engineer = read_plan(out / "plan.json").engineers
    (collecting,) = (
        engineer[route.shift]
        for route in read_plan(out / "plan.json").plan.routes
        if any(stop.ref == "V-QZ-LOANER" for stop in route.stops)
    )
    assert run(["resequence", FUJIAN, collecting, "--plan", sent, "--out", str(turned), "--work", "100"]) == 0
    assert run(["verify", FUJIAN, str(turned / "plan.json")]) == 0

    for folder in (out, again, turned):
        file = read_plan(folder / "plan.json")
        assert {"V-QZ-LOANER", "V-QZ-LOANER#2"} <= {stop.ref for stop in visit_stops(file.plan)}
        assert file.head.workshop == ("V-QZ-LOANER",)
        assert "V-QZ-LOANER#2" in (folder / "visits.csv").read_text(encoding="utf-8")
    closed = {
        way["kind"]: way["closed"]["code"] for way in card(sent, TICKET, capsys)["ways"] if "closed" in way
    }
    assert closed["workshop"] == "closed.is_workshop"


@pytest.mark.parametrize("number", ["0", "-1"])
def test_a_number_no_way_can_have_is_refused_before_anything_is_done(
    plan: str, tmp_path: Path, number: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is printed that looks like an answer."""
    capsys.readouterr()

    assert (
        run(["rescue", FUJIAN, TICKET, "--plan", plan, "--apply", number, "--out", str(tmp_path / "o")]) == 2
    )
    assert capsys.readouterr().out == ""


def test_a_way_that_cannot_be_taken_is_refused_before_the_card_is_printed(
    plan: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is piped on is a card or nothing."""
    capsys.readouterr()

    assert run(["rescue", FUJIAN, TICKET, "--plan", plan, "--apply", "99", "--out", str(tmp_path / "o")]) == 2
    assert capsys.readouterr().out == ""


def test_a_plan_that_breaks_a_rule_is_refused_where_it_is_read(
    plan: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rescue, candidates and resequence say the same of it; `verify` lists what is wrong."""
    document = json.loads(Path(plan).read_text(encoding="utf-8"))
    document["claimed"]["overtime"] += 1
    wrong = tmp_path / "plan.json"
    wrong.write_text(json.dumps(document), encoding="utf-8")

    for command in (
        ["rescue", FUJIAN, TICKET],
        ["candidates", FUJIAN, "V-QZ-LOANER"],
        ["resequence", FUJIAN, "E01", "--out", str(tmp_path / "out")],
    ):
        assert run([*command, "--plan", str(wrong)]) == 2
        assert "plan_file.does_not_hold" in capsys.readouterr().err
    assert run(["verify", FUJIAN, str(wrong)]) == 1


def test_the_part_a_scheme_refuses_is_on_the_card(plan: str, capsys: pytest.CaptureFixture[str]) -> None:
    """V-0063's scheme promises original parts; the cheaper one is listed as closed, with both prices."""
    region = (Path(FUJIAN) / "region.toml").read_text(encoding="utf-8")
    line = next(row for row in region.split("[[story]]") if "original_only" in row)
    visit = next(word for word in line.split('"') if word.startswith("V-"))

    ways = card(plan, visit, capsys)["ways"]

    (refused,) = [way for way in ways if way.get("closed", {}).get("code") == "closed.original_only"]
    said = refused["closed"]["values"]
    assert said["other_price_cents"] < said["price_cents"]


def test_the_same_question_has_the_same_answer(
    plan: str, shown: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """A card read out on the telephone is still true when it is looked at again."""
    assert card(plan, TICKET, capsys) == shown


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["T-404"], "rescue.nothing_open"),
        ([TICKET, "--apply", "1"], "rescue.apply_and_out"),
        ([TICKET, "--apply", "99", "--out", "{out}"], "rescue.no_such_way"),
        ([TICKET, "--apply", "{closed}", "--out", "{out}"], "rescue.way_closed"),
    ],
)
def test_what_cannot_be_done_is_refused_with_what_to_do(
    plan: str,
    shown: dict[str, Any],
    tmp_path: Path,
    arguments: list[str],
    code: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Exit 2, a coded sentence, and nothing is written."""
    closed = next(way["number"] for way in shown["ways"] if "closed" in way)
    given = [one.format(out=tmp_path / "out", closed=closed) for one in arguments]

    assert run(["rescue", FUJIAN, *given, "--plan", plan]) == 2

    assert f"({code})" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
