"""What read routes share: the database, the region meant, the moment, the page; everything bounded and strict."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query, Request

from kernel.clock import Clock, moment
from kernel.errors import Refusal
from storage.database import Database

ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._/+-]{0,63}$"


def database_of(request: Request) -> Database:
    """The application's database."""
    found: Database = request.app.state.database
    return found


def clock_of(request: Request) -> Clock:
    """The application's clock."""
    found: Clock = request.app.state.clock
    return found


DatabaseAsked = Annotated[Database, Depends(database_of)]
ClockAsked = Annotated[Clock, Depends(clock_of)]
RegionAsked = Annotated[
    str,
    Query(
        pattern=r"^$|" + ID_PATTERN, max_length=64, description="Id of the region, where there are several."
    ),
]
LimitAsked = Annotated[int, Query(ge=1, le=200, description="Rows in the page.")]
CursorAsked = Annotated[str, Query(max_length=400, description="`next` of the page before.")]
AtAsked = Annotated[
    str, Query(max_length=40, description="Moment (ISO 8601 with offset); empty: now, by the server's clock.")
]


def strict(request: Request) -> None:
    """Refuse query parameters the route does not know, and those given twice.

    Raises:
        Refusal: ``request.unknown_parameter``, ``request.repeated_parameter``.
    """
    route = request.scope["route"]
    known = {field.alias for field in route.dependant.query_params}
    for dependency in route.dependant.dependencies:
        known |= {field.alias for field in dependency.query_params}
    seen: set[str] = set()
    for name, _ in request.query_params.multi_items():
        if name not in known:
            raise Refusal("request.unknown_parameter", name=name[:40], known=", ".join(sorted(known)) or "-")
        if name in seen:
            raise Refusal("request.repeated_parameter", name=name[:40])
        seen.add(name)


def at_or_now(at: str, clock: Clock) -> datetime:
    """The moment asked for.

    Raises:
        Refusal: ``clock.*``.
    """
    return moment(at) if at else clock.now()


def cursor(*values: str) -> str:
    """Where the next page starts, as one opaque word."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def uncursor(text: str, *, parts: int) -> tuple[str, ...] | None:
    """Read a cursor; None for the first page.

    Raises:
        Refusal: ``request.bad_cursor``.
    """
    if not text:
        return None
    try:
        values = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        values = None
    whole = isinstance(values, list) and len(values) == parts
    if not whole or not all(
        isinstance(value, str) and value.isprintable() and len(value) < 100 for value in values
    ):
        raise Refusal("request.bad_cursor")
    return tuple(values)
