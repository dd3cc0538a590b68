"""No report is swallowed and no file is lost on its way in, out and in again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from api.cli import commands  # noqa: F401 registers every command
from api.cli.app import run
from storage.dataset.read import read
from storage.desk.contents import digest_of
from tests.api.cli.test_ticket_command import AT, mail
from tests.dataset_builder import CREWED, PHOTO, crewed

HEAD = "reference,at,channel,by,asset,contract,kind,severity,text,contact\n"
JPEG = b"\xff\xd8\xff\xe0 the gate"


@pytest.fixture
def url(tmp_path: Path) -> str:
    """The tiny dataset in a database."""
    address = f"sqlite:///{tmp_path}/desk.db"
    assert run(["import", str(crewed(tmp_path / "tiny")), "--database", address]) == 0
    return address


def brought(capsys: pytest.CaptureFixture[str], url: str, *paths: Path) -> tuple[dict[str, Any], str]:
    """What an import says, and what it complains about."""
    capsys.readouterr()
    run(["ticket", "import", *map(str, paths), "--database", url, *AT, "--json"])
    out, err = capsys.readouterr()
    document: dict[str, Any] = json.loads(out)
    assert document["given"] == document["accepted"] + document["refused"]
    return document, err


def shown(capsys: pytest.CaptureFixture[str], url: str, number: str) -> dict[str, Any]:
    """A ticket or report as JSON."""
    capsys.readouterr()
    assert run(["ticket", "show", number, "--database", url, *AT, "--json"]) == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def test_two_partners_may_number_alike_and_one_may_not_say_two_things_under_a_number(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The second report under a number was answered with the first one's ticket, and nobody ever came."""
    file = tmp_path / "calls.csv"
    row = "7,2026-03-06T07:00+08:00,phone,{by},A1,K1,fault,P2,{text},gate 3\n"
    file.write_text(
        HEAD
        + row.format(by="P-1", text="dark")
        + row.format(by="P-2", text="smells")
        + row.format(by="P-1", text="dark")
        + row.format(by="P-1", text="leaks"),
        encoding="utf-8",
    )

    taken, err = brought(capsys, url, file)

    assert (taken["accepted"], taken["refused"], taken["known"]) == (3, 1, 1)
    first, second, again = (one["ticket"] for one in taken["reports"])
    assert first == again != second
    assert "calls.csv:5" in err
    assert "desk.reference_taken" in err
    assert shown(capsys, url, second)["text"] == "smells"


