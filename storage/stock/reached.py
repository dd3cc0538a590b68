"""How far somebody's rights reach among places: asked before a command touches what lies there."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, select

from kernel.errors import Refusal
from storage.scope import Scope
from storage.stock.locks import COUNTED, known_places
from storage.tables.catalogue import PlaceRow


def check_places(connection: Connection, region: str, scope: Scope, places: Iterable[str]) -> None:
    """Refuse places of ours that rights do not reach, in the words for one that is not there.

    Suppliers, customers, roads, adjustments and scrap are nobody's in particular: only what lies on shelves and in
    quarantine belongs to somebody.

    Raises:
        Refusal: ``stock.unknown_place``.
    """
    if not scope.is_narrow:
        return
    given = sorted({place for place in places if place})
    named = known_places(connection, region, given)
    ours = sorted(name for name, place in named.items() if place.kind in COUNTED)
    reached = set(
        connection.execute(
            select(PlaceRow.c.place_id).where(
                PlaceRow.c.region_id == region, PlaceRow.c.place_id.in_(ours), _reach(scope)
            )
        ).scalars()
    )
    for name in given:
        # One that is not there is refused here too: a later word for it would say that the other is.
        if name not in named or (name in ours and name not in reached):
            raise Refusal("stock.unknown_place", place=name[:64])


def places_reached(connection: Connection, region: str, scope: Scope) -> frozenset[str]:
    """Every place that belongs to somebody rights reach."""
    query = select(PlaceRow.c.place_id).where(PlaceRow.c.region_id == region, _reach(scope))
    return frozenset(connection.execute(query).scalars())


def places_shown(scope: Scope) -> ColumnElement[bool]:
    """The condition on places somebody may know of: his own, and those that are nobody's in particular."""
    return _reach(scope) | PlaceRow.c.kind.not_in(sorted(COUNTED))


def _reach(scope: Scope) -> ColumnElement[bool]:
    return scope.places_where(region=PlaceRow.c.region_id, place=PlaceRow.c.place_id)
