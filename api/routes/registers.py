"""What a region has on record: customers, sites, equipment, contracts, schemes; engineers, shifts, absences."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from fastapi import Path as InPath
from sqlalchemy import ColumnElement, or_, select

from api.asked import EngineerPath, IdAsked, NameAsked, strict
from api.auth.action import Action
from api.auth.door import Asked, Command, may, may_write
from api.schemas.visits import (
    AbsenceIn,
    AbsenceOut,
    SchemeOut,
    SchemesOut,
    WholeSchemeOut,
)
from api.shapes.listed import CSV, registered
from api.shapes.registers import RowsOut, shape_of
from api.shapes.terms import figures_out
from api.wire.body import StrictRoute
from api.wire.bounds import ID_PATTERN
from api.wire.page import CursorAsked, LimitAsked, OneOf, SortTold
from api.wire.table import FileWanted
from dispatch.desk.scheme import Scheme
from dispatch.desk.scheme_file import find_scheme
from kernel.interval import Interval
from storage.dataset import crew_tables, desk_tables
from storage.dataset.table import Table
from storage.desk.absences import note_absence
from storage.order import Orders
from storage.rows.facts import pair_of
from storage.rows.register import (
    ASSET_ORDERS,
    CONTRACT_ORDERS,
    CUSTOMER_ORDERS,
    ENGINEER_ORDERS,
    SITE_ORDERS,
    WRITTEN,
    alike,
    naming,
)
from storage.rows.standing import schemes_in
from storage.tables.crew import EngineerRow
from storage.tables.desk import SiteRow

router = APIRouter(prefix="/v1", tags=["on record"], dependencies=[Depends(strict)], route_class=StrictRoute)

SchemePath = Annotated[str, InPath(pattern=ID_PATTERN, description="Id of the scheme.")]
Customers = Annotated[Asked, may(Action.CUSTOMER_READ)]
Crew = Annotated[Asked, may(Action.CREW_READ)]


def _listed(
    asked: Asked,
    file: Table,
    wanted: list[ColumnElement[bool]],
    *,
    whole: bool,
    limit: int,
    after: str,
    orders: Orders | None = None,
    sort: str = WRITTEN,
) -> Response | RowsOut[Any]:
    return registered(
        asked.database,
        asked.region,
        file,
        wanted,
        whole=whole,
        limit=limit,
        after=after,
        orders=orders,
        sort=sort,
    )


def _of_customers(asked: Asked, file: Table, column: str = "customer_id") -> ColumnElement[bool]:
    """How far the caller reaches in a file of what belongs to customers."""
    rows = pair_of(file).rows
    return asked.scope.customers_where(region=rows.c.region_id, customer=rows.c[column])


def _of_engineers(asked: Asked, file: Table, column: str = "engineer_id") -> ColumnElement[bool]:
    """How far the caller reaches in a file of what belongs to engineers."""
    rows = pair_of(file).rows
    return asked.scope.engineers_where(region=rows.c.region_id, engineer=rows.c[column])


@router.get("/customers", response_model=RowsOut[shape_of(desk_tables.CUSTOMERS)], responses=CSV)  # type: ignore[misc]
def list_customers(
    asked: Customers,
    file: FileWanted,
    name: NameAsked = "",
    sort: Annotated[str, OneOf(CUSTOMER_ORDERS), SortTold] = WRITTEN,
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """Customers, all or those of a name."""
    customers = desk_tables.CUSTOMERS
    wanted = [_of_customers(asked, customers), *naming(customers, name, "name", "customer_id")]
    return _listed(
        asked,
        desk_tables.CUSTOMERS,
        wanted,
        whole=file,
        limit=limit,
        after=after,
        orders=CUSTOMER_ORDERS,
        sort=sort,
    )


@router.get("/sites", response_model=RowsOut[shape_of(desk_tables.SITES)], responses=CSV)  # type: ignore[misc]
def list_sites(
    asked: Customers,
    file: FileWanted,
    customer: IdAsked = "",
    name: NameAsked = "",
    sort: Annotated[str, OneOf(SITE_ORDERS), SortTold] = WRITTEN,
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """Sites, all, a customer's or those of a name."""
    sites = desk_tables.SITES
    wanted = [
        _of_customers(asked, sites),
        *alike(sites, customer_id=customer),
        *naming(sites, name, "name", "site_id"),
    ]
    return _listed(asked, sites, wanted, whole=file, limit=limit, after=after, orders=SITE_ORDERS, sort=sort)


