"""What a patch is made of: changes, each a pure function of a world that says what it touches."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from dispatch.policy import TravelPair
from kernel.errors import Location, Refusal
from kernel.ids import natural_key
from scenarios.run.world import World

Touched = frozenset[tuple[str, str]]
"""Things by (kind, id); ``("skills", "E-101")`` are one engineer's skills."""


class Change(Protocol):
    """One change of a world."""

    @property
    def at(self) -> Location:
        """Where it stands in its file."""

    def touches(self, world: World, /) -> Touched:
        """What of this world it reads or writes: two changes that share nothing may be done in any order."""

    def apply(self, world: World, /) -> World:
        """Give the changed world.

        Raises:
            Refusal: ``scenario.unknown_id`` and others, at the line of the file, where it does not fit the world.
        """


@dataclass(frozen=True, slots=True)
class Patch:
    """One scenario file.

    Args:
        id: the file's name without its ending.
        name: (English, Chinese) headline.
        about: (English, Chinese) a sentence or two, may be empty.
        changes: in the order of the file.
    """

    id: str
    name: tuple[str, str]
    about: tuple[str, str]
    changes: tuple[Change, ...]


def patched(world: World, patches: Iterable[Patch], /) -> World:
    """Apply patches one after another; the world handed in stays as it is."""
    for patch in patches:
        for change in patch.changes:
            world = change.apply(world)
    return in_order(world)


def in_order(world: World, /) -> World:
    """The same world with people, shifts and shelves in order of their names: who was added last comes last in nothing."""
    field, stock = world.region.field, world.region.stock
    region = replace(
        world.region,
        field=replace(
            field,
            engineers=tuple(sorted(field.engineers, key=lambda one: natural_key(one.id))),
            skills=tuple(sorted(field.skills, key=lambda one: (natural_key(one.engineer), one.skill))),
            certificates=tuple(
                sorted(
                    field.certificates,
                    key=lambda one: (natural_key(one.engineer), one.certificate, one.valid_from),
                )
            ),
            tools=tuple(sorted(field.tools, key=lambda one: (natural_key(one.holder), one.tool, one.serial))),
            partners=tuple(sorted(field.partners, key=lambda one: natural_key(one.id))),
        ),
        stock=replace(
            stock,
            places=tuple(sorted(stock.places, key=lambda one: natural_key(one.id))),
            loaner_units=tuple(sorted(stock.loaner_units, key=lambda one: natural_key(one.id))),
        ),
    )
    return replace(
        world,
        region=region,
        rosters=tuple(
            sorted(
                world.rosters,
                key=lambda one: (
                    natural_key(one.engineer),
                    one.weekday,
                    one.from_min,
                    one.call_out_cents,
                    one.id,
                ),
            )
        ),
        shelves=tuple(sorted(world.shelves, key=lambda one: (natural_key(one.place), natural_key(one.part)))),
    )


@dataclass(frozen=True, slots=True)
class Who:
    """Which engineers are meant: by id, all of a depot, or everybody; `count` of them at most, the last in order.

    Args:
        engineers: ids; `depot`: id, empty for none; neither: everybody.
        count: 0 for all of them.
    """

    at: Location
    engineers: tuple[str, ...] = ()
    depot: str = ""
    count: int = 0

    def of(self, world: World, /) -> tuple[str, ...]:
        """Give their ids in natural order.

        Raises:
            Refusal: ``scenario.unknown_id``, ``scenario.nobody``, ``scenario.too_few``.
        """
        crew = {engineer.id: engineer.depot for engineer in world.region.field.engineers}
        for one in self.engineers:
            known("engineer", one, crew, self.at)
        if self.depot:
            known("depot", self.depot, {place.id for place in world.region.stock.places}, self.at)
        chosen = self.engineers or [one for one, depot in crew.items() if self.depot in {"", depot}]
        if not chosen:
            raise Refusal("scenario.nobody", at=self.at, depot=self.depot)
        found = sorted(chosen, key=natural_key)
        if self.count > len(found):
            raise Refusal("scenario.too_few", at=self.at, wanted=self.count, found=len(found))
        return tuple(found[-self.count :] if self.count else found)


def known(kind: str, one: str, all_: Iterable[str], at: Location, /) -> str:
    """Give the id if the world has it, else refuse (``scenario.unknown_id``) and name some it has."""
    there = set(all_)
    if one not in there:
        shown = ", ".join(sorted(there, key=natural_key)[:8]) or "-"
        raise Refusal("scenario.unknown_id", at=at, kind=kind, id=one[:64], known=shown)
    return one


def without(ways: Iterable[TravelPair], gone: Collection[str], /) -> tuple[TravelPair, ...]:
    """The measured ways between locations that are still there."""
    return tuple(one for one in ways if one.origin not in gone and one.destination not in gone)


def unused(kind: str, one: str, all_: Iterable[str], at: Location, /) -> str:
    """Give the id if the world does not have it yet, else refuse (``scenario.already_there``)."""
    if one in set(all_):
        raise Refusal("scenario.already_there", at=at, kind=kind, id=one[:64])
    return one
