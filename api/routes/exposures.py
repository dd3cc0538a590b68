"""What was missed, what lateness costs and will, which contracts run out: the manager's lists, each a page or a file."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from api.asked import PosedAsked, strict
from api.auth.action import Action
from api.auth.door import Asked, may
from api.schemas.measures import EngineerScoreOut, ExpiringOut, ExposedOut, ExposedSumOut, MissOut, RenewalOut
from api.shapes.listed import CSV, listed
from api.shapes.registers import RowsOut
from api.usecases.exposed import ExposedBy, exposed, summed
from api.usecases.in_force import InForce
from api.usecases.looking_back import missed_in, renewals_in, scorecards_in
from api.wire.body import StrictRoute
from api.wire.page import CursorAsked, LimitAsked
from api.wire.table import FileWanted
from dispatch.measures import EXPIRING_DAYS, RETURN_DAYS
from dispatch.measures.expiring import expiring
from dispatch.measures.period import period as read_period
from kernel.clock import zone
from storage.dataset.crew_tables import CERTIFICATES, TOOLS
from storage.dataset.desk_tables import CUSTOMERS
from storage.rows.facts import values_among, values_in
from storage.rows.standing import standing

router = APIRouter(
    prefix="/v1/reports", tags=["reports"], dependencies=[Depends(strict)], route_class=StrictRoute
)

Reads = Annotated[Asked, may(Action.REPORT_READ)]
OneAsked = Annotated[str, Query(max_length=64, description="Of this one only; empty: all.")]


@router.get("/exposure", response_model=RowsOut[ExposedOut], responses=CSV)
def list_exposure(
    asked: Reads,
    posed: PosedAsked,
    file: FileWanted,
    customer: OneAsked = "",
    contract: OneAsked = "",
    scheme: OneAsked = "",
    area: OneAsked = "",
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """What open promises cost that are late or will be as the plan in force goes, dearest first."""
    going = posed.of(asked.database, asked.region, now=asked.now)
    wanted = {"customer": customer, "contract": contract, "scheme": scheme, "area": area}
    names = _names(going)
    rows = [
        ExposedOut.model_validate({**asdict(one), "customer_name": names.get(one.customer, "")})
        for one in exposed(going)
        if all(not value or getattr(one, name) == value for name, value in wanted.items())
    ]
    return listed(asked.region, "exposure", ExposedOut, rows, whole=file, limit=limit, after=after)


@router.get("/exposure/sums", response_model=RowsOut[ExposedSumOut], responses=CSV)
def sum_exposure(
    asked: Reads,
    posed: PosedAsked,
    file: FileWanted,
    by: Annotated[ExposedBy, Query(description="What it is summed by.")] = ExposedBy.CUSTOMER,
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """The same summed by customer, contract, scheme or area, dearest first; amounts of two currencies are two rows."""
    going = posed.of(asked.database, asked.region, now=asked.now)
    names = _names(going) if by is ExposedBy.CUSTOMER else {}
    rows = [
        ExposedSumOut.model_validate({**asdict(one), "name": names.get(one.group, "")})
        for one in summed(exposed(going), by)
    ]
    return listed(asked.region, "exposure_sums", ExposedSumOut, rows, whole=file, limit=limit, after=after)


@router.get("/misses", response_model=RowsOut[MissOut], responses=CSV)
def list_misses(
    asked: Reads,
    file: FileWanted,
    period: Annotated[
        str, Query(max_length=40, description="day (yesterday), week, month, quarter, or FROM..UNTIL.")
    ] = "day",
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """Promises that fell due in the period and were not kept by then, dearest first, with what the time went on."""
    with asked.database.reading() as connection:
        settings = standing(connection, asked.region).settings
        days = read_period(period, now=asked.now, zone=zone(settings.zone))
        found, customers = missed_in(connection, asked.region, days)
        whose = {customers.get(one.site, "") for one in found}
        names = {
            one.id: one.name
            for one in values_among(connection, CUSTOMERS, asked.region, "customer_id", whose)
        }
    rows = [
        MissOut.model_validate(
            {**asdict(one), "customer": customer, "customer_name": names.get(customer, "")}
        )
        for one in found
        for customer in [customers.get(one.site, "")]
    ]
    return listed(asked.region, "misses", MissOut, rows, whole=file, limit=limit, after=after)


@router.get("/engineers", response_model=RowsOut[EngineerScoreOut], responses=CSV)
def list_scorecards(
    asked: Reads,
    file: FileWanted,
    period: Annotated[str, Query(max_length=40, description="As for /misses.")] = "month",
    return_days: Annotated[int, Query(ge=1, le=366, description="Days without a return.")] = RETURN_DAYS,
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """What each engineer did in the period, all together first (`engineer` empty); every share with its number of cases."""
    with asked.database.reading() as connection:
        settings = standing(connection, asked.region).settings
        days = read_period(period, now=asked.now, zone=zone(settings.zone))
        found = scorecards_in(connection, asked.region, days, days=return_days)
    rows = [
        EngineerScoreOut(
            engineer=one.engineer,
            visits=one.visits,
            first_time_share=one.fix_share,
            first_time_low=one.fix_interval[0] if one.fix_interval else None,
            first_time_high=one.fix_interval[1] if one.fix_interval else None,
            decided=one.decided,
            on_time_share=one.on_time_share,
            promised=one.promised,
            came_back_share=one.back_share,
            judged=one.judged,
            travel_share=one.travel_share,
            outside_s=one.working.outside_s if one.working else None,
        )
        for one in found
    ]
    return listed(asked.region, "engineers", EngineerScoreOut, rows, whole=file, limit=limit, after=after)


@router.get("/renewals", response_model=RowsOut[RenewalOut], responses=CSV)
def list_renewals(
    asked: Reads,
    file: FileWanted,
    within_days: Annotated[
        int, Query(ge=0, le=3660, description="Days before and after today in which contracts end.")
    ] = EXPIRING_DAYS,
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """Contracts that run out and that no other continues, soonest first, with how they went so far."""
    with asked.database.reading() as connection:
        found = renewals_in(connection, asked.region, now=asked.now, within_days=within_days)
        named = values_among(
            connection, CUSTOMERS, asked.region, "customer_id", {one.customer for one in found}
        )
        names = {one.id: one.name for one in named}
    rows = [
        RenewalOut.model_validate(
            {**asdict(one), "share": one.share, "customer_name": names.get(one.customer, "")}
        )
        for one in found
    ]
    return listed(asked.region, "renewals", RenewalOut, rows, whole=file, limit=limit, after=after)


@router.get("/expiring", response_model=RowsOut[ExpiringOut], responses=CSV)
def list_expiring(
    asked: Reads,
    file: FileWanted,
    within_days: Annotated[
        int, Query(ge=0, le=3660, description="Days ahead in which papers run out.")
    ] = EXPIRING_DAYS,
    limit: LimitAsked = 50,
    after: CursorAsked = "",
) -> Response | RowsOut[Any]:
    """Certificates and calibrations that have run out or do within some days, soonest first."""
    with asked.database.reading() as connection:
        today = asked.now.astimezone(zone(standing(connection, asked.region).settings.zone)).date()
        held = values_in(connection, CERTIFICATES, asked.region)
        tools = values_in(connection, TOOLS, asked.region)
    found = expiring(held, tools, today=today, within_days=within_days)
    rows = [ExpiringOut.model_validate(asdict(one)) for one in found]
    return listed(asked.region, "expiring", ExpiringOut, rows, whole=file, limit=limit, after=after)


def _names(going: InForce) -> dict[str, str]:
    return {one.id: one.name for one in going.board.region.field.customers}
