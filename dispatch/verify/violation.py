"""What the verifier finds: a rule, in words, and whom it concerns."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.rules import Rule
from kernel.errors import Message, Value


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule: which, in words, and the visit or shift it concerns."""

    rule: Rule
    message: Message
    visit: str = ""
    shift: str = ""


def say(rule: Rule, what: str, *, visit: str = "", shift: str = "", **params: Value) -> Violation:
    """A violation whose code is ``verify.{what}``."""
    named: dict[str, Value] = {"visit": visit, "shift": shift, **params}
    return Violation(rule, Message(f"verify.{what}", named), visit, shift)
