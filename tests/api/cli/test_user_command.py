"""`fieldwright user`, `key`, `person`: accounts by command line, and no secret where it is not asked for."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from api.cli import commands  # noqa: F401 registers them
from api.cli.app import run

PASSWORD = "nine blue horses at noon"  # noqa: S105 a password of the tests


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of a file that is not there yet; passwords are cheap."""
    monkeypatch.setenv("FIELDWRIGHT_PASSWORD_MEMORY_MIB", "8")
    return f"sqlite:///{tmp_path}/people.db"


def typed(monkeypatch: pytest.MonkeyPatch, text: str, *arguments: str) -> int:
    """Run a command with something piped into it."""
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    return run(list(arguments))


def test_accounts_are_added_listed_changed_and_closed(
    database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The password is piped and shown nowhere."""
    there = ("--database", database)
    added = [
        typed(monkeypatch, PASSWORD, "user", "add", name, "--role", "administrator", "--everywhere", *there)
        for name in ("Boss", "deputy")
    ]
    role = run(["user", "role", "deputy", "--role", "storekeeper", "--region", "R1", "--depot", "D1", *there])
    password = typed(monkeypatch, "eight green goats at dusk", "user", "password", "deputy", *there)
    closed = run(["user", "disable", "deputy", *there])
    last = run(["user", "disable", "boss", *there])
    capsys.readouterr()
    run(["user", "list", *there])

    shown = capsys.readouterr()
    assert (added, role, password, closed, last) == ([0, 0], 0, 0, 0, 2)
    assert sorted(line.split("  ", 1)[1] for line in shown.out.splitlines()) == [
        "boss  administrator  *",
        "deputy  storekeeper  R1 depot=D1  closed",
    ]
    assert PASSWORD not in shown.out + shown.err


def test_a_key_is_printed_once_and_taken_back(
    database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its line alone on standard output, so that a script can keep it."""
    there = ("--database", database)
    run(["user", "add", "pump", "--role", "integration", "--region", "R1", *there])
    capsys.readouterr()

    run(["key", "add", "pump", "--for", "the pump", *there])
    key = capsys.readouterr().out.strip()
    run(["key", "list", *there])
    listed = capsys.readouterr().out
    ended = run(["key", "end", key.partition(".")[0], *there])
    capsys.readouterr()
    run(["key", "list", *there])

    assert key.startswith("fwk-")
    assert key.partition(".")[0] in listed
    assert key.partition(".")[2] not in listed
    assert ended == 0
    assert "taken back" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["user", "add", "x y", "--role", "manager", "--everywhere"], "user.malformed_name"),
        (["user", "add", "desk-1", "--role", "king", "--everywhere"], "user.unknown_role"),
        (["user", "add", "desk-1", "--role", "manager"], "user.reaches_nothing"),
        (["user", "add", "desk-1", "--role", "manager", "--everywhere"], "password.too_short"),
        (["user", "disable", "nobody"], "user.unknown"),
        (["key", "end", "fwk-none"], "key.none_of_id"),
    ],
)
def test_what_makes_no_sense_is_refused_by_code(
    database: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: str,
) -> None:
    """In both languages, with exit code 2."""
    run(["db", "upgrade", "--database", database])
    capsys.readouterr()

    for lang in ("en", "zh"):
        done = typed(monkeypatch, "short", *arguments, "--database", database, "--lang", lang)

        assert done == 2
        assert f"({code})" in capsys.readouterr().err.replace("（", "(").replace("）", ")")


def test_forgetting_says_how_much(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Run once a day; nothing old is nothing done."""
    run(["db", "upgrade", "--database", database])
    capsys.readouterr()

    done = run(["person", "forget", "--database", database])

    assert (done, capsys.readouterr().out) == (0, "0 rows removed, as the settings say.\n")
