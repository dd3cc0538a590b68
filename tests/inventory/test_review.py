"""The wheel: vans from depots, depots from each other, the rest bought; what breaks first first."""

from __future__ import annotations

import random  # noqa: TID251 only its type; hypothesis seeds it
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.catalogue.part import Alternate, AlternateKind
from inventory.catalogue.supplier import Supplier, SupplierTerms
from inventory.replenish.assessment import Urgency
from inventory.replenish.demand import DemandMonth
from inventory.replenish.policy import StockPolicy
from inventory.replenish.reorder import Proposal, Source
from inventory.review import review
from inventory.stock.reservation import Reservation
from inventory.stockroom import Stockroom
from inventory.supply.ordering import DraftLine, OrderFact, OrderStep
from inventory.supply.purchasing import PurchaseOrderLine
from kernel.errors import Refusal
from tests.stock_builders import NOW, move, need, part, stockroom

DAY = timedelta(days=1)


def brief(proposals: tuple[Proposal, ...]) -> list[tuple[str, int, str]]:
    """Where to, how many, from whom."""
    return [(row.place, row.quantity, row.from_place or row.supplier or "none") for row in proposals]


def codes(proposal: Proposal) -> list[str]:
    """The steps of a trace by their code."""
    return [step.code for step in proposal.why]


def test_a_missing_part_is_taken_from_another_depot_before_it_is_bought() -> None:
    """Xiamen can spare what Fuzhou needs tomorrow: moved, not bought."""
    room = stockroom(move(1, 5, "ADJUSTMENT", "XIAMEN"))

    found = review(room, [need(2)], NOW)

    assert brief(found) == [("FUZHOU", 2, "XIAMEN")]
    assert found[0].source is Source.TRANSFER
    assert found[0].urgency is Urgency.NEED_BREAKS
    assert found[0].arrives_at == NOW + timedelta(days=1)


def test_forward_stock_is_filled_like_a_depot_and_gives_nothing_away() -> None:
    """What stands at one customer's is his: others buy, though five lie idle there."""
    idle = stockroom(move(1, 5, "ADJUSTMENT", "ONSITE"))
    wanting = stockroom(move(1, 5, "ADJUSTMENT", "XIAMEN"))

    assert brief(review(idle, [need(2)], NOW)) == [("FUZHOU", 2, "S-1")]
    assert brief(review(wanting, [need(2, place="ONSITE")], NOW)) == [("ONSITE", 2, "XIAMEN")]


def test_an_expired_reservation_covers_no_need() -> None:
    """What is kept no longer is needed again."""
    kept = Reservation("P-1", "FUZHOU", 2, "V-1", expires_at=NOW)
    room = stockroom(reservations=(kept,))

    assert brief(review(room, [need(2)], NOW)) == [("FUZHOU", 2, "S-1")]


def test_what_another_depot_cannot_spare_is_bought() -> None:
    """A depot keeps what its own mark and plan ask for; the trace says how much the transfer left."""
    room = stockroom(
        move(1, 5, "ADJUSTMENT", "XIAMEN"),
        stock_policies=(
            StockPolicy("P-1", "XIAMEN", 0.95, 7, minimum=2, maximum=6),
            StockPolicy("P-1", "FUZHOU", 0.95, 7, minimum=3, maximum=6),
        ),
    )

    found = review(room, [need(1, place="XIAMEN")], NOW)

    assert brief(found) == [("FUZHOU", 1, "XIAMEN"), ("FUZHOU", 5, "S-1")]
    assert "reorder.rest" in codes(found[1])


def test_what_transfers_lift_above_the_mark_is_not_bought() -> None:
    """Above its reorder point a place can wait for its next order: no purchase only to reach the top."""
    room = stockroom(
        move(1, 3, "ADJUSTMENT", "XIAMEN"),
        stock_policies=(StockPolicy("P-1", "FUZHOU", 0.95, 7, minimum=1, maximum=9),),
    )

    assert brief(review(room, [], NOW)) == [("FUZHOU", 3, "XIAMEN")]


def test_more_promised_than_there_is_calls_for_action_by_itself() -> None:
    """Goods promised and then found damaged are missing, with or without a policy."""
    room = stockroom(
        move(1, 1, "ADJUSTMENT", "FUZHOU"), reservations=(Reservation("P-1", "FUZHOU", 3, "V-1"),)
    )

    (made,) = review(room, [], NOW)

    assert (made.quantity, made.supplier, made.urgency) == (2, "S-1", Urgency.NEED_BREAKS)


def test_a_known_need_outranks_another_depot_s_mark() -> None:
    """Work that would stop takes even what Xiamen keeps in reserve; Xiamen is then filled up by the supplier."""
    room = stockroom(
        move(1, 3, "ADJUSTMENT", "XIAMEN"),
        stock_policies=(StockPolicy("P-1", "XIAMEN", 0.95, 7, minimum=2, maximum=5),),
    )

    found = review(room, [need(2)], NOW)

    assert brief(found) == [("FUZHOU", 2, "XIAMEN"), ("XIAMEN", 4, "S-1")]


