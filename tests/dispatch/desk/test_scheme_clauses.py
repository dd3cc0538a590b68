"""The clauses of a scheme beside its milestones: what the documents say, each mistake at its line, notice of new terms."""

from __future__ import annotations

from datetime import date
from importlib.resources import files

import pytest

from dispatch.desk.clause import (
    Bound,
    Charging,
    Evidence,
    Exclusion,
    FeeKind,
    LadderRole,
    PreventiveClause,
    PreventiveTask,
    Remedy,
    RemedyClause,
    Targets,
    WarrantyClause,
    WarrantyStart,
)
from dispatch.desk.milestone import Milestone, Promise, TicketKind
from dispatch.desk.scheme_file import builtin_schemes, collect, find_scheme, load_scheme
from kernel.errors import Refusal

HEADLINE = (files("dispatch.desk") / "schemes" / "field-2-4-24.toml").read_text(encoding="utf-8")
OFFICE_ROLES = {LadderRole.DISPATCHER, LadderRole.MANAGER}
OTHER_LINE = {"rung_when": -1, "fee_needs_hours": -3, "announced_late": 1, "score_out_of_range": 1}
"""Lines from the one changed to the one that is named: a table's header, or the key that no longer fits."""


def shipped(name: str) -> str:
    """The text of a scheme that ships."""
    return (files("dispatch.desk") / "schemes" / f"{name}.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        ("field-24-48", 'mean_solve = { within = "48 h"', 'mean_solve = { within = "2 x"', "not_a_duration"),
        (
            "field-24-48",
            "satisfaction = { percent = 90",
            "satisfaction = { percent = 101",
            "not_a_percentage",
        ),
        ("field-24-48", "satisfaction = {", "happiness = {", "unknown_key"),
        ("field-24-48", "advice = { mile", "fault = { mile", "kind_not_promised"),
        ("field-24-48", "advice = { mile", "preventive = { mile", "kind_not_promised"),
        ("value-added", "training = { mile", "return = { mile", "kind_not_taken"),
        ("field-24-48", "advice = { mile", "picnic = { mile", "unknown_value"),
        ("field-24-48", '["respond", "repair"], source', '["arrive"], source', "unknown_milestone"),
        ("field-24-48", '["respond", "repair"], source', "[], source", "empty_list"),
        (
            "field-substitute",
            "visits_per_year = { value = 4",
            "visits_per_year = { value = 53",
            "visits_out_of_range",
        ),
        ("field-substitute", '["inspect", "adjust"', '["inspect", "inspect"', "listed_twice"),
        ("field-substitute", '["inspect", "adjust"', '["inspect", "paint"', "unknown_value"),
        (
            "field-substitute",
            "overdue_days = { value = [1, 3, 7]",
            "overdue_days = { value = [1, 3, 3]",
            "days_not_rising",
        ),
        (
            "field-substitute",
            "overdue_days = { value = [1, 3, 7]",
            "overdue_days = { value = [0, 3]",
            "days_not_rising",
        ),
        (
            "analytics-support",
            "requests_a_month = { value = 3",
            "requests_a_month = { value = 0",
            "not_positive",
        ),
        (
            "analytics-support",
            "free_months = { value = 3, source",
            "free_months = { value = 3, sauce",
            "unknown_key",
        ),
        ("analytics-support", "force-majeure = {", "act-of-god = {", "unknown_value"),
        ("analytics-support", 'kinds = { value = ["fault"', 'kinds = { value = ["holiday"', "unknown_value"),
        ("analytics-support", "notice_days = { value = 30", 'notice_days = { value = "30"', "wrong_type"),
        (
            "analytics-support",
            "effective_on = 2026-01-01",
            "effective_on = 2026-01-01\nannounced_on = 2026-01-02",
            "announced_late",
        ),
        ("product-warranty", '["invoice", "ex-factory"]', "[]", "empty_list"),
        ("product-warranty", '["photo", "video"]', '["photo", "smell"]', "unknown_value"),
        ("value-added", "cents = 20000\n", "cents = 0\n", "not_positive"),
        ("value-added", 'bound = "at-most"', 'bound = "about"', "unknown_value"),
        ("value-added", "[fees.report]", "[fees.opinion]", "unknown_value"),
        (
            "value-added",
            "deposit_percent = { value = 50",
            "deposit_percent = { value = 150",
            "not_a_percentage",
        ),
        (
            "value-added",
            'percent = 50, source = "chosen"',
            'percent = 0, source = "chosen"',
            "not_a_percentage",
        ),
        (
            "value-added",
            'free-repeat = { milestones = ["respond", "deliver"]',
            'free-repeat = { milestones = ["arrive"]',
            "no_deadline",
        ),
        (
            "value-added",
            "free-repeat = { milestones",
            "free-repeat = { percent = 5, milestones",
            "unknown_key",
        ),
        ("value-added", 'accept = { within = "24 h"', 'accept = { promise = "timed"', "unknown_key"),
        ("value-added", "highest = { value = 5", "highest = { value = 3", "score_out_of_range"),
        ("value-added", 'at = "75 % of deliver"', 'at = "most of deliver"', "not_a_share"),
        ("value-added", 'at = "75 % of deliver"', 'at = "75 % of arrive"', "no_deadline"),
        ("value-added", 'at = "75 % of deliver"', 'after = "4 h"\nat = "75 % of deliver"', "rung_when"),
        ("field-p1-p4", 'severities = ["P1", "P2"]', "severities = []", "empty_list"),
        ("value-added", "[ladder.manager]", "[ladder.janitor]", "unknown_value"),
        (
            "value-added",
            'calendar = "working-days"\nsource = "chosen"',
            'source = "chosen"',
            "fee_needs_hours",
        ),
        ("software-support", "remote_first = { value = true", 'remote_first = { value = "yes"', "wrong_type"),
    ],
)
def test_a_broken_clause_is_refused_at_its_line(name: str, old: str, new: str, code: str) -> None:
    """What is promised beside the milestones is read as strictly as they are."""
    text = shipped(name)
    assert old in text
    broken = text.replace(old, new, 1)

    with pytest.raises(Refusal) as refused:
        load_scheme(broken, "mine.toml")

    assert refused.value.code == f"scheme.{code}"
    assert refused.value.at is not None
    assert refused.value.at.line == text[: text.index(old)].count("\n") + 1 + OTHER_LINE.get(code, 0)


