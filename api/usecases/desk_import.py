"""Bring reports in from lists and mailboxes: each report a command of its own, each taken once, none dropped."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from api.inbound.letter import LARGEST, Enclosed, Letter, read_letter
from api.inbound.listed import read_list
from api.stored import envelope
from dispatch.desk.attachment import begins_as, kind_of
from dispatch.desk.intake import QR, Channel, Report
from dispatch.desk.practice import Practice
from kernel.errors import Location, Refusal
from storage.database import Database
from storage.dataset.cell import LONGEST_TEXT
from storage.dataset.lines import LARGEST_FILE
from storage.desk.contents import digest_of
from storage.desk.intake import DRAFT, Brought, take, taken_before
from storage.rows.standing import practice_in

_SCANNED = re.compile(re.escape(QR) + r"[A-Za-z0-9][A-Za-z0-9._/+-]*")
CUT = " …"
"""Ends a text that goes on in the attachment beside it."""


@dataclass(slots=True)
class Taken:
    """What became of what was given; ``accepted + refused == given``.

    Args:
        replies: of those accepted, with where each stood.
        refusals: one for each of those refused.
        known: of those accepted, how many had been taken before.
        left_out: files that came with an accepted mail and were not kept, and why.
    """

    given: int = 0
    replies: list[tuple[Location, dict[str, Any]]] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    known: int = 0
    left_out: list[Refusal] = field(default_factory=list)

    @property
    def accepted(self) -> int:
        """How many are reports now."""
        return len(self.replies)


def import_reports(
    database: Database, region: str, paths: Iterable[Path], *, now: datetime, by: str
) -> Taken:
    """Take in every report of the files given.

    Args:
        database: of this version.
        region: id of the region.
        paths: lists (``.csv``), mails (``.eml``), or folders, whose mails are taken in order of their names.
        now: the moment of the import.
        by: who imports.

    Raises:
        Refusal: ``mail.not_a_mailbox`` for a path that is none of these, before anything is taken.
    """
    taken = Taken()
    for path in list(_files(paths)):
        try:
            with path.open("rb") as file:
                raw = file.read(max(LARGEST, LARGEST_FILE) + 1)
        except OSError:
            taken.given += 1
            taken.refusals.append(Refusal("desk.cannot_read", at=Location(path.name), file=str(path)[:200]))
            continue
        taking = _take_list if path.suffix.lower() == ".csv" else _take_mail
        taking(database, region, path.name, raw, taken, now=now, by=by)
    return taken


def import_list(database: Database, region: str, name: str, raw: bytes, *, now: datetime, by: str) -> Taken:
    """Take in every report of one list, as `import_reports` does.

    Args:
        database: of this version.
        region: id of the region.
        name: what refusals call the list.
        raw: its bytes.
        now: the moment of the import.
        by: who imports.
    """
    taken = Taken()
    _take_list(database, region, name, raw, taken, now=now, by=by)
    return taken


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(one for one in path.iterdir() if one.suffix.lower() == ".eml")
        elif path.suffix.lower() in {".csv", ".eml"} and path.is_file():
            yield path
        else:
            raise Refusal("mail.not_a_mailbox", file=str(path)[:200])


def _take_list(
    database: Database, region: str, name: str, raw: bytes, taken: Taken, *, now: datetime, by: str
) -> None:
    seen: Counter[str] = Counter()
    for line in read_list(raw, name, by=by):
        taken.given += 1
        if isinstance(line, Refusal):
            taken.refusals.append(line)
            continue
        name_there = f"list:{line.whose}:{line.reference}"
        if not line.reference:
            said = repr(replace(line.report, by=line.whose or "list"))
            seen[said] += 1
            # Equal lines without a number are as many reports as there are lines.
            name_there = f"line:{_short(f'{said} {seen[said]}')}"
        report = replace(line.report, reference=_fitting(name_there))
        _take(database, region, taken, line.at, report, None, now=now, by=by)


def _take_mail(
    database: Database, region: str, name: str, raw: bytes, taken: Taken, *, now: datetime, by: str
) -> None:
    taken.given += 1
    at = Location(name)
    try:
        letter = read_letter(raw)
    except Refusal as refusal:
        taken.refusals.append(refusal.located(at))
        return
    with database.reading() as connection:
        practice = practice_in(connection, region)
    files = tuple(_kept(letter, at, taken, practice))
    _take(database, region, taken, at, _report(letter, by), files, now=now, by=by)


def _take(
    database: Database,
    region: str,
    taken: Taken,
    at: Location,
    report: Report,
    files: tuple[Brought, ...] | None,
    *,
    now: datetime,
    by: str,
) -> None:
    """Take one report, unless it was taken before with all that it says; `files` None: of a list."""
    told = None if files is None else frozenset(digest_of(one.content) for one in files)
    try:
        with database.reading() as connection:
            known = taken_before(connection, region, report, now=now, told=told)
        if known is not None:
            taken.known += 1
            taken.replies.append((at, known))
            return
        # Two who import the same at once meet under one key.
        key = f"report-{_short(report.reference)}"
        head = replace(envelope(region, key, device="import"), now=now, actor=by)
        reply = database.run(head, lambda work: take(work, report, brought=files or ()))
    except Refusal as refusal:
        taken.refusals.append(refusal.located(refusal.at or at))
        return
    taken.replies.append((at, reply))


def _report(letter: Letter, by: str) -> Report:
    whole = _whole(letter)
    scanned = _SCANNED.search(whole)
    text = whole if len(whole) <= LONGEST_TEXT else whole[: LONGEST_TEXT - len(CUT)] + CUT
    return Report(
        DRAFT,
        letter.sent_at,
        Channel.MAIL,
        by,
        qr=scanned[0].rstrip("./+-") if scanned else "",
        text=text,
        contact=letter.sender[:LONGEST_TEXT],
        reference=_fitting(f"mail:{letter.message_id}"),
    )


def _whole(letter: Letter) -> str:
    return " ".join(part for part in (letter.subject, letter.text) if part)


def _kept(letter: Letter, at: Location, taken: Taken, practice: Practice) -> Iterator[Brought]:
    """Files that may be attached; one that may not is told, and the mail is taken without it."""
    enclosed = letter.enclosed
    if len(_whole(letter)) > LONGEST_TEXT:
        # What does not fit into the report's text stays readable beside it.
        enclosed = (Enclosed("mail.txt", "text/plain", _whole(letter).encode()), *enclosed)
    seen: set[str] = set()
    for one in enclosed:
        kind = kind_of(one.media_type, practice)
        name = one.name or one.media_type
        limit = practice.attachments[kind] if kind is not None else None
        digest = digest_of(one.content)
        if digest in seen:
            continue  # the same bytes twice in one mail are one file
        if one.damaged or (kind is not None and one.content and not begins_as(one.media_type, one.content)):
            code = "mail.file_damaged" if one.damaged else "intake.attachment_not_its_type"
            told = Refusal(code, name=name[:80], media_type=one.media_type[:60])
            taken.left_out.append(told.located(at))
            continue
        if (
            limit is None
            or not one.content
            or len(one.content) > limit.most_bytes
            or len(seen) == practice.most_attachments
        ):
            left = Refusal(
                "mail.file_left_out", name=name[:80], media_type=one.media_type[:60], size=len(one.content)
            )
            taken.left_out.append(left.located(at))
            continue
        seen.add(digest)
        yield Brought(name[:LONGEST_TEXT], one.media_type, one.content, kind)


def _fitting(reference: str) -> str:
    """A reference as one cell; one that is too long for it by its digest."""
    return reference if len(reference) <= LONGEST_TEXT else f"{reference[:5]}sha256-{_short(reference)}"


def _short(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:40]
