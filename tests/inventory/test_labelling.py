"""Which labels are printed."""

from __future__ import annotations

from decimal import Decimal

from inventory.catalogue.loaner import LoanerClass, LoanerUnit
from inventory.labelling import LabelKind, labels
from inventory.stock.label import Label
from inventory.stockroom import Stockroom
from tests.stock_builders import NOW, move, part, stockroom


def room() -> Stockroom:
    """A lot in Fuzhou, a unit there and one sold, plain units on the van."""
    return stockroom(
        move(1, 5, "SUPPLIER", "FUZHOU", lot="L-10"),
        move(2, 5, "SUPPLIER", "FUZHOU", lot="L-2"),
        move(3, 5, "FUZHOU", "CUSTOMER", lot="L-10"),
        move(4, 1, "SUPPLIER", "FUZHOU", part="P-2", serial="U-1"),
        move(5, 1, "SUPPLIER", "FUZHOU", part="P-2", serial="U-2"),
        move(6, 1, "FUZHOU", "CUSTOMER", part="P-2", serial="U-2"),
        move(7, 3, "SUPPLIER", "VAN-1"),
        parts=(part(), part("P-2", name="pump head")),
        loaner_classes=(LoanerClass("ROUTER", "router", (), Decimal(40)),),
        loaner_units=(LoanerUnit("R-1", "ROUTER", "XIAMEN"),),
    )


def printed(kind: LabelKind, **only: str) -> list[Label]:
    """The labels of a kind."""
    return [row.label for row in labels(room(), kind, now=NOW, **only)]


def test_labels_are_for_what_is_there() -> None:
    """What has left needs none: not the sold unit, not the lot that is used up; each part once."""
    assert printed(LabelKind.PARTS) == [Label(part="P-1"), Label(part="P-2")]
    assert printed(LabelKind.LOTS) == [Label(part="P-1", lot="L-2")]
    assert printed(LabelKind.UNITS) == [Label(part="P-2", serial="U-1")]
    assert printed(LabelKind.LOANERS) == [Label(loaner_unit="R-1")]


def test_only_places_where_goods_lie_have_labels() -> None:
    """Nobody sticks a label on the road or on a supplier."""
    assert [label.place for label in printed(LabelKind.PLACES)] == [
        "FUZHOU",
        "ONSITE",
        "QUARANTINE",
        "VAN-1",
        "XIAMEN",
    ]


def test_labels_can_be_asked_for_by_place_and_part() -> None:
    """One shelf, one part."""
    assert printed(LabelKind.PARTS, place="VAN-1") == [Label(part="P-1")]
    assert printed(LabelKind.PARTS, part="P-2", place="VAN-1") == []
    assert printed(LabelKind.LOANERS, place="FUZHOU") == []
    assert printed(LabelKind.PLACES, part="P-1") == []
    assert labels(room(), LabelKind.UNITS, now=NOW)[0].name == "pump head"
