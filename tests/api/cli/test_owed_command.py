"""`fieldwright owed` and `fieldwright preventive` as a desk meets them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from api.cli import commands
from api.cli.app import run
from api.text import LANGUAGES, Lang
from dispatch.desk.milestone import TicketKind
from kernel.clock import moment
from storage.dataset.read import load
from tests.dataset_builder import TINY, tiny

assert commands.__doc__  # importing it registers the commands

QUARTERLY = TINY["contracts.csv"] + "K9,C1,field-substitute,,2026-01-01,\n"
"""One more contract, with a preventive visit every quarter."""
YEAR = ["--until", "2027-06-01", "--per-day", "2"]


@pytest.fixture
def dataset(tmp_path: Path) -> str:
    """The tiny dataset with quarterly visits."""
    return str(tiny(tmp_path / "tiny", contracts=QUARTERLY))


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a command prints; it must be done."""
    capsys.readouterr()
    assert run(list(arguments)) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_list_is_named_in_both_languages(
    dataset: str, lang: Lang, capsys: pytest.CaptureFixture[str]
) -> None:
    """No code is left without its sentence; an empty list says that it is empty."""
    shown = said(capsys, "owed", dataset, "--lang", lang)

    assert "owed." not in shown
    assert "{" not in shown
    assert ("nothing" if lang == "en" else "无") in shown


