"""One turn of the replenishment wheel, pure: stock, needs, now -> proposals.

Vans are filled from depots and warehouses; what that takes counts there as gone, and what they could not give
counts there as needed. Depots and warehouses are then filled by transfers of what others can spare, and what is
still missing is bought.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from inventory.catalogue.part import Part, current
from inventory.catalogue.place import OPEN_SHELVES, SHELVES, Place, PlaceKind
from inventory.replenish.assessment import (
    Arrival,
    Assessment,
    Lead,
    ReviewSettings,
    Supply,
    assess,
    supplies,
    usual_order,
)
from inventory.replenish.demand import NO_DEMAND, DemandRate, rates
from inventory.replenish.reorder import Proposal, purchase, transfer, unsourced, worst_first
from inventory.stock.position import PartPlace, Position
from inventory.stock.reservation import PlannedNeed, active, unreserved
from inventory.stockroom import Stockroom, position
from inventory.supply.purchasing import expected_at
from kernel.errors import Message, Refusal
from kernel.ids import natural_key
from kernel.place import haversine_m


def review(
    stockroom: Stockroom,
    needs: Iterable[PlannedNeed],
    now: datetime,
    settings: ReviewSettings | None = None,
    *,
    homes: Mapping[str, str] | None = None,
    zone_name: str = "UTC",
) -> tuple[Proposal, ...]:
    """Propose what to move and what to buy.

    Looked at is every part and place with a policy, a planned need or a shortage of its own; a part that is kept
    elsewhere may be moved from there. The same input gives the same proposals.

    Args:
        stockroom: everything known; see `stockroom.checked`.
        needs: what planned work will take, where and when.
        now: the moment of the review, aware.
        settings: what the review takes as given; None: as `ReviewSettings` stands.
        homes: depot by van place: where each van is filled from. A van not named is filled from the nearest
            depot or warehouse, or the first by id where it has no coordinates.
        zone_name: whose calendar says what day `now` is, for lots out of date.

    Returns:
        Proposals, what breaks first first.

    Raises:
        Refusal: ``stock.unknown_part``, ``stock.unknown_place``, ``stock.not_a_shelf`` for a need that names
            no part or no place to take parts from; ``stock.level_too_high``.
    """
    stock = position(stockroom, now, zone_name=zone_name)
    return _Review(stockroom, stock, tuple(needs), now, settings or ReviewSettings(), homes or {}).proposals()


class _Review:
    """One review at work: what it reads once, and what its own proposals have taken so far."""

    def __init__(
        self,
        stockroom: Stockroom,
        stock: dict[PartPlace, Position],
        needs: tuple[PlannedNeed, ...],
        now: datetime,
        settings: ReviewSettings,
        homes: Mapping[str, str],
    ) -> None:
        self.stockroom = stockroom
        self.now = now
        self.settings = settings
        self.homes = homes
        self.parts = {part.id: part for part in stockroom.parts}
        self.places = {place.id: place for place in stockroom.places}
        _refuse_strangers(needs, self.parts, self.places)
        self.shelves = sorted(
            (
                place
                for place in stockroom.places
                if place.kind in OPEN_SHELVES and place.kind is not PlaceKind.VAN
            ),
            key=lambda place: natural_key(place.id),
        )
        self.stock = stock
        self.rates = rates(stockroom.demand_history, now=now, alpha=settings.alpha)
        self.policies = {(row.part, row.place): row for row in stockroom.stock_policies}
        self.arrivals = _arrivals(stockroom, self.stock, now, settings)
        self.needs: dict[PartPlace, list[PlannedNeed]] = {}
        for need in unreserved(needs, active(stockroom.reservations, now)):
            self.needs.setdefault((need.part, need.place), []).append(need)
        self.ways: dict[str, tuple[Supply, ...]] = {}
        self.successor: dict[str, str] = {}
        self.taken: dict[PartPlace, int] = {}

    def proposals(self) -> tuple[Proposal, ...]:
        found: list[Proposal] = []
        for judged in self._due(vans=True):
            found += self._fill_van(judged)
        filled: set[PartPlace] = set()
        # Twice: who gave below his own mark in the first round is filled in the second, and gives no more.
        for _ in range(2):
            for judged in self._due(vans=False):
                key = (judged.part.id, judged.position.place)
                if key not in filled:
                    filled.add(key)
                    found += self._fill_shelf(judged)
        return worst_first(found)

    def _due(self, *, vans: bool) -> list[Assessment]:
        """Part-places that call for something, what breaks first first."""
        looked_at = set(self.policies) | set(self.needs)
        looked_at |= {key for key, row in self.stock.items() if row.available < 0}
        judged = []
        for part, place in looked_at:
            kind = self.places[place].kind if place in self.places else None
            if part in self.parts and kind in SHELVES and (kind is PlaceKind.VAN) == vans:
                judged.append(self._judge(part, place))
        calling = [row for row in judged if row.is_due or row.breaks_at is not None]
        return sorted(calling, key=self._rank)

    def _rank(self, judged: Assessment) -> tuple[object, ...]:
        when = judged.breaks_at or judged.runs_out_at
        return (
            judged.breaks_at is None,
            when is None,
            when.timestamp() if when is not None else 0.0,
            judged.part.criticality,
            natural_key(judged.part.id),
            natural_key(judged.position.place),
        )

    def _judge(self, part: str, place: str) -> Assessment:
        key = (part, place)
        stock = self.stock.get(key, Position(part, place))
        gone = self.taken.get(key, 0)
        stock = replace(stock, on_hand=stock.on_hand - gone, usable=stock.usable - gone)
        rate = self.rates.get(key, NO_DEMAND)
        policy = self.policies.get(key)
        review_days = self.settings.review_period_days if policy is None else policy.review_period_days
        lead, order_size = self._lead(self.parts[part], self.places[place], rate, review_days)
        return assess(
            self.parts[part],
            stock,
            rate=rate,
            policy=policy,
            lead=lead,
            order_size=order_size,
            needs=self.needs.get(key, ()),
            arrivals=self.arrivals.get(key, ()),
            now=self.now,
        )

    def _lead(self, part: Part, place: Place, rate: DemandRate, review_days: float) -> tuple[Lead, int]:
        if place.kind is PlaceKind.VAN and self.shelves:
            return Lead(self.settings.transfer_days, 0.0, review_days), 1
        ways = self._ways(part.id)
        if not ways:
            lead = Lead(self.settings.unsold_lead_time_days, 0.0, review_days)
            return lead, usual_order(part, rate, self.settings)
        usual = ways[0]
        lead = Lead(usual.lead_time_days, usual.lead_time_sd_days, review_days)
        return lead, usual_order(part, rate, self.settings, minimum=usual.terms.minimum)

    def _ways(self, part: str) -> tuple[Supply, ...]:
        bought = self._bought(part)
        if bought not in self.ways:
            self.ways[bought] = supplies(bought, self.stockroom.suppliers, self.stockroom.terms)
        return self.ways[bought]

    def _bought(self, part: str) -> str:
        if part not in self.successor:
            self.successor[part] = current(self.stockroom.alternates, part)
        return self.successor[part]

    def _fill_van(self, judged: Assessment) -> list[Proposal]:
        wanted = judged.wanted if judged.is_due else judged.short
        found, missing = self._transfers(judged, wanted, to_van=True)
        if not missing:
            return found
        home = self._home(self.places[judged.position.place])
        if home is None:
            return [*found, self._purchase(judged, missing)]
        part = judged.part.id
        when = judged.breaks_at or judged.runs_out_at or self.now + timedelta(days=judged.lead.review_days)
        refill = PlannedNeed(part, home.id, when, missing, f"refill:{judged.position.place}")
        self.needs.setdefault((part, home.id), []).append(refill)
        waits = Message("reorder.waits_for_depot", {"quantity": missing, "place": home.id})
        return [*found, unsourced(judged, wanted=missing, step=waits)]

    def _fill_shelf(self, earlier: Assessment) -> list[Proposal]:
        # Judged again: an earlier line of this review may have taken from this place.
        judged = self._judge(earlier.part.id, earlier.position.place)
        wanted = judged.wanted if judged.is_due else judged.short
        found, missing = self._transfers(judged, wanted, to_van=False)
        if not missing:
            return found
        if not judged.is_due:
            late = Message("reorder.comes_too_late", {"quantity": missing})
            return [*found, unsourced(judged, wanted=missing, step=late)]
        if judged.projected + wanted - missing > judged.levels.reorder_point:
            return found  # above the mark again: the rest can wait for the next order
        return [*found, self._purchase(judged, missing)]

    def _purchase(self, judged: Assessment, missing: int) -> Proposal:
        part = judged.part.id
        bought = self._bought(part)
        return purchase(
            judged,
            self._ways(part),
            wanted=missing,
            now=self.now,
            superseded_by="" if bought == part else bought,
        )

    def _transfers(self, judged: Assessment, wanted: int, *, to_van: bool) -> tuple[list[Proposal], int]:
        """Transfers towards `wanted` units, and what is still missing.

        A place always keeps what its own plan needs. To a van, and for a known need that would break, it gives
        all the rest; to raise another place's stock only what it can spare above its own mark.
        """
        part, target = judged.part.id, self.places[judged.position.place]
        home = self._home(target) if to_van else None
        givers = []
        for place in self.shelves:
            if place.id != target.id and (part, place.id) in self.stock:
                giver = self._judge(part, place.id)
                if giver.free:
                    near = (place is not home, _distance_m(place, target), -giver.free, natural_key(place.id))
                    givers.append((near, place.id, giver.free, giver.spare))
        found: list[Proposal] = []
        breaking = judged.short
        for _, place_id, free, spare in sorted(givers):
            can_give = free if to_van else max(spare, min(free, breaking))
            given = min(can_give, wanted)
            if not given:
                continue
            wanted -= given
            breaking = max(0, breaking - given)
            self.taken[part, place_id] = self.taken.get((part, place_id), 0) + given
            found.append(
                transfer(
                    judged,
                    from_place=place_id,
                    quantity=given,
                    spare=can_give,
                    now=self.now,
                    settings=self.settings,
                )
            )
        return found, wanted

    def _home(self, van: Place) -> Place | None:
        """The depot or warehouse a van is filled from: as told, else the nearest, else the first by id."""
        told = self.homes.get(van.id)
        for place in self.shelves:
            if place.id == told:
                return place
        return min(self.shelves, key=lambda place: _distance_m(place, van), default=None)


def _distance_m(one: Place, other: Place) -> float:
    """Metres between two places; infinite where one has no coordinates."""
    if one.at is None or other.at is None:
        return float("inf")
    return float(haversine_m([one.at], [other.at])[0, 0])


def _arrivals(
    stockroom: Stockroom, stock: dict[PartPlace, Position], now: datetime, settings: ReviewSettings
) -> dict[PartPlace, list[Arrival]]:
    """When what is coming comes, by part and place."""
    suppliers = {supplier.id: supplier for supplier in stockroom.suppliers}
    coming: dict[PartPlace, list[Arrival]] = {}
    for key, row in stock.items():
        if row.in_transit > 0:
            there = now + timedelta(days=settings.transfer_days)
            coming.setdefault(key, []).append((there, row.in_transit))
    for line in stockroom.purchase_orders:
        if line.ordered_at <= now and line.outstanding and line.supplier in suppliers:
            there = expected_at(line, suppliers[line.supplier], now=now)
            coming.setdefault((line.part, line.to_place), []).append((there, line.outstanding))
    return coming


def _refuse_strangers(needs: Iterable[PlannedNeed], parts: dict[str, Part], places: dict[str, Place]) -> None:
    for need in needs:
        if need.part not in parts:
            raise Refusal("stock.unknown_part", part=need.part)
        place = places.get(need.place)
        if place is None:
            raise Refusal("stock.unknown_place", place=need.place)
        if place.kind not in SHELVES:
            raise Refusal("stock.not_a_shelf", place=need.place, kind=place.kind.value)
