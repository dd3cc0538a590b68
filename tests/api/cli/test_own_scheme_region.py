"""A manager's own scheme from the copy to the plan: every command that works on a region uses the region's own terms."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from api.cli import commands
from api.cli.app import run
from tests.own_schemes import ARRIVAL, SHIPPED, own_text, with_own

assert commands.__doc__  # importing it registers the commands

AT = ["--now", "2026-03-06T08:00+08:00"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The tiny region, on site in 90 minutes by its own scheme."""
    return with_own(tmp_path / "region", own_text())


@pytest.fixture
def url(folder: Path, tmp_path: Path) -> str:
    """The same in a database."""
    address = f"sqlite:///{tmp_path}/own.db"
    assert run(["import", str(folder), "--database", address]) == 0
    return address


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """The JSON a command prints."""
    capsys.readouterr()
    assert run([*arguments, "--json"]) == 0, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


def arrival(clocks: Any) -> str:
    """When somebody has to be on site."""
    due = next(one["due_at"] for one in clocks if one["milestone"] == "arrive")
    assert isinstance(due, str)
    return due


def test_a_copy_is_edited_checked_and_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The manager's way from the scheme that ships to due times of his own, without anybody's help."""
    copied = tmp_path / "mine.toml"
    assert run(["scheme", "copy", "field-2-4-24", "--out", str(copied)]) == 0
    text = copied.read_text(encoding="utf-8")
    text = text.replace('id = "field-2-4-24"', 'id = "ours"').replace(ARRIVAL, 'within = "90 min"')
    copied.write_text(text, encoding="utf-8")
    assert run(["scheme", "check", str(copied)]) == 0

    folder = with_own(tmp_path / "region", text)

    assert run(["check", str(folder)]) == 0
    before = said(capsys, "clock", "--scheme", "field-2-4-24", "--severity", "P1", "--reported", AT[1])
    own = said(capsys, "clock", "--scheme-file", str(copied), "--severity", "P1", "--reported", AT[1])
    assert arrival(before["milestones"]) == "2026-03-06T04:00:00+00:00"
    assert arrival(own["milestones"]) == "2026-03-06T01:30:00+00:00"


def test_the_clocks_of_a_ticket_are_those_of_its_own_scheme(
    folder: Path, url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Shown the same from the folder and the database, and earlier than under the scheme it was copied from."""
    shipped = with_own(tmp_path / "shipped", own_text(('within = "90 min"', ARRIVAL)))

    from_folder = said(capsys, "ticket", "show", "G1", str(folder), *AT)
    from_database = said(capsys, "ticket", "show", "G1", "--database", url, *AT)
    as_shipped = said(capsys, "ticket", "show", "G1", str(shipped), *AT)

    assert from_folder["clocks"] == from_database["clocks"]
    assert arrival(from_folder["clocks"]) < arrival(as_shipped["clocks"])


