"""Reading a desk's practice from its TOML file: everything is checked, nothing unknown is let through."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from dispatch.desk.clause import Evidence
from dispatch.desk.milestone import TicketKind
from dispatch.desk.practice import (
    AnswerKind,
    ApprovalKind,
    AttachmentLimit,
    ChecklistItem,
    DeskRole,
    Practice,
    Work,
)
from dispatch.desk.scheme_grammar import Path, Reader, broken_at, without_mark
from dispatch.desk.ticket import Way
from kernel.errors import Location, Refusal
from kernel.ids import checked_id
from kernel.toml_text import read_toml

FILE = "practice.toml"
"""Name of the file, where it ships and in a dataset."""
SCHEMA = 1
LONGEST_TEXT = 200_000
"""Characters of a practice, at most."""
HIGHEST_LEVEL = 5
LONGEST_MIN = 24 * 60


def load_practice(text: str, /, file: str) -> Practice:
    """Read and check a practice.

    Args:
        text: the TOML text.
        file: its name, for refusals.

    Raises:
        Refusal: ``practice.not_toml``, ``practice.unknown_schema``, ``practice.out_of_range``,
            ``practice.nobody_decides``, ``practice.no_media_type`` and the ``scheme.*`` of keys and words, with the line.
    """
    text = without_mark(text)
    try:
        table = read_toml(text)
    except ValueError as error:
        raise Refusal("practice.not_toml", at=broken_at(error, text, file), detail=str(error)[:120]) from None
    return _PracticeReader(file, text).practice(table)


@dataclass(frozen=True, slots=True)
class OwnPractice:
    """The practice of a region's own.

    Args:
        text: of its file, word for word.
        practice: what the text says; texts are compared, not this.
    """

    text: str
    practice: Practice = field(compare=False, repr=False)


@lru_cache(maxsize=64)
def own_practice(text: str, /, file: str = FILE) -> OwnPractice:
    """Read and check the practice of a region; `file`: its name, for refusals.

    Raises:
        Refusal: ``practice.file_too_long``; those of `load_practice`, with line and key.
    """
    if len(text) > LONGEST_TEXT:
        raise Refusal("practice.file_too_long", at=Location(file), most=LONGEST_TEXT)
    return OwnPractice(text, load_practice(text, file))


def practice_with(own: Iterable[OwnPractice], /) -> Practice:
    """Give a region's own practice, the one that ships where it has none."""
    return next((one.practice for one in own), None) or builtin_practice()


def builtin_text() -> str:
    """Give the file of the practice that ships, word for word: to copy and edit."""
    return (files("dispatch.desk") / FILE).read_text(encoding="utf-8")


@cache
def builtin_practice() -> Practice:
    """Give the practice that ships."""
    return load_practice(builtin_text(), FILE)


