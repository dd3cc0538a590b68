"""Reading schemes: every figure has a source, every mistake its line."""

from __future__ import annotations

import os
import re
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from dispatch.desk.clause import LoanerRule, Per
from dispatch.desk.milestone import Milestone, Promise, Severity, SeverityChange, Wait
from dispatch.desk.scheme_file import builtin_schemes, collect, find_scheme, load_scheme
from dispatch.desk.term import CHOSEN, Unit
from kernel.errors import Refusal
from tests.conftest import ROOT

PAUSED_BY_CUSTOMER = {"pauses.customer", "pauses.access"}
EVERYWHERE = {"severity_change", "notice_days", "survey.satisfied_from", "survey.after_days"}
NO_SCALE = {*EVERYWHERE, "survey.highest"}
TWO_RUNGS = {"ladder.dispatcher", "ladder.manager"}
SIX_RUNGS = {
    *TWO_RUNGS,
    *(f"ladder.{role}" for role in ("on-site-team", "specialist-centre", "development", "manufacturer")),
}
CHOSEN_FIGURES = {
    "analytics-support": {
        *(*NO_SCALE, *TWO_RUNGS, "breach.respond", "fees.call"),
        "milestones.respond.P3",
        "milestones.respond.P4",
    },
    "analytics-support-basic": {*NO_SCALE, *TWO_RUNGS, "breach.respond", "fees.call"},
    "field-2-12": {*NO_SCALE, *TWO_RUNGS, *PAUSED_BY_CUSTOMER, "breach.arrive", "warranty.starts"},
    "field-2-4-24": {
        *(*NO_SCALE, *SIX_RUNGS, *PAUSED_BY_CUSTOMER, "warranty.starts", "survey.follow_up_days"),
        *("breach.arrive", "breach.substitute", "breach.repair"),
        *("loaner.stops_repair", "loaner.overdue_days"),
    },
    "field-24-48": {
        *(*NO_SCALE, *SIX_RUNGS, *PAUSED_BY_CUSTOMER, "breach.repair", "warranty.starts", "fees.call"),
    },
    "field-customer-set": {*NO_SCALE, *TWO_RUNGS, "breach.arrive"},
    "field-p1-p4": {
        *(
            *NO_SCALE,
            *SIX_RUNGS,
            *PAUSED_BY_CUSTOMER,
            "calendars.working-days",
            "breach.arrive",
            "breach.repair",
        ),
        *(f"milestones.{name}.{p}" for name in ("respond", "arrive", "repair") for p in Severity),
    },
    "field-substitute": {
        *(*NO_SCALE, *SIX_RUNGS, *PAUSED_BY_CUSTOMER, "breach.substitute"),
        *("loaner.stops_repair", "loaner.overdue_days"),
    },
    "product-warranty": {
        *(
            *NO_SCALE,
            *TWO_RUNGS,
            *PAUSED_BY_CUSTOMER,
            "calendars.working-days",
            "breach.arrive",
            "breach.repair",
        ),
        *("fees.call", "survey.follow_up_days"),
    },
    "software-support": {*NO_SCALE, *TWO_RUNGS, "breach.respond", "survey.follow_up_days"},
    "value-added": {
        *(*EVERYWHERE, *TWO_RUNGS, *PAUSED_BY_CUSTOMER, "calendars.working-days"),
        *("breach.respond", "breach.deliver", "fees.out-of-hours", "remedies.part-refund"),
    },
}
"""Every figure that stands in no document. A new one is written here on purpose."""
SOURCE = re.compile(r"00[0-4] \S.*“.+”")
HEADLINE = (files("dispatch.desk") / "schemes" / "field-2-4-24.toml").read_text(encoding="utf-8")


def test_every_scheme_of_the_documents_ships() -> None:
    """One file for each; what the company sells can be opened on the first day."""
    assert {name for name, _ in builtin_schemes()} == set(CHOSEN_FIGURES)


@pytest.mark.parametrize("name", sorted(CHOSEN_FIGURES))
def test_a_figure_names_its_clause_or_is_listed_as_chosen(name: str) -> None:
    """Nobody can tell later which hours were promised and which were somebody's idea, unless it is written."""
    scheme = find_scheme(builtin_schemes(), name)

    assert {figure.key for figure in scheme.figures if figure.source == CHOSEN} == CHOSEN_FIGURES[name]
    assert all(figure.source == CHOSEN or SOURCE.fullmatch(figure.source) for figure in scheme.figures)