def test_two_depots_do_not_get_the_same_units() -> None:
    """What one proposal takes is gone for the next: the earlier need wins."""
    room = stockroom(move(1, 3, "ADJUSTMENT", "QUARANTINE"), move(2, 3, "ADJUSTMENT", "XIAMEN"))
    late = need(2, hours=30, place="VAN-1", demand_ref="V-2")

    found = review(room, [late, need(2)], NOW)

    given_away = sum(row.quantity for row in found if row.from_place == "XIAMEN")
    assert given_away == 3


def test_a_van_is_filled_from_its_depot_and_the_depot_from_the_supplier() -> None:
    """The van takes what its depot has free; what is missing is brought to the depot, and both are shown."""
    room = stockroom(move(1, 2, "ADJUSTMENT", "FUZHOU"), move(2, 1, "ADJUSTMENT", "XIAMEN"))

    found = review(room, [need(5, place="VAN-1")], NOW, homes={"VAN-1": "FUZHOU"})

    assert sorted(brief(found)) == [
        ("FUZHOU", 2, "S-1"),
        ("VAN-1", 1, "XIAMEN"),
        ("VAN-1", 2, "FUZHOU"),
        ("VAN-1", 2, "none"),
    ]


def test_a_van_prefers_its_own_depot() -> None:
    """Where it is filled from is told, not guessed."""
    room = stockroom(move(1, 2, "ADJUSTMENT", "FUZHOU"), move(2, 2, "ADJUSTMENT", "XIAMEN"))

    for home in ("FUZHOU", "XIAMEN"):
        found = review(room, [need(1, place="VAN-1")], NOW, homes={"VAN-1": home})
        assert brief(found) == [("VAN-1", 1, home)]


def test_what_is_on_order_or_reserved_is_not_ordered_again() -> None:
    """An order under way counts; a need with its reservation is served."""
    ordered = PurchaseOrderLine(
        "PO-1", "S-1", "P-1", 2, "FUZHOU", NOW - timedelta(days=9), NOW + timedelta(hours=20)
    )
    kept = Reservation("P-1", "FUZHOU", 1, "V-2")
    room = stockroom(move(1, 1, "ADJUSTMENT", "FUZHOU"), purchase_orders=(ordered,), reservations=(kept,))

    assert review(room, [need(2), need(1, hours=1, demand_ref="V-2")], NOW) == ()


def test_an_order_that_comes_too_late_is_shown() -> None:
    """Enough is on order, but after the need: nothing is bought twice, and nobody is left to find out."""
    ordered = PurchaseOrderLine(
        "PO-1", "S-1", "P-1", 2, "FUZHOU", NOW - timedelta(days=1), NOW + timedelta(days=5)
    )

    found = review(stockroom(purchase_orders=(ordered,)), [need(2)], NOW)

    assert [row.source for row in found] == [Source.NONE]
    assert codes(found[0])[-1] == "reorder.comes_too_late"


def test_a_superseded_part_is_bought_as_its_successor() -> None:
    """The old number is no longer sold; stock of it is still moved."""
    room = stockroom(
        parts=(part(), part("P-2")),
        alternates=(Alternate("P-1", "P-2", AlternateKind.SUPERSEDES),),
        terms=(SupplierTerms("S-1", "P-2", Decimal(80)),),
    )

    (bought,) = review(room, [need(2)], NOW)

    assert (bought.part, bought.quantity, bought.supplier) == ("P-2", 2, "S-1")
    assert "reorder.superseded" in codes(bought)


def test_a_part_without_policy_or_need_is_left_alone() -> None:
    """Where nothing is to be kept nothing is ordered, whatever was used there once."""
    history = tuple(DemandMonth("P-1", "FUZHOU", f"2025-{month:02}", 3) for month in range(1, 13))

    assert review(stockroom(demand_history=history), [], NOW) == ()


def test_demand_history_raises_the_mark() -> None:
    """With a policy, history decides how much is kept."""
    history = tuple(DemandMonth("P-1", "FUZHOU", f"2025-{month:02}", 3) for month in range(1, 13))
    policies = (StockPolicy("P-1", "FUZHOU", 0.95, 7),)

    (busy,) = review(stockroom(demand_history=history, stock_policies=policies), [], NOW)
    quiet = review(stockroom(stock_policies=policies), [], NOW)

    assert busy.quantity > 3
    assert quiet == ()


