"""Values of a message as people read them: moments in local time, lengths in minutes, amounts as money.

By the value's name: ``…_at`` is a moment (ISO 8601), ``…_tick`` a moment of a problem, ``…_day`` the day such a
moment falls on, ``…_s`` a length of time, ``…_cents`` an amount, ``wait`` what a clock waits for, ``why`` the code of a
sentence about the same values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from api.text import Lang, label, say
from kernel.errors import Message, Value
from kernel.money import Money, from_cents


def _no_ticks(tick: int) -> datetime:
    raise ValueError(f"a message names tick {tick}: tell it with the moment of a tick")


def tell(
    message: Message,
    lang: Lang,
    *,
    zone: ZoneInfo,
    currency: str = "",
    moment: Callable[[int], datetime] = _no_ticks,
) -> str:
    """Put a message with raw values into words.

    Args:
        message: code and raw values.
        lang: language of the sentence.
        zone: where the reader is.
        currency: ISO 4217 code of the amounts.
        moment: the moment of a tick, for messages about a problem.
    """

    def read(name: str, value: Value) -> Value:
        if name.endswith("_at"):
            return wall_clock(datetime.fromisoformat(str(value)), zone)
        if name.endswith("_tick"):
            return wall_clock(moment(int(value)), zone)
        if name.endswith("_day"):
            return f"{moment(int(value)).astimezone(zone):%Y-%m-%d}"
        if name.endswith("_s"):
            return length(int(value), lang)
        if name.endswith("_cents"):
            return str(Money(from_cents(int(value)), currency))
        return label(f"wait.{value}", lang) if name == "wait" else value

    said = {name: read(name, value) for name, value in message.params.items()}
    if "why" in said:  # a sentence within the sentence, about the same values
        said["why"] = say(Message(str(said["why"]), said), lang)
    return say(Message(message.code, said), lang)


def wall_clock(at: datetime, zone: ZoneInfo, /) -> str:
    """A moment on a zone's wall clock, to the minute, the same in both languages.

    >>> from datetime import UTC
    >>> wall_clock(datetime(2026, 3, 6, 2, 40, tzinfo=UTC), ZoneInfo("Asia/Shanghai"))
    '2026-03-06 10:40'
    """
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def length(seconds: int, lang: Lang, /) -> str:
    """A length of time, minutes rounded up.

    >>> length(3601, "en"), length(3601, "zh")
    ('1 h 01 min', '1 小时 01 分')
    """
    hours, minutes = divmod(-(-seconds // 60), 60)
    if hours:
        return label("spoken.hours_and_minutes", lang, hours=hours, minutes=f"{minutes:02d}")
    return label("spoken.minutes", lang, minutes=minutes)


def listed(words: Iterable[str], lang: Lang, /) -> str:
    """Several things named one after the other.

    >>> listed(("V1", "V2"), "zh")
    'V1、V2'
    """
    return label("spoken.and", lang).join(words)
