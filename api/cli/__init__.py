"""The command `fieldwright`."""

from __future__ import annotations

import gc
import sys

from api.cli.app import run

SELDOM = (50_000, 20, 20)
"""Objects made until the collector looks at the young, then the older: a start makes 100,000 that stay, and looking at them took half a second."""


def main() -> None:
    """Entry point of the console script."""
    gc.set_threshold(*SELDOM)
    sys.exit(run(sys.argv[1:]))