def test_proposals_stand_in_the_order_in_which_things_break() -> None:
    """Known needs by their time, then what runs out, then low marks; the critical part first at one moment."""
    names = ("P-1", "P-2", "P-3", "P-4", "P-5")
    history = tuple(DemandMonth("P-4", "FUZHOU", f"2025-{month:02}", 9) for month in range(1, 13))
    room = stockroom(
        *(move(n, 1, "ADJUSTMENT", "FUZHOU", part=name) for n, name in enumerate(names)),
        parts=tuple(part(name, criticality=3 if name == "P-2" else 1) for name in names),
        terms=tuple(SupplierTerms("S-1", name, Decimal(5)) for name in names),
        demand_history=history,
        stock_policies=(
            StockPolicy("P-4", "FUZHOU", 0.95, 7),
            StockPolicy("P-5", "FUZHOU", 0.95, 7, minimum=1),
        ),
    )
    needs = [
        need(2, hours=50, part="P-2"),
        need(2, hours=50, part="P-3"),
        need(2, hours=20, part="P-1"),
    ]

    found = review(room, needs, NOW)

    assert [row.part for row in found] == ["P-1", "P-3", "P-2", "P-4", "P-5"]


@given(st.randoms(use_true_random=False))
def test_the_same_stock_gives_the_same_proposals_in_any_order_of_rows(shuffled: random.Random) -> None:
    """Deterministic: neither the order of the tables nor that of the needs decides anything."""
    room = stockroom(
        *(
            move(n, 3, "ADJUSTMENT", place, part=f"P-{1 + n % 3}")
            for n, place in enumerate(("FUZHOU", "XIAMEN"))
        ),
        parts=tuple(part(f"P-{n}") for n in (1, 2, 3)),
        terms=tuple(SupplierTerms("S-1", f"P-{n}", Decimal(5)) for n in (1, 2, 3)),
        stock_policies=tuple(
            StockPolicy(f"P-{n}", place, 0.95, 7, minimum=1, maximum=4)
            for n in (1, 2, 3)
            for place in ("FUZHOU", "XIAMEN", "VAN-1")
        ),
    )
    needs = [
        need(2, part=f"P-{n}", place=place, demand_ref=place) for n in (1, 2) for place in ("XIAMEN", "VAN-1")
    ]
    other = replace(
        room,
        **{
            table: tuple(shuffled.sample(getattr(room, table), len(getattr(room, table))))
            for table in ("parts", "places", "moves", "terms", "stock_policies")
        },
    )

    assert review(other, shuffled.sample(needs, len(needs)), NOW) == review(room, needs, NOW)


@given(
    st.lists(st.tuples(st.sampled_from(["FUZHOU", "XIAMEN", "VAN-1"]), st.integers(1, 6)), max_size=5),
    st.lists(st.tuples(st.sampled_from(["FUZHOU", "XIAMEN", "VAN-1"]), st.integers(1, 6)), max_size=5),
)
def test_nobody_gives_what_he_does_not_have(
    stock: list[tuple[str, int]], wants: list[tuple[str, int]]
) -> None:
    """All transfers together leave every place with what its own plan needs, and every want is answered."""
    room = stockroom(*(move(n, q, "ADJUSTMENT", place) for n, (place, q) in enumerate(stock)))
    needs = [need(q, place=place, demand_ref=f"V-{n}") for n, (place, q) in enumerate(wants)]

    found = review(room, needs, NOW)

    for place in ("FUZHOU", "XIAMEN", "VAN-1"):
        there = sum(q for at, q in stock if at == place)
        wanted = sum(q for at, q in wants if at == place)
        given_away = sum(row.quantity for row in found if row.from_place == place)
        assert given_away <= max(0, there - wanted)
        brought = sum(row.quantity for row in found if row.place == place)
        assert brought >= wanted - there


def test_a_need_that_names_nothing_known_is_refused() -> None:
    """Needs come from outside: an unknown part or place is said, not skipped."""
    room: Stockroom = stockroom()

    for wrong, code in (
        (need(1, part="P-9"), "stock.unknown_part"),
        (need(1, place="NOWHERE"), "stock.unknown_place"),
        (need(1, place="QUARANTINE"), "stock.not_a_shelf"),
    ):
        with pytest.raises(Refusal) as caught:
            review(room, [wrong], NOW)
        assert caught.value.code == code


