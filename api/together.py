"""What the processes behind one port share beside the database: a folder that lives as long as they do, and turns in it."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path

from kernel.clock import SystemClock
from kernel.errors import Refusal

with contextlib.suppress(ImportError):  # not every system has it; there nobody serves by several processes
    import fcntl

TOGETHER = "PROMETHEUS_MULTIPROC_DIR"
"""Variable that names the folder; the numbers of all processes stand in it too, by the name their library looks for."""


def folder() -> Path | None:
    """The folder shared with the other processes; None: this one is alone."""
    named = os.environ.get(TOGETHER)
    return Path(named) if named else None


def refuse_foreign_folder() -> None:
    """Refuse to serve where somebody else has named the folder: its numbers are another program's, or it is not there.

    Raises:
        Refusal: ``serve.numbers_elsewhere``.
    """
    if os.environ.get(TOGETHER):
        raise Refusal("serve.numbers_elsewhere", variable=TOGETHER, folder=os.environ[TOGETHER][:200])


class Turn:
    """One after another, among the threads of this process and those of the others behind the port."""

    def __init__(self, name: str, *, within: Path | None) -> None:
        """Of a name.

        Args:
            name: the same in every process.
            within: the shared folder; None: the threads of this process are all there are.
        """
        self._lock = threading.Lock()
        self._noted_at = 0.0
        self._file: int | None = None
        if within is not None:
            self._file = os.open(within / name, os.O_RDWR | os.O_CREAT, 0o600)

    @contextlib.contextmanager
    def taken(self) -> Iterator[None]:
        """Hold it; whoever waits comes when it is given back, however that goes."""
        with self._lock:
            if self._file is not None:
                fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                if self._file is not None:
                    fcntl.flock(self._file, fcntl.LOCK_UN)

    def note(self) -> None:
        """Remember that what the turn is about was done now; called while it is held."""
        self._noted_at = SystemClock().now().timestamp()
        if self._file is not None:
            os.pwrite(self._file, f"{self._noted_at:020.6f}".encode(), 0)

    def noted_s(self) -> float:
        """Seconds since anybody noted; many where nobody has. Called while it is held."""
        if self._file is not None:
            told = os.pread(self._file, 20, 0)
            self._noted_at = float(told) if told else 0.0
        return max(0.0, SystemClock().now().timestamp() - self._noted_at)

    def close(self) -> None:
        """Let go of its file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __del__(self) -> None:
        """A process opens one for its life; tests open many."""
        self.close()
