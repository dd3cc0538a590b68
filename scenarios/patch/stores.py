"""Changes of stock: depots, what is kept where, van kits, the loaner pool, how quick suppliers are."""

from __future__ import annotations

from dataclasses import dataclass, replace

from inventory.catalogue.loaner import LoanerUnit
from inventory.catalogue.place import Place, PlaceKind
from inventory.replenish.assessment import supplies
from kernel.errors import Location, Refusal
from kernel.place import LatLon
from scenarios.patch.change import Touched, Who, known, unused, without
from scenarios.run.world import Shelf, World

STORES = frozenset({PlaceKind.DEPOT, PlaceKind.WAREHOUSE})


def _stores(world: World) -> dict[str, Place]:
    return {place.id: place for place in world.region.stock.places if place.kind in STORES}


@dataclass(frozen=True, slots=True)
class CloseDepot:
    """A depot that is closed: its people, stock levels and loaners move to another one; people keep their homes.

    Levels add up part by part, and so do reorder points.
    """

    at: Location
    depot: str
    to: str

    def touches(self, world: World, /) -> Touched:
        """Both depots, their stock, the people who move."""
        moved = {("engineer", one.id) for one in world.region.field.engineers if one.depot == self.depot}
        vans = {("van", who) for _, who in moved}
        both = {(kind, one) for kind in ("depot", "stock") for one in (self.depot, self.to)}
        return frozenset(moved | vans | both | {("engineer", "*"), ("loaners", "*"), ("suppliers", "*")})

    def apply(self, world: World, /) -> World:
        """Move everything and take the place away."""
        stores = _stores(world)
        known("depot", self.depot, stores, self.at)
        known("depot", self.to, stores, self.at)
        if self.depot == self.to:
            raise Refusal("scenario.same_depot", at=self.at, depot=self.depot)
        field, stock = world.region.field, world.region.stock
        region = replace(
            world.region,
            field=replace(
                field,
                engineers=tuple(
                    replace(one, depot=self.to) if one.depot == self.depot else one for one in field.engineers
                ),
                travel=without(field.travel, {self.depot}),
            ),
            stock=replace(
                stock,
                places=tuple(place for place in stock.places if place.id != self.depot),
                loaner_units=tuple(
                    replace(unit, place=self.to) if unit.place == self.depot else unit
                    for unit in stock.loaner_units
                ),
                stock_policies=tuple(row for row in stock.stock_policies if row.place != self.depot),
            ),
        )
        return replace(world, region=region, shelves=self._shelves(world))

    def _shelves(self, world: World) -> tuple[Shelf, ...]:
        theirs = {shelf.part: shelf for shelf in world.shelves if shelf.place == self.depot}
        kept = []
        for shelf in world.shelves:
            if shelf.place == self.depot:
                continue
            one = replace(shelf, upstream=self.to) if shelf.upstream == self.depot else shelf
            joined = theirs.pop(shelf.part, None) if shelf.place == self.to else None
            if joined is not None:
                one = replace(one, level=one.level + joined.level, reorder=_point(one) + _point(joined) + 1)
                one = replace(one, reorder=min(one.reorder or 0, one.level - 1))
            kept.append(one)
        return (*kept, *(replace(shelf, place=self.to) for shelf in theirs.values()))


def _point(shelf: Shelf) -> int:
    return shelf.level - 1 if shelf.reorder is None else shelf.reorder


@dataclass(frozen=True, slots=True)
class OpenDepot:
    """One more depot with the stock levels of one there is; engineers named belong to it from then on, homes kept."""

    at: Location
    id: str
    name: str
    spot: LatLon
    like: str
    engineers: tuple[str, ...]

    def touches(self, _: World, /) -> Touched:
        """The new depot, the one it is like, the people who move."""
        moved = {(kind, one) for kind in ("engineer", "van") for one in self.engineers}
        both = {(kind, one) for kind in ("depot", "stock") for one in (self.id, self.like)}
        return frozenset(moved | both | {("engineer", "*"), ("suppliers", "*")})

    def apply(self, world: World, /) -> World:
        """Put it up and fill its shelves."""
        stores = _stores(world)
        field, stock = world.region.field, world.region.stock
        unused("place", self.id, {place.id for place in stock.places}, self.at)
        other = stores[known("depot", self.like, stores, self.at)]
        crew = {one.id for one in field.engineers}
        for engineer in self.engineers:
            known("engineer", engineer, crew, self.at)
        vans = {one.van for one in field.engineers if one.id in self.engineers and one.van}
        region = replace(
            world.region,
            field=replace(
                field,
                engineers=tuple(
                    replace(one, depot=self.id) if one.id in self.engineers else one
                    for one in field.engineers
                ),
            ),
            stock=replace(
                stock, places=(*stock.places, replace(other, id=self.id, name=self.name, at=self.spot))
            ),
        )
        moved = (replace(one, upstream=self.id) if one.place in vans else one for one in world.shelves)
        new = (replace(one, place=self.id) for one in world.shelves if one.place == self.like)
        return replace(world, region=region, shelves=(*moved, *new))


