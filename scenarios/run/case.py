"""The tickets of a replication, one list for each thing known about them: what the loop reads and writes."""

from __future__ import annotations

from scenarios.run.drawn import Born, Reports
from scenarios.run.layout import SEVERITIES, USUAL_H, Layout
from scenarios.run.outcome import NEVER, NOBODY, Ended

STRICT_S = 1 << 42
"""Between two severities where a worse one goes first whatever is due."""


class Cases:
    """Columns by ticket number; plain lists, because the loop reads one cell at a time.

    `key` orders those who wait: the second by which somebody should be there. `parts` is one of `IN_HAND`, `UNKNOWN`,
    `TOLD` (known to be needed, not asked for), `OWED`, `STAGED`; `stands` one of `NOWHERE`, `IN_LINE`, `VISITED`.
    """

    IN_HAND, UNKNOWN, TOLD, OWED, STAGED = range(5)
    NOWHERE, IN_LINE, VISITED = range(3)

    def __init__(self, laid: Layout) -> None:
        self._laid = laid
        self.born: list[int] = []
        self.source: list[int] = []
        self.job: list[int] = []
        self.at: list[int] = []
        self.kind: list[int] = []
        self.key: list[int] = []
        self.expected: list[int] = []
        self.work: list[int] = []
        self.slow: list[float] = []
        self.away: list[int] = []
        self.remote: list[int] = []
        self.patience: list[int] = []
        self.keeps: list[int] = []
        self.lines: list[tuple[tuple[str, int], ...]] = []
        self.parts: list[int] = []
        self.arrive_due: list[int] = []
        self.restore_due: list[int] = []
        self.loaner_due: list[int] = []
        self.set_out: list[int] = []
        self.arrived: list[int] = []
        self.restored: list[int] = []
        self.engineer: list[int] = []
        self.visits: list[int] = []
        self.fixed: list[int] = []
        self.ended: list[int] = []
        self.ended_s: list[int] = []
        self.closed_door: list[int] = []
        self.stands: list[int] = []
        self.not_before: list[int] = []
        self.waited: list[int] = []
        self.asked: list[int] = []
        self.pending: list[int] = []
        self.staged: list[list[int]] = []
        self.depot: list[int] = []
        self.lent: list[int] = []
        self.loaner: list[int] = []

    def __len__(self) -> int:
        """How many there are."""
        return len(self.born)

    def add_all(self, made: Born) -> None:
        """Take every report drawn beforehand."""
        self._extend(made.born_s.tolist(), made.source.tolist(), made.rows)

    def add(self, source: int, rows: Reports, born_s: int) -> int:
        """Take one report (of one row); gives its number."""
        self._extend([born_s], [source], rows)
        return len(self.born) - 1

    def _extend(self, born_s: list[int], sources: list[int], rows: Reports) -> None:
        laid, jobs, count = self._laid, rows.job.tolist(), len(born_s)
        known = laid.world.demand.jobs
        expected = laid.expected_s
        site_at, depot_of, kinds, owed = laid.site_at, laid.depot_of, laid.kinds_of_work, laid.owed
        self.born += born_s
        self.source += sources
        self.job += jobs
        self.at += [site_at[s] for s in sources]
        self.depot += [depot_of[s] for s in sources]
        self.kind += [kinds[s, j] for s, j in zip(sources, jobs, strict=True)]
        self.expected += [expected[j] for j in jobs]
        self.work += rows.work_s.tolist()
        self.slow += rows.travel.tolist()
        self.away += rows.away.tolist()
        self.remote += rows.remote.tolist()
        self.patience += rows.patience_s.tolist()
        self.keeps += rows.loan_s.tolist()
        triaged = rows.triaged.tolist()
        for s, j, at, bits, told in zip(sources, jobs, born_s, rows.needs.tolist(), triaged, strict=True):
            due = owed[s, j]
            arrive, restore = laid.due_s(due, due.arrive, at), laid.due_s(due, due.restore, at)
            self.arrive_due.append(arrive)
            self.restore_due.append(restore)
            self.loaner_due.append(laid.due_s(due, due.substitute, at) if due.scheme else at)
            self.key.append(_key(laid, j, at, arrive, restore - expected[j] if restore >= 0 else -1))
            lines = known[j].parts if bits else ()
            wanted = tuple((one.part, one.quantity) for n, one in enumerate(lines) if bits >> n & 1)
            self.lines.append(wanted)
            self.parts.append(self.IN_HAND if not wanted else self.TOLD if told else self.UNKNOWN)
            self.staged.append([])
        self._blank(count)

    def _blank(self, count: int) -> None:
        never, none = [NEVER] * count, [0] * count
        for column in (self.set_out, self.arrived, self.restored, self.asked, self.lent, self.ended_s):
            column.extend(never)
        self.engineer += [NOBODY] * count
        self.fixed += [-1] * count
        self.ended += [int(Ended.OPEN)] * count
        for column in (
            self.visits,
            self.closed_door,
            self.stands,
            self.not_before,
            self.waited,
            self.pending,
            self.loaner,
        ):
            column.extend(none)


def _key(laid: Layout, job: int, born_s: int, arrive: int, restore: int) -> int:
    known = laid.world.demand.jobs[job]
    dues = [due for due in (arrive, restore) if due >= 0]
    key = min(dues) if dues else born_s + USUAL_H[known.severity] * 3600
    return key + (STRICT_S * SEVERITIES.index(known.severity) if laid.world.room.strict else 0)
