"""Changes of the crew: who there is, when they work, what they can, who is on call, which partners help."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dispatch.crew import Partner, SkillHeld
from dispatch.policy import TravelPair
from dispatch.region import Fieldwork
from inventory.catalogue.place import Place
from kernel.errors import Location
from scenarios.patch.change import Touched, Who, known, unused, without
from scenarios.run.world import Roster, World

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Hours:
    """Weekly hours: on each of `weekdays` (0 Monday) from one minute of the day to another, past midnight allowed."""

    weekdays: tuple[int, ...]
    from_min: int
    until_min: int


@dataclass(frozen=True, slots=True)
class AddEngineer:
    """One more engineer, like one there is: his home, skills, papers, tools, van and hours unless said otherwise.

    Args:
        id: of the new one; his van is called after him.
        like: id of the engineer he is like.
        depot: id he belongs to and starts from; empty: as the other.
        skills: (skill, level) instead of the other's; None: the other's.
        hours: instead of the other's shifts; None: the other's. On-call duty is never copied.
        wage_cents: an hour; None: as the other.
    """

    at: Location
    id: str
    like: str
    depot: str = ""
    skills: tuple[tuple[str, int], ...] | None = None
    hours: tuple[Hours, ...] | None = None
    wage_cents: int | None = None

    def touches(self, _: World, /) -> Touched:
        """Himself, and everything he takes after."""
        found = {(kind, self.like) for kind in ("engineer", "skills", "shifts", "van", "wage")}
        found |= {(kind, self.id) for kind in ("engineer", "skills", "shifts", "van", "wage", "duty")}
        return frozenset(found | {("engineer", "*"), ("depot", self.depot)})

    def apply(self, world: World, /) -> World:
        """Add him with his van and what lies in it."""
        field, stock = world.region.field, world.region.stock
        crew = {engineer.id: engineer for engineer in field.engineers}
        unused("engineer", self.id, crew, self.at)
        other = crew[known("engineer", self.like, crew, self.at)]
        places = {place.id: place for place in stock.places}
        if self.depot:
            known("depot", self.depot, places, self.at)
        depot = self.depot or other.depot
        spot = places[depot].at if self.depot else None
        van = f"VAN-{self.id}" if other.van else ""
        new = replace(other, id=self.id, depot=depot, home=spot or other.home, van=van)
        added = _skilled(_with_papers(field, self.id, self.like), self.id, self.skills)
        places_now = stock.places
        if other.van:
            unused("place", van, places, self.at)
            places_now = (*places_now, _van_of(places[other.van], van, self.id))
        region = replace(
            world.region,
            field=replace(
                added,
                engineers=(*field.engineers, new),
                travel=field.travel if spot else (*field.travel, *self._ways(field)),
            ),
            stock=replace(stock, places=places_now),
        )
        carried = tuple(
            replace(shelf, place=van, upstream=depot)
            for shelf in world.shelves
            if other.van and shelf.place == other.van
        )
        return replace(
            world,
            region=region,
            rosters=(*world.rosters, *self._rosters(world)),
            shelves=(*world.shelves, *carried),
        )

    def _ways(self, field: Fieldwork) -> tuple[TravelPair, ...]:
        """The ways measured from and to the other's home are his, too."""
        out = (replace(one, origin=self.id) for one in field.travel if one.origin == self.like)
        home = (replace(one, destination=self.id) for one in field.travel if one.destination == self.like)
        return (*out, *home)

    def _rosters(self, world: World) -> tuple[Roster, ...]:
        theirs = [one for one in world.rosters if one.engineer == self.like and not one.call_out_cents]
        paid = max((one.wage_cents for one in theirs), default=0)
        wage = paid if self.wage_cents is None else self.wage_cents
        if self.hours is None:
            return tuple(
                replace(one, id=f"{self.id}-{DAYS[one.weekday]}-{number}", engineer=self.id, wage_cents=wage)
                for number, one in enumerate(theirs, 1)
            )
        overtime = max((one.overtime_min for one in theirs), default=0)
        return laid_out(self.id, self.hours, overtime_min=overtime, wage_cents=wage)


