"""What a supplier owes us an answer for: a non-conformance and its eight disciplines, each with its due date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from types import MappingProxyType

from inventory.supply.limits import Agreement, agreement_for
from kernel.clock import utc
from kernel.errors import Refusal


class Discipline(IntEnum):
    """The eight steps of an 8D report, in their order."""

    TEAM = 1
    PROBLEM = 2
    CONTAINMENT = 3
    ROOT_CAUSE = 4
    CHOSEN_ACTION = 5
    ACTION_DONE = 6
    PREVENTION = 7
    CLOSED = 8


DAYS: Mapping[Discipline, int] = MappingProxyType(
    {
        Discipline.TEAM: 1,
        Discipline.PROBLEM: 1,
        Discipline.CONTAINMENT: 2,
        Discipline.ROOT_CAUSE: 10,
        Discipline.CHOSEN_ACTION: 14,
        Discipline.ACTION_DONE: 30,
        Discipline.PREVENTION: 45,
        Discipline.CLOSED: 60,
    }
)
"""Days from the opening of a report until each step is due, unless something else is agreed with the supplier."""


def days_of(agreements: Iterable[Agreement], supplier: str) -> Mapping[Discipline, int]:
    """Days from the opening of a report until each step is due: as agreed with the supplier, else the usual ones."""
    agreed = agreement_for(agreements, supplier).report_days
    return dict(zip(Discipline, agreed, strict=True)) if agreed else DAYS


@dataclass(frozen=True, slots=True)
class NonConformance:
    """Goods of a supplier were not as they should be.

    Args:
        id: natural key.
        at: when it was found, aware.
        supplier: supplier id.
        part: part id.
        quantity: units concerned.
        document: the order or delivery they came by.
        lot: their lot; empty: of no lot.
        found: what is wrong, in words.
        source: the inspection or disposition it was opened from; empty: neither.
        by: who opened the report.

    Raises:
        Refusal: ``stock.not_positive``, ``clock.naive_time``.
    """

    id: str
    at: datetime
    supplier: str
    part: str
    quantity: int
    document: str
    lot: str = ""
    found: str = ""
    source: str = ""
    by: str = ""

    def __post_init__(self) -> None:
        if self.quantity < 1:
            raise Refusal("stock.not_positive", id=self.id, value=self.quantity)
        object.__setattr__(self, "at", utc(self.at))


@dataclass(frozen=True, slots=True)
class StepDone:
    """A step of a report was done; `note` says what.

    Raises:
        Refusal: ``clock.naive_time``.
    """

    report: str
    step: Discipline
    at: datetime
    by: str
    note: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", utc(self.at))


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a report at a moment.

    Args:
        step: which.
        due_at: when it has to be done.
        done_at: when it was; None: not yet.
        late: it was done late, or is not done and past due.
    """

    step: Discipline
    due_at: datetime
    done_at: datetime | None
    late: bool


@dataclass(frozen=True, slots=True)
class Report:
    """An 8D report at a moment: what it is about and its steps, in order."""

    about: NonConformance
    steps: tuple[Step, ...]

    @property
    def waiting_for(self) -> Step | None:
        """The first step not done; None: closed."""
        return next((step for step in self.steps if step.done_at is None), None)


def report(
    about: NonConformance,
    done: Iterable[StepDone],
    *,
    now: datetime,
    days: Mapping[Discipline, int] = DAYS,
) -> Report:
    """Fold the steps done so far into the report as it stands at `now`; steps of other reports are passed over.

    Containment may not wait for a team, so the first three steps stand in any order; no cause without containment, and
    from there on each step needs the one before it. A step done twice keeps its first date.

    Raises:
        Refusal: ``supply.step_out_of_order``, ``supply.step_before_report``.
    """
    first: dict[Discipline, datetime] = {}
    for fact in sorted(done, key=lambda fact: (fact.at, fact.step)):
        if fact.report != about.id or fact.at > now:
            continue
        if fact.at < about.at:
            raise Refusal("supply.step_before_report", report=about.id, step=fact.step.value)
        needed = (
            [step for step in Discipline if step < fact.step] if fact.step > Discipline.CONTAINMENT else []
        )
        for step in needed:
            if step not in first:
                raise Refusal(
                    "supply.step_out_of_order", report=about.id, step=fact.step.value, missing=step.value
                )
        first.setdefault(fact.step, fact.at)
    steps: list[Step] = []
    for step in Discipline:
        due_at = about.at + timedelta(days=days[step])
        done_at = first.get(step)
        steps.append(Step(step, due_at, done_at, (done_at or now) > due_at))
    return Report(about, tuple(steps))


def reports(
    about: Iterable[NonConformance],
    done: Iterable[StepDone],
    agreements: Iterable[Agreement] = (),
    *,
    now: datetime,
) -> tuple[Report, ...]:
    """Every report opened by `now` as it stands then, each by what is agreed with its supplier, in the order they were opened.

    Raises:
        Refusal: as `report`.
    """
    facts, agreed = tuple(done), tuple(agreements)
    return tuple(
        report(row, facts, now=now, days=days_of(agreed, row.supplier)) for row in about if row.at <= now
    )


def overdue(reports: Iterable[Report], *, now: datetime) -> tuple[tuple[Report, Step], ...]:
    """Reports whose next step is past due, longest overdue first."""
    found = [(one, step) for one in reports if (step := one.waiting_for) is not None and step.due_at < now]
    return tuple(sorted(found, key=lambda row: (row[1].due_at, row[0].about.id)))