class _PracticeReader(Reader):
    """Reads the parts of a practice."""

    def practice(self, table: dict[str, Any]) -> Practice:
        """Read the whole file."""
        self.only(table, (), {"schema", "repeat_days", "attachments", "approvals", "work"})
        schema = self.need(table, ("schema",), int)
        if schema != SCHEMA:
            raise Refusal("practice.unknown_schema", at=self.at(("schema",)), found=schema, known=SCHEMA)
        repeat_days = self.ruled(table, ("repeat_days",), int)
        self.within_range(repeat_days, ("repeat_days",), most=3650)
        attached = self.tables(table, ("attachments",))
        self.only(attached, ("attachments",), {"most", *Evidence})
        most = self.ruled(attached, ("attachments", "most"), int)
        self.within_range(most, ("attachments", "most"), most=1000)
        approvals = self.tables(table, ("approvals",))
        self.only(approvals, ("approvals",), {"free_below", *ApprovalKind})
        return Practice(
            repeat_days=repeat_days,
            most_attachments=most,
            attachments={kind: self.attachment(attached, kind) for kind in Evidence},
            works={(work.kind, work.way): work for work in self.works(table)},
            limits={kind: self.limits(approvals, kind) for kind in ApprovalKind},
            free_below=self.free_below(approvals),
            figures=tuple(self.figures),
        )

    # The parts of a practice

    def within_range(self, value: int, path: Path, *, most: int, least: int = 1) -> int:
        if not least <= value <= most:
            raise Refusal(
                "practice.out_of_range",
                at=self.at(path),
                key=".".join(path),
                value=value,
                least=least,
                most=most,
            )
        return value

    def attachment(self, table: dict[str, Any], kind: Evidence) -> AttachmentLimit:
        path = ("attachments", kind.value)
        value = self.need(table, path, dict)
        self.only(value, path, {"types", "most_bytes", "source"})
        types = self.need(value, (*path, "types"), list)
        for name in types:
            if not isinstance(name, str) or name.count("/") != 1:
                raise Refusal("practice.no_media_type", at=self.at((*path, "types")), value=str(name)[:60])
        most = self.need(value, (*path, "most_bytes"), int)
        self.within_range(most, (*path, "most_bytes"), most=10**10)
        self.figure(value, path, f"{', '.join(types)}; {most} bytes")
        return AttachmentLimit(tuple(types), most)

    def limits(self, table: dict[str, Any], kind: ApprovalKind) -> dict[DeskRole, int]:
        path = ("approvals", kind.value)
        value = self.need(table, path, dict)
        self.only(value, path, {"limits", "source"})
        named = self.need(value, (*path, "limits"), dict)
        if not named:
            raise Refusal("practice.nobody_decides", at=self.at(path), kind=kind)
        found = {}
        for name in named:
            role = self.word(DeskRole, name, (*path, "limits"))
            cents = self.need(named, (*path, "limits", name), int)
            found[role] = self.within_range(cents, (*path, "limits", name), least=0, most=10**12)
        self.figure(value, path, ", ".join(f"{role} {cents}" for role, cents in found.items()))
        return {role: found[role] for role in DeskRole if role in found}

    def free_below(self, table: dict[str, Any]) -> dict[ApprovalKind, int]:
        path = ("approvals", "free_below")
        value = self.need(table, path, dict)
        self.only(value, path, {"cents", "source"})
        cents = self.need(value, (*path, "cents"), dict)
        self.only(cents, (*path, "cents"), set(ApprovalKind))
        found = {kind: self.need(cents, (*path, "cents", kind.value), int) for kind in ApprovalKind}
        for kind, amount in found.items():
            self.within_range(amount, (*path, "cents", kind.value), least=0, most=10**12)
        self.figure(value, path, ", ".join(f"{kind} {amount}" for kind, amount in found.items()))
        return found

    def works(self, table: dict[str, Any]) -> list[Work]:
        return [
            self.work(kind, way, value)
            for kind, ways in self.tables(table, ("work",)).items()
            for way, value in self.tables(table["work"], ("work", kind)).items()
        ]

    def work(self, kind: str, way: str, value: dict[str, Any]) -> Work:
        path = ("work", kind, way)
        self.only(value, path, {"usual_min", "level", "skills", "checklist", "source"})
        usual = self.need(value, (*path, "usual_min"), int)
        self.within_range(usual, (*path, "usual_min"), most=LONGEST_MIN)
        level = self.level(value, (*path, "level"))
        beside = self.need(value, (*path, "skills"), dict, default={})
        for name in beside:
            self.named(name, (*path, "skills", name))
        skills = tuple((name, self.level(beside, (*path, "skills", name))) for name in beside)
        self.figure(value, path, f"{usual} min, level {level}")
        return Work(
            self.word(TicketKind, kind, path[:2]),
            self.word(Way, way, path),
            usual,
            level,
            skills,
            tuple(
                self.item(name, one, (*path, "checklist", name))
                for name, one in self.tables(value, (*path, "checklist")).items()
            ),
        )

    def level(self, table: dict[str, Any], path: Path) -> int:
        return self.within_range(self.need(table, path, int), path, most=HIGHEST_LEVEL)

    def named(self, name: str, path: Path) -> str:
        return self.within(path, lambda: checked_id(name))

    def item(self, name: str, value: dict[str, Any], path: Path) -> ChecklistItem:
        self.only(value, path, {"kind", "en", "zh", "optional"})
        kind = self.word(AnswerKind, self.need(value, (*path, "kind"), str), (*path, "kind"))
        names = {lang: self.need(value, (*path, lang), str) for lang in ("en", "zh")}
        optional = self.need(value, (*path, "optional"), bool, default=False)
        return ChecklistItem(self.named(name, path), kind, names, optional=optional)
