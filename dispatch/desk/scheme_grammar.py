"""The grammar under a scheme's file: typed keys, figures with sources, refusals that name their line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from dispatch.desk.term import Figure
from kernel.errors import Location, Refusal
from kernel.ids import checked_id

Path = tuple[str, ...]
"""Where a value stands: the keys that lead to it."""
Word = TypeVar("Word", bound=StrEnum)
Result = TypeVar("Result")
Kind = TypeVar("Kind", str, int, bool, date, list[Any], dict[str, Any])

_AT = re.compile(r"line (\d+)")


def without_mark(text: str, /) -> str:
    """A text without the byte order mark some editors put in front."""
    return text.removeprefix("\ufeff")


def broken_at(error: Exception, text: str, /, file: str) -> Location:
    """Where a TOML text is broken, as far as its parser says."""
    found = _AT.search(str(error))
    # The parser says "at end of document" when the text just stops.
    return Location(file, int(found[1]) if found else text.count("\n") + 1)


class Reader:
    """Reads tables of one file; knows the text, so that a refusal can name its line."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self.figures: list[Figure] = []

    def ruled(
        self, table: dict[str, Any], path: Path, kind: type[Kind], *, default: Kind | None = None
    ) -> Kind:
        """Read ``{ value = ..., source = "..." }``; `default` when the key is absent."""
        if default is not None and path[-1] not in table:
            return default
        ruled = self.need(table, path, dict)
        self.only(ruled, path, {"value", "source"})
        value = self.need(ruled, (*path, "value"), kind)
        self.figure(ruled, path, _shown(value))
        return value

    def figure(self, table: dict[str, Any], path: Path, shown: str) -> str:
        """Note a figure and give its source, which it must have."""
        source = table.get("source")
        if not isinstance(source, str) or not source.strip():
            raise Refusal("scheme.source_missing", at=self.at(path), key=".".join(path))
        figure = Figure(".".join(path), shown, source)
        if figure not in self.figures:
            self.figures.append(figure)
        return source

    def need(
        self, table: dict[str, Any], path: Path, kind: type[Kind], *, default: Kind | None = None
    ) -> Kind:
        """Read the value of a key, of the kind asked for."""
        if path[-1] not in table:
            if default is not None:
                return default
            # What no table holds is missing from the top of the file.
            at = self.at(path[:-1]) if path[:-1] else Location(self.file, 1, path[-1])
            raise Refusal("scheme.key_missing", at=at, key=".".join(path))
        value = table[path[-1]]
        # bool is an int to Python and datetime a date; neither is here.
        if type(value) is not kind:
            raise Refusal(
                "scheme.wrong_type",
                at=self.at(path),
                key=".".join(path),
                expected=kind.__name__,
                found=type(value).__name__,
            )
        return value

    def tables(self, table: dict[str, Any], path: Path) -> dict[str, dict[str, Any]]:
        """Read a table of tables; an absent one is empty."""
        inner = self.need(table, path, dict, default={})
        for key in inner:
            self.need(inner, (*path, key), dict)
        return inner

    def only(self, table: dict[str, Any], path: Path, known: Iterable[str]) -> None:
        """Refuse the first key nobody reads."""
        for key in table:
            if key not in known:
                raise Refusal(
                    "scheme.unknown_key", at=self.at((*path, key)), key=".".join((*path, key))[:120]
                )

    def word(self, words: type[Word], text: str, path: Path) -> Word:
        """Read one of a closed list of words."""
        try:
            return words(text)
        except ValueError:
            raise Refusal(
                "scheme.unknown_value",
                at=self.at(path),
                key=".".join(path)[:120],
                value=text[:40],
                known=", ".join(words),
            ) from None

    def word_list(self, words: type[Word], listed: list[Any], path: Path) -> tuple[Word, ...]:
        """Read a list of words of a closed list, none of them twice."""
        found = [self.word(words, str(text), path) for text in listed]
        for i, word in enumerate(found):
            if word in found[:i]:
                raise Refusal("scheme.listed_twice", at=self.at(path), value=word)
        return tuple(found)

    def text_id(self, table: dict[str, Any], path: Path) -> str:
        """Read an id."""
        return self.within(path, lambda: checked_id(self.need(table, path, str)))

    def day(self, text: str, path: Path) -> date:
        """Read a date written as a key."""
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise Refusal("scheme.not_a_date", at=self.at(path), value=text[:40]) from None

    def within(self, path: Path, read: Callable[[], Result], /) -> Result:
        """Run a check of another subject and give its refusal the place in this file."""
        try:
            return read()
        except Refusal as refusal:
            raise refusal if refusal.at else refusal.located(self.at(path)) from None

    def at(self, path: Path) -> Location:
        """Find the line where `path`, or the longest beginning of it, is written."""
        best, line = 0, 0
        table: Path = ()
        for number, text in enumerate(self.text.splitlines(), start=1):
            written = text.strip()
            if written.startswith("[") and written.endswith("]"):
                table = tuple(_keys(written.strip("[]")))
                here = table
            elif "=" in written and not written.startswith("#"):
                key, _, rest = written.partition("=")
                here = (*table, *_keys(key))
                inline = path[len(here) :]
                # An inline table continues the path on the same line.
                here = (*here, *(part for part in inline[:1] if re.search(rf"\b{re.escape(part)}\b", rest)))
            else:
                continue
            if here == path[: len(here)] and len(here) > best:
                best, line = len(here), number
        return Location(self.file, line, ".".join(path))


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _keys(dotted: str) -> list[str]:
    return [part.strip().strip("\"'") for part in re.findall(r"\"[^\"]*\"|'[^']*'|[^.]+", dotted)]
