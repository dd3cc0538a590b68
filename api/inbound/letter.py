"""A mail as people meant it: who, when, what, with what attached; whatever charset its program used."""

from __future__ import annotations

import codecs
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.errors import (
    HeaderParseError,
    InvalidBase64CharactersDefect,
    InvalidBase64LengthDefect,
    InvalidBase64PaddingDefect,
)
from email.header import decode_header
from email.message import Message as Mail
from email.utils import parseaddr, parsedate_to_datetime
from html.parser import HTMLParser

from kernel.clock import utc
from kernel.errors import Refusal

LARGEST = 40 * 1024 * 1024
"""Bytes of one mail, attachments as they are encoded."""
MOST_PARTS = 200
"""Parts of one mail, those inside others counted."""
DEEPEST = 20
"""Mails and parts inside one another."""

_BROKEN = (InvalidBase64PaddingDefect, InvalidBase64CharactersDefect, InvalidBase64LengthDefect)
"""What the parser writes down of a file whose base64 was cut or changed on its way."""

_WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "iso-8859-1": "cp1252",
}
"""What mail programs write is often of the larger charset than the one they name."""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that came with a mail."""

    name: str
    media_type: str
    content: bytes
    damaged: bool = False
    """Its base64 does not decode whole: bytes are missing or wrong."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail read.

    Args:
        message_id: as the sender's program made it, without its angle brackets; names the mail once.
        sent_at: when our server got it (the topmost ``Received``), else when it says it was sent; aware UTC.
        sender: address, without its name; empty where there is none.
        subject, text: in words, blanks and line ends made one blank; HTML without its marks where there is no plain text.
        enclosed: files, in their order.
    """

    message_id: str
    sent_at: datetime
    sender: str
    subject: str
    text: str
    enclosed: tuple[Enclosed, ...] = ()


def read_letter(raw: bytes, /) -> Letter:
    """Read a mail.

    Raises:
        Refusal: ``mail.too_large``, ``mail.no_message_id`` (also when the file is no mail at all), ``mail.no_date``,
            ``mail.too_many_parts``.
    """
    if len(raw) > LARGEST:
        raise Refusal("mail.too_large", size=len(raw), most=LARGEST // 1024**2)
    # Every header line ends before the first parse: a file without one is text or a picture, no mail.
    mail = message_from_bytes(raw.lstrip(b"\r\n\t "), policy=policy.compat32)
    name = _line(_header(mail, "Message-ID")).strip("<> ")
    if not name:
        raise Refusal("mail.no_message_id")
    plain: list[str] = []
    marked: list[str] = []
    enclosed: list[Enclosed] = []
    for part in _parts(mail):
        _sort(part, plain, marked, enclosed)
    text = _line("\n".join(plain)) or _line("\n".join(map(_without_marks, marked)))
    return Letter(
        message_id=name,
        sent_at=_sent_at(mail),
        sender=_line(parseaddr(_header(mail, "From"))[1]),
        subject=_line(_header(mail, "Subject")),
        text=text,
        enclosed=tuple(enclosed),
    )


def _parts(mail: Mail) -> list[Mail]:
    """The leaves of a mail in their order; a mail that was forwarded whole counts by its own leaves."""
    leaves: list[Mail] = []
    waiting: list[tuple[Mail, int]] = [(mail, 0)]
    seen = 0
    while waiting:
        part, depth = waiting.pop()
        seen += 1
        if seen > MOST_PARTS or depth > DEEPEST:
            raise Refusal("mail.too_many_parts", most=MOST_PARTS, deepest=DEEPEST)
        # Asked of a leaf, `get_payload` without decoding stumbles over charsets it does not know.
        if part.is_multipart():
            inside = part.get_payload()
            assert isinstance(inside, list)  # what is_multipart means
            waiting += [(one, depth + 1) for one in reversed(inside) if isinstance(one, Mail)]
        else:
            leaves.append(part)
    return leaves


def _sort(part: Mail, plain: list[str], marked: list[str], enclosed: list[Enclosed]) -> None:
    """Put one leaf where it belongs: words to read, or a file."""
    kind = part.get_content_type()
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    name = _line(_words(part.get_filename() or ""))
    if not name and part.get_content_disposition() != "attachment" and kind in {"text/plain", "text/html"}:
        (plain if kind == "text/plain" else marked).append(_decoded(content, _charset(part)))
    elif content or name:
        damaged = any(isinstance(one, _BROKEN) for one in part.defects)
        enclosed.append(Enclosed(name, kind, content, damaged))


def _charset(part: Mail) -> str:
    try:
        return part.get_content_charset() or ""
    except (LookupError, ValueError):
        return ""


def _decoded(content: bytes, charset: str) -> str:
    """Bytes as words: by the charset named, or the larger one it stands for, else by what fits; nothing is lost silently."""
    named = _WIDER.get(charset.lower(), charset)
    for one in (named, "utf-8", "gb18030"):
        if one and _known(one):
            try:
                return content.decode(one)
            except (UnicodeDecodeError, ValueError):
                continue
    return content.decode("utf-8", "replace")


def _known(charset: str) -> bool:
    # A codec like hex or zip is no charset: only those that make text are.
    try:
        return codecs.lookup(charset)._is_text_encoding  # noqa: SLF001 the only place that says so
    except (LookupError, ValueError):
        return False


def _header(mail: Mail, name: str) -> str:
    return _words(next(iter(_raw(mail, name)), ""))


def _raw(mail: Mail, name: str) -> list[str]:
    """A header as it stands: `Message.get` would put question marks for bytes that were never encoded."""
    return [str(value) for key, value in mail.raw_items() if key.lower() == name.lower()]


def _words(text: str) -> str:
    """A header's encoded words as text; bytes that were never encoded by the charset they fit."""
    try:
        pieces = decode_header(text)
    except (HeaderParseError, ValueError):
        return text
    said = []
    for piece, charset in pieces:
        if isinstance(piece, bytes) and charset:
            said.append(_decoded(piece, charset))
        else:
            plain = piece.decode("raw-unicode-escape", "replace") if isinstance(piece, bytes) else piece
            said.append(_unsmuggled(plain))
    return "".join(said)


