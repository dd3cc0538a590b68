"""Asking afterwards: questionnaires and their scores, satisfaction with its interval, the follow-up some days later.

Both are due some days after a ticket is closed, as its scheme says. The questionnaire goes out once a ticket; a
ticket that was opened again and closed again is followed up again, since that repair has to hold too.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import NormalDist
from typing import NamedTuple

from dispatch.desk.clause import SurveyClause
from dispatch.desk.ticket import EventKind, TicketEvent
from kernel.clock import utc
from kernel.errors import Refusal
from kernel.ids import checked_id, natural_key

LOWEST = 1
"""The worst score; the best one is the scheme's."""


class SurveyStep(StrEnum):
    """What happened after a ticket was closed."""

    SENT = "sent"
    """The questionnaire went out."""
    ANSWERED = "answered"
    """The customer gave a score."""
    DECLINED = "declined"
    """The customer will not answer; `remark` says why."""
    FOLLOWED_UP = "followed_up"
    """Somebody asked whether the fault stayed away: it did."""
    RETURNED = "returned"
    """Somebody asked, and the fault is back; `remark` says what the customer sees."""


_ENDS_SURVEY = frozenset({SurveyStep.ANSWERED, SurveyStep.DECLINED})
_ENDS_FOLLOW_UP = frozenset({SurveyStep.FOLLOWED_UP, SurveyStep.RETURNED})
_SAYS_WHY = frozenset({SurveyStep.DECLINED, SurveyStep.RETURNED})


@dataclass(frozen=True, slots=True)
class SurveyEvent:
    """One step after the closing of a ticket.

    Args:
        ticket: the ticket's id.
        at: when, aware.
        step: what happened.
        by: id of who says so.
        score: for `ANSWERED`: 1 (worst) to the scheme's highest; else None.
        remark: the customer's words.

    Raises:
        Refusal: ``survey.score_missing``, ``survey.score_not_used``, ``survey.remark_missing``, ``id.malformed``,
            ``clock.*``.
    """

    ticket: str
    at: datetime
    step: SurveyStep
    by: str
    score: int | None = None
    remark: str = ""

    def __post_init__(self) -> None:
        checked_id(self.ticket)
        checked_id(self.by)
        object.__setattr__(self, "at", utc(self.at))
        if self.step is SurveyStep.ANSWERED and self.score is None:
            raise Refusal("survey.score_missing", ticket=self.ticket)
        if self.step is not SurveyStep.ANSWERED and self.score is not None:
            raise Refusal("survey.score_not_used", ticket=self.ticket, step=self.step, score=self.score)
        if self.step in _SAYS_WHY and not self.remark.strip():
            raise Refusal("survey.remark_missing", ticket=self.ticket, step=self.step)


class SurveyStanding(NamedTuple):
    """How the asking stands for one ticket at a moment.

    Args:
        closed_at: when the ticket was closed; None: it is open.
        survey_due_at, follow_up_due_at: when each is to be done; None: the scheme asks for none, or not closed.
        sent_at: when the questionnaire went out.
        answered_at, score: the one answer.
        declined_at: when the customer said he will not answer.
        followed_up_at, came_back: when the last follow-up was made, and whether the fault was back.
    """

    closed_at: datetime | None = None
    survey_due_at: datetime | None = None
    follow_up_due_at: datetime | None = None
    sent_at: datetime | None = None
    answered_at: datetime | None = None
    score: int | None = None
    declined_at: datetime | None = None
    followed_up_at: datetime | None = None
    came_back: bool = False

    def survey_owed(self, now: datetime, /) -> bool:
        """A questionnaire is due and has neither gone out nor been answered."""
        done = self.sent_at or self.answered_at or self.declined_at
        return done is None and self.survey_due_at is not None and self.survey_due_at <= now

    def follow_up_owed(self, now: datetime, /) -> bool:
        """The follow-up is due and was not made since the ticket was closed."""
        due, made, closed = self.follow_up_due_at, self.followed_up_at, self.closed_at
        if due is None or closed is None or due > now:
            return False
        return made is None or made < closed


