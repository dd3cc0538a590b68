"""`fieldwright ticket print`, `sign`, `attach`, `file` and `find`: forms, files and what was learnt."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.app import stdout
from api.cli.asked import Asked, InDatabase, JsonOption, Judged, NewFileOption, Told, reading, spelled_out
from api.cli.ticket import TicketArgument, files_of, tickets
from api.text import label
from kernel.clock import zone
from kernel.errors import Refusal


@tickets.command("print")
@spelled_out
def print_(
    ticket: TicketArgument,
    out: NewFileOption,
    *,
    asked: Judged,
) -> None:
    """Write the work order and acceptance form of a ticket as a page to print."""
    from api.report.work_order import work_order_page
    from api.usecases.work_orders import order_of

    desk = asked.desk()
    order = order_of(desk, ticket)
    signature = None
    if order.signature is not None and asked.database:
        kind = next(
            (one.media_type for one in desk.region.field.attachments if one.digest == order.signature.digest),
            "",
        )
        signature = (kind, _content(asked.database, asked.region, order.signature.digest))
    page = work_order_page(
        order,
        names={part.id: part.name for part in desk.region.stock.parts},
        here=zone(desk.region.settings.zone),
        lang=asked.spoken,
        signature=signature,
    )
    _write(out, page.encode())
    stdout().print(
        label("form.printed", asked.spoken, ticket=ticket, file=str(out)), soft_wrap=True, markup=False
    )


@tickets.command()
@spelled_out
def sign(
    ticket: TicketArgument,
    form: Annotated[Path, typer.Argument(help="Picture of the signed form.")],
    *,
    told: Told,
    name: Annotated[str, typer.Option("--name", help="Who signed, as typed.")],
    remark: Annotated[str, typer.Option("--remark", help="What the customer added.")] = "",
) -> None:
    """Keep the signed form and confirm the ticket with it."""
    from storage.desk.signing import sign as signed

    (file,) = files_of(told, (form,))
    reply = told.done(lambda work: signed(work, ticket, file, by=told.by, name=name, remark=remark))
    stdout().print(label("form.signed", told.spoken, ticket=ticket, version=reply["version"]))


@tickets.command()
@spelled_out
def attach(
    ticket: TicketArgument,
    files: Annotated[list[Path], typer.Argument(help="Photos, screenshots, logs, videos.")],
    *,
    told: Told,
) -> None:
    """Keep files with a ticket or report; all of them or none."""
    from storage.desk.intake import bring

    brought = files_of(told, files)
    reply = told.done(lambda work: bring(work, ticket, brought, by=told.by))
    for digest in reply["digests"]:
        stdout().print(label("desk.attached", told.spoken, ticket=ticket, digest=digest), soft_wrap=True)


@tickets.command("file")
@spelled_out
def file_(
    digest: Annotated[str, typer.Argument(help="Digest of an attachment, as `ticket show` prints it.")],
    *,
    there: InDatabase,
    out: NewFileOption,
) -> None:
    """Write an attachment into a file."""
    _write(out, _content(there.database, there.region, digest))
    stdout().print(label("desk.file_written", there.spoken, file=str(out)), soft_wrap=True, markup=False)


@tickets.command()
@spelled_out
def find(
    words: Annotated[list[str], typer.Argument(help="Words; two Chinese characters are a word.")],
    dataset: Annotated[Path | None, typer.Option("--dataset", help="Folder of a dataset.")] = None,  # noqa: ARG001 asked holds it
    *,
    asked: Asked,
    public: Annotated[bool, typer.Option("--public", help="Only what customers may see.")] = False,
    most: Annotated[int, typer.Option("--most", help="Entries to give.", min=1)] = 20,
    as_json: JsonOption = False,
) -> None:
    """Search causes and solutions; every word has to be there, the best come first."""
    found = _found(" ".join(words), asked, public=public, most=most)
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
        stdout().print(label("desk.nothing_found", asked.spoken))


def _found(query: str, asked: Asked, *, public: bool, most: int) -> tuple[Any, ...]:
    from dispatch.desk.knowledge import search as pure_search

    if asked.database and asked.dataset is None:
        from storage.rows.knowledge import search

        with reading(asked.database, asked.region) as (connection, which):
            return search(connection, which, query, public_only=public, most=most)
    return pure_search(query, asked.read().field.knowledge, public_only=public, most=most)


def _content(database: str, region: str, digest: str) -> bytes:
    from storage.desk.contents import content

    with reading(database, region) as (connection, which):
        return content(connection, which, digest)


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
