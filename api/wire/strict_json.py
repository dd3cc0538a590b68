"""JSON as strangers send it: read strictly, so that nothing in it can mean two things or break what comes after."""

from __future__ import annotations

import json
import math
from typing import Any

from kernel.errors import Refusal

MOST_DEPTH = 16
"""Lists and objects inside each other; no request needs more."""

MOST_WHOLE = 2**53 - 1
"""Whole numbers beyond this are not the same in every program that reads JSON."""


def read_json(body: bytes, /) -> Any:
    """Read a request body.

    Refused is what other readers let pass: a name given twice, NaN and infinities, whole numbers beyond `MOST_WHOLE`,
    bytes that are no UTF-8, halves of surrogate pairs, NUL, nesting beyond `MOST_DEPTH`.

    Raises:
        Refusal: ``request.not_json``, ``request.not_utf8``, ``request.duplicate_name``, ``request.number_out_of_range``,
            ``request.unwritable_text``, ``request.too_deep``.

    >>> read_json(b'{"minutes": 90}')
    {'minutes': 90}
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refusal("request.not_utf8", position=error.start) from None
    try:
        document = json.loads(
            text, object_pairs_hook=_once, parse_constant=_no_constant, parse_int=_whole, parse_float=_finite
        )
    except json.JSONDecodeError as error:
        raise Refusal("request.not_json", line=error.lineno, column=error.colno, detail=error.msg) from None
    except RecursionError:
        raise Refusal("request.too_deep", most=MOST_DEPTH) from None
    _check(document)
    return document


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise Refusal("request.duplicate_name", name=_shown(name))
            seen.add(name)
    return found


def _no_constant(word: str) -> None:
    raise Refusal("request.number_out_of_range", value=word)


def _whole(digits: str) -> int:
    # Counted before it is read: a number of a million digits takes long to become one.
    if len(digits) > 17 or abs(int(digits)) > MOST_WHOLE:
        raise Refusal("request.number_out_of_range", value=digits[:40])
    return int(digits)


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise Refusal("request.number_out_of_range", value=digits[:40])
    return value


def _check(document: Any) -> None:
    """Look at every text and at the depth, without recursion."""
    waiting = [(document, 1)]
    while waiting:
        value, depth = waiting.pop()
        if isinstance(value, str):
            _check_text(value)
        elif isinstance(value, dict | list):
            if depth > MOST_DEPTH:
                raise Refusal("request.too_deep", most=MOST_DEPTH)
            if isinstance(value, dict):
                for name in value:
                    _check_text(name)
                waiting.extend((inside, depth + 1) for inside in value.values())
            else:
                waiting.extend((inside, depth + 1) for inside in value)


def _check_text(text: str) -> None:
    if "\0" in text or _shown(text, most=len(text)) != text:
        raise Refusal("request.unwritable_text", value=_shown(text))


def _shown(text: str, *, most: int = 40) -> str:
    return text[:most].encode("utf-8", "replace").decode()