@dataclass(frozen=True, slots=True)
class Keep:
    """Levels kept at a depot, or at all: set for one part, or all of them times a factor.

    Args:
        depot: id; empty: every depot and warehouse.
        part: id; empty: every part kept there.
        level, reorder: units; None: not set by hand.
        factor: levels and reorder points times this, rounded half up, a level at least 1.
    """

    at: Location
    depot: str
    part: str
    level: int | None = None
    reorder: int | None = None
    factor: float = 1.0

    def touches(self, world: World, /) -> Touched:
        """The stock of the depots meant."""
        found = {("stock", one) for one in ([self.depot] if self.depot else _stores(world))}
        return frozenset(found | {("suppliers", "*")} if self.level is not None else found)

    def apply(self, world: World, /) -> World:
        """Change the shelves; a part a named depot does not keep yet gets a shelf when a level is set."""
        stores = _stores(world)
        if self.depot:
            known("depot", self.depot, stores, self.at)
        if self.part:
            known("part", self.part, {part.id for part in world.region.stock.parts}, self.at)
        meant = {self.depot} if self.depot else set(stores)
        shelves = tuple(
            self._changed(one) if one.place in meant and self.part in {"", one.part} else one
            for one in world.shelves
        )
        there = {one.place for one in shelves if one.part == self.part}
        if self.part and self.level:
            lead = next((one.lead_days for one in shelves if one.part == self.part and not one.upstream), 0.0)
            new = [
                Shelf(self.part, place, self.level, self.reorder, lead_days=lead)
                for place in sorted(meant - there)
                if self.depot
            ]
            shelves = (*shelves, *new)
        return replace(world, shelves=shelves)

    def _changed(self, shelf: Shelf) -> Shelf:
        level = max(1, int(shelf.level * self.factor + 0.5)) if self.level is None else self.level
        reorder = self.reorder
        if reorder is None and shelf.reorder is not None:
            reorder = int(shelf.reorder * self.factor + 0.5)
        return replace(shelf, level=level, reorder=None if reorder is None else min(reorder, level - 1))


@dataclass(frozen=True, slots=True)
class VanKit:
    """Units of a part that some engineers carry; 0: they carry none."""

    at: Location
    who: Who
    part: str
    units: int

    def touches(self, world: World, /) -> Touched:
        """Their vans."""
        found = {("van", one) for one in self.who.of(world)}
        return frozenset(found if self.who.engineers else found | {("engineer", "*")})

    def apply(self, world: World, /) -> World:
        """Set the level in each van."""
        known("part", self.part, {part.id for part in world.region.stock.parts}, self.at)
        chosen = self.who.of(world)
        vans = {one.van: one.depot for one in world.region.field.engineers if one.id in chosen and one.van}
        kept = tuple(one for one in world.shelves if one.place not in vans or one.part != self.part)
        new = [Shelf(self.part, van, self.units, upstream=depot) for van, depot in vans.items() if self.units]
        return replace(world, shelves=(*kept, *new))


@dataclass(frozen=True, slots=True)
class NoLoaners:
    """The whole loaner pool, or one class of it, is gone."""

    at: Location
    loaner_class: str = ""

    def touches(self, _: World, /) -> Touched:
        """The pool."""
        return frozenset({("loaners", "*")})

    def apply(self, world: World, /) -> World:
        """Take the units away; classes stay."""
        stock = world.region.stock
        if self.loaner_class:
            known("loaner class", self.loaner_class, {one.id for one in stock.loaner_classes}, self.at)
        kept = tuple(unit for unit in stock.loaner_units if self.loaner_class not in {"", unit.loaner_class})
        return replace(world, region=replace(world.region, stock=replace(stock, loaner_units=kept)))


@dataclass(frozen=True, slots=True)
class MoreLoaners:
    """More units of a class at a place."""

    at: Location
    loaner_class: str
    place: str
    count: int

    def touches(self, _: World, /) -> Touched:
        """The pool and the place."""
        return frozenset({("loaners", "*"), ("depot", self.place)})

    def apply(self, world: World, /) -> World:
        """Add them, called after class and place."""
        stock = world.region.stock
        known("loaner class", self.loaner_class, {one.id for one in stock.loaner_classes}, self.at)
        known("depot", self.place, _stores(world), self.at)
        there = {unit.id for unit in stock.loaner_units}
        new: list[LoanerUnit] = []
        number = 0
        while len(new) < self.count:
            number += 1
            name = f"{self.loaner_class}+{self.place}-{number}"
            if name not in there:
                new.append(LoanerUnit(name, self.loaner_class, self.place))
        changed = replace(stock, loaner_units=(*stock.loaner_units, *new))
        return replace(world, region=replace(world.region, stock=changed))


@dataclass(frozen=True, slots=True)
class SupplierTime:
    """Suppliers that are slower or quicker: lead days times a factor, plus days, never below nought.

    Args:
        supplier: id; empty: all of them. A shelf belongs to the supplier its part is bought from today.
    """

    at: Location
    supplier: str
    factor: float
    more_days: float

    def touches(self, _: World, /) -> Touched:
        """All lead times: which shelf is whose follows from all terms."""
        return frozenset({("suppliers", "*")})

    def apply(self, world: World, /) -> World:
        """Change the lead days of shelves filled from outside."""
        stock = world.region.stock
        if self.supplier:
            known("supplier", self.supplier, {one.id for one in stock.suppliers}, self.at)
        sold_by = {}
        for part in {one.part for one in world.shelves}:
            ways = supplies(part, stock.suppliers, [row for row in stock.terms if row.part == part])
            sold_by[part] = ways[0].terms.supplier if ways else ""
        return replace(
            world,
            shelves=tuple(
                replace(one, lead_days=max(0.0, one.lead_days * self.factor + self.more_days))
                if not one.upstream and self.supplier in {"", sold_by[one.part]}
                else one
                for one in world.shelves
            ),
        )
