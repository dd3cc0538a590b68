"""docs/faults.md names tests that exist."""

from __future__ import annotations

import re

from tests.conftest import ROOT


def test_every_fault_names_a_test_there_is() -> None:
    """A drill that was renamed away is a promise nobody keeps; at least fifteen are promised."""
    page = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[a-z_/]+\.py)::(test_[a-z0-9_]+)`", page)

    missing = [
        f"{file}::{test}"
        for file, test in named
        if f"def {test}(" not in (ROOT / file).read_text(encoding="utf-8")
    ]

    assert len(set(named)) >= 15
    assert len(named) == page.count("| `tests/")
    assert missing == []
