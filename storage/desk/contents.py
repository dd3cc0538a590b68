"""What is attached to tickets, by its digest: written once, in the transaction that says what it belongs to.

The bytes stand in the database, so that a backup is of one moment with them and a refused command leaves none behind.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from sqlalchemy import Connection, select

from kernel.errors import Message, Refusal
from storage.missing import insert_missing
from storage.tables.content import ContentRow
from storage.unit_of_work import UnitOfWork


def digest_of(content: bytes, /) -> str:
    """SHA-256 of some bytes, in hex: the name they are kept under.

    >>> digest_of(b"")[:16]
    'e3b0c44298fc1c14'
    """
    return hashlib.sha256(content).hexdigest()


def keep(work: UnitOfWork, content: bytes, /) -> str:
    """Keep some bytes and give their digest; bytes that are there already are kept once.

    How large they may be is the desk's word (`dispatch.desk.intake`), asked before.
    """
    digest = digest_of(content)
    row = {
        "region_id": work.region,
        "digest": digest,
        "size": len(content),
        "bytes": content,
        "written_by": work.actor,
        "written_from": work.device,
        "written_at": work.now,
        "written_key": work.key,
    }
    insert_missing(work.connection, ContentRow, [row])
    return digest


def content(connection: Connection, region: str, digest: str) -> bytes:
    """Read what was attached, and make sure that it is still what it was.

    Raises:
        Refusal: ``attachment.unknown``, ``attachment.damaged``.
    """
    query = select(ContentRow.c.bytes).where(ContentRow.c.region_id == region, ContentRow.c.digest == digest)
    found = connection.execute(query).scalar()
    if found is None:
        raise Refusal("attachment.unknown", digest=digest[:64])
    read = bytes(found)
    if digest_of(read) != digest:
        raise Refusal("attachment.damaged", digest=digest, region=region)
    return read


def damaged(connection: Connection) -> Iterator[Message]:
    """Contents whose bytes are no longer those their digest was taken of, one by one: all may not fit in memory."""
    names = select(ContentRow.c.region_id, ContentRow.c.digest).order_by(
        ContentRow.c.region_id, ContentRow.c.digest
    )
    for region, digest in connection.execute(names).all():
        one = select(ContentRow.c.bytes, ContentRow.c.size).where(
            ContentRow.c.region_id == region, ContentRow.c.digest == digest
        )
        row = connection.execute(one).one()
        if digest_of(bytes(row.bytes)) != digest or len(row.bytes) != row.size:
            yield Message("attachment.damaged", {"digest": digest, "region": region})
