"""`fieldwright serve`: the HTTP server."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.app import LangOption, app, language, stderr
from api.cli.dataset import ServedDatabaseOption
from api.text import label


@app.command()
def serve(
    database: ServedDatabaseOption = None,
    host: Annotated[
        str | None, typer.Option("--host", help="Address to listen on; default: the setting.")
    ] = None,
    port: Annotated[
        int | None, typer.Option("--port", help="Port; 0 takes a free one; default: the setting.")
    ] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Make one account for each role, for this machine only.")
    ] = False,
    lang: LangOption = "en",
) -> None:
    """Serve the HTTP interface until SIGTERM; requests under way are answered first. See docs/settings.md."""
    from api.app import make_app
    from api.cli.doorkeeping import told_who_may_enter
    from api.logs import log_to
    from api.serving import address_of, listen, server_of
    from api.settings import read_settings
    from api.stored import opened

    spoken = language(lang)
    settings = read_settings(database=database, host=host, port=port)
    log_to(None, settings)
    with opened(settings.database, fresh=True) as there:
        made = make_app(there, settings=settings)
        made.state.live.begin()
        with listen(settings) as listening:
            where = address_of(listening)
            told_who_may_enter(made, settings.host, where, demo=demo, lang=spoken)
            stderr().print(label("cli.serving", spoken, database=there.name, address=where))
            server_of(made, settings).run(sockets=[listening])
