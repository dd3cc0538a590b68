"""Addresses: asked once, kept, put right by hand for good."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from api.outbound.geocoding import Geocoder
from api.settings import Settings
from kernel.errors import Refusal
from kernel.place import LatLon
from storage.database import Database
from tests.api.outbound.conftest import Service

NOW = datetime(2026, 3, 6, tzinfo=UTC)
PLACE = {"lat": "26.0745", "lon": "119.2965", "display_name": "Gulou, Fuzhou"}
PHOTON = {
    "features": [
        {"geometry": {"coordinates": [119.2965, 26.0745]}, "properties": {"name": "Gulou", "city": "Fuzhou"}}
    ]
}


@dataclass
class Hands:
    """A clock set by hand."""

    moment: datetime = NOW

    def now(self) -> datetime:
        """What it was set to."""
        return self.moment


def geocoder(
    database: Database, service: Service, clock: Hands | None = None, kind: str = "nominatim"
) -> Geocoder:
    """One that asks the service on this machine."""
    settings = Settings.model_construct(geocoder=kind, geocoder_url=service.address, outside_s=2.0)
    return Geocoder(database, settings, clock or Hands())


def test_an_address_is_asked_for_once(database: Database, service: Service) -> None:
    """However it is spaced and spelled; the second answer comes from what is kept."""
    service.answer = lambda _: (200, json.dumps([PLACE]).encode(), {})

    first = geocoder(database, service).find("1 Gulou Road,  Fuzhou", actor="E03")
    second = geocoder(database, service).find("1 gulou road, fuzhou ", actor="E03")

    assert first.at == second.at == LatLon(26.0745, 119.2965)
    assert (first.source, first.label) == ("nominatim", "Gulou, Fuzhou")
    assert len(service.got) == 1


def test_another_service_is_only_a_setting(database: Database, service: Service) -> None:
    """Photon's words, the same answer."""
    service.answer = lambda _: (200, json.dumps(PHOTON).encode(), {})

    found = geocoder(database, service, kind="photon").find("Gulou", actor="E03")

    assert (found.at, found.source) == (LatLon(26.0745, 119.2965), "photon")


def test_what_a_person_has_put_right_stays(database: Database, service: Service) -> None:
    """The service puts a village on the wrong side of the river; whoever was there knows better."""
    service.answer = lambda _: (200, json.dumps([PLACE]).encode(), {})
    finder = geocoder(database, service)
    finder.find("Gulou", actor="E03")

    finder.put_right("Gulou", LatLon(26.1, 119.3), actor="E04")

    found = finder.find("gulou", actor="E03")
    assert (found.at, found.source) == (LatLon(26.1, 119.3), "manual")
    assert len(service.got) == 1
    with pytest.raises(Refusal, match=r"place\.latitude_out_of_range"):
        finder.put_right("Gulou", LatLon(91.0, 119.3), actor="E04")


def test_a_place_nobody_knows_is_refused_and_asked_for_again_after_a_month(
    database: Database, service: Service
) -> None:
    """Maps grow; until then nobody is asked in vain."""
    service.answer = lambda _: (200, b"[]", {})
    clock = Hands()
    finder = geocoder(database, service, clock)
    for _ in range(2):
        with pytest.raises(Refusal, match=r"outside\.no_such_place"):
            finder.find("Nowhere 1", actor="E03")
    asked = len(service.got)

    clock.moment += timedelta(days=31)
    service.answer = lambda _: (200, json.dumps([PLACE]).encode(), {})

    assert finder.find("Nowhere 1", actor="E03").at == LatLon(26.0745, 119.2965)
    assert (asked, len(service.got)) == (1, 2)


@pytest.mark.parametrize("answer", [(500, b"", {}), (200, b"<html>", {}), (429, b"", {})])
def test_a_service_that_fails_is_a_refusal_and_nothing_is_kept(
    database: Database, service: Service, answer: tuple[int, bytes, dict[str, str]]
) -> None:
    """The next question goes to the service again."""
    service.answer = lambda _: answer
    finder = geocoder(database, service)

    for _ in range(2):
        with pytest.raises(Refusal, match=r"outside\.unreachable"):
            finder.find("Gulou", actor="E03")

    assert len(service.got) == 2


def test_without_a_service_only_what_is_kept_is_known(database: Database) -> None:
    """Nothing goes out of the house unless somebody has said so."""
    finder = Geocoder(database, Settings.model_construct(), Hands())
    finder.put_right("Gulou", LatLon(26.1, 119.3), actor="E04")

    assert finder.find("Gulou", actor="E03").at == LatLon(26.1, 119.3)
    with pytest.raises(Refusal, match=r"outside\.no_geocoder"):
        finder.find("Cangshan", actor="E03")
    with pytest.raises(Refusal, match=r"outside\.bad_address_text"):
        finder.find("   ", actor="E03")
