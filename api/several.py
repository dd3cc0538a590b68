"""Several server processes behind one port: Python uses one core at a time in each.

The one that was started answers nothing itself: it starts the others, starts anew whoever dies, and ends when all have
ended. Each has its own connections to the database and listens by itself; the system shares the connections out
between those that live. What they have to agree on stands in the database.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerProcess

from api.collector import collect_seldom
from api.logs import LOG
from api.metrics import ended_process
from api.settings import Settings
from api.together import TOGETHER
from api.wire.hands import cores, keep_to
from kernel.clock import Stopwatch
from kernel.errors import Refusal, Refused
from storage.engine import carries_the_fix, sqlite_driver

START_S = 60.0
"""Seconds a process may take until it listens."""

ANEW_S = 1.0
"""Seconds before one that died is started anew: what kills it at once must not keep the machine busy."""

LOADED_ONCE = ["api.app", "api.serving", "api.stored"]
"""Read once, by a process that does nothing else and has no state; those that serve begin as copies of it."""

BEYOND_S = 10.0
"""Seconds a process is given to end, beyond what its requests are given."""


BY_ITSELF = 2
"""Processes at most where the operator names no number: each takes memory, and the database works on the same cores."""


def processes_of(settings: Settings) -> int:
    """How many processes serve: as many as the settings say; where they leave it open one for each core, at most `BY_ITSELF`.

    One, too, where the system does not share a port out, or SQLite is one that is not to be opened by several.
    """
    if settings.processes:
        return settings.processes
    alone = settings.database.startswith("sqlite") and not carries_the_fix(sqlite_driver())
    if alone or not sys.platform.startswith("linux"):
        return 1
    return min(BY_ITSELF, len(os.sched_getaffinity(0)))


def shared_out(settings: Settings) -> Settings:
    """The settings of one of several processes: what it keeps for itself is its part of what is allowed to all."""
    return settings.model_copy(update={"live_most": -(-settings.live_most // settings.processes)})


def serve_together(settings: Settings, listens: Callable[[], None]) -> None:
    """Serve by `settings.processes` processes until SIGTERM or SIGINT.

    Args:
        settings: its port is one that is held and not listened on by the caller.
        listens: called when all of them listen.

    Raises:
        Refusal: ``serve.process_ended`` when one ends before it listens.
    """
    with tempfile.TemporaryDirectory(prefix="fieldwright-metrics-") as numbers, _asked_to_leave() as asked:
        os.environ[TOGETHER] = numbers  # before anybody counts: each process keeps its numbers there
        several = _Several(settings)
        try:
            if several.begin(asked):
                listens()
                several.until(asked)
        finally:
            several.end()


@contextmanager
def _asked_to_leave() -> Iterator[int]:
    """A descriptor that can be read once this process has been asked to end."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)

    def asked(_signal: int, _frame: object) -> None:
        os.write(writing, b".")

    before = {one: signal.signal(one, asked) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield reading
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
        os.close(reading)
        os.close(writing)


def core_of_each(processes: int, cores: Collection[int], *, port: int = 0) -> list[int | None]:
    """The core each of some processes keeps to; None: to none, where there are more processes than cores.

    The port says which come first: several services of one machine do not all keep to its lowest cores.

    Python works in one thread of a process at a time. Handed from one to another they wander from core to core, and what
    they work with does not come along: a write cost a quarter more of the processor.
    """
    if processes > len(cores):
        return [None] * processes
    first = port * processes % len(cores)
    return [*(sorted(cores) * 2)[first : first + processes]]


@dataclass
class _Several:
    settings: Settings
    _cores: list[int | None] = field(default_factory=list)
    """Those nobody keeps to yet."""
    _core: dict[ForkServerProcess, int | None] = field(default_factory=dict)
    _processes: list[ForkServerProcess] = field(default_factory=list)
    _told: dict[ForkServerProcess, Connection] = field(default_factory=dict)
    """Where each says that it listens; kept while it lives, for whoever says it to a closed end dies of it."""

    def begin(self, asked: int) -> bool:
        """Start all, and wait until they listen; False: asked to leave meanwhile."""
        self._cores = core_of_each(self.settings.processes, cores(), port=self.settings.port)
        for _ in range(self.settings.processes):
            self._start()
        watch = Stopwatch()
        for process, told in self._told.items():
            left_s = max(0.0, START_S - watch.seconds)
            if asked in wait([told, process.sentinel, asked], timeout=left_s):
                return False
            if not _listens(told):
                raise Refusal("serve.process_ended", process=process.pid or 0)
        return True

    def until(self, asked: int) -> None:
        """Start anew whoever dies, until asked to leave."""
        while True:
            ready = wait([asked, *(one.sentinel for one in self._processes)])
            if asked in ready:
                return
            for one in [one for one in self._processes if not one.is_alive()]:
                LOG.error("server.process_ended", process=one.pid, code=one.exitcode)
                ended_process(one.pid or 0)
                self._processes.remove(one)
                self._told.pop(one).close()
                self._cores.append(self._core.pop(one))
                if wait([asked], timeout=ANEW_S):
                    return
                self._start()

    def end(self) -> None:
        """Ask all to end, wait, and kill whoever does not."""
        for one in self._processes:
            one.terminate()
        watch = Stopwatch()
        for one in self._processes:
            one.join(max(0.0, self.settings.stop_s + BEYOND_S - watch.seconds))
            if one.is_alive():
                one.kill()
                one.join()
        for told in self._told.values():
            told.close()

    def _start(self) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(LOADED_ONCE)
        ours, theirs = context.Pipe(duplex=False)
        core = self._cores.pop(0)
        process = context.Process(target=_serve, args=(self.settings, theirs, core))
        process.start()
        theirs.close()
        self._processes.append(process)
        self._told[process] = ours
        self._core[process] = core


def _listens(told: Connection) -> bool:
    """Whether a process has said that it listens."""
    try:
        return told.poll() and bool(told.recv())
    except EOFError:
        return False


def _serve(settings: Settings, listens: Connection, core: int | None) -> None:
    """One of the processes."""
    from api.app import make_app
    from api.logs import log_to
    from api.serving import WAITING, listen, load_first, server_of
    from api.stored import opened

    _end_with_parent()
    collect_seldom()
    log_to(None, settings)
    try:
        with (
            opened(settings.database, connections=settings.database_connections) as there,
            listen(settings, shared=True, waiting=0) as listening,
        ):
            made = make_app(there, settings=shared_out(settings))
            # The system hands connections to whoever listens: one that begins, or begins anew, has none wait for its search.
            load_first(made, settings)
            listening.listen(WAITING)
            if core is not None:  # what loads still was begun before, and goes where there is room
                keep_to(core)
            listens.send(True)
            server_of(made, settings).run(sockets=[listening])
    except (Refusal, Refused) as refused:
        for one in refused.refusals if isinstance(refused, Refused) else (refused,):
            LOG.error("server.refused", code=one.code, **one.message.params)
        raise SystemExit(1) from None


def _end_with_parent() -> None:
    """End as asked when the one that started this process is gone, however it went."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent", daemon=True).start()
