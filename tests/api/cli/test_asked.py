"""Options that many commands share have one name, one help and one effect."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import pytest
import typer

from api.cli.app import _built, run
from api.cli.asked import Asked, Judged, Told, spelled_out
from kernel.clock import SystemClock, moment
from kernel.errors import Refusal
from storage.dataset.read import load
from storage.idempotency import once
from tests.dataset_builder import crewed

NameOption = Annotated[str, typer.Option("--name", help="Whose.")]
OwnOption = Annotated[int, typer.Option("--size", help="How large here.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Two options that go together."""

    name: NameOption
    size: Annotated[int, typer.Option("--size", help="How large.")] = 3


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The tiny dataset."""
    return crewed(tmp_path / "tiny")


@pytest.fixture
def url(folder: Path, tmp_path: Path) -> str:
    """The same in a database."""
    address = f"sqlite:///{tmp_path}/desk.db"
    assert run(["import", str(folder), "--database", address]) == 0
    return address


def each(command: Any) -> Iterator[Any]:
    """Every option and argument of a command and of those below it."""
    yield from command.params
    for below in getattr(command, "commands", {}).values():
        yield from each(below)


def test_a_bundle_is_spelled_out_where_it_stands() -> None:
    """Arguments come in the order the user reads them in the help."""
    told: list[tuple[str, Wish, int]] = []

    @spelled_out
    def command(first: str, wish: Wish, last: int = 7) -> None:
        told.append((first, wish, last))

    command(first="a", name="b", size=3, last=7)

    shown = inspect.signature(command).parameters
    assert list(shown) == ["first", "name", "size", "last"]
    assert shown["name"].default is inspect.Parameter.empty
    assert shown["size"].default == 3
    assert told == [("a", Wish(name="b"), 7)]


def test_a_commands_own_option_stands_for_the_bundles() -> None:
    """`--now` may mean something narrower in one command; there are never two of it."""
    told: list[tuple[Wish, int]] = []

    @spelled_out
    def command(size: OwnOption, wish: Wish) -> None:
        told.append((wish, size))

    command(size=9, name="b")

    assert inspect.signature(command).parameters["size"].annotation == OwnOption
    assert told == [(Wish(name="b", size=9), 9)]


@pytest.mark.parametrize(
    ("option", "helps"), [("--region", 2), ("--lang", 1), ("--accept-partial", 1), ("--database", 5)]
)
def test_an_option_means_the_same_in_every_command(option: str, helps: int) -> None:
    """Who knows it from one command knows it from all.

    A region is where a command acts, or how far an account reaches; a database the only place, one of two, the one
    that is served, the day `live` keeps, or the region a simulation starts from.
    """
    said = [one.help for one in each(_built()) if option in one.opts]

    assert len(said) > 5
    assert len(set(said)) == helps


def test_a_language_nobody_knows_is_refused_before_anything_is_written(
    url: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A refused command that had taken effect would be told twice."""
    ticket = load(folder).field.tickets[0].id

    assert run(["ticket", "event", ticket, "note", "--database", url, "--lang", "fr"]) == 2
    assert "cli.unknown_language" in capsys.readouterr().err

    assert run(["export", "--database", url, "--out", str(tmp_path / "out")]) == 0
    assert load(tmp_path / "out").field.ticket_events == load(folder).field.ticket_events


def test_a_folder_is_judged_at_its_own_moment_and_a_database_now(url: str, folder: Path) -> None:
    """A folder describes one moment for good; a database goes on."""
    began, region = SystemClock().now(), load(folder)

    of_folder, of_database = Judged(dataset=folder), Judged(database=url)

    assert of_folder.at(region) == of_folder.desk().now == region.settings.as_of
    assert began <= of_database.at(of_database.read()) <= began + timedelta(minutes=10)
    assert Judged(database=url, now="2026-03-06T08:30+08:00").at(region) == moment("2026-03-06T08:30+08:00")


def test_a_region_is_in_one_place(url: str, folder: Path) -> None:
    """Two answers to which one is meant are no answer."""
    for asked, code in (
        (Asked(), "cli.dataset_or_database"),
        (Asked(dataset=folder, database=url), "cli.dataset_or_database"),
        (Asked(dataset=folder, region="R1"), "cli.region_of_folder"),
    ):
        for look in (asked.read, asked.opened):
            with pytest.raises(Refusal) as refused:
                look()
            assert refused.value.code == code


def test_a_folder_and_its_database_are_read_alike(url: str, folder: Path) -> None:
    """Whichever of the two is named, with or without the digest, it is the same region."""
    of_folder, of_database = Asked(dataset=folder).opened(), Asked(database=url).opened()

    assert of_folder == of_database
    assert Asked(dataset=folder).read() == Asked(database=url).read() == of_folder.region


def test_a_command_given_again_under_its_key_has_its_first_moment(url: str) -> None:
    """Said again an hour later it is still the first command, not a new one with another time."""
    first = Told(database=url, key="k-1", now="2026-03-06T08:30+08:00")
    first.done(lambda work: once(work, "test.nothing", {}, dict))

    assert Told(database=url, key="k-1").head() == moment("2026-03-06T08:30+08:00")
    assert Told(database=url, key="k-2").head() > moment("2026-03-06T08:30+08:00")


def test_a_visit_of_no_minutes_is_refused(url: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A visit takes time, or there is none to plan."""
    ticket = load(folder).field.tickets[0].id

    assert run(["ticket", "visit", ticket, "--database", url, "--minutes", "0"]) == 2

    assert "desk.minutes_missing" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["availability"],
        ["count"],
        ["loaners"],
        ["order", "coming"],
        ["reorder"],
        ["stock", "due"],
        ["stock", "plan"],
        ["suppliers", "8d", "list"],
        ["suppliers", "cards"],
        ["suppliers", "owed"],
    ],
    ids=" ".join,
)
def test_a_database_is_asked_as_its_folder_is(
    words: list[str], folder: Path, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same question at the same moment has the same answer, wherever the region lies."""
    now = load(folder).settings.as_of.isoformat()
    capsys.readouterr()

    assert run([*words, str(folder), "--now", now, "--json"]) == 0
    of_folder = capsys.readouterr().out
    assert run([*words, "--database", url, "--now", now, "--json"]) == 0

    assert capsys.readouterr().out == of_folder
