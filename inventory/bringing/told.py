"""The arithmetic of a way, and why another is none, as messages: codes with values, their sentences are the catalogue's."""

from __future__ import annotations

from inventory.bringing.followed import Followed
from inventory.bringing.way import NoWay, Way, WayKind
from kernel.errors import Message, Value
from kernel.money import cents


def why(way: Way) -> Message:
    """How the arrival and the price of a way come about."""
    told: dict[str, Value] = {
        "source": way.source,
        "had_at": way.had_at.isoformat(),
        "leaves_at": way.leaves_at.isoformat(),
        "arrives_at": way.arrives_at.isoformat(),
        "way_s": way.road.seconds,
        "km": f"{way.road.metres / 1000:.1f}",
        "carriage_cents": cents(way.carriage),
        "units": way.units,
    }
    if way.via_at is not None:
        told |= {"via": way.via, "via_at": way.via_at.isoformat()}
    if way.kind is WayKind.PURCHASE:
        told["goods_cents"] = cents(way.goods)
    here = way.kind is WayKind.FORWARD and not way.road.seconds
    return Message("bring.why_forward_here" if here else f"bring.why_{way.kind.value}", told)


def why_not(none: NoWay) -> Message:
    """Why a way is none."""
    told: dict[str, Value] = {"source": none.source, "units": none.there}
    if none.arrives_at is not None:
        told["arrives_at"] = none.arrives_at.isoformat()
    return Message(f"bring.not_{none.hindrance.value}", told)


def to_do(one: Followed) -> Message:
    """What is to be done about what was asked for."""
    offer = one.offer
    return Message(
        f"bring.{one.stage.value}",
        {
            "delivery": offer.id,
            "part": offer.part,
            "units": one.left,
            "source": offer.source,
            "visit": offer.demand_ref,
            "kind": offer.kind.value,
            "due_at": offer.arrives_at.isoformat(),
        },
    )
