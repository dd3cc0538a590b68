"""What a cell may hold: each kind reads text into a value, writes it back and says which ids it mentions.

Every kind is bounded, so that no cell can hold what a later sum or array could not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from kernel.clock import known_day, moment, utc, zone
from kernel.errors import Refusal
from kernel.ids import checked_id
from kernel.money import amount, currency
from kernel.place import latlon

LONGEST_TEXT = 500
"""Characters in one text cell."""
LONGEST_LIST = 100
"""Items in one list cell."""
MOST_UNITS = 1_000_000_000
"""Whole units of a part in one row."""

Number = TypeVar("Number", int, float, Decimal)

_WHOLE = re.compile(r"-?[0-9]{1,18}")
_DECIMAL = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


def _mentions_nothing(_: Any) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of cell.

    Args:
        name: what the documentation calls it.
        read: text that is not empty to value; raises `Refusal`.
        write: the value back to text.
        mentions: the ids a value holds, for the check of references.
    """

    name: str
    read: Callable[[str], Any]
    write: Callable[[Any], str] = str
    mentions: Callable[[Any], tuple[str, ...]] = _mentions_nothing


def plain_text(value: str, /) -> str:
    """Give text back when it is short and printable.

    Raises:
        Refusal: ``dataset.text_too_long`` beyond 500 characters, ``dataset.control_character`` for NUL, tabs,
            line breaks and the rest of the control characters, and halves of surrogate pairs.
    """
    if len(value) > LONGEST_TEXT:
        raise Refusal("dataset.text_too_long", length=len(value), longest=LONGEST_TEXT)
    if not value.isprintable():
        for at, character in enumerate(value, start=1):
            if unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}:
                raise Refusal("dataset.control_character", character=f"U+{ord(character):04X}", position=at)
    return value


def _one_id(value: str) -> tuple[str, ...]:
    return (value,)


ID = Kind("id", checked_id, str, _one_id)
TEXT = Kind("text", plain_text)
AMOUNT = Kind(
    "amount", lambda text: amount(_decimal(text, "money.not_an_amount")), lambda value: f"{value:.2f}"
)
"""Written with two decimals, however it was given: the same amount is the same text."""
ZONE = Kind("time zone", lambda text: zone(text).key)
CURRENCY = Kind("currency", currency)


def whole(least: int, most: int) -> Kind:
    """A whole number between two bounds, both allowed.

    Raises (when read):
        Refusal: ``dataset.not_a_number``, ``dataset.negative``, ``dataset.too_small``, ``dataset.too_large``.
    """

    def read(text: str) -> int:
        if not _WHOLE.fullmatch(text):
            raise Refusal("dataset.not_a_number", value=text[:40])
        return _bounded(int(text), least, most)

    return Kind(f"whole number {least} to {most}", read)


def decimal(least: str, most: str) -> Kind:
    """An exact decimal number between two bounds, both allowed."""

    def read(text: str) -> Decimal:
        return _bounded(Decimal(_decimal(text, "dataset.not_a_number")), Decimal(least), Decimal(most))

    return Kind(f"number {least} to {most}", read, lambda value: f"{value:f}")


def fraction(least: float, most: float) -> Kind:
    """A floating number between two bounds, both allowed: statistics, never money or stock."""

    def read(text: str) -> float:
        return _bounded(float(_decimal(text, "dataset.not_a_number")), least, most)

    return Kind(f"number {least:g} to {most:g}", read, lambda value: f"{Decimal(repr(value)):f}")


def _decimal(text: str, code: str) -> str:
    if not _DECIMAL.fullmatch(text):
        raise Refusal(code, value=text[:40])
    return text


def _bounded(value: Number, least: Number, most: Number) -> Number:
    if value < 0 <= least:
        raise Refusal("dataset.negative", value=str(value))
    if value < least:
        raise Refusal("dataset.too_small", value=str(value), least=str(least))
    if value > most:
        raise Refusal("dataset.too_large", value=str(value), most=str(most))
    return value


def read_moment(text: str, /) -> datetime:
    """Read a moment with its offset as aware UTC, in range also after the shift to UTC.

    Raises:
        Refusal: ``clock.not_a_moment``, ``clock.naive_time``, ``clock.out_of_range``.
    """
    return utc(moment(text))


