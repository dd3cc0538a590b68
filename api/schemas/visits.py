"""Visits, crew and what else a region has on record, over HTTP."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import ConfigDict

from api.wire.bounds import In, LineIn, MomentIn, Out


class VisitOut(Out):
    """A visit, or one part of a crew's or longer one, and where the published plan has it."""

    visit: str
    role: str
    piece: int
    ticket: str
    site: str
    site_name: str
    minutes: int
    severity: str
    engineer: str
    shift: str
    partner: str
    starts_at: datetime | None
    told_at: datetime | None


class VisitsOut(Out):
    """A page of visits, by id."""

    region: str
    visits: list[VisitOut]
    next: str | None


class WholeVisitOut(Out):
    """One visit with its parts and what it needs."""

    visit: str
    ticket: str
    earliest_at: datetime | None
    skills: dict[str, int]
    certificates: list[str]
    tools: list[str]
    needs: dict[str, int]
    windows: list[tuple[datetime, datetime]]
    stops: list[VisitOut]


class AbsenceIn(In):
    """Time an engineer will not be there."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "starts_at": "2026-03-09T08:00:00+08:00",
                    "ends_at": "2026-03-09T17:00:00+08:00",
                    "reason": "course",
                }
            ]
        }
    )

    starts_at: MomentIn
    ends_at: MomentIn
    reason: LineIn = ""


class AbsenceOut(Out):
    """The absence, under the id it was given."""

    absence: str
    engineer: str


class SchemeFigureOut(Out):
    """One figure of a scheme with the clause it comes from."""

    key: str
    value: str
    source: str


class SchemeOut(Out):
    """A scheme version in a list."""

    scheme: str
    version: str
    name: str
    effective_on: date
    document: str


class SchemesOut(Out):
    """Every scheme version the region's contracts may name: those that ship and its own."""

    region: str
    schemes: list[SchemeOut]


class WholeSchemeOut(SchemeOut):
    """A scheme version with every figure; `zone`: of its times; `currency`: of its prices."""

    zone: str
    currency: str
    figures: list[SchemeFigureOut]
