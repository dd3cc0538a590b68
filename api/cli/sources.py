"""`fieldwright sources` and `fieldwright to-bring`: the ways to bring a part to a visit, and what has to be sent or ordered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.app import app, stdout
from api.cli.asked import JsonOption, Judged, spelled_out, when
from api.text import Lang, label
from api.text.spoken import tell, wall_clock
from kernel.clock import zone
from kernel.errors import Refusal, Value
from kernel.money import Money

if TYPE_CHECKING:
    from dispatch.board import Board
    from dispatch.parts import Bringing


@app.command()
@spelled_out
def sources(
    visit: Annotated[str, typer.Option("--visit", help="The visit, like V-0012.")],
    *,
    asked: Judged,
    part: Annotated[str, typer.Option("--part", help="Its part; default: every part the visit needs.")] = "",
    units: Annotated[int, typer.Option("--units", min=1, help="With --part: how many units.")] = 1,
    by: Annotated[
        str | None, typer.Option("--by", help="Leave out what is there later than this (ISO 8601).")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="List places that have none of it too.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List the ways to bring a part to a visit, the cheapest first: from where, when it is there, what it costs, and why not otherwise."""
    from dispatch.board import Board
    from dispatch.bringing import ways_to

    latest = when(by)
    region = asked.read()
    board = Board.of(region, now=asked.at(region))
    if visit not in board.visits:
        raise Refusal("explain.unknown_visit", visit=visit[:64])
    wanted = {part: units} if part else {}
    for need in () if part else board.part_needs.get(visit, ()):
        wanted[need.part] = wanted.get(need.part, 0) + need.quantity
    found = {name: ways_to(board, visit, name, many, by=latest) for name, many in wanted.items()}
    if as_json:
        rows = [_document(name, wanted[name], one) for name, one in found.items()]
        typer.echo(json.dumps({"visit": visit, "parts": rows}, ensure_ascii=False, indent=2, default=str))
        return
    if not found:
        typer.echo(label("bring.no_needs", asked.spoken, visit=visit))
    for name, one in found.items():
        for line in _lines(board, visit, (name, wanted[name]), one, asked.spoken, every=every):
            stdout().print(line, soft_wrap=True, markup=False)


@app.command("to-bring")
@spelled_out
def to_bring(*, asked: Judged, as_json: JsonOption = False) -> None:
    """List what the published plan, or somebody, wants brought to visits: to be sent, to be ordered, on the way; the first due first."""
    from dispatch.board import Board
    from dispatch.carry import as_published
    from dispatch.deliveries import to_bring as waiting
    from dispatch.parts import to_do
    from dispatch.pose import problem_of

    region = asked.read()
    board = Board.of(region, now=asked.at(region))
    rows = waiting(board, as_published(board, problem_of(board)))
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in rows], ensure_ascii=False, indent=2, default=str))
        return
    here, spoken = zone(region.settings.zone), asked.spoken
    if not rows:
        typer.echo(label("bring.to_do_none", spoken))
        return
    stdout().print(label("bring.to_do_title", spoken, now_at=wall_clock(board.now, here)), markup=False)
    for one in rows:
        late = label("bring.to_do_late", spoken) if one.late else ""
        stdout().print(late + tell(to_do(one), spoken, zone=here), soft_wrap=True, markup=False)


def _lines(
    board: Board, visit: str, wanted: tuple[str, int], found: Bringing, lang: Lang, *, every: bool
) -> Iterator[str]:
    from dispatch.parts import Hindrance, why, why_not

    settings, (part, units) = board.region.settings, wanted
    here = zone(settings.zone)
    named: dict[str, Value] = {"visit": visit, "part": part, "units": units}
    if found.ways:
        yield label("bring.title", lang, **named, now_at=wall_clock(board.now, here))
    else:
        yield label("bring.none", lang, **named)
    for number, way in enumerate(found.ways, start=1):
        yield label(
            "bring.way",
            lang,
            number=number,
            kind=label(f"bring.kind_{way.kind.value}", lang),
            source=way.source,
            arrives_at=wall_clock(way.arrives_at, here),
            cost=str(Money(way.cost, settings.currency)),
            free=way.free,
        )
        yield f"   {tell(why(way), lang, zone=here, currency=settings.currency)}"
    shown = [one for one in found.closed if every or one.there or one.hindrance is not Hindrance.NONE_FREE]
    if shown:
        yield label("bring.closed", lang, count=len(shown))
    for one in shown:
        said = tell(why_not(one), lang, zone=here)
        kind = label(f"bring.kind_{one.kind.value}", lang)
        yield label("bring.closed_line", lang, kind=kind, source=one.source, why=said)
    if len(shown) < len(found.closed):
        yield label("bring.closed_more", lang, count=len(found.closed) - len(shown))


def _document(part: str, units: int, found: Bringing) -> dict[str, Any]:
    ways = [asdict(way) | {"cost": way.cost} for way in found.ways]
    return {"part": part, "units": units, "ways": ways, "closed": [asdict(one) for one in found.closed]}
