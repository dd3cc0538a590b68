"""`fieldwright clock` as a user meets it: due times, arithmetic, refusals, both languages."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest

from api.cli import (
    clock,  # noqa: F401 registers the command
    commands,  # noqa: F401 registers the others: one command alone would have no name
)
from api.cli.app import run

FRIDAY = ("--reported", "2026-03-06T16:00+08:00")
PREMIUM = """
schema = 1
id = "premium-3h"
version = "1"
effective_on = 2026-01-01
name = { en = "Premium", zh = "尊享" }
document = "example"
zone = "Asia/Shanghai"
currency = "CNY"
severity_change = { value = "restart", source = "chosen" }
[calendars.office]
days = { mon-fri = "08:00-17:00" }
source = "chosen"
[milestones.repair]
all = { within = "3 h", calendar = "office", source = "chosen" }
"""


def test_the_headline_example_prints_every_due_time_with_its_arithmetic(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The command of the manual, line by line."""
    code = run(["clock", "--scheme", "field-2-4-24", "--severity", "P1", *FRIDAY])

    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert code == 0
    assert lines[:8] == [
        "Field service 2-4-24 (field-2-4-24, version 1), severity P1, times in Asia/Shanghai",
        "as of 2026-03-06 16:00",
        "",
        "arrange         due 2026-03-06 18:00    running",
        "    reported 2026-03-06 16:00",
        "    promised: 2 h 00 min, every hour counts",
        "    due 2026-03-06 18:00",
        "    2 h 00 min left",
    ]
    due = {
        line.split()[0]: line.split("due ")[1][:16] for line in lines if "due " in line[1:] and line[0] != " "
    }
    assert due["arrive"] == "2026-03-06 20:00"
    assert due["repair"] == due["substitute"] == "2026-03-07 16:00"


def test_a_file_of_ones_own_is_read_and_reckoned_with(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The worked example: three business hours from Friday at four end on Monday at ten."""
    file = tmp_path / "premium.toml"
    file.write_text(PREMIUM, encoding="utf-8")

    code = run(["clock", "--scheme-file", str(file), "--severity", "P1", *FRIDAY, "--lang", "zh"])

    out = capsys.readouterr().out
    assert code == 0
    assert "修复" in out
    assert "到期 2026-03-09 10:00" in out
    assert "2026-03-09 08:00 至 2026-03-09 10:00：计 2 小时 00 分，剩余 0 分" in out
    assert "本方案自定，无文件依据" in out


def test_json_carries_codes_values_and_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    """What a program reads is what a person reads."""
    code = run(
        [
            *("clock", "--scheme", "field-customer-set", "--severity", "P2", *FRIDAY),
            *("--now", "2026-03-06T18:30+08:00", "--json"),
        ]
    )

    document = json.loads(capsys.readouterr().out)
    by_name = {milestone["milestone"]: milestone for milestone in document["milestones"]}
    assert code == 0
    assert by_name["respond"]["state"] == "breached"
    assert by_name["respond"]["due_at"] == "2026-03-06T10:00:00+00:00"
    assert by_name["respond"]["remaining_s"] == -1800
    assert by_name["arrive"]["state"] == "awaiting_customer"
    assert by_name["repair"]["due_at"] is None
    assert by_name["respond"]["arithmetic"][0] == {
        "code": "arithmetic.reported",
        "values": {"reported_at": "2026-03-06T08:00:00+00:00"},
        "text": "reported 2026-03-06 16:00",
    }


def test_own_words_and_remote_areas_are_understood(capsys: pytest.CaptureFixture[str]) -> None:
    """The words of the contract name the severity; a far site has no arrival time."""
    code = run(
        ["clock", "--scheme", "product-warranty", "--severity", "一般故障", *FRIDAY, "--remote", "--json"]
    )

    document = json.loads(capsys.readouterr().out)
    states = {milestone["milestone"]: milestone["state"] for milestone in document["milestones"]}
    assert code == 0
    assert document["severity"] == "P3"
    assert states["arrive"] == "not_promised"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--scheme", "nope", "--severity", "P1", *FRIDAY], "scheme.unknown"),
        (["--severity", "P1", *FRIDAY], "scheme.none_named"),
        (["--scheme-file", "nowhere.toml", "--severity", "P1", *FRIDAY], "scheme.unreadable"),
        (["--scheme", "field-2-4-24", "--severity", "P9", *FRIDAY], "desk.unknown_severity"),
        (
            ["--scheme", "field-2-4-24", "--severity", "P1", "--reported", "2026-03-06T16:00"],
            "clock.naive_time",
        ),
        (
            ["--scheme", "field-2-4-24", "--severity", "P1", "--reported", "2025-03-06T16:00Z"],
            "scheme.not_yet_effective",
        ),
        (
            ["--scheme", "field-2-4-24", "--severity", "P1", *FRIDAY, "--now", "2026-03-06T15:59+08:00"],
            "desk.now_before_report",
        ),
        (
            ["--scheme", "field-2-4-24", "--severity", "P1", *FRIDAY, "--scheme-version", "9"],
            "scheme.unknown_version",
        ),
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_bad_input_gets_a_sentence_and_exit_code_two(
    arguments: list[str], code: str, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """No traceback, nothing printed as if it were an answer."""
    assert run(["clock", *arguments, "--lang", lang]) == 2

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.rstrip().endswith(f"({code})")


def test_a_file_with_a_byte_order_mark_is_the_same_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Editors on Windows put one there; nobody sees it, so nobody could take it out."""
    plain, marked = tmp_path / "plain.toml", tmp_path / "marked.toml"
    plain.write_text(PREMIUM, encoding="utf-8")
    marked.write_text(PREMIUM, encoding="utf-8-sig")
    said = []
    for file in (plain, marked):
        assert run(["clock", "--scheme-file", str(file), "--severity", "P1", *FRIDAY]) == 0
        said.append(capsys.readouterr().out)

    assert said[0] == said[1]


def test_a_broken_file_names_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A manager who edits a copy is shown where to look."""
    shipped = (files("dispatch.desk") / "schemes" / "field-2-4-24.toml").read_text(encoding="utf-8")
    file = tmp_path / "mine.toml"
    file.write_text(shipped.replace('within = "4 h"', 'within = "4 hrs"'), encoding="utf-8")

    code = run(["clock", "--scheme-file", str(file), "--severity", "P1", *FRIDAY])

    assert code == 2
    assert capsys.readouterr().err.startswith("mine.toml:22 [milestones.arrive.all.within]: ")