def test_a_new_version_comes_with_the_notice_the_old_one_promised() -> None:
    """Changed terms are announced first; a customer who was promised 30 days gets them."""
    first = load_scheme(HEADLINE, "a.toml")
    second = HEADLINE.replace('version = "1"', 'version = "2"')
    in_time = second.replace(
        "effective_on = 2026-01-01", "effective_on = 2026-07-01\nannounced_on = 2026-06-01"
    )
    too_late = in_time.replace("2026-06-01", "2026-06-02")
    unannounced = second.replace("2026-01-01", "2026-07-01")

    schemes = collect([load_scheme(in_time, "b.toml"), first])

    assert find_scheme(schemes, "field-2-4-24", on=date(2026, 6, 30)).version == "1"
    assert find_scheme(schemes, "field-2-4-24", on=date(2026, 7, 1)).version == "2"
    for text, days in ((too_late, 29), (unannounced, 0)):
        with pytest.raises(Refusal) as refused:
            collect([first, load_scheme(text, "b.toml")])
        assert refused.value.code == "scheme.too_little_notice"
        assert (refused.value.message.params["days"], refused.value.message.params["needed"]) == (days, 30)


def test_the_clauses_say_what_the_documents_say() -> None:
    """The figures of SERVICE.md's table, one by one."""
    schemes = {name: find_scheme(builtin_schemes(), name) for name, _ in builtin_schemes()}

    analytics = schemes["analytics-support"].entitlement
    assert (analytics.requests_a_month, analytics.free_months) == (3, 3)
    assert analytics.renewable
    assert analytics.suspended_when_unpaid
    assert analytics.exclusions == {Exclusion.MISUSE, Exclusion.FORCE_MAJEURE, Exclusion.UPGRADE_REFUSED}
    assert schemes["analytics-support"].handling.evidence == (Evidence.SCREENSHOT, Evidence.LOG)
    assert schemes["analytics-support"].handling.cause_recorded
    assert schemes["software-support"].entitlement.free_months == 12
    assert schemes["software-support"].handling.remote_first
    assert schemes["software-support"].handling.solution_agreed
    assert schemes["software-support"].handling.customer_verifies
    assert schemes["field-2-4-24"].remedies == {
        Remedy.OTHER_FIRM: RemedyClause(frozenset({Milestone.REPAIR}))
    }
    assert schemes["field-substitute"].preventive == PreventiveClause(4, tuple(PreventiveTask))
    assert schemes["field-substitute"].continuous
    assert schemes["field-substitute"].handling.holiday_duty
    assert schemes["field-substitute"].handling.customer_store
    assert (schemes["field-2-12"].repeat_faults, schemes["field-2-12"].original_only) == (3, True)
    assert (schemes["field-2-12"].fees.parts, schemes["field-2-12"].fees.labour) == (
        Charging.AT_COST,
        Charging.FREE,
    )
    assert schemes["field-24-48"].targets == Targets(mean_solve_s=48 * 3600, satisfaction_percent=90)
    assert schemes["field-24-48"].handling.workshop
    assert {s.targets.satisfaction_percent for s in schemes.values()} == {0, 90}
    assert [rung.role for rung in schemes["field-p1-p4"].ladder if rung.role not in OFFICE_ROLES] == [
        LadderRole.ON_SITE_TEAM,
        LadderRole.SPECIALIST_CENTRE,
        LadderRole.DEVELOPMENT,
        LadderRole.MANUFACTURER,
    ]
    assert schemes["product-warranty"].warranty == WarrantyClause(
        (WarrantyStart.INVOICE, WarrantyStart.EX_FACTORY)
    )
    assert schemes["product-warranty"].entitlement.exclusions == set(Exclusion) - {Exclusion.UPGRADE_REFUSED}
    assert schemes["product-warranty"].handling.arrival_told


