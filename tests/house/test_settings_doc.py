"""docs/settings.md is written from the settings themselves."""

from __future__ import annotations

from typing import Any, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from api.settings import FILE, PREFIX, Settings
from api.text import label
from tests.conftest import ROOT, set_by_name

PAGE = ROOT / "docs" / "settings.md"


def page() -> str:
    """The page as the settings give it."""
    rows = [
        f"| `{name}` | `{PREFIX}{name.upper()}` | {allowed(field)} | {default(field)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join(
        [
            "# Settings",
            "",
            "What the command line says wins over the variable, the variable over the file, the file over the default.",
            f"The file is TOML with the names of the first column; `{FILE}` says where it is. A name nobody knows or a value",
            "out of its bounds is refused before anything starts. This page is written from `api/settings.py` by `make fix`.",
            "",
            "| name | variable | allowed | default | what it is |",
            "|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


def allowed(field: FieldInfo) -> str:
    """What a setting may be, in a few words."""
    kind: Any = field.annotation
    if get_args(kind) and get_origin(kind) is not None:
        return ", ".join(f"`{word}`" for word in get_args(kind))
    bounds = {
        name: getattr(one, name) for one in field.metadata for name in ("ge", "le") if hasattr(one, name)
    }
    if bounds:
        number = "whole number" if kind is int else "number"
        return f"{number} {bounds['ge']:g} to {bounds['le']:g}"
    return "text, secret" if kind is SecretStr else "text"


def default(field: FieldInfo) -> str:
    """The default as one would write it."""
    value = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
    return f"`{value}`" if value != "" else "empty"


def test_the_settings_document_is_up_to_date() -> None:
    """A setting nobody can look up is not there for an operator."""
    if set_by_name("FIELDWRIGHT_WRITE_DOCS"):
        PAGE.write_text(page(), encoding="utf-8")

    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_setting_says_what_it_is() -> None:
    """One sentence each, ending in a full stop."""
    silent = [
        name for name, field in Settings.model_fields.items() if not str(field.description).endswith(".")
    ]

    assert silent == []


def test_the_console_says_of_a_setting_what_the_document_says() -> None:
    """One sentence for each setting: the English catalogue repeats it, so that it has its Chinese beside it."""
    for name, field in Settings.model_fields.items():
        assert label(f"setting.{name}", "en") == field.description
