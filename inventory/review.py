"""One turn of the replenishment wheel, pure: stock, needs, now -> proposals.

Vans are filled from depots and warehouses; what that takes counts there as gone, and what they could not give
counts there as needed. Depots and warehouses are then filled by transfers of what others can spare, and what is
still missing is bought. What somebody snoozed is judged and listed as the rest, and neither filled nor bought.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from inventory.catalogue.part import Part
from inventory.catalogue.place import SHELVES, Place, PlaceKind
from inventory.last_orders import last_orders
from inventory.provision import Provision, distance_m
from inventory.replenish.assessment import (
    Arrival,
    Assessment,
    Delivered,
    ReviewSettings,
    assess,
)
from inventory.replenish.final_order import as_judged, last_buy
from inventory.replenish.reorder import Proposal, Source, purchase, snoozed, transfer, unsourced, worst_first
from inventory.replenish.snooze import asleep
from inventory.replenish.spending import Wish, spend
from inventory.stock.position import PartPlace, Position
from inventory.stock.reservation import PlannedNeed, active, unreserved
from inventory.stockroom import Stockroom, decided, lots_inspected, position
from inventory.supply.held_back import held_back
from inventory.supply.ordering import waiting
from inventory.supply.purchasing import expected_at
from inventory.supply.to_come import expected, still_to_come
from kernel.errors import Message, Refusal
from kernel.ids import natural_key


def review(
    stockroom: Stockroom,
    needs: Iterable[PlannedNeed],
    now: datetime,
    settings: ReviewSettings | None = None,
    *,
    homes: Mapping[str, str] | None = None,
    zone_name: str = "UTC",
    delivered: Mapping[tuple[str, str], Delivered] | None = None,
    budget: Decimal | None = None,
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
        zone_name: whose calendar says what day `now` is, for lots out of date and lines that wake.
        delivered: by supplier and part id, lead time and yield as measured; see `supplies`.
        budget: money for purchases, spent where it takes off most expected shortage; None: no limit.

    Returns:
        Proposals, what breaks first first.

    Raises:
        Refusal: ``stock.unknown_part``, ``stock.unknown_place``, ``stock.not_a_shelf`` for a need that names
            no part or no place to take parts from; ``stock.level_too_high``; ``replenish.budget_negative``.
    """
    stock = position(stockroom, now, zone_name=zone_name)
    provision = Provision(
        stockroom, now, settings or ReviewSettings(), homes=homes, delivered=delivered, zone_name=zone_name
    )
    return _Review(provision, stock, tuple(needs)).proposals(budget)


