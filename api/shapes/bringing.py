"""The ways a part can be brought, and what is to be brought, as the interface shows them."""

from __future__ import annotations

from api.schemas.deliveries import BringingWayOut, NoWayOut, ToBringOut, WaysOut
from api.shapes.in_force import said
from api.text import Lang
from api.usecases.in_force import InForce
from inventory.bringing.followed import Followed
from inventory.bringing.told import to_do, why, why_not
from inventory.bringing.way import Bringing
from kernel.money import cents


def ways_out(
    going: InForce, found: Bringing, lang: Lang, /, *, visit: str, part: str, quantity: int
) -> WaysOut:
    """The ways with their arithmetic in words."""
    stock = going.board.region.stock
    names = {one.id: one.name for one in stock.suppliers} | {one.id: one.name for one in stock.places}
    return WaysOut(
        visit=visit,
        part=part,
        quantity=quantity,
        currency=going.board.region.settings.currency,
        at=going.board.now,
        ways=[
            BringingWayOut(
                kind=way.kind,
                source=way.source,
                name=names.get(way.source, ""),
                free=way.free,
                units=way.units,
                arrives_at=way.arrives_at,
                leaves_at=way.leaves_at,
                via=way.via,
                price_cents=cents(way.cost),
                goods_cents=cents(way.goods),
                carriage_cents=cents(way.carriage),
                why=said(going, why(way), lang),
            )
            for way in found.ways
        ],
        closed=[
            NoWayOut(
                kind=one.kind,
                source=one.source,
                name=names.get(one.source, ""),
                there=one.there,
                why=said(going, why_not(one), lang),
            )
            for one in found.closed
        ],
    )


def to_bring_out(going: InForce, one: Followed, lang: Lang, /) -> ToBringOut:
    """What is to be brought, and what to do about it in words."""
    offer = one.offer
    return ToBringOut(
        delivery=offer.id,
        stage=one.stage,
        left=one.left,
        late=one.late,
        part=offer.part,
        quantity=offer.quantity,
        kind=offer.kind,
        source=offer.source,
        visit=offer.demand_ref,
        due_at=offer.arrives_at,
        price_cents=cents(offer.price),
        text=said(going, to_do(one), lang).text,
    )
