"""Ways on real roads: each service's own words, asked once, and what it cannot say is marked in the plan."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from api.outbound.ways import TravelSource, on_roads
from api.settings import Settings
from api.usecases.asking import ask_for_plan
from api.usecases.importing import import_into
from api.usecases.plan_run import Ask
from api.worker import Worker
from dispatch.board import Board
from dispatch.policy import TravelPair
from dispatch.problem import UNREACHABLE
from dispatch.region import Region
from kernel.envelope import Envelope
from kernel.errors import Refusal
from storage.database import Database
from storage.dataset.read import read
from storage.tables.plan import PlanRow
from tests.api.outbound.conftest import Got, Service
from tests.api.work.victim import AT, Standing, made
from tests.dataset_builder import tiny

SEVEN_MIN = 420.2

Told = tuple[int, bytes, dict[str, str]]


def told(content: Any) -> Told:
    """An answer in JSON."""
    return 200, json.dumps(content).encode(), {}


def osrm(got: Got) -> Told:
    """OSRM: every way takes seven minutes and a bit."""
    asked = parse_qs(urlsplit(got.path).query)
    height, width = (asked[name][0].count(";") + 1 for name in ("sources", "destinations"))
    table = [[SEVEN_MIN] * width] * height
    return told({"code": "Ok", "durations": table, "distances": [[5000.4] * width] * height})


def valhalla(got: Got) -> Told:
    """Valhalla: the same in its words, kilometres."""
    asked = json.loads(got.body)
    assert asked["costing"] == "auto"
    row = [{"time": SEVEN_MIN, "distance": 5.0004} for _ in asked["targets"]]
    return told({"sources_to_targets": [row for _ in asked["sources"]], "units": "kilometers"})


def openrouteservice(got: Got) -> Told:
    """Openrouteservice: the same, for who has a key."""
    asked = json.loads(got.body)
    if got.headers.get("authorization") != "k-1":
        return 403, b"{}", {}
    table = [[SEVEN_MIN] * len(asked["destinations"])] * len(asked["sources"])
    lengths = [[5000.4] * len(asked["destinations"])] * len(asked["sources"])
    return told({"durations": table, "distances": lengths})


SERVICES = {"osrm": osrm, "valhalla": valhalla, "openrouteservice": openrouteservice}


@pytest.fixture
def region(tmp_path: Path) -> Region:
    """The tiny region, with no measured way of its own."""
    reading = read(tiny(tmp_path / "tiny"))
    assert reading.region is not None
    return replace(reading.region, field=replace(reading.region.field, travel=()))


def chosen(kind: str, service: Service) -> Settings:
    """Settings that name a service."""
    from pydantic import SecretStr

    return Settings.model_construct(
        travel=kind, travel_url=service.address + "/", travel_key=SecretStr("k-1"), outside_s=2.0
    )


def measured(
    region: Region, database: Database, settings: Settings, *, days: int = 0
) -> tuple[Region, TravelSource]:
    """The region with its ways, `days` later."""
    envelope = Envelope("worker", "w-1", AT + timedelta(days=days), "k", "R-1")
    return on_roads(region, now=None, settings=settings, database=database, envelope=envelope)


def seconds(region: Region) -> set[int]:
    """The times of all ways but those of no length."""
    ways = Board.of(region).roads
    spots = Board.of(region).locations
    return {
        int(ways.seconds[i, j])
        for i, a in enumerate(ways.places)
        for j, b in enumerate(ways.places)
        if spots[a] != spots[b]
    }


@pytest.mark.parametrize("kind", SERVICES)
def test_times_of_the_service_are_those_of_the_plan(
    database: Database, service: Service, region: Region, kind: str
) -> None:
    """Each service in its own words; a started second counts whole."""
    service.answer = SERVICES[kind]

    onto, source = measured(region, database, chosen(kind, service))

    assert seconds(onto) == {421}
    assert (source.source, source.reckoned, source.why) == (kind, 0, "")
    assert source.measured == len(onto.field.travel) > 0
    assert {pair.metres for pair in onto.field.travel} == {5000}


def test_a_way_is_asked_for_once_and_believed_for_ninety_days(
    database: Database, service: Service, region: Region
) -> None:
    """A public service counts requests; roads change slowly."""
    service.answer = osrm
    settings = chosen("osrm", service)
    first, _ = measured(region, database, settings)
    asked = len(service.got)

    second, source = measured(region, database, settings, days=80)
    assert len(service.got) == asked == 1
    measured(region, database, settings, days=91)

    assert first.field.travel == second.field.travel
    assert source.reckoned == 0
    assert len(service.got) == 2


def test_what_the_region_says_of_a_road_stands_above_the_service(
    database: Database, service: Service, region: Region
) -> None:
    """A closed bridge is known to the dispatcher first."""
    service.answer = osrm
    a, b = region.field.sites[0].id, region.stock.places[0].id
    closed = replace(region, field=replace(region.field, travel=(TravelPair(a, b, None, 0),)))

    onto, _ = measured(closed, database, chosen("osrm", service))

    ways = Board.of(onto).roads
    if f"site:{a}" in ways.index:
        assert ways.seconds[ways.index[f"site:{a}"], ways.index[f"place:{b}"]] == UNREACHABLE
    assert onto.field.travel[-1] == TravelPair(a, b, None, 0)


def test_where_the_service_knows_no_road_there_is_none(
    database: Database, service: Service, region: Region
) -> None:
    """Null is an answer: an island is not reached by a straight line."""

    def islands(got: Got) -> Told:
        status, body, headers = osrm(got)
        table = json.loads(body)
        table["durations"] = [[None] * len(row) for row in table["durations"]]
        return status, json.dumps(table).encode(), headers

    service.answer = islands

    onto, source = measured(region, database, chosen("osrm", service))

    assert seconds(onto) == {UNREACHABLE}
    assert source.reckoned == 0


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((500, b"", {}), "outside.refused"),
        ((200, b"<html>", {}), "outside.not_json"),
        ((200, b'{"code": "Ok"}', {}), "outside.not_found_here"),
        ((200, b'{"durations": [[1]], "distances": [[1]]}', {}), "outside.not_found_here"),
        ((200, b'{"durations": [["x"]], "distances": [[1]]}', {}), "outside.not_found_here"),
    ],
)
def test_a_service_that_fails_leaves_reckoned_ways_and_a_mark(
    database: Database, service: Service, region: Region, answer: Told, why: str
) -> None:
    """The plan is made all the same, and says that its times are reckoned and why."""
    service.answer = lambda _: answer

    onto, source = measured(region, database, chosen("osrm", service))

    assert onto == region
    assert (source.measured, source.why) == (0, why)
    assert source.reckoned > 0


def test_ways_measured_before_the_service_failed_are_used(
    database: Database, service: Service, region: Region, nobody: int
) -> None:
    """What is kept is as good as it was; only what is missing is reckoned."""
    service.answer = osrm
    settings = chosen("osrm", service)
    measured(region, database, settings)
    service.answer = lambda _: (503, b"", {})
    site = replace(
        region.field.sites[0], at=replace(region.field.sites[0].at, lat=region.field.sites[0].at.lat + 0.01)
    )
    moved = replace(region, field=replace(region.field, sites=(site, *region.field.sites[1:])))

    _, source = measured(moved, database, settings)

    assert source.measured > 0
    assert source.reckoned > 0
    assert source.why == "outside.refused"


def test_a_plan_says_where_its_times_come_from(database: Database, service: Service, tmp_path: Path) -> None:
    """In its manifest, for whoever wonders why an engineer was late."""
    reading = read(tiny(tmp_path / "tiny2"))
    assert reading.region is not None
    import_into(database, reading.region, digest=reading.digest, as_of=None)
    service.answer = osrm
    settings = chosen("osrm", service)
    worker = Worker(
        database,
        "w-1",
        solve=lambda _job, _report: replace(made("words"), manifest="{}"),
        ways=lambda region, now, of_run: on_roads(
            region, now=now, settings=settings, database=database, envelope=of_run
        ),
        clock=Standing(),
        heartbeat=timedelta(milliseconds=5),
    )
    for run in ("r-1", "r-2"):
        ask_for_plan(database, Envelope("dispatcher", "desk", AT, run, "R1"), run, Ask(None, 1, 50, None))

    worker.once()
    service.answer = lambda _: (500, b"", {})
    with database.writing(Envelope("test", "test", AT, "forget", "none")) as work:
        work.connection.exec_driver_sql("DELETE FROM way")
    worker.once()

    with database.reading() as connection:
        kept = connection.execute(select(PlanRow.c.manifest).order_by(PlanRow.c.id)).scalars().all()
    manifests = [json.loads(one) for one in kept]
    assert (manifests[0]["travel"]["source"], manifests[0]["travel"]["why"]) == ("osrm", "")
    assert manifests[0]["travel"]["measured"] > 0
    assert (manifests[1]["travel"]["measured"], manifests[1]["travel"]["why"]) == (0, "outside.refused")


def test_a_service_without_an_address_is_refused_at_the_start(database: Database, region: Region) -> None:
    """Not at three in the morning, when the first run is taken."""
    settings = Settings.model_construct(travel="osrm")

    with pytest.raises(Refusal, match=r"settings\.wrong_value"):
        measured(region, database, settings)
