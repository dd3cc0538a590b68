"""`region.toml`: the head of a region, its calendars and its stories."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from dispatch.policy import Policy, TravelSettings
from dispatch.region import Region, Settings, Story
from kernel.calendars import WEEKDAYS, BusinessCalendar
from kernel.errors import Location, Refusal
from kernel.toml_text import read_toml
from storage.dataset.head_keys import (
    CALENDAR,
    FILE,
    LARGEST,
    LEFT_OUT,
    POLICY,
    REGION,
    SECTIONS,
    STORY,
    TRAVEL,
    Section,
)
from storage.dataset.lines import normal


@dataclass(slots=True)
class Head:
    """What `region.toml` says: settings without stories (None when refused), calendars and stories with their lines."""

    settings: Settings | None = None
    calendars: list[BusinessCalendar] = field(default_factory=list)
    stories: list[tuple[int, Story]] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    given: int = 1
    refused: int = 0


def read_head(raw: bytes, /) -> Head:
    """Read the file; refusals are gathered, nothing is raised."""
    head = Head()
    try:
        text = _decoded(raw)
        tables = read_toml(text, parse_float=str)
    except Refusal as refusal:
        head.refusals.append(refusal)
        head.refused = 1
        return head
    except ValueError as error:
        found = re.search(r"line (\d+)", str(error))
        head.refusals.append(Refusal("dataset.not_toml", at=Location(FILE, int(found[1]) if found else 0)))
        head.refused = 1
        return head
    _Reading(head, _Lines(text)).whole(tables)
    return head


def _decoded(raw: bytes) -> str:
    if len(raw) > LARGEST:
        raise Refusal("dataset.file_too_large", at=Location(FILE), most=LARGEST // 1024**2)
    try:
        return normal(raw).decode()
    except UnicodeDecodeError:
        raise Refusal("dataset.not_utf8", at=Location(FILE)) from None


class _Lines:
    """Where each key stands: by section, its repetition and the key."""

    _HEADER = re.compile(r"\s*\[{1,2}\s*([A-Za-z0-9_.-]+)\s*\]")
    _KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")

    def __init__(self, text: str) -> None:
        self.of: dict[tuple[str, int, str], int] = {}
        section, repetition = "", 0
        seen: dict[str, int] = {}
        for number, line in enumerate(text.split("\n"), start=1):
            if found := self._HEADER.match(line):
                section = found[1]
                repetition = seen[section] = seen.get(section, -1) + 1
                self.of[section, repetition, ""] = number
            elif found := self._KEY.match(line):
                self.of.setdefault((section, repetition, found[1]), number)

    def place(self, section: str, repetition: int, key: str) -> Location:
        """Where a key stands; the section's first line when the key is not found."""
        line = self.of.get((section, repetition, key)) or self.of.get((section, repetition, ""), 0)
        return Location(FILE, line, f"{section}.{key}".strip(".")[:80])


