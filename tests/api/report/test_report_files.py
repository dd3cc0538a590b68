"""Everything else a plan leaves behind: table, map file, JSON, terminal, and the folder they are written to."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from api.report.figures_json import summary_json
from api.report.page import page
from api.report.page_tables import MONEY_TERMS
from api.report.routes_geojson import routes_geojson
from api.report.spreadsheet import BYTE_ORDER_MARK
from api.report.terminal import print_summary
from api.report.view import Report
from api.report.visits_csv import COLUMNS, visits_csv
from api.report.write import write_report
from api.text import LANGUAGES, Lang, label
from dispatch.desk.visit import PublishedStop
from dispatch.plan import CostTerms
from dispatch.publish import Change, ChangeKind
from kernel.clock import moment
from kernel.errors import Refusal
from storage.plan_file import read_plan

DIGEST = "d" * 64


def rows(report: Report) -> dict[str, dict[str, str]]:
    """The rows of visits.csv by visit."""
    text = visits_csv(report, "en").removeprefix(BYTE_ORDER_MARK)
    return {row["visit_id"]: row for row in csv.DictReader(StringIO(text))}


def test_every_visit_has_a_row_planned_or_not(report: Report) -> None:
    """A list that silently drops what was left out is believed, and the visit forgotten."""
    found = rows(report)

    assert found.keys() == set(report.problem.visit_index)
    assert found["V-CERT"]["engineer_id"] == ""
    assert found["V-CERT"]["reason_code"] == "unassigned.certificate_expired"
    assert found["V-CERT"]["reason_known"] == "proved"
    assert found["V-PART"]["starts_at"] == "2026-03-06T14:00:00+08:00"
    assert found["V-PART"]["arrive_due"] == "2026-03-06T13:00:00+08:00"
    assert found["V-PART"]["spare_min"] == "-60"
    assert found["V-LOAN"]["substitute_due"] == "2026-03-06T18:00:00+08:00"
    assert found["V-LOAN"]["loaner"].startswith("loaner U-1")
    assert found["V-PLAIN"]["lock"] == "engineer"


def test_a_name_that_looks_like_a_formula_stays_a_name(report: Report) -> None:
    """A spreadsheet runs what begins with an equals sign."""
    assert rows(report)["V-PART"]["site"] == "'=SUM(A1)"
    assert tuple(rows(report)["V-PART"]) == COLUMNS


def test_a_route_is_a_line_and_its_stops_are_points(report: Report) -> None:
    """Longitude first, as the format says; a break has no point."""
    found = routes_geojson(report)["features"]

    lines = [f for f in found if f["geometry"]["type"] == "LineString"]
    points = [f for f in found if f["geometry"]["type"] == "Point"]
    assert [f["properties"]["shift"] for f in lines] == ["W-1", "W-2"]
    assert [f["properties"]["visit"] for f in points] == ["V-PLAIN", "V-PART", "V-LOAN"]
    assert points[0]["geometry"]["coordinates"] == [119.3, 26.08]
    assert lines[0]["geometry"]["coordinates"][0] == [119.31, 26.06]
    assert len(lines[0]["geometry"]["coordinates"]) == 4
    json.dumps(found, allow_nan=False)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_json_summary_adds_up(report: Report, lang: Lang) -> None:
    """What a program reads is what a person reads: the terms make the total, every visit is counted once."""
    found = json.loads(json.dumps(summary_json(report, lang), allow_nan=False))

    assert found["planned"] + len(found["left_out"]) == found["visits"] == 4
    assert sum(Decimal(cents) for cents in found["cost"]["terms"].values()) == Decimal(found["cost"]["total"])
    assert [story["holds"] for story in found["stories"]] == [True] * 6
    assert found["loaners"][0]["unit"] == "U-1"
    assert [row["offer"] for row in found["deliveries"]] == ["O-T", "O-B"]
    assert found["reorder"][0]["part"] == "FLT"
    assert found["now"] == "2026-03-06T10:00:00+08:00"


def shown(report: Report, lang: Lang, **options: Any) -> str:
    """The terminal's text, wide enough not to fold."""
    text = StringIO()
    print_summary(report, Console(file=text, width=240, highlight=False), lang=lang, **options)
    return text.getvalue()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_terminal_says_everything_the_summary_promises(report: Report, lang: Lang) -> None:
    """Left out and why, attainment, travel, overtime, what to fetch, send and order, cost, stories, files."""
    text = shown(report, lang, files=["out/plan.json"])

    for name in (
        "left_out",
        "calls",
        "attainment",
        "pick_ups",
        "deliveries",
        "loaners",
        "reorder",
        "cost",
        "stories",
        "files",
    ):
        assert label(f"plan.{name}", lang) in text
    for name in MONEY_TERMS:
        assert label(f"plan.cost_{name}", lang) in text
    for fact in ("V-CERT", "U-1", "O-T", "FLT", "plan.html#V-PART", "out/plan.json", "high-voltage"):
        assert fact in text


