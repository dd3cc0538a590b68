"""A desk's practice as a value: kinds of work, limits of attachments, who may decide. No figure here, all in a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from dispatch.desk.clause import Evidence
from dispatch.desk.milestone import TicketKind
from dispatch.desk.term import Figure
from dispatch.desk.ticket import Way


class AnswerKind(StrEnum):
    """How an item of a checklist is answered."""

    YES_NO = "yes-no"
    NUMBER = "number"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One thing to look at.

    Args:
        id: of the item, within its kind of work.
        kind: how it is answered.
        names: what it asks, by language (``en``, ``zh``).
        optional: it may stay unanswered.
    """

    id: str
    kind: AnswerKind
    names: Mapping[str, str]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Work:
    """What one kind of ticket usually takes, done one way.

    Args:
        kind, way: which.
        usual_min: minutes of work.
        level: least level of the equipment's own skill, 1 (helps) to 5 (teaches).
        skills: (skill, least level) needed beside it.
        checklist: what to look at, in order.
    """

    kind: TicketKind
    way: Way
    usual_min: int
    level: int
    skills: tuple[tuple[str, int], ...] = ()
    checklist: tuple[ChecklistItem, ...] = ()


@dataclass(frozen=True, slots=True)
class AttachmentLimit:
    """What may be attached of one kind: media types, and bytes of one file at most."""

    types: tuple[str, ...]
    most_bytes: int


class ApprovalKind(StrEnum):
    """What somebody has to approve."""

    REPLACEMENT = "replacement"
    """A new unit for a device that cannot be mended."""
    REFUND = "refund"
    PURCHASE = "purchase"
    """Something bought for one ticket."""
    PARTNER = "partner"
    """Another firm does the work."""


class DeskRole(StrEnum):
    """Who decides at the desk, from the bottom up."""

    DISPATCHER = "dispatcher"
    MANAGER = "manager"
    DIRECTOR = "director"


@dataclass(frozen=True, slots=True, eq=False)
class Practice:
    """How a desk works.

    Args:
        repeat_days: a report this many days after a repair of the same equipment may be the old fault.
        most_attachments: files with one report.
        attachments: limits by kind.
        works: by kind of ticket and way; a pair that is not there is not done.
        limits: cents a role may approve, by kind; a role that is not there may not.
        free_below: cents below which nobody has to approve, by kind.
        figures: every figure with its source, in file order.
    """

    repeat_days: int
    most_attachments: int
    attachments: Mapping[Evidence, AttachmentLimit]
    works: Mapping[tuple[TicketKind, Way], Work]
    limits: Mapping[ApprovalKind, Mapping[DeskRole, int]]
    free_below: Mapping[ApprovalKind, int]
    figures: tuple[Figure, ...] = field(default=())

    def ways(self, kind: TicketKind, /) -> tuple[Way, ...]:
        """The ways a kind of ticket is worked on, in the order of `Way`."""
        return tuple(way for way in Way if (kind, way) in self.works)
