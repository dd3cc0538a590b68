"""Forms, signatures, files and knowledge at the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.cli import commands  # noqa: F401 registers every command
from api.cli.app import run
from tests.dataset_builder import crewed

PNG = bytes.fromhex("89504e470d0a1a0a") + b"signature"
AT = ["--now", "2026-03-06T08:30+08:00"]


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


def opened(url: str, capsys: pytest.CaptureFixture[str], text: str) -> str:
    """A ticket on the mill's equipment."""
    capsys.readouterr()
    call = ["--asset", "A1", "--contract", "K1", "--kind", "fault", "--severity", "P1", "--contact", "gate 3"]
    assert run(["ticket", "open", "--database", url, *AT, *call, "--text", text, "--json"]) == 0
    number: str = json.loads(capsys.readouterr().out)["ticket"]
    return number


def test_a_form_says_what_is_known_and_nothing_in_it_becomes_markup(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An engineer prints it before he leaves; a customer's words are words, whatever signs they hold."""
    number = opened(url, capsys, "<script>alert(1)</script> & dark")

    for lang, title in (("en", "Work order and acceptance"), ("zh", "服务工单与验收单")):
        out = tmp_path / f"{lang}.html"
        assert (
            run(["ticket", "print", number, "--database", url, *AT, "--out", str(out), "--lang", lang]) == 0
        )
        page = out.read_text(encoding="utf-8")
        assert f"{title} {number}" in page
        assert "&lt;script&gt;" in page
        assert "<script" not in page
        assert "http" not in page.replace('http-equiv="', "")
        assert "Mill hall" in page
    assert run(["ticket", "print", number, "--database", url, *AT, "--out", str(tmp_path / "en.html")]) == 2
    assert "desk.file_there" in capsys.readouterr().err


def test_a_signed_form_confirms_the_ticket_and_stands_on_the_page(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The picture, the name and the confirmation are one: none is there without the others."""
    number = opened(url, capsys, "dark")
    picture = tmp_path / "signed.png"
    picture.write_bytes(PNG)
    sign = [
        "ticket",
        "sign",
        number,
        str(picture),
        "--name",
        "K. of the mill",
        "--by",
        "E1",
        "--database",
        url,
    ]
    assert run([*sign, "--now", "2026-03-06T09:30+08:00"]) == 2
    assert "work_order.nothing_to_sign" in capsys.readouterr().err
    for at, kind in (("08:40", "travelling"), ("09:00", "on_site"), ("09:20", "repaired")):
        moment = f"2026-03-06T{at}+08:00"
        told = ["ticket", "event", number, kind, "--by", "E1", "--at", moment, "--now", moment]
        assert run([*told, "--database", url]) == 0
    assert run([*sign, "--now", "2026-03-06T09:30+08:00"]) == 2
    assert "work_order.unanswered" in capsys.readouterr().err
    shown = json.loads(_json(url, number, capsys))
    assert shown["stage"] == "repaired"
    assert shown["attachments"] == []

    facts = tmp_path / "checklist_answers.csv"
    items = _items()
    rows = "".join(f"{number},2026-03-06T09:25+08:00,E1,{item},{value}\n" for item, value in items)
    facts.write_text("ticket_id,at,by,item,value\n" + rows, encoding="utf-8")
    later = ["--now", "2026-03-06T09:30+08:00"]
    assert run(["ticket", "add", str(facts), "--database", url, *later]) == 0
    assert run([*sign, *later]) == 0

    shown = json.loads(_json(url, number, capsys))
    assert shown["stage"] == "verified"
    digest = shown["attachments"][0]["digest"]
    assert shown["events"][-1]["value"] == digest
    out = tmp_path / "back.png"
    assert run(["ticket", "file", digest, "--database", url, "--out", str(out)]) == 0
    assert out.read_bytes() == PNG
    page = tmp_path / "page.html"
    assert run(["ticket", "print", number, "--database", url, *later, "--out", str(page)]) == 0
    text = page.read_text(encoding="utf-8")
    assert 'src="data:image/png;base64,' in text
    assert "K. of the mill" in text
    assert digest in text


def _json(url: str, number: str, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    now = ["--now", "2026-03-06T10:00+08:00"]
    assert run(["ticket", "show", number, "--database", url, *now, "--json"]) == 0
    return capsys.readouterr().out


def _items() -> list[tuple[str, str]]:
    """Answers to everything that has to be answered for a fault mended on site."""
    from dispatch.desk.milestone import TicketKind
    from dispatch.desk.practice import AnswerKind
    from dispatch.desk.practice_file import builtin_practice
    from dispatch.desk.ticket import Way

    answers = {AnswerKind.YES_NO: "yes", AnswerKind.NUMBER: "1", AnswerKind.TEXT: "fine"}
    work = builtin_practice().works[TicketKind.FAULT, Way.ON_SITE]
    return [(item.id, answers[item.kind]) for item in work.checklist if not item.optional]


def test_files_are_kept_all_or_none(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A video no one can play is refused before the photo beside it is kept."""
    number = opened(url, capsys, "dark")
    photo, program = tmp_path / "a.png", tmp_path / "b.exe"
    photo.write_bytes(PNG)
    program.write_bytes(b"MZ")
    attach = ["ticket", "attach", number, "--database", url, *AT]

    assert run([*attach, str(photo), str(program)]) == 2
    assert "intake.attachment_type" in capsys.readouterr().err
    assert run([*attach, str(photo)]) == 0
    assert run([*attach, str(photo)]) == 2
    assert "intake.attachment_twice" in capsys.readouterr().err
    assert len(json.loads(_json(url, number, capsys))["attachments"]) == 1


@pytest.mark.parametrize("where", ["folder", "database"])
def test_what_was_learnt_is_found_by_two_characters(
    where: str, folder: Path, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a folder and in a database alike; a customer sees the public part only."""
    there = ["--database", url] if where == "database" else []

    def found(*words: str) -> list[str]:
        capsys.readouterr()
        if where == "folder":
            arguments = ["ticket", "find", *words, "--dataset", str(folder), "--json"]
        else:
            arguments = ["ticket", "find", *words, *there, "--json"]
        assert run(arguments) == 0
        return [one["ticket"] for one in json.loads(capsys.readouterr().out)]

    assert found("卡纸") == ["G1"]
    assert found("老化") == ["G0"]
    assert found("FUSE", "worn") == ["G0"]
    assert found("卡纸", "--public") == []
    assert found("nothing", "worn") == []
