"""One story of a region as it turned out in a plan."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.region import Story
from kernel.errors import Message


@dataclass(frozen=True, slots=True)
class Told:
    """One story as it turned out.

    Args:
        story: what it is about.
        holds: the plan shows what the story promises.
        sentence: what happened, with its facts; says what is different when it does not hold.
        visit: the visit to look at; empty: the reorder list.
    """

    story: Story
    holds: bool
    sentence: Message
    visit: str = ""
