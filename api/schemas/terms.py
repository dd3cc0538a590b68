"""Calendars, and drafts of schemes and practices over HTTP: a text, its values one by one, and what is wrong with it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from api.schemas.visits import SchemeFigureOut
from api.wire.bounds import In, Out

LONGEST_DRAFT = 60_000
"""Characters of a draft; a longer file is checked as it is."""

KeyIn = Annotated[str, StringConstraints(min_length=1, max_length=80)]


class TermChangeIn(In):
    """A value that is to stand at `path`, as TOML writes it (`"2 h"`, `30`, `true`, `2026-05-01`); empty: nothing."""

    path: Annotated[list[KeyIn], Field(min_length=1, max_length=6)]
    toml: Annotated[str, StringConstraints(max_length=2000)] = ""


class DraftIn(In):
    """A text and what is to be changed in it, one after another."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"text": "schema = 1", "changes": [{"path": ["version"], "toml": '"2"'}]}]
        }
    )

    text: Annotated[str, StringConstraints(max_length=LONGEST_DRAFT)]
    changes: Annotated[list[TermChangeIn], Field(max_length=200, default_factory=list)]


class TermFieldOut(Out):
    """A value of the text: where it stands, of what kind it is, as TOML writes it; `line`: from 1."""

    path: list[str]
    kind: Literal["text", "yes_no", "number", "date", "list"]
    toml: str
    line: int


class TermProblemOut(Out):
    """What is wrong: `key`: the path with dots, `line`: of the text; empty and 0: the whole of it."""

    code: str
    detail: str
    key: str
    line: int


class DraftOut(Out):
    """The text as changed, nothing of it kept: its values, what is wrong, and what it says where it holds.

    `scheme`, `version`, `effective_on`, `figures` are empty where something is wrong, and of a practice all but `figures`.
    """

    text: str
    fields: list[TermFieldOut]
    problems: list[TermProblemOut]
    scheme: str
    version: str
    effective_on: date | None
    figures: list[SchemeFigureOut]


class SchemeUseOut(Out):
    """Who counts by a scheme version: contracts that name it, open tickets that were opened under it and keep it."""

    scheme: str
    version: str
    contracts: int
    open_tickets: int


class CalendarOut(Out):
    """A business calendar: open hours of the seven days, Monday first, in its zone; `country` says whose holidays close it."""

    calendar: str
    zone: str
    country: str
    subdivision: str
    week: list[list[str]]
    makeup: list[str]


class CalendarsOut(Out):
    """The business calendars of a region."""

    region: str
    calendars: list[CalendarOut]
