"""What a form of ours says: named fields, each with an end, and files; whatever else is in it is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from api.wire.body import read_body
from kernel.clock import moment
from kernel.errors import Refusal

MOST_BYTES = 33_000_000
"""Bytes of a form with photos: two of the largest size the desk takes, and its words."""

MOST_PLAIN = 1_000_000
"""Bytes of a form without files."""

MOST_FILES = 10
MOST_FIELDS = 100
MOST_WORD = 400_000
"""Bytes of one field: a drawn signature is the longest."""

ALWAYS = frozenset({"key", "at", "was", "who", "label"})
"""Fields of every form: its key, when it was filled in and first said, whose page it stood on, what it is called."""

EARLY = timedelta(minutes=10)
"""A phone's clock may be so far ahead: what it calls later than now is now."""

KINDS = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True, slots=True)
class Sent:
    """A file in a form."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it was sent.

    Args:
        words: fields by name, line ends as one.
        files: in their order.
    """

    words: Mapping[str, str] = field(default_factory=dict)
    files: tuple[Sent, ...] = ()

    def only(self, *names: str, files: bool = False) -> None:
        """Refuse fields that do not belong to it: ``form.unknown_field``, ``form.file_not_wanted``."""
        for name in self.words:
            if name not in ALWAYS and name not in names:
                raise Refusal("form.unknown_field", name=name[:40])
        if self.files and not files:
            raise Refusal("form.file_not_wanted")

    def word(self, name: str, *, most: int = 500) -> str:
        """A field without the blanks around it; empty where it is not there.

        Raises:
            Refusal: ``form.too_long``.
        """
        said = self.words.get(name, "").strip()
        if len(said) > most:
            raise Refusal("form.too_long", name=name, most=most)
        return said

    def number(self, name: str, *, least: int, most: int) -> int:
        """A whole number.

        Raises:
            Refusal: ``form.not_a_number``.
        """
        said = self.word(name, most=20)
        if not (said.isascii() and said.isdigit() and len(said) < 9 and least <= int(said) <= most):
            raise Refusal("form.not_a_number", name=name, value=said[:20] or "-", least=least, most=most)
        return int(said)

    def at(self, now: datetime) -> datetime:
        """When it was filled in: as the phone says, which may have been without a connection; else now.

        Raises:
            Refusal: ``clock.*``; a moment far after now is left to the rules.
        """
        said = self.word("at", most=40)
        if not said:
            return now
        at = moment(said)
        return now if now < at <= now + EARLY else at


def receiving(body: bytes) -> Callable[[], Any]:
    """What an application reads a body from that has been read already."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def read_form(request: Request, *, most: int) -> tuple[Form, bytes]:
    """Read the body of a request as a form; gives its bytes too, for who reads after.

    Raises:
        Refusal: ``form.not_a_form``, ``form.field_twice``, ``request.body_too_large``, ``request.encoded_body``.
    """
    body = await read_body(request, most=most)
    if not body:
        return Form(), body
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in KINDS:
        raise Refusal("form.not_a_form")
    try:
        read = await Request(request.scope, receiving(body)).form(
            max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=MOST_WORD
        )
    except (HTTPException, UnicodeDecodeError):
        raise Refusal("form.not_a_form") from None
    try:
        return await _taken(read), body
    finally:
        await read.close()


async def _taken(read: FormData) -> Form:
    words: dict[str, str] = {}
    files: list[Sent] = []
    for name, value in read.multi_items():
        if isinstance(value, UploadFile):
            content = await value.read()
            if content or value.filename:
                files.append(Sent((value.filename or "")[:200], (value.content_type or "")[:100], content))
            continue
        if name in words:
            raise Refusal("form.field_twice", name=name[:40])
        words[name] = value.replace("\r\n", "\n")
    return Form(words, tuple(files))


def _form(request: Request) -> Form:
    found: Form = request.scope["form"]
    return found


FormAsked = Annotated[Form, Depends(_form)]
"""The form a page's route was sent."""
