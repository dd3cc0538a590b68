"""`fieldwright ticket print`, `sign`, `attach`, `file` and `find`: forms, files and what was learnt."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.app import LangOption, language, stdout
from api.cli.dataset import MaybeDatabaseOption, MaybeDatasetArgument, RegionOption
from api.cli.ticket import (
    ByOption,
    DatabaseOption,
    JsonOption,
    KeyOption,
    NowOption,
    TicketArgument,
    command_moment,
    desk_of,
    done,
    file_of,
    tickets,
)
from api.text import label
from kernel.clock import moment, zone
from kernel.errors import Refusal

OutOption = Annotated[Path, typer.Option("--out", help="File to write; must not exist yet.")]


@tickets.command("print")
def print_(
    ticket: TicketArgument,
    out: OutOption,
    dataset: MaybeDatasetArgument = None,
    database: MaybeDatabaseOption = "",
    region: RegionOption = "",
    now: NowOption = None,
    lang: LangOption = "en",
) -> None:
    """Write the work order and acceptance form of a ticket as a page to print."""
    from api.report.work_order import work_order_page
    from api.usecases.work_orders import order_of

    spoken = language(lang)
    desk = desk_of(dataset, database, region, now=moment(now) if now else None, lang=spoken)
    order = order_of(desk, ticket)
    signature = None
    if order.signature is not None and database:
        kind = next(
            (one.media_type for one in desk.region.field.attachments if one.digest == order.signature.digest),
            "",
        )
        signature = (kind, _content(database, region, order.signature.digest))
    page = work_order_page(
        order,
        names={part.id: part.name for part in desk.region.stock.parts},
        here=zone(desk.region.settings.zone),
        lang=spoken,
        signature=signature,
    )
    _write(out, page.encode())
    stdout().print(label("form.printed", spoken, ticket=ticket, file=str(out)), soft_wrap=True, markup=False)


@tickets.command()
def sign(
    ticket: TicketArgument,
    form: Annotated[Path, typer.Argument(help="Picture of the signed form.")],
    database: DatabaseOption,
    *,
    name: Annotated[str, typer.Option("--name", help="Who signed, as typed.")],
    remark: Annotated[str, typer.Option("--remark", help="What the customer added.")] = "",
    by: ByOption = "operator",
    region: RegionOption = "",
    key: KeyOption = "",
    now: NowOption = None,
    lang: LangOption = "en",
) -> None:
    """Keep the signed form and confirm the ticket with it."""
    from storage.desk.signing import sign as signed

    file = file_of(form)
    reply = done(
        lambda work: signed(work, ticket, file, by=by, name=name, remark=remark),
        database,
        region,
        key=key,
        now=command_moment(now, database, region, key=key),
        by=by,
    )
    stdout().print(label("form.signed", language(lang), ticket=ticket, version=reply["version"]))


@tickets.command()
def attach(
    ticket: TicketArgument,
    files: Annotated[list[Path], typer.Argument(help="Photos, screenshots, logs, videos.")],
    database: DatabaseOption,
    *,
    by: ByOption = "operator",
    region: RegionOption = "",
    key: KeyOption = "",
    now: NowOption = None,
    lang: LangOption = "en",
) -> None:
    """Keep files with a ticket or report; all of them or none."""
    from storage.desk.intake import bring

    brought = tuple(file_of(path) for path in files)
    reply = done(
        lambda work: bring(work, ticket, brought, by=by),
        database,
        region,
        key=key,
        now=command_moment(now, database, region, key=key),
        by=by,
    )
    for digest in reply["digests"]:
        stdout().print(label("desk.attached", language(lang), ticket=ticket, digest=digest), soft_wrap=True)


@tickets.command("file")
def file_(
    digest: Annotated[str, typer.Argument(help="Digest of an attachment, as `ticket show` prints it.")],
    database: DatabaseOption,
    out: OutOption,
    region: RegionOption = "",
    lang: LangOption = "en",
) -> None:
    """Write an attachment into a file."""
    _write(out, _content(database, region, digest))
    stdout().print(label("desk.file_written", language(lang), file=str(out)), soft_wrap=True, markup=False)


@tickets.command()
def find(
    words: Annotated[list[str], typer.Argument(help="Words; two Chinese characters are a word.")],
    dataset: Annotated[Path | None, typer.Option("--dataset", help="Folder of a dataset.")] = None,
    database: MaybeDatabaseOption = "",
    *,
    public: Annotated[bool, typer.Option("--public", help="Only what customers may see.")] = False,
    most: Annotated[int, typer.Option("--most", help="Entries to give.", min=1)] = 20,
    region: RegionOption = "",
    lang: LangOption = "en",
    as_json: JsonOption = False,
) -> None:
    """Search causes and solutions; every word has to be there, the best come first."""
    found = _found(" ".join(words), dataset, database, region, public=public, most=most, lang=lang)
    if as_json:
        entries = [
            {"ticket": one.ticket, "model": one.model, "cause": one.cause, "solution": one.solution}
            for one in found
        ]
        typer.echo(json.dumps(entries, ensure_ascii=False, indent=2))
        return
    for one in found:
        stdout().print(
            f"{one.ticket}  {one.model}  {one.cause} → {one.solution}", markup=False, soft_wrap=True
        )
    if not found:
        stdout().print(label("desk.nothing_found", language(lang)))


def _found(
    query: str, dataset: Path | None, database: str, region: str, *, public: bool, most: int, lang: str
) -> tuple[Any, ...]:
    from dispatch.desk.knowledge import search as pure_search

    if database and dataset is None:
        from api.stored import opened
        from storage.rows.knowledge import search
        from storage.rows.region import only_region

        with opened(database) as there, there.reading() as connection:
            return search(connection, only_region(connection, region), query, public_only=public, most=most)
    desk = desk_of(dataset, database, region, now=None, lang=language(lang))
    return pure_search(query, desk.region.field.knowledge, public_only=public, most=most)


def _content(database: str, region: str, digest: str) -> bytes:
    from api.stored import opened
    from storage.desk.contents import content
    from storage.rows.region import only_region

    with opened(database) as there, there.reading() as connection:
        return content(connection, only_region(connection, region), digest)


def _write(out: Path, content: bytes) -> None:
    """Write a new file: whole or not at all.

    Raises:
        Refusal: ``desk.file_there``, ``desk.not_written``.
    """
    try:
        with out.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise Refusal("desk.file_there", file=str(out)[:200]) from None
    except OSError:
        raise Refusal("desk.not_written", file=str(out)[:200]) from None