def test_the_folder_and_the_database_owe_the_same(
    dataset: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One list, whichever way the region came in; moments are ISO 8601."""
    database = f"sqlite:///{tmp_path}/fieldwright.db"
    said(capsys, "import", dataset, "--database", database)

    from_folder = json.loads(said(capsys, "owed", dataset, "--json"))
    at = ["--now", from_folder["now"]]
    from_database = json.loads(said(capsys, "owed", "--database", database, *at, "--json"))

    assert from_folder == from_database
    assert set(from_folder) == {
        "now",
        "plan",
        "loans",
        "reminders",
        "ladder",
        "unmanned",
        "complaints",
        "asking",
        "preventive",
        "replacements",
        "to_ask",
    }
    assert from_folder["plan"] == {"made_now": True, "work": 1_000}
    assert from_folder["unmanned"], "the tiny region has no roster"


def test_what_is_not_shown_is_counted(dataset: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A list that ends without saying so would look complete."""
    whole = said(capsys, "owed", dataset, "--limit", "0").splitlines()
    short = said(capsys, "owed", dataset, "--limit", "1").splitlines()

    left_out = len(whole) - len([line for line in short if not line.strip().startswith("and ")])
    counted = sum(int(line.split()[1]) for line in short if line.strip().startswith("and "))
    assert left_out == counted > 0


def test_preventive_visits_are_laid_out_and_kept_once(
    dataset: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Shown from a folder, kept in a database; the same command again adds nothing, and a backup has them."""
    database = f"sqlite:///{tmp_path}/fieldwright.db"
    said(capsys, "import", dataset, "--database", database)

    shown = said(capsys, "preventive", dataset, *YEAR)
    same = ["--now", "2026-03-06T08:30+08:00"]
    kept = said(capsys, "preventive", "--database", database, "--save", *YEAR, *same)
    again = said(capsys, "preventive", "--database", database, "--save", *YEAR, *same)
    said(capsys, "export", "--database", database, "--out", str(tmp_path / "out"))

    visits = [line for line in shown.splitlines() if line.startswith("PM-")]
    assert visits
    assert [line for line in kept.splitlines() if line.startswith("PM-")] == visits
    assert again.startswith("0 preventive visits")
    written = load(tmp_path / "out").field.preventive_visits
    assert [visit.id for visit in written] == [line.split()[0] for line in visits]


def test_tickets_are_opened_once_and_planned_from_their_day_on(
    dataset: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A ticket of kind preventive with a visit of the usual length; the nightly command opens it once."""
    database = f"sqlite:///{tmp_path}/fieldwright.db"
    opening = "2027-05-03T09:00+08:00"
    said(capsys, "import", dataset, "--database", database, "--now", opening)
    again = ["preventive", "--database", database, "--save", "--per-day", "2"]
    again += ["--open-days", "60", "--now", opening]
    until = "2028-05-01"

    first = said(capsys, *again, "--until", until)
    second = said(capsys, *again, "--until", until)
    said(capsys, "export", "--database", database, "--out", str(tmp_path / "out"))

    field = load(tmp_path / "out").field
    tickets = {one.id: one for one in field.tickets if one.kind is TicketKind.PREVENTIVE}
    on = {visit.id: visit.on for visit in field.preventive_visits}
    visits = [visit for visit in field.visits if visit.ticket in tickets]
    assert f"{len(tickets)} tickets opened" in first
    assert "0 tickets opened" in second
    assert tickets
    assert {one.reported_at for one in tickets.values()} == {moment(opening)}
    assert sorted(visit.ticket for visit in visits) == sorted(tickets)
    for visit in visits:
        assert visit.earliest_at is not None
        assert visit.earliest_at.astimezone(ZoneInfo("Asia/Shanghai")).date() == on[visit.ticket]
        assert visit.duration_min == 90


def test_the_last_day_named_is_looked_at(dataset: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Until the last of December means with the fourth quarter; a day less means without."""
    whole = said(capsys, "preventive", dataset, "--until", "2026-12-31", "--per-day", "2")
    short = said(capsys, "preventive", dataset, "--until", "2026-12-30", "--per-day", "2")

    assert "period 2026-10-01 to 2027-01-01" in whole
    assert "2026-10-01 to" not in short


def test_laying_out_and_opening_go_by_one_clock(dataset: str, capsys: pytest.CaptureFixture[str]) -> None:
    """In July the quarters before are over and every visit lies ahead; before its facts a region has no now."""
    shown = said(capsys, "preventive", dataset, *YEAR, "--now", "2026-07-06T09:00+08:00")

    days = [date.fromisoformat(line.split()[1]) for line in shown.splitlines() if line.startswith("PM-")]
    assert days
    assert min(days) >= date(2026, 7, 6)
    assert run(["preventive", dataset, *YEAR, "--now", "2026-01-01T09:00+08:00"]) == 2
    assert "board.now_before_facts" in capsys.readouterr().err


def test_a_plan_nobody_gave_is_said(dataset: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Forecasts from a plan made on the spot must not look like those of the plan in force."""
    assert run(["owed", dataset, "--work", "50"]) == 0

    assert "with 50 steps of search" in capsys.readouterr().err


def test_a_calendar_says_which_days_take_visits(dataset: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The office opens on Mondays, on Saturday 7 March, and not on Monday 9 March."""
    shown = said(capsys, "preventive", dataset, *YEAR, "--calendar", "office")

    days = [date.fromisoformat(line.split()[1]) for line in shown.splitlines() if line.startswith("PM-")]
    assert days
    assert {day.weekday() for day in days if day != date(2026, 3, 7)} == {0}
    assert date(2026, 3, 9) not in days


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--until", "soon", "--per-day", "2"], "preventive.not_a_day"),
        ([*YEAR, "--calendar", "moon"], "preventive.unknown_calendar"),
        (["--until", "9999-12-31", "--per-day", "2"], "clock.out_of_range"),
        ([*YEAR, "--now", "soon"], "clock.not_a_moment"),
        ([*YEAR, "--save"], "preventive.save_needs_database"),
        ([*YEAR, "--open-days", "7"], "preventive.save_needs_database"),
    ],
)
def test_what_cannot_be_laid_out_is_refused(
    dataset: str, arguments: list[str], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the reason and what to do, and nothing written."""
    assert run(["preventive", dataset, *arguments]) == 2
    assert code in capsys.readouterr().err
