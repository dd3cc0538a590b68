"""`fieldwright explain`: why a visit is where it is, why not elsewhere, what would help."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from api.cli.app import LangOption, app, language, stdout
from api.cli.asked import JsonOption
from api.cli.dataset import AcceptPartialOption, DatasetArgument, open_region
from api.cli.given_plan import given_plan
from api.text import Lang, label
from api.text.spoken import listed, tell
from kernel.clock import zone
from kernel.errors import Message, Value

if TYPE_CHECKING:
    # Importing it loads the solver: the other commands do not wait for it.
    from dispatch.explain import Explanation

SHOWN, NAMED = 3, 6
"""Remedies printed, visits named in a line."""


@app.command()
def explain(
    dataset: DatasetArgument,
    plan: Annotated[Path, typer.Argument(help="plan.json of this dataset.")],
    visit: Annotated[str, typer.Argument(help="Id of the visit.")],
    accept_partial: AcceptPartialOption = False,
    lang: LangOption = "en",
    as_json: JsonOption = False,
) -> None:
    """Explain one visit: each shift's answer, the reason it is left out, the smallest change that helps."""
    from dispatch.explain import explain as explain_visit

    spoken = language(lang)
    reading = open_region(dataset, accept_partial=accept_partial, lang=spoken)
    board, problem, file = given_plan(reading, plan)
    found = explain_visit(problem, file.plan, visit)
    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False, indent=1, default=str))
        return
    settings = reading.region.settings

    def words(message: Message) -> str:
        here = zone(settings.zone)
        return tell(message, spoken, zone=here, currency=settings.currency, moment=board.moment)

    console = stdout()
    if found.reason is None:
        planned = Message("explain.planned", {"shift": found.planned, "start_tick": found.start_s})
        console.print(f"[bold]{visit}[/bold]  {words(planned)}")
    else:
        known = label(f"explain.{found.reason.known.value}", spoken)
        console.print(
            f"[bold]{visit}[/bold]  {label('explain.left_out', spoken)} {words(found.reason.reason)} \\[{known}]"
        )
        for line in _help(found, words, spoken):
            console.print(line, markup=False)
    for partner in found.partners:
        console.print(words(partner), markup=False)
    table = Table(
        *(label(f"explain.{head}", spoken) for head in ("shift", "engineer", "layer", "known", "answer"))
    )
    for answer in sorted(found.answers, key=lambda answer: (not answer.fits, answer.cents)):
        layer, known = (
            label(f"explain.layer_{answer.layer.value}", spoken),
            label(f"explain.{answer.known.value}", spoken),
        )
        table.add_row(answer.shift, answer.engineer, layer, known, words(answer.message))
    console.print(table)


def _help(found: Explanation, words: Callable[[Message], str], lang: Lang) -> Iterator[str]:
    """What can be done about a visit left out: place it, change one thing, or let others give way."""
    if any(answer.fits for answer in found.answers):
        yield label("explain.place_now", lang)
        return
    yield label("explain.remedies" if found.remedies else "explain.no_remedy", lang)
    for remedy in found.remedies[:SHOWN]:
        yield "  " + words(remedy.message)
    if found.displacements:
        yield label("explain.displace", lang)
    for one in found.displacements:
        named: dict[str, Value] = {
            "engineer": one.engineer,
            "start_tick": one.start_s,
            "cost_cents": one.cents,
            "displaced": _listed(one.displaced, lang),
            "late": _listed(one.late, lang),
            "moved": _listed(one.moved, lang),
        }
        yield "  " + words(Message("explain.displaces", named))


def _listed(visits: tuple[str, ...], lang: Lang) -> str:
    return listed(visits[:NAMED], lang) + (" …" if len(visits) > NAMED else "") if visits else "–"
