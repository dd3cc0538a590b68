"""A service scheme: what a contract promises, as a versioned value. No figure here, all of them in files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from dispatch.desk.milestone import Milestone, Promise, Severity, SeverityChange, Wait
from kernel.calendars import BusinessCalendar

CHOSEN = "chosen"
"""The source of a figure that stands in no document."""


class Unit(StrEnum):
    """What an amount of time is counted in."""

    MINUTE = "min"
    HOUR = "h"
    DAY = "d"
    """24 hours, or one working day of the term's calendar."""
    SAME_DAY = "same day"
    """Until midnight ends the day of the report in the scheme's zone."""


UNIT_S = {Unit.MINUTE: 60, Unit.HOUR: 3600, Unit.DAY: 86_400}


@dataclass(frozen=True, slots=True)
class Term:
    """What is promised for one milestone at one severity.

    Args:
        promise: timed, set by the customer, or not promised.
        source: the clause it comes from, or `CHOSEN`.
        amount: how many of `unit`; 0 unless timed.
        unit: what `amount` counts.
        calendar: id of the calendar whose business time counts; empty: elapsed time.
    """

    promise: Promise
    source: str
    amount: int = 0
    unit: Unit = Unit.HOUR
    calendar: str = ""

    def allowance_s(self, calendar: BusinessCalendar | None, /) -> int:
        """Seconds promised, of business time where the term names a calendar; 0 for the same day."""
        if self.unit is Unit.SAME_DAY:
            return 0
        if self.unit is Unit.DAY and calendar is not None:
            return self.amount * calendar.working_day_s
        return self.amount * UNIT_S[self.unit]


class Per(StrEnum):
    """What a lateness price is charged for: every started one of these."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"

    @property
    def seconds(self) -> int:
        """Length in seconds."""
        return {Per.MINUTE: 60, Per.HOUR: 3600, Per.DAY: 86_400}[self]


@dataclass(frozen=True, slots=True)
class Breach:
    """What passing a due time costs us: `cents` of the scheme's currency for every started `per`."""

    per: Per
    cents: Mapping[Severity, int]


class LoanerRule(StrEnum):
    """Which loaner classes satisfy the customer."""

    SAME = "same"
    """The asset's own class, or better."""
    EQUAL = "equal"
    """Any class of equal function."""


@dataclass(frozen=True, slots=True)
class LoanerClause:
    """The customer gets a loaner when the repair takes longer than `substitute` promises.

    Args:
        rule: which classes will do.
        stops_repair: a standing loaner stops the `repair` clock; by default the repair runs on.
    """

    rule: LoanerRule
    stops_repair: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a scheme: where it stands in the file, its value as text, its source."""

    key: str
    value: str
    source: str


@dataclass(frozen=True, slots=True, eq=False)
class Scheme:
    """What one version of a scheme promises.

    Args:
        id, version: together they name it; a ticket keeps the version it was opened under.
        effective_on: first day this version may be sold.
        names: its name by language (``en``, ``zh``).
        document: the document it was drawn from.
        zone: IANA zone its times are printed in.
        currency: of its prices (ISO 4217).
        milestones: the ones the scheme knows, each with its term at every severity.
        words: the scheme's own words for severities.
        calendars: by id; a calendar of the same id handed to the clock takes its place.
        pauses: the milestones whose clock stands still during a wait; by default no wait pauses anything.
        severity_change: what a change of severity does.
        remote_excepted: milestones not promised at sites in remote areas.
        breach: what lateness costs, for planning.
        loaner: the loaner clause, or None.
        repeat_faults: consecutive repairs of the same fault after which the unit is replaced; 0: no such promise.
        original_only: only original parts may be fitted.
        continuous: work goes on until the equipment runs.
        figures: every figure with its source, in file order.
    """

    id: str
    version: str
    effective_on: date
    names: Mapping[str, str]
    document: str
    zone: str
    currency: str
    milestones: Mapping[Milestone, Mapping[Severity, Term]]
    severity_change: SeverityChange
    words: Mapping[str, Severity] = field(default_factory=dict)
    calendars: Mapping[str, BusinessCalendar] = field(default_factory=dict)
    pauses: Mapping[Wait, frozenset[Milestone]] = field(default_factory=dict)
    remote_excepted: frozenset[Milestone] = frozenset()
    breach: Mapping[Milestone, Breach] = field(default_factory=dict)
    loaner: LoanerClause | None = None
    repeat_faults: int = 0
    original_only: bool = False
    continuous: bool = False
    figures: tuple[Figure, ...] = ()

    def term(self, milestone: Milestone, severity: Severity, /, *, remote: bool = False) -> Term | None:
        """Give the term of a milestone at a severity; None when the scheme does not know the milestone.

        Args:
            milestone: which step.
            severity: of the ticket.
            remote: the site lies in a remote area.
        """
        terms = self.milestones.get(milestone)
        if terms is None:
            return None
        if remote and milestone in self.remote_excepted:
            return Term(Promise.NOT_PROMISED, terms[severity].source)
        return terms[severity]

    def severity(self, word: str, /) -> Severity | None:
        """Give the severity a word stands for: P1 to P4, or the scheme's own word; None when unknown."""
        if word in Severity.__members__:
            return Severity(word)
        return self.words.get(word)
