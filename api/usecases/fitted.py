"""What went to customers under a ticket: from all moves of a region at once, or from those of one ticket's documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection

from dispatch.desk.history import PartUsed
from inventory.catalogue.place import PlaceKind
from inventory.stock.move import Move
from storage.stock.locks import known_places
from storage.stock.queries import moves_of_document


def fitted(
    moves: Iterable[Move], kinds: Mapping[str, PlaceKind], /, *, now: datetime
) -> dict[str, dict[str, int]]:
    """Units of each part that went to customers under each document up to `now`, less what was taken back."""
    found: dict[str, dict[str, int]] = {}
    for move in moves:
        there = (kinds[move.to_place] is PlaceKind.CUSTOMER) - (kinds[move.from_place] is PlaceKind.CUSTOMER)
        if there and move.at <= now:
            parts = found.setdefault(move.source_document, {})
            parts[move.part] = parts.get(move.part, 0) + there * move.quantity
    return found


def parts_of(parts: Mapping[str, Mapping[str, int]], /, *documents: str) -> tuple[PartUsed, ...]:
    """What went to the customer under a ticket's number and its visits, of `fitted`."""
    found: dict[str, int] = {}
    for document in dict.fromkeys(documents):
        for part, quantity in parts.get(document, {}).items():
            found[part] = found.get(part, 0) + quantity
    return tuple(PartUsed(part, quantity) for part, quantity in found.items() if quantity > 0)


def fitted_under(
    connection: Connection, region: str, /, *documents: str, now: datetime
) -> tuple[PartUsed, ...]:
    """What went to the customer under a ticket's number and its visits, read by document."""
    moves = [move for name in documents for move in moves_of_document(connection, region, name)]
    places = {place for move in moves for place in (move.from_place, move.to_place)}
    kinds = {place.id: place.kind for place in known_places(connection, region, places).values()}
    return parts_of(fitted(moves, kinds, now=now), *documents)
