"""Transfers between our own places: out at once, in transit until received, the difference an adjustment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from inventory.catalogue.place import PlaceKind
from inventory.stock.document import Line, moves
from inventory.stock.move import Condition, Move
from kernel.envelope import Envelope
from kernel.errors import Refusal
from kernel.ids import natural_key


class Goods(NamedTuple):
    """What is transferred: units that are alike."""

    part: str
    condition: Condition = Condition.USABLE
    lot: str = ""
    serial: str = ""


_BY_COURIER = "courier "
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Courier:
    """Who carries a transfer that we do not bring ourselves; the ledger keeps it as the reason of what was sent.

    Args:
        carrier: the courier's name, at most 60 characters.
        tracking: the number it is followed by, without blanks, at most 60 characters.

    Raises:
        Refusal: ``stock.courier_half`` when one of the two is missing, ``stock.tracking_number``.
    """

    carrier: str
    tracking: str

    def __post_init__(self) -> None:
        if not self.carrier.strip() or not self.tracking:
            raise Refusal("stock.courier_half")
        if self.tracking.split() != [self.tracking] or max(len(self.carrier), len(self.tracking)) > _LONGEST:
            raise Refusal("stock.tracking_number", value=self.tracking[:_LONGEST], most=_LONGEST)

    @property
    def reason(self) -> str:
        """As the ledger keeps it.

        >>> Courier("SF Express", "SF1234").reason
        'courier SF Express SF1234'
        """
        return f"{_BY_COURIER}{self.carrier.strip()} {self.tracking}"


def courier_of(reason: str) -> Courier | None:
    """The courier a reason of the ledger names; None: our own people brought it.

    >>> courier_of("courier SF Express SF1234")
    Courier(carrier='SF Express', tracking='SF1234')
    """
    carrier, _, tracking = reason.removeprefix(_BY_COURIER).rpartition(" ")
    named = reason.startswith(_BY_COURIER) and carrier.strip() and tracking
    return Courier(carrier, tracking) if named else None


def is_late(since: datetime, *, now: datetime, days: float) -> bool:
    """Whether goods sent at `since` have been on the road for longer than a transfer takes, in days."""
    return now - since > timedelta(days=days)


def send(
    envelope: Envelope,
    document: str,
    goods: Mapping[Goods, int],
    *,
    from_place: str,
    to_place: str,
    transit: str,
    courier: Courier | None = None,
) -> tuple[Move, ...]:
    """Send goods off: they leave `from_place` now, with our own people or a courier, and are in transit until `receive`.

    Raises:
        Refusal: ``stock.same_place`` when they are to arrive where they are; as `Move`.
    """
    if from_place == to_place:
        raise Refusal("stock.same_place", move=document, place=to_place)
    lines = (
        Line(
            what.part,
            quantity,
            from_place,
            transit,
            what.condition,
            bound_for=to_place,
            lot=what.lot,
            serial=what.serial,
        )
        for what, quantity in _in_order(goods)
    )
    return moves(envelope, document, lines, reason=courier.reason if courier else "transfer")


def under_way(
    document: str, ledger: Iterable[Move], kinds: Mapping[str, PlaceKind]
) -> dict[tuple[str, Goods], int]:
    """What of a transfer is still on the road, by destination and goods: sent less received, from its own moves."""
    left: dict[tuple[str, Goods], int] = {}
    seen: set[str] = set()
    for move in ledger:
        if move.source_document != document or not move.bound_for or move.key in seen:
            continue
        seen.add(move.key)
        key = (move.bound_for, Goods(move.part, move.condition, move.lot, move.serial))
        sign = 1 if kinds.get(move.to_place) is PlaceKind.IN_TRANSIT else -1
        left[key] = left.get(key, 0) + sign * move.quantity
    return {key: quantity for key, quantity in left.items() if quantity}


def receive(
    envelope: Envelope,
    document: str,
    *,
    sent: Mapping[Goods, int],
    counted: Mapping[Goods, int],
    to_place: str,
    transit: str,
    adjustment: str,
    more_follows: bool = False,
) -> tuple[Move, ...]:
    """Receive a transfer as counted at the door.

    What was both sent and found arrives. What was sent and not found is a loss on the way, from transit to the
    adjustment place; what was found and not sent comes from there. One line never blocks another.

    Args:
        envelope: who, from where, when, once.
        document: the transfer's document, the same as when it was sent.
        sent: what of it is under way to `to_place`, see `under_way`.
        counted: what was found; goods left out were not found.
        to_place: where it is received.
        transit: the in-transit place it was sent through.
        adjustment: the adjustment place.
        more_follows: the rest is still on the road and stays in transit.

    Returns:
        Arrivals first, then differences, each in natural order of the goods.

    Raises:
        Refusal: ``stock.nothing_under_way``, ``stock.negative_count``; as `Move`.
    """
    if not sent:
        raise Refusal("stock.nothing_under_way", document=document, place=to_place)
    for what, found in counted.items():
        if found < 0:
            raise Refusal("stock.negative_count", part=what.part, place=to_place, value=found)
    arrived: list[Line] = []
    differing: list[Line] = []
    for what in sorted(sent.keys() | counted.keys(), key=_rank):
        was, found = sent.get(what, 0), counted.get(what, 0)
        if both := min(was, found):
            arrived.append(_line(what, both, transit, to_place, bound_for=to_place, reason="received"))
        if was > found and not more_follows:
            short = was - found
            differing.append(
                _line(what, short, transit, adjustment, bound_for=to_place, reason="received short")
            )
        if found > was:
            differing.append(_line(what, found - was, adjustment, to_place, reason="received over"))
    return moves(envelope, document, (*arrived, *differing), reason="transfer")


def _line(
    what: Goods, quantity: int, from_place: str, to_place: str, *, reason: str, bound_for: str = ""
) -> Line:
    return Line(
        what.part,
        quantity,
        from_place,
        to_place,
        what.condition,
        bound_for=bound_for,
        lot=what.lot,
        serial=what.serial,
        reason=reason,
    )


def _in_order(goods: Mapping[Goods, int]) -> list[tuple[Goods, int]]:
    return sorted(goods.items(), key=lambda item: _rank(item[0]))


def _rank(what: Goods) -> tuple[object, ...]:
    return (natural_key(what.part), what.condition.value, natural_key(what.lot), natural_key(what.serial))