@router.get("/assets", response_model=RowsOut[shape_of(desk_tables.ASSETS)], responses=CSV)  # type: ignore[misc]
def list_assets(
    asked: Customers,
    file: FileWanted,
    site: IdAsked = "",
    serial: Annotated[str, Query(max_length=200, description="The maker's number.")] = "",
    model: Annotated[str, Query(max_length=100, description="Words the model contains.")] = "",
    sort: Annotated[str, OneOf(ASSET_ORDERS), SortTold] = WRITTEN,
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """Equipment, all, a site's, that of a serial number or of a model."""
    assets = desk_tables.ASSETS
    rows = pair_of(assets).rows
    reached = select(SiteRow.c.site_id).where(
        SiteRow.c.region_id == asked.region, _of_customers(asked, desk_tables.SITES)
    )
    wanted = [
        rows.c.site_id.in_(reached),
        *alike(assets, site_id=site, serial=serial),
        *naming(assets, model, "model"),
    ]
    return _listed(
        asked, assets, wanted, whole=file, limit=limit, after=after, orders=ASSET_ORDERS, sort=sort
    )


@router.get("/engineer-wishes", response_model=RowsOut[shape_of(desk_tables.ENGINEER_WISHES)], responses=CSV)  # type: ignore[misc]
def list_wishes(
    asked: Customers,
    file: FileWanted,
    customer: IdAsked = "",
    site: IdAsked = "",
    engineer: IdAsked = "",
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """Engineers customers want and do not want, for all of their sites or for one."""
    wishes = desk_tables.ENGINEER_WISHES
    reached = select(SiteRow.c.site_id).where(
        SiteRow.c.region_id == asked.region, _of_customers(asked, desk_tables.SITES)
    )
    wanted = [
        or_(_of_customers(asked, wishes), pair_of(wishes).rows.c.site_id.in_(reached)),
        *alike(wishes, customer_id=customer, site_id=site, engineer_id=engineer),
    ]
    return _listed(asked, wishes, wanted, whole=file, limit=limit, after=after)


@router.get("/contracts", response_model=RowsOut[shape_of(desk_tables.CONTRACTS)], responses=CSV)  # type: ignore[misc]
def list_contracts(
    asked: Customers,
    file: FileWanted,
    customer: IdAsked = "",
    scheme: IdAsked = "",
    version: IdAsked = "",
    contract: IdAsked = "",
    on: Annotated[date | None, Query(description="Only those that hold on this day.")] = None,
    sort: Annotated[str, OneOf(CONTRACT_ORDERS), SortTold] = WRITTEN,
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """Contracts, all or a customer's, of a scheme or of a version of it, or those that hold on a day."""
    contracts = desk_tables.CONTRACTS
    rows = pair_of(contracts).rows
    wanted = [
        _of_customers(asked, contracts),
        *alike(contracts, customer_id=customer, scheme=scheme, scheme_version=version, contract_id=contract),
    ]
    if on is not None:
        wanted += [rows.c.valid_from <= on, or_(rows.c.valid_until.is_(None), rows.c.valid_until >= on)]
    return _listed(
        asked, contracts, wanted, whole=file, limit=limit, after=after, orders=CONTRACT_ORDERS, sort=sort
    )


@router.get("/engineers", response_model=RowsOut[shape_of(crew_tables.ENGINEERS)], responses=CSV)  # type: ignore[misc]
def list_engineers(
    asked: Crew,
    file: FileWanted,
    depot: IdAsked = "",
    sort: Annotated[str, OneOf(ENGINEER_ORDERS), SortTold] = WRITTEN,
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """Engineers, all or a depot's; where they live is not told."""
    engineers = crew_tables.ENGINEERS
    wanted = [_of_engineers(asked, engineers), *alike(engineers, depot=depot)]
    return _listed(
        asked, engineers, wanted, whole=file, limit=limit, after=after, orders=ENGINEER_ORDERS, sort=sort
    )


@router.get("/engineer-skills", response_model=RowsOut[shape_of(crew_tables.ENGINEER_SKILLS)], responses=CSV)  # type: ignore[misc]
def list_skills(
    asked: Crew, file: FileWanted, engineer: IdAsked = "", limit: LimitAsked = 50, after: CursorAsked = ""
) -> Response | RowsOut[Any]:
    """Skills and levels held."""
    held = crew_tables.ENGINEER_SKILLS
    wanted = [_of_engineers(asked, held), *alike(held, engineer_id=engineer)]
    return _listed(asked, held, wanted, whole=file, limit=limit, after=after)


@router.get("/certificates", response_model=RowsOut[shape_of(crew_tables.CERTIFICATES)], responses=CSV)  # type: ignore[misc]
def list_certificates(
    asked: Crew, file: FileWanted, engineer: IdAsked = "", limit: LimitAsked = 50, after: CursorAsked = ""
) -> Response | RowsOut[Any]:
    """Certificates held, with the days they are valid on."""
    held = crew_tables.CERTIFICATES
    wanted = [_of_engineers(asked, held), *alike(held, engineer_id=engineer)]
    return _listed(asked, held, wanted, whole=file, limit=limit, after=after)


@router.get("/tools", response_model=RowsOut[shape_of(crew_tables.TOOLS)], responses=CSV)  # type: ignore[misc]
def list_tools(
    asked: Crew, file: FileWanted, engineer: IdAsked = "", limit: LimitAsked = 50, after: CursorAsked = ""
) -> Response | RowsOut[Any]:
    """Tools carried, with the last day their calibration is valid."""
    tools = crew_tables.TOOLS
    wanted = [_of_engineers(asked, tools, "holder"), *alike(tools, holder=engineer)]
    return _listed(asked, tools, wanted, whole=file, limit=limit, after=after)


@router.get("/shifts", response_model=RowsOut[shape_of(crew_tables.SHIFTS)], responses=CSV)  # type: ignore[misc]
def list_shifts(
    asked: Crew, file: FileWanted, engineer: IdAsked = "", limit: LimitAsked = 50, after: CursorAsked = ""
) -> Response | RowsOut[Any]:
    """Shifts, all or an engineer's."""
    shifts = crew_tables.SHIFTS
    wanted = [_of_engineers(asked, shifts), *alike(shifts, engineer_id=engineer)]
    return _listed(asked, shifts, wanted, whole=file, limit=limit, after=after)


@router.get("/on-call", response_model=RowsOut[shape_of(crew_tables.ON_CALL)], responses=CSV)  # type: ignore[misc]
def list_on_call(
    asked: Crew, file: FileWanted, engineer: IdAsked = "", limit: LimitAsked = 50, after: CursorAsked = ""
) -> Response | RowsOut[Any]:
    """Times engineers are on call, with what calling one out costs."""
    duties = crew_tables.ON_CALL
    wanted = [_of_engineers(asked, duties), *alike(duties, engineer_id=engineer)]
    return _listed(asked, duties, wanted, whole=file, limit=limit, after=after)


@router.get("/absences", response_model=RowsOut[shape_of(crew_tables.ABSENCES)], responses=CSV)  # type: ignore[misc]
def list_absences(
    asked: Crew, file: FileWanted, engineer: IdAsked = "", limit: LimitAsked = 50, after: CursorAsked = ""
) -> Response | RowsOut[Any]:
    """Absences, all or an engineer's."""
    absences = crew_tables.ABSENCES
    wanted = [_of_engineers(asked, absences), *alike(absences, engineer_id=engineer)]
    return _listed(asked, absences, wanted, whole=file, limit=limit, after=after)


@router.post("/engineers/{engineer:path}/absences", status_code=201)
def write_absence(
    command: Annotated[Command, may_write(Action.CREW_WRITE)], engineer: EngineerPath, body: AbsenceIn
) -> AbsenceOut:
    """Write down that an engineer will not be there; the next plan does without him."""
    away = Interval(body.starts_at, body.ends_at)
    mine = command.scope.engineers_where(region=EngineerRow.c.region_id, engineer=EngineerRow.c.engineer_id)
    reply = command.database.run(
        command.envelope, lambda work: note_absence(work, engineer, away, body.reason, where=mine)
    )
    return AbsenceOut.model_validate(reply)


@router.get("/schemes")
def list_schemes(asked: Annotated[Asked, may(Action.SCHEME_READ)]) -> SchemesOut:
    """Every scheme version the region's contracts may name: those that ship and its own."""
    with asked.database.reading() as connection:
        known = schemes_in(connection, asked.region)
    return SchemesOut(
        region=asked.region, schemes=[SchemeOut(**_head(known[name], asked)) for name in sorted(known)]
    )


@router.get("/schemes/{scheme:path}")
def show_scheme(
    scheme: SchemePath,
    asked: Annotated[Asked, may(Action.SCHEME_READ)],
    version: Annotated[str, Query(max_length=64, description="Empty: the latest.")] = "",
) -> WholeSchemeOut:
    """A scheme version with every figure and the clause it comes from."""
    with asked.database.reading() as connection:
        found = find_scheme(schemes_in(connection, asked.region), scheme, version=version)
    return WholeSchemeOut(
        **_head(found, asked),
        zone=found.zone,
        currency=found.currency,
        figures=figures_out(found.figures, asked.lang),
    )


def _head(scheme: Scheme, asked: Asked) -> dict[str, Any]:
    return {
        "scheme": scheme.id,
        "version": scheme.version,
        "name": scheme.names[asked.lang],
        "effective_on": scheme.effective_on,
        "document": scheme.document,
    }