def test_a_name_with_brackets_is_printed_as_it_is(report: Report) -> None:
    """A terminal's markup is as much a trap as a browser's."""
    settings = replace(report.board.region.settings, name="[red]Region[/red] [/]")
    other = replace(
        report, board=replace(report.board, region=replace(report.board.region, settings=settings))
    )

    assert "[red]Region[/red] [/]" in shown(other, "en")


def test_every_cost_term_is_printed() -> None:
    """A term added to the cost and not to the report would make a sum nobody can follow."""
    assert set(MONEY_TERMS) == set(CostTerms.__dataclass_fields__) - {"measure", "vehicles"}


def test_a_report_is_written_whole_and_the_same_every_time(report: Report, tmp_path: Path) -> None:
    """Only run.json may differ between two runs."""
    first = write_report(tmp_path / "a", report, dataset_digest=DIGEST, lang="en", seconds=1.0)
    second = write_report(tmp_path / "b" / "deep", report, dataset_digest=DIGEST, lang="en", seconds=2.0)

    names = ["plan.json", "manifest.json", "visits.csv", "routes.geojson", "plan.html", "run.json"]
    assert [path.name for path in first] == [path.name for path in second] == names
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == sorted(names)
    for one, other in zip(first, second, strict=True):
        assert (one.read_bytes() == other.read_bytes()) == (one.name != "run.json")


def test_the_plan_written_is_the_plan_reported(report: Report, tmp_path: Path) -> None:
    """What `verify` reads is what was shown."""
    write_report(tmp_path, report, dataset_digest=DIGEST, lang="zh")

    file = read_plan(tmp_path / "plan.json")
    assert file.plan == report.plan
    assert (file.head.dataset_digest, file.head.problem_digest) == (DIGEST, report.problem.digest)
    assert not (tmp_path / "run.json").exists()


def test_what_belongs_to_another_plan_does_not_stay_beside_a_new_one(report: Report, tmp_path: Path) -> None:
    """A seed and a budget read beside a plan are believed to be that plan's."""
    without = replace(report, plan=replace(report.plan, manifest=None))
    for name in ("manifest.json", "run.json"):
        (tmp_path / name).write_text("{}")

    write_report(tmp_path, without, dataset_digest=DIGEST, lang="en")

    assert not (tmp_path / "manifest.json").exists()
    assert not (tmp_path / "run.json").exists()


def test_a_folder_that_cannot_be_made_is_refused(report: Report, tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "taken").write_text("", encoding="utf-8")

    with pytest.raises(Refusal) as refused:
        write_report(tmp_path / "taken", report, dataset_digest=DIGEST, lang="en")

    assert refused.value.code == "plan_file.cannot_write"


def told(report: Report) -> Report:
    """The plan against a published one: one visit moved, one left out, one of nobody told moved, one new, one as it was."""
    nine, ten = moment("2026-03-06T09:15+08:00"), moment("2026-03-06T10:45+08:00")
    changes = (
        Change("V-CERT", ChangeKind.LEFT_OUT, True, ("W-3", nine), None),
        Change("V-LOAN", ChangeKind.ADDED, False, None, ("W-2", ten)),
        Change("V-PLAIN", ChangeKind.MOVED, True, ("W-3", nine), ("W-1", ten)),
    )
    published = {
        visit: PublishedStop(visit, "W-3", nine, told_at=nine) for visit in ("V-CERT", "V-PLAIN", "V-PART")
    }
    return replace(report, changes=changes, board=replace(report.board, published=published))


def test_customers_to_call_are_those_who_were_told_and_are_moved_or_left_out(report: Report) -> None:
    """Both times, so that the call can be made from the list; who was never told is only counted."""
    changed = told(report)
    quiet = replace(changed, changes=tuple(replace(change, told=False) for change in changed.changes))

    found = summary_json(changed, "en")

    assert [
        (row["visit"], row["kind"], row["told_at"], row["new_at"], row["engineer"]) for row in found["calls"]
    ] == [
        ("V-CERT", "left_out", "2026-03-06T09:15:00+08:00", None, None),
        ("V-PLAIN", "moved", "2026-03-06T09:15:00+08:00", "2026-03-06T10:45:00+08:00", "E-1"),
    ]
    assert found["changes"] == {"added": 1, "moved": 1, "left_out": 1, "unchanged": 1}
    assert summary_json(quiet, "en")["calls"] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_calls_stand_in_the_terminal_and_on_the_page(report: Report, lang: Lang) -> None:
    """The first thing a desk does with a new plan is to call."""
    changed = told(report)

    for text in (shown(changed, lang), page(changed, lang)):
        assert label("plan.calls", lang) in text
        assert "2026-03-06 09:15" in text
        assert "2026-03-06 10:45" in text
        assert label("plan.no_time", lang) in text
        assert label("plan.changes", lang, added=1, moved=1, left_out=1, unchanged=1) in text
        assert label("plan.none_calls", lang) not in text
    for text in (shown(report, lang), page(report, lang)):
        assert label("plan.none_calls", lang) in text
