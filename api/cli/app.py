"""The command line's frame: one application, one way out for refusals.

Exit codes: 0 done; 1 the answer is no (a plan that does not hold); 2 the input was refused.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module
from typing import Annotated, Any

import typer
from rich.console import Console

from api.text import LANGUAGES, Lang, label, say_refusal
from kernel.errors import Refusal, Refused

app = typer.Typer(
    name="fieldwright",
    help="Plan field service: who goes where, when, with which part.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

SHOWN_REFUSALS = 50
"""Refusals printed at most; the rest is counted."""

LangOption = Annotated[
    str, typer.Option("--lang", help="Language of the output: en or zh.", envvar="FIELDWRIGHT_LANG")
]


def language(text: str) -> Lang:
    """Read a language option.

    Raises:
        Refusal: ``cli.unknown_language``.
    """
    for lang in LANGUAGES:
        if text == lang:
            return lang
    raise Refusal("cli.unknown_language", value=text[:20])


def stdout() -> Console:
    """A console on standard output, as wide as the terminal, 110 columns when there is none."""
    width = None if sys.stdout.isatty() else 110
    return Console(width=width, highlight=False, soft_wrap=False)


def stderr() -> Console:
    """A console on standard error, for progress and refusals."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def complain(refusals: Iterable[Refusal], lang: Lang) -> None:
    """Print refusals on standard error, the first `SHOWN_REFUSALS` of them whole."""
    listed = list(refusals)
    for refusal in listed[:SHOWN_REFUSALS]:
        sys.stderr.write(say_refusal(refusal, lang) + "\n")
    if len(listed) > SHOWN_REFUSALS:
        sys.stderr.write(label("cli.more_refusals", lang, count=len(listed) - SHOWN_REFUSALS) + "\n")


def _spoken_language(arguments: list[str]) -> Lang:
    for at, argument in enumerate(arguments):
        if argument == "--lang" and arguments[at + 1 : at + 2] == ["zh"]:
            return "zh"
        if argument == "--lang=zh":
            return "zh"
    return "zh" if os.environ.get("FIELDWRIGHT_LANG") == "zh" else "en"


ALONE = frozenset(
    [
        "availability",
        "backtest",
        "calls",
        "candidates",
        "check",
        "clock",
        "count",
        "day",
        "explain",
        "kit",
        "live",
        "loaners",
        "owed",
        "pick",
        "plan",
        "reorder",
        "report",
        "rescue",
        "sampling",
        "serve",
        "simulate",
        "sources",
        "staff",
        "verify",
        "warm",
    ]
)
"""Commands whose module has their name and that no other module adds to: only that one is imported, which saves most of a second."""


@cache
def _built(name: str = "") -> Callable[..., Any]:
    """The commands, read from their signatures once in a process: `name` alone where it is one of `ALONE`, else every one."""
    import_module(f"api.cli.{name}" if name in ALONE else "api.cli.commands")
    return typer.main.get_group(app)


def run(arguments: list[str]) -> int:
    """Run one command line and give its exit code; refusals become sentences, exit code 2."""
    lang = _spoken_language(arguments)
    try:
        result = _built(arguments[0] if arguments else "")(
            args=arguments, prog_name="fieldwright", standalone_mode=False
        )
    except Refusal as refusal:
        complain([refusal], lang)
        return 2
    except Refused as refused:
        complain(refused.refusals, lang)
        return 2
    except typer.Exit as stop:
        return stop.exit_code
    except typer.Abort:
        return 130
    except Exception as error:
        shown = getattr(error, "show", None)
        if shown is None:
            raise
        shown()
        return int(getattr(error, "exit_code", 2))
    return result if isinstance(result, int) else 0
