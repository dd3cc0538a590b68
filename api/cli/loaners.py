"""`fieldwright loaners`: where every loaner unit stands, what will be free, how many there should be."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

from api.cli.app import app, stdout
from api.cli.asked import JsonOption, Judged, spelled_out
from api.text import Lang, label, say
from api.text.spoken import wall_clock
from kernel.clock import zone
from kernel.errors import Refusal, Value
from kernel.ids import natural_key

if TYPE_CHECKING:
    from inventory.lending import ClassPool

YEAR_MIN = 525_600


@app.command()
@spelled_out
def loaners(
    *,
    asked: Judged,
    loaner_class: Annotated[str, typer.Option("--class", help="Only this class.")] = "",
    days: Annotated[int, typer.Option("--days", help="How many days the forecast looks ahead.")] = 7,
    cleaning: Annotated[
        int | None,
        typer.Option(
            "--cleaning-min", min=0, max=YEAR_MIN, help="Minutes of cleaning; default: as the class says."
        ),
    ] = None,
    inspection: Annotated[
        int | None,
        typer.Option(
            "--inspection-min", min=0, max=YEAR_MIN, help="Minutes of inspection; default: as the class says."
        ),
    ] = None,
    refused: Annotated[
        float, typer.Option("--refused-at-most", help="Share of requests that may find no unit free.")
    ] = 0.05,
    requests: Annotated[
        float | None, typer.Option("--requests-a-day", help="Default: as often as lent so far.")
    ] = None,
    days_out: Annotated[
        float | None, typer.Option("--days-out", help="Length of a loan on average; default: as so far.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show the loaner pool, its forecast, and the size that meets a wanted share."""
    from dispatch.lent import with_desk
    from inventory.lending import class_pool
    from inventory.stock.loaner_pool import MakingReady

    spoken = asked.spoken
    whole = asked.read()
    at = asked.at(whole)
    if (cleaning is None) is not (inspection is None):
        raise Refusal("loaner.half_a_block")
    ready = None
    if cleaning is not None and inspection is not None:
        ready = MakingReady(cleaning_s=60 * cleaning, inspecting_s=60 * inspection)
    known = sorted((row.id for row in whole.stock.loaner_classes), key=natural_key)
    stock, kept = with_desk(whole.stock, whole.field.ticket_loans, whole.field.loan_events, now=at)
    pools = [
        class_pool(
            stock,
            one,
            now=at,
            days=days,
            ready=ready,
            kept=kept,
            refused_at_most=refused,
            requests_a_day=requests,
            days_out=days_out,
        )
        for one in ([loaner_class] if loaner_class else known)
    ]
    if as_json:
        typer.echo(json.dumps([_document(pool, spoken) for pool in pools], ensure_ascii=False, indent=1))
        return
    console, where = stdout(), zone(whole.settings.zone)
    console.print(label("loaner.title", spoken, now_at=wall_clock(at, where), zone=where.key), style="bold")
    if not pools:
        console.print(label("loaner.no_class", spoken))
    for pool in pools:
        _show(pool, console, spoken, where)


def _show(pool: ClassPool, console: Console, lang: Lang, where: ZoneInfo) -> None:
    console.print()
    heading = "heading_stand_ins" if pool.stand_ins else "heading"
    console.print(
        label(
            f"loaner.{heading}",
            lang,
            loaner_class=pool.loaner_class,
            units=len(pool.units),
            stand_ins=", ".join(pool.stand_ins),
        ),
        style="bold",
    )
    made_ready: dict[str, Value] = {
        "cleaning": pool.ready.cleaning_s // 60,
        "inspection": pool.ready.inspecting_s // 60,
    }
    console.print(label("loaner.ready", lang, **made_ready))
    for unit in pool.units:
        ends = "until" if unit.until is not None else "open"
        state = label(f"loaner.state_{unit.state}", lang)
        at = "" if unit.until is None else wall_clock(unit.until, where)
        words = {"unit": unit.unit, "state": state, "until": at, "loan": unit.loan}
        console.print(
            label(f"loaner.unit_{ends}{'_loan' if unit.loan else ''}", lang, **words), soft_wrap=True
        )
    console.print(_forecast(pool, lang, where))
    if pool.size is None:
        console.print(label("loaner.not_learnt", lang), soft_wrap=True)
        return
    console.print(say(pool.size.why.message, lang), soft_wrap=True)
    curve = "  ".join(f"{units}: {share:.1%}" for units, share in enumerate(pool.size.curve))
    console.print(label("loaner.curve", lang, curve=curve), soft_wrap=True)
    more = pool.size.units - len(pool.units)
    compared = "too_few" if more > 0 else "enough"
    console.print(label(f"loaner.{compared}", lang, wanted=pool.size.units, there=len(pool.units)))


def _forecast(pool: ClassPool, lang: Lang, where: ZoneInfo) -> Table:
    from inventory.stock.loaner_pool import UnitState

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column(label("loaner.column_at", lang), no_wrap=True)
    # What no unit is in on any of these days would only make the table too wide for a screen.
    shown = [s for s in UnitState if s is UnitState.AVAILABLE or any(s in day.units for day in pool.days)]
    for state in shown:
        table.add_column(label(f"loaner.state_{state}", lang), justify="right")
    table.add_column(label("loaner.column_stand_in", lang), justify="right")
    for day, others in zip(pool.days, pool.stand_in_free, strict=True):
        counted = (str(day.units.get(state, 0)) for state in shown)
        table.add_row(wall_clock(day.at, where), *counted, str(others))
    return table


def _document(pool: ClassPool, lang: Lang) -> dict[str, object]:
    size, learnt = pool.size, pool.learnt
    return {
        "loaner_class": pool.loaner_class,
        "stand_ins": list(pool.stand_ins),
        "cleaning_min": pool.ready.cleaning_s // 60,
        "inspection_min": pool.ready.inspecting_s // 60,
        "units": [
            {"unit": unit.unit, "state": unit.state.value, "until": _iso(unit.until), "loan": unit.loan}
            for unit in pool.units
        ],
        "forecast": [
            {
                "at": day.at.isoformat(),
                "units": {state.value: count for state, count in day.units.items()},
                "free": day.free,
                "stand_in_free": others,
            }
            for day, others in zip(pool.days, pool.stand_in_free, strict=True)
        ],
        "learnt": learnt and {"loans": learnt.loans, "per_day": learnt.per_day, "days_out": learnt.days_out},
        "size": size
        and {
            "units": size.units,
            "refused": size.refused,
            "use": size.use,
            "curve": list(size.curve),
            "why": say(size.why.message, lang),
        },
    }


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
