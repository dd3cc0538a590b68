"""Reading TOML key by key: every key is asked for by name and type, what nobody asked for is refused with its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from kernel.errors import Location, Refusal, Value
from kernel.toml_text import read_toml

Key = tuple[str | int, ...]
Read = TypeVar("Read")

_HEADER = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.\-]+)\s*\]\]?")
_PAIR = re.compile(r"^\s*([A-Za-z0-9_\-]+)\s*=")


def where(text: str, /) -> dict[Key, int]:
    r"""Give the line, from 1, of every table and key of a TOML text; entries of ``[[lists]]`` count from 0.

    >>> where('a = 1\n[[b.c]]\nd = 2')[("b", "c", 0, "d")]
    3
    """
    found: dict[Key, int] = {}
    counted: dict[Key, int] = {}
    table: Key = ()
    for number, line in enumerate(text.splitlines(), 1):
        header = _HEADER.match(line)
        if header:
            table = tuple(header[2].split("."))
            if header[1] == "[[":
                counted[table] = counted.get(table, -1) + 1
                table = (*table, counted[table])
            found.setdefault(table, number)
        elif pair := _PAIR.match(line):
            found.setdefault((*table, pair[1]), number)
    return found


def parsed(text: str, file: str, /) -> Section:
    """Read a TOML text.

    Raises:
        Refusal: ``scenario.not_toml`` with what is wrong.
    """
    try:
        table = read_toml(text)
    except ValueError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise Refusal(
            "scenario.not_toml", at=Location(file, int(line[1]) if line else 0), detail=str(error)[:120]
        ) from None
    return Section(table, file, (), where(text))


class Section:
    """One table of a scenario file; `done` refuses the keys nobody read."""

    def __init__(self, table: Mapping[str, Any], file: str, path: Key, lines: Mapping[Key, int]) -> None:
        self._table, self._file, self._path, self._lines = table, file, path, lines
        self._read: list[str] = []

    @property
    def at(self) -> Location:
        """Where it begins."""
        return Location(self._file, self._lines.get(self._path, 0), ".".join(map(str, self._path)))

    def place(self, key: str) -> Location:
        """Where a key stands."""
        own = (*self._path, key)
        line = self._lines.get(own) or self._lines.get((*own, 0)) or self._lines.get(self._path, 0)
        return Location(self._file, line, key)

    def refused(self, key: str, code: str, /, **values: Value) -> Refusal:
        """A refusal at a key."""
        return Refusal(code, at=self.place(key), **values)

    def has(self, key: str) -> bool:
        """Say whether a key is there."""
        return key in self._table

    def keys(self) -> tuple[str, ...]:
        """Every key, in the order of the file."""
        return tuple(self._table)

    def text(self, key: str, default: str | None = None) -> str:
        """A text."""
        return str(self._one(key, str, "text", default))

    def truth(self, key: str, *, default: bool) -> bool:
        """True or false."""
        return bool(self._one(key, bool, "true or false", default))

    def day(self, key: str) -> date:
        """A date."""
        found: date = self._one(key, date, "date")
        return found

    def whole(self, key: str, default: int | None = None, *, least: int = 0, most: int = 1_000_000) -> int:
        """A whole number within bounds."""
        number = int(self._one(key, int, "whole number", default))
        self._within(key, number, least, most)
        return number

    def number(self, key: str, default: float | None = None, *, least: float = 0, most: float = 1e9) -> float:
        """A number within bounds."""
        said = self._one(key, (int, float), "number", default)
        self._within(key, said, least, most)
        return float(said)

    def texts(self, key: str, default: Sequence[str] | None = None) -> tuple[str, ...]:
        """A list of texts; one text stands for a list of one."""
        found = self._one(key, (str, list), "list of texts", list(default) if default is not None else None)
        row = [found] if isinstance(found, str) else found
        if not all(isinstance(one, str) for one in row):
            raise self.refused(key, "scenario.wrong_type", key=key, expected="list of texts")
        return tuple(row)

    def choice(self, key: str, read: Callable[[str], Read], choices: Sequence[str]) -> Read:
        """One of a few words."""
        word = self.text(key)
        if word not in choices:
            raise self.refused(
                key, "scenario.unknown_choice", key=key, value=word[:60], choices=", ".join(choices)
            )
        return read(word)

    def tables(self, key: str) -> tuple[Section, ...]:
        """The tables of a list ``[[key]]``, none where it is not there; ``[key]`` stands for a list of one."""
        self._read.append(key)
        found = self._table.get(key, [])
        if isinstance(found, dict):
            return (Section(found, self._file, (*self._path, key), self._lines),)
        if not (isinstance(found, list) and all(isinstance(one, dict) for one in found)):
            raise self.refused(key, "scenario.wrong_type", key=key, expected=f"[[{key}]]")
        return tuple(
            Section(one, self._file, (*self._path, key, at), self._lines) for at, one in enumerate(found)
        )

    def table(self, key: str) -> Section:
        """One table ``[key]``, an empty one where it is not there."""
        self._read.append(key)
        found = self._table.get(key, {})
        if not isinstance(found, dict):
            raise self.refused(key, "scenario.wrong_type", key=key, expected=f"[{key}]")
        return Section(found, self._file, (*self._path, key), self._lines)

    def done(self) -> None:
        """Refuse what nobody read (``scenario.unknown_key``)."""
        for key in self._table:
            if key not in self._read:
                raise self.refused(
                    key, "scenario.unknown_key", key=key[:60], known=", ".join(dict.fromkeys(self._read))
                )

    def _one(self, key: str, kind: Any, expected: str, default: Any = None) -> Any:
        self._read.append(key)
        if key not in self._table:
            if default is None:
                raise Refusal("scenario.missing_key", at=self.at, key=key)
            return default
        value = self._table[key]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.refused(key, "scenario.wrong_type", key=key, expected=expected)
        return value

    def _within(self, key: str, value: float, least: float, most: float) -> None:
        if not least <= value <= most:  # nan too; said as text where JSON has no such number
            plain = value if abs(value) < 2**53 else str(value)[:40]
            raise self.refused(key, "scenario.out_of_range", name=key, value=plain, least=least, most=most)
