"""The command envelope: who, from what device, when, once, where. Every write carries one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kernel.clock import utc
from kernel.ids import checked_id

NO_REGION = "none"
"""Region of the envelope of a command that is about the whole company; no region has this id."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What surrounds every command.

    Args:
        actor: id of the person or program that acts.
        device: id of the device or process it comes from.
        now: the moment the command is taken as given at, aware.
        key: idempotency key: the same key has one effect, however often it arrives.
        region: id of the service region it belongs to.

    Raises:
        Refusal: ``id.malformed``, ``clock.naive_time``.
    """

    actor: str
    device: str
    now: datetime
    key: str
    region: str

    def __post_init__(self) -> None:
        for text in (self.actor, self.device, self.key, self.region):
            checked_id(text)
        object.__setattr__(self, "now", utc(self.now))
