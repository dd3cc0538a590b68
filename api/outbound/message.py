"""A message: to whom, by which channel, what it says; written into the outbox by a command, read back by the sender."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

from api.text import Lang, label
from kernel.clock import moment, zone
from kernel.errors import Refusal, Value
from storage.announcing import TOPIC
from storage.idempotency import Reply, once
from storage.unit_of_work import UnitOfWork

KINDS: Mapping[str, tuple[str, ...]] = {
    "ticket_received": ("ticket",),
    "visit_time": ("ticket", "start_at", "end_at"),
    "visit_moved": ("ticket", "start_at", "end_at"),
    "visit_cancelled": ("ticket",),
    "on_the_way": ("ticket", "arrive_at"),
    "set_off": ("ticket",),
    "ticket_done": ("ticket",),
    "day_changed": ("engineer", "day"),
}
"""What can be said, and the values each names; the sentences stand in the catalogues as ``message.<kind>``. A value whose
name ends in ``_at`` is a moment and is said in the region's time."""

FOR_ENGINEERS = frozenset({"day_changed"})
"""Said at any hour: who is on duty wants to know."""

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Message:
    """A message to one person.

    Args:
        channel: ``mail``, or one of the operator's channels.
        to: mail address, phone number, or whatever the channel takes.
        kind: one of `KINDS`.
        lang: language of the receiver.
        values: what the kind names, as text.

    Raises:
        Refusal: ``message.unknown_kind``, ``message.wrong_values``, ``message.bad_receiver``, ``clock.*``.
    """

    channel: str
    to: str
    kind: str
    lang: Lang
    values: Mapping[str, str]

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise Refusal("message.unknown_kind", kind=self.kind[:40], known=", ".join(KINDS))
        if set(self.values) != set(KINDS[self.kind]) or any(
            len(text) > LONGEST for text in self.values.values()
        ):
            raise Refusal("message.wrong_values", kind=self.kind, wanted=", ".join(KINDS[self.kind]))
        if (
            not self.to
            or len(self.to) > LONGEST
            or not self.to.isprintable()
            or self.lang not in get_args(Lang)
        ):
            raise Refusal("message.bad_receiver")
        for name, text in self.values.items():
            if name.endswith("_at"):
                moment(text)

    def body(self) -> dict[str, Any]:
        """As the outbox keeps it."""
        return {
            "channel": self.channel,
            "to": self.to,
            "kind": self.kind,
            "lang": self.lang,
            "values": dict(self.values),
        }

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> Message:
        """Read one back.

        Raises:
            Refusal: ``message.malformed``; as the class.
        """
        try:
            return cls(body["channel"], body["to"], body["kind"], body["lang"], dict(body["values"]))
        except (KeyError, TypeError, ValueError, AttributeError):
            raise Refusal("message.malformed") from None

    def words(self, zone_name: str) -> tuple[str, str]:
        """Subject and text, with moments in the region's time zone."""
        said: dict[str, Value] = {
            name: in_zone(moment(text), zone_name) if name.endswith("_at") else text
            for name, text in self.values.items()
        }
        return label(f"message.{self.kind}_subject", self.lang, **said), label(
            f"message.{self.kind}", self.lang, **said
        )


def in_zone(at: datetime, zone_name: str) -> str:
    """A moment as people there say it, to the minute."""
    return f"{at.astimezone(zone(zone_name)):%Y-%m-%d %H:%M}"


def leave(work: UnitOfWork, message: Message, *, about: str) -> None:
    """Leave a message in the outbox of the command's transaction; `about` is the ticket or engineer it is about."""
    work.send(TOPIC, about, message.body())
    work.record("message.left", about, kind=message.kind, channel=message.channel)


def left(work: UnitOfWork, message: Message, *, about: str) -> Reply:
    """As `leave`, as a command of its own: the same key leaves it once.

    Raises:
        Refusal: ``database.key_reused``, ``database.key_in_flight``.
    """

    def act() -> Reply:
        leave(work, message, about=about)
        return {"about": about}

    return once(work, "message.leave", {**message.body(), "about": about}, act)