class _Review:
    """One review at work: what it reads once, and what its own proposals have taken so far."""

    def __init__(
        self,
        provision: Provision,
        stock: dict[PartPlace, Position],
        needs: tuple[PlannedNeed, ...],
    ) -> None:
        stockroom = provision.stockroom
        self.provision = provision
        self.now = provision.now
        self.settings = provision.settings
        self.parts = provision.parts
        self.places = provision.places
        _refuse_strangers(needs, self.parts, self.places)
        self.stock = stock
        self.arrivals = _arrivals(stockroom, self.stock, self.now, self.settings)
        self.needs: dict[PartPlace, list[PlannedNeed]] = {}
        for need in unreserved(needs, active(stockroom.reservations, self.now)):
            self.needs.setdefault((need.part, need.place), []).append(need)
        self.planned: Counter[str] = Counter()
        for (part, _), rows in self.needs.items():
            self.planned[part] += sum(need.quantity for need in rows)
        self.held: dict[PartPlace, tuple[Message, ...]] = {}
        kinds = {place.id: place.kind for place in stockroom.places}
        seen = lots_inspected(stockroom, now=self.now)
        gone = decided(stockroom, now=self.now)
        for lot in held_back(stockroom.moves, kinds, seen, stockroom.purchase_orders, gone, now=self.now):
            key = (lot.lot.part, lot.place)
            self.held[key] = (*self.held.get(key, ()), lot.why)
        self.expected: dict[PartPlace, int] = {}
        for one in expected(
            stockroom.moves,
            kinds,
            stockroom.purchase_orders,
            seen,
            gone,
            stockroom.remedy_promises,
            accepted=provision.accepted,
            now=self.now,
        ):
            key = (one.part, one.place)
            self.expected[key] = self.expected.get(key, 0) + one.quantity
            self.arrivals.setdefault(key, []).append((one.at, one.quantity))
            self.held[key] = (*self.held.get(key, ()), one.why)
        suppliers = {supplier.id: supplier for supplier in stockroom.suppliers}
        self.written: dict[PartPlace, int] = {}
        for line in waiting(stockroom.order_drafts, stockroom.order_steps, now=self.now):
            key = (line.part, line.to_place)
            if line.supplier in suppliers:
                there = self.now + timedelta(days=suppliers[line.supplier].lead_time_days)
                said = Message("reorder.waits_sending", {"quantity": line.quantity, "order": line.order})
                self.written[key] = self.written.get(key, 0) + line.quantity
                self.expected[key] = self.expected.get(key, 0) + line.quantity
                self.arrivals.setdefault(key, []).append((there, line.quantity))
                self.held[key] = (*self.held.get(key, ()), said)
        self.asleep = asleep(stockroom.snoozes, at=self.now, on=provision.today)
        self.taken: dict[PartPlace, int] = {}
        self.given: Counter[PartPlace] = Counter()
        self.wishes: list[Wish] = []

    def proposals(self, budget: Decimal | None) -> tuple[Proposal, ...]:
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
        found += self._last_buys(found)
        if budget is not None:
            found = [row for row in found if row.source is not Source.PURCHASE]
            found += spend(self.wishes, budget=budget, shortage_weight=self.settings.shortage_weight)
        return worst_first(self._with_held(row) for row in found)

    def _with_held(self, row: Proposal) -> Proposal:
        """The proposal with what did not pass, and what is expected without being on order: after what is there."""
        held = self.held.get((row.part, row.place), ())
        if not held:
            return row
        at = next((n for n, step in enumerate(row.why, 1) if step.code == "reorder.stock"), len(row.why))
        return replace(row, why=(*row.why[:at], *held, *row.why[at:]))

    def _due(self, *, vans: bool) -> list[Assessment]:
        """Part-places that call for something, what breaks first first."""
        looked_at = set(self.provision.policies) | set(self.needs)
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
        lead, order_size = self.provision.usual(key)
        judged = assess(
            self.parts[part],
            stock,
            rate=self.provision.rate(key),
            policy=self.provision.policies.get(key),
            lead=lead,
            order_size=order_size,
            needs=self.needs.get(key, ()),
            arrivals=self.arrivals.get(key, ()),
            now=self.now,
            worked_out=self.provision.levels.get(key),
            expected=self.expected.get(key, 0),
        )
        return replace(judged, given=gone) if gone else judged

    def _fill_van(self, judged: Assessment) -> list[Proposal]:
        wanted = _missing(judged)
        if (word := self.asleep.get((judged.part.id, judged.position.place))) is not None:
            return [snoozed(judged, wanted=wanted, word=word)]
        found, missing = self._transfers(judged, wanted, to_van=True)
        if not missing:
            return found
        home = self.provision.home(self.places[judged.position.place])
        if home is None:
            return [*found, *self._purchase(judged, missing)]
        part = judged.part.id
        when = judged.breaks_at or judged.runs_out_at or self.now + timedelta(days=judged.lead.review_days)
        refill = PlannedNeed(part, home.id, when, missing, f"refill:{judged.position.place}")
        self.needs.setdefault((part, home.id), []).append(refill)
        waits = Message("reorder.waits_for_depot", {"quantity": missing, "place": home.id})
        return [*found, unsourced(judged, wanted=missing, step=waits)]

    def _fill_shelf(self, earlier: Assessment) -> list[Proposal]:
        # Judged again: an earlier line of this review may have taken from this place.
        judged = self._judge(earlier.part.id, earlier.position.place)
        wanted = _missing(judged)
        if (word := self.asleep.get((judged.part.id, judged.position.place))) is not None:
            return [snoozed(judged, wanted=wanted, word=word)] if wanted else []
        found, missing = self._transfers(judged, wanted, to_van=False)
        moved = wanted - missing
        bought = max(0, judged.wanted - moved) if judged.is_due else 0
        if judged.projected + moved > judged.levels.reorder_point:
            bought = 0  # above the mark again: the rest can wait for the next order
        if bought:
            found += self._purchase(judged, bought)
        if (late := judged.short - moved - bought) > 0:
            # It is on its way already: buying it once more would bring it no sooner.
            step = Message("reorder.comes_too_late", {"quantity": late})
            found.append(unsourced(judged, wanted=late, step=step))
        return found

    def _purchase(self, judged: Assessment, missing: int) -> list[Proposal]:
        part = judged.part.id
        bought = self.provision.bought(part)
        # Who reads the line sees the successor there and snoozes that.
        if (word := self.asleep.get((bought, judged.position.place))) is not None:
            return [replace(snoozed(judged, wanted=missing, word=word), part=bought)]
        if bought != part and not (missing := self._not_written(bought, judged.position.place, missing)):
            return []
        ways = self.provision.ways(part)
        if not ways and (last_on := self.provision.last_order_on(part)) is not None:
            over = Message("reorder.sold_no_more", {"part": bought, "last_on": last_on.isoformat()})
            return [unsourced(judged, wanted=missing, step=over)]
        proposal = purchase(
            judged,
            ways,
            wanted=missing,
            now=self.now,
            superseded_by="" if bought == part else bought,
            a_year=self.provision.a_year(part),
        )
        self.wishes += [Wish(proposal, judged, way) for way in ways if way.supplier == proposal.supplier]
        return [proposal]

    def _last_buys(self, found: list[Proposal]) -> list[Proposal]:
        """What is missing of parts that nobody sells before long, beyond what this review buys of them."""
        bought: Counter[str] = Counter()
        for row in found:
            if row.source is Source.PURCHASE:
                bought[row.part] += int(row.quantity * self.provision.accepted(row.supplier, row.part) + 1e-9)
        rows = []
        soon = self.provision.today + timedelta(days=self.settings.last_buy_notice_days)
        for part, (final, place) in last_orders(self.provision, self.stock, self.planned).items():
            ways = self.provision.ways(part)
            wanted = final.lacking - bought[part]
            if not ways or not place or wanted <= 0 or final.last_order_on > soon:
                continue
            judged = self._judge(part, place)
            if (word := self.asleep.get((part, place))) is not None:
                rows.append(snoozed(judged, wanted=wanted, word=word))
                continue
            row, way = last_buy(
                final,
                ways,
                judged,
                wanted=wanted,
                bought=bought[part],
                instead=self.provision.sold_instead(part),
                now=self.now,
            )
            self.wishes.append(Wish(row, as_judged(final, judged, bought=bought[part]), way))
            rows.append(row)
        return rows

    def _not_written(self, successor: str, place: str, missing: int) -> int:
        """What is still missing of a superseded part once orders of its successor, sent or waiting to be, are counted.

        What the successor needs of them itself is left to it.
        """
        key = (successor, place)
        own = self._judge(successor, place)
        coming = self.written.get(key, 0) + own.position.on_order - self.given[key]
        over = max(0, min(coming, own.projected - own.levels.order_up_to - self.given[key]))
        given = min(over, missing)
        self.given[key] += given
        return missing - given

    def _transfers(self, judged: Assessment, wanted: int, *, to_van: bool) -> tuple[list[Proposal], int]:
        """Transfers towards `wanted` units, and what is still missing.

        A place always keeps what its own plan needs. To a van, and for a known need that would break, it gives
        all the rest; to raise another place's stock only what it can spare above its own mark.
        """
        part, target = judged.part.id, self.places[judged.position.place]
        home = self.provision.home(target) if to_van else None
        givers = []
        for place in self.provision.shelves:
            if place.id != target.id and (part, place.id) in self.stock:
                giver = self._judge(part, place.id)
                if giver.free:
                    near = (place is not home, distance_m(place, target), -giver.free, natural_key(place.id))
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


def _missing(judged: Assessment) -> int:
    """Units that would help: up to the mark, and for a known need also what is on its way and comes too late."""
    return max(judged.wanted if judged.is_due else 0, judged.short)


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
        units = still_to_come(line, stockroom.agreements) if line.outstanding else 0
        if line.ordered_at <= now and units and line.supplier in suppliers:
            there = expected_at(line, suppliers[line.supplier], now=now)
            coming.setdefault((line.part, line.to_place), []).append((there, units))
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
