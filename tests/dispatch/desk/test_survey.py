"""Surveys and follow-ups: asked when they are due, answered once, summed up with what is not known."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.desk.clause import SurveyClause
from dispatch.desk.survey import (
    SurveyEvent,
    SurveyStanding,
    SurveyStep,
    Verdict,
    as_ticket_event,
    asking_owed,
    check_surveys,
    satisfaction,
    survey_standing,
    wilson,
)
from dispatch.desk.ticket import EventKind, TicketEvent
from kernel.errors import Refusal
from tests.desk_builders import FRIDAY_16, event

DAY = timedelta(days=1)
CLAUSE = SurveyClause(highest=5, after_days=2, follow_up_days=14, satisfied_from=4)
CLOSED = event(EventKind.CLOSED, 60)


def asked(step: SurveyStep, days: float, score: int | None = None, remark: str = "") -> SurveyEvent:
    """A step some days after the ticket was closed."""
    return SurveyEvent("T-1", CLOSED.at + days * DAY, step, "E01", score, remark)


def stands(*asked: SurveyEvent, days: float) -> SurveyStanding:
    """The standing some days after the ticket was closed."""
    return survey_standing([CLOSED], asked, CLAUSE, CLOSED.at + days * DAY)


@pytest.mark.parametrize(
    ("days", "owed"),
    [(1.9, []), (2, [SurveyStep.SENT]), (14, [SurveyStep.SENT, SurveyStep.FOLLOWED_UP])],
)
def test_questionnaire_and_follow_up_are_owed_from_the_schemes_days_on(
    days: float, owed: list[SurveyStep]
) -> None:
    """A customer who is asked before he has used the equipment, or never, tells nothing."""
    now = CLOSED.at + days * DAY

    listed = asking_owed({"T-1": stands(days=days)}, now)

    assert [one.step for one in listed] == owed


@pytest.mark.parametrize("step", [SurveyStep.SENT, SurveyStep.DECLINED])
def test_a_questionnaire_that_went_out_is_not_owed_again(step: SurveyStep) -> None:
    """Asking twice costs the answer one would have had."""
    sent = asked(step, 2, remark="no time")

    assert not stands(sent, days=3).survey_owed(CLOSED.at + 3 * DAY)


def test_nothing_is_owed_while_the_ticket_is_open_again() -> None:
    """Nobody asks how content a customer is while his equipment stands still."""
    reopened = event(EventKind.REOPENED, 90)
    now = CLOSED.at + 20 * DAY

    standing = survey_standing([CLOSED, reopened], [], CLAUSE, now)

    assert asking_owed({"T-1": standing}, now) == ()


def test_a_second_closing_is_followed_up_again_but_not_surveyed_again() -> None:
    """The second repair has to hold as well; one answer a ticket is enough."""
    back = asked(SurveyStep.RETURNED, 14, remark="jams again")
    answer = asked(SurveyStep.ANSWERED, 3, score=4)
    reopened = event(EventKind.REOPENED, back.at)
    again = event(EventKind.CLOSED, CLOSED.at + 15 * DAY)
    now = again.at + 14 * DAY

    standing = survey_standing([CLOSED, reopened, again], [answer, back], CLAUSE, now)

    assert [one.step for one in asking_owed({"T-1": standing}, now)] == [SurveyStep.FOLLOWED_UP]
    assert standing.score == 4
    assert standing.came_back


def test_what_is_not_yet_known_does_not_count() -> None:
    """The fold at a past moment gives what was known then."""
    answer = asked(SurveyStep.ANSWERED, 5, score=1)

    assert stands(answer, days=4.9).score is None
    assert stands(answer, days=5).score == 1


def test_a_fault_that_came_back_opens_the_ticket_again() -> None:
    """A follow-up that finds the fault back must not end in a list nobody reads."""
    back = asked(SurveyStep.RETURNED, 14, remark="jams again")

    step = as_ticket_event(back)

    assert step is not None
    assert (step.kind, step.reason, step.at) == (EventKind.REOPENED, "jams again", back.at)
    assert as_ticket_event(asked(SurveyStep.SENT, 2)) is None


@pytest.mark.parametrize(
    ("steps", "clause", "codes"),
    [
        ([asked(SurveyStep.ANSWERED, 3, score=5)], CLAUSE, []),
        ([asked(SurveyStep.SENT, 2), asked(SurveyStep.SENT, 4)], CLAUSE, []),
        ([asked(SurveyStep.ANSWERED, 3, score=6)], CLAUSE, ["survey.score_out_of_range"]),
        ([asked(SurveyStep.ANSWERED, 3, score=0)], CLAUSE, ["survey.score_out_of_range"]),
        ([asked(SurveyStep.ANSWERED, 3, score=5)], None, ["survey.not_in_scheme"]),
        (
            [asked(SurveyStep.ANSWERED, 3, score=5), asked(SurveyStep.ANSWERED, 4, score=1)],
            CLAUSE,
            ["survey.answered_twice"],
        ),
        (
            [asked(SurveyStep.DECLINED, 3, remark="no time"), asked(SurveyStep.SENT, 4)],
            CLAUSE,
            ["survey.answered_twice"],
        ),
        (
            [asked(SurveyStep.FOLLOWED_UP, 14), asked(SurveyStep.FOLLOWED_UP, 15)],
            CLAUSE,
            ["survey.followed_up_twice"],
        ),
        (
            [asked(SurveyStep.RETURNED, 14, remark="jams"), asked(SurveyStep.FOLLOWED_UP, 40)],
            CLAUSE,
            [],
        ),
    ],
)
def test_one_answer_a_ticket_within_the_schemes_scores(
    steps: list[SurveyEvent], clause: SurveyClause | None, codes: list[str]
) -> None:
    """A second answer would count a customer twice."""
    found = check_surveys(steps, {"T-1": clause})

    assert [refusal.code for refusal in found] == codes


def test_a_survey_of_no_known_ticket_is_refused() -> None:
    """A score that belongs to nothing would vanish from every measure."""
    found = check_surveys([asked(SurveyStep.SENT, 2)], {})

    assert [refusal.code for refusal in found] == ["survey.unknown_ticket"]


@pytest.mark.parametrize(
    ("life", "codes"),
    [([], ["survey.not_closed"]), ([CLOSED], []), ([CLOSED, event(EventKind.REOPENED, 90)], [])],
)
def test_nobody_is_asked_before_the_ticket_was_closed(life: list[TicketEvent], codes: list[str]) -> None:
    """An answer about work that goes on says nothing about it; what was asked before a reopening stands."""
    found = check_surveys([asked(SurveyStep.SENT, 2)], {"T-1": CLAUSE}, events={"T-1": life})

    assert [refusal.code for refusal in found] == codes


@pytest.mark.parametrize(
    ("step", "score", "remark", "code"),
    [
        (SurveyStep.ANSWERED, None, "", "survey.score_missing"),
        (SurveyStep.SENT, 3, "", "survey.score_not_used"),
        (SurveyStep.DECLINED, None, " ", "survey.remark_missing"),
        (SurveyStep.RETURNED, None, "", "survey.remark_missing"),
    ],
)
def test_a_step_that_says_too_little_or_too_much_is_refused(
    step: SurveyStep, score: int | None, remark: str, code: str
) -> None:
    """What a step means must stand in it."""
    with pytest.raises(Refusal) as caught:
        SurveyEvent("T-1", FRIDAY_16, step, "E01", score, remark)

    assert caught.value.code == code


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_the_published_one(hits: int, n: int, low: float, high: float) -> None:
    """Newcombe 1998, table I, method 3: the four examples of the paper."""
    assert [round(end, 4) for end in wilson(hits, n)] == [low, high]


@settings(deadline=None)
@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_mirrors(counts: tuple[int, int]) -> None:
    """Satisfied and not satisfied are one question; more answers never widen what is known."""
    hits, n = counts

    low, high = wilson(hits, n)
    mirrored = wilson(n - hits, n)
    tenfold = wilson(10 * hits, 10 * n)

    assert 0 <= low <= hits / n <= high <= 1
    assert mirrored == pytest.approx((1 - high, 1 - low))
    assert tenfold[1] - tenfold[0] < high - low


@settings(deadline=None)
@given(st.lists(st.integers(1, 5), max_size=60), st.integers(1, 100))
def test_a_verdict_is_given_only_where_the_whole_interval_agrees(scores: list[int], target: int) -> None:
    """Two content customers of two are no 90 %."""
    found = satisfaction(
        [SurveyStanding(sent_at=FRIDAY_16, score=score) for score in scores],
        satisfied_from=4,
        target_percent=target,
    )

    assert found.n == len(scores)
    assert (found.share is None) == (not scores)
    if found.low is None or found.high is None:
        assert found.verdict is Verdict.OPEN
    else:
        assert (found.verdict is Verdict.REACHED) == (found.low >= target / 100)
        assert (found.verdict is Verdict.MISSED) == (found.high < target / 100)


def test_questionnaires_without_an_answer_count_as_sent_only() -> None:
    """Silence is neither praise nor blame; how many kept silent is shown."""
    silent = SurveyStanding(sent_at=FRIDAY_16)
    content = SurveyStanding(sent_at=FRIDAY_16, answered_at=FRIDAY_16, score=5)

    found = satisfaction([silent, silent, content], satisfied_from=4)

    assert (found.sent, found.n, found.satisfied, found.mean) == (3, 1, 1, 5.0)


@pytest.mark.parametrize(("hits", "n"), [(1, 0), (3, 2), (-1, 2)])
def test_counts_that_are_no_share_are_refused(hits: int, n: int) -> None:
    """An interval of nothing would look like knowledge."""
    with pytest.raises(Refusal) as caught:
        wilson(hits, n)

    assert caught.value.code == "survey.no_share"
