"""Which labels to print: for places, parts, lots, units and loaners, as they stand now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from inventory.catalogue.place import SHELVES, PlaceKind
from inventory.stock.label import Label
from inventory.stock.ledger import tally, traced
from inventory.stockroom import Stockroom
from kernel.ids import natural_key


class LabelKind(StrEnum):
    """What labels stick on."""

    PLACES = "places"
    PARTS = "parts"
    LOTS = "lots"
    UNITS = "units"
    LOANERS = "loaners"


@dataclass(frozen=True, slots=True)
class NamedLabel:
    """A label and what people call the thing."""

    label: Label
    name: str


def labels(
    stockroom: Stockroom, kind: LabelKind, *, now: datetime, place: str = "", part: str = ""
) -> tuple[NamedLabel, ...]:
    """Choose the labels of one kind, in natural order, each once.

    Parts, lots and units are those that lie on a shelf or in quarantine at `now`, whatever their condition.

    Args:
        stockroom: everything there is.
        kind: what the labels are for.
        now: the moment, aware.
        place: only what stands there; empty: anywhere.
        part: only this part; empty: any. Places and loaners are of no part.
    """
    names = {row.id: row.name for row in stockroom.parts}
    places = {row.id: row for row in stockroom.places if row.kind in SHELVES | {PlaceKind.QUARANTINE}}
    found: dict[Label, str] = {}
    if kind is LabelKind.PLACES and not part:
        found = {Label(place=row.id): row.name for row in places.values() if place in {"", row.id}}
    elif kind is LabelKind.LOANERS and not part:
        called = {row.id: row.name for row in stockroom.loaner_classes}
        for unit in stockroom.loaner_units:
            if place in {"", unit.place}:
                found[Label(loaner_unit=unit.id)] = called[unit.loaner_class]
    elif kind not in {LabelKind.PLACES, LabelKind.LOANERS}:
        kinds = {row.id: row.kind for row in stockroom.places}
        if kind is LabelKind.UNITS:
            standing = traced(kinds, sorted(stockroom.moves, key=lambda move: move.at), until=now)
            lying = [(cell, serial) for (_, serial), cell in standing.items()]
        else:
            lying = [
                (cell, "") for cell, held in tally(kinds, stockroom.moves, until=now).items() if held > 0
            ]
        for cell, serial in lying:
            wanted = cell.place in places and place in {"", cell.place} and part in {"", cell.part}
            if wanted and (kind is not LabelKind.LOTS or cell.lot):
                lot = "" if kind is LabelKind.PARTS else cell.lot
                found[Label(part=cell.part, lot=lot, serial=serial)] = names[cell.part]
    return tuple(NamedLabel(label, found[label]) for label in sorted(found, key=_order))


def _order(label: Label) -> tuple[object, ...]:
    texts = (label.part, label.lot, label.serial, label.place, label.loaner_unit)
    return tuple(natural_key(text) for text in texts)
