"""`fieldwright suppliers 8d`: reports a supplier owes about goods that were not right, opened, taken step by step, listed."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from api.cli.app import stdout
from api.cli.asked import JsonOption, Judged, Told, spelled_out
from api.cli.stock import say_line
from api.cli.suppliers import suppliers_app
from api.text import label
from api.text.spoken import wall_clock
from inventory.supply.corrective import Discipline
from kernel.clock import zone
from kernel.errors import Refusal, Value

if TYPE_CHECKING:
    from inventory.supply.corrective import Report

report_app = typer.Typer(name="8d", help="8D reports.", no_args_is_help=True)
suppliers_app.add_typer(report_app)

ReportArgument = Annotated[str, typer.Argument(help="The report.")]


@report_app.command("open")
@spelled_out
def open_(
    report: ReportArgument,
    *,
    told: Told,
    source: Annotated[
        str, typer.Option("--about", help="The inspection or disposition it follows, by its id.")
    ],
    found: Annotated[str, typer.Option("--found", help="What is wrong, in words.")] = "",
    quantity: Annotated[
        int | None,
        typer.Option("--units", min=1, help="Units concerned; default: all of the lot or decision."),
    ] = None,
) -> None:
    """Open a report about a lot that failed or goods that were not taken, and say when each step is due."""
    from storage.stock.claims import open_report

    spoken = told.spoken
    reply = told.done(
        lambda work: open_report(work, report, source=source, found=found, quantity=quantity),
    )
    values = {name: reply[name] for name in ("report", "supplier", "part", "quantity")}
    say_line(label("supply.report_opened", spoken, **values))
    day = told.days()
    for number, due_at in reply["due"]:
        name = label(f"supply.step_{number}", spoken)
        say_line(label("supply.report_due", spoken, step=number, name=name, due_on=day(due_at)))


@report_app.command()
@spelled_out
def step(
    report: ReportArgument,
    what: Annotated[str, typer.Argument(help="The step done: D1 to D8.")],
    *,
    told: Told,
    note: Annotated[str, typer.Option("--note", help="What was done.")] = "",
) -> None:
    """Say that a step of a report is done."""
    from storage.stock.claims import take_report_step

    spoken, which = told.spoken, _step(what)
    reply = told.done(
        lambda work: take_report_step(work, report, which, note=note),
    )
    code = "supply.step_late" if reply["late"] else "supply.step_in_time"
    name = label(f"supply.step_{which.value}", spoken)
    say_line(label(code, spoken, report=report, step=which.value, name=name))
    if reply["next"] is None:
        say_line(label("supply.report_closed", spoken, report=report))
        return
    following = label(f"supply.step_{reply['next']}", spoken)
    day = told.days()(reply["due_at"])
    say_line(label("supply.report_due", spoken, step=reply["next"], name=following, due_on=day))


@report_app.command("list")
@spelled_out
def list_(
    *,
    asked: Judged,
    report: Annotated[str, typer.Option("--report", help="This one with all its steps, closed or not.")] = "",
    late: Annotated[bool, typer.Option("--late", help="Only those with a step past due.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List the reports that are not closed, longest overdue first: what each waits for and since when."""
    from inventory.supplied import open_reports
    from inventory.supply.corrective import reports

    spoken = asked.spoken
    whole = asked.read()
    at, where, stock = asked.at(whole), zone(whole.settings.zone), whole.stock
    if report:
        steps = [row for row in stock.corrective_steps if row.at <= at]
        every = reports(stock.nonconformances, steps, stock.agreements, now=at)
        found = tuple(row for row in every if row.about.id == report)
        if not found:
            raise Refusal("supply.report_unknown", report=report[:64])
    else:
        found = open_reports(stock, now=at)
    shown = [row for row in found if not late or (row.waiting_for is not None and row.waiting_for.late)]
    if as_json:
        typer.echo(json.dumps([_plain(row) for row in shown], ensure_ascii=False, indent=1))
        return
    title = label("supply.reports_title", spoken, now_at=wall_clock(at, where), zone=where.key)
    stdout().print(title, style="bold", markup=False)
    if not shown:
        say_line(label("supply.no_reports", spoken))
    for row in shown:
        about, waits = row.about, row.waiting_for
        values: dict[str, Value] = {
            "report": about.id,
            "supplier": about.supplier,
            "part": about.part,
            "quantity": about.quantity,
            "found": about.found or "-",
        }
        say_line(label("supply.report_line", spoken, **values))
        for one in row.steps if report else [waits] if waits else []:
            name = label(f"supply.step_{one.step.value}", spoken)
            days = {"step": one.step.value, "name": name, "due_on": _day(one.due_at, where)}
            if one.done_at is not None:
                code = "step_was_late" if one.late else "step_was_done"
                who = next(
                    (f.by for f in stock.corrective_steps if (f.report, f.step) == (about.id, one.step)), "-"
                )
                say_line(label(f"supply.{code}", spoken, **days, done_on=_day(one.done_at, where), who=who))
            else:
                code = "report_overdue" if one.late else "report_due"
                say_line(label(f"supply.{code}", spoken, **days))


def _step(text: str) -> Discipline:
    number = text.upper().removeprefix("D")
    if number not in {str(step.value) for step in Discipline}:
        raise Refusal("supply.step_unknown", value=text[:20])
    return Discipline(int(number))


def _day(at: datetime, where: ZoneInfo) -> str:
    return wall_clock(at, where)[:10]


def _plain(row: Report) -> dict[str, object]:
    waits = row.waiting_for
    return {
        "report": row.about.id,
        "supplier": row.about.supplier,
        "part": row.about.part,
        "quantity": row.about.quantity,
        "opened_at": row.about.at.isoformat(),
        "found": row.about.found,
        "source": row.about.source,
        "waits_for": waits.step.value if waits else None,
        "late": waits is not None and waits.late,
        "steps": [
            {
                "step": step.step.value,
                "due_at": step.due_at.isoformat(),
                "done_at": step.done_at and step.done_at.isoformat(),
                "late": step.late,
            }
            for step in row.steps
        ],
    }
