"""`fieldwright label`: print sheets of our own labels, and say what a scanned code means."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.app import LangOption, app, language
from api.cli.asked import Judged, spelled_out
from api.text import label
from kernel.errors import Refusal

label_app = typer.Typer(name="label", help="Labels: print ours, read any.", no_args_is_help=True)
app.add_typer(label_app)


@label_app.command()
@spelled_out
def sheet(
    *,
    asked: Judged,
    out: Annotated[Path, typer.Option("--out", help="HTML file to write, for A4 sheets of 3 x 7 labels.")],
    kind: Annotated[
        str, typer.Option("--kind", help="What the labels are for: places, parts, lots, units or loaners.")
    ] = "places",
    place: Annotated[str, typer.Option("--place", help="Only what stands at this place.")] = "",
    part: Annotated[str, typer.Option("--part", help="Only this part.")] = "",
) -> None:
    """Write a sheet of QR labels to print."""
    from api.report.labels import label_sheet
    from inventory.labelling import LabelKind, labels
    from storage.plan_file import write_whole

    spoken = asked.spoken
    wanted = next((one for one in LabelKind if one == kind), None)
    if wanted is None:
        raise Refusal("label.unknown_kind", value=kind[:20], known=" ".join(LabelKind))
    region = asked.read()
    rows = labels(region.stock, wanted, now=asked.at(region), place=place, part=part)
    if not rows:
        raise Refusal("label.nothing_to_print")
    if out.is_dir() or not out.parent.is_dir():
        raise Refusal("label.no_place_for_file", file=str(out))
    write_whole(out, label_sheet(rows, spoken))
    typer.echo(label("label.written", spoken, count=len(rows), file=str(out)))


@label_app.command()
def read(
    code: Annotated[str, typer.Argument(help="What was scanned: our label, a GS1 code, a GTIN, an SSCC.")],
    lang: LangOption = "en",
) -> None:
    """Say what a code means; a check digit that does not fit is refused."""
    from inventory.stock.label import scanned

    spoken = language(lang)
    found = scanned(code)
    own = found.label
    said = {
        "part": found.part,
        "place": own.place if own else "",
        "loaner_unit": own.loaner_unit if own else "",
        "gtin": found.gtin,
        "package": found.package,
        "lot": found.lot,
        "serial": found.serial,
        "quantity": "" if found.quantity is None else str(found.quantity),
        "expires_on": "" if found.expires_on is None else found.expires_on.isoformat(),
    }
    for name, value in said.items():
        if value:
            typer.echo(f"{label(f'label.read_{name}', spoken)}: {value}")