class _Reading:
    """One pass over the parsed file, gathering into a `Head`."""

    def __init__(self, head: Head, lines: _Lines) -> None:
        self.head = head
        self.lines = lines

    def whole(self, tables: Mapping[str, Any]) -> None:
        known = {section.name for section in SECTIONS}
        for name in tables:
            if name not in known:
                self.refuse("dataset.unknown_key", name, 0, "", key=name[:40], known=", ".join(sorted(known)))
        policy = (
            dict(tables["policy"]) if isinstance(tables.get("policy"), dict) else tables.get("policy", {})
        )
        left_out = policy.pop("left_out", {}) if isinstance(policy, dict) else {}
        parts = [
            self.section(section, given)
            for section, given in (
                (REGION, tables.get("region", {})),
                (TRAVEL, tables.get("travel", {})),
                (POLICY, policy),
                (LEFT_OUT, left_out),
            )
        ]
        if not self.head.refusals:
            region, travel, policy, left_out = (part or {} for part in parts)
            self.head.settings = Settings(
                **region, policy=Policy(**policy, left_out=left_out), travel=TravelSettings(**travel)
            )
            stretch, handover = policy["stretch_min"], policy["handover_min"]
            if handover >= stretch:
                self.refuse(
                    "dataset.handover_too_long",
                    "policy",
                    0,
                    "handover_min",
                    minutes=handover,
                    stretch=stretch,
                )
                self.head.settings = None
        self.head.refused = int(bool(self.head.refusals))
        for repetition, given in enumerate(self.repeated(tables, CALENDAR)):
            self.one(lambda at=repetition, table=given: self.calendar(at, table))
        for repetition, given in enumerate(self.repeated(tables, STORY)):
            self.one(lambda at=repetition, table=given: self.story(at, table))

    def repeated(self, tables: Mapping[str, Any], section: Section) -> list[Any]:
        given = tables.get(section.name, [])
        if not isinstance(given, list):
            self.head.given += 1
            self.head.refused += 1
            self.refuse(
                "dataset.wrong_toml_type", section.name, 0, "", key=section.name, wanted=f"[[{section.name}]]"
            )
            return []
        return given

    def one(self, read: Any) -> None:
        """Count one calendar or story and whether it was refused."""
        before = len(self.head.refusals)
        self.head.given += 1
        read()
        self.head.refused += len(self.head.refusals) > before

    def calendar(self, repetition: int, given: Any) -> None:
        values = self.section(CALENDAR, given, repetition)
        if values is None:
            return
        week = tuple(values[day] for day in WEEKDAYS)
        zone = values["zone"] or (self.head.settings.zone if self.head.settings else "UTC")
        if any(calendar.id == values["id"] for calendar in self.head.calendars):
            line = self.lines.of.get(("calendar", 0, "id"), 0)
            self.refuse(
                "dataset.duplicate_id", "calendar", repetition, "id", value=values["id"], file=FILE, line=line
            )
            return
        try:
            calendar = BusinessCalendar(
                values["id"],
                zone,
                week,
                country=values["country"],
                subdivision=values["subdivision"],
                makeup=values["makeup"],
            )
        except Refusal as refusal:
            self.head.refusals.append(refusal.located(self.lines.place("calendar", repetition, "")))
        else:
            self.head.calendars.append(calendar)

    def story(self, repetition: int, given: Any) -> None:
        values = self.section(STORY, given, repetition)
        if values is not None:
            line = self.lines.place("story", repetition, "ids").line
            self.head.stories.append((line, Story(values["kind"], values["ids"])))

    def section(self, section: Section, given: Any, repetition: int = 0) -> dict[str, Any] | None:
        """Read the keys of one table; None when anything in it was refused."""
        if not isinstance(given, dict):
            self.refuse(
                "dataset.wrong_toml_type",
                section.name,
                repetition,
                "",
                key=section.name,
                wanted=f"[{section.name}]",
            )
            return None
        before = len(self.head.refusals)
        columns = {column.name: column for column in section.keys}
        for key in (key for key in given if key not in columns):
            self.refuse(
                "dataset.unknown_key", section.name, repetition, key, key=key[:40], known=", ".join(columns)
            )
        values: dict[str, Any] = {}
        for name, column in columns.items():
            try:
                values[name] = column.read(_text(given[name], name)) if name in given else column.read("")
            except Refusal as refusal:
                if refusal.code == "dataset.required":
                    refusal = Refusal("dataset.missing_key", key=name)
                self.head.refusals.append(refusal.located(self.lines.place(section.name, repetition, name)))
        return values if len(self.head.refusals) == before else None

    def refuse(self, code: str, section: str, repetition: int, key: str, /, **params: Any) -> None:
        self.head.refusals.append(Refusal(code, at=self.lines.place(section, repetition, key), **params))


def _text(value: Any, key: str) -> str:
    """Give a TOML value as the text a cell would hold."""
    match value:
        case bool() | dict():
            raise Refusal("dataset.wrong_toml_type", key=key, wanted=f"{key} = …")
        case str():
            return value
        case datetime() | date():
            return value.isoformat()
        case list():
            if any(not isinstance(item, str) or ";" in item for item in value):
                raise Refusal("dataset.wrong_toml_type", key=key, wanted=f'{key} = ["…", "…"]')
            return ";".join(value)
    return str(value)


def write_head(region: Region, /) -> str:
    """Write the file of a region.

    Raises:
        Refusal: ``dataset.cannot_write``.
    """
    settings = region.settings
    policy = settings.policy
    lines = [
        *_section(REGION, settings),
        *_section(TRAVEL, settings.travel),
        *_section(POLICY, policy),
        *_section(LEFT_OUT, policy.left_out),
    ]
    for calendar in region.field.calendars:
        week = dict(zip(WEEKDAYS, calendar.week, strict=True))
        named = {name: getattr(calendar, name) for name in ("id", "zone", "country", "subdivision", "makeup")}
        lines += _section(CALENDAR, named | week)
    for story in settings.stories:
        lines += _section(STORY, story)
    return "\n".join(lines).lstrip("\n") + "\n"


def _section(section: Section, value: object) -> Iterator[str]:
    yield ""
    yield f"[[{section.name}]]" if section.repeats else f"[{section.name}]"
    for column in section.keys:
        one = (
            value.get(column.name, column.default) if isinstance(value, dict) else getattr(value, column.name)
        )
        cell = column.write(one)
        if not cell and column.default:
            cell = column.kind.write(one)  # prices are written out, whatever the defaults of a later release
        if not cell:
            continue
        if column.kind.name.startswith("list of"):
            yield f"{column.name} = {json.dumps(cell.split(';'), ensure_ascii=False)}"
        elif column.kind.name.startswith("whole number"):
            yield f"{column.name} = {cell}"
        else:
            yield f"{column.name} = {json.dumps(cell, ensure_ascii=False)}"
