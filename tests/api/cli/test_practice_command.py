"""A desk's own practice from the copy to the work: shown, edited, checked, imported, obeyed, exported."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.cli import commands  # noqa: F401 registers every command
from api.cli.app import run
from dispatch.desk.milestone import TicketKind
from dispatch.desk.practice_file import builtin_practice, builtin_text
from dispatch.desk.ticket import Way
from dispatch.region import practice_of
from storage.dataset.read import read
from tests.dataset_builder import crewed

OURS = builtin_text().replace("most = { value = 20,", "most = { value = 2,", 1)
AT = ["--now", "2026-03-06T08:30+08:00"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_ships_is_shown_with_its_sources(lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A manager sees the figures before he copies them."""
    assert run(["practice", "show", "--lang", lang]) == 0

    shown = capsys.readouterr().out
    for figure in builtin_practice().figures:
        assert figure.key in shown
    assert ("as it ships" in shown) == (lang == "en")


def test_a_copy_is_the_file_itself_is_edited_and_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mistake is refused with its file, its line and the reason."""
    out = tmp_path / "mine.toml"
    assert run(["practice", "copy", "--out", str(out)]) == 0
    assert out.read_text(encoding="utf-8") == builtin_text()
    assert run(["practice", "copy", "--out", str(out)]) == 2
    assert run(["practice", "check", str(out)]) == 0
    assert f"{len(builtin_practice().figures)} figures" in capsys.readouterr().out.replace("\n", " ")

    out.write_text(OURS.replace("value = 2,", "value = 0,"), encoding="utf-8")
    assert run(["practice", "check", str(out)]) == 2

    line = 1 + builtin_text()[: builtin_text().index("most = ")].count("\n")
    assert f"mine.toml:{line}" in capsys.readouterr().err
    out.write_text("schema = ", encoding="utf-8")
    assert run(["practice", "check", str(out)]) == 2
    assert "mine.toml:1" in capsys.readouterr().err


def test_a_folders_own_practice_holds_and_a_broken_one_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing of a broken file is half used."""
    folder = crewed(tmp_path / "tiny")
    (folder / "practice.toml").write_text(OURS, encoding="utf-8")
    region = read(folder).region
    assert region is not None
    assert practice_of(region.field).most_attachments == 2
    assert run(["practice", "show", str(folder)]) == 0
    assert "region's own" in capsys.readouterr().out

    line = OURS[: OURS.index("schema = 1")].count("\n") + 2
    extra = OURS.replace("schema = 1\n", "schema = 1\nextra = 1\n")
    (folder / "practice.toml").write_text(extra, encoding="utf-8")

    broken = read(folder)
    (refused,) = broken.refusals
    assert refused.code == "scheme.unknown_key"
    assert refused.at is not None
    assert (refused.at.file, refused.at.line) == ("practice.toml", line)
    (count,) = [one for one in broken.counts if one.file == "practice.toml"]
    assert (count.given, count.accepted, count.refused) == (1, 0, 1)
    assert broken.region is not None
    assert practice_of(broken.region.field) is builtin_practice()


def test_a_database_works_by_the_regions_own_practice_and_exports_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two files with a report and no more: the desk said so."""
    folder, out = crewed(tmp_path / "tiny"), tmp_path / "out"
    (folder / "practice.toml").write_text(OURS, encoding="utf-8")
    url = f"sqlite:///{tmp_path}/desk.db"
    assert run(["import", str(folder), "--database", url]) == 0
    logs = [tmp_path / f"{number}.txt" for number in range(3)]
    for log in logs:
        log.write_text(f"log {log.name}", encoding="utf-8")
    capsys.readouterr()

    assert run(["ticket", "attach", "G3", *map(str, logs), "--database", url, *AT]) == 2
    assert "intake.attachment" in capsys.readouterr().err
    assert run(["ticket", "attach", "G3", *map(str, logs[:2]), "--database", url, *AT]) == 0
    assert run(["practice", "show", "--database", url]) == 0
    assert "region's own" in capsys.readouterr().out
    assert run(["export", "--database", url, "--out", str(out)]) == 0
    assert (out / "practice.toml").read_text(encoding="utf-8") == OURS
    assert run(["practice", "copy", "--database", url, "--out", str(tmp_path / "again.toml")]) == 0
    assert (tmp_path / "again.toml").read_text(encoding="utf-8") == OURS


def test_an_own_checklist_is_what_an_answer_is_judged_by(tmp_path: Path) -> None:
    """An item the desk added is answered; for a region without it, it is no item."""
    more = 'seal_whole = { kind = "yes-no", en = "The seal is whole", zh = "封条完好" }\n'
    marker = "[work.fault.on_site.checklist]\n"
    ours = builtin_text().replace(marker, marker + more, 1)
    answers = "ticket_id,at,by,item,value\nG1,2026-03-06T07:30+08:00,E1,seal_whole,yes\n"
    folder = crewed(tmp_path / "tiny", checklist_answers=answers)
    assert [one.code for one in read(folder).refusals] == ["work_order.unknown_item"]

    (folder / "practice.toml").write_text(ours, encoding="utf-8")

    reading = read(folder)
    assert reading.refusals == ()
    assert reading.region is not None
    work = practice_of(reading.region.field).works[TicketKind.FAULT, Way.ON_SITE]
    assert "seal_whole" in {item.id for item in work.checklist}
