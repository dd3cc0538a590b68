"""Tables of where people are and of the roads between places."""

from __future__ import annotations

from dispatch.crew import Position
from dispatch.policy import TravelPair
from kernel.place import LatLon
from storage.dataset.cell import ID, LATITUDE, LONGITUDE, MOMENT, YES, whole
from storage.dataset.crew_tables import ENGINEER
from storage.dataset.table import Column, Table, to

LOCATION = to("sites", "places", "engineers")

TRAVEL = Table(
    "travel",
    "A measured or closed road, in one direction; every pair not listed is reckoned by the model of `region.toml`.",
    (
        Column("origin", ID, "A site, a place, or an engineer for his home.", references=LOCATION),
        Column("destination", ID, "A site, a place, or an engineer for his home.", references=LOCATION),
        Column("seconds", whole(0, 604_800), "Time on the road.", unit="s", empty="unreachable"),
        Column("metres", whole(0, 20_000_000), "Length of the road.", unit="m", empty="0", default=0),
    ),
    key=("origin", "destination"),
    make=lambda row: TravelPair(row["origin"], row["destination"], row["seconds"], row["metres"]),
    rows=lambda region: (
        {
            "origin": pair.origin,
            "destination": pair.destination,
            "seconds": pair.seconds,
            "metres": pair.metres,
        }
        for pair in region.field.travel
    ),
)

POSITIONS = Table(
    "positions",
    "Where an engineer was seen; the latest counts.",
    (
        ENGINEER,
        Column("at", MOMENT, "When he was there; not after `as_of`."),
        Column("lat", LATITUDE, "North, WGS-84.", unit="degrees"),
        Column("lon", LONGITUDE, "East, WGS-84.", unit="degrees"),
        Column("free_at", MOMENT, "When he can go on from there.", empty="at once"),
        Column(
            "rested",
            YES,
            "He has had the break of his shift, or has it until `free_at`.",
            empty="not yet",
            default=False,
        ),
    ),
    key=("engineer_id", "at"),
    make=lambda row: Position(
        row["engineer_id"], row["at"], LatLon(row["lat"], row["lon"]), row["free_at"], row["rested"]
    ),
    rows=lambda region: (
        {
            "engineer_id": seen.engineer,
            "at": seen.at,
            "lat": seen.spot.lat,
            "lon": seen.spot.lon,
            "free_at": seen.free_at,
            "rested": seen.rested,
        }
        for seen in region.field.positions
    ),
)