def survey_standing(
    events: Iterable[TicketEvent],
    asked: Iterable[SurveyEvent],
    clause: SurveyClause | None,
    now: datetime,
) -> SurveyStanding:
    """Fold a ticket's events and what was asked afterwards.

    Args:
        events: the ticket's events.
        asked: its survey events in order of time (`check_surveys`); later ones than `now` are not yet known.
        clause: what the scheme says about asking; None: nothing.
        now: aware.
    """
    closed_at = None
    for happened in events:
        if happened.at <= now and happened.kind is EventKind.CLOSED:
            closed_at = happened.at
        elif happened.at <= now and happened.kind is EventKind.REOPENED:
            closed_at = None
    standing = SurveyStanding()
    for event in asked:
        if event.at > now:
            continue
        match event.step:
            case SurveyStep.SENT:
                standing = standing._replace(sent_at=standing.sent_at or event.at)
            case SurveyStep.ANSWERED:
                standing = standing._replace(answered_at=event.at, score=event.score)
            case SurveyStep.DECLINED:
                standing = standing._replace(declined_at=event.at)
            case SurveyStep.FOLLOWED_UP | SurveyStep.RETURNED:
                back = event.step is SurveyStep.RETURNED
                standing = standing._replace(followed_up_at=event.at, came_back=back)
    if closed_at is None:
        return standing
    standing = standing._replace(closed_at=closed_at)
    if clause is None:
        return standing
    return standing._replace(
        survey_due_at=closed_at + timedelta(days=clause.after_days),
        follow_up_due_at=closed_at + timedelta(days=clause.follow_up_days) if clause.follow_up_days else None,
    )


def following(standing: SurveyStanding, clause: SurveyClause | None, /) -> tuple[SurveyStep, ...]:
    """Steps that may follow once a ticket is closed; a score only where its scheme knows scores."""
    if standing.closed_at is None:
        return ()
    asked = standing.answered_at is None and standing.declined_at is None
    stayed = standing.followed_up_at is not None and not standing.came_back
    may = {
        SurveyStep.SENT: asked and standing.sent_at is None,
        SurveyStep.ANSWERED: asked and clause is not None,
        SurveyStep.DECLINED: asked,
        SurveyStep.FOLLOWED_UP: not stayed,
        SurveyStep.RETURNED: not stayed,
    }
    return tuple(step for step in SurveyStep if may[step])


def as_ticket_event(event: SurveyEvent, /) -> TicketEvent | None:
    """Give the step of the ticket's life a survey event is: surveyed, followed up, or opened again; None: none."""
    kinds = {
        SurveyStep.ANSWERED: EventKind.SURVEYED,
        SurveyStep.FOLLOWED_UP: EventKind.FOLLOWED_UP,
        SurveyStep.RETURNED: EventKind.REOPENED,
    }
    kind = kinds.get(event.step)
    return None if kind is None else TicketEvent(event.ticket, event.at, kind, event.by, reason=event.remark)


def check_surveys(
    asked: Iterable[SurveyEvent],
    clauses: Mapping[str, SurveyClause | None],
    /,
    *,
    events: Mapping[str, Iterable[TicketEvent]] | None = None,
) -> Iterator[Refusal]:
    """Give what is wrong with survey events in the order they stand.

    Args:
        asked: of any tickets, in order of time.
        clauses: what the scheme of each ticket says, by ticket id.
        events: of the tickets, by ticket id; a ticket that is absent is long closed.

    Yields:
        ``survey.unknown_ticket``, ``survey.not_closed`` (asked before the ticket was ever closed),
        ``survey.not_in_scheme`` (a score under a scheme that knows none), ``survey.score_out_of_range``, ``survey.answered_twice``, ``survey.followed_up_twice``.
    """
    ended: set[str] = set()
    followed: set[str] = set()
    for event in asked:
        if event.ticket not in clauses:
            yield Refusal("survey.unknown_ticket", ticket=event.ticket)
            continue
        clause = clauses[event.ticket]
        life = (events or {}).get(event.ticket)
        if life is not None and not any(e.kind is EventKind.CLOSED and e.at <= event.at for e in life):
            yield Refusal(
                "survey.not_closed", ticket=event.ticket, step=event.step, at_time=event.at.isoformat()
            )
        if event.score is not None and clause is None:
            yield Refusal("survey.not_in_scheme", ticket=event.ticket)
        elif event.score is not None and clause and not LOWEST <= event.score <= clause.highest:
            yield Refusal(
                "survey.score_out_of_range",
                ticket=event.ticket,
                score=event.score,
                lowest=LOWEST,
                highest=clause.highest,
            )
        if event.step in _ENDS_SURVEY or event.step is SurveyStep.SENT:
            if event.ticket in ended:
                yield Refusal("survey.answered_twice", ticket=event.ticket, at_time=event.at.isoformat())
            elif event.step in _ENDS_SURVEY:
                ended.add(event.ticket)
        if event.step in _ENDS_FOLLOW_UP:
            if event.ticket in followed:
                yield Refusal("survey.followed_up_twice", ticket=event.ticket, at_time=event.at.isoformat())
            if event.step is SurveyStep.FOLLOWED_UP:
                followed.add(event.ticket)


class AskingOwed(NamedTuple):
    """Something to ask a customer: a questionnaire (`SENT`) or a follow-up (`FOLLOWED_UP`), due since `due_at`."""

    ticket: str
    step: SurveyStep
    due_at: datetime


