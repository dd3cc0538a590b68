"""Queues whose services are not exponential, and waits until somebody opens."""

from __future__ import annotations

from datetime import datetime
from math import exp

import numpy as np

from kernel.calendars import BusinessCalendar
from kernel.timetable import epoch_s


def one_server(arrivals: float, service: float, cv2: float) -> float:
    """Mean wait in M/G/1 (Pollaczek and Khinchine): `service` is the mean, `cv2` its squared coefficient of variation.

    >>> one_server(0.8, 1.0, 0.5).__round__(6)
    3.0
    """
    load = arrivals * service
    return load * service * (1 + cv2) / (2 * (1 - load))


def fixed_services(arrivals: float, servers: int, *, cut: int = 400) -> float:
    """Mean wait in M/D/c with services of length 1 (Crommelin 1932): the chain seen every service length.

    Those in service at one look are gone at the next, those who wait move up, and Poisson arrivals join. Everything
    above `cut` in the house is put into the last state.

    >>> round(fixed_services(1.6, 2), 6)
    0.903284
    """
    chances = [exp(-arrivals)]
    for n in range(1, cut + 1):
        chances.append(chances[-1] * arrivals / n)
    arriving = np.array(chances)
    moves = np.zeros((cut + 1, cut + 1))
    for now in range(cut + 1):
        left = max(0, now - servers)
        moves[now, left:] = arriving[: cut + 1 - left]
        moves[now, cut] += 1 - moves[now].sum()
    system = moves.T - np.eye(cut + 1)
    system[-1] = 1.0
    whole = np.zeros(cut + 1)
    whole[-1] = 1.0
    steady = np.linalg.solve(system, whole)
    queue = float(steady[servers:] @ np.arange(cut + 1 - servers))
    return queue / arrivals


def to_opening(calendar: BusinessCalendar, start: datetime, end: datetime) -> tuple[float, float]:
    """Share of moments in [start, end) that are open, and the mean wait to the next opening, hours, those included.

    Args:
        calendar: when somebody is there.
        start: first moment.
        end: whole weeks later, so that every moment weighs the same.
    """
    begin, until = epoch_s(start), epoch_s(end)
    spans = list(calendar.openings_s(begin, until))
    following = calendar.next_opening_s(until)
    gaps, last = [], begin
    for open_s, close_s in [*spans, (following, following)]:
        gaps.append((last, min(open_s, until), open_s))
        last = close_s
    waits = sum(((opens - a) ** 2 - (opens - b) ** 2) / 2 for a, b, opens in gaps if a < b)
    share = sum(close_s - open_s for open_s, close_s in spans) / (until - begin)
    return share, waits / (until - begin) / 3600
