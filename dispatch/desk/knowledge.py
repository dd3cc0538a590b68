"""Knowledge: cause and solution of what was repaired, found again by words, offered where the same is reported.

Words are cut the same way here and in the database: Latin letters and digits into words, Chinese into pairs of
neighbouring characters, so that a word of two characters is found whatever stands around it.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dispatch.desk.history import ClosedTicket
from dispatch.desk.milestone import TicketKind
from dispatch.desk.scheme import Scheme
from dispatch.desk.ticket import EventKind, Ticket, TicketEvent
from kernel.clock import utc
from kernel.errors import Refusal
from kernel.ids import checked_id, natural_key


@dataclass(frozen=True, slots=True)
class KnowledgeEntry:
    """What was wrong with a ticket's equipment and what helped; a later entry of the same ticket replaces it.

    Args:
        ticket: the ticket's id.
        at: when it was recorded, aware.
        by: id of who found it.
        cause, solution: in words.
        asset, serial, model: the equipment at the time; empty: none.
        symptom: code of what was reported.
        problem: code of the diagnosed quality problem; repeat faults are counted by it. Empty: none named.
        customer_caused: misuse or the like; no fault of the product.
        public: customers may find it.

    Raises:
        Refusal: ``knowledge.cause_missing``, ``knowledge.solution_missing``, ``id.malformed``, ``clock.*``.
    """

    ticket: str
    at: datetime
    by: str
    cause: str
    solution: str
    asset: str = ""
    serial: str = ""
    model: str = ""
    symptom: str = ""
    problem: str = ""
    customer_caused: bool = False
    public: bool = False

    def __post_init__(self) -> None:
        checked_id(self.ticket)
        checked_id(self.by)
        object.__setattr__(self, "at", utc(self.at))
        if not self.cause.strip():
            raise Refusal("knowledge.cause_missing", ticket=self.ticket)
        if not self.solution.strip():
            raise Refusal("knowledge.solution_missing", ticket=self.ticket)


def current(entries: Iterable[KnowledgeEntry], /) -> tuple[KnowledgeEntry, ...]:
    """Give the entry that holds for each ticket, the last one recorded, in order of ticket."""
    last: dict[str, KnowledgeEntry] = {}
    for entry in sorted(entries, key=lambda one: one.at):
        last[entry.ticket] = entry
    return tuple(last[ticket] for ticket in sorted(last, key=natural_key))


ARCHIVE = "archive"
"""Who recorded what came with the repair history, where it names nobody."""


def archived(closed: ClosedTicket, /) -> KnowledgeEntry | None:
    """Give the entry a ticket of the repair history amounts to, for inside only; None: cause or solution is missing."""
    if not (closed.cause.strip() and closed.solution.strip()):
        return None
    return KnowledgeEntry(
        closed.ticket,
        closed.repaired_at,
        closed.engineer or ARCHIVE,
        closed.cause,
        closed.solution,
        closed.asset,
        model=closed.model,
        symptom=closed.symptom,
    )


def check_closing(
    ticket: Ticket, events: Iterable[TicketEvent], scheme: Scheme, entries: Iterable[KnowledgeEntry], /
) -> Iterator[Refusal]:
    """Give what stops a fault from being closed: cause and solution where the scheme records every problem.

    Yields:
        ``knowledge.not_recorded`` for every closing of a fault without an entry since it was last (re)opened.
    """
    if ticket.kind is not TicketKind.FAULT or not scheme.handling.cause_recorded:
        return
    recorded = [entry.at for entry in entries if entry.ticket == ticket.id]
    opened_at = ticket.reported_at
    for event in events:
        if event.kind is EventKind.REOPENED:
            opened_at = event.at
        elif event.kind is EventKind.CLOSED and not any(opened_at <= at <= event.at for at in recorded):
            yield Refusal(
                "knowledge.not_recorded", ticket=ticket.id, at_time=event.at.isoformat(), scheme=scheme.id
            )


_CHINESE = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUNS = re.compile(rf"[{_CHINESE}]+|[^\W_{_CHINESE}]+")
_IS_CHINESE = re.compile(rf"[{_CHINESE}]")


def tokens(text: str, /) -> tuple[str, ...]:
    """Cut a text into the words it is found by, in order, repeats kept.

    >>> tokens("打印机卡纸, E-52 Fuser")
    ('打印', '印机', '机卡', '卡纸', 'e', '52', 'fuser')
    """
    found: list[str] = []
    for run in _RUNS.findall(unicodedata.normalize("NFKC", text).casefold()):
        if not _IS_CHINESE.match(run) or len(run) == 1:
            found.append(run)
        else:
            found.extend(run[i : i + 2] for i in range(len(run) - 1))
    return tuple(found)


def searched(entry: KnowledgeEntry, /) -> tuple[str, ...]:
    """Give the words an entry is found by: of its cause, solution, model, symptom and problem."""
    texts = (entry.cause, entry.solution, entry.model, entry.symptom, entry.problem)
    # Cut one by one: no pair of characters reaches over from one text into the next.
    return tuple(word for text in texts for word in tokens(text))


def is_found(word: str, words: Iterable[str], /) -> bool:
    """Say whether a word asked for is among the words of an entry; a single Chinese character is found in any pair."""
    if is_one_sign(word):
        return any(word in other for other in words)
    return word in set(words)


def is_one_sign(word: str, /) -> bool:
    """Say whether a word asked for is a single Chinese character."""
    return len(word) == 1 and _IS_CHINESE.match(word) is not None


K1, B = 1.2, 0.75
"""How fast a repeated word counts less, and how much a long text is marked down (Robertson and Zaragoza 2009, 3.4)."""


def search(
    query: str, entries: Iterable[KnowledgeEntry], /, *, public_only: bool, most: int = 20
) -> tuple[KnowledgeEntry, ...]:
    """Find the entries in which every word of a query stands, the best first.

    Ranked by BM25 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009) with K1 and B above, equals
    by the newest, then by ticket. A query without a word finds nothing.

    Args:
        query: words, in any order.
        entries: to search; of each ticket the last one holds.
        public_only: leave out what customers may not see.
        most: entries to give.
    """
    asked = tuple(dict.fromkeys(tokens(query)))
    texts = [(entry, searched(entry)) for entry in current(entries) if entry.public or not public_only]
    hits = [(entry, words) for entry, words in texts if asked and all(is_found(one, words) for one in asked)]
    mean = sum(len(words) for _, words in texts) / len(texts) if texts else 0.0
    having = {one: sum(1 for _, words in texts if is_found(one, words)) for one in asked}
    return tuple(hit.entry for hit in ranked(having, hits, of=len(texts), mean=mean)[:most])


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that was found, and how well: no unit, the greater the better."""

    score: float
    entry: KnowledgeEntry

    @property
    def stands(self) -> tuple[int, int, str]:
        """Where it stands among others, the best first, equals by the newest, then by ticket."""
        return -round(self.score * 10**9), -int(self.entry.at.timestamp()), self.entry.ticket


