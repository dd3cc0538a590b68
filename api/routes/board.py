"""The dispatch board as one document: what a page draws at once, and reads again when something changed."""

from __future__ import annotations

import gzip
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Response

from api.asked import PosedAsked, strict
from api.auth.action import Action
from api.auth.door import Asked, may
from api.report.view import Report
from api.schemas.board import BoardOut
from api.schemas.by_hand import WhatIfIn
from api.shapes.board import board_document
from api.usecases.in_force import InForce
from api.usecases.supposing import SupposedMove, supposed
from api.wire.body import StrictRoute
from api.wire.version import IfNoneMatch

router = APIRouter(
    prefix="/v1/board", tags=["board"], dependencies=[Depends(strict)], route_class=StrictRoute
)

Encodings = Annotated[str, Header(include_in_schema=False)]


@router.get("", response_model=BoardOut, responses={304: {"description": "The same as held."}})
def read_board(
    asked: Annotated[Asked, may(Action.PLAN_READ)],
    posed: PosedAsked,
    if_none_match: IfNoneMatch = "",
    accept_encoding: Encodings = "",
) -> Response:
    """Rows, bars and queue of the plan in force, carried on to this minute."""
    state = posed.of(asked.database, asked.region, now=asked.now)
    version = f"{state.revision}-{int(state.board.now.timestamp()) // 60}"
    tag = f'"{version}-{asked.lang}"'
    headers = {"ETag": tag, "Vary": "Accept-Encoding, Accept-Language", "Cache-Control": "no-cache"}
    if tag in if_none_match.split(", "):
        return Response(status_code=304, headers=headers)
    return _sent(board_of(state, asked, version), headers, accept_encoding)


@router.post("/what-if", response_model=BoardOut)
def suppose(
    asked: Annotated[Asked, may(Action.PLAN_TRY)],
    posed: PosedAsked,
    body: WhatIfIn,
    accept_encoding: Encodings = "",
) -> Response:
    """Give the board as it would be with engineers away and visits moved; nothing is kept."""
    state = posed.of(asked.database, asked.region, now=asked.now)
    moves = [SupposedMove(one.visit, one.engineer, one.not_before) for one in body.moves]
    state = supposed(state, away=body.away, moves=moves)
    return _sent(board_of(state, asked, "what-if"), {"Cache-Control": "no-store"}, accept_encoding)


def board_of(state: InForce, asked: Asked, version: str, /) -> BoardOut:
    """The document of a state in the caller's language."""
    report = Report(state.board, state.problem, state.plan)
    return board_document(report, asked.lang, version=version)


def _sent(document: BoardOut, headers: dict[str, str], encodings: str) -> Response:
    text = document.model_dump_json().encode()
    if "gzip" in encodings:
        text = gzip.compress(text, 1, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(text, media_type="application/json", headers=headers)
