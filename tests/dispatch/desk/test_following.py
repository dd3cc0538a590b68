"""What a page offers of a loan, a charge, a complaint, a survey is what the rules take, and all of it."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from dispatch.desk import charge, complaint, loan, survey
from dispatch.desk.charge import ChargeEvent, ChargeItem, ChargeStep, charges
from dispatch.desk.clause import LoanerClause, LoanerRule, SurveyClause
from dispatch.desk.complaint import Complaint, ComplaintEvent, ComplaintStep, check_complaint
from dispatch.desk.loan import LoanEvent, LoanStep, TicketLoan, check_loan, loan_standing
from dispatch.desk.scheme_file import builtin_schemes, find_scheme
from dispatch.desk.survey import SurveyEvent, SurveyStep, check_surveys, survey_standing
from dispatch.desk.ticket import EventKind
from kernel.errors import Refusal
from tests.desk_builders import FRIDAY_16, event, make_scheme

HOUR = timedelta(hours=1)
VALUE_ADDED = {"T-1": find_scheme(builtin_schemes(), "value-added")}
CLAUSE = SurveyClause(highest=5, after_days=2, follow_up_days=14, satisfied_from=4)


@given(st.lists(st.sampled_from(LoanStep), max_size=10), st.integers(0, 40))
def test_of_a_loan(walk: list[LoanStep], days: int) -> None:
    """Also once it is due back."""
    kept = TicketLoan("L-1", "T-1", "LU-7", FRIDAY_16, "E01")
    due = FRIDAY_16 + timedelta(days=2)

    def said(step: LoanStep, number: int) -> LoanEvent:
        lends = step in {LoanStep.OUT, LoanStep.EXTENDED}
        return LoanEvent("L-1", FRIDAY_16 + number * HOUR, step, "E01", "so", due if lends else None)

    done: list[LoanEvent] = []
    for step in walk:
        if not list(check_loan(kept, [*done, said(step, len(done) + 1)])):
            done.append(said(step, len(done) + 1))
    now = FRIDAY_16 + timedelta(days=1 + days)

    offered = loan.following(loan_standing(done, LoanerClause(LoanerRule.SAME), now))

    taken = [step for step in LoanStep if not list(check_loan(kept, [*done, said(step, 30)]))]
    assert list(offered) == taken


@given(st.lists(st.sampled_from(ComplaintStep), max_size=8))
def test_of_a_complaint(walk: list[ComplaintStep]) -> None:
    """From the first word to the settling."""
    made = Complaint("K-1", "C-1", "test", "1", FRIDAY_16, "Nobody came.", "E01", "T-1")

    def said(step: ComplaintStep, number: int) -> ComplaintEvent:
        return ComplaintEvent("K-1", FRIDAY_16 + number * HOUR, step, "E01", "so")

    done: list[ComplaintEvent] = []
    for step in walk:
        if not list(check_complaint(made, [*done, said(step, len(done) + 1)])):
            done.append(said(step, len(done) + 1))
    found = complaint.complaint_standing(made, done, make_scheme({}), {}, FRIDAY_16 + 50 * HOUR)

    offered = complaint.following(found.state)

    taken = [step for step in ComplaintStep if not list(check_complaint(made, [*done, said(step, 30)]))]
    assert list(offered) == taken


@given(st.lists(st.tuples(st.sampled_from(ChargeStep), st.sampled_from((1, 50, 1000))), max_size=10))
def test_of_a_charge(walk: list[tuple[ChargeStep, int]]) -> None:
    """With the least amount there is: more may be too much, which is said with how much it may be."""

    def said(step: ChargeStep, cents: int) -> ChargeEvent:
        quoted = step is ChargeStep.QUOTED
        return ChargeEvent(
            "Q-1",
            "T-1",
            FRIDAY_16,
            "E01",
            step,
            ChargeItem.PROJECT if quoted else None,
            cents if step in charge.NEEDS_AMOUNT else 0,
            reason="so",
        )

    def takes(step: ChargeStep, cents: int) -> bool:
        try:
            charges([*done, said(step, cents)], VALUE_ADDED)
        except Refusal:
            return False
        return True

    done = [said(ChargeStep.QUOTED, 1000)]
    for step, cents in walk:
        if takes(step, cents):
            done.append(said(step, cents))

    offered = charge.following(charges(done, VALUE_ADDED)["Q-1"])

    assert list(offered) == [step for step in ChargeStep if takes(step, 1)]


@given(walk=st.lists(st.sampled_from(SurveyStep), max_size=6), closed=st.booleans(), scores=st.booleans())
def test_of_a_survey(walk: list[SurveyStep], *, closed: bool, scores: bool) -> None:
    """Nothing before the ticket is closed; a score only where the scheme knows scores."""
    life = [event(EventKind.CLOSED, 60)] if closed else []
    clause = CLAUSE if scores else None

    def said(step: SurveyStep, number: int) -> SurveyEvent:
        score = 4 if step is SurveyStep.ANSWERED else None
        return SurveyEvent("T-1", FRIDAY_16 + timedelta(days=1 + number), step, "E01", score, "so")

    def takes(step: SurveyStep) -> bool:
        asked = [*done, said(step, len(done))]
        wrong = list(check_surveys(asked, {"T-1": clause}, events={"T-1": life}))
        twice = step is SurveyStep.SENT and any(one.step is SurveyStep.SENT for one in done)
        return not wrong and not twice  # what went out twice is no error of the books, and nothing to offer

    done: list[SurveyEvent] = []
    for step in walk:
        if takes(step):
            done.append(said(step, len(done)))
    now = FRIDAY_16 + timedelta(days=30)

    offered = survey.following(survey_standing(life, done, clause, now), clause)

    assert list(offered) == [step for step in SurveyStep if takes(step)]
