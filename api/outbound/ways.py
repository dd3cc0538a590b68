"""Ways measured on real roads by OSRM, Valhalla or openrouteservice; what they cannot say is reckoned, and marked so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil
from typing import Any, Protocol

from api.logs import LOG
from api.outbound.web import ask_json
from api.settings import Settings
from dispatch.board import Board
from dispatch.policy import TravelPair
from dispatch.region import Region
from dispatch.underway import SPOT
from kernel.envelope import Envelope
from kernel.errors import Refusal
from kernel.place import LatLon
from storage.database import PASSING, Database
from storage.outside import Measured, keep_ways, known_ways, spot

KEPT = timedelta(days=90)
"""How long a measured way is believed."""

BLOCK = 50
"""Origins, and destinations, in one request: 2,500 ways, which the public services allow."""

STRAIGHT = "straight"

Rows = Sequence[Sequence[Measured]]


@dataclass(frozen=True, slots=True)
class TravelSource:
    """Where a plan's travel times come from.

    Args:
        source: ``straight``, or the service asked.
        measured: ways the service measured, now or earlier.
        reckoned: ways reckoned by distance and speed because the service could not say.
        why: code of why it could not; empty when it could.
    """

    source: str
    measured: int
    reckoned: int
    why: str = ""

    def told(self) -> dict[str, Any]:
        """For the plan's manifest."""
        return {"source": self.source, "measured": self.measured, "reckoned": self.reckoned, "why": self.why}

    def progress(self) -> dict[str, Any]:
        """For the run's progress: nothing where no service was asked."""
        return {} if self.source == STRAIGHT else {"travel": self.source, "ways_reckoned": self.reckoned}


class Service(Protocol):
    """A service that measures a table of ways."""

    def table(self, origins: Sequence[LatLon], destinations: Sequence[LatLon]) -> Rows:
        """Seconds and metres from each origin to each destination, None where there is no road.

        Raises:
            Refusal: ``outside.*``.
        """


@dataclass(frozen=True, slots=True)
class Osrm:
    """The table service of OSRM 5."""

    url: str
    timeout_s: float

    def table(self, origins: Sequence[LatLon], destinations: Sequence[LatLon]) -> Rows:
        """Ask ``/table/v1/driving``."""
        spots = ";".join(f"{at.lon:.6f},{at.lat:.6f}" for at in (*origins, *destinations))
        first = ";".join(map(str, range(len(origins))))
        then = ";".join(map(str, range(len(origins), len(origins) + len(destinations))))
        address = f"{self.url}/table/v1/driving/{spots}?annotations=duration,distance"
        told = ask_json(f"{address}&sources={first}&destinations={then}", timeout_s=self.timeout_s)
        return _rows(told, "durations", "distances", len(origins), len(destinations))


@dataclass(frozen=True, slots=True)
class Valhalla:
    """The matrix of Valhalla 3; it says kilometres."""

    url: str
    timeout_s: float

    def table(self, origins: Sequence[LatLon], destinations: Sequence[LatLon]) -> Rows:
        """Ask ``/sources_to_targets``."""
        told = ask_json(
            f"{self.url}/sources_to_targets",
            {
                "sources": [{"lat": at.lat, "lon": at.lon} for at in origins],
                "targets": [{"lat": at.lat, "lon": at.lon} for at in destinations],
                "costing": "auto",
                "units": "kilometers",
            },
            timeout_s=self.timeout_s,
        )
        try:
            cells = told["sources_to_targets"]
            seconds = [[cell["time"] for cell in row] for row in cells]
            metres = [
                [None if cell["distance"] is None else cell["distance"] * 1000 for cell in row]
                for row in cells
            ]
        except (KeyError, TypeError):
            raise Refusal("outside.not_found_here", what="sources_to_targets") from None
        table = {"s": seconds, "m": metres}
        return _rows(table, "s", "m", len(origins), len(destinations))


@dataclass(frozen=True, slots=True)
class OpenRouteService:
    """The matrix of openrouteservice; it wants a key."""

    url: str
    key: str
    timeout_s: float

    def table(self, origins: Sequence[LatLon], destinations: Sequence[LatLon]) -> Rows:
        """Ask ``/v2/matrix/driving-car``."""
        told = ask_json(
            f"{self.url}/v2/matrix/driving-car",
            {
                "locations": [[at.lon, at.lat] for at in (*origins, *destinations)],
                "sources": list(range(len(origins))),
                "destinations": list(range(len(origins), len(origins) + len(destinations))),
                "metrics": ["duration", "distance"],
                "units": "m",
            },
            headers={"Authorization": self.key},
            timeout_s=self.timeout_s,
        )
        return _rows(told, "durations", "distances", len(origins), len(destinations))


