"""What a company writes while it works: reports, what happens to tickets, goods moved, units kept; in several regions.

Of a hundred writes ten are reports, fifty events of tickets, twenty-five moves of goods, fifteen reservations made and
given up: about what one repair writes down (a report, five steps, two moves of parts, a promise and its end). Commands of one region
wait for each other (adr 7), those of two do not.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from api.usecases.importing import import_into
from benchmarks.load import request
from dispatch.desk.life import OPEN, state_of
from dispatch.desk.ticket import TicketEvent
from dispatch.region import Region
from inventory.catalogue.part import Tracking
from kernel.clock import Clock
from storage.database import Database
from storage.tables.ledger import StandingRow

KINDS = ("report",) * 2 + ("event",) * 10 + ("move",) * 5 + ("reserve",) * 3
"""Of twenty writes."""

_BY = 7
"""Steps through `KINDS`: no divisor of its length, so that kinds alternate."""


@dataclass(frozen=True, slots=True)
class Writes:
    """What one region offers to write about.

    Args:
        region: its id.
        assets: ids of its equipment.
        tickets: ids of tickets that are open.
        stock: part and place of untracked goods of which there are enough.
        places: where goods may go to, of ours.
    """

    region: str
    assets: Sequence[str]
    tickets: Sequence[str]
    stock: Sequence[tuple[str, str]]
    places: Sequence[str]

    def ask(self, headers: Mapping[str, str], own: int, number: int) -> bytes:
        """The request a connection sends as its n-th.

        Args:
            headers: who asks.
            own: number of the connection: it moves and keeps goods nobody else does.
            number: n.
        """
        kind = KINDS[number * _BY % len(KINDS)]
        key = f"c-{own}-{number}"
        if kind == "event" and self.tickets:
            ticket = self.tickets[zlib.crc32(key.encode()) % len(self.tickets)]
            body = {"kind": "told", "value": "2030-01-02T09:00:00+08:00 gate"}
            return self._posted(headers, key, f"/v1/tickets/{ticket}/events", body)
        if kind in {"move", "reserve"} and self.stock:
            return self._goods(headers, kind, own, number)
        body = {"channel": "phone", "kind": "fault", "severity": "P2", "text": key, "contact": "gate 3"}
        asset = self.assets[zlib.crc32(key.encode()) % len(self.assets)]
        return self._posted(headers, key, "/v1/tickets", body | {"asset": asset})

    def _goods(self, headers: Mapping[str, str], kind: str, own: int, number: int) -> bytes:
        turn, key = _turn(kind, number), f"c-{own}-{number}"
        part, place = self.stock[own % len(self.stock)]
        if kind == "move":  # there and back: goods do not run out
            other = next(one for one in self.places if one != place)
            way = {"from_place": place, "to_place": other} if turn % 2 == 0 else _back(place, other)
            line = {"part": part, "quantity": 1} | way
            return self._posted(headers, key, "/v1/moves", {"document": key, "lines": [line]})
        name = f"c-{own}-{turn // 2}"
        if turn % 2:
            return self._posted(headers, key, f"/v1/reservations/{name}/release", None)
        kept = {"reservation": name, "part": part, "place": place, "quantity": 1, "demand": key}
        return self._posted(headers, key, "/v1/reservations", kept | {"expires_at": "2035-01-01T00:00:00Z"})

    def _posted(
        self, headers: Mapping[str, str], key: str, path: str, body: Mapping[str, object] | None
    ) -> bytes:
        head = {**headers, "Idempotency-Key": key}
        content = b"" if body is None else json.dumps(body).encode()
        return request("POST", f"{path}?region={self.region}", head, content)


def _back(place: str, other: str) -> dict[str, str]:
    return {"from_place": other, "to_place": place}


def _turn(kind: str, number: int) -> int:
    """How often a connection has done this before its n-th request."""
    whole, rest = divmod(number, len(KINDS))
    in_turn = [KINDS[one * _BY % len(KINDS)] for one in range(len(KINDS))]
    return whole * KINDS.count(kind) + in_turn[:rest].count(kind)


def several(database: Database, region: Region, *, regions: int, clock: Clock) -> list[Writes]:
    """Import a region under that many ids, described at this moment; gives what each offers to write about."""
    made = []
    for number in range(regions):
        settings = replace(region.settings, id=f"{region.settings.id}-{number + 1}")
        copied = replace(region, settings=settings)
        imported = import_into(
            database, copied, digest=f"{number + 1:064}", as_of=clock.now(), now=clock.now()
        )
        made.append(_offered(database, imported.region, clock))
    return made


def _offered(database: Database, region: Region, clock: Clock) -> Writes:
    now = clock.now()
    events: dict[str, list[TicketEvent]] = {}
    for event in region.field.ticket_events:
        events.setdefault(event.ticket, []).append(event)
    open_ones = [
        one.id for one in region.field.tickets if state_of(one, events.get(one.id, ()), now).stage in OPEN
    ]
    plain = {part.id for part in region.stock.parts if part.tracking is Tracking.NONE}
    with database.reading() as connection:
        rows = StandingRow.c
        enough = select(rows.part_id, rows.place_id).where(
            rows.region_id == region.settings.id, rows.usable - rows.reserved >= 4
        )
        stock = [tuple(row) for row in connection.execute(enough.order_by(rows.part_id, rows.place_id))]
    engineers = [place.id for place in region.stock.places if place.engineer]
    return Writes(
        region.settings.id,
        [asset.id for asset in region.field.assets],
        open_ones,
        [one for one in stock if one[0] in plain],
        engineers,
    )
