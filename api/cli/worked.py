"""A calculation as a storekeeper reads it, and as another program does: formula, inputs, result, bounds."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from api.text import Lang, label, say
from inventory.replenish.trace import Trace


def show_steps(steps: Iterable[Trace], console: Console, lang: Lang) -> None:
    """Print calculations one after another, each under the name of its formula."""
    for number, step in enumerate(steps, start=1):
        console.print(f"{number:3d} {label(f'worked.{step.formula}', lang)}", style="bold")
        console.print(Padding(Text(say(step.message, lang)), (0, 0, 0, 4)))


def step_document(step: Trace, lang: Lang) -> dict[str, object]:
    """One calculation as plain values, its sentence beside it."""
    return {
        "formula": step.formula.value,
        "inputs": dict(step.inputs),
        "result": dict(step.result),
        "bounds": dict(step.bounds),
        "why": say(step.message, lang),
    }