def test_value_added_work_has_its_prices_and_complaint_clocks() -> None:
    """Per call at most 200, 1,000 a month, projects up to 5,000, reports from 500, half before, half after."""
    scheme = find_scheme(builtin_schemes(), "value-added")

    prices = {kind: (fee.bound, fee.cents) for kind, fee in scheme.fees.prices.items()}

    assert prices == {
        FeeKind.CALL: (Bound.AT_MOST, 200_00),
        FeeKind.MONTHLY_PLAN: (Bound.EXACTLY, 1000_00),
        FeeKind.PROJECT: (Bound.AT_MOST, 5000_00),
        FeeKind.REPORT: (Bound.AT_LEAST, 500_00),
        FeeKind.OUT_OF_HOURS: (Bound.EXACTLY, 100_00),
    }
    assert scheme.fees.deposit_percent == 50
    assert set(scheme.remedies) == {Remedy.FREE_REPEAT, Remedy.PART_REFUND}
    assert scheme.complaint is not None
    assert (scheme.complaint.accept.amount, scheme.complaint.answer.amount) == (24, 48)
    assert scheme.survey is not None
    assert (scheme.survey.highest, scheme.survey.summary_months) == (5, 3)


def test_every_scheme_can_be_worked_with() -> None:
    """A ladder, a survey and notice of changed terms stand in each: none of them is left to a default."""
    for scheme in builtin_schemes().values():
        assert scheme.ladder
        assert scheme.survey is not None
        assert scheme.notice_days > 0


@pytest.mark.parametrize("kind", TicketKind)
@pytest.mark.parametrize("name", [name for name, _ in builtin_schemes()])
def test_the_times_of_a_fault_hold_for_another_kind_only_where_the_scheme_names_it(
    name: str, kind: TicketKind
) -> None:
    """An installation agreed for next month is not four hours late today; nothing is invented for it either."""
    scheme = find_scheme(builtin_schemes(), name)

    for milestone, terms in scheme.milestones.items():
        for severity, of_fault in terms.items():
            term = scheme.term(milestone, severity, kind=kind)

            named = kind is TicketKind.FAULT or milestone in scheme.promised.get(kind, ())
            agreed = of_fault.promise is Promise.CUSTOMER_SET and kind is not TicketKind.PREVENTIVE
            assert term is not None
            assert (term == of_fault) == (named or agreed or of_fault.promise is Promise.NOT_PROMISED)
            assert term.promise is (of_fault.promise if named or agreed else Promise.NOT_PROMISED)


def test_the_kinds_a_document_speaks_of_have_its_times() -> None:
    """P2 and P3 speak of installations, the rest of each document's words of the questions it answers."""
    named = {
        (name, kind): milestones
        for (name, _), scheme in builtin_schemes().items()
        for kind, milestones in scheme.promised.items()
    }

    respond, arrive, repair = Milestone.RESPOND, Milestone.ARRIVE, Milestone.REPAIR
    assert named == {
        ("analytics-support", TicketKind.ADVICE): {respond},
        ("analytics-support-basic", TicketKind.ADVICE): {respond},
        ("software-support", TicketKind.ADVICE): {Milestone.ACKNOWLEDGE, respond},
        ("field-2-12", TicketKind.ADVICE): {arrive},
        ("field-24-48", TicketKind.ADVICE): {respond, repair},
        ("field-p1-p4", TicketKind.INSTALLATION): {respond, arrive, repair},
        ("field-p1-p4", TicketKind.ADVICE): {respond, arrive, repair},
        **{
            ("value-added", kind): {respond, Milestone.DELIVER}
            for kind in (TicketKind.INSTALLATION, TicketKind.TRAINING, TicketKind.ADVICE)
        },
    }
