"""Measure the clocks: ``python -m benchmarks clocks``; prints one figure a line.

Adding and measuring business time on the calendar of a scheme that ships (public holidays, make-up days), at random
moments of five years over up to thirty working days; then every clock of so many open tickets under all schemes,
with the events of up to five days, some of them waiting for the customer. Best of ``--runs`` by processor time of one
thread, as other work on the machine does not count there; the wall time of that run stands beside it.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from random import Random  # noqa: TID251 seeded below

from dispatch.desk.clock import clocks
from dispatch.desk.milestone import Severity, TicketKind
from dispatch.desk.scheme import Scheme
from dispatch.desk.scheme_file import builtin_schemes
from dispatch.desk.ticket import EventKind, Ticket, TicketEvent
from kernel.calendars import BusinessCalendar
from kernel.clock import Stopwatch, moment
from kernel.timetable import epoch_s

NOW = moment("2026-03-20T10:00Z")
ADDITIONS = 200_000
FIVE_YEARS_S = 5 * 365 * 86_400

Open = tuple[Ticket, list[TicketEvent], Scheme]


def main(arguments: Sequence[str]) -> int:
    """Run it; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks clocks", description=__doc__)
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    calendar = next(c for scheme in builtin_schemes().values() for c in scheme.calendars.values())
    for name, act in (("addition", _additions), ("difference", _differences)):
        used_s, wall_s = _best(act(calendar, Random(chosen.seed)), chosen.runs)  # noqa: S311 seeded, no secret
        print(f"{name} {used_s / ADDITIONS * 1e6:.2f} us ({wall_s / ADDITIONS * 1e6:.2f} on the wall)")
    tickets = open_tickets(chosen.tickets, seed=chosen.seed)
    found = sum(len(clocks(*one, {}, NOW)) for one in tickets)
    used_s, wall_s = _best(lambda: fold(tickets), chosen.runs)
    print(f"{len(tickets)} open tickets, {found} clocks, {sum(len(one[1]) for one in tickets)} events")
    print(f"all clocks {used_s:.2f} s ({wall_s:.2f} on the wall)")
    return 0


def open_tickets(count: int, *, seed: int) -> list[Open]:
    """Invent open tickets under every scheme that ships, reported within the five days before `NOW`."""
    random = Random(seed)  # noqa: S311 seeded, no secret
    schemes = list(builtin_schemes().values())
    found = []
    for number in range(count):
        scheme = schemes[number % len(schemes)]
        reported = NOW - timedelta(minutes=random.randrange(60, 60 * 24 * 5))
        ticket = Ticket(
            f"T-{number}",
            "S-1",
            "A-1",
            scheme.id,
            scheme.version,
            random.choice(list(Severity)),
            TicketKind.FAULT,
            reported,
        )
        events = [
            TicketEvent(ticket.id, reported, EventKind.REPORTED, "E-1"),
            TicketEvent(ticket.id, reported + timedelta(minutes=5), EventKind.ACKNOWLEDGED, "E-1"),
        ]
        if random.random() < 0.6:
            at = reported + timedelta(minutes=50)
            events.append(TicketEvent(ticket.id, at, EventKind.RESPONDED, "E-1"))
        if random.random() < 0.3:
            at = reported + timedelta(minutes=55)
            events.append(TicketEvent(ticket.id, at, EventKind.WAITING, "E-1", "nobody at home", "customer"))
        found.append((ticket, events, scheme))
    return found


def fold(tickets: Sequence[Open]) -> None:
    """Fold every clock of every ticket."""
    for ticket, events, scheme in tickets:
        clocks(ticket, events, scheme, {}, NOW)


def _additions(calendar: BusinessCalendar, random: Random) -> Callable[[], None]:
    start_s, longest_s = epoch_s(NOW), 30 * calendar.working_day_s
    asked = [
        (start_s + random.randrange(FIVE_YEARS_S), random.randrange(1, longest_s)) for _ in range(ADDITIONS)
    ]

    def add() -> None:
        for at_s, seconds in asked:
            calendar.add_s(at_s, seconds)

    add()
    return add


def _differences(calendar: BusinessCalendar, random: Random) -> Callable[[], None]:
    start_s = epoch_s(NOW)
    asked = [
        (at_s, at_s + random.randrange(30 * 86_400))
        for at_s in (start_s + random.randrange(FIVE_YEARS_S) for _ in range(ADDITIONS))
    ]

    def measure() -> None:
        for from_s, to_s in asked:
            calendar.between_s(from_s, to_s)

    measure()
    return measure


def _best(act: Callable[[], None], runs: int) -> tuple[float, float]:
    """Give processor and wall seconds of the run that took the least of the processor."""
    found = []
    for _ in range(runs):
        watch, began = Stopwatch(), time.process_time()
        act()
        found.append((time.process_time() - began, watch.seconds))
    return min(found)
