"""What happened in one replication, ticket by ticket, and the books that must balance before anybody reads it.

Times are whole seconds since the world's start, money is whole cents, so every identity below holds exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from kernel.errors import Refusal

Whole = NDArray[np.int64]
NEVER = -1
"""In a column of times: it has not happened, or is not promised."""
NOBODY = -1
"""In a column of engineers: none came."""


class Ended(IntEnum):
    """How a ticket stands at the end of the span."""

    OPEN = 0
    RESTORED = 1
    GAVE_UP = 2
    """The customer needed it no more before anybody had set out."""
    TURNED_AWAY = 3
    """There was no room for it (a full desk, no loaner left, no part left)."""
    BY_PARTNER = 4
    """Another firm did it."""
    REMOTE = 5
    """Solved at a distance."""


class Late(IntEnum):
    """Why the first broken promise of a ticket was broken: the wait that was the longest."""

    NOT = 0
    NO_ENGINEER = 1
    """Those who could were all at work elsewhere."""
    NO_PART = 2
    TRAVEL = 3
    """Somebody set out, and the way was longer than what was left."""
    NO_SKILL = 4
    """Nobody of ours who is ever on duty may do it."""
    SITE_CLOSED = 5
    """The customer was not there, or had agreed to a later time."""
    OFF_DUTY = 6
    """Nobody who could was on duty."""
    WORK = 7
    """Reached in time; the work itself was longer than what was promised."""


@dataclass(frozen=True, eq=False)
class Span:
    """What is simulated and what is counted, seconds since the world's start; the warm-up is [0, from_s).

    Args:
        from_s: first second that counts; `until_s`: first that no longer does, where the simulation ends.
    """

    from_s: int
    until_s: int


@dataclass(frozen=True, eq=False)
class Tickets:
    """One row for every ticket born in [0, until), in order of birth. All columns int64 of the same length.

    Args:
        born_s: when it was reported.
        site, tier, region, asset, skill: codes, positions in the tuples of the same name (plural) of `Outcome`;
            tier is the scheme of its contract, region the depot its site belongs to, asset -1 for none.
        severity: 1 to 4.
        kind: position in `tuple(TicketKind)`.
        set_out_s: when the engineer who was first there set out; `arrived_s`: when he was there.
        restored_s: when the equipment ran again. `NEVER` where it has not happened.
        due_arrive_s, due_restore_s: promised moments, `NEVER` where not promised.
        engineer: who came first, `NOBODY` for none.
        visits: how often somebody came.
        first_time_fix: 1 fixed on the first visit, 0 not, -1 not known yet or no visit of ours.
        ended: an `Ended`; `ended_s`: since when, `NEVER` while it is open.
        late: a `Late`.
        waited_part_s: seconds it stood still for want of a part.
        loaner_s: seconds a loaner stood in for the equipment (within the span).
        loaner_late_s: seconds the customer stood without the loaner he was promised, because none was free.
    """

    born_s: Whole
    site: Whole
    tier: Whole
    region: Whole
    asset: Whole
    skill: Whole
    severity: Whole
    kind: Whole
    set_out_s: Whole
    arrived_s: Whole
    restored_s: Whole
    due_arrive_s: Whole
    due_restore_s: Whole
    engineer: Whole
    visits: Whole
    first_time_fix: Whole
    ended: Whole
    ended_s: Whole
    late: Whole
    waited_part_s: Whole
    loaner_s: Whole
    loaner_late_s: Whole

    def __len__(self) -> int:
        """How many."""
        return len(self.born_s)


@dataclass(frozen=True, eq=False)
class Crew:
    """Seconds of every engineer within [from, until), one row each in the order of `Outcome.engineers`.

    ``busy_s + travel_s + idle_s == on_duty_s + overtime_s``; `on_duty_s` counts what shifts and duties say, less absences.
    """

    on_duty_s: Whole
    overtime_s: Whole
    busy_s: Whole
    travel_s: Whole
    idle_s: Whole
    visits: Whole


@dataclass(frozen=True, eq=False)
class Stock:
    """Whole units of every part at every place over the whole simulation [0, until), one row each.

    ``opening + received + sent_in - used - sent_out == closing``; what is sent in and out adds up over all rows, what
    is still on its way included: ``sum(sent_out) == sum(sent_in) + moving``.

    Args:
        part, place: codes, positions in `Outcome.parts` and `Outcome.places`.
        received: from suppliers, accepted.
        used: fitted.
        sent_in, sent_out: between places.
        wanted, filled: lines asked for here, and those of them that could be served at once, within [from, until).
        moving: units on the way between places at the end (one number).
    """

    part: Whole
    place: Whole
    opening: Whole
    received: Whole
    used: Whole
    sent_in: Whole
    sent_out: Whole
    closing: Whole
    wanted: Whole
    filled: Whole
    moving: int = 0


@dataclass(frozen=True, eq=False)
class Visits:
    """One row for every visit of [0, until), in the order in which people set out.

    Args:
        engineer: position in `Outcome.engineers`.
        source, job: positions in the world's demand; `report`: the how manyth of its source, from 1. The n-th report of
            a source is the same one in every scenario under the same chance.
        out_s, there_s, left_s: set out, there, done; the last two may lie past the end.
        late_s: by how much the arrival it was, or the repair it ended with, came after its promised moment; 0: it did not.
    """

    engineer: Whole
    source: Whole
    report: Whole
    job: Whole
    out_s: Whole
    there_s: Whole
    left_s: Whole
    late_s: Whole

    def __len__(self) -> int:
        """How many."""
        return len(self.out_s)


@dataclass(frozen=True, eq=False)
class Outcome:
    """One replication.

    Args:
        replication: its number, from 0; `seed`: the root of all its chance.
        span: what was simulated and what counts.
        sites, tiers, regions, assets, skills, engineers, parts, places: what the codes of the columns stand for.
        money_cents: by kind (``travel``, ``distance``, ``overtime``, ``call_out``, ``lateness``, ``partner``, ``courier``,
            ``loaner``, ``wages``, ``parts``, ``second_visit``), of what happened within [from, until).
        counts: other whole numbers by name (``events``, ``decisions``, ``loans``, ``loans_refused``, ``reviews``, ``orders``).
        visits: who went where when; None: nobody wrote it down.
    """

    replication: int
    seed: int
    span: Span
    tickets: Tickets
    crew: Crew
    stock: Stock
    money_cents: Mapping[str, int]
    sites: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    engineers: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    visits: Visits | None = None

    @property
    def counted(self) -> NDArray[np.bool_]:
        """Tickets born within [from, until): the ones a measure is about."""
        return (self.tickets.born_s >= self.span.from_s) & (self.tickets.born_s < self.span.until_s)

    def identities(self) -> None:
        """Check that the books balance, exactly.

        Raises:
            Refusal: ``scenario.books_open`` naming the first `identity` that fails, whose it is and by how much.
        """
        rows, crew, stock = self.tickets, self.crew, self.stock
        for kind in (rows, crew, stock):
            sizes = {getattr(kind, f.name).size for f in fields(kind) if f.name != "moving"}
            self._same("columns", type(kind).__name__, len(sizes), 1)
        for ended in np.unique(rows.ended):
            self._same("tickets_ended", str(ended), int(ended in set(Ended)), 1)
        repaired = np.isin(rows.ended, (Ended.RESTORED, Ended.BY_PARTNER, Ended.REMOTE))
        self._same("tickets_restored", "", int((rows.restored_s != NEVER).sum()), int(repaired.sum()))
        done = rows.ended == Ended.RESTORED
        order = (rows.born_s <= rows.set_out_s) & (rows.set_out_s <= rows.arrived_s)
        order &= rows.arrived_s <= rows.restored_s
        self._same("tickets_in_order", "", int((done & order).sum()), int(done.sum()))
        self._same("tickets_born_in_order", "", int((np.diff(rows.born_s) < 0).sum()), 0)
        came = (rows.engineer != NOBODY) & (rows.set_out_s != NEVER)
        self._same("visits_by_somebody", "", int((rows.visits[~came] > 0).sum()), 0)
        for e, name in enumerate(self.engineers):
            spent = int(crew.busy_s[e] + crew.travel_s[e] + crew.idle_s[e])
            self._same("engineer_time", name, spent, int(crew.on_duty_s[e] + crew.overtime_s[e]))
            self._same("engineer_idle", name, int(crew.idle_s[e] >= 0), 1)
        flow = stock.opening + stock.received + stock.sent_in - stock.used - stock.sent_out
        for row in np.flatnonzero(flow != stock.closing):
            name = f"{self.parts[stock.part[row]]} at {self.places[stock.place[row]]}"
            self._same("stock", name, int(flow[row]), int(stock.closing[row]))
        self._same("stock_not_negative", "", int((stock.closing < 0).sum()), 0)
        sent = int(stock.sent_out.sum()), int(stock.sent_in.sum()) + stock.moving
        self._same("stock_moving", "", *sent)
        self._same("stock_filled", "", int((stock.filled > stock.wanted).sum()), 0)

    def _same(self, identity: str, whose: str, found: int, expected: int, /) -> None:
        if found != expected:
            raise Refusal(
                "scenario.books_open",
                identity=identity,
                whose=whose,
                found=found,
                expected=expected,
                replication=self.replication,
            )
