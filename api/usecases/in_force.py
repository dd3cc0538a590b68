"""The plan people go by, carried on to this moment: what candidates, previews, rescues and explanations are read from.

Posed once for a state of the region and a minute, and kept for the next question: a dispatcher asks several.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from dispatch.board import Board
from dispatch.carry import as_published, carried
from dispatch.plan import Plan
from dispatch.pose import problem_of
from dispatch.problem import PlanningProblem
from dispatch.region import Region
from kernel.errors import Refusal, Refused
from storage.audit import revision
from storage.database import Database
from storage.rows.region import load_region, region_ids

KEPT = 4
"""States kept; a country's is some tens of megabytes."""


@dataclass(frozen=True)
class InForce:
    """A region at a moment with the published plan as it goes on.

    Args:
        region: its id; `revision`: of the state it was read in.
        board: what is true; `problem`: posed of it; `plan`: the published one, carried on.
    """

    region: str
    revision: int
    board: Board
    problem: PlanningProblem
    plan: Plan


@dataclass
class Posed:
    """What was posed last; safe to share between threads."""

    _known: OrderedDict[tuple[str, int, datetime], InForce] = field(default_factory=OrderedDict)
    _under_way: dict[tuple[str, int, datetime], threading.Lock] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, database: Database, region: str, *, now: datetime) -> InForce:
        """The plan in force at the minute of `now`, or at the last thing that happened where that is later.

        Raises:
            Refusal: ``region.unknown``; ``board.*``.
        """
        minute = now.replace(second=0, microsecond=0)
        with database.reading() as connection:
            key = (region, revision(connection, region), minute)
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
            turn = self._under_way.setdefault(key, threading.Lock())
        # Who asks the same meanwhile waits for the answer: several at it would only slow one another down.
        with turn:
            with self._lock:
                if key in self._known:
                    return self._known[key]
            try:
                made = self._made(database, region, minute)
            finally:
                with self._lock:
                    self._under_way.pop(key, None)
        return made

    def ahead(self, database: Database, *, now: datetime) -> None:
        """Pose the regions before anybody asks, as many as are kept; one that cannot be posed says why when it is asked for."""
        with database.reading() as connection:
            regions = region_ids(connection)
        for region in regions[:KEPT]:
            with suppress(Refusal, Refused):
                self.of(database, region, now=now)

    def _made(self, database: Database, region: str, minute: datetime) -> InForce:
        with database.reading() as connection:
            # Read again in the snapshot the region is read in: a command may have come since.
            return self.within(connection, region, now=minute)

    def within(self, connection: Connection, region: str, *, now: datetime) -> InForce:
        """The same in a snapshot that is open already: for a command, which is judged on what it read.

        Raises:
            Refusal: as `of`.
        """
        minute = now.replace(second=0, microsecond=0)
        seen = revision(connection, region)
        with self._lock:
            known = self._known.get((region, seen, minute))
        if known is not None:
            return known
        made = carried_on(load_region(connection, region), seen, now=minute)
        with self._lock:
            self._known[region, seen, minute] = made
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        return made


def carried_on(region: Region, seen: int, /, *, now: datetime) -> InForce:
    """Pose a region at `now`, or at the moment it is described at where that is later."""
    board = Board.of(region, now=max(now, region.settings.as_of))
    problem = problem_of(board)
    return InForce(region.settings.id, seen, board, problem, carried(problem, as_published(board, problem)))
