"""Reading checked JSON: every field is asked for by name and type, and what nobody asked for is refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from kernel.clock import moment
from kernel.errors import Location, Refusal
from kernel.money import amount

MOST_WHOLE = 10**15
"""Whole numbers beyond this are refused: no plan holds them, and arithmetic on them can go wrong."""

Word = TypeVar("Word", bound=StrEnum)
Read = TypeVar("Read")


def parsed(text: str, file: str, /) -> Reader:
    """Read the text of a JSON object.

    Raises:
        Refusal: ``plan_file.not_json``, ``plan_file.duplicate_field``, ``plan_file.wrong_type``.
    """

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in pairs:
            if name in found:
                raise Refusal("plan_file.duplicate_field", at=Location(file), field=_shown(name))
            found[name] = value
        return found

    def never(word: str) -> None:
        raise Refusal("plan_file.not_json", at=Location(file), detail=word)

    try:
        document = json.loads(text, object_pairs_hook=once, parse_constant=never)
    except json.JSONDecodeError as error:
        raise Refusal("plan_file.not_json", at=Location(file, error.lineno), detail=error.msg) from None
    except (ValueError, RecursionError) as error:
        # A number of thousands of digits, or brackets nested without end.
        raise Refusal("plan_file.not_json", at=Location(file), detail=type(error).__name__) from None
    return Reader(document, file, "")


class Reader:
    """One JSON object under a path; `done` refuses the fields nobody read."""

    def __init__(self, value: Any, file: str, path: str) -> None:
        self.file = file
        self.path = path
        if not isinstance(value, dict):
            raise self.wrong(path or ".", "object")
        self._fields: dict[str, Any] = value
        self._read: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def names(self) -> list[str]:
        """All field names, sorted."""
        return sorted(self._fields)

    def where(self, name: str) -> str:
        """The full path of a field."""
        return f"{self.path}.{_shown(name)}" if self.path else _shown(name)

    def refusal(self, code: str, name: str, **params: str | int) -> Refusal:
        """A refusal about one field of this object."""
        return Refusal(f"plan_file.{code}", at=Location(self.file), field=self.where(name), **params)

    def wrong(self, path: str, expected: str) -> Refusal:
        """A refusal about a value of the wrong kind."""
        return Refusal("plan_file.wrong_type", at=Location(self.file), field=path, expected=expected)

    def take(self, name: str) -> Any:
        """Give the raw value of a field that has to be there."""
        if name not in self._fields:
            raise self.refusal("missing_field", name)
        self._read.add(name)
        return self._fields[name]

    def text(self, name: str) -> str:
        """Read a text."""
        return self._text(self.take(name), self.where(name))

    def whole(self, name: str) -> int:
        """Read a whole number."""
        value = self.take(name)
        if type(value) is not int or abs(value) > MOST_WHOLE:  # a bool is an int to Python and none here
            raise self.wrong(self.where(name), "whole number")
        return value

    def word(self, name: str, kind: type[Word]) -> Word:
        """Read one of the words of an enum."""
        text = self.text(name)
        if text not in {member.value for member in kind}:
            choices = ", ".join(kind)
            raise self.refusal("not_a_choice", name, value=_shown(text), choices=choices)
        return kind(text)

    def moment(self, name: str) -> datetime:
        """Read an ISO 8601 moment with its offset, in UTC."""
        return self.passed(moment, self.text(name))

    def amount(self, name: str) -> Decimal:
        """Read a non-negative amount of money, written as text; its digits are kept."""
        text = self.text(name)
        self.passed(amount, text)
        return Decimal(text)

    def passed(self, rule: Callable[[str], Read], text: str) -> Read:
        """Apply a rule that may refuse, and say in which file it did."""
        try:
            return rule(text)
        except Refusal as refusal:
            raise refusal.located(Location(self.file)) from None

    def under(self, name: str) -> Reader:
        """Read an object."""
        return Reader(self.take(name), self.file, self.where(name))

    def objects(self, name: str) -> Iterator[Reader]:
        """Read a list of objects."""
        for at, value in enumerate(self._list(name)):
            yield Reader(value, self.file, f"{self.where(name)}[{at}]")

    def texts(self, name: str) -> tuple[str, ...]:
        """Read a list of texts."""
        return tuple(
            self._text(value, f"{self.where(name)}[{at}]") for at, value in enumerate(self._list(name))
        )

    def plain(self) -> dict[str, str | int | float | bool]:
        """Read every field of this object as a plain value: the values of a message."""
        found: dict[str, str | int | float | bool] = {}
        for name in self._fields:
            value = self.take(name)
            if isinstance(value, str):
                found[self._text(name, self.path)] = self._text(value, self.where(name))
            elif isinstance(value, bool | int | float):
                found[self._text(name, self.path)] = value
            else:
                raise self.wrong(self.where(name), "text or number")
        return found

    def done(self) -> None:
        """Refuse the first field nobody read."""
        for name in self.names():
            if name not in self._read:
                raise self.refusal("unknown_field", name)

    def _list(self, name: str) -> list[Any]:
        value = self.take(name)
        if not isinstance(value, list):
            raise self.wrong(self.where(name), "list")
        return value

    def _text(self, value: Any, path: str) -> str:
        # A lone surrogate is legal JSON and cannot be printed or written.
        if not isinstance(value, str) or not _encodable(value):
            raise self.wrong(path, "text")
        return value


def _encodable(text: str) -> bool:
    return not any(0xD800 <= ord(letter) <= 0xDFFF for letter in text)


def _shown(text: str) -> str:
    return text[:60].encode("utf-8", "replace").decode()
