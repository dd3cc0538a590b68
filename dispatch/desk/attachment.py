"""What comes with a report: photos, screenshots, logs, videos, known by their digest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from dispatch.desk.clause import Evidence
from dispatch.desk.practice import Practice
from dispatch.desk.ticket import sha256_digest
from kernel.clock import utc
from kernel.errors import Refusal
from kernel.ids import checked_id


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file that came with a ticket; its bytes are kept under their digest.

    Args:
        ticket: the ticket's id.
        at: when it came, aware.
        by: id of who sent it.
        kind: what it is.
        digest: SHA-256 of its bytes, 64 lower-case hexadecimal digits.
        media_type: as sent: ``image/jpeg``.
        size: bytes.
        name: as the sender called it; never used as a path.

    Raises:
        Refusal: ``intake.attachment_empty``, ``ticket.not_a_digest``, ``id.malformed``, ``clock.*``.
    """

    ticket: str
    at: datetime
    by: str
    kind: Evidence
    digest: str
    media_type: str
    size: int
    name: str = ""

    def __post_init__(self) -> None:
        checked_id(self.ticket)
        checked_id(self.by)
        sha256_digest(self.digest)
        object.__setattr__(self, "at", utc(self.at))
        object.__setattr__(self, "media_type", self.media_type.partition(";")[0].strip().lower())
        if self.size < 1:
            raise Refusal("intake.attachment_empty", ticket=self.ticket, name=self.name[:80])


def kind_of(media_type: str, practice: Practice, /) -> Evidence | None:
    """Give the first kind that takes a media type, screenshots last; None: nothing takes it.

    A picture may be a photo or a screenshot: only its sender knows.
    """
    plain = media_type.partition(";")[0].strip().lower()
    in_order = sorted(practice.attachments, key=lambda kind: kind is Evidence.SCREENSHOT)
    return next((kind for kind in in_order if plain in practice.attachments[kind].types), None)


_ISO_MEDIA = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")
"""Names of the first box of an MP4, QuickTime or HEIC file; they stand behind its four bytes of length."""

_BEGINNINGS: Mapping[str, tuple[tuple[int, bytes], ...]] = {
    "image/jpeg": ((0, b"\xff\xd8\xff"),),
    "image/png": ((0, b"\x89PNG\r\n\x1a\n"),),
    "image/gif": ((0, b"GIF87a"), (0, b"GIF89a")),
    "image/webp": ((8, b"WEBP"),),
    "image/heic": ((4, b"ftyp"),),
    "application/pdf": ((0, b"%PDF-"),),
    "application/zip": ((0, b"PK\x03\x04"), (0, b"PK\x05\x06")),
    "application/gzip": ((0, b"\x1f\x8b"),),
    "video/mp4": tuple((4, box) for box in _ISO_MEDIA),
    "video/quicktime": tuple((4, box) for box in _ISO_MEDIA),
    "video/webm": ((0, b"\x1a\x45\xdf\xa3"),),
}
"""How files of a media type begin: where, and with which bytes (the formats' own specifications)."""


def begins_as(media_type: str, content: bytes, /) -> bool:
    """Say whether the first bytes are those of the media type; words may begin with anything but another type's.

    >>> begins_as("image/png", b"%PDF-1.7"), begins_as("text/plain", b"12:03 error 7")
    (False, True)
    """
    plain = media_type.partition(";")[0].strip().lower()
    mine = _BEGINNINGS.get(plain)
    if mine is not None:
        return any(content.startswith(sign, at) for at, sign in mine)
    if not plain.startswith("text/") and plain != "application/json":
        return True
    # A box's name in the fifth byte may stand in any text; the others begin as no text does.
    foreign = [sign for signs in _BEGINNINGS.values() for at, sign in signs if at == 0]
    return not content.startswith((*foreign, b"\x7fELF", b"MZ\x90"))


def check_attachments(attachments: Iterable[Attachment], practice: Practice, /) -> Iterator[Refusal]:
    """Give what may not be attached to one ticket.

    Args:
        attachments: all of one ticket, in order of time.
        practice: says what may be attached.

    Yields:
        ``intake.attachment_type``, ``intake.attachment_too_big``, ``intake.attachments_too_many`` (one for each
        file over the number), ``intake.attachment_twice`` (the same bytes).
    """
    seen: set[str] = set()
    for number, one in enumerate(attachments, start=1):
        limit = practice.attachments[one.kind]
        name = one.name[:80] or one.digest[:12]
        if one.digest in seen:
            yield Refusal("intake.attachment_twice", ticket=one.ticket, name=name)
        seen.add(one.digest)
        if one.media_type not in limit.types:
            yield Refusal(
                "intake.attachment_type",
                name=name,
                media_type=one.media_type[:60],
                kind=one.kind,
                known=", ".join(limit.types),
            )
        if one.size > limit.most_bytes:
            yield Refusal(
                "intake.attachment_too_big", name=name, size=one.size, kind=one.kind, most=limit.most_bytes
            )
        if number > practice.most_attachments:
            yield Refusal(
                "intake.attachments_too_many", ticket=one.ticket, name=name, most=practice.most_attachments
            )
