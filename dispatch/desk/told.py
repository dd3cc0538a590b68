"""Told: who was called about which time, and who still has to be. Telling sets the lock of the published stop."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.desk.visit import Lock, PublishedStop
from kernel.errors import Refusal
from kernel.ids import natural_key

LOCKED = {Lock.NONE: Lock.TIME, Lock.ENGINEER: Lock.BOTH}
"""What a lock becomes once the customer knows the time."""


@dataclass(frozen=True, slots=True)
class Telling:
    """Somebody was told a time.

    Args:
        ticket, visit: what it is about; `visit` empty: the ticket's only one.
        at: when he was told; `by`: id of who told him.
        starts_at: the time he was told.
        whom: who was told, as written down.
    """

    ticket: str
    visit: str
    at: datetime
    by: str
    starts_at: datetime
    whom: str


def tellings(events: Iterable[TicketEvent], now: datetime | None = None, /) -> tuple[Telling, ...]:
    """Give who was told what up to `now` (None: all that is known), in the order of the events."""
    found = []
    for event in events:
        if event.kind is EventKind.TOLD and (now is None or event.at <= now):
            starts_at, whom = event.time_told
            found.append(Telling(event.ticket, event.visit, event.at, event.by, starts_at, whom))
    return tuple(found)


def told(stop: PublishedStop, telling: Telling, /, *, tolerance: timedelta = timedelta()) -> PublishedStop:
    """Give a published stop once its customer was told: the moment is kept, the start is locked.

    Args:
        stop: as published.
        telling: what its customer was told.
        tolerance: a time told at most this far from the published one is the published one; nobody tells seconds.

    Raises:
        Refusal: ``told.other_time`` when he was told another time than is published.
    """
    if not _is_same(telling, stop, tolerance):
        raise Refusal(
            "told.other_time",
            visit=stop.visit,
            said=telling.starts_at.isoformat(),
            published=stop.starts_at.isoformat(),
        )
    return replace(stop, told_at=telling.at, lock=LOCKED.get(stop.lock, stop.lock))


def as_told(
    published: Iterable[PublishedStop],
    tickets: Mapping[str, str],
    history: Iterable[Telling],
    /,
    *,
    tolerance: timedelta = timedelta(),
) -> tuple[PublishedStop, ...]:
    """Give published stops with what their customers know: where the last telling names the stop's start, it is told.

    Args:
        published: stops; one that is told stays as it is.
        tickets: the ticket of each open visit.
        history: who was told what.
        tolerance: as for `told`.
    """
    last = _last(history)
    found = []
    for stop in published:
        telling = _known(last, stop, tickets)
        if telling is not None and stop.told_at is None and _is_same(telling, stop, tolerance):
            found.append(told(stop, telling, tolerance=tolerance))
        else:
            found.append(stop)
    return tuple(found)


def _last(history: Iterable[Telling]) -> dict[tuple[str, str], Telling]:
    """The last telling by ticket and visit."""
    return {(one.ticket, one.visit): one for one in sorted(history, key=lambda one: one.at)}


def _known(
    last: Mapping[tuple[str, str], Telling], stop: PublishedStop, tickets: Mapping[str, str]
) -> Telling | None:
    """What the customer of a stop was told last; of a crew or of work in pieces he is told the first one only."""
    ticket = tickets.get(stop.visit, "")
    if stop.planned != stop.visit or not ticket:
        return None
    about = [last[key] for key in ((ticket, ""), (ticket, stop.visit)) if key in last]
    return max(about, key=lambda one: one.at, default=None)


def _is_same(telling: Telling, stop: PublishedStop, tolerance: timedelta) -> bool:
    return abs(telling.starts_at - stop.starts_at) <= tolerance


@dataclass(frozen=True, slots=True)
class ToCall:
    """A customer to call.

    Args:
        visit: whose time it is; `ticket` it belongs to.
        starts_at: the time to tell him.
        believed: the time he was told last, which no longer holds; None: he was never told one.
        whom: who was told last; empty: nobody.
    """

    visit: str
    ticket: str
    starts_at: datetime
    believed: datetime | None = None
    whom: str = ""


def to_call(
    published: Iterable[PublishedStop],
    tickets: Mapping[str, str],
    history: Iterable[Telling],
    /,
    *,
    tolerance: timedelta = timedelta(),
) -> tuple[ToCall, ...]:
    """List who has to be called, who believes something wrong first, then by the time to tell.

    Args:
        published: the stops people go by; of a crew or of work in pieces only the first one is told.
        tickets: the ticket of each open visit; visits not in it need no call.
        history: who was told what.
        tolerance: as for `told`.
    """
    last = _last(history)
    found = []
    for stop in published:
        if stop.visit not in tickets or stop.told_at is not None or stop.planned != stop.visit:
            continue
        before, ticket = _known(last, stop, tickets), tickets[stop.visit]
        if before is None:
            found.append(ToCall(stop.visit, ticket, stop.starts_at))
        elif not _is_same(before, stop, tolerance):
            found.append(ToCall(stop.visit, ticket, stop.starts_at, before.starts_at, before.whom))
    return tuple(sorted(found, key=lambda one: (one.believed is None, one.starts_at, natural_key(one.visit))))
