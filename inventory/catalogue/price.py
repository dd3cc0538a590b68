"""What a supplier asks for many units: prices that fall with the order, and the order that costs least."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from inventory.catalogue.supplier import SupplierTerms
from kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class PriceBreak:
    """From `minimum` units in one order on, each of them costs `price`.

    Raises:
        Refusal: ``stock.terms_below_one``, ``money.negative``.
    """

    supplier: str
    part: str
    minimum: int
    price: Decimal

    def __post_init__(self) -> None:
        if self.minimum < 1:
            raise Refusal("stock.terms_below_one", supplier=self.supplier, part=self.part)
        if self.price < 0:
            raise Refusal("money.negative", value=str(self.price))


@dataclass(frozen=True, slots=True)
class Priced:
    """An order of `quantity` units at `price` each; `wanted` of them were asked for.

    `reached` is the break whose price it is; None: the price of one unit.
    """

    wanted: int
    quantity: int
    price: Decimal
    reached: PriceBreak | None = None

    @property
    def cost(self) -> Decimal:
        """What the order costs."""
        return self.quantity * self.price


def priced(terms: SupplierTerms, breaks: Iterable[PriceBreak], wanted: int, *, quantity: int) -> Priced:
    """Give what an order of `quantity` costs: at the lowest price whose minimum is reached."""
    reached = [row for row in _own(terms, breaks) if row.minimum <= quantity and row.price < terms.price]
    best = min(reached, key=lambda row: (row.price, row.minimum), default=None)
    return Priced(wanted, quantity, terms.price if best is None else best.price, best)


def cheapest(terms: SupplierTerms, breaks: Iterable[PriceBreak], wanted: int) -> Priced:
    """The order that brings at least `wanted` units for the least money; of two alike the smaller.

    Buying up to a break can cost less than buying what is wanted; nothing else is worth looking at.

    >>> terms = SupplierTerms("S", "P", Decimal(10), multiple=2)
    >>> found = cheapest(terms, [PriceBreak("S", "P", 20, Decimal(8))], 17)
    >>> found.quantity, found.price
    (20, Decimal('8'))
    """
    own = _own(terms, breaks)
    sizes = {terms.order_of(wanted), *(terms.order_of(max(wanted, row.minimum)) for row in own)}
    orders = [priced(terms, own, wanted, quantity=size) for size in sizes]
    return min(orders, key=lambda order: (order.cost, order.quantity))


def _own(terms: SupplierTerms, breaks: Iterable[PriceBreak]) -> list[PriceBreak]:
    return [row for row in breaks if (row.supplier, row.part) == (terms.supplier, terms.part)]
