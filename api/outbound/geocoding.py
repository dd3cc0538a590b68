"""Where an address is: asked of a service once, kept, and put right by hand where the service is wrong."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from api.settings import Settings
from api.together import Turn
from kernel.clock import Clock
from kernel.envelope import Envelope
from kernel.errors import Refusal
from kernel.place import LatLon, latlon
from storage.database import Database
from storage.outside import LONGEST, MANUAL, Found, keep_address, known_address, plain_address

UNKNOWN_KEPT = timedelta(days=30)
"""How long the answer "no such place" is believed: maps grow."""

PAUSE_S = 1.0
"""Between two questions to a public service: its rules of use."""

Ask = Callable[[str], Any]


@dataclass
class Geocoder:
    """Finds addresses.

    Args:
        database: keeps what was found.
        settings: which service.
        clock: says how old an answer is.
        within: the folder of the processes that ask in turns; None: this one is alone.
    """

    database: Database
    settings: Settings
    clock: Clock
    within: Path | None = None
    _turn: Turn = field(init=False)

    def __post_init__(self) -> None:
        self._turn = Turn("geocoder", within=self.within)

    def find(self, address: str, *, actor: str) -> Found:
        """Where an address is: what is kept, else what the service says.

        Raises:
            Refusal: ``outside.bad_address_text``, ``outside.no_geocoder`` when nothing is kept and no service set,
                ``outside.unreachable``; ``outside.no_such_place``.
        """
        plain_address(address)
        with self.database.reading() as connection:
            found = known_address(connection, address)
        if found is None or (found.at is None and self.clock.now() - found.asked_at > UNKNOWN_KEPT):
            found = self._ask(address)
            told = found
            envelope = Envelope(actor, "geocoder", self.clock.now(), "address", "none")
            self.database.run(envelope, lambda work: keep_address(work, told))
        if found.at is None:
            raise Refusal("outside.no_such_place")
        return found

    def put_right(self, address: str, at: LatLon, *, actor: str) -> Found:
        """Say where an address is; no service says otherwise from then on.

        Raises:
            Refusal: ``outside.bad_address_text``, ``place.*``.
        """
        checked = latlon(at.lat, at.lon)
        found = Found(plain_address(address), MANUAL, checked, "", self.clock.now())
        envelope = Envelope(actor, "geocoder", self.clock.now(), "address", "none")
        self.database.run(envelope, lambda work: keep_address(work, found))
        return found

    def _ask(self, address: str) -> Found:
        from geopy.exc import GeopyError

        asking = self._service()
        with self._turn.taken():
            if not self.settings.geocoder_url:
                time.sleep(max(0.0, PAUSE_S - self._turn.noted_s()))
            try:
                place = asking(address)
            except (GeopyError, ValueError) as error:
                reason = type(error).__name__
                raise Refusal("outside.unreachable", host=self.settings.geocoder, reason=reason) from None
            finally:
                self._turn.note()
        if place is None:
            return Found(address, self.settings.geocoder, None, "", self.clock.now())
        at = latlon(place.latitude, place.longitude)
        return Found(address, self.settings.geocoder, at, str(place.address)[:LONGEST], self.clock.now())

    def _service(self) -> Ask:
        from geopy.geocoders import Nominatim, Photon

        if self.settings.geocoder == "none":
            raise Refusal("outside.no_geocoder")
        kind = {"nominatim": Nominatim, "photon": Photon}[self.settings.geocoder]
        chosen: dict[str, Any] = {
            "user_agent": "Fieldwright",
            "timeout": self.settings.outside_s,
            "proxies": {},
        }
        if self.settings.geocoder_url:
            parts = urlsplit(self.settings.geocoder_url)
            chosen |= {"domain": parts.netloc + parts.path.rstrip("/"), "scheme": parts.scheme}
        ask: Ask = kind(**chosen).geocode
        return ask
