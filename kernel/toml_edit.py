"""A value changed in a TOML text: everything else stays word for word, comments included."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kernel.errors import Refusal
from kernel.toml_text import read_toml

Path = tuple[str, ...]
"""The keys that lead to a value."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_HEADER = re.compile(r"\s*\[(?P<keys>[^\[\]]+)\]\s*(#.*)?")
_LONGEST = 40
"""Lines of one value: each is looked at with all before it."""
_MOST_SIGNS = 20
_PLAIN = (str, bool, int, date, list)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value that holds no table.

    Args:
        path: where it stands.
        value: text, yes or no, whole number, date, or a list of those.
        line: of the text, from 1; of the table on one line it stands in, where it does.
    """

    path: Path
    value: Any
    line: int


@dataclass(frozen=True, slots=True)
class _Entry:
    """Lines ``first`` until before ``last`` say the value of `path`; no lines of a value: the head of a table."""

    path: Path
    first: int
    last: int
    head: bool


def toml_leaves(text: str, /) -> tuple[Leaf, ...]:
    r"""Every value of a text that holds no table, in its order.

    Raises:
        ValueError: as `kernel.toml_text.read_toml`.

    >>> [(one.path, one.value, one.line) for one in toml_leaves("[a]\nb = { c = 1 }")]
    [(('a', 'b', 'c'), 1, 2)]
    """
    table = read_toml(text)
    entries = _entries(text.splitlines())
    places = {one.path: one.first + 1 for one in entries}

    def line(path: Path) -> int:
        return next((places[path[:end]] for end in range(len(path), 0, -1) if path[:end] in places), 0)

    return tuple(Leaf(path, value, line(path)) for path, value in _below((), table))


def toml_literal(value: Any, /) -> str:
    """A value as it is written in TOML, on one line.

    Raises:
        ValueError: a value of another kind.

    >>> toml_literal({"within": "2 h", "days": [1, 3]})
    '{ within = "2 h", days = [1, 3] }'
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(map(toml_literal, value))}]"
    if isinstance(value, Mapping):
        inside = ", ".join(f"{_key(key)} = {toml_literal(one)}" for key, one in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    raise ValueError(f"{type(value).__name__} is not written")


def toml_changed(text: str, path: Path, value: Any | None, /) -> str:
    r"""The text with `value` at `path`; None: with nothing there.

    What is written is read again and compared: a text laid out in a way this cannot change is refused, never damaged.

    Raises:
        ValueError: the text is no TOML.
        Refusal: ``toml.cannot_change``.

    >>> toml_changed('[a]  # why\nb = { c = 1 }  # first\n', ("a", "b", "c"), 2)
    '[a]  # why\nb = { c = 2 }  # first\n'
    """
    before = read_toml(text)
    wanted = _with(before, path, value)
    if repr(wanted) == repr(before):  # 1 and yes are equal here, and not in a file
        return text
    try:
        changed = _written(text, before, path, value)
        if read_toml(changed) == wanted:
            return changed
    except (ValueError, LookupError, TypeError):
        pass
    raise Refusal("toml.cannot_change", key=".".join(path)[:120])


def _written(text: str, before: Mapping[str, Any], path: Path, value: Any | None) -> str:
    lines, entries = text.splitlines(), _entries(text.splitlines())
    values = [one for one in entries if not one.head]
    holds = next((one for one in values if one.path == path[: len(one.path)]), None)
    if holds is not None:
        new = value if holds.path == path else _with(_at(before, holds.path), path[len(holds.path) :], value)
        return _joined(lines, holds, () if new is None else (_assigned(lines, holds, new),))
    if value is None or isinstance(value, Mapping):
        lines = _without(lines, entries, path)
        return "\n".join(lines if value is None else [*lines, "", *_section(path, value)]) + "\n"
    section = [one for one in entries if one.path[: len(path) - 1] == path[:-1] and not one.head]
    mine = [one for one in section if len(one.path) == len(path)]
    heads = [one for one in entries if one.head and one.path == path[:-1]]
    line = f"{_key(path[-1])} = {toml_literal(value)}"
    if mine or heads or len(path) == 1:
        at = max((one.last for one in [*mine, *heads]), default=0)
        return "\n".join([*lines[:at], line, *lines[at:]]) + "\n"
    return "\n".join([*lines, "", f"[{'.'.join(map(_key, path[:-1]))}]", line]) + "\n"


def _joined(lines: list[str], entry: _Entry, new: Iterable[str]) -> str:
    return "\n".join([*lines[: entry.first], *new, *lines[entry.last :]]) + "\n"


def _assigned(lines: list[str], entry: _Entry, value: Any) -> str:
    """The line of an entry with another value; what stands behind it as a comment stays."""
    key, _, said = "\n".join(lines[entry.first : entry.last]).partition("=")
    signs = [at for at, sign in enumerate(said) if sign == "#"]
    if len(signs) > _MOST_SIGNS:
        raise ValueError("too many signs of a comment")
    at = next((at for at in signs if _whole(said[:at])), len(said))
    comment = f"  {said[at:].strip()}" if at < len(said) else ""
    return f"{key.rstrip()} = {toml_literal(value)}{comment}"


def _section(path: Path, value: Mapping[str, Any]) -> list[str]:
    return [
        f"[{'.'.join(map(_key, path))}]",
        *(f"{_key(key)} = {toml_literal(one)}" for key, one in value.items()),
    ]


def _without(lines: list[str], entries: list[_Entry], path: Path) -> list[str]:
    """The lines without the tables at and below a path, and the comments right above their heads."""
    gone: set[int] = set()
    heads = [one for one in entries if one.head]
    for number, head in enumerate(heads):
        if head.path[: len(path)] != path:
            continue
        end = _above(lines, heads[number + 1].first) if number + 1 < len(heads) else len(lines)
        gone.update(range(_above(lines, head.first), end))
    for one in entries:
        if not one.head and one.path[: len(path)] == path:
            gone.update(range(one.first, one.last))
    kept = [line for number, line in enumerate(lines) if number not in gone]
    while kept and not kept[-1].strip():
        kept.pop()
    return kept


def _above(lines: list[str], first: int) -> int:
    """Where the comment right above a line begins."""
    while first > 0 and lines[first - 1].lstrip().startswith("#"):
        first -= 1
    return first


def _entries(lines: list[str]) -> list[_Entry]:
    found: list[_Entry] = []
    table: Path = ()
    at = 0
    while at < len(lines):
        line = lines[at]
        head = _HEADER.fullmatch(line)
        if head is not None:
            table = _keys(head["keys"])
            found.append(_Entry(table, at, at + 1, head=True))
        elif "=" in line and not line.lstrip().startswith("#"):
            key, _, _ = line.partition("=")
            end = _end(lines, at)
            found.append(_Entry((*table, *_keys(key)), at, end, head=False))
            at = end - 1
        at += 1
    return found


def _end(lines: list[str], first: int) -> int:
    """The line after a value, which may go on over several."""
    said = lines[first].partition("=")[2]
    for end in range(first + 1, min(len(lines), first + _LONGEST) + 1):
        if _whole(said):
            return end
        said = f"{said}\n{lines[end]}" if end < len(lines) else said
    raise ValueError(f"line {first + 1}: a value of more than {_LONGEST} lines")


def _whole(said: str) -> bool:
    try:
        read_toml(f"x = {said}")
    except ValueError:
        return False
    return True


def _keys(dotted: str) -> Path:
    """The keys of a dotted key, without their quotation marks."""
    path: list[str] = []
    table: Any = read_toml(f"{dotted.strip()} = 0")
    while isinstance(table, dict):
        (key,) = table
        path.append(key)
        table = table[key]
    return tuple(path)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else toml_literal(key)


def _at(table: Any, path: Path) -> Any:
    for key in path:
        table = table[key]
    return table


def _with(table: Mapping[str, Any], path: Path, value: Any | None) -> dict[str, Any]:
    key, rest = path[0], path[1:]
    changed = dict(table)
    if rest:
        inner = changed.get(key, {})
        if not isinstance(inner, Mapping):
            raise Refusal("toml.cannot_change", key=key[:120])
        if value is None and key not in changed:
            return changed
        changed[key] = _with(inner, rest, value)
    elif value is None:
        changed.pop(key, None)
    else:
        changed[key] = value
    return changed


def _below(path: Path, table: Mapping[str, Any]) -> Iterator[tuple[Path, Any]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _below((*path, key), value)
        elif isinstance(value, _PLAIN):
            yield (*path, key), value
