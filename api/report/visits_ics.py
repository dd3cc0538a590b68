"""Visits as iCalendar (RFC 5545): an engineer's telephone, or a desk's calendar, shows them among other appointments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from storage.rows.visits import VisitThere

LONGEST = 75
"""Octets in a line; a longer one goes on in the next behind a blank."""


def visits_ics(visits: Iterable[VisitThere], /, *, region: str, now: datetime, engineer: str = "") -> str:
    """Give the text of a calendar; visits that are not planned are left out.

    Args:
        visits: published.
        region: its id, part of every event's own id.
        now: when it was made.
        engineer: whose they are; empty: of several, each named by who goes.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Fieldwright//Visits//EN",
        f"NAME:{_text(engineer or region)}",
    ]
    for one in visits:
        lines += _event(one, region, now, whose=not engineer)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _event(one: VisitThere, region: str, now: datetime, *, whose: bool) -> Iterator[str]:
    if one.starts_at is None or one.ends_at is None:
        return
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(f'{one.visit}.{one.role}.{one.piece}@{region}')}"
    yield f"DTSTAMP:{_utc(now)}"
    yield f"DTSTART:{_utc(one.starts_at)}"
    yield f"DTEND:{_utc(one.ends_at)}"
    who = f"{one.engineer or one.partner}: " if whose else ""
    yield f"SUMMARY:{_text(f'{who}{one.severity} {one.ticket} {one.site_name or one.site}')}"
    yield f"LOCATION:{_text(one.site_name or one.site)}"
    yield f"GEO:{one.lat:.6f};{one.lon:.6f}"
    if one.text:
        yield f"DESCRIPTION:{_text(one.text)}"
    yield "END:VEVENT"


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    r"""A text in which nothing can end the line or the value.

    >>> print(_text("gate 3; left, then" + chr(10) + "END:VCALENDAR"))
    gate 3\; left\, then\nEND:VCALENDAR
    """
    plain = "".join(
        c for c in value.replace("\r\n", "\n").replace("\r", "\n") if c == "\n" or c.isprintable()
    )
    for mark in ("\\", ";", ","):
        plain = plain.replace(mark, f"\\{mark}")
    return plain.replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Cut a line by octets, never inside a character."""
    piece, size = "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > LONGEST:
            yield piece
            piece, size = " ", 1
        piece += character
        size += octets
    yield piece