def _skilled(field: Fieldwork, engineer: str, skills: tuple[tuple[str, int], ...] | None) -> Fieldwork:
    if skills is None:
        return field
    kept = tuple(held for held in field.skills if held.engineer != engineer)
    return replace(field, skills=(*kept, *(SkillHeld(engineer, skill, level) for skill, level in skills)))


def _with_papers(field: Fieldwork, engineer: str, like: str) -> Fieldwork:
    """The field with the skills, certificates and tools of `like` held by another, too."""
    return replace(
        field,
        skills=(
            *field.skills,
            *(replace(one, engineer=engineer) for one in field.skills if one.engineer == like),
        ),
        certificates=(
            *field.certificates,
            *(replace(one, engineer=engineer) for one in field.certificates if one.engineer == like),
        ),
        tools=(
            *field.tools,
            *(
                replace(one, holder=engineer, serial=f"{one.serial}-{engineer}")
                for one in field.tools
                if one.holder == like
            ),
        ),
    )


def _van_of(other: Place, van: str, engineer: str) -> Place:
    return replace(other, id=van, name=f"Van of {engineer}", engineer=engineer)


def laid_out(
    engineer: str,
    hours: tuple[Hours, ...],
    *,
    overtime_min: int = 0,
    call_out_cents: int = 0,
    wage_cents: int = 0,
    name: str = "",
) -> tuple[Roster, ...]:
    """Give the rosters of weekly hours; `name` stands between weekday and number in their ids."""
    flat = [(weekday, one) for one in hours for weekday in one.weekdays]
    return tuple(
        Roster(
            id=f"{engineer}-{DAYS[weekday]}-{name}{number}",
            engineer=engineer,
            weekday=weekday,
            from_min=one.from_min,
            until_min=one.until_min,
            overtime_min=overtime_min,
            call_out_cents=call_out_cents,
            wage_cents=wage_cents,
        )
        for number, (weekday, one) in enumerate(sorted(flat, key=lambda row: (row[0], row[1].from_min)), 1)
    )


@dataclass(frozen=True, slots=True)
class RemoveEngineers:
    """Engineers who are gone, with what their vans carried."""

    at: Location
    who: Who

    def touches(self, world: World, /) -> Touched:
        """They and everything of theirs, and who is there at all."""
        kinds = ("engineer", "skills", "shifts", "van", "wage", "duty")
        return frozenset({(kind, one) for kind in kinds for one in self.who.of(world)} | {("engineer", "*")})

    def apply(self, world: World, /) -> World:
        """Take them out of everything that names them."""
        gone = set(self.who.of(world))
        field, stock = world.region.field, world.region.stock
        vans = {one.van: one.depot for one in field.engineers if one.id in gone and one.van}
        region = replace(
            world.region,
            field=replace(
                field,
                engineers=tuple(one for one in field.engineers if one.id not in gone),
                skills=tuple(one for one in field.skills if one.engineer not in gone),
                certificates=tuple(one for one in field.certificates if one.engineer not in gone),
                tools=tuple(one for one in field.tools if one.holder not in gone),
                absences=tuple(one for one in field.absences if one.engineer not in gone),
                wishes=tuple(one for one in field.wishes if one.engineer not in gone),
                travel=without(field.travel, gone),
            ),
            stock=replace(
                stock,
                places=tuple(place for place in stock.places if place.id not in vans),
                loaner_units=tuple(
                    replace(unit, van="") if unit.van in vans else unit for unit in stock.loaner_units
                ),
            ),
        )
        return replace(
            world,
            region=region,
            rosters=tuple(one for one in world.rosters if one.engineer not in gone),
            shelves=tuple(shelf for shelf in world.shelves if shelf.place not in vans),
        )


@dataclass(frozen=True, slots=True)
class NewHours:
    """Other shifts for some engineers, instead of theirs; on-call duty stays.

    Args:
        overtime_min: past the end of each; None: the most they have now.
    """

    at: Location
    who: Who
    hours: tuple[Hours, ...]
    overtime_min: int | None = None

    def touches(self, world: World, /) -> Touched:
        """Their shifts, which carry their wage."""
        return _of(self.who, world, "shifts", "wage")

    def apply(self, world: World, /) -> World:
        """Lay the hours out for each of them."""
        made: list[Roster] = []
        chosen = self.who.of(world)
        for engineer in chosen:
            theirs = [one for one in world.rosters if one.engineer == engineer and not one.call_out_cents]
            overtime = self.overtime_min
            if overtime is None:
                overtime = max((one.overtime_min for one in theirs), default=0)
            wage = max((one.wage_cents for one in theirs), default=0)
            made += laid_out(engineer, self.hours, overtime_min=overtime, wage_cents=wage)
        kept = tuple(one for one in world.rosters if one.engineer not in chosen or one.call_out_cents)
        return replace(world, rosters=(*kept, *made))


