"""Values of a message as people read them: ticks as local times, seconds as minutes, cents as money.

By the value's name: ``…_tick`` is a moment, ``…_day`` the day a moment falls on, ``…_s`` a length of time,
``…_cents`` an amount.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from kernel.errors import Message, Value
from kernel.money import Money, from_cents


def spoken(message: Message, *, moment: Callable[[int], datetime], zone: ZoneInfo, currency: str) -> Message:
    """Give the message with its values ready to print.

    Args:
        message: code and raw values.
        moment: the moment of a tick.
        zone: where the reader is.
        currency: ISO 4217 code of the region.
    """

    def read(name: str, value: Value) -> Value:
        if name.endswith("_tick"):
            return f"{moment(int(value)).astimezone(zone):%Y-%m-%d %H:%M}"
        if name.endswith("_day"):
            return f"{moment(int(value)).astimezone(zone):%Y-%m-%d}"
        if name.endswith("_s"):
            return length(int(value))
        if name.endswith("_cents"):
            return str(Money(from_cents(int(value)), currency))
        return value

    return Message(message.code, {name: read(name, value) for name, value in message.params.items()})


def length(seconds: int, /) -> str:
    """A length of time, minutes rounded up, the same in both languages.

    >>> length(3601)
    '1 h 01 min'
    """
    minutes = -(-seconds // 60)
    return f"{minutes // 60} h {minutes % 60:02d} min" if minutes >= 60 else f"{minutes} min"
