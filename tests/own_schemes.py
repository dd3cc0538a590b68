"""The tiny region with a scheme of its own: the headline scheme copied and edited, named by contract and ticket."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from tests.dataset_builder import CREWED, crewed, edited

SHIPPED = (files("dispatch.desk") / "schemes" / "field-2-4-24.toml").read_text(encoding="utf-8")
ARRIVAL = 'within = "4 h"'


def own_text(*changes: tuple[str, str]) -> str:
    """The headline scheme under the id ``ours``, on site in 90 minutes instead of 4 hours; `changes` on top."""
    text = SHIPPED
    for old, new in (('id = "field-2-4-24"', 'id = "ours"'), (ARRIVAL, 'within = "90 min"'), *changes):
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def with_own(folder: Path, text: str, *, file: str = "ours.toml", scheme: str = "ours") -> Path:
    """Write the crewed folder with one scheme of its own; ticket G1 and its contract K1 are under `scheme`."""
    contracts = "contract_id,customer_id,scheme,scheme_version,valid_from,valid_until,plan_from\n"
    crewed(
        folder,
        contracts=contracts
        + f"K1,C1,{scheme},,2026-01-01,2026-12-31,\nK2,C1,value-added,1,2026-01-01,,2026-02-01\n",
        tickets=edited("tickets.csv", "K1,field-2-4-24", f"K1,{scheme}")
        + "G3,S1,,K2,value-added,,P3,advice,2026-03-05T07:00+08:00,,\n",
        reports=edited("reports.csv", "K1,field-2-4-24", f"K1,{scheme}", files=CREWED),
    )
    add_scheme(folder, text, file=file)
    return folder


def add_scheme(folder: Path, text: str, *, file: str) -> None:
    """Put one more scheme into a folder."""
    (folder / "schemes").mkdir(exist_ok=True)
    (folder / "schemes" / file).write_text(text, encoding="utf-8", newline="")
