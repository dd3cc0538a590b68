"""Read a dataset folder: every row is accepted or refused with its line, column, code and what to do.

Three passes. Each file alone: header, cells, the value a row makes, ids used twice. Then references, again and
again until nothing falls any more: what refers to a refused row is refused itself. Then what rows have to keep
together (`rules`). No pass stops at the first bad row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dispatch.desk.practice_file import FILE as PRACTICE_FILE
from dispatch.desk.practice_file import OwnPractice
from dispatch.region import Region, Story
from kernel.errors import Location, Refusal, Refused
from storage.dataset.assemble import assembled, dated
from storage.dataset.draft import CALENDARS, PRACTICE, SCHEMES, ZONE, Draft
from storage.dataset.folder import contents
from storage.dataset.head import Head, read_head
from storage.dataset.head_keys import FILE
from storage.dataset.lines import Header, cells, header, normal, numbered, refused_whole
from storage.dataset.practice_text import read_practice
from storage.dataset.rules import rules_under
from storage.dataset.schema import TABLES
from storage.dataset.scheme_files import FOLDER, SchemeFiles, read_schemes
from storage.dataset.table import Column, Reference, Row, Table


@dataclass(frozen=True, slots=True)
class Count:
    """What became of the rows of one file; `accepted + refused == given`."""

    file: str
    given: int
    accepted: int
    refused: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What a folder holds.

    Args:
        region: of the accepted rows; None when the head or a file that has to be there is missing or refused.
        refusals: causes first, in the order of files and lines; after them rows refused for what they refer to.
        counts: by file, in the order of the schema; files that are absent are not listed.
        digest: SHA-256 over names and contents of the files, hex; line ends and byte order marks do not count.
    """

    region: Region | None
    refusals: tuple[Refusal, ...]
    counts: tuple[Count, ...]
    digest: str


@dataclass(slots=True)
class _Sheet:
    """One file on its way: rows still standing by line, and every id anybody wrote into its key column.

    `present`: it is there, or should be; `whole`: its header could be read.
    """

    table: Table
    present: bool = False
    whole: bool = False
    given: int = 0
    refused: int = 0
    standing: dict[int, Draft] = field(default_factory=dict)
    said: set[str] = field(default_factory=set)
    by_id: dict[str, Draft] = field(default_factory=dict)

    def fall(self, draft: Draft) -> None:
        """Refuse a row that stood."""
        del self.standing[draft.line]
        self.refused += 1
        if len(self.table.key) == 1:
            self.by_id.pop(draft.row[self.table.key[0]], None)


def load(folder: Path, /, *, accept_partial: bool = False) -> Region:
    """Read a folder into a region.

    Args:
        folder: the dataset's folder.
        accept_partial: take the accepted rows and leave the refused ones out.

    Raises:
        Refused: when any row or file is refused and `accept_partial` is not set, or nothing whole is left.
    """
    reading = read(folder)
    if reading.region is None or (reading.refusals and not accept_partial):
        raise Refused(reading.refusals)
    return reading.region


def read(folder: Path, /) -> Reading:
    """Read and check a folder; refusals are gathered, none is raised."""
    raw, refusals = contents(folder)
    digest = digest_of(raw)
    head = read_head(raw[FILE]) if FILE in raw else None
    if head is not None:
        refusals += head.refusals
    schemes = read_schemes(raw)
    refusals += schemes.refusals
    practice, unlike = _practice(raw)
    refusals += unlike
    used: dict[tuple[str, ...], tuple[str, int]] = {}
    sheets = {table.name: _Sheet(table) for table in TABLES}
    unreadable = {refusal.at.file for refusal in refusals if refusal.at}
    for table in TABLES:
        sheets[table.name].present = table.file in unreadable
        if table.file in raw:
            refusals += _each_row(sheets[table.name], raw[table.file], used, schemes)
    calendars = {calendar.id for calendar in head.calendars} if head else set()
    refusals += _follow(sheets, calendars)
    for rule in rules_under(head.settings if head else None):
        accepted = {name: list(sheet.standing.values()) for name, sheet in sheets.items()}
        accepted |= _of_head(head, sheets, schemes, practice)
        found = list(rule(accepted))
        for name, draft, column, refusal in found:
            if draft.line in sheets[name].standing:
                sheets[name].fall(draft)
                refusals.append(refusal.located(Location(sheets[name].table.file, draft.line, column)))
        if found:
            refusals += _follow(sheets, calendars)
    standing = {f"{FOLDER}/{own.file}" for own in schemes.own}
    counts = [Count(name, 1, int(name in standing), int(name not in standing)) for name in schemes.given]
    if PRACTICE_FILE in raw:
        counts.append(Count(PRACTICE_FILE, 1, len(practice), 1 - len(practice)))
    counts += [
        Count(sheet.table.file, sheet.given, len(sheet.standing), sheet.refused)
        for sheet in sheets.values()
        if sheet.present
    ]
    region = None
    if head is not None:
        stories, lost = _stories(head, sheets)
        refusals += lost
        counts.insert(
            0, Count(FILE, head.given, head.given - head.refused - len(lost), head.refused + len(lost))
        )
        missing = any(sheet.table.required and not sheet.whole for sheet in sheets.values())
        if head.settings is not None and not missing:
            region = _region(head, sheets, stories, schemes, practice)
    return Reading(region, _in_order(refusals), tuple(counts), digest)


