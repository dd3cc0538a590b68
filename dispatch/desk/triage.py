"""Triage: how bad it is by the scheme's own words, what to try first, and what it took the last times.

Everything here is a proposal with its grounds; the desk decides and records it as events.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from dispatch.desk.history import ClosedTicket
from dispatch.desk.milestone import Severity, TicketKind
from dispatch.desk.practice import Practice, Work
from dispatch.desk.scheme import Scheme
from dispatch.desk.ticket import Ticket, Way
from dispatch.desk.visit import Visit
from kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class SeverityProposal:
    """A severity and the scheme's word it rests on.

    Args:
        severity: proposed.
        word: the scheme's word for it, as found.
        named: the symptom is this word; else it only occurs in the customer's text.
    """

    severity: Severity
    word: str
    named: bool


def proposed_severities(scheme: Scheme, symptom: str, text: str, /) -> tuple[SeverityProposal, ...]:
    """Propose severities by the scheme's words, the surest first, among equals the worst.

    A word counts when the symptom is that word (sure), or when it stands in the customer's text. Words of Latin
    letters have to stand alone. Nothing is proposed where no word is found.
    """
    found = []
    for word, severity in scheme.words.items():
        if word == symptom.strip():
            found.append(SeverityProposal(severity, word, named=True))
        elif _stands_in(word, text):
            found.append(SeverityProposal(severity, word, named=False))
    return tuple(sorted(found, key=lambda one: (not one.named, one.severity, one.word)))


def _stands_in(word: str, text: str) -> bool:
    if word.isascii():
        return (
            re.search(rf"(?<![A-Za-z0-9]){re.escape(word)}(?![A-Za-z0-9])", text, re.IGNORECASE) is not None
        )
    return word in text


@dataclass(frozen=True, slots=True)
class Share:
    """`n` of `m` earlier tickets; `what` is a part, a skill, a cause or nothing. `quantity`: most units one took."""

    what: str
    n: int
    m: int
    quantity: int = 0

    @property
    def likely(self) -> float:
        """The share, 0 to 1."""
        return self.n / self.m


@dataclass(frozen=True, slots=True)
class Likely:
    """What earlier tickets of the same model took.

    Args:
        model: of the equipment.
        symptom: the counts are about tickets with this symptom; empty: about all of the model, none had the symptom.
        n: tickets counted.
        remote: how many of them were solved without a visit; None: none to count.
        parts: how often each part was fitted, most often first.
        skills: how often each skill was held by who solved it, of the tickets whose engineer is known.
        causes: how often each cause was found, of the tickets with a cause.
        solutions: the same for what helped.
        repair_min: middle of the minutes from arrival to repair, of the tickets with a visit; None: none.
    """

    model: str
    symptom: str
    n: int
    remote: Share | None
    parts: tuple[Share, ...]
    skills: tuple[Share, ...]
    causes: tuple[Share, ...]
    solutions: tuple[Share, ...]
    repair_min: int | None


def likely(
    history: Iterable[ClosedTicket],
    *,
    model: str,
    symptom: str = "",
    held: Mapping[str, Iterable[str]] | None = None,
) -> Likely:
    """Count what earlier tickets of the same model and symptom took, of the same model where no one had the symptom.

    Args:
        history: closed tickets.
        model: of the equipment; empty: nothing is counted, models are not guessed.
        symptom: code; empty: all of the model.
        held: skills of each engineer; None: not known.
    """
    of_model = [one for one in history if model and one.model == model]
    same = [one for one in of_model if symptom and one.symptom == symptom]
    basis = same or of_model
    parts: Counter[str] = Counter()
    most: dict[str, int] = {}
    for one in basis:
        fitted: Counter[str] = Counter()
        for used in one.parts:
            fitted[used.part] += used.quantity
        parts.update(fitted.keys())
        for part, quantity in fitted.items():
            most[part] = max(quantity, most.get(part, 0))
    known = [sorted(set((held or {}).get(one.engineer, ()))) for one in basis if one.engineer in (held or {})]
    visited = sorted(
        int((one.repaired_at - one.arrived_at).total_seconds() // 60) for one in basis if one.arrived_at
    )
    return Likely(
        model=model,
        symptom=symptom if same else "",
        n=len(basis),
        remote=Share("", sum(1 for one in basis if one.arrived_at is None), len(basis)) if basis else None,
        parts=_shares(parts, len(basis), most),
        skills=_shares(Counter(skill for skills in known for skill in skills), len(known)),
        causes=_counted(one.cause for one in basis),
        solutions=_counted(one.solution for one in basis),
        repair_min=visited[(len(visited) - 1) // 2] if visited else None,
    )


def _counted(texts: Iterable[str]) -> tuple[Share, ...]:
    given = [text for text in texts if text]
    return _shares(Counter(given), len(given))


def _shares(counts: Mapping[str, int], m: int, most: Mapping[str, int] | None = None) -> tuple[Share, ...]:
    in_order = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Share(what, n, m, (most or {}).get(what, 0)) for what, n in in_order)


def usual_skills(earlier: Iterable[Visit], /) -> tuple[tuple[str, int], ...]:
    """Give what most of earlier visits needed: (skill, the level needed most often, among equals the lower), by skill."""
    visits = list(earlier)
    levels: dict[str, Counter[int]] = {}
    for visit in visits:
        for skill, level in visit.skills:
            levels.setdefault(skill, Counter())[level] += 1
    return tuple(
        (skill, min(counted, key=lambda level: (-counted[level], level)))
        for skill, counted in sorted(levels.items())
        if 2 * counted.total() > len(visits)
    )


def usual_work(practice: Practice, kind: TicketKind, way: Way, /) -> Work:
    """Give what a kind of ticket usually takes, worked on one way.

    Raises:
        Refusal: ``triage.no_such_work``, with the ways the kind knows.
    """
    if (kind, way) not in practice.works:
        known = ", ".join(practice.ways(kind))
        raise Refusal("triage.no_such_work", kind=kind, way=way, known=known)
    return practice.works[kind, way]


def work_of(practice: Practice, kind: TicketKind, said: Way | None, /) -> Work | None:
    """Give the kind of work a ticket is: the way triage said, else on site, else the one way there is.

    None: the practice knows no such work, so it has no checklist either.
    """
    ways = practice.ways(kind)
    usual = Way.ON_SITE if Way.ON_SITE in ways or not ways else ways[0]
    return practice.works.get((kind, said or usual))


class Ground(StrEnum):
    """Why a ticket begins the way it is proposed."""

    SCHEME = "scheme"
    """The scheme puts help from afar first."""
    HISTORY = "history"
    """Half of the earlier tickets or more were solved from afar."""
    ONLY_WAY = "only_way"
    """The practice knows no other way for this kind of work."""
    SELDOM = "seldom"
    """Fewer than half of the earlier tickets were solved from afar."""
    NO_HISTORY = "no_history"
    """Nothing is known of the model that speaks for help from afar."""
    NEVER_REMOTE = "never_remote"
    """This kind of work is not done from afar."""


class FirstWay(NamedTuple):
    """Where to begin, why, and the count it rests on: `n` of `m` earlier tickets solved from afar; none: 0 of 0."""

    way: Way
    ground: Ground
    n: int = 0
    m: int = 0


def first_way(ticket: Ticket, scheme: Scheme, practice: Practice, found: Likely | None = None, /) -> FirstWay:
    """Propose where to begin: from afar where the scheme says so or half of the earlier tickets were solved so.

    Raises:
        Refusal: ``triage.no_such_work`` when the practice knows no way for the ticket's kind.
    """
    ways = practice.ways(ticket.kind)
    if not ways:
        raise Refusal("triage.no_such_work", kind=ticket.kind, way="", known="")
    remote = found.remote if found is not None else None
    counts = (remote.n, remote.m) if remote is not None else (0, 0)
    there = next((way for way in ways if way is not Way.REMOTE), Way.REMOTE)
    if len(ways) == 1:
        return FirstWay(ways[0], Ground.ONLY_WAY, *counts)
    if Way.REMOTE not in ways:
        return FirstWay(there, Ground.NEVER_REMOTE, *counts)
    if scheme.handling.remote_first:
        return FirstWay(Way.REMOTE, Ground.SCHEME, *counts)
    if remote is None:
        return FirstWay(there, Ground.NO_HISTORY)
    if 2 * remote.n >= remote.m:
        return FirstWay(Way.REMOTE, Ground.HISTORY, *counts)
    return FirstWay(there, Ground.SELDOM, *counts)
