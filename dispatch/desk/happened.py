"""What a ticket's events say before any scheme is asked: which steps are shown, which waits there were.

A later step shows that the earlier ones were done by then at the latest: who stands on site has been arranged, who
repairs has responded. A reopened ticket takes its repair back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from dispatch.desk.milestone import Milestone, Severity, Wait
from dispatch.desk.ticket import EventKind, Ticket, TicketEvent
from kernel.timetable import epoch_s

FOREVER_S = 1 << 62
"""A wait nobody has ended."""


class Pause(NamedTuple):
    """A wait from `start_s` to `end_s` (out), seconds since 1970 UTC."""

    start_s: int
    end_s: int
    wait: Wait


class Facts(NamedTuple):
    """What a ticket's events say up to a moment, before any scheme is asked. Seconds since 1970 UTC."""

    reported_s: int
    met: Mapping[Milestone, int]
    ended: Mapping[Milestone, int]
    pauses: tuple[Pause, ...]
    severities: tuple[tuple[int, Severity], ...]
    customer_due: Mapping[Milestone, int]


_ANSWERED = (Milestone.ACKNOWLEDGE, Milestone.RESPOND)
_ARRANGED = (*_ANSWERED, Milestone.ARRANGE)
_DONE = (*_ARRANGED, Milestone.PROPOSE)
_MEETS: Mapping[EventKind, tuple[Milestone, ...]] = {
    EventKind.ACKNOWLEDGED: (Milestone.ACKNOWLEDGE,),
    EventKind.TRIAGED: (Milestone.ACKNOWLEDGE,),
    EventKind.RESPONDED: _ANSWERED,
    EventKind.REMOTE_TRIED: _ANSWERED,
    EventKind.ARRANGED: _ARRANGED,
    EventKind.PROPOSED: (*_ANSWERED, Milestone.PROPOSE),
    EventKind.AGREED: (*_ANSWERED, Milestone.PROPOSE),
    EventKind.TRAVELLING: _ARRANGED,
    EventKind.ON_SITE: (*_ARRANGED, Milestone.ARRIVE),
    EventKind.LOANER_IN_PLACE: (Milestone.SUBSTITUTE,),
    EventKind.REPAIRED: (*_DONE, Milestone.REPAIR),
    EventKind.DELIVERED: (*_DONE, Milestone.DELIVER),
}
_ENDS: Mapping[EventKind, tuple[Milestone, ...]] = {
    EventKind.REPAIRED: (Milestone.ARRIVE, Milestone.SUBSTITUTE),
    EventKind.DELIVERED: (Milestone.ARRIVE, Milestone.SUBSTITUTE),
    EventKind.CLOSED: tuple(Milestone),
    EventKind.CANCELLED: tuple(Milestone),
}
_TAKEN_BACK = (Milestone.REPAIR, Milestone.DELIVER)
"""What a reopened ticket owes again."""
_WAITING, _RESUMED, _CHANGED = EventKind.WAITING, EventKind.RESUMED, EventKind.SEVERITY_CHANGED
_SET, _REOPENED = EventKind.CUSTOMER_SET, EventKind.REOPENED
_OTHERWISE = frozenset({_WAITING, _RESUMED, _CHANGED, _SET, _REOPENED})
"""Kinds that do more than meet or end milestones."""


def gather(ticket: Ticket, events: Iterable[TicketEvent], now_s: int, /) -> Facts:
    """Sort a ticket's events up to a moment by what they mean to its clocks."""
    reported_s = epoch_s(ticket.reported_at)
    met: dict[Milestone, int] = {}
    ended: dict[Milestone, int] = {}
    pauses: list[Pause] = []
    severities: list[tuple[int, Severity]] = []
    customer_due: dict[Milestone, int] = {}
    waiting: tuple[int, Wait] | None = None
    done_s: int | None = None
    for event in events:
        at_s = event.at_s
        if at_s > now_s:
            break
        kind = event.kind
        if kind not in _OTHERWISE:
            for milestone in _MEETS.get(kind, ()):
                if milestone not in met:
                    met[milestone] = at_s
            if kind in _ENDS:
                done_s = at_s
                for milestone in _ENDS[kind]:
                    ended.setdefault(milestone, at_s)
            continue
        if kind is _WAITING or kind is _RESUMED:
            if waiting is not None:
                pauses.append(Pause(waiting[0], at_s, waiting[1]))
            waiting = (at_s, Wait(event.value)) if kind is _WAITING else None
        elif kind is _CHANGED:
            severities.append((at_s, Severity(event.value)))
        elif kind is _SET and event.set_due is not None:
            customer_due[event.set_due[0]] = epoch_s(event.set_due[1])
        elif kind is _REOPENED:
            for milestone in _TAKEN_BACK:
                met.pop(milestone, None)
            ended.clear()
            if waiting is not None and done_s is not None:  # nobody waited once it counted as done
                pauses.append(Pause(waiting[0], max(waiting[0], done_s), waiting[1]))
                waiting = None
            done_s = None
    if waiting is not None:
        pauses.append(Pause(waiting[0], FOREVER_S, waiting[1]))
    return Facts(reported_s, met, ended, tuple(pauses), tuple(severities), customer_due)
