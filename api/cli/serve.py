"""`fieldwright serve`: the HTTP server."""

from __future__ import annotations

import signal
from typing import Annotated

import typer

from api.cli.app import LangOption, app, language, stderr
from api.text import label


@app.command()
def serve(
    database: Annotated[
        str,
        typer.Option(
            "--database",
            help="sqlite:///file.db or postgresql://user:password@host/name.",
            envvar="FIELDWRIGHT_DATABASE",
        ),
    ] = "sqlite:///fieldwright.db",
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Port; 0 takes a free one.", min=0, max=65535)] = 8765,
    lang: LangOption = "en",
) -> None:
    """Serve the HTTP interface until SIGTERM; requests under way are answered first."""
    import uvicorn

    from api.app import make_app
    from api.stored import opened

    spoken = language(lang)
    with opened(database, fresh=True) as there:
        # The server hands its signal on when it is done; without a handler that would be death by signal.
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: None)
        config = uvicorn.Config(
            make_app(there),
            host=host,
            port=port,
            log_level="info",
            access_log=False,
            timeout_graceful_shutdown=20,
            timeout_keep_alive=10,
            h11_max_incomplete_event_size=64 * 1024,
            server_header=False,
        )
        stderr().print(label("cli.serving", spoken, database=there.name))
        uvicorn.Server(config).run()
