"""The head of a region in its tables: settings, prices, calendars, stories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, select

from dispatch.policy import Policy, TravelSettings
from dispatch.region import Region, Settings, Story
from kernel.calendars import BusinessCalendar
from kernel.errors import Refusal
from kernel.hours import Hours, hours
from storage.tables.region import CalendarRow, RegionRow, StoryRow

PLAIN = ("id", "name", "as_of", "zone", "currency", "horizon_days")


def settings_row(settings: Settings) -> dict[str, Any]:
    """The region's own row, without digests and envelope."""
    return {name: getattr(settings, name) for name in PLAIN} | {
        "policy": _prices(settings.policy),
        "travel": _prices(settings.travel),
    }


def calendar_rows(region: Region) -> list[dict[str, Any]]:
    """Business calendars without their single dates."""
    return [
        {
            "id": calendar.id,
            "zone": calendar.zone,
            "country": calendar.country,
            "subdivision": calendar.subdivision,
            "week": tuple(_spoken(spans) for spans in calendar.week),
            "makeup": tuple(map(str, calendar.makeup)),
        }
        for calendar in region.field.calendars
    ]


def story_rows(region: Region) -> list[dict[str, Any]]:
    """Stories."""
    return [{"kind": story.kind, "ids": story.ids} for story in region.settings.stories]


def read_settings(connection: Connection, region: str) -> Settings:
    """Read the head of a region.

    Raises:
        Refusal: ``region.unknown``.
    """
    row = connection.execute(select(RegionRow).where(RegionRow.c.id == region)).mappings().first()
    if row is None:
        raise Refusal("region.unknown", region=region)
    settings = Settings(
        **{name: row[name] for name in PLAIN},
        policy=_from_prices(Policy(), row["policy"]),
        travel=_from_prices(TravelSettings(), row["travel"]),
    )
    stories = connection.execute(
        select(StoryRow.c.kind, StoryRow.c.ids)
        .where(StoryRow.c.region_id == region)
        .order_by(StoryRow.c.position)
    )
    return replace(settings, stories=tuple(Story(kind, ids) for kind, ids in stories))


def read_calendars(connection: Connection, region: str) -> list[BusinessCalendar]:
    """Read the calendars of a region, without their single dates."""
    rows = connection.execute(
        select(CalendarRow).where(CalendarRow.c.region_id == region).order_by(CalendarRow.c.position)
    ).mappings()
    return [
        _calendar(
            row["id"],
            row["zone"],
            tuple(row["week"]),
            country=row["country"],
            subdivision=row["subdivision"],
            makeup=",".join(row["makeup"]),
        )
        for row in rows
    ]


@lru_cache(maxsize=256)
def _calendar(
    name: str, zone: str, week: tuple[str, ...], *, country: str, subdivision: str, makeup: str
) -> BusinessCalendar:
    """What a row says: the same words are read once, however many requests ask for them."""
    return BusinessCalendar(
        name,
        zone,
        tuple(hours(spans) for spans in week),
        country=country,
        subdivision=subdivision,
        makeup=hours(makeup),
    )


def _spoken(spans: tuple[Hours, ...]) -> str:
    return ",".join(map(str, spans))


def _prices(value: Policy | TravelSettings) -> dict[str, Any]:
    """Fields as JSON holds them: decimals as texts, so that every digit stays."""

    def plain(one: Any) -> Any:
        if isinstance(one, Decimal):
            return str(one)
        return {key: str(price) for key, price in one.items()} if isinstance(one, dict) else one

    return {field.name: plain(getattr(value, field.name)) for field in fields(value)}


def _from_prices(plain: Any, stored: Mapping[str, Any]) -> Any:
    read: dict[str, Any] = {}
    for name, value in stored.items():
        default = getattr(plain, name)
        if isinstance(default, Decimal):
            read[name] = Decimal(value)
        elif isinstance(default, dict):
            read[name] = {key: Decimal(price) for key, price in value.items()}
        elif isinstance(default, tuple):
            read[name] = tuple(tuple(one) for one in value)
        else:
            read[name] = value
    return replace(plain, **read)
