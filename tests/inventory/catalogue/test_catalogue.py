"""What the catalogue accepts, and who stands in for whom."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from inventory.catalogue.loaner import LoanerClass, lendable
from inventory.catalogue.part import Alternate, AlternateKind, current, stand_ins
from inventory.catalogue.place import Place, PlaceKind
from inventory.catalogue.supplier import Supplier, SupplierTerms
from inventory.replenish.demand import DemandMonth
from inventory.replenish.policy import StockPolicy
from kernel.errors import Refusal
from tests.stock_builders import part

EQUAL, SUPERSEDES = AlternateKind.EQUAL, AlternateKind.SUPERSEDES


def test_equals_stand_in_both_ways_and_successors_one_way() -> None:
    """The new part replaces the old, never the old the new."""
    rows = (Alternate("A", "B", EQUAL), Alternate("A", "A2", SUPERSEDES))

    assert stand_ins(rows, "A") == ("A2", "B")
    assert stand_ins(rows, "B") == ("A",)
    assert stand_ins(rows, "A2") == ()


def test_supersession_is_followed_to_its_end_and_a_circle_ends() -> None:
    """What is bought is the newest; a mistake in the table does not hang the program."""
    chain = (Alternate("A", "B", SUPERSEDES), Alternate("B", "C", SUPERSEDES), Alternate("A", "X", EQUAL))

    assert current(chain, "A") == "C"
    assert current((*chain, Alternate("C", "A", SUPERSEDES)), "A") == "C"
    assert current(chain, "X") == "X"


def test_a_loaner_is_substituted_by_what_its_class_lists_only() -> None:
    """Listed equals or better, in their order; not what those list in turn."""
    classes = (
        LoanerClass("S", "small", ("M", "L"), Decimal(5)),
        LoanerClass("M", "medium", ("XL",), Decimal(7)),
    )

    assert lendable(classes, "S") == ("S", "M", "L")
    with pytest.raises(Refusal, match=r"stock\.unknown_loaner_class"):
        lendable(classes, "NONE")


@pytest.mark.parametrize(
    ("wanted", "minimum", "multiple", "ordered"),
    [(3, 1, 1, 3), (3, 10, 1, 10), (3, 1, 4, 4), (3, 10, 4, 12), (12, 10, 4, 12), (13, 10, 4, 16)],
)
def test_an_order_keeps_minimum_and_multiple(wanted: int, minimum: int, multiple: int, ordered: int) -> None:
    """Never less than wanted, never less than the minimum, always whole multiples."""
    terms = SupplierTerms("S", "P", Decimal(1), minimum=minimum, multiple=multiple)

    assert terms.order_of(wanted) == ordered


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: part(criticality=0), "stock.criticality_out_of_range"),
        (lambda: part(criticality=4), "stock.criticality_out_of_range"),
        (lambda: part(price=Decimal(-1)), "money.negative"),
        (lambda: Alternate("A", "A", EQUAL), "stock.alternate_of_itself"),
        (lambda: Place("D", PlaceKind.DEPOT, "d", engineer="E"), "stock.engineer_without_van"),
        (lambda: Place("D", PlaceKind.DEPOT, "d", pick_up_min=-1), "stock.negative_minutes"),
        (lambda: Place("F", PlaceKind.FORWARD, "f"), "stock.forward_without_customer"),
        (lambda: Place("D", PlaceKind.DEPOT, "d", customer="C-1"), "stock.customer_without_forward"),
        (lambda: Supplier("S", "s", -1, 0), "stock.negative_lead_time"),
        (lambda: Supplier("S", "s", 1, -1), "stock.negative_lead_time"),
        (lambda: SupplierTerms("S", "P", Decimal(1), lead_time_days=-1), "stock.negative_lead_time"),
        (lambda: SupplierTerms("S", "P", Decimal(1), minimum=0), "stock.terms_below_one"),
        (lambda: SupplierTerms("S", "P", Decimal(1), multiple=0), "stock.terms_below_one"),
        (lambda: SupplierTerms("S", "P", Decimal(-1)), "money.negative"),
        (lambda: LoanerClass("S", "s", ("S",), Decimal(1)), "stock.substitute_of_itself"),
        (lambda: LoanerClass("S", "s", (), Decimal(-1)), "money.negative"),
        (lambda: StockPolicy("P", "D", 0.0, 7), "stock.fill_rate_out_of_range"),
        (lambda: StockPolicy("P", "D", 1.0, 7), "stock.fill_rate_out_of_range"),
        (lambda: StockPolicy("P", "D", 0.9, -1), "stock.negative_review_period"),
        (lambda: StockPolicy("P", "D", 0.9, 7, minimum=-1), "stock.negative_level"),
        (lambda: StockPolicy("P", "D", 0.9, 7, minimum=3, maximum=2), "stock.maximum_below_minimum"),
        (lambda: DemandMonth("P", "D", "2026-13", 1), "stock.not_a_month"),
        (lambda: DemandMonth("P", "D", "2026-1", 1), "stock.not_a_month"),
        (lambda: DemandMonth("P", "D", "2026-01", -1), "stock.negative_demand"),
    ],
)
def test_what_cannot_be_is_refused(make: Callable[[], object], code: str) -> None:
    """Each with its own code, where the value is made."""
    with pytest.raises(Refusal) as caught:
        make()

    assert caught.value.code == code
