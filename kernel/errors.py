"""Refusals: coded errors whose sentence lives in the text catalogues, never in the rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Value = str | int | float | bool
"""What a message may carry: plain values that read the same in every language."""


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence as a code and its values; `api.text` renders it in English or Chinese.

    Args:
        code: stable, dotted, lower case: ``dataset.unknown_column``.
        params: the values the sentence names, by name.
    """

    code: str
    params: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Location:
    """Where in the input something is wrong. `line` counts from 1 and includes the header; 0: the whole file."""

    file: str
    line: int = 0
    column: str = ""


class Refusal(Exception):
    """Bad input, said clearly: a code with its values and, for files, where it stands.

    Raised by the rule that notices; turned into a sentence at the edge (command line, HTTP).

    >>> Refusal("clock.naive_time", value="2026-03-06T16:00").code
    'clock.naive_time'
    """

    def __init__(self, code: str, /, *, at: Location | None = None, **params: Value) -> None:
        """Build a refusal from its code, its values and the place in the input."""
        super().__init__(code, params)
        self.message = Message(code, params)
        self.at = at

    @property
    def code(self) -> str:
        """The stable code; a row of `docs/refusals.md`."""
        return self.message.code

    def located(self, at: Location) -> Refusal:
        """Give the same refusal with its place in the input."""
        return Refusal(self.code, at=at, **self.message.params)

    def __reduce__(self) -> tuple[object, ...]:
        """Travel between processes whole."""
        return _rebuild, (self.code, dict(self.message.params), self.at)


def _rebuild(code: str, params: dict[str, Value], at: Location | None) -> Refusal:
    return Refusal(code, at=at, **params)


class Refused(Exception):
    """Several refusals at once, in input order: nothing was accepted.

    Raised where the whole input must be right before anything is done.
    """

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        """Collect the refusals in the order they were found."""
        self.refusals = tuple(refusals)
        super().__init__(self.refusals)
