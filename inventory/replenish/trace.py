"""Why a suggested number is what it is: formula, inputs, result and the limits that bound it, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kernel.errors import Message, Value


class Formula(StrEnum):
    """Which calculation a trace is of; its sentence is ``formula.<value>`` in the catalogues."""

    INSTALLED_BASE = "installed_base"
    METHOD = "method"
    METHOD_SHORT = "method_short"
    LEVELS = "levels"
    ORDER_FILL = "order_fill"
    ORDER_QUANTITY = "order_quantity"
    ORDER_QUANTITY_NORMAL = "order_quantity_normal"
    ORDER_UP_TO = "order_up_to"
    TWO_ECHELON = "two_echelon"
    WINDOW = "window"
    WINDOW_TWO_ECHELON = "window_two_echelon"
    WINDOW_LEVELS = "window_levels"
    WINDOW_VAN = "window_van"
    SYSTEM_BUDGET = "system_budget"
    SYSTEM_TARGET = "system_target"
    SHARES = "shares"
    KIT = "kit"
    POOL = "pool"


@dataclass(frozen=True, slots=True)
class Trace:
    """One calculation, worked.

    Args:
        formula: which.
        inputs: what went in, by name, with the unit in the name where it is not units of a part.
        result: what came out.
        bounds: limits that held the result, or that show how good it can be at best; empty: none.
    """

    formula: Formula
    inputs: Mapping[str, Value]
    result: Mapping[str, Value]
    bounds: Mapping[str, Value] = field(default_factory=dict)

    @property
    def message(self) -> Message:
        """The calculation as a coded sentence: `api.text` says it in English or Chinese."""
        return Message(f"formula.{self.formula}", {**self.inputs, **self.result, **self.bounds})