def _unsmuggled(text: str) -> str:
    """Text whose bytes beyond ASCII the parser kept as halves of surrogate pairs."""
    if not any("\udc80" <= sign <= "\udcff" for sign in text):
        return text
    return _decoded(text.encode("utf-8", "surrogateescape"), "")


def _sent_at(mail: Mail) -> datetime:
    """When it came in, else when it was sent.

    Raises:
        Refusal: ``mail.no_date``.
    """
    said = [one.rpartition(";")[2] for one in _raw(mail, "Received")[:1]]
    for text in (*said, *_raw(mail, "Date")[:1]):
        try:
            found = parsedate_to_datetime(text.strip())
        except (TypeError, ValueError, IndexError):
            continue
        # "-0000" is a moment in UTC that does not say where the sender is.
        aware = found if found.tzinfo is not None else found.replace(tzinfo=UTC)
        try:
            return utc(aware)
        except (Refusal, OverflowError):
            continue
    raise Refusal("mail.no_date")


def _line(text: str) -> str:
    """Words on one line, without signs that cannot be printed."""
    shown = " ".join(text.split())
    return "".join(sign for sign in shown if unicodedata.category(sign) not in {"Cc", "Cs", "Zl", "Zp"})


class _Words(HTMLParser):
    """The words of a page, without what is for the browser only."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 the parser's
        """Begin what is not read."""
        self.hidden += tag in {"script", "style", "head"}
        self.said.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """End it."""
        self.hidden -= tag in {"script", "style", "head"} and self.hidden > 0
        self.said.append(" ")

    def handle_data(self, data: str) -> None:
        """Keep words."""
        if not self.hidden:
            self.said.append(data)


def _without_marks(page: str) -> str:
    words = _Words()
    words.feed(page)
    words.close()
    return "".join(words.said)
