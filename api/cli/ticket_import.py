"""`fieldwright ticket import` and `add`: reports from lists and mailboxes, facts from files."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from api.cli.app import complain, stdout
from api.cli.asked import ByOption, InDatabase, JsonOption, NowOption, spelled_out, when
from api.cli.ticket import tickets
from api.text import label
from kernel.clock import SystemClock
from kernel.errors import Refusal

PathsArgument = Annotated[list[Path], typer.Argument(help="Lists (.csv), mails (.eml), or folders of mails.")]


@tickets.command("import")
@spelled_out
def import_(
    paths: PathsArgument,
    *,
    there: InDatabase,
    by: ByOption = "operator",
    now: NowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take reports in from lists and mailboxes; what was taken before is not taken again."""
    from api.usecases.desk_import import import_reports

    spoken = there.spoken
    head = when(now) or SystemClock().now()
    with there.opened() as (opened, which):
        taken = import_reports(opened, which, paths, now=head, by=by)
    complain((*taken.refusals, *taken.left_out), spoken)
    if as_json:
        document = {
            "given": taken.given,
            "accepted": taken.accepted,
            "refused": len(taken.refusals),
            "known": taken.known,
            "reports": [{"file": at.file, "line": at.line, **reply} for at, reply in taken.replies],
        }
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        for at, reply in taken.replies:
            where = f"{at.file}:{at.line}" if at.line else at.file
            asked = ", ".join(one["asked"] for one in reply["questions"]) or "-"
            line = label("desk.import_line", spoken, where=where, ticket=reply["ticket"], missing=asked)
            stdout().print(line, markup=False, soft_wrap=True)
            for one in reply["duplicates"]:
                like = label(f"duplicate.{one['likeness']}", spoken, ticket=one["ticket"], days=one["days"])
                stdout().print(f"    {like}", markup=False, soft_wrap=True)
        counts = {
            "given": taken.given,
            "accepted": taken.accepted,
            "refused": len(taken.refusals),
            "known": taken.known,
        }
        stdout().print(label("desk.import_counts", spoken, **counts))
    if taken.refusals:
        raise typer.Exit(2)


@tickets.command()
@spelled_out
def add(
    files: Annotated[
        list[Path],
        typer.Argument(help="Files of a dataset with facts, like complaints.csv or knowledge.csv."),
    ],
    *,
    there: InDatabase,
    by: ByOption = "operator",
    now: NowOption = None,
) -> None:
    """Write facts down, one row a command: complaints, steps of loans, charges, approvals, surveys, knowledge."""
    from api.stored import envelope
    from storage.dataset.one_file import read_rows
    from storage.desk.facts import FILES, record

    spoken = there.spoken
    head = when(now) or SystemClock().now()
    unknown = [path for path in files if path.stem not in FILES or path.suffix != ".csv"]
    if unknown:
        raise Refusal("desk.no_such_fact", file=unknown[0].name[:80], known=", ".join(sorted(FILES)))
    given, refusals = 0, []
    with there.opened() as (opened, which):
        for path in files:
            file = FILES[path.stem]
            for at, value in read_rows(file, path):
                given += 1
                if isinstance(value, Refusal):
                    refusals.append(value)
                    continue
                # A row given twice is written once; equal rows of one file are the same fact.
                key = f"fact-{hashlib.sha256(repr((path.stem, value)).encode()).hexdigest()[:40]}"
                told = replace(envelope(which, key, device="import"), now=head, actor=by)
                try:
                    opened.run(told, partial(record, file=file, value=value))
                except Refusal as refusal:
                    refusals.append(refusal.located(refusal.at or at))
    complain(refusals, spoken)
    stdout().print(
        label(
            "desk.facts_written", spoken, given=given, accepted=given - len(refusals), refused=len(refusals)
        )
    )
    if refusals:
        raise typer.Exit(2)
