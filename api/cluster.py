"""Solving on a Dask cluster: the extra `cluster` brings the client, the operator a scheduler and workers.

The cluster's workers need this version of Fieldwright and nothing else: a job carries its region, the result comes
back as plain values. A plan made there has the bytes of one made here, because a job searches by its work and seed.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor as AnyExecutor
from concurrent.futures import Future as AnyFuture
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic

from api.apart import OwnProcesses
from api.executor import TELL_EVERY_S, Broken, Executor, Job, Made, Make
from kernel.clock import Stopwatch
from kernel.errors import Refusal, Refused

if TYPE_CHECKING:
    from distributed import Client, Future, Variable

ANSWER_S = 10.0
"""How long the scheduler is waited for."""

_GO_ON, _STOP, _CANCEL = "go on", "stop", "cancel"


PLANNING = ("kernel", "inventory", "dispatch", "storage", "scenarios", "api/usecases", "api/report")
"""The packages a plan or a replication is made by."""


@cache
def sources_hash() -> str:
    """Hash the sources a plan depends on: another version of them is another plan."""
    root = Path(__file__).parent.parent
    hasher = hashlib.sha256()
    for path in sorted(path for room in PLANNING for path in (root / room).rglob("*.py")):
        hasher.update(str(path.relative_to(root)).encode())
        hasher.update(path.read_bytes())
    return hasher.hexdigest()


class Cluster:
    """The executor behind a scheduler's address; `close` it.

    Args:
        address: ``tcp://host:8786``.

    Raises:
        Refusal: ``cluster.not_installed``, ``cluster.unreachable``, ``cluster.empty``.
    """

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise Refusal("cluster.not_installed") from None
        try:
            self._client = Client(address, timeout=ANSWER_S, set_as_default=False)
        except (OSError, ValueError) as error:
            raise Refusal("cluster.unreachable", address=address[:120], reason=str(error)[:120]) from None
        self.at_once = sum(self._client.nthreads().values())
        if not self.at_once:
            self.close()
            raise Refusal("cluster.empty", address=address[:120])

    def submit(self, job: Job, make: Make[Job, Made], *, every_s: float = TELL_EVERY_S) -> Submitted[Made]:
        """Begin a job by `make`, a function of a module the cluster's workers have too."""
        return Submitted(self._client, job, make, every_s)

    @contextmanager
    def pooled(self, *, retries: int) -> Iterator[AnyExecutor]:
        """The cluster as an executor of the standard library, for many small tasks that report nothing on their way.

        Args:
            retries: times a task is begun again whose worker is gone.
        """
        with self._client.get_executor(pure=False) as executor:
            yield _Lasting(executor, retries)

    def close(self) -> None:
        """Leave the cluster."""
        self._client.close()


class _Lasting(AnyExecutor):
    """An executor whose tasks outlive their workers, and refuse to run on sources other than those here."""

    def __init__(self, executor: AnyExecutor, retries: int) -> None:
        self._executor, self._retries = executor, retries

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> AnyFuture[Any]:
        """Begin a task."""
        promised: AnyFuture[Any] = AnyFuture()
        self._begin(promised, partial(_checked, sources_hash(), fn, *args, **kwargs), self._retries)
        return promised

    def _begin(self, promised: AnyFuture[Any], task: Callable[[], Any], left: int) -> None:
        from distributed import KilledWorker

        def ended(future: AnyFuture[Any]) -> None:
            if promised.cancelled() or future.cancelled():
                promised.cancel()
                return
            error = future.exception()
            if isinstance(error, KilledWorker) and left > 0:
                self._begin(promised, task, left - 1)
            elif isinstance(error, KilledWorker):
                promised.set_exception(Refusal("run.process_died", exit_code=0))
            elif error is not None:
                promised.set_exception(error)
            else:
                promised.set_result(future.result())

        self._executor.submit(task).add_done_callback(ended)


def _checked(version: str, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    """Run on a worker of the cluster."""
    if sources_hash() != version:
        raise Refusal("cluster.other_version")
    return fn(*args, **kwargs)


class Submitted(Generic[Made]):
    """A job on the cluster; see `api.executor.Task`."""

    def __init__(self, client: Client, job: Any, make: Make[Any, Made], every_s: float) -> None:
        from distributed import Variable

        name = f"fieldwright-{secrets.token_hex(8)}"
        self._said: Variable = Variable(f"{name}-said", client=client)
        self._word: Variable = Variable(f"{name}-word", client=client)
        self._said.set({})
        self._word.set(_GO_ON)
        # A job is solved once at a time: what the scheduler hands on is a job whose worker is gone.
        self._future: Future[Any] = client.submit(
            _on_worker, job, make, name, every_s, sources_hash(), key=name, pure=False, retries=0
        )
        self._ended = False

    def result(self, *, wait_s: float) -> Made | None:
        """Wait for what was made."""
        from distributed import CancelledError, KilledWorker

        try:
            made = self._future.result(timeout=wait_s)
        except TimeoutError:
            return None
        except (KilledWorker, CancelledError):
            raise Refusal("run.process_died", exit_code=0) from None
        except OSError as error:
            raise Refusal("cluster.unreachable", address="-", reason=str(error)[:120]) from None
        self._ended = True
        if isinstance(made, Refusal | Refused | Broken):
            raise made
        found: Made = made
        return found

    def progress(self) -> Mapping[str, Any]:
        """How far it is."""
        try:
            said: Mapping[str, Any] = self._said.get(timeout=ANSWER_S)
        except (TimeoutError, OSError):
            return {}
        return said

    def stop(self) -> None:
        """Ask it to end with what it has found."""
        self._word.set(_STOP)

    def cancel(self) -> None:
        """Have it end, wherever it is, and forget it."""
        if not self._ended:
            self._word.set(_CANCEL)
            self._future.cancel()
        else:
            self._word.delete()
        self._said.delete()
        self._future.release()


class _Unwanted(Exception):
    """Nobody wants the result any more."""


def _on_worker(
    job: Any, make: Make[Any, Made], name: str, every_s: float, version: str
) -> Made | Refusal | Refused | Broken | None:
    """Run on a worker of the cluster."""
    from distributed import Variable, get_client

    if sources_hash() != version:
        return Refusal("cluster.other_version")
    client = get_client()
    said, word = Variable(f"{name}-said", client=client), Variable(f"{name}-word", client=client)
    watch = Stopwatch()
    stopped = False

    def tell(progress: Mapping[str, Any]) -> bool:
        nonlocal watch, stopped
        if watch.seconds >= every_s:
            watch = Stopwatch()
            told = word.get(timeout=ANSWER_S)
            if told == _CANCEL:
                raise _Unwanted
            stopped = stopped or told == _STOP
            said.set(dict(progress))
        return not stopped

    try:
        return make(job, tell)
    except (Refusal, Refused) as refusal:
        return refusal
    except _Unwanted:
        word.delete()
        said.delete()
        return None
    except Exception as error:  # noqa: BLE001 told to whoever asked, who ends the run by it
        return Broken.by(error)


@contextmanager
def executor_at(address: str) -> Iterator[Executor]:
    """The executor an operator chose: the cluster at `address`, this machine when it is empty.

    Raises:
        Refusal: as `Cluster`.
    """
    if not address:
        yield OwnProcesses()
        return
    cluster = Cluster(address)
    try:
        yield cluster
    finally:
        cluster.close()
