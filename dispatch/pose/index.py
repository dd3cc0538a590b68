"""The sorted ids a problem is indexed by, and what inventory offers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dispatch.board import Board
from dispatch.bringing import with_ways
from dispatch.desk.customer import Site
from dispatch.desk.loan import kept_units
from dispatch.desk.visit import CrewRole, Visit
from dispatch.loaners import LoanerPool, loaner_pool
from dispatch.parts import Delivery, Supplies, supplies
from dispatch.problem import kept_name
from kernel.ids import natural_key


def in_order(names: Iterable[str], /) -> tuple[str, ...]:
    """Names in natural order."""
    return tuple(sorted(names, key=natural_key))


@dataclass(frozen=True, slots=True)
class Index:
    """The sorted ids a problem is indexed by, and what inventory offers.

    `asked` are the partners open visits were published with, or who are at work on one; they come after the engineers.
    """

    skills: tuple[str, ...]
    certificates: tuple[str, ...]
    tools: tuple[str, ...]
    parts: tuple[str, ...]
    classes: tuple[str, ...]
    engineers: tuple[str, ...]
    asked: tuple[str, ...]
    stores: tuple[str, ...]
    deliveries: tuple[Delivery, ...]
    supplies: Supplies
    pool: LoanerPool
    loaner_class: Mapping[str, str]
    territories: tuple[str, ...]
    sites: Mapping[str, Site]
    crews: Mapping[str, tuple[CrewRole, ...]]

    @classmethod
    def of(cls, board: Board, visits: Sequence[Visit]) -> Index:
        """Index what `visits`, the open ones, can use."""
        settings, work = board.region.settings, board.region.field
        sites = {site.id: site for site in work.sites}
        named = {visit.id for visit in visits}
        crews: dict[str, tuple[CrewRole, ...]] = {}
        for role in sorted(work.crew_roles, key=lambda role: natural_key(role.role)):
            if role.visit in named:
                crews[role.visit] = (*crews.get(role.visit, ()), role)
        needs: list[Visit | CrewRole] = [*visits, *(role for crew in crews.values() for role in crew)]
        areas = {sites[visit.site].territory for visit in visits} - {""}
        served = {area for engineer in work.engineers for area in engineer.territories}
        there = supplies(board.region.stock, now=board.now, zone_name=settings.zone)
        offered = with_ways(board, visits, there)
        kept = kept_units(work.ticket_loans, work.loan_events, board.now)
        pool = loaner_pool(board.region.stock, now=board.now, kept=kept)
        asset_class = {asset.id: asset.loaner_class for asset in board.region.field.assets}
        loaner_class = {t.id: asset_class.get(t.asset, "") for t in board.tickets.values()}
        needed = {line.part for visit in visits for line in board.part_needs.get(visit.id, ())}
        parts = needed | {other for part in needed for other in offered.stand_ins.get(part, ())}
        names = {name for stock in offered.stocks for name in stock}
        own = {kept_name(part, visit.id) for part in parts for visit in visits} & names
        asked = {stop.partner for stop in board.published.values() if stop.visit in named}
        asked |= {there.partner for visit, there in board.partners.items() if visit in named}
        wanted = {(loaner_class[visit.ticket], visit.ticket) for visit in visits}
        classes = {
            other for name, ticket in wanted if name for other in pool.classes_for(name, ticket=ticket)
        }
        return cls(
            skills=in_order({skill for one in needs for skill, _ in one.skills}),
            certificates=in_order({name for one in needs for name in one.certificates}),
            tools=in_order({name for one in needs for name in one.tools}),
            parts=in_order(parts | own),
            classes=in_order(classes),
            engineers=in_order({engineer.id for engineer in board.region.field.engineers}),
            asked=in_order(asked - {""}),
            stores=tuple(shelf.id for shelf in offered.shelves),
            deliveries=tuple(
                sorted(
                    (
                        one
                        for visit in visits
                        for one in offered.deliveries.get(visit.id, ())
                        if one.part in parts
                    ),
                    key=lambda one: natural_key(one.id),
                )
            ),
            supplies=offered,
            pool=pool,
            loaner_class=loaner_class,
            territories=in_order(areas | served) if areas else (),
            sites=sites,
            crews=crews,
        )

    def skill_levels(self, needed: Iterable[tuple[str, int]]) -> tuple[tuple[int, int], ...]:
        """Skills with their least level, by index."""
        return tuple(sorted((self.skills.index(skill), level) for skill, level in needed))

    def certificate_indices(self, needed: Iterable[str]) -> tuple[int, ...]:
        """Certificates by index."""
        return tuple(sorted(self.certificates.index(name) for name in needed))

    def tool_indices(self, needed: Iterable[str]) -> tuple[int, ...]:
        """Tools by index."""
        return tuple(sorted(self.tools.index(name) for name in needed))
