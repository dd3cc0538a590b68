"""What is kept about persons: given out, overwritten; and where engineers on duty are."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi import Path as InPath

from api.asked import strict
from api.auth.action import Action
from api.auth.called import names_of
from api.auth.door import Asked, Command, may, may_write
from api.auth.secret import digest_of, drawn_id, slow_digest
from api.schemas.people import ContactIn, ErasedOut, NamesOut, PositionIn, PositionOut, PositionsOut
from api.wire.body import StrictRoute
from api.wire.bounds import ID_PATTERN
from kernel.errors import Refusal
from kernel.place import latlon
from storage.desk.positions import note_position, whereabouts
from storage.idempotency import once
from storage.people.accounts import account_of
from storage.people.personal import (
    about_contact,
    about_engineer,
    about_user,
    erase_contact,
    erase_engineer,
    erase_user,
)
from storage.people.tries import forget_tries
from storage.rows.region import only_region
from storage.tables.crew import EngineerRow, PositionRow
from storage.unit_of_work import UnitOfWork

router = APIRouter(tags=["people"], dependencies=[Depends(strict)], route_class=StrictRoute)

MOST_NAMES = 100
"""Ids asked for at once."""

IdNamed = Annotated[str, InPath(pattern=ID_PATTERN, max_length=64)]


@router.get("/v1/names")
def read_names(
    asked: Annotated[Asked, may(Action.SELF)],
    ids: Annotated[
        str, Query(max_length=6_500, description="Ids of accounts, with commas between; 100 at most.")
    ],
) -> NamesOut:
    """What people call who did something: ids stand in every record, because they name nobody."""
    wanted = {one for one in ids.split(",") if one}
    if len(wanted) > MOST_NAMES:
        raise Refusal("person.too_many_names", most=MOST_NAMES)
    with asked.database.reading() as connection:
        return NamesOut(names=names_of(asked, connection, wanted))


@router.get("/v1/people/users/{user}")
def export_user(user: IdNamed, asked: Annotated[Asked, may(Action.PERSON_EXPORT)]) -> dict[str, Any]:
    """Everything kept about the holder of an account."""
    with asked.database.reading() as connection:
        return about_user(connection, user)


@router.post("/v1/people/users/{user}/erase")
def erase_one_user(user: IdNamed, command: Annotated[Command, may_write(Action.PERSON_ERASE)]) -> ErasedOut:
    """Close an account and overwrite what names its holder."""

    def erase(work: UnitOfWork) -> dict[str, Any]:
        # What was tried with the name is counted by its digest: a name can be guessed from that.
        forget_tries(work, name_digest=digest_of(account_of(work.connection, user).name))
        return erase_user(work, user)

    def act(work: UnitOfWork) -> dict[str, Any]:
        return once(work, "person.erase_user", {"user": user}, lambda: erase(work))

    return ErasedOut(rows=command.database.run(command.envelope, act))


@router.get("/v1/people/engineers/{region}/{engineer}")
def export_engineer(
    region: IdNamed, engineer: IdNamed, asked: Annotated[Asked, may(Action.PERSON_EXPORT)]
) -> dict[str, Any]:
    """Everything kept about an engineer."""
    with asked.database.reading() as connection:
        return about_engineer(connection, only_region(connection, region), engineer)


@router.post("/v1/people/engineers/{region}/{engineer}/erase")
def erase_one_engineer(
    region: IdNamed, engineer: IdNamed, command: Annotated[Command, may_write(Action.PERSON_ERASE)]
) -> ErasedOut:
    """Remove where an engineer lives and was, and why he was away."""
    here = _in_region(command, region)

    def act(work: UnitOfWork) -> dict[str, Any]:
        return once(
            work, "person.erase_engineer", {"engineer": engineer}, lambda: erase_engineer(work, engineer)
        )

    return ErasedOut(rows=here.database.run(here.envelope, act))


@router.post("/v1/people/contacts/{region}/find")
def export_contact(
    region: IdNamed, body: ContactIn, asked: Annotated[Asked, may(Action.PERSON_EXPORT)]
) -> dict[str, Any]:
    """Everything that names a contact; in the body, because addresses are written to logs."""
    with asked.database.reading() as connection:
        return about_contact(connection, only_region(connection, region), body.contact)


@router.post("/v1/people/contacts/{region}/erase")
def erase_one_contact(
    region: IdNamed, body: ContactIn, command: Annotated[Command, may_write(Action.PERSON_ERASE)]
) -> ErasedOut:
    """Overwrite a contact with a pseudonym wherever it stands in exactly these words."""
    here, pseudonym = _in_region(command, region), drawn_id("erased")

    told = {
        "contact": slow_digest(body.contact, salt=here.envelope.key)
    }  # what was erased must not be guessed from it

    def act(work: UnitOfWork) -> dict[str, Any]:
        return once(
            work,
            "person.erase_contact",
            told,
            lambda: dict(erase_contact(work, body.contact, pseudonym=pseudonym)),
        )

    return ErasedOut(rows=here.database.run(here.envelope, act))


@router.get("/v1/positions")
def list_positions(asked: Annotated[Asked, may(Action.POSITION_READ)]) -> PositionsOut:
    """Where each engineer on duty was last seen; of nobody off duty."""
    where = asked.scope.engineers_where(region=PositionRow.c.region_id, engineer=PositionRow.c.engineer_id)
    with asked.database.reading() as connection:
        found = whereabouts(connection, asked.region, now=asked.now, where=where)
    return PositionsOut(
        region=asked.region,
        positions=[
            PositionOut(engineer=one.engineer, at=one.at, lat=one.spot.lat, lon=one.spot.lon) for one in found
        ],
    )


@router.post("/v1/positions", status_code=201)
def add_position(
    body: PositionIn, command: Annotated[Command, may_write(Action.POSITION_WRITE)]
) -> PositionOut:
    """Say where an engineer is; refused while he is off duty."""
    where = command.scope.engineers_where(region=EngineerRow.c.region_id, engineer=EngineerRow.c.engineer_id)
    spot = latlon(body.lat, body.lon)
    command.database.run(
        command.envelope, lambda work: note_position(work, body.engineer, body.at, spot, where=where)
    )
    return PositionOut(engineer=body.engineer, at=body.at, lat=spot.lat, lon=spot.lon)


def _in_region(command: Command, region: str) -> Command:
    with command.database.reading() as connection:
        found = only_region(connection, region)
    return replace(command, region=found, envelope=replace(command.envelope, region=found))