def read_day(text: str, /) -> date:
    """Read a calendar day.

    Raises:
        Refusal: ``dataset.not_a_date``, ``clock.out_of_range``.
    """
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise Refusal("dataset.not_a_date", value=text[:40])
    return known_day(day)


def read_month(text: str, /) -> str:
    """Read a month; it stays text, as 2026-03.

    Raises:
        Refusal: ``dataset.not_a_month``, ``clock.out_of_range``.
    """
    if not _MONTH.fullmatch(text):
        raise Refusal("dataset.not_a_month", value=text[:40])
    read_day(f"{text}-01")
    return text


MOMENT = Kind("moment", read_moment, lambda value: value.isoformat().replace("+00:00", "Z"))


def _moments(text: str) -> tuple[datetime, ...]:
    # The same date may be confirmed twice: it was said twice.
    pieces = text.split(";")
    if len(pieces) > LONGEST_LIST:
        raise Refusal("dataset.too_many_in_list", given=len(pieces), most=LONGEST_LIST)
    return tuple(map(read_moment, pieces))


MOMENTS = Kind("list of moments", _moments, lambda values: ";".join(map(MOMENT.write, values)))
DAY = Kind("date", read_day, date.isoformat)
MONTH = Kind("month", read_month)


def _degrees(text: str) -> str:
    # Python reads 26_0 and digits of other scripts as numbers; people who write them mean something else.
    if "_" in text or (not text.isascii() and any(character.isdecimal() for character in text)):
        raise Refusal("place.not_a_coordinate", value=text[:80])
    return text


LATITUDE = Kind("latitude", lambda text: latlon(_degrees(text), "0").lat, repr)
LONGITUDE = Kind("longitude", lambda text: latlon("0", _degrees(text)).lon, repr)


def choice(members: type[StrEnum] | tuple[str, ...], /) -> Kind:
    """One word out of a list; a member of the enum when given one.

    Raises (when read):
        Refusal: ``dataset.not_a_choice``.
    """
    known = {str(member): member for member in members}

    def read(text: str) -> str:
        if text not in known:
            raise Refusal("dataset.not_a_choice", value=text[:40], choices=", ".join(known))
        return known[text]

    return Kind("one of " + ", ".join(f"`{word}`" for word in known), read)


YES = Kind("`yes` or empty", lambda text: choice(("yes",)).read(text) == "yes", lambda _: "yes")

TRUTH = Kind(
    "`yes` or `no`",
    lambda text: choice(("yes", "no")).read(text) == "yes",
    lambda value: "yes" if value else "no",
)


def several(kind: Kind, /) -> Kind:
    """A list in one cell, separated by ``;``, without repetition; a tuple in the given order.

    Raises (when read):
        Refusal: ``dataset.too_many_in_list``, ``dataset.repeated_in_list``, and those of `kind`.
    """

    def read(text: str) -> tuple[Any, ...]:
        pieces = text.split(";")
        if len(pieces) > LONGEST_LIST:
            raise Refusal("dataset.too_many_in_list", given=len(pieces), most=LONGEST_LIST)
        seen: set[str] = set()
        for piece in pieces:
            name = piece.partition(":")[0]
            if name in seen:
                raise Refusal("dataset.repeated_in_list", value=name[:40])
            seen.add(name)
        return tuple(kind.read(piece) for piece in pieces)

    return Kind(
        f"list of {kind.name}",
        read,
        lambda values: ";".join(kind.write(value) for value in values),
        lambda values: tuple(name for value in values for name in kind.mentions(value)),
    )


LEVEL = whole(1, 5)


def _skill_level(text: str) -> tuple[str, int]:
    skill, colon, level = text.rpartition(":")
    if not colon:
        raise Refusal("dataset.not_a_skill_level", value=text[:40])
    return checked_id(skill), LEVEL.read(level)


SKILL_LEVEL = Kind(
    "`skill:level`", _skill_level, lambda pair: f"{pair[0]}:{pair[1]}", lambda pair: (pair[0],)
)
