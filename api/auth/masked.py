"""Ways to reach people, masked: a customer's page may lie open on a counter."""

from __future__ import annotations

import re

LEFT = 3
"""Digits left at the end, so that its owner knows the number again."""

_NUMBER = re.compile(r"\+?\(?\d(?:[\s().\-/]{0,2}\d){5,}")
_MAIL = re.compile(r"([^\s@<>,;]+)@([^\s@<>,;]+)")


def masked(text: str, /) -> str:
    """The text with telephone numbers and mail addresses masked.

    >>> masked("call 138 1234 5678, or ling@example.com")
    'call *** **** *678, or l***@example.com'
    """
    return _NUMBER.sub(_masked_number, _MAIL.sub(lambda found: f"{found[1][0]}***@{found[2]}", text))


def _masked_number(found: re.Match[str]) -> str:
    digits = sum(map(str.isdecimal, found[0]))
    shown: list[str] = []
    for letter in found[0]:
        if letter.isdecimal():
            shown.append(letter if digits <= LEFT else "*")
            digits -= 1
        else:
            shown.append(letter)
    return "".join(shown)
