"""What customers say: satisfaction with its interval, complaints by their clocks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dispatch.desk.clause import SurveyClause
from dispatch.desk.clock import State
from dispatch.desk.complaint import Complaint, ComplaintEvent, complaint_standing
from dispatch.desk.scheme import Scheme
from dispatch.desk.survey import (
    Satisfaction,
    SurveyEvent,
    SurveyStanding,
    Verdict,
    satisfaction,
    survey_standing,
    wilson,
)
from dispatch.measures.case import Case
from dispatch.measures.period import Period
from kernel.calendars import BusinessCalendar


@dataclass(frozen=True, slots=True)
class Satisfied:
    """Satisfaction of the customers of one scheme; `scheme` is empty for all of them, judged by no target."""

    scheme: str
    target_percent: int
    found: Satisfaction


@dataclass(frozen=True, slots=True)
class ComplaintCount:
    """Complaints made in the period by how one of their clocks stands; the counts add up to all of them.

    Args:
        step: ``accept`` or ``answer``.
        met, breached, running: in time, late (done or not), neither yet.
        cancelled: withdrawn in time.
        not_promised: the scheme has no such clock.
    """

    step: str
    met: int
    breached: int
    running: int
    cancelled: int
    not_promised: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.met + self.breached + self.running + self.cancelled + self.not_promised

    @property
    def share(self) -> float | None:
        """Met over met and breached, 0 to 1; None when neither happened."""
        decided = self.met + self.breached
        return self.met / decided if decided else None


def satisfied(
    cases: Iterable[Case], asked: Iterable[SurveyEvent], period: Period, /
) -> tuple[Satisfied, ...]:
    """Sum up the scores given in the period, and the questionnaires sent in it that nobody answered yet.

    Args:
        cases: as of the period's `now`; those whose scheme asks no such question are passed over.
        asked: survey events of any tickets, in order of time.
        period: in which the answer was given or, without one, the questionnaire sent.

    Returns:
        All schemes first, then each; empty when nobody was asked. Each customer counts by his own scheme's lowest
        satisfied score.
    """
    events: dict[str, list[SurveyEvent]] = defaultdict(list)
    for event in asked:
        events[event.ticket].append(event)
    standings: dict[str, list[SurveyStanding]] = defaultdict(list)
    asking: dict[str, tuple[SurveyClause, int]] = {}
    for case in cases:
        clause = case.scheme.survey if case.scheme else None
        if case.scheme is None or clause is None or case.ticket.id not in events:
            continue
        standing = survey_standing(case.events, events[case.ticket.id], clause, period.now)
        at = standing.answered_at or standing.sent_at
        if at is not None and at in period:
            standings[case.ticket.scheme].append(standing)
            asking[case.ticket.scheme] = (clause, case.scheme.targets.satisfaction_percent)
    rows = [
        Satisfied(
            name,
            target,
            satisfaction(standings[name], satisfied_from=clause.satisfied_from, target_percent=target),
        )
        for name, (clause, target) in sorted(asking.items())
    ]
    return (_of_all(rows, standings), *rows) if rows else ()


def _of_all(rows: Sequence[Satisfied], standings: Mapping[str, Sequence[SurveyStanding]]) -> Satisfied:
    scores = [one.score for group in standings.values() for one in group if one.score is not None]
    sent, hits = sum(row.found.sent for row in rows), sum(row.found.satisfied for row in rows)
    if not scores:
        return Satisfied("", 0, Satisfaction(sent, 0, 0, None, None, None, None, Verdict.OPEN))
    n = len(scores)
    low, high = wilson(hits, n)
    return Satisfied("", 0, Satisfaction(sent, n, hits, sum(scores) / n, hits / n, low, high, Verdict.OPEN))


def complaint_counts(
    complaints: Iterable[Complaint],
    events: Iterable[ComplaintEvent],
    schemes: Mapping[tuple[str, str], Scheme],
    calendars: Mapping[str, BusinessCalendar],
    period: Period,
) -> tuple[ComplaintCount, ...]:
    """Count the complaints made in the period by their two clocks, as of its `now`; empty without complaints.

    Args:
        complaints: all that were made.
        events: their steps, each complaint's in order of time.
        schemes: by id and version; a complaint under an unknown one is promised nothing.
        calendars: as handed to the clocks.
        period: in which they were made.
    """
    steps: dict[str, list[ComplaintEvent]] = defaultdict(list)
    for event in events:
        steps[event.complaint].append(event)
    accept: Counter[State] = Counter()
    answer: Counter[State] = Counter()
    for complaint in complaints:
        if complaint.made_at not in period or complaint.made_at > period.now:
            continue
        scheme = schemes.get((complaint.scheme, complaint.version))
        if scheme is None:
            accept[State.NOT_PROMISED] += 1
            answer[State.NOT_PROMISED] += 1
            continue
        standing = complaint_standing(complaint, steps[complaint.id], scheme, calendars, period.now)
        accept[standing.accept.state] += 1
        answer[standing.answer.state] += 1
    if not accept:
        return ()
    return tuple(
        ComplaintCount(
            step,
            counts[State.MET],
            counts[State.BREACHED],
            counts[State.RUNNING],
            counts[State.CANCELLED],
            counts[State.NOT_PROMISED],
        )
        for step, counts in (("accept", accept), ("answer", answer))
    )
