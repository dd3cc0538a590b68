"""Bytes of attachments and signed forms beside a dataset: `attachments/<digest>`, each checked by its digest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection

from dispatch.region import Region, practice_of
from kernel.errors import Location, Refusal
from storage.dataset.write import ENCLOSED
from storage.desk.contents import content, digest_of

NAMED = 5
"""Digests named when many are missing."""


def digests_of(region: Region, /) -> tuple[str, ...]:
    """Digests of all that came with the region's tickets and of its signed forms, sorted, each once."""
    work = region.field
    return tuple(sorted({one.digest for one in work.attachments} | {one.digest for one in work.signatures}))


def enclosed_of(connection: Connection, region: Region, /) -> Iterator[tuple[str, bytes] | Refusal]:
    """Give every content of a region from its database, one at a time: all may not fit in memory.

    Yields:
        Digest and bytes; ``attachment.damaged`` for one that changed; last ``attachment.not_kept``, which counts
        and names those the database does not have.
    """
    missing = []
    for digest in digests_of(region):
        try:
            yield digest, content(connection, region.settings.id, digest)
        except Refusal as refusal:
            if refusal.code == "attachment.unknown":
                missing.append(digest)
            else:
                yield refusal
    if missing:
        yield Refusal("attachment.not_kept", count=len(missing), digests=", ".join(missing[:NAMED]))


def enclosed_in(folder: Path, region: Region, /) -> Iterator[tuple[str, bytes] | Refusal]:
    """Give every content of a region from the folder of its dataset, one at a time.

    Yields:
        Digest and bytes; ``attachment.not_its_digest`` for a file that is not what its name says;
        ``attachment.not_asked_for`` for one no row names; last ``attachment.not_kept``, which counts and names the
        missing.
    """
    wanted = set(digests_of(region))
    limits = [limit.most_bytes for limit in practice_of(region.field).attachments.values()]
    most = max(*limits, *(one.size for one in region.field.attachments))
    beside = folder / ENCLOSED
    found = sorted(beside.iterdir()) if beside.is_dir() else []
    for path in found:
        if path.name.startswith("."):
            continue
        at = Location(f"{ENCLOSED}/{path.name}"[:200])
        if path.name not in wanted:
            yield Refusal("attachment.not_asked_for", at=at, file=path.name[:80])
            continue
        try:
            with path.open("rb") as file:
                # A byte more than any may have is enough to see that it is another file.
                read = file.read(most + 1)
        except OSError:
            read = b""
        if digest_of(read) != path.name:
            yield Refusal("attachment.not_its_digest", at=at, file=path.name)
            continue
        wanted.remove(path.name)
        yield path.name, read
    if wanted:
        yield Refusal("attachment.not_kept", count=len(wanted), digests=", ".join(sorted(wanted)[:NAMED]))
