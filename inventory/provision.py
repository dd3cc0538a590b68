"""How every part at every place is provided for: how it is asked for, who refills it how fast, and its levels.

All of this follows from the stockroom and the settings; nothing a review proposes changes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime

from inventory.catalogue.part import current, stand_ins
from inventory.catalogue.place import OPEN_SHELVES, SHELVES, Place, PlaceKind
from inventory.catalogue.price import PriceBreak
from inventory.catalogue.supplier import SupplierTerms
from inventory.replenish.assessment import Delivered, Lead, ReviewSettings, Supply, supplies, usual_order
from inventory.replenish.demand import NO_DEMAND, DemandRate, rates
from inventory.replenish.learnt import Learnt, learnt
from inventory.replenish.marks import Levels
from inventory.replenish.policy import levels_of_many
from inventory.stock.lot import day_of
from inventory.stock.position import PartPlace
from inventory.stockroom import Stockroom
from kernel.ids import natural_key
from kernel.place import haversine_m


class Provision:
    """Read once, asked often; the levels of every policy are worked out together.

    Args:
        stockroom: everything known.
        now: the moment, aware.
        settings: what is taken as given.
        homes: depot by van place; see `review.review`.
        delivered: by supplier and part id, what has been shown; see `supplies`.
        zone_name: whose calendar says which day it is, for lots out of date and last days of order.

    Raises:
        Refusal: ``stock.level_too_high``.
    """

    def __init__(
        self,
        stockroom: Stockroom,
        now: datetime,
        settings: ReviewSettings,
        *,
        homes: Mapping[str, str] | None = None,
        delivered: Mapping[tuple[str, str], Delivered] | None = None,
        zone_name: str = "UTC",
    ) -> None:
        self.stockroom = stockroom
        self.now = now
        self.settings = settings
        self.homes = homes or {}
        self.delivered = delivered or {}
        self.zone_name = zone_name
        self.today = day_of(now, zone_name=zone_name)
        self.parts = {part.id: part for part in stockroom.parts}
        self.places = {place.id: place for place in stockroom.places}
        self.shelves = sorted(
            (
                place
                for place in stockroom.places
                if place.kind in OPEN_SHELVES and place.kind is not PlaceKind.VAN
            ),
            key=lambda place: natural_key(place.id),
        )
        self.policies = {(row.part, row.place): row for row in stockroom.stock_policies}
        self._terms: dict[str, list[SupplierTerms]] = {}
        for row in stockroom.terms:
            self._terms.setdefault(row.part, []).append(row)
        self._breaks: dict[str, list[PriceBreak]] = {}
        for broken in stockroom.price_breaks:
            self._breaks.setdefault(broken.part, []).append(broken)
        self._ways: dict[str, tuple[Supply, ...]] = {}
        self._successor: dict[str, str] = {}
        self._a_year = self._asked_in_a_year()
        self._usual: dict[PartPlace, tuple[Lead, int]] = {}
        known = [
            row for row in stockroom.demand_history if row.part in self.parts and row.place in self.places
        ]
        self.learnt: dict[PartPlace, Learnt] = learnt(
            known,
            now=now,
            lead_days=self._lead_days,
            price={part.id: float(part.price) for part in stockroom.parts},
            alpha=settings.alpha,
        )
        methods = {key: one.method for key, one in self.learnt.items()}
        self._rates = rates(known, now=now, alpha=settings.alpha, methods=methods)
        self.levels = self._levels()

    def rate(self, key: PartPlace) -> DemandRate:
        """How a part is asked for at a place."""
        return self._rates.get(key, NO_DEMAND)

    def usual(self, key: PartPlace) -> tuple[Lead, int]:
        """Lead and usual order size of one part at one place."""
        if key not in self._usual:
            lead, minimum = self._lead(key)
            part, rate = self.parts[key[0]], self.rate(key)
            van = self.places[key[1]].kind is PlaceKind.VAN and self.shelves
            size = 1 if van else usual_order(part, rate, self.settings, minimum=minimum)
            self._usual[key] = (lead, size)
        return self._usual[key]

    def ways(self, part: str) -> tuple[Supply, ...]:
        """Ways to buy a part, or what has superseded it, best first; none by who takes no order for it any more."""
        bought = self.bought(part)
        if bought not in self._ways:
            terms = [row for row in self._terms.get(bought, ()) if row.sold_on(self.today)]
            self._ways[bought] = supplies(
                bought,
                self.stockroom.suppliers,
                terms,
                delivered=self.delivered,
                breaks=self._breaks.get(bought, ()),
                a_year=self.a_year(bought),
            )
        return self._ways[bought]

    def last_order_on(self, part: str) -> date | None:
        """The last day on which anybody takes an order for what is bought of a part; None: nobody sells it, or no end is known."""
        days = [row.last_order_on for row in self._terms.get(self.bought(part), ())]
        known = [day for day in days if day is not None]
        return max(known) if known and len(known) == len(days) else None

    def sold_instead(self, part: str) -> tuple[str, ...]:
        """Parts that may be used instead of one and that somebody sells."""
        return tuple(other for other in stand_ins(self.stockroom.alternates, part) if self.ways(other))

    def a_year(self, part: str) -> int:
        """Units asked for in the last twelve months, wherever, of a part and of what it supersedes."""
        return self._a_year[self.bought(part)]

    def accepted(self, supplier: str, part: str) -> float:
        """Share of what a supplier sends of a part that is accepted: as shown, else all."""
        return self.delivered.get((supplier, part), Delivered()).accepted

    def bought(self, part: str) -> str:
        """The part that is bought today where `part` is wanted."""
        if part not in self._successor:
            self._successor[part] = current(self.stockroom.alternates, part)
        return self._successor[part]

    def home(self, van: Place) -> Place | None:
        """The depot or warehouse a van is filled from: as told, else the nearest, else the first by id."""
        told = self.homes.get(van.id)
        for place in self.shelves:
            if place.id == told:
                return place
        return min(self.shelves, key=lambda place: distance_m(place, van), default=None)

    def _asked_in_a_year(self) -> Counter[str]:
        since = f"{self.now.year - 1:04d}-{self.now.month:02d}"
        asked: Counter[str] = Counter()
        for row in self.stockroom.demand_history:
            if row.month >= since:
                asked[self.bought(row.part)] += row.quantity
        return asked

    def _lead(self, key: PartPlace) -> tuple[Lead, int]:
        """Lead of one part at one place, and the fewest units its source gives at a time."""
        policy = self.policies.get(key)
        review_days = self.settings.review_period_days if policy is None else policy.review_period_days
        if self.places[key[1]].kind is PlaceKind.VAN and self.shelves:
            return Lead(self.settings.transfer_days, 0.0, review_days), 1
        ways = self.ways(key[0])
        if not ways:
            return Lead(self.settings.unsold_lead_time_days, 0.0, review_days), 1
        first = ways[0]
        return Lead(first.lead_time_days, first.lead_time_sd_days, review_days), first.terms.minimum

    def _lead_days(self, key: PartPlace) -> float:
        lead, _ = self._lead(key)
        return lead.days + lead.review_days

    def _levels(self) -> dict[PartPlace, Levels]:
        rows = [
            (key, policy, *self.usual(key))
            for key, policy in self.policies.items()
            if key[0] in self.parts and key[1] in self.places and self.places[key[1]].kind in SHELVES
        ]
        demands = [lead.demand(self.rate(key)) for key, _, lead, _ in rows]
        found = levels_of_many(demands, [row[1] for row in rows], quantity=[row[3] for row in rows])
        return {row[0]: levels for row, levels in zip(rows, found, strict=True)}


def distance_m(one: Place, other: Place) -> float:
    """Metres between two places; infinite where one has no coordinates."""
    if one.at is None or other.at is None:
        return float("inf")
    return float(haversine_m([one.at], [other.at])[0, 0])
