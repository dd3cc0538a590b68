"""Messages and addresses at the command line: left, tried, looked at, dropped; put right by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.cli import commands  # noqa: F401 registers every command
from api.cli.app import run
from tests.dataset_builder import tiny


@pytest.fixture
def database(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """A database with the tiny region."""
    url = f"sqlite:///{tmp_path}/f.db"
    assert run(["import", str(tiny(tmp_path / "tiny")), "--database", url]) == 0
    capsys.readouterr()
    return url


def test_a_message_without_its_channel_waits_where_one_sees_why_and_can_be_dropped(
    database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is set up yet: the message is not lost, the list says what is missing, and to whom it goes is not shown."""
    add = ["messages", "add", "day_changed", "--about", "E03", "--channel", "sms", "--to", "+86 591 0000"]
    add += ["--value", "engineer=E03", "--value", "day=2026-03-07", "--database", database, "--key", "m-1"]
    assert run(add) == 0
    assert run(add) == 0
    assert run(["send", "--once", "--database", database]) == 0
    capsys.readouterr()

    assert run(["messages", "list", "--database", database]) == 0
    listed = " ".join(capsys.readouterr().out.split())
    assert run(["messages", "drop", "1", "--database", database]) == 0
    assert run(["messages", "list", "--state", "dropped", "--database", database]) == 0
    dropped = " ".join(capsys.readouterr().out.split())

    assert "1 E03 day_changed waiting 1 message.unknown_channel" in listed
    assert listed.count("day_changed") == 1
    assert "+86" not in listed
    assert "day_changed dropped" in dropped


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (
            ["messages", "add", "spam", "--about", "E03", "--channel", "sms", "--to", "1"],
            "message.unknown_kind",
        ),
        (
            [
                "messages",
                "add",
                "ticket_done",
                "--about",
                "T",
                "--channel",
                "sms",
                "--to",
                "1",
                "--value",
                "T",
            ],
            "message.no_pair",
        ),
        (["messages", "list", "--state", "lost"], "message.unknown_state"),
        (["messages", "again", "7"], "outbox.unknown"),
        (["address", "find", "1 Gulou Road"], "outside.no_geocoder"),
        (["address", "fix", "1 Gulou Road", "--lat", "91", "--lon", "0"], "place.latitude_out_of_range"),
        (["runs", "add", "--every-region", "--region", "R1", "--work", "5"], "run.region_or_every"),
        (["worker", "--once", "--dask", "nowhere"], "cluster.unreachable"),
    ],
)
def test_what_cannot_be_done_is_refused_by_code(
    database: str, capsys: pytest.CaptureFixture[str], arguments: list[str], code: str
) -> None:
    """With exit code 2, as everything else."""
    assert run([*arguments, "--database", database]) == 2

    assert code in capsys.readouterr().err


def test_an_address_put_right_is_found(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Without any service."""
    fix = ["address", "fix", "1 Gulou Road", "--lat", "26.1", "--lon", "119.3", "--database", database]
    assert run(fix) == 0

    assert run(["address", "find", "1  gulou road", "--database", database]) == 0

    assert "26.100000, 119.300000 (manual: -)" in capsys.readouterr().out


def test_every_region_gets_a_run(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A country is planned by region, each by whoever is free."""
    assert run(["runs", "add", "--every-region", "--work", "5", "--key", "r-1", "--database", database]) == 0

    assert "r-1" in capsys.readouterr().out


def test_how_people_are_reached_is_said_listed_and_taken_back(
    database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """In both languages of the command; a name nobody has is refused."""
    there = ["--database", database]
    for address in ("+86 591 0000 0001", "+86 591 0000 0002"):
        said = ["receiver", "set", "customer", "C1", "--channel", "sms", "--address", address, "--lang", "zh"]
        assert run([*said, *there]) == 0
    capsys.readouterr()

    assert run(["receiver", "list", *there]) == 0
    listed = " ".join(capsys.readouterr().out.split())
    assert run(["receiver", "set", "engineer", "E99", "--channel", "sms", "--address", "1", *there]) == 2
    assert run(["receiver", "set", "supplier", "S1", "--channel", "sms", "--address", "1", *there]) == 2
    refused = capsys.readouterr().err
    assert run(["receiver", "remove", "customer", "C1", *there]) == 0
    assert run(["receiver", "list", *there]) == 0

    assert "customer C1 sms +86 591 0000 0002 zh" in listed
    assert "register.unknown" in refused
    assert "message.unknown_who" in refused
    assert "C1" not in capsys.readouterr().out.partition("address")[2]
