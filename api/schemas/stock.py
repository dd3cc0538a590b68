"""Stock over HTTP."""

from __future__ import annotations

from datetime import datetime

from api.wire.bounds import Out


class StockOut(Out):
    """One part at one place, whole units."""

    part: str
    place: str
    on_hand: int
    usable: int
    reserved: int
    available: int
    in_transit: int


class StockPageOut(Out):
    """A page of the stock list, by part and place."""

    region: str
    at: datetime
    stock: list[StockOut]
    next: str | None