def test_a_plan_of_folder_and_database_is_the_same_verifies_and_pays_for_the_shorter_promise(
    folder: Path, url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The search is held to the terms that were sold: with less time the best plan is never cheaper."""
    shipped = with_own(tmp_path / "shipped", own_text(('within = "90 min"', ARRIVAL)))
    places = {"folder": [str(folder)], "database": ["--database", url], "shipped": [str(shipped)]}

    for name, there in places.items():
        assert run(["plan", *there, "--out", str(tmp_path / f"plan-{name}"), "--work", "300"]) == 0

    files = {name: (tmp_path / f"plan-{name}" / "plan.json").read_bytes() for name in places}
    assert files["folder"] == files["database"]
    assert run(["verify", str(folder), str(tmp_path / "plan-folder" / "plan.json")]) == 0
    assert run(["verify", str(shipped), str(tmp_path / "plan-shipped" / "plan.json")]) == 0
    assert run(["verify", str(shipped), str(tmp_path / "plan-folder" / "plan.json")]) != 0
    cost = {
        name: sum(json.loads(text)["claimed"].values()) for name, text in files.items() if name != "database"
    }
    assert cost["folder"] >= cost["shipped"]
    capsys.readouterr()


@pytest.mark.parametrize(
    "command",
    [
        ["report", "{there}"],
        ["ticket", "list", "{there}"],
        ["charge", "quote", "G1", "{there}"],
        ["owed", "{there}"],
    ],
    ids=lambda command: " ".join(command[:2]),
)
@pytest.mark.parametrize("where", ["folder", "database"])
def test_every_command_knows_the_region_s_own_scheme(
    command: list[str], where: str, folder: Path, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A ticket under a scheme that does not ship is a ticket like any other."""
    there = [str(folder)] if where == "folder" else ["--database", url]
    words = [word for one in command for word in (there if one == "{there}" else [one])]

    code = run(words)

    assert code == 0, capsys.readouterr().err


def test_the_ways_out_are_weighed_by_the_region_s_own_promises(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A rescue compares promises kept: those the customer was given."""
    assert run(["rescue", str(folder), "G1"]) == 0

    assert "G1" in capsys.readouterr().out


def test_what_was_imported_is_exported_byte_for_byte(folder: Path, url: str, tmp_path: Path) -> None:
    """The manager's file comes back as he wrote it, and the whole folder once it has been written by us."""
    other, out, again = f"sqlite:///{tmp_path}/other.db", tmp_path / "out", tmp_path / "again"

    assert run(["export", "--database", url, "--out", str(out)]) == 0
    assert run(["import", str(out), "--database", other]) == 0
    assert run(["export", "--database", other, "--out", str(again)]) == 0

    name = Path("schemes") / "ours.toml"
    assert (out / name).read_bytes() == (folder / name).read_bytes()
    names = sorted(path.relative_to(out) for path in out.rglob("*") if path.is_file())
    assert name in names
    assert names == sorted(path.relative_to(again) for path in again.rglob("*") if path.is_file())
    assert all((out / one).read_bytes() == (again / one).read_bytes() for one in names)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_broken_scheme_is_refused_with_file_line_and_reason(
    tmp_path: Path, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is imported, and the manager is sent to his line."""
    text = own_text(('within = "90 min"', 'within = "90 minutes"'))
    folder = with_own(tmp_path / "region", text)
    line = text[: text.index("90 minutes")].count("\n") + 1

    code = run(["import", str(folder), "--database", f"sqlite:///{tmp_path}/x.db", "--lang", lang])

    complaint = capsys.readouterr().err
    assert code == 2
    assert f"schemes/ours.toml:{line}" in complaint
    assert "scheme.not_a_duration" in complaint


def test_a_scheme_that_ships_is_not_taken_a_second_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One id and version, one set of terms."""
    folder = with_own(tmp_path / "region", SHIPPED, scheme="field-2-4-24")

    assert run(["check", str(folder)]) == 2

    assert "scheme.ships" in capsys.readouterr().err


def test_a_region_s_own_scheme_is_listed_shown_and_copied(
    folder: Path, url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The next version starts from the one in force, wherever it is kept."""
    for there in ([str(folder)], ["--database", url]):
        assert run(["scheme", "list", *there]) == 0
        assert "ours" in capsys.readouterr().out
        assert run(["scheme", "show", "ours", *there]) == 0
        assert "90 min" in capsys.readouterr().out
    out = tmp_path / "copy.toml"

    assert run(["scheme", "copy", "ours", "--database", url, "--out", str(out)]) == 0

    assert out.read_bytes() == (folder / "schemes" / "ours.toml").read_bytes()
    assert run(["scheme", "show", "ours"]) == 2
    assert "scheme.unknown" in capsys.readouterr().err


def test_a_new_version_is_added_to_a_database_listed_shown_and_signed(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No second import is needed, and nothing that runs changes."""
    later = own_text(
        ('version = "1"', 'version = "2"'),
        ("effective_on = 2026-01-01", "effective_on = 2026-05-01\nannounced_on = 2026-03-01"),
    )
    file = tmp_path / "ours-next.toml"
    file.write_text(later, encoding="utf-8")
    before = said(capsys, "ticket", "show", "G1", "--database", url, *AT)

    for lang, words in (("en", "is added, in force from 2026-05-01"), ("zh", "已存在且逐字相同")):
        assert run(["scheme", "add", str(file), "--database", url, *AT, "--lang", lang]) == 0
        assert words in capsys.readouterr().out.replace("\n", " ")
    assert run(["scheme", "list", "--database", url]) == 0
    listed = [line.split()[:3] for line in capsys.readouterr().out.splitlines()]
    assert ["ours", "1", "2026-01-01"] in listed
    assert ["ours", "2", "2026-05-01"] in listed
    assert run(["scheme", "show", "ours", "--version", "2", "--database", url]) == 0
    assert "version 2, in force from 2026-05-01" in capsys.readouterr().out
    assert said(capsys, "ticket", "show", "G1", "--database", url, *AT) == before

    file.write_text(later.replace("2026-05-01", "2026-03-02").replace('"2"', '"3"'), encoding="utf-8")
    assert run(["scheme", "add", str(file), "--database", url, *AT]) == 2
    assert "scheme.too_little_notice" in capsys.readouterr().err
