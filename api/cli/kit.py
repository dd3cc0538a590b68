"""`fieldwright kit`: the chance that every part of a job is aboard a van, and what it should carry for the money."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from api.cli.app import LangOption, app, language, stdout
from api.cli.asked import JsonOption, JudgedOption, when
from api.cli.dataset import AcceptPartialOption, DatasetArgument, open_region
from api.cli.worked import step_document
from api.text import Lang, label, say
from kernel.errors import Refusal, Value
from kernel.ids import natural_key

if TYPE_CHECKING:
    from datetime import datetime

    from dispatch.region import Region
    from inventory.van_kit import VanKit


@app.command()
def kit(
    dataset: DatasetArgument,
    van: Annotated[str, typer.Argument(help="Place of the van; without: a line for every van.")] = "",
    jobs: Annotated[int, typer.Option("--jobs", help="Jobs between two refills.")] = 1,
    budget: Annotated[
        float | None,
        typer.Option(
            "--budget", min=0, help="Money the parts may tie up; default: as much as lies in it now."
        ),
    ] = None,
    now: JudgedOption = None,
    accept_partial: AcceptPartialOption = False,
    lang: LangOption = "en",
    as_json: JsonOption = False,
) -> None:
    """Say how likely a van holds every part its next job needs, and what it should carry for the money."""
    spoken = language(lang)
    given = when(now)
    region = open_region(dataset, accept_partial=accept_partial, lang=spoken).region
    at = region.settings.as_of if given is None else given
    found = judged(region, at, van=van, jobs=jobs, budget=budget)
    if as_json:
        typer.echo(json.dumps([_document(one, spoken) for one in found], ensure_ascii=False, indent=1))
        return
    console, currency = stdout(), region.settings.currency
    if not found:
        console.print(label("kit.no_van", spoken))
    elif van:
        _show(found[0], region, console, spoken)
    else:
        console.print(label("kit.all", spoken, jobs=jobs, currency=currency), style="bold")
        console.print(_overview(found, spoken))


def judged(
    region: Region, now: datetime, *, van: str = "", jobs: int = 1, budget: float | None = None
) -> list[VanKit]:
    """Judge one van, or all, by the repairs on site that its engineer and those of his depot have closed.

    Raises:
        Refusal: ``kit.not_a_van``; those of `van_kit`.
    """
    from inventory.stockroom import position
    from inventory.van_kit import Job, van_kit

    crew = [row for row in region.field.engineers if row.van]
    if van and van not in {row.van for row in crew}:
        raise Refusal("kit.not_a_van", van=van[:64])
    depot = {row.id: row.depot for row in region.field.engineers}
    done = [
        one
        for one in region.field.closed_tickets
        if one.arrived_at is not None and one.repaired_at <= now and one.engineer in depot
    ]
    aboard: dict[str, dict[str, int]] = {}
    for (part, place), there in position(region.stock, now, zone_name=region.settings.zone).items():
        aboard.setdefault(place, {})[part] = there.usable
    return [
        van_kit(
            region.stock,
            row.van,
            aboard=aboard.get(row.van, {}),
            done=(
                Job(
                    one.repaired_at,
                    {used.part: used.quantity for used in one.parts},
                    own=one.engineer == row.id,
                )
                for one in done
                if depot[one.engineer] == row.depot
            ),
            jobs=jobs,
            budget=budget,
        )
        for row in sorted(crew, key=lambda row: natural_key(row.van))
        if van in {"", row.van}
    ]


def _overview(found: list[VanKit], lang: Lang) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("van", "learnt", "units", "money", "chance", "best", "played"):
        right = name not in {"van", "learnt"}
        table.add_column(label(f"kit.column_{name}", lang), justify="right" if right else "left")
    for one in sorted(found, key=lambda one: one.chance):
        units = sum(one.aboard.values()) + sum(one.other.values())
        table.add_row(
            one.van,
            f"{one.own_jobs} + {one.other_jobs}",
            str(units),
            f"{one.aboard_cost:,.0f}",
            f"{one.chance:.1%}",
            f"{one.kit.chance:.1%}",
            "" if one.played is None else f"{one.played.by_aboard:.0%} / {one.played.by_kit:.0%}",
        )
    return table


def _learnt(one: VanKit, lang: Lang) -> str:
    return label("kit.learnt", lang, own=one.own_jobs, other=one.other_jobs)


def _show(one: VanKit, region: Region, console: Console, lang: Lang) -> None:
    currency = region.settings.currency
    names = {part.id: part.name for part in region.stock.parts}
    said: dict[str, Value] = {
        "van": one.van,
        "jobs": one.jobs,
        "learnt": _learnt(one, lang),
        "units": sum(one.aboard.values()) + sum(one.other.values()),
        "money": one.aboard_cost,
        "currency": currency,
        "chance": one.chance,
    }
    console.print(label("kit.title", lang, **said), style="bold", soft_wrap=True)
    console.print(say(one.kit.why.message, lang), soft_wrap=True)
    if one.played is not None:
        told: dict[str, Value] = {
            "jobs": one.played.jobs,
            "kit": one.played.by_kit,
            "aboard": one.played.by_aboard,
        }
        console.print(label("kit.played", lang, **told), soft_wrap=True)
    console.print()
    console.print(label("kit.curve", lang), style="bold")
    curve = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("budget", "units", "chance"):
        curve.add_column(label(f"kit.column_{name}", lang, currency=currency), justify="right")
    for point in one.curve:
        curve.add_row(f"{point.cost:,.0f}", str(sum(point.units.values())), f"{point.chance:.1%}")
    console.print(curve)
    console.print()
    changes = _changes(one)
    console.print(label("kit.changes" if changes else "kit.no_changes", lang), style="bold")
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("part", "name", "now", "carry"):
        table.add_column(label(f"kit.column_{name}", lang), overflow="fold")
    for part, there, wanted in changes:
        table.add_row(part, names.get(part, part), str(there), str(wanted))
    if changes:
        console.print(table)


def _changes(one: VanKit) -> list[tuple[str, int, int]]:
    there = {**one.aboard, **one.other}
    named = sorted({*there, *one.kit.units}, key=natural_key)
    rows = [(part, there.get(part, 0), one.kit.units.get(part, 0)) for part in named]
    return [row for row in rows if row[1] != row[2]]


def _document(one: VanKit, lang: Lang) -> dict[str, object]:
    return {
        "van": one.van,
        "own_jobs": one.own_jobs,
        "other_jobs": one.other_jobs,
        "jobs": one.jobs,
        "aboard": {"units": {**one.aboard, **one.other}, "money": one.aboard_cost, "chance": one.chance},
        "kit": {"units": one.kit.units, "money": one.kit.cost, "chance": one.kit.chance},
        "played": one.played
        and {"jobs": one.played.jobs, "kit": one.played.by_kit, "aboard": one.played.by_aboard},
        "why": step_document(one.kit.why, lang),
        "curve": [
            {"money": each.cost, "units": sum(each.units.values()), "chance": each.chance}
            for each in one.curve
        ],
    }