def digest_of(raw: Mapping[str, bytes], /) -> str:
    """SHA-256 over names and contents of a folder's files, hex; line ends and byte order marks do not count."""
    hasher = hashlib.sha256()
    for name in sorted(raw):
        hasher.update(f"{name}\0{hashlib.sha256(normal(raw[name])).hexdigest()}\n".encode())
    return hasher.hexdigest()


_ORDER = {name: at for at, name in enumerate((FILE, *(table.file for table in TABLES)))}


_CONSEQUENCES = {"dataset.refers_to_refused", "dataset.story_of_refused"}


def _in_order(refusals: Iterable[Refusal]) -> tuple[Refusal, ...]:
    """Causes, then consequences; each by file and line, the columns of a row as they were read."""

    def key(refusal: Refusal) -> tuple[bool, int, str, int]:
        at = refusal.at or Location("")
        return refusal.code in _CONSEQUENCES, _ORDER.get(at.file, -1), at.file, at.line

    return tuple(sorted(refusals, key=key))


def _each_row(
    sheet: _Sheet, raw: bytes, used: dict[tuple[str, ...], tuple[str, int]], schemes: SchemeFiles
) -> Iterator[Refusal]:
    """Read the rows of one file into the sheet."""
    table = sheet.table
    sheet.present = True
    if refusal := refused_whole(raw, table.file):
        yield refusal
        return
    lines = numbered(raw)
    number, first = next(lines, (0, ""))
    if not number:
        yield Refusal("dataset.no_header", at=Location(table.file), file=table.file)
        return
    head, refusals = header(table, number, first)
    if head is None:
        sheet.given = sheet.refused = sum(1 for _ in lines)
        yield from refusals
        return
    sheet.whole = True
    for line, text in lines:
        sheet.given += 1
        wrong = _one_row(sheet, head, line, text, used, schemes)
        sheet.refused += bool(wrong)
        yield from wrong


def _one_row(
    sheet: _Sheet,
    head: Header,
    line: int,
    text: str,
    used: dict[tuple[str, ...], tuple[str, int]],
    schemes: SchemeFiles,
) -> list[Refusal]:
    """Read one row into the sheet, or say everything that is wrong with it."""
    table, file = sheet.table, sheet.table.file
    try:
        given = cells(text)
    except Refusal as refusal:
        return [refusal.located(Location(file, line))]
    if len(table.key) == 1:
        at = next(index for column, index in head.columns if column.name == table.key[0])
        sheet.said.update(given[at : at + 1])
    if len(given) != head.width:
        code = "dataset.row_too_short" if len(given) < head.width else "dataset.row_too_long"
        return [Refusal(code, at=Location(file, line), given=len(given), wanted=head.width)]
    row: dict[str, Any] = {}
    refusals = []
    for column, index in head.columns:
        try:
            row[column.name] = column.read(given[index] if index >= 0 else "")
        except Refusal as refusal:
            refusals.append(refusal.located(Location(file, line, column.name)))
    if table.key and all(name in row for name in table.key):
        key = (table.namespace or table.name, *(str(row[name]) for name in table.key))
        if key in used:
            first_file, first_line = used[key]
            refusals.append(
                Refusal(
                    "dataset.duplicate_id",
                    at=Location(file, line, table.key[0]),
                    value=" / ".join(key[1:]),
                    file=first_file,
                    line=first_line,
                )
            )
        else:
            used[key] = file, line
    if refusals:
        return refusals
    try:
        draft = _draft(table, line, row, schemes)
    except Refusal as refusal:
        return [refusal.located(Location(file, line, refusal.at.column if refusal.at else ""))]
    sheet.standing[line] = draft
    if len(table.key) == 1:
        sheet.by_id[row[table.key[0]]] = draft
    return []


def _draft(table: Table, line: int, row: Row, schemes: SchemeFiles) -> Draft:
    if table.under is not None:
        schemes.check(row)
        row = table.under(row, schemes.all)
    return Draft(line, row, table.make(row))