def test_a_list_is_known_whoever_imports_it(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The next shift finds the file in the folder and imports it again."""
    file = tmp_path / "calls.csv"
    row = "2026-03-06T07:00+08:00,phone,,A1,K1,fault,P2,dark,gate 3\n"
    file.write_text(HEAD + f"7,{row},{row}", encoding="utf-8")
    first, _ = brought(capsys, url, file)

    assert run(["ticket", "import", str(file), "--database", url, *AT, "--by", "desk-2", "--json"]) == 0

    again = json.loads(capsys.readouterr().out)
    assert (again["accepted"], again["known"]) == (2, 2)
    assert [one["ticket"] for one in again["reports"]] == [one["ticket"] for one in first["reports"]]


def test_a_mail_is_known_by_what_it_says_not_by_its_way(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A program that gives every mail one Message-ID must not make a second fault vanish."""
    photo = ("a.jpg", "image/jpeg", JPEG)
    (tmp_path / "1.eml").write_bytes(mail("m@k1", "dark", photo))
    relayed = b"Received: by b; Fri, 6 Mar 2026 07:05:00 +0800\n" + mail("m@k1", "dark", photo)
    (tmp_path / "2.eml").write_bytes(relayed)
    (tmp_path / "3.eml").write_bytes(mail("m@k1", "dark", ("a.jpg", "image/jpeg", JPEG + b"2")))
    (tmp_path / "4.eml").write_bytes(mail("m@k1", "it leaks", photo))

    taken, err = brought(capsys, url, *(tmp_path / f"{n}.eml" for n in range(1, 5)))

    assert (taken["accepted"], taken["refused"], taken["known"]) == (2, 2, 1)
    assert err.count("desk.reference_taken") == 2


def test_files_and_references_come_through_export_and_import(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A region moved to another machine keeps its photos, and its mailbox does not become reports again."""
    box = tmp_path / "box"
    box.mkdir()
    long = "长" * 900
    (box / "1.eml").write_bytes(mail("m1@k1", long, ("a.jpg", "image/jpeg", JPEG)))
    calls = tmp_path / "calls.csv"
    calls.write_text(
        HEAD + "7,2026-03-06T07:00+08:00,web,,,,,,smells,\n,2026-03-06T07:00+08:00,web,,,,,,same,\n",
        encoding="utf-8",
    )
    before, _ = brought(capsys, url, box, calls)
    out, moved, second = tmp_path / "out", f"sqlite:///{tmp_path}/moved.db", tmp_path / "second"

    assert run(["export", "--database", url, "--out", str(out)]) == 0
    assert capsys.readouterr().err == ""
    digest = digest_of(JPEG)
    assert (out / "attachments" / digest).read_bytes() == JPEG
    mailed = digest_of(f"停机 {long}".encode())
    assert (out / "attachments" / mailed).read_bytes() == f"停机 {long}".encode()
    assert run(["import", str(out), "--database", moved]) == 0
    assert capsys.readouterr().err == ""

    again, _ = brought(capsys, moved, box, calls)
    assert (again["accepted"], again["known"]) == (3, 3)
    assert [one["ticket"] for one in again["reports"]] == [one["ticket"] for one in before["reports"]]
    assert run(["export", "--database", moved, "--out", str(second)]) == 0
    here = {path.relative_to(out): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert here == {
        path.relative_to(second): path.read_bytes() for path in second.rglob("*") if path.is_file()
    }


def test_a_file_changed_on_its_way_is_named_and_not_kept(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a signature was given for has to be what was signed."""
    (tmp_path / "1.eml").write_bytes(mail("m1@k1", "dark", ("a.jpg", "image/jpeg", JPEG)))
    brought(capsys, url, tmp_path / "1.eml")
    out, moved, digest = tmp_path / "out", f"sqlite:///{tmp_path}/moved.db", digest_of(JPEG)
    assert run(["export", "--database", url, "--out", str(out)]) == 0
    (out / "attachments" / digest).write_bytes(JPEG + b"!")
    (out / "attachments" / "stray").write_bytes(b"x")
    capsys.readouterr()

    assert run(["import", str(out), "--database", moved]) == 2

    err = capsys.readouterr().err
    assert f"attachments/{digest}" in err
    assert "attachment.not_its_digest" in err
    assert "attachment.not_asked_for" in err
    to = ["--out", str(tmp_path / "a.jpg")]
    assert run(["ticket", "file", digest, "--database", moved, *to]) == 2
    (out / "attachments" / digest).write_bytes(JPEG)
    (out / "attachments" / "stray").unlink()
    assert run(["import", str(out), "--database", moved]) == 0
    assert run(["ticket", "file", digest, "--database", moved, *to]) == 0


def test_a_region_whose_photos_are_missing_is_told_so_and_ends_with_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A script that moves a region must not take half of it for all of it; who knows says --accept-partial."""
    folder, address = crewed(tmp_path / "tiny"), f"sqlite:///{tmp_path}/moved.db"
    (folder / "attachments" / PHOTO).unlink()
    capsys.readouterr()

    assert run(["import", str(folder), "--database", address]) == 2
    err = capsys.readouterr().err
    assert "attachment.not_kept" in err
    assert PHOTO in err
    assert run(["export", "--database", address, "--out", str(tmp_path / "out")]) == 2
    assert "attachment.not_kept" in capsys.readouterr().err
    assert read(tmp_path / "out").region == read(folder).region
    assert run(["import", str(folder), "--database", address, "--accept-partial"]) == 0


def test_a_report_shows_its_files_and_points_at_the_one_before(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two mails on one machine, neither a ticket yet: whoever asks the customer back should ask once."""
    text = "fieldwright:asset:A2 is dark"
    (tmp_path / "1.eml").write_bytes(mail("m1@k1", text, ("a.jpg", "image/jpeg", JPEG)))
    (tmp_path / "2.eml").write_bytes(mail("m2@k1", text + " still"))

    taken, _ = brought(capsys, url, tmp_path / "1.eml", tmp_path / "2.eml")

    first, second = taken["reports"]
    assert first["ticket"] not in [one["ticket"] for one in first["duplicates"]]
    likeness = {one["ticket"]: one["likeness"] for one in second["duplicates"]}
    assert likeness[first["ticket"]] == "reported"
    assert [one["name"] for one in shown(capsys, url, first["ticket"])["attachments"]] == ["a.jpg"]
    assert run(["ticket", "show", first["ticket"], "--database", url, *AT]) == 0
    assert digest_of(JPEG) in capsys.readouterr().out
    assert run(["ticket", "import", str(tmp_path / "2.eml"), "--database", url, *AT]) == 0
    assert f"{first['ticket']} is a report of the same equipment" in capsys.readouterr().out


def test_what_a_file_is_stands_in_its_bytes(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A program called photo is not shown as one, and half a photo is asked for again."""
    whole = mail(
        "m1@k1", "dark", ("a.jpg", "image/jpeg", b"MZ\x90 program"), ("b.log", "text/plain", b"%PDF-1.7")
    )
    (tmp_path / "1.eml").write_bytes(whole)
    cut = mail("m2@k1", "dark", ("c.jpg", "image/jpeg", JPEG))
    (tmp_path / "2.eml").write_bytes(cut.replace(b"/9j/4C", b"/9j/4C9"))

    taken, err = brought(capsys, url, tmp_path / "1.eml", tmp_path / "2.eml")

    assert taken["accepted"] == 2
    assert err.count("intake.attachment_not_its_type") == 2
    assert err.count("mail.file_damaged") == 1
    assert [shown(capsys, url, one["ticket"])["attachments"] for one in taken["reports"]] == [[], []]
    fake = tmp_path / "d.png"
    fake.write_bytes(JPEG)
    number = taken["reports"][0]["ticket"]
    assert run(["ticket", "attach", number, "--database", url, *AT, str(fake)]) == 2
    assert "intake.attachment_not_its_type" in capsys.readouterr().err


def test_a_report_that_cannot_become_a_ticket_is_listed_with_its_reason_and_hides_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A contract ended since, a scheme nobody signed: the morning's list still has to be there."""
    odd = "T-20260306-0002,2026-03-06T06:55+08:00,phone,desk-1,A1,,,,,field-2-12,fault,P1,,dark,gate 3,\n"
    folder = crewed(tmp_path / "tiny", reports=CREWED["reports.csv"] + odd)
    capsys.readouterr()

    assert run(["ticket", "list", str(folder), "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    said = {one["report"]: one["refused"] for one in listed["reports"]}
    assert said == {
        "T-20260305-0001": "",
        "T-20260306-0001": "",
        "T-20260306-0002": "intake.scheme_not_in_force",
    }
    assert {one["ticket"] for one in listed["tickets"]} == {"G1", "G2", "G3"}
    for lang, words in (("en", "cannot become a ticket"), ("zh", "无法成为工单")):
        assert run(["ticket", "list", str(folder), "--lang", lang]) == 0
        shown = capsys.readouterr().out
        assert words in shown
        assert "intake.scheme_not_in_force" in shown
    assert run(["ticket", "show", "T-20260306-0002", str(folder)]) == 0
    assert "intake.scheme_not_in_force" in capsys.readouterr().out
