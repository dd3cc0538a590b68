"""Changes of what is promised, what is reported and what is left to chance."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from dispatch.desk.milestone import Milestone, Promise
from dispatch.desk.own_scheme import OwnScheme
from dispatch.desk.term import CHOSEN, Term, Unit
from dispatch.region import schemes_of
from kernel.errors import Location, Refusal
from scenarios.patch.change import Touched, known
from scenarios.run.chance import Cause, Chance
from scenarios.run.spread import Spread
from scenarios.run.world import Source, World


@dataclass(frozen=True, slots=True)
class OtherScheme:
    """Customers under one scheme are served under another, or under it with other times.

    Args:
        of: id of the scheme they have.
        to: id of the one they get; empty: the same.
        within: minutes for a milestone instead of what the scheme gives, at every severity it promises it.
        customers: ids; empty: all of them.
    """

    at: Location
    of: str
    to: str = ""
    within: tuple[tuple[Milestone, int], ...] = ()
    customers: tuple[str, ...] = ()

    def touches(self, world: World, /) -> Touched:
        """The promises of the customers meant."""
        if not self.customers:
            return frozenset({("scheme", "*"), *(("scheme", one.id) for one in world.region.field.customers)})
        return frozenset(("scheme", one) for one in self.customers)

    def apply(self, world: World, /) -> World:
        """Change what the sources are promised; a scheme with other times stands beside the ones there are."""
        field = world.region.field
        schemes = schemes_of(field)
        ids = {scheme for scheme, _ in schemes}
        known("scheme", self.of, ids, self.at)
        if self.to:
            known("scheme", self.to, ids, self.at)
        there = {one.id for one in field.customers}
        for customer in self.customers:
            known("customer", customer, there, self.at)
        target = max(key for key in schemes if key[0] == (self.to or self.of))
        if self.within:
            world, target = self._with_times(world, target)
        customer_of = {site.id: site.customer for site in field.sites}
        meant = self.customers or tuple(there)
        changed = [
            source.scheme == self.of and customer_of.get(source.site) in meant
            for source in world.demand.sources
        ]
        if not any(changed):
            raise Refusal("scenario.nobody_promised", at=self.at, scheme=self.of)
        sources = tuple(
            replace(source, scheme=target[0], version=target[1]) if yes else source
            for source, yes in zip(world.demand.sources, changed, strict=True)
        )
        return replace(world, demand=replace(world.demand, sources=sources))

    def _with_times(self, world: World, of: tuple[str, str]) -> tuple[World, tuple[str, str]]:
        field = world.region.field
        scheme = schemes_of(field)[of]
        milestones = {milestone: dict(terms) for milestone, terms in scheme.milestones.items()}
        told = []
        for milestone, minutes in self.within:
            if milestone not in milestones:
                raise Refusal(
                    "scenario.not_promised", at=self.at, scheme=scheme.id, milestone=milestone.value
                )
            told.append(f"{milestone}-{minutes}min")
            for severity, term in milestones[milestone].items():
                if term.promise is Promise.TIMED:
                    milestones[milestone][severity] = Term(
                        Promise.TIMED, CHOSEN, minutes, Unit.MINUTE, term.calendar
                    )
        name = f"{scheme.id}+{'+'.join(told)}"
        if (name, scheme.version) not in schemes_of(field):
            made = OwnScheme(f"{name}.toml", name, replace(scheme, id=name, milestones=milestones))
            field = replace(field, own_schemes=(*field.own_schemes, made))
            world = replace(world, region=replace(world.region, field=field))
        return world, (name, scheme.version)


@dataclass(frozen=True, slots=True)
class MoreDemand:
    """Tickets come so many times as often, from everybody or from some.

    Args:
        factor: times, above 0.
        model: of the equipment; `customer`: id of whose site it is. Empty: all of them.
    """

    at: Location
    factor: float
    model: str = ""
    customer: str = ""

    def touches(self, world: World, /) -> Touched:
        """The rates of the sources meant."""
        return frozenset(("rate", source.id) for source in world.demand.sources if self._meant(world, source))

    def _meant(self, world: World, source: Source) -> bool:
        if not (self.model or self.customer):
            return True
        asset = next((one for one in world.region.field.assets if one.id == source.asset), None)
        site = next((one for one in world.region.field.sites if one.id == source.site), None)
        return (not self.model or (asset is not None and asset.model == self.model)) and (
            not self.customer or (site is not None and site.customer == self.customer)
        )

    def apply(self, world: World, /) -> World:
        """Scale the rates; everybody's at once by the one factor, so that streams of chance stay side by side."""
        if not (self.model or self.customer):
            return replace(world, demand=replace(world.demand, factor=world.demand.factor * self.factor))
        field = world.region.field
        if self.model:
            known("model", self.model, {one.model for one in field.assets}, self.at)
        if self.customer:
            known("customer", self.customer, {one.id for one in field.customers}, self.at)
        model_of = {one.id: one.model for one in field.assets}
        customer_of = {one.id: one.customer for one in field.sites}
        sources = tuple(
            replace(source, a_year=source.a_year * self.factor)
            if self.model in {"", model_of.get(source.asset, "")}
            and self.customer in {"", customer_of.get(source.site, "")}
            else source
            for source in world.demand.sources
        )
        return replace(world, demand=replace(world.demand, sources=sources))


@dataclass(frozen=True, slots=True)
class OtherChance:
    """Sources of chance switched off, or as strong as said.

    Args:
        off, on: causes.
        strength: (field of `Chance`, number): shares, hours, or the mean of a spread whose shape stays.
    """

    at: Location
    off: frozenset[Cause] = frozenset()
    on: frozenset[Cause] = frozenset()
    strength: tuple[tuple[str, float], ...] = ()

    def touches(self, _: World, /) -> Touched:
        """The causes and strengths named."""
        return frozenset(
            {("chance", cause.value) for cause in self.off | self.on}
            | {("strength", name) for name, _ in self.strength}
        )

    def apply(self, world: World, /) -> World:
        """Switch and set."""
        chance = replace(world.chance, off=(world.chance.off | self.off) - self.on)
        for name, number in self.strength:
            now = getattr(chance, name)
            value: Any = replace(now, mean=number) if isinstance(now, Spread) else number
            try:
                chance = replace(chance, **{name: value})
            except Refusal as refusal:
                raise refusal.located(self.at) from None
        return replace(world, chance=chance)


def strengths() -> tuple[str, ...]:
    """The fields of `Chance` a file may set."""
    return tuple(field.name for field in fields(Chance) if field.name != "off")
