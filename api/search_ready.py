"""The compiled search, loaded when the server starts: otherwise the first who asks for a plan's sake waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from api.logs import LOG
from api.settings import Settings
from kernel.clock import Stopwatch

State = Literal["when_asked", "loading", "loaded"]


@dataclass
class SearchReady:
    """Of one process: a second or two where `fieldwright warm` has been before, minutes where it has not."""

    state: State = "when_asked"
    _loads: threading.Thread | None = None

    def begin(self, settings: Settings, *, then: Callable[[], object]) -> None:
        """Load it beside what is answered meanwhile; who needs it before waits for the same. Nothing where the operator said so.

        Args:
            settings: say whether.
            then: what the first who ask would wait for too; done behind it, in the same thread.
        """
        if settings.search_load == "asked":
            return
        self.state = "loading"
        self._loads = threading.Thread(target=self._load, args=(then,), name="search", daemon=True)
        self._loads.start()

    def wait(self, most_s: float) -> None:
        """Wait until what was begun is done, or for so many seconds: where nothing is compiled yet it takes minutes."""
        if self._loads is not None:
            self._loads.join(most_s)

    def _load(self, then: Callable[[], object]) -> None:
        from dispatch.solve import warm

        watch = Stopwatch()
        try:
            warm()
        except Exception:  # noqa: BLE001 whoever asks for it hears why
            self.state = "when_asked"
            LOG.exception("search.not_loaded")
            return
        self.state = "loaded"
        LOG.info("search.loaded", seconds=round(watch.seconds, 1))
        try:
            then()
        except Exception:  # noqa: BLE001 as above
            LOG.exception("search.nothing_ahead")
