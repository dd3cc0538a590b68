"""`fieldwright practice`: how the desk works, a copy to edit into your own, and whether the copy holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.app import LangOption, app, language, stdout
from api.cli.asked import Asked, NewFileOption, spelled_out
from api.cli.scheme import figures_table, write_copy
from api.text import label
from dispatch.desk.practice_file import OwnPractice, builtin_text, practice_with
from dispatch.desk.term import CHOSEN
from kernel.errors import Refusal

practice_app = typer.Typer(
    name="practice",
    help="How the desk works: kinds of work, checklists, attachments, who approves what.",
    no_args_is_help=True,
)
app.add_typer(practice_app)


@practice_app.command()
@spelled_out
def show(*, asked: Asked) -> None:
    """Print every figure of the practice that holds, a region's own or the one that ships."""
    own = _own(asked)
    code = "practice.title_own" if own else "practice.title_ships"
    stdout().print(label(code, asked.spoken), style="bold", markup=False)
    stdout().print(figures_table(practice_with(own).figures, asked.spoken))


@practice_app.command()
def check(
    file: Annotated[Path, typer.Argument(help="Your own practice: a TOML file.")], lang: LangOption = "en"
) -> None:
    """Read a practice of your own; a mistake is refused with its line."""
    from storage.dataset.practice_text import MOST_BYTES, read_practice

    spoken = language(lang)
    try:
        with file.open("rb") as stream:
            raw = stream.read(MOST_BYTES + 1)
    except OSError:
        raise Refusal("desk.cannot_read", file=str(file)[:200]) from None
    figures = read_practice(raw, file.name).practice.figures
    chosen = sum(figure.source == CHOSEN for figure in figures)
    said = label("practice.holds", spoken, file=str(file), figures=len(figures), chosen=chosen)
    stdout().print(said, markup=False, soft_wrap=True)


@practice_app.command("copy")
@spelled_out
def copy_practice(*, asked: Asked, out: NewFileOption) -> None:
    """Write the practice that holds into a file, to be edited and put into a dataset's folder as practice.toml."""
    own = _own(asked)
    write_copy(out, own[0].text if own else builtin_text())
    stdout().print(label("practice.copied", asked.spoken, file=str(out)), markup=False, soft_wrap=True)


def _own(asked: Asked) -> tuple[OwnPractice, ...]:
    """The practice of the region named, none without one."""
    if asked.dataset is None and not asked.database:
        return ()
    return asked.read().field.own_practice
