"""The command `fieldwright`."""

from __future__ import annotations

import sys

from api.cli.app import run
from api.collector import collect_seldom


def main() -> None:
    """Entry point of the console script."""
    collect_seldom()
    sys.exit(run(sys.argv[1:]))
