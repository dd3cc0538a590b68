"""The command `fieldwright`."""

from __future__ import annotations

import sys

from api.cli.app import run


def main() -> None:
    """Entry point of the console script."""
    sys.exit(run(sys.argv[1:]))
