"""A region's own schemes: read and checked with the rest of its folder, used wherever a ticket or contract names them."""

from __future__ import annotations

from pathlib import Path

import pytest

from dispatch.board import Board
from dispatch.desk.milestone import Milestone
from dispatch.pose import problem_of
from kernel.clock import moment
from storage.dataset.read import Reading, load, read
from storage.dataset.write import write
from tests.own_schemes import ARRIVAL, SHIPPED, add_scheme, own_text, with_own

NEXT_VERSION = (
    ('version = "1"', 'version = "2"'),
    ("effective_on = 2026-01-01", "effective_on = 2026-03-01\nannounced_on = 2026-01-15"),
)


def arrival_due(folder: Path) -> str:
    """When somebody has to be on site for G1."""
    board = Board.of(load(folder))
    due = board.clocks(board.ticket("G1"))[Milestone.ARRIVE].due_at
    assert due is not None
    return due.isoformat()


def refused(reading: Reading) -> list[tuple[str, str, int]]:
    """Code, file and line of every refusal."""
    return [(one.code, one.at.file, one.at.line) for one in reading.refusals if one.at]


def test_a_copied_and_edited_scheme_gives_other_due_times(tmp_path: Path) -> None:
    """What a manager promises his customer is what the clock counts and the plan is held to."""
    shipped = with_own(tmp_path / "shipped", own_text((('within = "90 min"'), ARRIVAL)))
    edited = with_own(tmp_path / "edited", own_text())

    # Reported at 07:00, the gate is shut from 07:10 on: both clocks stand still, 2.5 hours apart.
    as_copied, as_edited = moment(arrival_due(shipped)), moment(arrival_due(edited))

    assert (as_copied - as_edited).total_seconds() == 2.5 * 3600
    problems = [problem_of(Board.of(load(folder))) for folder in (shipped, edited)]
    assert problems[0].digest != problems[1].digest


def test_a_later_version_of_a_scheme_that_ships_holds_from_its_day(tmp_path: Path) -> None:
    """The contract keeps the version of its first day; a ticket reported after the change is under the new one."""
    text = own_text(('id = "ours"', 'id = "field-2-4-24"'), *NEXT_VERSION)

    region = load(with_own(tmp_path / "region", text, scheme="field-2-4-24"))

    assert region.field.contracts[0].version == "1"
    assert [(one.id, one.version) for one in region.field.tickets[:2]] == [("G1", "2"), ("G2", "2")]


def test_a_folder_with_schemes_of_its_own_is_written_back_byte_for_byte(tmp_path: Path) -> None:
    """Comments and clauses are the manager's: nothing of his file is lost or moved."""
    folder = with_own(tmp_path / "region", own_text(), file="我们的方案.toml")
    reading = read(folder)
    assert reading.region is not None

    write(reading.region, tmp_path / "again")

    written = tmp_path / "again" / "schemes" / "我们的方案.toml"
    assert written.read_bytes() == (folder / "schemes" / "我们的方案.toml").read_bytes()
    assert read(tmp_path / "again").region == reading.region
    counts = {count.file: (count.given, count.accepted, count.refused) for count in reading.counts}
    assert counts["schemes/我们的方案.toml"] == (1, 1, 0)


def test_other_terms_are_another_digest(tmp_path: Path) -> None:
    """A plan names what it was made from: terms are part of it, line ends are not."""
    as_is = read(with_own(tmp_path / "a", own_text()))
    dos = read(with_own(tmp_path / "b", own_text().replace("\n", "\r\n")))
    other = read(with_own(tmp_path / "c", own_text(('within = "2 h"', 'within = "3 h"'))))

    assert as_is.digest == dos.digest != other.digest
    assert as_is.region == dos.region != other.region


