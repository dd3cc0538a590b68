"""The visit a request asks for, in the desk's words."""

from __future__ import annotations

from api.schemas.tickets import TripIn
from storage.desk.tickets import Trip


def trip_of(said: TripIn) -> Trip:
    """The visit asked for."""
    return Trip(
        said.minutes,
        said.earliest_at,
        skills=tuple(said.skills.items()),
        certificates=tuple(said.certificates),
        tools=tuple(said.tools),
        parts=tuple(said.parts.items()),
        windows=tuple((one.start, one.end) for one in said.windows),
    )