def test_quoted_clauses_stand_in_the_documents() -> None:
    """A source that quotes what the document does not say is worse than none."""
    folder = Path(os.environ.get("FIELDWRIGHT_SEEDS", ROOT.parent / "shared" / "seeds"))
    if not folder.is_dir():
        pytest.skip(f"no service documents at {folder}: set FIELDWRIGHT_SEEDS to their folder")
    documents = {path.name[:3]: path.read_text(encoding="utf-8") for path in folder.glob("*.txt")}

    wrong = [
        (scheme.id, figure.key, quote)
        for scheme in builtin_schemes().values()
        for figure in scheme.figures
        for quote in re.findall(r"“(.+?)”", figure.source)
        if quote not in documents[figure.source[:3]]
    ]

    assert not wrong


def test_the_headline_scheme_says_what_the_document_says() -> None:
    """Arranged in 2 h, on site in 4, repaired in 24, else a loaner of the same class."""
    scheme = find_scheme(builtin_schemes(), "field-2-4-24")

    for milestone, hours in (
        (Milestone.ARRANGE, 2),
        (Milestone.ARRIVE, 4),
        (Milestone.REPAIR, 24),
        (Milestone.SUBSTITUTE, 24),
    ):
        for severity in Severity:
            term = scheme.term(milestone, severity)
            assert term is not None
            assert (term.amount, term.unit, term.calendar) == (hours, Unit.HOUR, "")
    assert scheme.loaner is not None
    assert scheme.loaner.rule is LoanerRule.SAME
    assert not scheme.loaner.stops_repair
    assert scheme.repeat_faults == 2
    assert scheme.severity_change is SeverityChange.TIGHTEN_ONLY
    assert scheme.breach[Milestone.REPAIR].per is Per.HOUR


def test_no_shipped_scheme_lets_a_missing_part_stop_a_clock() -> None:
    """Parts are our business; the customer does not wait longer because we have none."""
    assert all(Wait.PART not in scheme.pauses for scheme in builtin_schemes().values())


def test_each_kind_of_promise_is_used() -> None:
    """Timed, set by the customer, not promised: what the documents say, nothing invented."""
    found = {
        (scheme.id, milestone, term.promise)
        for scheme in builtin_schemes().values()
        for milestone, terms in scheme.milestones.items()
        for term in terms.values()
    }

    assert ("field-customer-set", Milestone.ARRIVE, Promise.CUSTOMER_SET) in found
    assert ("field-substitute", Milestone.ARRIVE, Promise.NOT_PROMISED) in found
    assert ("software-support", Milestone.ACKNOWLEDGE, Promise.TIMED) in found


def test_own_words_stand_for_severities() -> None:
    """The desk speaks the words of the contract."""
    scheme = find_scheme(builtin_schemes(), "software-support")

    assert scheme.severity("紧急故障") is Severity.P1
    assert scheme.severity("P3") is Severity.P3
    assert scheme.severity("urgent-ish") is None


def test_remote_areas_are_excepted_where_the_scheme_says_so() -> None:
    """48 hours to arrive, "remote areas excepted"."""
    scheme = find_scheme(builtin_schemes(), "product-warranty")

    near = scheme.term(Milestone.ARRIVE, Severity.P2)
    far = scheme.term(Milestone.ARRIVE, Severity.P2, remote=True)

    assert near is not None
    assert near.promise is Promise.TIMED
    assert far is not None
    assert far.promise is Promise.NOT_PROMISED


