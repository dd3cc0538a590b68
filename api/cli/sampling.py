"""`fieldwright sampling`: how many units of a lot to look at, and what that does with good and bad lots."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from api.cli.app import LangOption, app, language, stdout
from api.text import Lang, label
from kernel.errors import Refusal

if TYPE_CHECKING:
    from inventory.supply.characteristic import CurvePoint
    from inventory.supply.sampling import InspectionSeverity, Level, SamplingPlan


@app.command()
def sampling(
    lot: Annotated[int, typer.Option("--lot", help="Units of the lot.")],
    aql: Annotated[
        str, typer.Option("--aql", help="Acceptable quality limit, a hundred units: 0.01 to 1000.")
    ],
    level: Annotated[str, typer.Option("--level", help="Inspection level: I, II, III, S1 to S4.")] = "II",
    state: Annotated[str, typer.Option("--state", help="Table: normal, tightened or reduced.")] = "normal",
    lang: LangOption = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Give the single sampling plan of MIL-STD-105E for a lot, with its operating characteristic."""
    from inventory.supply.characteristic import curve
    from inventory.supply.sampling import plan_for_lot

    spoken = language(lang)
    wanted, table = read_level(level), _severity(state)
    plan = plan_for_lot(lot, aql=read_limit(aql), level=wanted, severity=table)
    points = curve(plan)
    if as_json:
        typer.echo(json.dumps(_document(plan, points, lot, wanted), ensure_ascii=False, indent=1))
        return
    _show(plan, points, lot, wanted, spoken)


def read_level(text: str) -> Level:
    """Read an inspection level: II, S-3.

    Raises:
        Refusal: ``sampling.unknown_level``.
    """
    from inventory.supply.sampling import Level

    for level in Level:
        if text.upper().replace("-", "") == level:
            return level
    raise Refusal("sampling.unknown_level", value=text[:20], known=" ".join(Level))


def _severity(text: str) -> InspectionSeverity:
    from inventory.supply.sampling import InspectionSeverity

    for severity in InspectionSeverity:
        if text == severity:
            return severity
    raise Refusal("sampling.unknown_severity", value=text[:20], known=" ".join(InspectionSeverity))


def read_limit(text: str) -> Decimal:
    """Read an acceptable quality limit; whether the tables know it is theirs to say.

    Raises:
        Refusal: ``sampling.unknown_aql``.
    """
    from inventory.supply.sampling import AQLS

    try:
        return Decimal(text)
    except InvalidOperation:
        raise Refusal("sampling.unknown_aql", value=text[:20], known=" ".join(map(str, AQLS))) from None


def _show(plan: SamplingPlan, points: tuple[CurvePoint, ...], lot: int, level: Level, lang: Lang) -> None:
    console = stdout()
    table_name = label(f"sampling.severity_{plan.severity}", lang)
    title = label("sampling.title", lang, lot=lot, level=level.value, aql=str(plan.aql), severity=table_name)
    console.print(title, style="bold")
    moved = "letter" if plan.used == plan.letter else "letter_used"
    console.print(label(f"sampling.{moved}", lang, letter=plan.letter, used=plan.used))
    numbers = {"size": plan.size, "lot": lot, "accept": plan.accept, "reject": plan.reject}
    looked = "whole_lot" if plan.whole_lot else "sample"
    console.print(label(f"sampling.{looked}{'' if _of_units(plan) else '_faults'}", lang, **numbers))
    if plan.reject > plan.accept + 1:
        console.print(label("sampling.between", lang))
    if not points:
        console.print(label("sampling.always", lang))
        return
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column(label("sampling.column_accepted", lang), justify="right")
    table.add_column(label(_share_column(plan), lang), justify="right")
    for point in points:
        share = f"{100 * point.share:.3f}"
        table.add_row(f"{point.accepted:.0%}", f"{share}%" if _of_units(plan) else share)
    console.print(table)


def _of_units(plan: SamplingPlan) -> bool:
    from inventory.supply.sampling import UNITS_ONLY

    return plan.aql <= UNITS_ONLY


def _share_column(plan: SamplingPlan) -> str:
    return "sampling.column_share" if _of_units(plan) else "sampling.column_per_hundred"


def _document(
    plan: SamplingPlan, points: tuple[CurvePoint, ...], lot: int, level: Level
) -> dict[str, object]:
    return {
        "lot": lot,
        "level": level.value,
        "aql": str(plan.aql),
        "state": plan.severity.value,
        "code_letter": plan.letter,
        "letter_used": plan.used,
        "n": plan.size,
        "accept": plan.accept,
        "reject": plan.reject,
        "whole_lot": plan.whole_lot,
        "operating_characteristic": [
            {"accepted": point.accepted, "per_hundred": round(100 * point.share, 6)} for point in points
        ],
    }
