"""Forward stock in a plan: one customer's cabinet is no stop for everybody."""

from __future__ import annotations

from dispatch.parts import supplies
from tests.stock_builders import NOW, move, stockroom


def test_forward_stock_is_offered_to_no_route() -> None:
    """A plan that served another customer from it would promise what is not ours to give."""
    room = stockroom(move(1, 5, "ADJUSTMENT", "ONSITE"), move(2, 3, "ADJUSTMENT", "FUZHOU"))

    found = supplies(room, now=NOW)

    assert {shelf.id: dict(shelf.stock) for shelf in found.shelves} == {"FUZHOU": {"P-1": 3}, "XIAMEN": {}}