def test_without_a_version_the_one_in_force_is_found() -> None:
    """Changed terms hold from their day on; a ticket keeps the version it was opened under."""
    first = load_scheme(HEADLINE, "a.toml")
    second = load_scheme(
        HEADLINE.replace('version = "1"', 'version = "2"').replace(
            "effective_on = 2026-01-01", "effective_on = 2026-07-01\nannounced_on = 2026-05-01"
        ),
        "b.toml",
    )
    schemes = collect([first, second])

    assert find_scheme(schemes, "field-2-4-24", on=date(2026, 6, 30)) is first
    assert find_scheme(schemes, "field-2-4-24", on=date(2026, 7, 1)) is second
    assert find_scheme(schemes, "field-2-4-24", version="1") is first
    for choice, code in (
        ({"on": date(2025, 12, 31)}, "scheme.not_yet_effective"),
        ({"version": "3"}, "scheme.unknown_version"),
    ):
        with pytest.raises(Refusal) as refused:
            find_scheme(schemes, "field-2-4-24", **choice)
        assert refused.value.code == code
    with pytest.raises(Refusal) as refused:
        collect([first, first])
    assert refused.value.code == "scheme.duplicate"


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("[name]", "[name", "scheme.not_toml", 14),
        ("schema = 1", "schema = 2", "scheme.unknown_schema", 3),
        ("schema = 1", 'schema = "1"', "scheme.wrong_type", 3),
        ('currency = "CNY"', 'currency = "yuan"', "money.not_a_currency", 9),
        ('zone = "Asia/Shanghai"', 'zone = "Asia/Fuzhou"', "clock.unknown_zone", 8),
        ('zone = "Asia/Shanghai"\n', "", "scheme.key_missing", 1),
        ('id = "field-2-4-24"', 'id = "field 2 4 24"', "id.malformed", 4),
        ('id = "field-2-4-24"', 'id = "x"\nprice = 3', "scheme.unknown_key", 5),
        ('"tighten-only"', '"sometimes"', "scheme.unknown_value", 10),
        ('"tighten-only", source = "chosen"', '"tighten-only"', "scheme.source_missing", 10),
        ("value = 2", "value = 0", "scheme.not_positive", 11),
        ("value = 2", "value = true", "scheme.wrong_type", 11),
        ("[milestones.arrange]", "[milestones.arange]", "scheme.unknown_value", 18),
        ('within = "2 h"', 'within = "2 hours"', "scheme.not_a_duration", 19),
        ('within = "2 h"', 'within = "0 h"', "scheme.not_a_duration", 19),
        ('within = "2 h"', 'within = "999 d"', "scheme.too_long", 19),
        ('within = "2 h"', 'with = "2 h"', "scheme.unknown_key", 19),
        ('within = "2 h"', 'within = "2 h", calendar = "office"', "scheme.unknown_calendar", 19),
        ('within = "2 h"', 'within = "2 h", promise = "not-promised"', "scheme.time_without_promise", 19),
        ('all = { within = "2 h"', 'P1 = { within = "2 h"', "scheme.severity_missing", 18),
        ('"arrive", "substitute", "repair"', '"arrive", "respond"', "scheme.unknown_milestone", 38),
        ("customer = { mile", "weather = { mile", "scheme.unknown_value", 38),
        ("[breach.arrive]", "[breach.respond]", "scheme.breach_without_deadline", 43),
        ('per = "hour"', 'per = "week"', "scheme.unknown_value", 44),
        ("P1 = 30000", "P1 = -1", "scheme.negative_price", 45),
        ("P1 = 30000, ", "", "scheme.key_missing", 45),
        ("[milestones.substitute]", "[milestones.deliver]", "scheme.unknown_milestone", 38),
        ('class = { value = "same"', 'class = { value = "best"', "scheme.unknown_value", 32),
        (
            '[milestones.arrange]\nall = { within = "2 h"',
            '[calendars.c]\ndays = { mon = "9-5" }\nsource = "x"\n[milestones.arrange]\nall = { within = "2 h"',
            "calendar.not_hours",
            18,
        ),
        (
            '[milestones.arrange]\nall = { within = "2 h"',
            '[calendars.c]\ndays = {}\nsource = "x"\n[milestones.arrange]\nall = { within = "2 h"',
            "calendar.never_opens",
            18,
        ),
    ],
)
def test_a_broken_scheme_is_refused_with_its_line(old: str, new: str, code: str, line: int) -> None:
    """A manager edits a copy; the program says which line to look at."""
    assert old in HEADLINE

    with pytest.raises(Refusal) as refused:
        load_scheme(HEADLINE.replace(old, new, 1), "mine.toml")

    assert refused.value.code == code
    assert refused.value.at is not None
    assert (refused.value.at.file, refused.value.at.line) == ("mine.toml", line)


def test_a_loaner_needs_both_its_clause_and_its_milestone() -> None:
    """A loaner nobody promised by a time, or a time for no loaner, cannot be planned."""
    without = HEADLINE[: HEADLINE.index("[loaner]")] + HEADLINE[HEADLINE.index("[pauses]") :]

    with pytest.raises(Refusal) as refused:
        load_scheme(without, "mine.toml")

    assert refused.value.code == "scheme.loaner_needs_substitute"
