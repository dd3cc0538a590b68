"""TOML that came from outside, read in time that grows with its length."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from typing import Any

MOST_PARTS = 100
"""Parts of a dotted key: each further one costs the reader as much as all before it."""

_MANY_PARTS = re.compile(rf"""(?<![\w\-"'])(?:(?:[\w\-]+|"[^"\n]*"|'[^'\n]*')\s*\.\s*){{{MOST_PARTS}}}""")


def read_toml(text: str, /, *, parse_float: Callable[[str], Any] = float) -> dict[str, Any]:
    """Read a TOML text.

    Args:
        text: the text.
        parse_float: makes a number of its digits.

    Raises:
        ValueError: with what is wrong, at a line where the reader names one: not TOML, nested too deep, keys of too many
            parts, a number of thousands of digits.

    >>> read_toml("a.b = 1")
    {'a': {'b': 1}}
    """
    if _MANY_PARTS.search(text):
        raise ValueError("keys of too many parts")
    try:
        return tomllib.loads(text, parse_float=parse_float)
    except RecursionError:
        raise ValueError("nested too deep") from None
