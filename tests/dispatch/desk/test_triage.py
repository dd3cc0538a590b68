"""Triage: severity by the scheme's words, from afar first, and what the same model took before, with its counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.desk.clause import Handling
from dispatch.desk.history import ClosedTicket, PartUsed
from dispatch.desk.milestone import Milestone, Severity, TicketKind
from dispatch.desk.practice_file import builtin_practice
from dispatch.desk.scheme_file import builtin_schemes
from dispatch.desk.ticket import Way
from dispatch.desk.triage import (
    Ground,
    Share,
    first_way,
    likely,
    proposed_severities,
    usual_skills,
    usual_work,
    work_of,
)
from dispatch.desk.visit import Visit
from kernel.errors import Refusal
from tests.desk_builders import FRIDAY_16, make_scheme, make_ticket, minutes

PRACTICE = builtin_practice()
SCHEME = make_scheme({Milestone.RESPOND: minutes(120)})
BY_SYMPTOM = next(s for s in builtin_schemes().values() if s.id == "field-p1-p4")


def closed(
    name: str,
    *parts: str,
    model: str = "LP-7",
    symptom: str = "jam",
    engineer: str = "E-1",
    minutes_there: int | None = 60,
) -> ClosedTicket:
    """A repair that took some parts; without minutes there: from afar."""
    arrived = None if minutes_there is None else FRIDAY_16 + timedelta(hours=1)
    repaired = FRIDAY_16 + timedelta(hours=1, minutes=minutes_there or 0)
    used = tuple(PartUsed(part, 1) for part in parts)
    return ClosedTicket(
        name,
        "A-1",
        model,
        Severity.P2,
        FRIDAY_16,
        arrived,
        repaired,
        symptom,
        "worn roller",
        "roller changed",
        engineer,
        used,
    )


def test_the_scheme_names_severities_by_symptom() -> None:
    """P1 down, P2 degraded, P3 with errors, P4 a question: the words of the document, found in what was said."""
    for word, severity in (("不能工作", "P1"), ("性能下降", "P2"), ("系统报错", "P3"), ("产品改进", "P4")):
        sure = proposed_severities(BY_SYMPTOM, word, "")
        heard = proposed_severities(BY_SYMPTOM, "", f"客户说{word}，请尽快")

        assert [(one.severity, one.named) for one in sure] == [(severity, True)]
        assert [(one.severity, one.named) for one in heard] == [(severity, False)]
    assert proposed_severities(BY_SYMPTOM, "", "请给报价") == ()


def test_of_several_words_the_symptom_comes_first_then_the_worst() -> None:
    """The desk sees every ground, and looks at the worst before it looks at the mild."""
    found = proposed_severities(BY_SYMPTOM, "系统报错", "性能下降，后来不能工作")

    assert [one.severity for one in found] == ["P3", "P1", "P2"]


def test_a_latin_word_has_to_stand_alone() -> None:
    """No “down” is heard in “download”."""
    scheme = replace(SCHEME, words={"down": Severity.P1})

    assert proposed_severities(scheme, "", "The download fails.") == ()
    assert [one.severity for one in proposed_severities(scheme, "", "Line 2 is DOWN!")] == [Severity.P1]


def test_what_the_same_model_and_symptom_took_is_counted() -> None:
    """N of m, from the same symptom where there is one; a share nobody can check is not shown."""
    history = [
        closed("T-1", "P-roller", "P-belt", engineer="E-1"),
        closed("T-2", "P-roller", engineer="E-2", minutes_there=100),
        closed("T-3", "P-roller", "P-roller", engineer="E-9", minutes_there=30),
        closed("T-4", minutes_there=None, engineer="E-1"),
        closed("T-5", "P-lamp", symptom="dark"),
        closed("T-6", "P-head", model="LP-9"),
    ]
    held = {"E-1": ["print", "safety"], "E-2": ["print"]}

    found = likely(history, model="LP-7", symptom="jam", held=held)

    assert (found.n, found.symptom, found.remote, found.repair_min) == (4, "jam", Share("", 1, 4), 60)
    assert found.parts == (Share("P-roller", 3, 4, 2), Share("P-belt", 1, 4, 1))
    assert found.skills == (Share("print", 3, 3), Share("safety", 2, 3))
    assert found.causes == (Share("worn roller", 4, 4),)
    assert found.parts[0].likely == 0.75


def test_without_the_symptom_the_model_speaks_and_without_a_model_nobody() -> None:
    """The basis is named, so nobody takes a count of all faults for a count of this one."""
    history = [closed("T-1", "P-roller"), closed("T-2", symptom="dark")]

    other = likely(history, model="LP-7", symptom="smoke")
    unknown = likely(history, model="", symptom="jam")

    assert (other.n, other.symptom) == (2, "")
    assert (unknown.n, unknown.remote, unknown.parts, unknown.repair_min) == (0, None, (), None)


def test_help_from_afar_comes_first_where_the_scheme_or_experience_says_so() -> None:
    """A drive saved is an hour won; a drive put off in vain is an hour lost."""
    ticket = make_ticket()
    asks = replace(SCHEME, handling=Handling(remote_first=True))
    often = likely([closed("T-1", minutes_there=None), closed("T-2")], model="LP-7")
    seldom = likely([closed("T-1", minutes_there=None), closed("T-2"), closed("T-3")], model="LP-7")

    assert first_way(ticket, asks, PRACTICE) == (Way.REMOTE, Ground.SCHEME, 0, 0)
    assert first_way(ticket, SCHEME, PRACTICE) == (Way.ON_SITE, Ground.NO_HISTORY, 0, 0)
    assert first_way(ticket, SCHEME, PRACTICE, often) == (Way.REMOTE, Ground.HISTORY, 1, 2)
    assert first_way(ticket, SCHEME, PRACTICE, seldom) == (Way.ON_SITE, Ground.SELDOM, 1, 3)
    advice, back = replace(ticket, kind=TicketKind.ADVICE), replace(ticket, kind=TicketKind.RETURN)
    assert first_way(advice, SCHEME, PRACTICE) == (Way.REMOTE, Ground.ONLY_WAY, 0, 0)
    assert first_way(back, asks, PRACTICE) == (Way.WORKSHOP, Ground.ONLY_WAY, 0, 0)
    placed = replace(ticket, kind=TicketKind.INSTALLATION)
    assert first_way(placed, asks, PRACTICE).ground is Ground.ONLY_WAY


def test_the_kind_of_work_is_as_triage_said_or_on_site_or_the_only_way_there_is() -> None:
    """An answered question has a checklist too: nobody drives there to find it."""
    assert work_of(PRACTICE, TicketKind.FAULT, None) is PRACTICE.works[TicketKind.FAULT, Way.ON_SITE]
    assert work_of(PRACTICE, TicketKind.FAULT, Way.REMOTE) is PRACTICE.works[TicketKind.FAULT, Way.REMOTE]
    assert work_of(PRACTICE, TicketKind.ADVICE, None) is PRACTICE.works[TicketKind.ADVICE, Way.REMOTE]
    assert work_of(PRACTICE, TicketKind.ADVICE, Way.ON_SITE) is None


def test_every_kind_of_ticket_has_a_usual_duration_a_level_and_a_checklist() -> None:
    """Fault from afar, on site, in the workshop; installation, preventive, training, advice, return."""
    for kind in TicketKind:
        for way in PRACTICE.ways(kind):
            work = usual_work(PRACTICE, kind, way)
            assert work.usual_min > 0
            assert 1 <= work.level <= 5
            assert work.checklist
        assert PRACTICE.ways(kind)
    assert PRACTICE.ways(TicketKind.FAULT) == tuple(Way)
    with pytest.raises(Refusal, match=r"triage\.no_such_work"):
        usual_work(PRACTICE, TicketKind.INSTALLATION, Way.REMOTE)


HISTORIES = st.lists(
    st.builds(
        closed,
        st.just("T-1"),
        st.sampled_from(["P-1", "P-2"]),
        model=st.sampled_from(["LP-7", "LP-9"]),
        symptom=st.sampled_from(["jam", "dark", ""]),
        engineer=st.sampled_from(["E-1", "E-2", ""]),
        minutes_there=st.sampled_from([None, 10, 50]),
    ),
    max_size=8,
)


@given(HISTORIES, st.sampled_from(["jam", "dark", ""]))
def test_counts_never_exceed_what_they_are_counted_from(history: list[ClosedTicket], symptom: str) -> None:
    """N of m with n above m, or m above the tickets there are, would be an invented figure."""
    found = likely(history, model="LP-7", symptom=symptom, held={"E-1": ["print"]})

    assert found == likely(list(reversed(history)), model="LP-7", symptom=symptom, held={"E-1": ["print"]})
    for share in (*found.parts, *found.skills, *found.causes, *found.solutions):
        assert 1 <= share.n <= share.m <= found.n <= len(history)


def asked_for(*skills: tuple[str, int]) -> Visit:
    """A visit that needs some skills."""
    return Visit("V-1", "T-1", "S-1", 60, skills=skills)


def test_skills_are_proposed_as_most_earlier_visits_needed_them() -> None:
    """What one visit of ten needed would only keep engineers away."""
    earlier = [asked_for(("water", 2)), asked_for(("water", 3), ("hv", 1)), asked_for(("water", 3))]

    assert usual_skills(earlier) == (("water", 3),)
    assert usual_skills([]) == ()


@given(st.lists(st.integers(1, 5), min_size=1))
def test_a_proposed_level_is_one_that_was_needed(levels: list[int]) -> None:
    """Never a level in between that no visit asked for, and among equally frequent ones the lower."""
    ((_, level),) = usual_skills(asked_for(("water", one)) for one in levels)

    most = max(levels.count(one) for one in levels)
    assert level == min(one for one in levels if levels.count(one) == most)
