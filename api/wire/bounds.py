"""The shapes requests are made of: every text has an end, every number a range, every moment its offset."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

from kernel.clock import moment

ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._/+-]{0,63}$"

Word = TypeVar("Word", bound=Enum)


class In(BaseModel):
    """What a request says: nothing in it that is not named, nothing turned into another type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Out(BaseModel):
    """An answer: nothing in it that is not named."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _moment(value: Any) -> datetime:
    if not isinstance(value, str) or len(value) > 40:
        raise ValueError("a moment in ISO 8601 with its offset, like 2026-03-06T08:30:00+08:00")
    return moment(value)


IdIn = Annotated[str, StringConstraints(pattern=ID_PATTERN, max_length=64)]
"""Id of something that is there."""

MaybeIdIn = Annotated[str, StringConstraints(pattern=r"^$|" + ID_PATTERN, max_length=64)]
"""The same, or empty: none."""

WordIn = Annotated[str, StringConstraints(max_length=64)]
"""A short word the rules know."""

LineIn = Annotated[str, StringConstraints(max_length=500)]
"""One line of words."""

TextIn = Annotated[str, StringConstraints(max_length=4000)]
"""Somebody's words."""

MomentIn = Annotated[
    datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "format": "date-time", "maxLength": 40}),
]
"""A moment in ISO 8601 with its offset; refused as the rules refuse it: ``clock.*``."""


DayIn = Annotated[date, Field(strict=False, ge=date(1970, 1, 1), le=date(2199, 12, 31))]
"""A day like 2026-03-20, in the years moments can lie in."""


class SpanIn(In):
    """From `start` until before `end`."""

    start: MomentIn
    end: MomentIn


MinutesIn = Annotated[int, Field(ge=1, le=7 * 24 * 60)]
"""Minutes of work or travel."""

UnitsIn = Annotated[int, Field(ge=1, le=1_000_000)]
"""Whole units of a part."""

CountIn = Annotated[int, Field(ge=0, le=1_000_000)]
"""How many there are."""

CentsIn = Annotated[int, Field(ge=0, le=10**12)]
"""Money, whole cents."""

SeedIn = Annotated[int, Field(ge=0, le=2**31 - 1)]
"""Seed of a search."""

Lax = Field(strict=False)
"""For members of an enum: JSON knows only their word."""
