"""The web pages: sources in `console/src`, built by `console.building` into `console/built`, served by `api`."""

from __future__ import annotations

from pathlib import Path

BUILT = Path(__file__).parent / "built"
"""Where the built pages stand; not there before the package is installed or `make console` has run."""
