"""Snoozed lines in the review: listed, neither moved nor bought, awake on their day."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from inventory.catalogue.part import Alternate, AlternateKind
from inventory.catalogue.supplier import SupplierTerms
from inventory.replenish.assessment import Urgency
from inventory.replenish.policy import StockPolicy
from inventory.replenish.reorder import Proposal, Source
from inventory.replenish.snooze import Snooze
from inventory.review import review
from tests.stock_builders import NOW, move, need, part, stockroom

DAY = timedelta(days=1)


def brief(proposals: tuple[Proposal, ...]) -> list[tuple[str, int, str]]:
    """Where to, how many, from whom."""
    return [(row.place, row.quantity, row.from_place or row.supplier or "none") for row in proposals]


def codes(proposal: Proposal) -> list[str]:
    """The steps of a trace by their code."""
    return [step.code for step in proposal.why]


def snoozed(part_id: str = "P-1", place: str = "FUZHOU", *, days: int = 5) -> Snooze:
    """The line is left alone so many days from today."""
    until = (NOW + timedelta(days=days)).date()
    return Snooze(part_id, place, NOW - timedelta(days=1), until, "on its way by boat", "keeper")


def test_a_snoozed_line_is_listed_and_neither_moved_nor_bought() -> None:
    """Not hidden: with its calculation, who said so and why; the other depot keeps its units for others."""
    low = {"stock_policies": (StockPolicy("P-1", "FUZHOU", 0.95, 7, minimum=3, maximum=6),)}
    room = stockroom(move(1, 5, "ADJUSTMENT", "XIAMEN"), **low, snoozes=(snoozed(),))

    found = review(room, (), NOW)
    again = review(room, (), NOW + timedelta(days=4))
    awake = review(room, (), NOW + timedelta(days=5))

    assert brief(found) == [("FUZHOU", 6, "none")]
    assert (found[0].source, found[0].cost) == (Source.SNOOZED, Decimal(0))
    assert found[0].snoozed_until == (NOW + timedelta(days=5)).date()
    assert codes(found[0])[-1] == "reorder.snoozed"
    assert [row.source for row in again] == [Source.SNOOZED]
    assert brief(awake) == [("FUZHOU", 5, "XIAMEN")]


def test_a_snoozed_line_that_breaks_a_need_stays_on_top_and_others_go_last() -> None:
    """Nobody acts on it, so it must be seen first; one that merely runs low waits at the end of the list."""
    policies = tuple(
        StockPolicy(part_id, "FUZHOU", 0.95, 7, minimum=3, maximum=6) for part_id in ("P-1", "P-2", "P-3")
    )
    parts = (part(), part("P-2"), part("P-3"))
    terms = tuple(SupplierTerms("S-1", one.id, Decimal(90)) for one in parts)
    words = (snoozed(), snoozed("P-2"))
    room = stockroom(parts=parts, terms=terms, stock_policies=policies, snoozes=words)

    found = review(room, [need(1)], NOW)

    assert [(row.part, row.source) for row in found] == [
        ("P-1", Source.SNOOZED),
        ("P-3", Source.PURCHASE),
        ("P-2", Source.SNOOZED),
    ]
    assert found[0].urgency is Urgency.NEED_BREAKS


def test_a_snoozed_line_takes_no_money_of_the_budget() -> None:
    """What is left alone is bought by nobody: the money goes to the line that is awake."""
    policies = tuple(
        StockPolicy("P-1", place, 0.95, 7, minimum=3, maximum=6) for place in ("FUZHOU", "XIAMEN")
    )
    room = stockroom(stock_policies=policies, snoozes=(snoozed(),))

    found = review(room, (), NOW, budget=Decimal(540))

    assert brief(found) == [("XIAMEN", 6, "S-1"), ("FUZHOU", 6, "none")]
    assert sum(row.cost for row in found) == Decimal(540)


def test_a_snoozed_van_asks_its_depot_for_nothing() -> None:
    """Its missing units are not ordered for the depot by the back door."""
    room = stockroom(snoozes=(snoozed(place="VAN-1"),))

    found = review(room, [need(2, place="VAN-1")], NOW)

    assert [(row.place, row.source) for row in found] == [("VAN-1", Source.SNOOZED)]


def test_snoozing_the_successor_holds_what_would_be_bought_of_it() -> None:
    """The line names the part that is bought: that is the one somebody snoozes."""
    room = stockroom(
        parts=(part(), part("P-9")),
        alternates=(Alternate("P-1", "P-9", AlternateKind.SUPERSEDES),),
        terms=(SupplierTerms("S-1", "P-9", Decimal(90)),),
        snoozes=(snoozed("P-9"),),
    )

    found = review(room, [need(2)], NOW)

    assert [(row.part, row.source) for row in found] == [("P-9", Source.SNOOZED)]