def test_a_broken_scheme_is_refused_with_its_line_and_what_names_it_after_it(tmp_path: Path) -> None:
    """The manager is sent to the line he mistyped, not to every ticket under it."""
    text = own_text(('within = "90 min"', 'within = "90 minutes"'))

    reading = read(with_own(tmp_path / "region", text))

    line = text[: text.index("90 minutes")].count("\n") + 1
    found = refused(reading)
    assert found[0] == ("scheme.not_a_duration", "schemes/ours.toml", line), found
    assert ("dataset.refers_to_refused", "contracts.csv", 2) in found
    assert ("dataset.refers_to_refused", "tickets.csv", 2) in found
    consequences = {"dataset.refers_to_refused", "dataset.story_of_refused"}
    assert {code for code, _, _ in found[1:]} == consequences


def test_a_row_without_a_version_never_falls_back_on_the_version_before_a_refused_one(tmp_path: Path) -> None:
    """With --accept-partial it would be served under other terms than were sold, and nobody would see it."""
    text = own_text(('id = "ours"', 'id = "field-2-4-24"'), *NEXT_VERSION, ("announced_on", "announced_by"))

    reading = read(with_own(tmp_path / "region", text, scheme="field-2-4-24"))

    assert reading.region is not None
    assert not [one for one in reading.region.field.tickets if one.scheme == "field-2-4-24"]


@pytest.mark.parametrize(
    ("text", "code", "key"),
    [
        (SHIPPED, "scheme.ships", "version = "),
        (
            own_text(
                ('id = "ours"', 'id = "field-2-4-24"'),
                ('version = "1"', 'version = "2"'),
                ("effective_on = 2026-01-01", "effective_on = 2026-03-01\nannounced_on = 2026-02-20"),
            ),
            "scheme.too_little_notice",
            "effective_on = ",
        ),
        ('id = "ours"\n[[[', "scheme.not_toml", "[[["),
        ('id = "ours"\nx = ' + "[" * 5000, "scheme.not_toml", ""),
    ],
    ids=["ships", "notice", "syntax", "depth"],
)
def test_what_may_not_stand_beside_the_others_is_refused_at_its_line(
    tmp_path: Path, text: str, code: str, key: str
) -> None:
    """One name never stands for two sets of terms, and a customer is told in time."""
    reading = read(with_own(tmp_path / "region", text, scheme="field-2-4-24"))

    line = text[: text.index(key)].count("\n") + 1 if key else reading.refusals[0].at.line  # type: ignore[union-attr]
    assert refused(reading)[0] == (code, "schemes/ours.toml", line)


def test_two_files_with_the_same_id_and_version_are_refused_once(tmp_path: Path) -> None:
    """The first by name stands; the second says what is wrong."""
    folder = with_own(tmp_path / "region", own_text())
    add_scheme(folder, own_text(('within = "2 h"', 'within = "1 h"')), file="ours-2.toml")

    reading = read(folder)

    assert [(code, file) for code, file, _ in refused(reading)] == [("scheme.duplicate", "schemes/ours.toml")]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("ours.csv", b"a,b\n", "scheme.not_in_toml"),
        ("n" * 90 + ".toml", b"", "scheme.file_name"),
        ("a\nb.toml", b"", "scheme.file_name"),
        ("latin.toml", 'id = "ä"'.encode("latin-1"), "dataset.not_utf8"),
        ("big.toml", b"#" * 900_000, "scheme.file_too_long"),
        ("long.toml", b"#" * 200_001, "scheme.file_too_long"),
        ("empty.toml", b"", "scheme.key_missing"),
    ],
)
def test_what_is_not_a_scheme_is_named(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    """Nothing in the folder is passed over without a word."""
    folder = with_own(tmp_path / "region", own_text())
    (folder / "schemes" / name).write_bytes(content)

    reading = read(folder)

    assert [one.code for one in reading.refusals] == [code]


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    """Somebody saved his scheme as a file called schemes."""
    folder = with_own(tmp_path / "region", own_text())
    (folder / "schemes" / "ours.toml").unlink()
    (folder / "schemes").rmdir()
    (folder / "schemes").write_text(own_text(), encoding="utf-8")

    assert refused(read(folder))[0] == ("scheme.not_a_folder", "schemes", 0)
