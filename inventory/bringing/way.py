"""A way to bring a part: how, from where, when it is there, what it costs, or why it is none.

What needs the part stays opaque: a point with roads to it, a moment it has to be there by, a customer, a reference units may
be kept for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from inventory.replenish.assessment import ReviewSettings
from kernel.calendars import BusinessCalendar
from kernel.clock import utc
from kernel.errors import Refusal

_USUAL = ReviewSettings()


class WayKind(StrEnum):
    """How a part comes."""

    OWN_VAN = "own_van"
    """It lies in the van of who goes there."""
    FORWARD = "forward"
    """It lies in the customer's own cabinet."""
    PICK_UP = "pick_up"
    """Somebody of ours fetches it at a store."""
    COURIER = "courier"
    """A courier takes it from a store."""
    OTHER_VAN = "other_van"
    """A courier takes it from a van whose own work does not need it."""
    TRANSFER = "transfer"
    """It goes with our own run to the store nearest by, and on from there by courier."""
    PURCHASE = "purchase"
    """A supplier sends it to the store nearest by, and it goes on from there by courier."""


class Hindrance(StrEnum):
    """Why it does not come that way."""

    NONE_FREE = "none_free"
    RESERVED = "reserved"
    HELD_BACK = "held_back"
    NEEDED_THERE = "needed_there"
    OTHER_CUSTOMER = "other_customer"
    CLOSED = "closed"
    NO_WAY = "no_way"
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True)
class Road:
    """A way to the point: seconds at full speed, metres."""

    seconds: int
    metres: int


@dataclass(frozen=True, slots=True)
class Tariff:
    """What moving a part costs, in the region's currency, and how long it takes to begin.

    Args:
        courier: calling one courier; `courier_km`: each kilometre he drives to the point.
        prepare_min: minutes from calling a courier until he is there to collect.
        travel_hour, distance_km: an hour and a kilometre of our own people, there and back.
        transfer_days: days our own run between two stores takes; `transfer_cost`: its price (see `ReviewSettings`).
    """

    courier: Decimal
    courier_km: Decimal
    prepare_min: int
    travel_hour: Decimal
    distance_km: Decimal
    transfer_days: float = _USUAL.transfer_days
    transfer_cost: Decimal = _USUAL.transfer_cost


def at_full_speed(leaves_at: datetime, seconds: int) -> datetime:
    """A way at full speed whenever it begins."""
    return leaves_at + timedelta(seconds=seconds)


@dataclass(frozen=True)
class Surroundings:
    """What lies around the point.

    Args:
        road: the way from a place to the point; None: there is none.
        tariff: prices and times.
        calendars: business calendars by id, for the opening hours of places.
        arrives: when a way of so many seconds ends that begins at a moment; by default at full speed.
        needed: units of the part that the work of a van's own engineer may take, by van place.
    """

    road: Callable[[str], Road | None]
    tariff: Tariff
    calendars: Mapping[str, BusinessCalendar]
    arrives: Callable[[datetime, int], datetime] = at_full_speed
    needed: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be brought.

    Args:
        part: its number.
        units: whole units, all one way.
        by: the last moment it is of use, aware; None: whenever.
        customer: at whose site; his forward stock may be used.
        demand_ref: what it is for: units kept for that count as free.
        van: van place of who goes there; empty: nobody is settled.

    Raises:
        Refusal: ``stock.not_positive``, ``clock.naive_time``.
    """

    part: str
    units: int
    by: datetime | None = None
    customer: str = ""
    demand_ref: str = ""
    van: str = ""

    def __post_init__(self) -> None:
        if self.units < 1:
            raise Refusal("stock.not_positive", id=self.demand_ref or self.part, value=self.units)
        if self.by is not None:
            object.__setattr__(self, "by", utc(self.by))


@dataclass(frozen=True, slots=True)
class Way:
    """One way that is open, with its arithmetic.

    Args:
        kind: how.
        source: place, or supplier, it comes from.
        free: units that may be taken there; of a supplier the units of the order.
        units: units it takes: what is wanted, of a supplier what he sells at least.
        had_at: when goods can be had there.
        leaves_at: when they leave for the point, handed out or collected.
        arrives_at: when they are there: `leaves_at` and the road.
        road: the last way to the point.
        goods: price of goods bought for it; nothing for what is ours.
        carriage: price of bringing them.
        via: the store it changes at; empty: it comes straight.
        via_at: when it is had there; None: it comes straight.
    """

    kind: WayKind
    source: str
    free: int
    units: int
    had_at: datetime
    leaves_at: datetime
    arrives_at: datetime
    road: Road
    carriage: Decimal
    goods: Decimal = Decimal(0)
    via: str = ""
    via_at: datetime | None = None

    @property
    def cost(self) -> Decimal:
        """Goods and carriage."""
        return self.goods + self.carriage


@dataclass(frozen=True, slots=True)
class NoWay:
    """One way that is not open: why, and the units that lie there; `arrives_at` where it is known."""

    kind: WayKind
    source: str
    hindrance: Hindrance
    there: int = 0
    arrives_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Bringing:
    """All ways looked at: those open, cheapest first, then soonest; and those that are not, in order of kind and place."""

    ways: tuple[Way, ...]
    closed: tuple[NoWay, ...]


def best_of(ways: Iterable[Way], most: int) -> tuple[Way, ...]:
    """The ways worth having: each dearer one arrives sooner than all that cost less; of many the cheapest, the soonest, and those next to the cheapest.

    Args:
        ways: cheapest first, as `Stores.ways` gives them.
        most: how many at most, at least two.
    """
    front: list[Way] = []
    for way in ways:
        if not front or way.arrives_at < front[-1].arrives_at:
            front.append(way)
    return tuple(front) if len(front) <= most else (*front[: most - 1], front[-1])
