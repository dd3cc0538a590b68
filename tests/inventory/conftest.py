"""Figures computed independently of our code, read where they lie beside the public files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def reference(public_files: Path) -> dict[str, Any]:
    """The inventory reference: textbook examples and figures checked by simulation."""
    file = public_files.parent / "reference" / "inventory.json"
    if not file.is_file():
        pytest.skip(f"no reference figures at {file}")
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found