def _follow(sheets: dict[str, _Sheet], calendars: set[str]) -> list[Refusal]:
    """Refuse every row whose references do not stand, until all that stand do."""
    refusals: list[Refusal] = []
    referring = [
        (sheet, [column for column in sheet.table.columns if column.references]) for sheet in sheets.values()
    ]
    falling = True
    while falling:
        falling = False
        for sheet, columns in referring:
            if not columns:
                continue
            for draft in list(sheet.standing.values()):
                wrong = _dangling(sheets, calendars, columns, draft)
                if wrong is not None:
                    column, refusal = wrong
                    sheet.fall(draft)
                    refusals.append(refusal.located(Location(sheet.table.file, draft.line, column.name)))
                    falling = True
    return refusals


def _dangling(
    sheets: dict[str, _Sheet], calendars: set[str], columns: list[Column], draft: Draft
) -> tuple[Column, Refusal] | None:
    """The first reference of a row that does not stand."""
    for column in columns:
        value = draft.row[column.name]
        if value is None or value == column.default:
            continue
        for name in column.kind.mentions(value):
            if not any(_stands(sheets, calendars, reference, name) for reference in column.references):
                return column, _unknown(sheets, column, name)
    return None


def _stands(sheets: dict[str, _Sheet], calendars: set[str], reference: Reference, name: str) -> bool:
    if reference.refused:
        return False
    if reference.table == CALENDARS:
        return name in calendars
    draft = sheets[reference.table].by_id.get(name)
    return draft is not None and (not reference.kinds or draft.row["kind"] in reference.kinds)


def _unknown(sheets: dict[str, _Sheet], column: Column, name: str) -> Refusal:
    """Why a reference does not stand: not possible yet, of another kind, refused, or nowhere given."""
    for reference in column.references:
        # Also when that row was refused itself: correcting it would not help here.
        if reference.refused and name in sheets[reference.table].said:
            return Refusal(reference.refused, value=name)
    tables = [
        reference for reference in column.references if reference.table != CALENDARS and not reference.refused
    ]
    for reference in tables:
        draft = sheets[reference.table].by_id.get(name)
        if draft is not None:
            return Refusal(
                "dataset.wrong_kind_of_place",
                value=name,
                kind=str(draft.row["kind"]),
                kinds=", ".join(reference.kinds),
            )
    for reference in tables:
        sheet = sheets[reference.table]
        if name in sheet.said or (sheet.present and not sheet.whole):
            return Refusal("dataset.refers_to_refused", value=name, file=sheet.table.file)
    files = [sheets[reference.table].table.file for reference in tables] or [FILE]
    return Refusal(column.unknown, value=name, files=", ".join(files))


def _stories(head: Head, sheets: dict[str, _Sheet]) -> tuple[list[Story], list[Refusal]]:
    """Stories whose ids all stand somewhere, and the refusals of the others."""
    kept, lost = [], []
    for line, story in head.stories:
        unknown = [one for one in story.ids if not any(one in sheet.by_id for sheet in sheets.values())]
        if not unknown:
            kept.append(story)
            continue
        given = any(
            unknown[0] in sheet.said or (sheet.present and not sheet.whole) for sheet in sheets.values()
        )
        code = "dataset.story_of_refused" if given else "dataset.story_of_unknown"
        lost.append(Refusal(code, at=Location(FILE, line, "story.ids"), value=unknown[0]))
    return kept, lost


def _practice(raw: Mapping[str, bytes]) -> tuple[tuple[OwnPractice, ...], list[Refusal]]:
    """The region's own practice, or what is wrong with it."""
    if PRACTICE_FILE not in raw:
        return (), []
    try:
        return (read_practice(raw[PRACTICE_FILE]),), []
    except Refusal as refusal:
        return (), [refusal]


def _of_head(
    head: Head | None, sheets: dict[str, _Sheet], schemes: SchemeFiles, practice: tuple[OwnPractice, ...]
) -> dict[str, list[Draft]]:
    """What rules look at beside the rows."""
    days = (draft.value for draft in sheets["calendar_days"].standing.values())
    beside: dict[str, Iterable[Any]] = {
        SCHEMES: schemes.own,
        PRACTICE: practice,
        CALENDARS: dated(head.calendars, days) if head else (),
        ZONE: (head.settings.zone,) if head and head.settings else (),
    }
    return {name: [Draft(0, {}, value) for value in values] for name, values in beside.items()}


def _region(
    head: Head,
    sheets: dict[str, _Sheet],
    stories: list[Story],
    schemes: SchemeFiles,
    practice: tuple[OwnPractice, ...],
) -> Region:
    """Put the accepted rows together."""
    assert head.settings is not None

    def values(name: str) -> tuple[Any, ...]:
        return tuple(draft.value for draft in sheets[name].standing.values())

    return assembled(
        replace(head.settings, stories=tuple(stories)),
        dated(head.calendars, values("calendar_days")),
        values,
        schemes.own,
        practice,
    )