def asking_owed(standings: Mapping[str, SurveyStanding], now: datetime, /) -> tuple[AskingOwed, ...]:
    """List the questionnaires and follow-ups that are due and not done, longest due first."""
    owed = []
    for ticket, standing in standings.items():
        if standing.survey_owed(now) and standing.survey_due_at is not None:
            owed.append(AskingOwed(ticket, SurveyStep.SENT, standing.survey_due_at))
        if standing.follow_up_owed(now) and standing.follow_up_due_at is not None:
            owed.append(AskingOwed(ticket, SurveyStep.FOLLOWED_UP, standing.follow_up_due_at))
    return tuple(sorted(owed, key=lambda one: (one.due_at, natural_key(one.ticket), one.step)))


class Verdict(StrEnum):
    """What scores say about a target, honestly: with few answers they say nothing."""

    REACHED = "reached"
    """The whole interval lies at or above the target."""
    MISSED = "missed"
    """The whole interval lies below it."""
    OPEN = "open"
    """The interval holds the target, or nobody answered."""


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """How satisfied customers are.

    Args:
        sent: questionnaires that went out or were answered.
        n: answers.
        satisfied: answers with at least the score that counts as satisfied.
        mean: average score; None without answers.
        share: satisfied / n, 0 to 1; None without answers.
        low, high: the interval the true share lies in, 0 to 1 (`wilson`); None without answers.
        verdict: against the target share.
    """

    sent: int
    n: int
    satisfied: int
    mean: float | None
    share: float | None
    low: float | None
    high: float | None
    verdict: Verdict


def satisfaction(
    standings: Iterable[SurveyStanding],
    *,
    satisfied_from: int,
    target_percent: int = 0,
    confidence: float = 0.95,
) -> Satisfaction:
    """Sum up scores.

    Args:
        standings: one for each ticket.
        satisfied_from: lowest score that counts as satisfied.
        target_percent: share promised, 0 to 100; 0: none promised, the verdict stays open.
        confidence: of the interval, above 0 and below 1.

    >>> answers = [SurveyStanding(score=score) for score in (5, 5, 4, 3)]
    >>> found = satisfaction(answers, satisfied_from=4, target_percent=90)
    >>> found.n, found.share, round(found.low, 3), round(found.high, 3), found.verdict.value
    (4, 0.75, 0.301, 0.954, 'open')
    """
    known = list(standings)
    scores = [one.score for one in known if one.score is not None]
    sent = sum(1 for one in known if one.sent_at is not None or one.score is not None)
    satisfied = sum(1 for score in scores if score >= satisfied_from)
    if not scores:
        return Satisfaction(sent, 0, 0, None, None, None, None, Verdict.OPEN)
    low, high = wilson(satisfied, len(scores), confidence=confidence)
    target = target_percent / 100
    verdict = Verdict.OPEN
    if target_percent and low >= target:
        verdict = Verdict.REACHED
    elif target_percent and high < target:
        verdict = Verdict.MISSED
    share, mean = satisfied / len(scores), sum(scores) / len(scores)
    return Satisfaction(sent, len(scores), satisfied, mean, share, low, high, verdict)


def wilson(hits: int, n: int, /, *, confidence: float = 0.95) -> tuple[float, float]:
    """Give Wilson's score interval of a share, both ends from 0 to 1.

    ``(2 n p + z^2 -+ z sqrt(z^2 + 4 n p q)) / (2 (n + z^2))`` with ``p = hits / n`` and ``q = 1 - p``.

    Source: E. B. Wilson, JASA 22 (1927) 209-212, as method 3 of R. G. Newcombe, Statistics in Medicine 17 (1998)
    857-872, whose table I holds the examples 81/263 and 0/20.

    Args:
        hits: how many of them, 0 to `n`.
        n: how many there are, at least one.
        confidence: above 0 and below 1.

    Raises:
        Refusal: ``survey.no_share`` when the counts are no share or the confidence is none.

    >>> [round(end, 4) for end in wilson(81, 263)]
    [0.2553, 0.3662]
    >>> [round(end, 4) for end in wilson(0, 20)]
    [0.0, 0.1611]
    """
    if not 0 <= hits <= n or n < 1 or not 0 < confidence < 1:
        raise Refusal("survey.no_share", hits=hits, n=n, confidence=confidence)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    p = hits / n
    middle = 2 * n * p + z * z
    spread = z * math.sqrt(z * z + 4 * n * p * (1 - p))
    whole = 2 * (n + z * z)
    # At the ends the formula gives exactly 0 and 1; rounding may not.
    low = 0.0 if hits == 0 else (middle - spread) / whole
    high = 1.0 if hits == n else (middle + spread) / whole
    return low, high
