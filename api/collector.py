"""How often the collector of rubbish looks."""

from __future__ import annotations

import gc

_SELDOM = (50_000, 20, 20)
"""Objects made until it looks at the young, then the older: a start makes 100,000 that stay, and looking at them took half a second."""


def collect_seldom() -> None:
    """Have it look seldom; said in every process that is started, as none takes it over from another."""
    gc.set_threshold(*_SELDOM)
