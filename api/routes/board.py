"""The dispatch board as one document: what a page draws at once, and reads again when something changed."""

from __future__ import annotations

import gzip
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Response

from api.asked import PosedAsked, SupposingAsked, strict
from api.auth.action import Action
from api.auth.door import Asked, may
from api.report.view import Report
from api.schemas.board import BoardOut
from api.schemas.by_hand import WhatIfCandidatesIn, WhatIfIn, WhatIfPreviewIn
from api.schemas.rescue import CandidatesOut, PreviewOut
from api.shapes.board import board_document
from api.shapes.in_force import candidates_out, preview_out
from api.usecases.in_force import InForce
from api.usecases.moving import tried
from api.usecases.supposing import SupposedMove, Supposing, explained
from api.wire.body import StrictRoute
from api.wire.version import IfNoneMatch
from dispatch.candidates import candidates

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
    supposing: SupposingAsked,
    body: WhatIfIn,
    accept_encoding: Encodings = "",
) -> Response:
    """Give the board as it would be with engineers away and visits moved; nothing is kept."""
    going = posed.of(asked.database, asked.region, now=asked.now)
    state = explained(_supposed(going, supposing, body), before=going.plan)
    return _sent(board_of(state, asked, "what-if"), {"Cache-Control": "no-store"}, accept_encoding)


@router.post("/what-if/candidates")
def suppose_candidates(
    asked: Annotated[Asked, may(Action.PLAN_TRY)],
    posed: PosedAsked,
    supposing: SupposingAsked,
    body: WhatIfCandidatesIn,
) -> CandidatesOut:
    """Who could take a visit on the board that is supposed, the cheapest first; nothing is kept."""
    state = _supposed(posed.of(asked.database, asked.region, now=asked.now), supposing, body)
    return candidates_out(
        state, body.visit, candidates(state.problem, state.plan, body.visit, most=body.most)
    )


@router.post("/what-if/preview")
def suppose_preview(
    asked: Annotated[Asked, may(Action.PLAN_TRY)],
    posed: PosedAsked,
    supposing: SupposingAsked,
    body: WhatIfPreviewIn,
) -> PreviewOut:
    """Try a move on the board that is supposed: what it costs and whom it moves, or which rules it breaks."""
    state = _supposed(posed.of(asked.database, asked.region, now=asked.now), supposing, body)
    way, broken = tried(state, body.visit, body.engineer, not_before=body.not_before)
    return preview_out(state, body.visit, body.engineer, way, broken, asked.lang)


def _supposed(going: InForce, supposing: Supposing, body: WhatIfIn) -> InForce:
    moves = [SupposedMove(one.visit, one.engineer, one.not_before) for one in body.moves]
    return supposing.of(going, away=body.away, moves=moves)


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
