"""What routes share: the database, the clock, the region meant, the moment; no parameter unknown or given twice."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request

from api.usecases.at_once import AtOnce
from api.usecases.in_force import Posed
from api.usecases.reviews import Reviews
from api.usecases.supposing import Supposing
from api.wire.bounds import ID_PATTERN
from kernel.clock import Clock
from kernel.errors import Refusal
from storage.database import Database


def database_of(request: Request) -> Database:
    """The application's database."""
    found: Database = request.app.state.database
    return found


def clock_of(request: Request) -> Clock:
    """The application's clock."""
    found: Clock = request.app.state.clock
    return found


def posed_of(request: Request) -> Posed:
    """What the application keeps of plans in force."""
    found: Posed = request.app.state.posed
    return found


def supposing_of(request: Request) -> Supposing:
    """What the application keeps of what-if frames."""
    found: Supposing = request.app.state.supposing
    return found


def at_once_of(request: Request) -> AtOnce:
    """Reports that are being computed now."""
    found: AtOnce = request.app.state.at_once
    return found


def reviews_of(request: Request) -> Reviews:
    """Reviews of the stock that were made lately."""
    found: Reviews = request.app.state.reviews
    return found


AtOnceAsked = Annotated[AtOnce, Depends(at_once_of)]
ReviewsAsked = Annotated[Reviews, Depends(reviews_of)]
SupposingAsked = Annotated[Supposing, Depends(supposing_of)]
PosedAsked = Annotated[Posed, Depends(posed_of)]
DatabaseAsked = Annotated[Database, Depends(database_of)]
ClockAsked = Annotated[Clock, Depends(clock_of)]
RegionAsked = Annotated[
    str,
    Query(
        pattern=r"^$|" + ID_PATTERN, max_length=64, description="Id of the region, where there are several."
    ),
]
IdAsked = Annotated[str, Query(pattern=r"^$|" + ID_PATTERN, max_length=64)]
NameAsked = Annotated[str, Query(max_length=100, description="Words its name or its number contains.")]
TicketPath = Annotated[str, Path(pattern=ID_PATTERN, description="Number of the ticket or report.")]
EngineerPath = Annotated[str, Path(pattern=ID_PATTERN, description="Id of the engineer.")]
AtAsked = Annotated[
    str, Query(max_length=40, description="Moment (ISO 8601 with offset); empty: now, by the server's clock.")
]


async def strict(request: Request) -> None:  # on the loop: it waits for nothing
    """Refuse query parameters the route does not know, and those given twice.

    Raises:
        Refusal: ``request.unknown_parameter``, ``request.repeated_parameter``.
    """
    if not request.scope["query_string"]:
        return
    known = _query_names(request.scope["route"].dependant)
    seen: set[str] = set()
    for name, _ in request.query_params.multi_items():
        if name not in known:
            raise Refusal("request.unknown_parameter", name=name[:40], known=", ".join(sorted(known)) or "-")
        if name in seen:
            raise Refusal("request.repeated_parameter", name=name[:40])
        seen.add(name)


def _query_names(dependant: Any) -> set[str]:
    """Parameters of a route and of all it depends on."""
    known = {field.alias for field in dependant.query_params}
    for dependency in dependant.dependencies:
        known |= _query_names(dependency)
    return known