def _rows(told: Any, seconds: str, metres: str, height: int, width: int) -> Rows:
    """Check the shape of a table and round times up to whole seconds."""
    whole: list[list[Measured]] = []
    for name in (seconds, metres):
        rows = told.get(name) if isinstance(told, dict) else None
        if not isinstance(rows, list) or len(rows) != height:
            raise Refusal("outside.not_found_here", what=name)
        if any(not isinstance(row, list) or len(row) != width for row in rows):
            raise Refusal("outside.not_found_here", what=name)
    for times, lengths in zip(told[seconds], told[metres], strict=True):
        whole.append([_cell(time, length) for time, length in zip(times, lengths, strict=True)])
    return whole


def _cell(seconds: Any, metres: Any) -> Measured:
    if seconds is None or metres is None:
        return None
    good = all(
        isinstance(one, int | float) and not isinstance(one, bool) and 0 <= one < 1e9
        for one in (seconds, metres)
    )
    if not good:
        raise Refusal("outside.not_found_here", what="a time and a length")
    return ceil(seconds), round(metres)


def service_of(settings: Settings) -> Service | None:
    """The service an operator chose; None: times are reckoned.

    Raises:
        Refusal: ``settings.wrong_value`` when its address is missing.
    """
    if settings.travel == STRAIGHT:
        return None
    url = settings.travel_url.rstrip("/")
    if not url:
        raise Refusal("settings.wrong_value", name="travel_url", reason="-")
    match settings.travel:
        case "osrm":
            return Osrm(url, settings.outside_s)
        case "valhalla":
            return Valhalla(url, settings.outside_s)
        case _:
            return OpenRouteService(url, settings.travel_key.get_secret_value(), settings.outside_s)


def on_roads(
    region: Region, *, now: datetime | None, settings: Settings, database: Database, envelope: Envelope
) -> tuple[Region, TravelSource]:
    """The region with measured ways between everywhere a plan may go, and where they come from.

    What the region itself says of a way stands above the service. A service that does not answer costs nothing but the
    truth of the times: the ways it has not measured are reckoned by the region's model, and the source says how many.

    Args:
        region: as read.
        now: the moment planned from; None: the one the region is described at.
        settings: which service.
        database: keeps what was measured.
        envelope: of keeping it.
    """
    service = service_of(settings)
    if service is None:
        return region, TravelSource(STRAIGHT, 0, 0)
    locations = Board.of(region, now=now).locations
    named = {place.partition(":")[2]: at for place, at in locations.items() if not place.startswith(SPOT)}
    spots = {spot(at): at for at in named.values()}
    source = f"{settings.travel} {settings.travel_url.rstrip('/')}"[:200]
    with database.reading() as connection:
        known = known_ways(connection, source, spots, since=envelope.now - KEPT)
    new, why = _measured(service, spots, known)
    if new:
        _keep(database, envelope, source, new)
    ways = known | new
    pairs = []
    on_the_road = len(locations) - len(named)
    reckoned = 2 * on_the_road * len(named)  # from and to where somebody stands: asked for by nobody else
    for origin, start in named.items():
        for destination, end in named.items():
            leg = spot(start), spot(end)
            if leg[0] == leg[1]:
                continue
            if leg in ways:
                measured = ways[leg]
                seconds, metres = measured or (None, 0)
                pairs.append(TravelPair(origin, destination, seconds, metres))
            else:
                reckoned += 1
    if why:
        LOG.warning("ways_reckoned", code=why, ways=reckoned)
    changed = replace(region.field, travel=(*pairs, *region.field.travel))
    return replace(region, field=changed), TravelSource(settings.travel, len(pairs), reckoned, why)


def _measured(
    service: Service, spots: Mapping[str, LatLon], known: Mapping[tuple[str, str], Measured]
) -> tuple[dict[tuple[str, str], Measured], str]:
    """Ask for what is not known, a block at a time, until all is said or the service fails; gives why it did."""
    found: dict[tuple[str, str], Measured] = {}
    listed = sorted(spots)
    for origins in _blocks(listed):
        for destinations in _blocks(listed):
            if all(a == b or (a, b) in known for a in origins for b in destinations):
                continue
            try:
                table = service.table([spots[one] for one in origins], [spots[one] for one in destinations])
            except Refusal as refusal:
                return found, refusal.code
            for origin, row in zip(origins, table, strict=True):
                for destination, measured in zip(destinations, row, strict=True):
                    if origin != destination:
                        found[origin, destination] = measured
    return found, ""


def _blocks(listed: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(listed), BLOCK):
        yield listed[start : start + BLOCK]


def _keep(
    database: Database, envelope: Envelope, source: str, ways: Mapping[tuple[str, str], Measured]
) -> None:
    try:
        database.run(envelope, lambda work: keep_ways(work, source, ways))
    except Refusal as refusal:
        # What cannot be kept is asked for again the next time; the plan needs no database for it.
        if refusal.code not in PASSING:
            raise
