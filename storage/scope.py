"""Where somebody's rights reach: regions, depots, customers, as conditions a query carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from kernel.errors import Refusal
from kernel.ids import checked_id
from storage.tables.catalogue import PlaceRow
from storage.tables.crew import EngineerRow, ShiftRow
from storage.tables.desk import PublishedStopRow, SiteRow, VisitRow

# Under names of their own: a query that has the table too must not lend its row to the condition.
_ENGINEER, _SHIFT = EngineerRow.alias("in_engineer"), ShiftRow.alias("in_shift")
_STOP, _VISIT = PublishedStopRow.alias("in_stop"), VisitRow.alias("in_visit")
_PLACE, _SITE = PlaceRow.alias("in_place"), SiteRow.alias("in_site")

MOST = 100
"""Ids a scope lists of a kind at most."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where somebody's rights reach; a new one reaches nothing.

    Args:
        everywhere: every region there is or will be; then no list is given.
        regions: ids.
        depots: only what lies or starts at these, in the one region named.
        customers: only what is theirs, in the one region named.
        engineer: only this engineer's own work and van, in the one region named; empty: nobody's.
        ticket: only this ticket, in the one region named; empty: none in particular.

    Raises:
        Refusal: ``id.malformed``, ``scope.everywhere_and_some``, ``scope.needs_one_region``, ``scope.too_many``.
    """

    everywhere: bool = False
    regions: tuple[str, ...] = ()
    depots: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()
    engineer: str = ""
    ticket: str = ""

    def __post_init__(self) -> None:
        for name in ("regions", "depots", "customers"):
            listed = tuple(sorted({checked_id(one) for one in getattr(self, name)}))
            if len(listed) > MOST:
                raise Refusal("scope.too_many", kind=name, most=MOST)
            object.__setattr__(self, name, listed)
        for one in (self.engineer, self.ticket):
            if one:
                checked_id(one)
        if self.everywhere and (self.regions or self.is_narrow):
            raise Refusal("scope.everywhere_and_some")
        if self.is_narrow and len(self.regions) != 1:
            # Ids of depots, customers and engineers are unique within a region only.
            raise Refusal("scope.needs_one_region")

    @property
    def is_narrow(self) -> bool:
        """Whether it reaches only a part of its region."""
        return bool(self.depots or self.customers or self.engineer or self.ticket)

    def reaches(self, region: str) -> bool:
        """Whether anything of a region is in it."""
        return self.everywhere or region in self.regions

    def within(self, other: Scope) -> bool:
        """Whether nothing is in it that is not in `other`."""
        if other.everywhere:
            return True
        if self.everywhere or not set(self.regions) <= set(other.regions):
            return False
        lists = ((self.depots, other.depots), (self.customers, other.customers))
        if any(wide and not (narrow and set(narrow) <= set(wide)) for narrow, wide in lists):
            return False
        words = ((self.engineer, other.engineer), (self.ticket, other.ticket))
        return all(not wide or narrow == wide for narrow, wide in words)

    def regions_where(self, column: ColumnElement[str]) -> ColumnElement[bool]:
        """The condition on a column of region ids."""
        return true() if self.everywhere else column.in_(self.regions)

    def tickets_where(
        self, *, region: ColumnElement[str], ticket: ColumnElement[str], site: ColumnElement[str]
    ) -> ColumnElement[bool]:
        """The condition on rows that have a region, a ticket and a site; depots narrow no tickets.

        An engineer's tickets are those with a published stop in a shift of theirs.
        """
        wanted = [self.regions_where(region)]
        if self.customers:
            theirs = select(_SITE.c.site_id).where(
                _SITE.c.region_id == region, _SITE.c.customer_id.in_(self.customers)
            )
            wanted.append(site.in_(theirs))
        if self.engineer:
            own = (
                select(_VISIT.c.ticket_id)
                .join(
                    _STOP,
                    and_(_STOP.c.region_id == _VISIT.c.region_id, _STOP.c.visit_id == _VISIT.c.visit_id),
                )
                .join(
                    _SHIFT,
                    and_(_SHIFT.c.region_id == _STOP.c.region_id, _SHIFT.c.shift_id == _STOP.c.shift_id),
                )
                .where(_VISIT.c.region_id == region, _SHIFT.c.engineer_id == self.engineer)
            )
            wanted.append(ticket.in_(own))
        if self.ticket:
            wanted.append(ticket == self.ticket)
        return and_(*wanted)

    def customers_where(
        self, *, region: ColumnElement[str], customer: ColumnElement[str]
    ) -> ColumnElement[bool]:
        """The condition on rows that belong to a customer: sites, contracts, complaints."""
        of_theirs = customer.in_(self.customers) if self.customers else true()
        return false() if self.ticket else and_(self.regions_where(region), of_theirs)

    def engineers_where(
        self, *, region: ColumnElement[str], engineer: ColumnElement[str]
    ) -> ColumnElement[bool]:
        """The condition on rows that belong to an engineer: shifts, absences, positions."""
        wanted = [self.regions_where(region)]
        if self.depots:
            wanted.append(engineer.in_(self._of_depots(region)))
        if self.engineer:
            wanted.append(engineer == self.engineer)
        return false() if self.ticket or self.customers else and_(*wanted)

    def places_where(self, *, region: ColumnElement[str], place: ColumnElement[str]) -> ColumnElement[bool]:
        """The condition on rows that lie at a place: a depot with the vans that start there, an engineer's van."""
        wanted = [self.regions_where(region)]
        vans = select(_PLACE.c.place_id).where(_PLACE.c.region_id == region)
        if self.depots:
            theirs = vans.where(_PLACE.c.engineer_id.in_(self._of_depots(region)))
            wanted.append(or_(place.in_(self.depots), place.in_(theirs)))
        if self.engineer:
            wanted.append(place.in_(vans.where(_PLACE.c.engineer_id == self.engineer)))
        return false() if self.ticket or self.customers else and_(*wanted)

    def _of_depots(self, region: ColumnElement[str]) -> Any:
        return select(_ENGINEER.c.engineer_id).where(
            _ENGINEER.c.region_id == region, _ENGINEER.c.depot.in_(self.depots)
        )


def scope_document(scope: Scope) -> dict[str, Any]:
    """The scope as plain JSON."""
    return {
        "everywhere": scope.everywhere,
        "regions": list(scope.regions),
        "depots": list(scope.depots),
        "customers": list(scope.customers),
        "engineer": scope.engineer,
    }


def scope_of(document: Mapping[str, Any]) -> Scope:
    """The scope a document of `scope_document` gives; what is not named reaches nothing."""
    return _checked(
        everywhere=document.get("everywhere") is True,
        regions=tuple(document.get("regions", ())),
        depots=tuple(document.get("depots", ())),
        customers=tuple(document.get("customers", ())),
        engineer=str(document.get("engineer", "")),
    )


# Every request asks how far somebody reaches: the same words are checked once.
_checked = lru_cache(maxsize=1024)(Scope)
