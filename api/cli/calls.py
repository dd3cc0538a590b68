"""`fieldwright calls` and `fieldwright endangered`: whom to call about which time, and which promises are in danger."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.app import app, stdout
from api.cli.asked import Asked, JsonOption, spelled_out
from api.cli.given_plan import given_plan
from api.text import Lang, label
from api.text.spoken import wall_clock
from kernel.clock import zone

if TYPE_CHECKING:
    from dispatch.board import Board
    from dispatch.desk.told import ToCall
    from dispatch.endangered import Endangered


@app.command()
@spelled_out
def calls(
    *,
    asked: Asked,
    as_json: JsonOption = False,
) -> None:
    """List the customers to call about the published plan; who believes a time that no longer holds comes first."""
    from dispatch.board import Board
    from dispatch.publish import call_list

    spoken = asked.spoken
    opened = asked.opened()
    board = Board.of(opened.region)
    found = call_list(board)
    if as_json:
        rows = [
            {
                "visit": one.visit,
                "ticket": one.ticket,
                "starts_at": _iso(board, one.starts_at),
                "believed_at": _iso(board, one.believed),
                "told": one.whom,
            }
            for one in found
        ]
        typer.echo(json.dumps({"now": _iso(board, board.now), "calls": rows}, ensure_ascii=False, indent=2))
        return
    typer.echo(label("calls.title", spoken, n=len(found), now_at=_at(board, board.now)))
    for one in found:
        stdout().print(f"   {_call(board, one, spoken)}", soft_wrap=True, markup=False)


def _call(board: Board, one: ToCall, lang: Lang) -> str:
    named = {"visit": one.visit, "ticket": one.ticket, "starts_at": _at(board, one.starts_at)}
    if one.believed is None:
        return label("calls.tell", lang, **named)
    return label("calls.tell_again", lang, **named, believed_at=_at(board, one.believed), whom=one.whom)


@app.command()
@spelled_out
def endangered(
    *,
    asked: Asked,
    plan: Annotated[
        Path | None,
        typer.Option(
            "--plan", help="plan.json of this region; without it only the engineers' words are read."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List the promises that will not be kept as things stand, the earliest due first; `rescue` compares the ways out."""
    from dispatch.board import Board
    from dispatch.endangered import endangered as in_danger

    spoken = asked.spoken
    opened = asked.opened()
    if plan is None:
        board = Board.of(opened.region)
        found = in_danger(board)
    else:
        board, problem, file = given_plan(opened, plan)
        found = in_danger(board, problem, file.plan)
    if as_json:
        rows = [_row(board, one) for one in found]
        typer.echo(
            json.dumps({"now": _iso(board, board.now), "endangered": rows}, ensure_ascii=False, indent=2)
        )
        return
    typer.echo(label("endangered.title", spoken, n=len(found), now_at=_at(board, board.now)))
    if plan is None:
        typer.echo(label("endangered.words_only", spoken))
    for one in found:
        stdout().print(f"   {_danger(board, one, spoken)}", soft_wrap=True, markup=False)


def _danger(board: Board, one: Endangered, lang: Lang) -> str:
    return label(
        f"endangered.by_{one.danger}",
        lang,
        ticket=one.ticket,
        milestone=label(f"milestone.{one.milestone}", lang),
        due_at=_at(board, one.due_at),
        forecast_at=_at(board, one.forecast_at) if one.forecast_at is not None else "",
        parts=", ".join(f"{quantity} × {part}" for part, quantity in one.parts),
    )


def _row(board: Board, one: Endangered) -> dict[str, Any]:
    return {
        "ticket": one.ticket,
        "milestone": one.milestone.value,
        "due_at": _iso(board, one.due_at),
        "danger": one.danger.value,
        "forecast_at": _iso(board, one.forecast_at),
        "parts": [{"part": part, "quantity": quantity} for part, quantity in one.parts],
    }


def _at(board: Board, moment: datetime) -> str:
    return wall_clock(moment, zone(board.region.settings.zone))


def _iso(board: Board, moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(zone(board.region.settings.zone)).isoformat()