@pytest.mark.parametrize("mark", [2, 10, 12])
def test_a_known_need_is_met_whether_or_not_an_order_is_due(mark: int) -> None:
    """Twenty come in a month, ten are needed tomorrow: all ten are moved, however high the mark stands."""
    coming = PurchaseOrderLine("PO", "S-1", "P-1", 20, "FUZHOU", NOW - DAY, NOW + 30 * DAY)
    kept = StockPolicy("P-1", "FUZHOU", 0.95, 7, minimum=mark, maximum=13)
    whole = stockroom(move(1, 50, "ADJUSTMENT", "XIAMEN"), purchase_orders=(coming,), stock_policies=(kept,))
    little = replace(whole, moves=(move(1, 2, "ADJUSTMENT", "XIAMEN"),))

    assert brief(review(whole, [need(10)], NOW)) == [("FUZHOU", 10, "XIAMEN")]
    found = review(little, [need(10)], NOW)
    assert sum(row.quantity for row in found) >= 10
    assert sum(row.quantity for row in found if row.source is Source.PURCHASE) == (1 if mark == 12 else 0)
    (late,) = (row for row in found if row.source is Source.NONE)
    assert codes(late)[-1] == "reorder.comes_too_late"


def test_a_minimum_nobody_will_use_is_not_cheap() -> None:
    """Two are needed: two at 1.10 before a thousand at 1.00, until a year asks for a thousand."""
    terms = (
        SupplierTerms("S-1", "P-1", Decimal("1.00"), minimum=1000),
        SupplierTerms("S-2", "P-1", Decimal("1.10")),
    )
    suppliers = (Supplier("S-1", "maker", 10, 2), Supplier("S-2", "dealer", 10, 2))
    room = stockroom(suppliers=suppliers, terms=terms)
    asked = tuple(DemandMonth("P-1", "XIAMEN", f"2025-{month:02d}", 100) for month in range(4, 13))
    longer_ago = tuple(replace(row, month=row.month.replace("2025", "2024")) for row in asked)

    assert [(row.supplier, row.quantity) for row in review(room, [need(2)], NOW)] == [("S-2", 2)]
    for history, chosen in ((asked, "S-1"), (longer_ago, "S-2")):
        busy = replace(room, demand_history=history)
        assert [row.supplier for row in review(busy, [need(100)], NOW)] == [chosen]


def draft(quantity: int, **changes: Any) -> DraftLine:
    """An order that was written an hour ago."""
    plain: dict[str, Any] = {"order": "W-1", "part": "P-1"}
    return DraftLine(
        supplier="S-1",
        to_place="FUZHOU",
        quantity=quantity,
        price=Decimal(90),
        made_at=NOW - timedelta(hours=1),
        made_by="keeper",
        **(plain | changes),
    )


def test_what_waits_to_be_sent_counts_and_the_rest_is_bought() -> None:
    """Five of fifty are written down already: forty-five are bought, the line says why; a cancelled order counts no more."""
    room = stockroom(order_drafts=(draft(5),))
    dropped = replace(room, order_steps=(OrderFact("W-1", OrderStep.CANCEL, NOW, "keeper"),))
    wanted = [need(50, hours=24 * 12)]

    (found,) = review(room, wanted, NOW)

    assert (found.quantity, found.supplier) == (45, "S-1")
    said = {step.code: step.params for step in found.why}
    assert said["reorder.waits_sending"] == {"quantity": 5, "order": "W-1"}
    assert [row.quantity for row in review(dropped, wanted, NOW)] == [50]
    assert review(replace(room, order_drafts=(draft(50),)), wanted, NOW) == ()


def test_an_order_of_the_successor_that_waits_is_not_written_again() -> None:
    """The old pump is short of four, six of the new one are written down and two of these are its own need."""
    room = stockroom(
        parts=(part(), part("P-2")),
        terms=(SupplierTerms("S-1", "P-2", Decimal(90)),),
        alternates=(Alternate("P-1", "P-2", AlternateKind.SUPERSEDES),),
        order_drafts=(draft(6, part="P-2"),),
    )
    own = need(2, part="P-2", hours=24 * 12)

    assert review(room, [need(4, hours=24 * 12), own], NOW) == ()
    (found,) = review(room, [need(5, hours=24 * 12), own], NOW)
    assert (found.part, found.quantity) == ("P-2", 1)


def test_an_order_of_the_successor_that_was_sent_is_not_bought_again() -> None:
    """Six of the new pump are on order, two of them its own need: four stand in for the old one, once at each place."""
    line = PurchaseOrderLine("O-1", "S-1", "P-2", 6, "FUZHOU", NOW - DAY)
    room = stockroom(
        parts=(part(), part("P-2")),
        terms=(SupplierTerms("S-1", "P-2", Decimal(90)),),
        alternates=(Alternate("P-1", "P-2", AlternateKind.SUPERSEDES),),
        purchase_orders=(line,),
    )
    own, late = need(2, part="P-2", hours=24 * 12), 24 * 12

    assert review(room, [need(4, hours=late), own], NOW) == ()
    (found,) = review(room, [need(5, hours=late), own], NOW)
    assert (found.part, found.quantity) == ("P-2", 1)
    elsewhere = review(room, [need(4, hours=late, place="XIAMEN"), own], NOW)
    assert [(row.place, row.quantity) for row in elsewhere] == [("XIAMEN", 4)]