@dataclass(frozen=True, slots=True)
class OnCallDuty:
    """On-call duty for some engineers: weekly hours that may be planned at a price for every use; none: it ends."""

    at: Location
    who: Who
    hours: tuple[Hours, ...]
    call_out_cents: int

    def touches(self, world: World, /) -> Touched:
        """Their duty."""
        return _of(self.who, world, "duty")

    def apply(self, world: World, /) -> World:
        """Replace the duty each of them has."""
        chosen = self.who.of(world)
        made = [
            one
            for engineer in chosen
            for one in laid_out(engineer, self.hours, call_out_cents=self.call_out_cents, name="call-")
        ]
        kept = tuple(one for one in world.rosters if one.engineer not in chosen or not one.call_out_cents)
        return replace(world, rosters=(*kept, *made))


@dataclass(frozen=True, slots=True)
class Learnt:
    """Some engineers hold a skill at a level at least: cross-training."""

    at: Location
    who: Who
    skill: str
    level: int

    def touches(self, world: World, /) -> Touched:
        """Their skills."""
        return _of(self.who, world, "skills")

    def apply(self, world: World, /) -> World:
        """Raise who is below; nobody loses a level."""
        field = world.region.field
        known("skill", self.skill, {one.id for one in field.skill_catalogue}, self.at)
        held = {(one.engineer, one.skill): one.level for one in field.skills}
        for engineer in self.who.of(world):
            held[engineer, self.skill] = max(self.level, held.get((engineer, self.skill), 0))
        skills = tuple(SkillHeld(engineer, skill, level) for (engineer, skill), level in held.items())
        return replace(world, region=replace(world.region, field=replace(field, skills=skills)))


@dataclass(frozen=True, slots=True)
class Wage:
    """What an hour on shift costs for some engineers."""

    at: Location
    who: Who
    cents: int

    def touches(self, world: World, /) -> Touched:
        """Their wage, which their shifts carry."""
        return _of(self.who, world, "wage", "shifts")

    def apply(self, world: World, /) -> World:
        """Write it into their shifts."""
        chosen = set(self.who.of(world))
        return replace(
            world,
            rosters=tuple(
                replace(one, wage_cents=self.cents)
                if one.engineer in chosen and not one.call_out_cents
                else one
                for one in world.rosters
            ),
        )


@dataclass(frozen=True, slots=True)
class AddPartner:
    """One more outside firm."""

    at: Location
    partner: Partner

    def touches(self, _: World, /) -> Touched:
        """The partner."""
        return frozenset({("partner", self.partner.id)})

    def apply(self, world: World, /) -> World:
        """Put it at the end of the list."""
        field = world.region.field
        unused("partner", self.partner.id, {one.id for one in field.partners}, self.at)
        for skill, _ in self.partner.skills:
            known("skill", skill, {one.id for one in field.skill_catalogue}, self.at)
        changed = replace(field, partners=(*field.partners, self.partner))
        return replace(world, region=replace(world.region, field=changed))


@dataclass(frozen=True, slots=True)
class RemovePartner:
    """An outside firm that helps no more."""

    at: Location
    id: str

    def touches(self, _: World, /) -> Touched:
        """The partner."""
        return frozenset({("partner", self.id)})

    def apply(self, world: World, /) -> World:
        """Take it from the list."""
        field = world.region.field
        known("partner", self.id, {one.id for one in field.partners}, self.at)
        changed = replace(field, partners=tuple(one for one in field.partners if one.id != self.id))
        return replace(world, region=replace(world.region, field=changed))


def _of(who: Who, world: World, *kinds: str) -> Touched:
    """Something of some engineers; who is not named by id depends on who is there."""
    found = {(kind, one) for kind in kinds for one in who.of(world)}
    return frozenset(found if who.engineers else found | {("engineer", "*")})
