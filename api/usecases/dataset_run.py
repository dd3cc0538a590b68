"""A dataset brought in as a run: a zip of its folder unpacked, read and judged; only a whole one is written."""

from __future__ import annotations

import io
import json
import lzma
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath

from api.report.spreadsheet import spreadsheet
from api.text import say
from api.usecases.plan_run import Report
from api.usecases.simulation_run import MadeFile
from dispatch.rebase import rebased
from dispatch.region import Region
from kernel.errors import Location, Refusal
from storage.dataset.read import Count, read
from storage.dataset.write import written_digest
from storage.desk.enclosed import enclosed_in

KIND = "dataset"
GIVEN = "dataset.zip"

MOST_ENTRIES = 20_000
MOST_BYTES = 400_000_000
"""Of a zip unpacked."""

LONGEST_NAME = 255
"""Bytes of a file's name that every system takes."""

_CHUNK = 1 << 20
_NOISE = ("__MACOSX/",)
_ENCRYPTED = 0x1


@dataclass(frozen=True, slots=True)
class DatasetJob:
    """What was uploaded; `as_of`: move the region in time so that it is described at this moment, None: as it is."""

    content: bytes
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class DatasetRead:
    """What it holds.

    Args:
        region: whole; None when anything in it was refused.
        digest: of its files, or of what was moved in time.
        counts: by file.
        refusals: causes first.
        enclosed: the bytes of attachments; `lost`: those that are named and not there, or not as named.
    """

    region: Region | None
    digest: str = ""
    counts: tuple[Count, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    enclosed: tuple[bytes, ...] = field(default=(), repr=False)
    lost: tuple[Refusal, ...] = ()


def read_dataset(job: DatasetJob, report: Report) -> DatasetRead:
    """Unpack and read; what is wrong is in the answer, row by row.

    Raises:
        Refusal: ``import.not_a_zip``, ``import.zip_entry``, ``import.zip_too_large``; ``clock.out_of_range`` when it would
            be moved too far.
    """
    with tempfile.TemporaryDirectory(prefix="fieldwright-") as place:
        report({"step": "unpacking"})
        folder = unpacked(job.content, Path(place))
        report({"step": "reading"})
        reading = read(folder)
        if reading.region is None or reading.refusals:
            return DatasetRead(None, reading.digest, reading.counts, reading.refusals)
        region, digest = reading.region, reading.digest
        if job.as_of is not None:
            moved = rebased(region, as_of=job.as_of)
            if moved != region:
                region, digest = moved, written_digest(moved)
        beside = tuple(enclosed_in(folder, region))
    return DatasetRead(
        region,
        digest,
        reading.counts,
        enclosed=tuple(one[1] for one in beside if not isinstance(one, Refusal)),
        lost=tuple(one for one in beside if isinstance(one, Refusal)),
    )


def unpacked(content: bytes, into: Path, /) -> Path:
    """Unpack a zip into an empty folder and give where its ``region.toml`` stands.

    Nothing is written outside the folder, whatever an entry is called, and no more than `MOST_BYTES`, whatever it says of
    itself.

    Raises:
        Refusal: ``import.not_a_zip``, ``import.zip_entry``, ``import.zip_too_large``.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [one for one in archive.infolist() if not one.filename.startswith(_NOISE)]
            if len(entries) > MOST_ENTRIES:
                raise Refusal("import.zip_too_large", entries=MOST_ENTRIES, bytes=MOST_BYTES)
            left = MOST_BYTES
            for one in entries:
                left = _entry(archive, one, into, left)
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        EOFError,
        NotImplementedError,
        ValueError,
        OverflowError,
    ):
        raise Refusal("import.not_a_zip") from None
    except OSError as error:
        if error.errno is not None:  # the disk, not the zip
            raise
        raise Refusal("import.not_a_zip") from None  # how the library of BZ2 says that an entry is damaged
    heads = sorted(into.rglob("region.toml"), key=lambda path: (len(path.parts), str(path)))
    return heads[0].parent if heads else into


def _entry(archive: zipfile.ZipFile, one: zipfile.ZipInfo, into: Path, left: int) -> int:
    """Unpack one entry; gives how many bytes may still come."""
    name = PurePosixPath(one.filename)
    kind = stat.S_IFMT(one.external_attr >> 16)
    wrong = (
        name.is_absolute()
        or ".." in name.parts
        or "\\" in one.filename
        or ":" in one.filename
        or not one.filename.isprintable()
        or len(one.filename) > 200
        or any(len(part.encode("utf-8", "replace")) > LONGEST_NAME for part in name.parts)
        or one.flag_bits & _ENCRYPTED
        or kind not in {0, stat.S_IFREG, stat.S_IFDIR}
    )
    path = into.joinpath(*name.parts)
    if wrong or (path.exists() and not (one.is_dir() and path.is_dir())):
        shown = one.filename.encode("utf-8", "replace").decode()
        raise Refusal("import.zip_entry", file=shown[:120] if shown.isprintable() else "-")
    if one.is_dir():
        path.mkdir(parents=True, exist_ok=True)
        return left
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise Refusal("import.zip_entry", file=one.filename[:120]) from None
    with archive.open(one) as packed, path.open("wb") as file:
        while part := packed.read(_CHUNK):
            left -= len(part)
            if left < 0:
                raise Refusal("import.zip_too_large", entries=MOST_ENTRIES, bytes=MOST_BYTES)
            file.write(part)
    return left


def dataset_files(found: DatasetRead, /, *, region: str = "", new: bool = False) -> Iterator[MadeFile]:
    """What is kept of it: rows by file, every refused row, and what it came to.

    Args:
        found: as read.
        region: its id, once it is written.
        new: False when exactly this had been imported before.
    """
    counts: list[list[str | int]] = [[one.file, one.given, one.accepted, one.refused] for one in found.counts]
    yield _csv("counts.csv", ["file", "given", "accepted", "refused"], counts)
    wrong = found.refusals or found.lost
    if wrong:
        yield refused_file(wrong)
    document = {
        "region": region,
        "new": new,
        "digest": found.digest,
        "given": sum(one.given for one in found.counts),
        "accepted": sum(one.accepted for one in found.counts),
        "refused": sum(one.refused for one in found.counts),
        "attachments": len(found.enclosed),
        "attachments_lost": len(found.lost),
    }
    yield MadeFile("report.json", "application/json", json.dumps(document, indent=1) + "\n")


def refused_file(refusals: Sequence[Refusal], /) -> MadeFile:
    """Every refusal with its place, in both languages."""
    nowhere = Location("", 0, "")
    rows: list[list[str | int]] = []
    for one in refusals:
        at = one.at or nowhere
        rows.append(
            [at.file, at.line or "", at.column, one.code, say(one.message, "en"), say(one.message, "zh")]
        )
    return _csv("refused.csv", ["file", "line", "column", "code", "en", "zh"], rows)


def _csv(name: str, columns: list[str], rows: list[list[str | int]]) -> MadeFile:
    return MadeFile(name, "text/csv; charset=utf-8", spreadsheet(columns, rows))
