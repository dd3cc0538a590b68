"""`fieldwright clock`: what a scheme owes by when, with the arithmetic under every due time."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.cells import set_cell_size
from rich.console import Console

from api.cli.app import LangOption, app, language, stdout
from api.cli.asked import JsonOption
from api.text import Lang, label
from api.text.spoken import tell, wall_clock
from dispatch.desk.arithmetic import arithmetic
from dispatch.desk.clock import ClockState, clocks
from dispatch.desk.milestone import TicketKind
from dispatch.desk.scheme import Scheme
from dispatch.desk.scheme_file import builtin_schemes, collect, find_scheme, load_scheme
from dispatch.desk.term import CHOSEN
from dispatch.desk.ticket import Ticket
from kernel.clock import moment, zone
from kernel.errors import Message, Refusal

SchemeOption = Annotated[
    str | None, typer.Option("--scheme", help="Id of a scheme that ships, for example field-2-4-24.")
]
SchemeFileOption = Annotated[
    Path | None, typer.Option("--scheme-file", help="Your own scheme: a TOML file, read and checked.")
]
SeverityOption = Annotated[
    str, typer.Option("--severity", help="P1 to P4, or one of the scheme's own words.")
]
ReportedOption = Annotated[
    str, typer.Option("--reported", help="Moment of the report (ISO 8601 with its offset).")
]
NowOption = Annotated[
    str | None, typer.Option("--now", help="Moment to judge at (ISO 8601); default: the report.")
]
VersionOption = Annotated[
    str,
    typer.Option("--scheme-version", help="Version of the scheme; default: the one in force at the report."),
]
RemoteOption = Annotated[bool, typer.Option("--remote", help="The site lies in a remote area.")]

Answer = list[tuple[ClockState, str, tuple[Message, ...]]]
"""Each clock with the source of its term and its arithmetic."""


@app.command()
def clock(
    severity: SeverityOption,
    reported: ReportedOption,
    scheme: SchemeOption = None,
    scheme_file: SchemeFileOption = None,
    now: NowOption = None,
    scheme_version: VersionOption = "",
    remote: RemoteOption = False,
    lang: LangOption = "en",
    as_json: JsonOption = False,
) -> None:
    """Print the due time of each milestone, with its arithmetic."""
    spoken = language(lang)
    reported_at = moment(reported)
    at = reported_at if now is None else moment(now)
    if at < reported_at:
        raise Refusal("desk.now_before_report", now=at.isoformat(), reported=reported_at.isoformat())
    terms = _scheme(scheme, scheme_file, version=scheme_version, reported_at=reported_at)
    level = terms.severity(severity)
    if level is None:
        known = ", ".join(("P1", "P2", "P3", "P4", *terms.words))
        raise Refusal("desk.unknown_severity", scheme=terms.id, value=severity[:40], known=known)
    ticket = Ticket(
        "clock", "site", "", terms.id, terms.version, level, TicketKind.FAULT, reported_at, remote=remote
    )
    answer = [
        (state, terms.milestones[milestone][level].source, arithmetic(state, ticket, (), terms, {}, at))
        for milestone, state in clocks(ticket, (), terms, {}, at).items()
    ]
    if as_json:
        document = as_document(answer, ticket, terms, now=at, lang=spoken)
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        show(answer, ticket, terms, stdout(), now=at, lang=spoken)


def as_document(
    answer: Answer, ticket: Ticket, scheme: Scheme, *, now: datetime, lang: Lang
) -> dict[str, Any]:
    """The answer as plain JSON values; each step with its code, its values and its sentence."""
    here = zone(scheme.zone)
    return {
        "scheme": scheme.id,
        "version": scheme.version,
        "severity": ticket.severity,
        "zone": scheme.zone,
        "reported_at": ticket.reported_at.isoformat(),
        "now": now.isoformat(),
        "milestones": [
            {
                "milestone": state.milestone,
                "promise": state.promise,
                "state": state.state,
                "due_at": None if state.due_at is None else state.due_at.isoformat(),
                "elapsed_s": state.elapsed_s,
                "remaining_s": state.remaining_s,
                "source": source,
                "arithmetic": [
                    {
                        "code": step.code,
                        "values": dict(step.params),
                        "text": tell(step, lang, zone=here),
                    }
                    for step in steps
                ],
            }
            for state, source, steps in answer
        ],
    }


def show(
    answer: Answer, ticket: Ticket, scheme: Scheme, console: Console, *, now: datetime, lang: Lang
) -> None:
    """Print one line per milestone, with its arithmetic and source under it."""
    here = zone(scheme.zone)
    title = label(
        "desk.clock_title",
        lang,
        name=scheme.names[lang],
        scheme=scheme.id,
        version=scheme.version,
        severity=ticket.severity,
        zone=scheme.zone,
    )
    console.print(title, style="bold", markup=False)
    console.print(label("desk.clock_now", lang, now_at=wall_clock(now, here)))
    for state, source, steps in answer:
        name = set_cell_size(label(f"milestone.{state.milestone}", lang), 16)
        standing = label(f"state.{state.state}", lang)
        due = "" if state.due_at is None else label("desk.due", lang, due_at=wall_clock(state.due_at, here))
        console.print(f"\n{name}{set_cell_size(due, 24)}{standing}".rstrip(), style="bold", markup=False)
        for step in steps:
            console.print("    " + tell(step, lang, zone=here), markup=False)
        origin = label("desk.chosen", lang) if source == CHOSEN else source
        console.print("    " + label("desk.source", lang, source=origin), style="dim", markup=False)


def scheme_in(file: Path) -> Scheme:
    """Read and check the scheme of a file.

    Raises:
        Refusal: ``scheme.unreadable`` and those of `load_scheme`.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise Refusal("scheme.unreadable", file=str(file)[:200]) from None
    return load_scheme(text, file.name)


def _scheme(id: str | None, file: Path | None, *, version: str, reported_at: datetime) -> Scheme:  # noqa: A002 the field's name
    schemes = builtin_schemes()
    if file is not None:
        own = scheme_in(file)
        schemes, id = collect([own]), id or own.id  # noqa: A001 as above
    if id is None:
        raise Refusal("scheme.none_named", known=", ".join(sorted({name for name, _ in schemes})))
    if version:
        return find_scheme(schemes, id, version=version)
    here = zone(find_scheme(schemes, id).zone)
    return find_scheme(schemes, id, on=reported_at.astimezone(here).date())
