"""A row on record as a request gives it: shapes that follow the columns of the dataset's files, and the way into cells."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from functools import cache
from typing import Annotated, Any

from pydantic import ConfigDict, Field, StringConstraints, create_model

from api.shapes.registers import meaning
from api.wire.bounds import In
from storage.dataset.cell import LONGEST_LIST, LONGEST_TEXT, TRUTH
from storage.dataset.table import Column, Table
from storage.desk.registers import KEPT, Cells

_TEXT = Annotated[str, StringConstraints(max_length=LONGEST_TEXT)]
_NUMBER = Annotated[float, Field(ge=-(10**12), le=10**12)]
_WHOLE = Annotated[int, Field(ge=-(10**12), le=10**12)]
_LIST = Annotated[list[Annotated[str, StringConstraints(max_length=64)]], Field(max_length=LONGEST_LIST)]

EXAMPLES: dict[str, dict[str, Any]] = {
    "customers": {"name": "Mill"},
    "sites": {"customer_id": "C1", "name": "Mill hall", "lat": 26.07, "lon": 119.3, "remote": False},
    "assets": {"site_id": "S1", "model": "M-9", "serial": "0007", "warranty_months": 24},
    "contracts": {"customer_id": "C1", "scheme": "field-2-4-24", "valid_from": "2026-01-01"},
    "engineers": {"depot": "D1", "home_lat": 26.08, "home_lon": 119.29, "territories": []},
    "shifts": {
        "engineer_id": "E1",
        "starts_at": "2026-03-09T08:00:00+08:00",
        "ends_at": "2026-03-09T17:00:00+08:00",
        "overtime_min": 60,
    },
    "on_call": {
        "engineer_id": "E1",
        "starts_at": "2026-03-09T18:00:00+08:00",
        "ends_at": "2026-03-10T06:00:00+08:00",
        "call_out": "150.00",
    },
    "absences": {
        "engineer_id": "E1",
        "starts_at": "2026-03-10T08:00:00+08:00",
        "ends_at": "2026-03-10T17:00:00+08:00",
        "reason": "course",
    },
    "engineer_skills": {"skill": "hv", "level": 3},
    "certificates": {"certificate": "electrician", "valid_from": "2026-01-01", "valid_until": "2028-01-01"},
    "tools": {"serial": "T-9", "tool": "scope", "calibrated_until": "2026-12-31"},
    "skills": {"name": "High voltage"},
    "partners": {"name": "Other firm", "skills": ["hv:3"], "price": "1500.00", "lead_min": 240},
    "parts": {"name": "Fuse", "kind": "consumable", "price": "12.50", "criticality": 1, "tracking": "none"},
    "alternates": {"alternate_id": "P-2", "kind": "equal"},
    "supplier_terms": {
        "supplier_id": "U-1",
        "price": "11.00",
        "lead_time_days": 5.0,
        "minimum": 10,
        "multiple": 5,
    },
    "price_breaks": {"supplier_id": "U-1", "minimum": 50, "price": "10.50"},
    "stock_policy": {"place_id": "D-1", "fill_rate": 0.95, "review_period_days": 7.0, "maximum": 20},
    "places": {"kind": "depot", "name": "Depot", "lat": 26.05, "lon": 119.31, "pick_up_min": 15},
    "suppliers": {"name": "Maker", "lead_time_days": 7.5, "lead_time_sd_days": 2.0},
    "loaner_classes": {"name": "Small", "substitutes": ["L-2"], "day_cost": "30.00", "cleaning_min": 60},
    "loaner_units": {"loaner_class": "L-1", "place_id": "D-1"},
    "engineer_wishes": {"engineer_id": "E1", "wish": "preferred"},
    "calendar_days": {"on": "2026-10-01", "hours": ["08:00-12:00"]},
    "supplier_agreements": {"approval_above": "5000.00", "over_share": 0.05, "remedy_days": 14},
    "part_checks": {"check_id": "length", "name": "Length", "unit": "mm", "lower": 19.8, "upper": 20.2},
    "part_classes": {"part_class": "fuses"},
    "reinspection_rules": {"every_days": 180},
    "inspection_limits": {"part_id": "P1", "aql": "1.5", "level": "II", "inspects": True},
}
"""A row of each file, without the id that stands in the address."""


@cache
def shape_in(file: Table, /, *in_address: str) -> type[In]:
    """The shape of a row to write: every column but those the address says; what may be empty may be left out.

    What a cell may hold is the dataset's to say: it is refused by the same code as in the file, with its column.
    """
    named = "".join(word.capitalize() for word in file.name.split("_"))
    shape = type(
        f"{named}RowBase",
        (In,),
        {
            "__module__": __name__,
            "__doc__": file.text,
            "model_config": ConfigDict(json_schema_extra={"examples": [EXAMPLES[file.name]]}),
        },
    )
    columns: dict[str, Any] = {
        column.name: (
            _type_of(column) if column.required else _type_of(column) | None,
            Field(... if column.required and column.name not in KEPT else None, description=meaning(column)),
        )
        for column in file.columns
        if column.name not in in_address
    }
    made: type[In] = create_model(f"{named}RowIn", __base__=shape, __doc__=file.text, **columns)
    return made


def cells_of(file: Table, said: In, /, **address: str) -> Cells:
    """The cells of a row that was said, with the one from the address."""
    found = {column.name: _cell(column, getattr(said, column.name, None)) for column in file.columns}
    return found | address


def _cell(column: Column, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return column.kind.write(value) if value or column.kind is TRUTH else ""
    if isinstance(value, list):
        return ";".join(value)
    return f"{Decimal(repr(value)):f}" if isinstance(value, float) else str(value)


def _type_of(column: Column, lists: Collection[str] = ("list of",)) -> Any:
    kind = column.kind.name
    if kind.startswith(tuple(lists)):
        return _LIST
    if kind.startswith("whole number"):
        return _WHOLE
    if kind.startswith("`yes`"):
        return bool
    return _NUMBER if kind.startswith(("latitude", "longitude", "number")) else _TEXT
