"""The application: routes, errors, what they share."""

from __future__ import annotations

from fastapi import FastAPI

from api.errors import refuse_with_problems
from api.routes import health, plans, stock, tickets
from kernel.clock import Clock, SystemClock
from storage.database import Database

API_VERSION = "1"


def make_app(database: Database, *, clock: Clock | None = None) -> FastAPI:
    """Build the application around an open database.

    Args:
        database: stays the caller's to close.
        clock: says what time it is; None: the machine's.
    """
    app = FastAPI(
        title="Fieldwright",
        version=API_VERSION,
        description="Who goes where, when, with which part. Errors are RFC 9457 problem documents with a code.",
        docs_url=None,  # the interactive pages load scripts from elsewhere; the document itself is served
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.database = database
    app.state.clock = clock or SystemClock()
    refuse_with_problems(app)
    for module in (health, tickets, plans, stock):
        app.include_router(module.router)
    return app
