"""`fieldwright ticket` as a dispatcher meets it: numbers, questions, events, lists, imports."""

from __future__ import annotations

import json
from email.message import EmailMessage
from pathlib import Path

import pytest

from api.cli import commands  # noqa: F401 registers every command
from api.cli.app import run
from storage.dataset.read import load
from tests.dataset_builder import crewed, tiny

AT = ["--now", "2026-03-06T08:30+08:00"]
CALL = ["--kind", "fault", "--severity", "P1", "--contact", "gate 3"]


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


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    """The JSON a command prints."""
    capsys.readouterr()
    assert run(["ticket", *arguments, "--json"]) == 0
    document: dict[str, object] = json.loads(capsys.readouterr().out)
    return document


def test_a_call_gets_a_number_and_questions_then_a_ticket(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is missing is asked for; the last answer opens the ticket as of the call."""
    call = ["--text", "unit 0007 is dark", "--contract", "K1", *CALL, "--key", "call-1"]
    first = said(capsys, "open", "--database", url, *AT, *call)
    again = said(capsys, "open", "--database", url, *AT, *call)
    assert again == first
    number = str(first["ticket"])
    assert first["opened"] is False
    assert [one["asked"] for one in first["questions"]] == ["asset", "site"]  # type: ignore[attr-defined]
    assert first["questions"][0]["proposed"] == "A1"  # type: ignore[index]

    later = ["--now", "2026-03-06T09:30+08:00"]
    told = said(capsys, "answer", number, "asset", "A1", "--database", url, *later)

    assert told["opened"] is True
    assert [one["ticket"] for one in told["duplicates"]] == ["G1", "T-20260305-0001"]  # type: ignore[attr-defined]
    shown = said(capsys, "show", number, "--database", url, *later)
    assert shown["reported_at"] == "2026-03-06T00:30:00+00:00"
    dues = {one["milestone"]: one["due_at"] for one in shown["clocks"]}  # type: ignore[attr-defined]
    assert dues["arrange"] == "2026-03-06T02:30:00+00:00"
    assert run(["ticket", "answer", number, "kind", "fault", "--database", url, *later]) == 2
    assert "desk.report_opened" in capsys.readouterr().err


def test_a_command_repeated_under_its_key_is_the_first_one(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The line broke; typed again minutes later without a moment it is still the same call."""
    call = ["open", "--database", url, "--text", "it is dark", "--key", "call-9"]

    first = said(capsys, *call, "--now", "2026-03-06T08:20+08:00")

    assert said(capsys, *call) == first
    assert run(["ticket", *call[:4], "other words", *call[5:]]) == 2
    assert "database.key_reused" in capsys.readouterr().err


def test_events_are_refused_in_words_and_printed_with_their_clocks(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A dispatcher sees at once what the step did to the promises, in either language."""
    number = str(
        said(
            capsys, "open", "--database", url, *AT, "--asset", "A1", "--contract", "K1", *CALL, "--text", "x"
        )["ticket"]
    )

    assert run(["ticket", "event", number, "arranged", "--database", url, *AT, "--seen", "0"]) == 0
    assert "arrange: met" in capsys.readouterr().out
    assert run(["ticket", "event", number, "waiting", "--value", "part", "--database", url, *AT]) == 2
    assert "ticket.reason_missing" in capsys.readouterr().err
    assert run(["ticket", "event", number, "on_site", "--database", url, *AT, "--seen", "0"]) == 2
    assert "desk.ticket_moved_on" in capsys.readouterr().err
    assert run(["ticket", "event", number, "danced", "--database", url, *AT]) == 2
    assert run(["ticket", "show", number, "--database", url, *AT, "--lang", "zh"]) == 0
    assert "安排: 已达成" in capsys.readouterr().out


@pytest.mark.parametrize("where", ["folder", "database"])
def test_a_list_is_filtered_and_sorted(
    where: str, folder: Path, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What runs out first stands first; a folder and a database of it list the same."""
    there = [str(folder)] if where == "folder" else ["--database", url]

    def listed(*arguments: str) -> list[str]:
        found = said(capsys, "list", *there, "--now", "2026-03-06T08:00+08:00", *arguments)
        return [one["ticket"] for one in found["tickets"]]  # type: ignore[attr-defined]

    assert listed() == ["G2", "G3", "G1"]
    assert listed("--sort", "severity") == ["G1", "G2", "G3"]
    assert listed("--sort", "number") == ["G1", "G2", "G3"]
    assert listed("--severity", "P1") == ["G1"]
    assert listed("--waiting") == ["G1"]
    assert listed("--breached") == ["G2", "G3"]
    assert listed("--within", "2") == ["G2", "G3", "G1"]
    assert listed("--site", "S2") == ["G2"]
    assert listed("--scheme", "value-added") == ["G3"]
    assert listed("--stage", "closed") == []
    waiting = said(capsys, "list", *there, "--now", "2026-03-06T08:00+08:00")["reports"]
    assert [one["report"] for one in waiting] == ["T-20260305-0001", "T-20260306-0001"]  # type: ignore[attr-defined]
    assert run(["ticket", "list", *there, "--sort", "mood"]) == 2


def test_a_list_of_reports_is_taken_once_and_every_line_is_accounted_for(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Accepted and refused lines add up to those given; the same list again takes nothing twice."""
    file = tmp_path / "calls.csv"
    file.write_text(
        "reference,at,channel,asset,contract,kind,severity,text,contact\n"
        "C-1,2026-03-06T07:00+08:00,phone,A1,K1,fault,P2,stops at night,gate 3\n"
        "C-2,2026-03-06T07:10+08:00,fax,A1,K1,fault,P2,stops,gate 3\n"
        "C-3,2026-03-06T07:20+08:00,web,,,,,it smells,\n"
        "C-4,2026-03-07T07:20+08:00,web,,,,,tomorrow,\n"
        "C-1,2026-03-06T07:00+08:00,phone,A1,K1,fault,P2,stops at night,gate 3\n"
        ",2026-03-06T07:30+08:00,web,,,,,same,\n"
        ",2026-03-06T07:30+08:00,web,,,,,same,\n",
        encoding="utf-8",
    )
    capsys.readouterr()

    assert run(["ticket", "import", str(file), "--database", url, *AT, "--json"]) == 2

    out, err = capsys.readouterr()
    first = json.loads(out)
    assert (first["given"], first["accepted"], first["refused"], first["known"]) == (7, 5, 2, 1)
    assert "calls.csv:3 [channel]" in err
    assert "calls.csv:5" in err
    assert "desk.ahead_of_now" in err
    numbers = [one["ticket"] for one in first["reports"]]
    assert numbers[0] == numbers[2]
    assert len(set(numbers)) == 4
    assert run(["ticket", "import", str(file), "--database", url, *AT, "--json"]) == 2
    second = json.loads(capsys.readouterr().out)
    assert (second["accepted"], second["known"]) == (5, 5)
    assert [one["ticket"] for one in second["reports"]] == numbers


def mail(message_id: str, text: str, *files: tuple[str, str, bytes]) -> bytes:
    """A mail to the desk."""
    made = EmailMessage()
    made["Message-ID"] = f"<{message_id}>"
    made["From"] = "ward3@k1.example"
    made["Subject"] = "停机"
    made["Date"] = "Fri, 06 Mar 2026 07:00:00 +0800"
    made.set_content(text)
    for name, kind, content in files:
        maintype, subtype = kind.split("/")
        made.add_attachment(content, maintype=maintype, subtype=subtype, filename=name)
    return made.as_bytes()


def test_a_mailbox_is_taken_in_with_its_files(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One mail is one report however often it lies there; what cannot be kept is said, what is no mail is refused."""
    box = tmp_path / "box"
    box.mkdir()
    photo = ("a.jpg", "image/jpeg", b"\xff\xd8\xffphoto")
    (box / "1.eml").write_bytes(
        mail("m1@k1", "fieldwright:asset:A1 is dark.", photo, ("x.exe", "application/x-msdownload", b"MZ"))
    )
    (box / "2.eml").write_bytes(
        b"Received: by b; Fri, 6 Mar 2026 07:05:00 +0800\n"
        + mail("m1@k1", "fieldwright:asset:A1 is dark.", photo)
    )
    (box / "3.eml").write_bytes(b"no mail at all")
    (box / "4.eml").write_bytes(mail("m4@k1", "长" * 900))
    (box / "notes.txt").write_text("not ours")
    capsys.readouterr()

    assert run(["ticket", "import", str(box), "--database", url, *AT, "--json"]) == 2

    out, err = capsys.readouterr()
    taken = json.loads(out)
    assert (taken["given"], taken["accepted"], taken["refused"], taken["known"]) == (4, 3, 1, 1)
    assert "mail.no_message_id" in err
    assert "mail.file_left_out" in err
    first, again, long = (one["ticket"] for one in taken["reports"])
    assert first == again != long
    assert [one["asked"] for one in taken["reports"][0]["questions"]] == ["kind", "contract"]
    assert run(["export", "--database", url, "--out", str(tmp_path / "out")]) == 0
    field = load(tmp_path / "out").field
    kept = {(one.ticket, one.name, one.media_type) for one in field.attachments}
    assert {(first, "a.jpg", "image/jpeg"), (long, "mail.txt", "text/plain")} <= kept
    report = next(one for one in field.reports if one.id == long)
    assert len(report.text) == 500
    assert report.contact == "ward3@k1.example"


def test_facts_are_added_from_files_of_a_dataset(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A complaint's steps are judged as in a dataset; a file given twice is written once."""
    file = tmp_path / "complaint_events.csv"
    file.write_text(
        "complaint_id,at,step,by,reason,remedy\n"
        "Q2,2026-03-06T07:10+08:00,accepted,desk-1,,\n"
        "Q2,2026-03-06T07:20+08:00,settled,desk-1,,\n"
        "Q9,2026-03-06T07:20+08:00,accepted,desk-1,,\n"
        "Q2,2026-03-06T07:30+08:00,answered,desk-1,We correct the bill,\n",
        encoding="utf-8",
    )
    for why in ("complaint.no_such_move", "complaint.out_of_order"):  # by then a later step stands
        capsys.readouterr()
        assert run(["ticket", "add", str(file), "--database", url, *AT]) == 2
        out, err = capsys.readouterr()
        assert "4 given, 2 written, 2 refused" in out
        assert "complaint_events.csv:3" in err
        assert why in err
        assert "desk.unknown_reference" in err

    assert run(["export", "--database", url, "--out", str(tmp_path / "out")]) == 0
    steps = [one.step for one in load(tmp_path / "out").field.complaint_events if one.complaint == "Q2"]
    assert steps == ["accepted", "answered"]
    assert run(["ticket", "add", str(tmp_path / "tickets.csv"), "--database", url]) == 2


def test_a_wait_is_shown_since_it_began(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Acknowledged at five past, waiting since ten past: two facts, two times."""
    assert run(["ticket", "show", "G1", str(tiny(tmp_path / "tiny"))]) == 0

    shown = " ".join(capsys.readouterr().out.split())
    assert (
        "acknowledged, since 2026-03-06 07:05 · waits for access to the site, since 2026-03-06 07:10" in shown
    )
