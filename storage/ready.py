"""Statements made ready once and handed to PostgreSQL's driver as they are, several in one way there and back.

SQLAlchemy's part of a small statement costs more than the driver's, and a way to the server and back costs a command its
turn on the processor. What every command does anyway (its key, its turn in the region, the audit chain) goes this way. SQLite
has no way to go: there each statement is run as it comes, by SQLAlchemy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from psycopg import Connection as Server
from psycopg import Cursor, Error
from sqlalchemy import Connection, Executable
from sqlalchemy.exc import DBAPIError

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Form:
    """A statement in the driver's words.

    Args:
        words: with a place for each value.
        fixed: values it brings along.
        lists: names of values that are several.
        kinds: what makes a value of ours one of the driver's, by name, where it is another.
        made: what makes a word of the driver one of ours, by column; None: it is already.
    """

    words: bytes
    fixed: dict[str, Any]
    lists: tuple[str, ...]
    kinds: tuple[tuple[str, Callable[[Any], Any]], ...]
    made: tuple[Callable[[Any], Any] | None, ...]

    def values(self, given: Values) -> dict[str, Any]:
        """All values, as the driver takes them."""
        made = {**self.fixed, **given}
        for name in self.lists:
            made.update(_spread(name, made.pop(name)))
        for name, kind in self.kinds:
            made[name] = kind(made[name])
        return made

    def rows(self, found: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Rows of the driver, in our words."""
        if not any(self.made):
            return [tuple(row) for row in found]
        return [
            tuple(word if make is None else make(word) for make, word in zip(self.made, row, strict=True))
            for row in found
        ]


@dataclass(frozen=True, slots=True, eq=False)
class Ready:
    """A statement that is run again and again.

    Args:
        statement: it brings no lists along; what `expanding` parameters stand for goes in as lists, not empty.
        _forms: in the driver's words, by the names of its values, with the lengths of its lists behind them.
    """

    statement: Executable
    _forms: dict[tuple[Any, ...], _Form] = field(default_factory=dict)

    def row(self, connection: Connection, values: Values) -> tuple[Any, ...] | None:
        """Run it; its first row, None: there is none."""
        return next(iter(self.rows(connection, values)), None)

    def rows(self, connection: Connection, values: Values) -> list[tuple[Any, ...]]:
        """Run it; its rows, in the words of the tables."""
        if connection.dialect.name != "postgresql" or not _is_short(values):
            return [tuple(row) for row in connection.execute(self.statement, dict(values))]
        with _saying(connection):
            return self.told(connection, values, self.sent(connection, values))

    def told(self, connection: Connection, values: Values, answer: Cursor[Any]) -> list[tuple[Any, ...]]:
        """The rows of an answer to `sent`."""
        return self._form(connection, values).rows(answer.fetchall())

    def sent(self, connection: Connection, values: Values) -> Cursor[Any]:
        """Hand it to PostgreSQL; inside `together` its answer is there when the block is left."""
        form = self._form(connection, values)
        # Every command runs it: it is worth preparing the first time.
        return server_of(connection).cursor().execute(form.words, form.values(values), prepare=True)

    def _form(self, connection: Connection, values: Values) -> _Form:
        shape: tuple[Any, ...] = tuple(values)
        form = self._forms.get(shape)
        if form is not None:
            return form
        longs = tuple(len(one) for one in values.values() if isinstance(one, list))
        form = self._forms.get((*shape, *longs))
        if form is None:
            form = self._forms[*shape, *longs] = _form(self.statement, connection, values)
        return form


LONGEST = 4
"""Values in a list of a statement that has a form of its own; with longer ones SQLAlchemy runs it."""


def _is_short(values: Values) -> bool:
    return all(0 < len(one) <= LONGEST for one in values.values() if isinstance(one, list))


def _spread(name: str, several: list[Any]) -> dict[str, Any]:
    """The values of a list by the names their places have."""
    if isinstance(several[0], tuple):
        return {f"{name}_{n}_{m}": one for n, row in enumerate(several, 1) for m, one in enumerate(row, 1)}
    return {f"{name}_{n}": one for n, one in enumerate(several, 1)}


