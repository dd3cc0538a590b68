"""The pulse of a run: from its taking to its end somebody says that its worker is alive."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from types import TracebackType
from typing import Any, Self

Beat = Callable[[Mapping[str, Any] | None], bool]
"""Says that the worker is alive and, unless None, how far it is; gives whether to go on."""


class Pulse:
    """Beats from a thread of its own, whatever the worker is busy with: loading, solving, writing.

    It keeps time by waiting, so a clock that is put forward or back neither stills nor hurries it.

    Args:
        beat: called in the thread; what it raises is raised in the worker, at its next question.
        every: time between two beats.
    """

    def __init__(self, beat: Beat, *, every: timedelta) -> None:
        """Make it; entering starts it, leaving ends it."""
        self._beat = beat
        self._every_s = every.total_seconds()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep_on, name="pulse", daemon=True)
        self._progress: Mapping[str, Any] | None = None
        self._go_on = True
        self._broken: Exception | None = None

    def __enter__(self) -> Self:
        """Start."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End; a beat under way is waited for."""
        self._over.set()
        self._thread.join()

    def report(self, progress: Mapping[str, Any]) -> bool:
        """Have the next beat tell how far it is; gives `go_on`."""
        self._progress = dict(progress)
        return self.go_on()

    def go_on(self) -> bool:
        """Whether to go on, as the last beat was answered.

        Raises:
            Exception: what a beat has raised; ``run.lease_lost`` for one.
        """
        if self._broken is not None:
            raise self._broken
        return self._go_on

    def _keep_on(self) -> None:
        while not self._over.wait(self._every_s):
            progress, self._progress = self._progress, None
            try:
                # Who has been asked to stop stays asked.
                self._go_on = self._beat(progress) and self._go_on
            except Exception as broken:  # noqa: BLE001 told to the worker, who knows what to do
                self._broken = broken
                return
