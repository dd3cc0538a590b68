"""Satisfaction by scheme, complaints by their clocks, targets for all tickets together, breach exposure."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from dispatch.desk.clause import Breach, ComplaintClause, Per, SurveyClause, Targets
from dispatch.desk.complaint import Complaint, ComplaintEvent, ComplaintStep
from dispatch.desk.milestone import Milestone, Severity, Wait
from dispatch.desk.scheme import Scheme
from dispatch.desk.survey import SurveyEvent, SurveyStep, Verdict
from dispatch.desk.ticket import EventKind, TicketEvent
from dispatch.measures.case import Case
from dispatch.measures.exposure import breach_costs
from dispatch.measures.period import period
from dispatch.measures.restore import restored
from dispatch.measures.targets import solve_targets
from dispatch.measures.voices import complaint_counts, satisfied
from kernel.clock import moment
from tests.desk_builders import minutes
from tests.dispatch.measures.worlds import SCHEME, UTC, case, histories, hours, in_march, step

HOUR = 3600
ASKS = SurveyClause(highest=5, satisfied_from=4)


def asked(ticket: str, score: int | None, *, after_h: float = 50) -> list[SurveyEvent]:
    """A questionnaire sent, and answered where a score is given."""
    sent = SurveyEvent(ticket, hours(after_h), SurveyStep.SENT, "desk")
    if score is None:
        return [sent]
    answer = SurveyEvent(ticket, hours(after_h + 5), SurveyStep.ANSWERED, "desk", score=score)
    return [sent, answer]


def closed(ticket: str, scheme: Scheme) -> Case:
    """A ticket put right and closed under a scheme."""
    one = case(
        step(2, EventKind.REPAIRED, ticket=ticket), step(3, EventKind.CLOSED, ticket=ticket), ticket=ticket
    )
    return replace(one, scheme=scheme, ticket=replace(one.ticket, scheme=scheme.id))


def named(name: str, *, target: int, satisfied_from: int = 4) -> Scheme:
    """A scheme of this name with a satisfaction target in per cent."""
    clause = replace(ASKS, satisfied_from=satisfied_from)
    return replace(SCHEME, id=name, survey=clause, targets=Targets(satisfaction_percent=target))


def test_each_scheme_is_judged_by_its_own_target() -> None:
    """Forty of forty reach 90 %, three of four say nothing yet; all together has n, an interval and no target."""
    good, strict = named("good", target=90), named("strict", target=90, satisfied_from=5)
    cases = [closed(f"T-{n}", good) for n in range(40)] + [closed(f"S-{n}", strict) for n in range(4)]
    events = [e for n in range(40) for e in asked(f"T-{n}", 4)]
    events += [e for n, score in enumerate((5, 5, 5, 4)) for e in asked(f"S-{n}", score)]

    whole, first, second = satisfied(cases, events, in_march())

    assert (first.scheme, first.found.n, first.found.verdict) == ("good", 40, Verdict.REACHED)
    assert (second.scheme, second.found.satisfied, second.found.verdict) == ("strict", 3, Verdict.OPEN)
    assert (whole.found.n, whole.found.satisfied, whole.target_percent) == (44, 43, 0)
    assert whole.found.low is not None
    assert whole.found.share is not None
    assert whole.found.high is not None
    assert whole.found.low < whole.found.share < whole.found.high


def test_a_quarter_of_scores_is_summed_up() -> None:
    """January to March: what was answered in April belongs to the next quarter, unanswered ones count as asked."""
    scheme = named("good", target=0)
    cases = [closed(f"T-{n}", scheme) for n in range(4)]
    quarter = period("quarter", now=moment("2026-05-01T00:00Z"), zone=UTC)
    events = [*asked("T-0", 5), *asked("T-1", 2), *asked("T-2", None), *asked("T-3", 1, after_h=800)]

    whole = satisfied(cases, events, quarter)[0]

    assert (whole.found.sent, whole.found.n, whole.found.satisfied, whole.found.mean) == (3, 2, 1, 3.5)


def test_nobody_asked_is_no_row() -> None:
    """No share is invented out of nothing."""
    assert satisfied([closed("T-1", named("good", target=90))], [], in_march()) == ()


@given(st.lists(st.tuples(st.integers(0, 120), st.integers(0, 120), st.booleans()), max_size=6))
def test_complaints_by_either_clock_are_all_complaints(rows: list[tuple[int, int, bool]]) -> None:
    """Met, breached, running, withdrawn and not promised are all there is, for both clocks."""
    clause = ComplaintClause(minutes(24 * 60), minutes(48 * 60))
    schemes = {("test", "1"): replace(SCHEME, complaint=clause), ("plain", "1"): SCHEME}
    complaints, events = [], []
    for n, (made_h, answered_h, known) in enumerate(rows):
        made = hours(made_h)
        complaints.append(Complaint(f"P-{n}", "C-1", "test" if known else "plain", "1", made, "late", "desk"))
        at = made + timedelta(hours=answered_h)
        events.append(ComplaintEvent(f"P-{n}", at, ComplaintStep.ANSWERED, "desk", reason="sorry"))

    found = complaint_counts(complaints, events, schemes, {}, in_march(hours(200)))

    assert [row.total for row in found] == ([len(rows)] * 2 if rows else [])
    if found:
        accept, answer = found
        assert accept.breached == sum(known and answered_h > 24 for _, answered_h, known in rows)
        assert answer.met == sum(known and answered_h <= 48 for _, answered_h, known in rows)


def test_the_mean_time_to_solve_is_held_against_the_schemes_target() -> None:
    """30 h and 50 h: 40 h on average keep 48 h, though one of them did not."""
    scheme = replace(SCHEME, targets=Targets(mean_solve_s=48 * HOUR))
    slow = [replace(case(step(at, EventKind.REPAIRED)), scheme=scheme) for at in (30, 50)]
    plain = case(step(500, EventKind.REPAIRED))

    (row,) = solve_targets(restored([*slow, plain], in_march()))

    assert (row.tickets, row.mean_s, row.kept) == (2, 40 * HOUR, True)
    assert not solve_targets(restored([slow[1]], in_march()))[0].kept


PRICED = replace(SCHEME, breach={Milestone.REPAIR: Breach(Per.HOUR, dict.fromkeys(Severity, 1000))})


def test_a_forecast_past_the_due_time_is_exposure_before_it_is_lateness() -> None:
    """24 h promised, the engineer says 26: nothing so far, two hours as forecast; later two hours are two hours."""
    word = step(3, EventKind.FORECAST_FINISH, hours(26).isoformat())
    # What he says before he waits for the part and leaves is still his word.
    said = replace(case(word, step(4, EventKind.WAITING, Wait.PART), step(5, EventKind.LEFT)), scheme=PRICED)

    whole, row = breach_costs([said], {}, in_march(hours(10)))
    late = breach_costs([said], {}, in_march(hours(25.5)))[1]

    assert (row.late, row.will_be_late, row.actual_cents, row.forecast_cents) == (0, 1, 0, 2000)
    assert (late.late, late.will_be_late, late.actual_cents, late.forecast_cents) == (1, 1, 2000, 2000)
    assert (whole.scheme, whole.milestone, whole.forecast_cents) == ("", None, 2000)


@given(st.lists(histories(), max_size=4), st.integers(0, 200))
def test_exposure_of_all_schemes_is_the_sum_of_each(
    all_events: list[tuple[TicketEvent, ...]], now_h: int
) -> None:
    """The sum is what a manager reads; the rows are what he asks about."""
    other = replace(
        PRICED,
        id="other",
        breach=dict(PRICED.breach) | {Milestone.RESPOND: Breach(Per.DAY, dict.fromkeys(Severity, 7))},
    )
    cases = [replace(case(*events), scheme=other if n % 2 else PRICED) for n, events in enumerate(all_events)]

    rows = breach_costs(cases, {}, in_march(hours(now_h)))

    totals, parts = [r for r in rows if not r.scheme], [r for r in rows if r.scheme]
    assert len(totals) == (1 if parts else 0)
    for total in totals:
        assert total.actual_cents == sum(row.actual_cents for row in parts)
        assert total.forecast_cents == sum(row.forecast_cents for row in parts)
        assert total.will_be_late >= total.late
    assert all(row.forecast_cents >= row.actual_cents >= 0 for row in rows)


def test_currencies_are_never_added() -> None:
    """Ten yuan and ten euros are not twenty of anything."""
    late = step(30, EventKind.REPAIRED)
    cases = [
        replace(case(late), scheme=PRICED),
        replace(case(late), scheme=replace(PRICED, id="abroad", currency="EUR")),
    ]

    totals = [row for row in breach_costs(cases, {}, in_march()) if not row.scheme]

    assert [(row.currency, row.actual_cents) for row in totals] == [("CNY", 6000), ("EUR", 6000)]
