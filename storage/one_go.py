"""Statements handed to PostgreSQL together: each prepared once on its connection, all sent at once, all answers read at once.

The driver's own pipeline sends each statement by itself and asks the system before and after it; that is what a short statement
costs most of. Here a bundle is one message there and one wait for its answers. Values and rows are put into words by the driver.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from psycopg import Connection, OperationalError, adapt
from psycopg._preparing import Prepare, PrepareManager
from psycopg.abc import PQGen, Transformer
from psycopg.adapt import PyFormat
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult
from psycopg.waiting import Wait

Key = tuple[bytes, tuple[int, ...]]
"""A statement's words and the kinds of its values."""

_REDEFINED = re.compile(rb"^(?:DROP|ALTER|DISCARD ALL|DEALLOCATE ALL)\b").match


@dataclass(frozen=True, slots=True)
class Sent:
    """A statement on its way.

    Args:
        words: with ``$1``, ``$2`` and so on for its values.
        values: in this order.
    """

    words: bytes
    values: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a statement gave.

    Args:
        rows: in the driver's words.
        count: how many rows it found or changed.
        result: as it came.
    """

    rows: list[tuple[Any, ...]]
    count: int
    result: PGresult

    @property
    def kinds(self) -> tuple[int, ...]:
        """PostgreSQL's numbers for the kinds of the columns."""
        return tuple(self.result.ftype(column) for column in range(self.result.nfields))


@dataclass
class Prepared:
    """Statements a connection knows, by their words and the kinds of their values.

    Args:
        transformer: puts values and rows into words.
        names: what the server calls them.
        given: names given so far.
    """

    transformer: Transformer
    names: dict[Key, bytes] = field(default_factory=dict)
    given: int = 0


class Kept(PrepareManager):
    """What a connection has prepared, the driver's and ours: a command that is refused takes none of it back.

    The driver forgets all at every ROLLBACK, because a table made in it may be gone. Tables are made by migrations here; where one is
    dropped or changed on this connection, everything is prepared anew.
    """

    def __init__(self, connection: Connection[Any]) -> None:
        super().__init__()
        self.ours = Prepared(adapt.Transformer(connection))

    def clear(self) -> bool:
        """Forget nothing: a ROLLBACK changes no statement."""
        return False

    def _should_discard(self, prep: Prepare, results: Sequence[PGresult], *_: Any) -> bool:  # noqa: ARG002 as the driver calls it
        if not any(result.command_status and _REDEFINED(result.command_status) for result in results):
            return False
        self.ours.names.clear()
        self._names[b"", ()] = b""  # so that there is something to forget, though it be ours
        return super().clear()


def keep_prepared(connection: Connection[Any]) -> None:
    """Have a new connection keep what it prepares."""
    connection._prepared = Kept(connection)  # noqa: SLF001 the driver has no other place for it


MOST = 1_000
"""Statements of ours a connection keeps between two uses. Each length of a list and each width of a number is one of its own."""


def keep_few(connection: Connection[Any]) -> None:
    """Prepare everything anew where a connection of `keep_prepared` has prepared more than `MOST`: the server holds each of them.

    Args:
        connection: outside a transaction.
    """
    if len(_ours(connection).names) <= MOST:
        return
    _ours(connection).names.clear()
    PrepareManager.clear(connection._prepared)  # noqa: SLF001
    connection.execute("DEALLOCATE ALL", prepare=False)
    connection.rollback()


def in_one_go(
    connection: Connection[Any], statements: Sequence[Sent], *, begins: bool = True
) -> list[Answer]:
    """Run statements one after another, and wait once for all of them; what follows a refused one is not run.

    Args:
        connection: of `keep_prepared`.
        statements: no COPY among them.
        begins: outside a transaction one is begun before them.

    Raises:
        psycopg.Error: what the server refused first.
    """
    server, ours = connection.pgconn, _ours(connection)
    begun = _begun(connection) if begins else []
    ready = [_told(ours.transformer, one) for one in (*begun, *statements)]
    fresh: dict[int, tuple[Key, bytes]] = {}
    made: dict[Key, bytes] = {}
    sent = 0
    server.enter_pipeline_mode()
    try:
        for key, values, formats in ready:
            name = ours.names.get(key) or made.get(key)
            if name is None:
                ours.given += 1
                name = made[key] = b"ours_%d" % ours.given
                server.send_prepare(name, *key)
                fresh[sent] = key, name
                sent += 1
            server.send_query_prepared(name, values, formats)
            sent += 1
        server.pipeline_sync()
        results = connection.wait(_answers(server))
        server.exit_pipeline_mode()
    except BaseException:
        connection.close()  # nobody knows how far it came
        raise
    found = []
    for at, result in enumerate(results):
        if result.status == ExecStatus.FATAL_ERROR:
            raise error_from_result(result, encoding="utf-8")
        if at in fresh:
            key, name = fresh[at]
            ours.names[key] = name
        else:
            found.append(_answer(ours.transformer, result))
    if len(results) < sent:
        raise OperationalError("the server has gone in the middle of its answers")
    return found[len(begun) :]


def _ours(connection: Connection[Any]) -> Prepared:
    kept = connection._prepared  # noqa: SLF001
    assert isinstance(kept, Kept)
    return kept.ours


def _told(transformer: Transformer, one: Sent) -> tuple[Key, Sequence[Any], Sequence[Any] | None]:
    """What a statement is known by, its values as the driver tells them, and in which of its ways."""
    values = transformer.dump_sequence(one.values, [PyFormat.AUTO] * len(one.values))
    return (one.words, transformer.types or ()), values, transformer.formats


def _begun(connection: Connection[Any]) -> list[Sent]:
    if connection.pgconn.transaction_status != TransactionStatus.IDLE:
        return []
    return [Sent(connection._get_tx_start_command())]  # noqa: SLF001


def _answers(server: PGconn) -> PQGen[list[PGresult]]:
    """Wait until everything was sent and answered; gives the answers."""
    while server.flush():
        yield Wait.RW
        server.consume_input()
    found: list[PGresult] = []
    ended = False
    while True:
        while server.is_busy():
            if (yield Wait.R):
                server.consume_input()
        result = server.get_result()
        if result is None:
            if ended:  # nothing comes any more
                return found
            ended = True
            continue
        ended = False
        if result.status == ExecStatus.PIPELINE_SYNC:
            return found
        found.append(result)


def _answer(transformer: Transformer, result: PGresult) -> Answer:
    if result.status != ExecStatus.TUPLES_OK:
        return Answer([], result.command_tuples or 0, result)
    transformer.set_pgresult(result)
    return Answer(transformer.load_rows(0, result.ntuples, tuple), result.ntuples, result)