def _form(statement: Any, connection: Connection, values: Values) -> _Form:
    dialect = connection.dialect
    lists = {name: one for name, one in values.items() if isinstance(one, list)}
    if lists:
        statement = statement.params(**values)
    words = {"render_postcompile": True} if lists else {}
    made = statement.compile(dialect=dialect, column_keys=sorted(values), compile_kwargs=words)
    places = {name: bind.value for bind, name in made.bind_names.items()}
    assert values.keys() <= places.keys(), f"{sorted(values.keys() - places.keys())} have no place in {made}"
    fixed = {name: value for name, value in places.items() if name not in values}
    spread = [place for name, one in lists.items() for place in _spread(name, one)]
    assert all(f"%({place})s" in made.string for place in spread), (spread, made.string)
    # What SQLAlchemy would add when it runs a statement is not there: such a statement is a mistake and says so.
    assert not any(bind.required and name not in values for bind, name in made.bind_names.items()), made
    assert "POSTCOMPILE" not in made.string, made
    assert not made.insert_prefetch, made
    assert not made.update_prefetch, made
    # Nobody else says what SQLAlchemy makes of a value on its way, and of a word on its way back.
    kinds = dict(made._bind_processors)  # noqa: SLF001
    of_lists = [kinds.pop(name, None) for name in lists]
    assert not any(any(kind) if isinstance(kind, tuple) else kind for kind in of_lists), made
    columns = [one.type for one in made._result_columns]  # noqa: SLF001
    back = tuple(kind.dialect_impl(dialect).result_processor(dialect, None) for kind in columns)
    return _Form(made.string.encode(), fixed, tuple(lists), tuple(kinds.items()), back)


def several(connection: Connection, asked: Sequence[tuple[Ready, Values]]) -> list[list[tuple[Any, ...]]]:
    """The rows of several questions, on PostgreSQL in one way there and back; each list short."""
    if connection.dialect.name != "postgresql":
        return [question.rows(connection, values) for question, values in asked]
    with together(connection):
        answers = [question.sent(connection, values) for question, values in asked]
    return [
        one.told(connection, values, answer) for (one, values), answer in zip(asked, answers, strict=True)
    ]


Write = tuple[Executable | Ready, dict[str, Any] | list[dict[str, Any]]]
"""A statement that gives no rows, and its values, once or many times."""


def server_of(connection: Connection) -> Server[Any]:
    """The driver's own connection to PostgreSQL."""
    server = connection.connection.driver_connection
    assert isinstance(server, Server)
    return server


def write(connection: Connection, writes: Sequence[Write]) -> None:
    """Run writes one after another; inside `together` nobody waits for them."""
    with _saying(connection):
        for statement, values in writes:
            if not isinstance(statement, Ready):
                connection.execute(statement, values)
            elif connection.dialect.name != "postgresql":
                connection.execute(statement.statement, values)
            else:
                for one in values if isinstance(values, list) else (values,):
                    statement.sent(connection, one)


@contextmanager
def together(connection: Connection, *, commits: bool = False) -> Iterator[None]:
    """Let the statements inside go one after another, and wait once, at the end.

    What is run inside by SQLAlchemy must give no rows and be asked for no count; a refusal by the server comes at the end at
    the latest.

    Args:
        connection: inside a write transaction.
        commits: the transaction is committed with them; on SQLite that is left to whoever began it.

    Raises:
        sqlalchemy.exc.DBAPIError: the first thing the server refused.
    """
    if connection.dialect.name != "postgresql":
        yield
        return
    server = server_of(connection)
    with _saying(connection), server.pipeline():
        yield
        if commits:
            server.commit()


@contextmanager
def _saying(connection: Connection) -> Iterator[None]:
    """What the driver refuses has not passed through SQLAlchemy: it is said in the same words.

    A server that is gone is gone for every connection: the pool begins anew, as it does for SQLAlchemy.
    """
    try:
        yield
    except Error as error:
        dialect = connection.dialect
        server: Any = None if connection.invalidated else connection.connection.dbapi_connection
        gone = server is not None and dialect.is_disconnect(error, server, None)  # type: ignore[arg-type]  # the driver's
        said = DBAPIError.instance(None, None, error, Error, connection_invalidated=gone, dialect=dialect)
        if gone:
            # As SQLAlchemy does where it hears of it itself: what is older than this moment is not used again.
            connection.engine.pool._invalidate(connection.connection, error)  # noqa: SLF001
            connection.invalidate(error)
        raise said from error