def ranked(
    having: Mapping[str, int],
    hits: Iterable[tuple[KnowledgeEntry, Sequence[str]]],
    /,
    *,
    of: int,
    mean: float,
) -> tuple[Hit, ...]:
    """Put hits in order, the best first.

    Args:
        having: words asked for, each with the number of entries it stands in.
        hits: entries with all of them, each with the words it is found by.
        of: number of entries searched.
        mean: words an entry is found by, on average.
    """
    asked = tuple(having)
    weights = [math.log(1 + (of - n + 0.5) / (n + 0.5)) for n in having.values()]
    scored = (Hit(_score(asked, weights, words, mean), entry) for entry, words in hits)
    return tuple(sorted(scored, key=lambda hit: hit.stands))


def _score(asked: Sequence[str], weights: Sequence[float], words: Sequence[str], mean: float) -> float:
    counts = Counter(words)
    long = K1 * (1 - B + B * len(words) / mean) if mean else K1
    times = [counts[one] or sum(n for word, n in counts.items() if one in word) for one in asked]
    score = sum(w * n * (K1 + 1) / (n + long) for w, n in zip(weights, times, strict=True))
    # Sums in another order differ in the last digits; what is equal must stay equal.
    return round(score, 9)


@dataclass(frozen=True, slots=True)
class Offer:
    """A cause and a solution known from `n` earlier tickets, of `m` with the same likeness.

    Args:
        cause, solution: in words.
        same_model, same_symptom: how the tickets resemble the one at hand.
        tickets: their ids, the newest first.
    """

    cause: str
    solution: str
    same_model: bool
    same_symptom: bool
    n: int
    m: int
    tickets: tuple[str, ...]


def offered(
    entries: Iterable[KnowledgeEntry], *, model: str, symptom: str, public_only: bool = False, most: int = 10
) -> tuple[Offer, ...]:
    """Offer what helped before: same model and symptom first, then same model, then same symptom; most often first."""
    known = [entry for entry in current(entries) if entry.public or not public_only]
    tiers: dict[tuple[bool, bool], dict[tuple[str, str], list[KnowledgeEntry]]] = {}
    for entry in known:
        alike = (bool(model) and entry.model == model, bool(symptom) and entry.symptom == symptom)
        if any(alike):
            same = tiers.setdefault(alike, {}).setdefault((entry.cause.strip(), entry.solution.strip()), [])
            same.append(entry)
    offers = []
    for alike in ((True, True), (True, False), (False, True)):
        groups = tiers.get(alike, {})
        m = sum(len(ones) for ones in groups.values())
        in_order = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
        for (cause, solution), ones in in_order:
            newest = sorted(ones, key=lambda one: (-one.at.timestamp(), natural_key(one.ticket)))
            offers.append(Offer(cause, solution, *alike, len(ones), m, tuple(one.ticket for one in newest)))
    return tuple(offers[:most])
