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
    processes: Annotated[
        int | None,
        typer.Option("--processes", help="Server processes behind the port; default: the setting."),
    ] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Make one account for each role, for this machine only.")
    ] = False,
    lang: LangOption = "en",
) -> None:
    """Serve the HTTP interface until SIGTERM; requests under way are answered first. See docs/settings.md."""
    from api.together import refuse_foreign_folder

    refuse_foreign_folder()  # before anything begins to count
    from api.app import make_app
    from api.cli.doorkeeping import told_who_may_enter
    from api.logs import log_to
    from api.serving import WAITING, address_of, listen, load_first, server_of
    from api.settings import read_settings
    from api.several import processes_of, serve_together
    from api.stored import opened

    spoken = language(lang)
    settings = read_settings(database=database, host=host, port=port, processes=processes)
    settings = settings.model_copy(update={"processes": processes_of(settings)})
    log_to(None, settings)
    several = settings.processes > 1
    with listen(settings, shared=several, waiting=0) as listening:
        where = address_of(listening)
        with opened(settings.database, fresh=True, connections=settings.database_connections) as there:
            made = make_app(there, settings=settings)
            made.state.live.begin()
            told_who_may_enter(made, settings.host, where, demo=demo, lang=spoken)
            serving = label("cli.serving", spoken, database=there.name, address=where)
            if not several:
                load_first(made, settings)
                listening.listen(WAITING)
                stderr().print(serving)
                server_of(made, settings).run(sockets=[listening])
        if several:
            port_taken = settings.model_copy(update={"port": listening.getsockname()[1]})
            serve_together(port_taken, lambda: stderr().print(serving))
