"""Knowledge: recorded on closing, found by words of either language, offered where the same is reported."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.desk.clause import Handling
from dispatch.desk.knowledge import (
    KnowledgeEntry,
    check_closing,
    current,
    is_found,
    offered,
    search,
    searched,
    tokens,
)
from dispatch.desk.milestone import Milestone, TicketKind
from dispatch.desk.scheme_file import builtin_schemes
from dispatch.desk.ticket import EventKind
from kernel.errors import Refusal
from tests.desk_builders import FRIDAY_16, event, make_scheme, make_ticket, minutes

RECORDS = replace(make_scheme({Milestone.RESPOND: minutes(120)}), handling=Handling(cause_recorded=True))


def entry(
    ticket: str,
    cause: str = "搓纸轮磨损导致卡纸",
    solution: str = "更换搓纸轮",
    *,
    at: float = 0,
    model: str = "LP-7",
    symptom: str = "jam",
    public: bool = True,
) -> KnowledgeEntry:
    """What was wrong with a printer; `at` is minutes after that Friday afternoon."""
    when = FRIDAY_16 + timedelta(minutes=at)
    return KnowledgeEntry(ticket, when, "E-1", cause, solution, "A-1", "", model, symptom, public=public)


def found(query: str, *entries: KnowledgeEntry, public_only: bool = False) -> list[str]:
    """The tickets a query finds, in order."""
    return [one.ticket for one in search(query, entries, public_only=public_only)]


def test_an_entry_without_cause_or_solution_is_refused() -> None:
    """Half a lesson teaches nothing."""
    for cause, solution, code in (
        (" ", "changed", "knowledge.cause_missing"),
        ("worn", "", "knowledge.solution_missing"),
    ):
        with pytest.raises(Refusal) as refused:
            entry("T-1", cause, solution)
        assert refused.value.code == code


def test_a_word_of_two_chinese_characters_is_found_wherever_it_stands() -> None:
    """卡纸 in the middle of a sentence, without blanks around it."""
    one = entry("T-1", "打印机经常卡纸,需要检查", "更换搓纸轮")

    assert found("卡纸", one) == ["T-1"]
    assert found("搓纸轮", one) == ["T-1"]
    assert found("纸", one) == ["T-1"]
    assert found("纸卡", one) == []
    assert found("检查更换", one) == []
    assert found("卡纸 漏电", one) == []


def test_latin_words_are_found_whatever_their_case_width_and_marks() -> None:
    """E-52, e52 on a full-width keyboard, FUSER: as people type."""
    one = entry("T-1", "Fuser error E-52 (overheating)", "fuser changed", symptom="hot")

    assert found("FUSER", one) == ["T-1"]
    assert found("ｅ 52", one) == ["T-1"]
    assert found("fus", one) == []
    assert found("", one) == found("!?", one) == []


def test_the_better_hit_comes_first_and_equals_by_the_newest() -> None:
    """BM25: a rare word counts more than a common one, a repeated word more than a passing one."""
    passing = entry("T-1", "fuser warm, roller worn, belt torn, lamp dark", "cleaned")
    about = entry("T-2", "fuser", "fuser changed")
    newer = entry("T-3", "fuser", "fuser changed", at=5)
    other = entry("T-4", "roller worn", "roller changed")

    assert found("fuser", passing, about, newer, other) == ["T-3", "T-2", "T-1"]
    assert found("fuser", other, newer, passing, about) == ["T-3", "T-2", "T-1"]


def test_customers_find_the_public_part_only() -> None:
    """What is internal stays inside, also in its counts."""
    secret = entry("T-1", public=False)

    assert found("卡纸", secret, public_only=True) == []
    assert found("卡纸", secret) == ["T-1"]
    assert offered([secret], model="LP-7", symptom="jam", public_only=True) == ()


def test_a_correction_replaces_what_was_recorded_before() -> None:
    """Facts are added, never edited: the last entry of a ticket is the one that holds."""
    first, second = entry("T-1", "dust", "cleaned"), entry("T-1", "worn roller", "changed", at=9)

    assert current([second, first]) == (second,)
    assert found("dust", first, second) == []


def test_what_helped_before_is_offered_the_most_alike_and_most_often_first() -> None:
    """Same model and symptom, then same model, then same symptom; each with its n of m."""
    entries = [
        entry("T-1"),
        entry("T-2", at=3),
        entry("T-3", "dust", "cleaned"),
        entry("T-4", "lamp", "lamp changed", symptom="dark"),
        entry("T-5", "belt", "belt changed", model="LP-9"),
        entry("T-6", "disk", "disk changed", model="LP-9", symptom="smoke"),
    ]

    offers = offered(entries, model="LP-7", symptom="jam")

    assert [(one.tickets, one.n, one.m, one.same_model, one.same_symptom) for one in offers] == [
        (("T-2", "T-1"), 2, 3, True, True),
        (("T-3",), 1, 3, True, True),
        (("T-4",), 1, 1, True, False),
        (("T-5",), 1, 1, False, True),
    ]
    assert offered(entries, model="", symptom="") == ()


def test_a_fault_is_not_closed_without_cause_and_solution_where_every_problem_is_recorded() -> None:
    """Recorded since it was last opened: what was found the first time was not it."""
    ticket = make_ticket()
    events = [
        event(EventKind.REPAIRED, 10),
        event(EventKind.CLOSED, 20),
        event(EventKind.REOPENED, 30),
        event(EventKind.REPAIRED, 40),
        event(EventKind.CLOSED, 50),
    ]
    first, again = entry("T-1", at=15), entry("T-1", at=45)

    def missing(*entries: KnowledgeEntry) -> list[str]:
        return [
            str(flaw.message.params["at_time"]) for flaw in check_closing(ticket, events, RECORDS, entries)
        ]

    assert len(missing()) == 2
    assert missing(first) == [events[-1].at.isoformat()]
    assert missing(first, again) == []
    assert missing(first, replace(again, ticket="T-2")) == [events[-1].at.isoformat()]
    advice = replace(ticket, kind=TicketKind.ADVICE)
    assert list(check_closing(advice, events, RECORDS, ())) == []
    assert list(check_closing(ticket, events, replace(RECORDS, handling=Handling()), ())) == []


def test_the_scheme_that_records_every_problem_ships() -> None:
    """Document 000: every problem with cause and solution."""
    scheme = next(s for s in builtin_schemes().values() if s.id == "analytics-support")

    flaws = list(check_closing(make_ticket(), [event(EventKind.CLOSED, 5)], scheme, ()))

    assert [flaw.code for flaw in flaws] == ["knowledge.not_recorded"]


TEXTS = st.text(alphabet="卡纸机 aB1-,，Ｆ", max_size=12)


@given(TEXTS, TEXTS, TEXTS)
def test_what_stands_in_an_entry_is_found_by_any_piece_of_it(before: str, middle: str, after: str) -> None:
    """A query cut from the text between two marks finds the text: the words are cut the same on both sides."""
    text = f"{before}.{middle}.{after}"
    one = entry("T-1", cause=text)

    assert all(is_found(word, searched(one)) for word in tokens(middle))
    assert found(middle, one) == (["T-1"] if tokens(middle) else [])


@given(st.lists(st.tuples(st.sampled_from(["卡纸", "fuser", "fuser 卡纸"]), st.integers(0, 3)), max_size=6))
def test_the_order_of_the_hits_does_not_hang_on_the_order_of_the_entries(said: list[tuple[str, int]]) -> None:
    """Same input, same answer, from a file or from a database."""
    entries = [entry(f"T-{n}", cause, "x", at=at) for n, (cause, at) in enumerate(said)]

    assert found("fuser", *entries) == found("fuser", *reversed(entries))
    assert set(found("fuser", *entries)) == {e.ticket for e in entries if "fuser" in e.cause}
