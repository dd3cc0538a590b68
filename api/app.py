"""The application: routes, errors, what they share."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, FastAPI

from api.auth.allowance import Allowance
from api.auth.door import OPEN
from api.auth.oidc import provider_of
from api.auth.password import Passwords
from api.auth.policy import policy_of
from api.errors import STATUS, refuse_with_problems
from api.headers import Headers
from api.live import Live
from api.metrics import Metrics, waiting
from api.outbound.geocoding import Geocoder
from api.pages import company, files, phone, said, tracking
from api.routes import (
    approvals,
    audit,
    beside,
    board,
    by_hand,
    catalogue,
    change_requests,
    charges,
    counts,
    datasets,
    deliveries,
    exposures,
    feedback,
    health,
    imports,
    in_force,
    knowledge,
    links,
    live,
    loans,
    measures,
    messages,
    metrics,
    moves,
    on_record,
    operating,
    orders,
    pages,
    paper,
    parts,
    people,
    plans,
    quality,
    receipts,
    receivers,
    registers,
    remnants,
    reports,
    roster,
    runs,
    scenarios,
    sessions,
    stock,
    suppliers,
    taking,
    terms,
    tickets,
    transfers,
    users,
    visits,
)
from api.search_ready import SearchReady
from api.settings import Settings
from api.together import folder
from api.traced import Traced
from api.usecases.at_once import AtOnce
from api.usecases.in_force import Posed
from api.usecases.reviews import Reviews
from api.usecases.supposing import Supposing
from api.wire.described import describe
from api.wire.gate import AT_ONCE, Gate
from api.wire.straight import StraightRoutes
from kernel.clock import Clock, SystemClock
from storage.database import Database

API_VERSION = "1"


def make_app(database: Database, *, clock: Clock | None = None, settings: Settings | None = None) -> FastAPI:
    """Build the application around an open database.

    Args:
        database: stays the caller's to close.
        clock: says what time it is; None: the machine's.
        settings: what the operator chose; None: nothing.
    """
    app = FastAPI(
        title="Fieldwright",
        version=API_VERSION,
        description="Who goes where, when, with which part. Errors are RFC 9457 problem documents with a code.",
        docs_url=None,  # the interactive pages load scripts from elsewhere; the document itself is served
        redoc_url=None,
        openapi_url=None,  # `describe` serves it
        redirect_slashes=False,
    )
    app.state.database = database
    app.state.clock = clock or SystemClock()
    app.state.settings = settings or Settings.model_construct()
    app.state.policy = policy_of(app.state.settings)
    app.state.allowance = Allowance(app.state.policy, within=folder())
    app.state.passwords = Passwords(app.state.policy.hashing)
    app.state.provider = provider_of(app.state.settings)
    app.state.posed = Posed()
    app.state.at_once = AtOnce()
    app.state.reviews = Reviews()
    app.state.supposing = Supposing()
    app.state.geocoder = Geocoder(database, app.state.settings, app.state.clock, folder())
    app.state.search_ready = SearchReady()
    app.state.live = Live(database, app.state.settings, app.state.clock)
    app.state.metrics = Metrics(partial(waiting, database, app.state.clock))
    app.state.gate = Gate(AT_ONCE[database.kind])
    answered: list[APIRouter] = []
    app.add_middleware(StraightRoutes, of=app, routers=answered, gate=app.state.gate)
    app.add_middleware(Traced, metrics=app.state.metrics)
    app.add_middleware(Headers)
    refuse_with_problems(app)
    modules = (
        health,
        board,
        pages,
        deliveries,
        in_force,
        beside,
        paper,
        taking,
        exposures,
        reports,
        tickets,
        visits,
        operating,
        terms,
        registers,
        roster,
        plans,
        runs,
        scenarios,
        stock,
        remnants,
        live,
        metrics,
        moves,
        sessions,
        users,
        audit,
        links,
        people,
        approvals,
        change_requests,
        loans,
        charges,
        feedback,
        knowledge,
        by_hand,
        transfers,
        quality,
        orders,
        receipts,
        suppliers,
        counts,
        measures,
        datasets,
        imports,
        messages,
        receivers,
        on_record,
        catalogue,
        parts,  # shows a part: behind what a part has, whose address goes on
        files,
        company,
        phone,
        said,
        tracking,
    )
    for module in modules:
        app.include_router(module.router)
    answered.extend(module.router for module in modules)
    describe(app, anybody=OPEN, statuses=STATUS)
    return app
