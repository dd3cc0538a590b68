"""Statements made ready once and handed to PostgreSQL's driver as they are, several in one way there and back.

SQLAlchemy's part of a small statement costs more than the driver's, and a way to the server and back costs a command its
turn on the processor. What every command does anyway (its key, its turn in the region, the audit chain) goes this way. What is
written waits until something is asked, and goes with the question; the last goes with the commit. SQLite has no way to go: there
each statement is run as it comes, by SQLAlchemy.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from psycopg import Connection as Server
from psycopg import Error
from sqlalchemy import Connection, Dialect, Executable
from sqlalchemy.exc import DBAPIError

from storage.one_go import Answer, Sent, in_one_go

Values = Mapping[str, Any]

COMMITTED = "fieldwright_committed"
"""In the `info` of a connection that writes: what is called once its transaction is committed."""

WAITING = "fieldwright_waiting"
"""Execution option of a connection to PostgreSQL that writes: its `Waiting`."""


Make = Callable[[Any], Any]


ALONE = "fieldwright_alone"
"""Execution option of a connection to PostgreSQL whose statements stand for themselves."""


@dataclass(slots=True)
class _Form:
    """A statement in the driver's words.

    Args:
        words: with ``$1`` and so on for the values.
        order: names of the values, each with what makes a value of ours one of the driver's, where it is another.
        fixed: values it brings along.
        lists: names of values that are several.
        columns: their kinds.
        made: what makes a word of the driver one of ours, by column; None: it is already. Empty: all are. Known with the
            first answer, as it depends on what PostgreSQL calls them.
    """

    words: bytes
    order: tuple[tuple[str, Make | None], ...]
    fixed: dict[str, Any]
    lists: tuple[str, ...]
    columns: tuple[Any, ...]
    made: tuple[Make | None, ...] | None = None

    def sent(self, given: Values) -> Sent:
        """The statement with these values."""
        if self.lists or self.fixed:
            whole = {**self.fixed, **given}
            for name in self.lists:
                whole.update(_spread(name, whole.pop(name)))
            given = whole
        return Sent(
            self.words, [given[name] if kind is None else kind(given[name]) for name, kind in self.order]
        )

    def rows(self, answer: Answer, dialect: Dialect) -> list[tuple[Any, ...]]:
        """Rows of an answer, in our words."""
        made = self.made
        if made is None:
            each = zip(self.columns, answer.kinds, strict=True) if self.columns else ()
            made = tuple(kind.dialect_impl(dialect).result_processor(dialect, of) for kind, of in each)
            made = self.made = made if any(made) else ()
        if not made:
            return answer.rows
        return [
            tuple(word if make is None else make(word) for make, word in zip(made, row, strict=True))
            for row in answer.rows
        ]


@dataclass(frozen=True, slots=True, eq=False)
class Ready:
    """A statement that is run again and again.

    Args:
        statement: it brings no lists along; what `expanding` parameters stand for goes in as lists, not empty.
        changes_one: a write that must change one row, no more and no less: else nothing of its transaction stands.
        _forms: in the driver's words, by the names of its values, with the lengths of its lists behind them.
    """

    statement: Executable
    changes_one: bool = False
    _forms: dict[tuple[Any, ...], _Form] = field(default_factory=dict)

    def row(self, connection: Connection, values: Values) -> tuple[Any, ...] | None:
        """Run it; its first row, None: there is none."""
        return next(iter(self.rows(connection, values)), None)

    def rows(self, connection: Connection, values: Values) -> list[tuple[Any, ...]]:
        """Run it; its rows, in the words of the tables."""
        return several(connection, [(self, values)])[0]

    def form(self, connection: Connection, values: Values) -> _Form:
        """It in the driver's words, for values of these names and lists of these lengths."""
        shape: tuple[Any, ...] = tuple(values)
        form = self._forms.get(shape)
        if form is not None:
            return form
        longs = tuple(len(one) for one in values.values() if isinstance(one, list))
        form = self._forms.get((*shape, *longs))
        if form is None:
            form = self._forms[*shape, *longs] = _form(self, connection, values)
        return form


Asked = tuple[Ready, Values]
"""A statement and its values."""

Write = tuple[Ready, dict[str, Any] | list[dict[str, Any]]]
"""A statement that gives no rows, and its values, once or many times."""


@dataclass(slots=True, eq=False)
class Proof:
    """What somebody was let in for and nobody has asked yet: the row a question gave before, to be the same still.

    Args:
        asked: the question.
        expected: the one row it has to give.
        given: whether it has.
    """

    asked: Asked
    expected: tuple[Any, ...]
    given: bool = False

    def check(self, rows: list[tuple[Any, ...]]) -> None:
        """Compare.

        Raises:
            Unproved: it is another row, or none.
        """
        if rows != [self.expected]:
            raise Unproved
        self.given = True


class Unproved(Exception):
    """What was supposed is not so any more; nothing was done."""


@dataclass(slots=True)
class Waiting:
    """What a transaction on PostgreSQL has not sent yet, and what it has been told before it asked.

    Args:
        proof: goes before everything else; None: nothing was supposed, or it is proved.
        writes: in their order; whatever is sent next, they go before it.
        foreseen: answers to questions of `foresee`.
    """

    proof: Proof | None = None
    writes: list[Asked] = field(default_factory=list)
    foreseen: list[tuple[Ready, Values, list[tuple[Any, ...]]]] = field(default_factory=list)

    def knows(self, asked: Asked) -> bool:
        """Whether a question was foreseen."""
        return any(question is asked[0] and values == asked[1] for question, values, _ in self.foreseen)

    def known(self, asked: Asked) -> list[tuple[Any, ...]] | None:
        """The answer to a question that was foreseen, given once."""
        for at, (question, values, rows) in enumerate(self.foreseen):
            if question is asked[0] and values == asked[1]:
                del self.foreseen[at]
                return rows
        return None


LONGEST = 4
"""Values in a list of a statement that has a form of its own; with longer ones SQLAlchemy runs it."""


def is_short(values: Values) -> bool:
    """Whether lists among the values are short, and not empty."""
    return all(0 < len(one) <= LONGEST for one in values.values() if isinstance(one, list))


def short_ones(asked: Sequence[Asked]) -> list[Asked]:
    """Those before the first with a long list: what stands behind it may be a lock that comes after its own, or be read behind it."""
    return list(takewhile(lambda one: is_short(one[1]), asked))


def _spread(name: str, several: list[Any]) -> dict[str, Any]:
    """The values of a list by the names their places have."""
    if isinstance(several[0], tuple):
        return {f"{name}_{n}_{m}": one for n, row in enumerate(several, 1) for m, one in enumerate(row, 1)}
    return {f"{name}_{n}": one for n, one in enumerate(several, 1)}


def _form(ready: Ready, connection: Connection, values: Values) -> _Form:
    statement: Any = ready.statement
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
    columns = tuple(one.type for one in made._result_columns)  # noqa: SLF001
    # Where a write changed another number of rows than one, the server is asked to divide by nothing, and refuses.
    changed = "WITH changed AS ({} RETURNING 1) SELECT 1 / (count(*) = 1)::integer FROM changed"
    numbered, names = _numbered(changed.format(made.string) if ready.changes_one else made.string)
    order = tuple((name, kinds.get(name)) for name in names)
    return _Form(numbered.encode(), order, fixed, tuple(lists), columns)


_PLACE = re.compile(r"%\((\w+)\)s|%%")


def _numbered(words: str) -> tuple[str, list[str]]:
    """A statement with ``$1`` and so on where it had names, and the names in that order."""
    names: list[str] = []

    def place(found: re.Match[str]) -> str:
        name = found[1]
        if name is None:
            return "%"
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    return _PLACE.sub(place, words), names


def several(connection: Connection, asked: Sequence[Asked]) -> list[list[tuple[Any, ...]]]:
    """The rows of several questions, on PostgreSQL in one way there and back."""
    if connection.dialect.name != "postgresql" or not all(is_short(values) for _, values in asked):
        return [
            [tuple(row) for row in connection.execute(one.statement, dict(values))] for one, values in asked
        ]
    waiting = _waiting(connection)
    known = [waiting.known(one) for one in asked] if waiting is not None else [None] * len(asked)
    rest = [one for one, rows in zip(asked, known, strict=True) if rows is None]
    new = iter(zip(rest, answers(connection, rest) if rest else (), strict=True))
    return [_told(connection, *next(new)) if rows is None else rows for rows in known]


def answers(connection: Connection, asked: Sequence[Asked], *, commits: bool = False) -> list[Answer]:
    """Hand PostgreSQL what waits and what is asked; gives the answers to what is asked, rows in the driver's words.

    Args:
        connection: to PostgreSQL.
        asked: lists in it are short.
        commits: the transaction is committed with them.

    Raises:
        sqlalchemy.exc.DBAPIError: the first thing the server refused.
        Unproved: what the transaction rests on is not so; it must not go on.
    """
    server = connection.connection.driver_connection
    assert isinstance(server, Server)
    options = connection.get_execution_options()
    waiting: Waiting | None = options.get(WAITING)
    before: list[Asked] = []
    proof = None
    if waiting is not None:
        if commits and waiting.proof is not None:  # nothing may stand before that is answered
            rest, waiting.writes = waiting.writes, []
            answers(connection, ())
            waiting.writes = rest
        proof, before = waiting.proof, waiting.writes
    first = [] if proof is None else [proof.asked]
    sent = [one.form(connection, values).sent(values) for one, values in (*first, *before, *asked)]
    if waiting is not None:  # only now: a value that is refused leaves what waits as it was
        waiting.proof, waiting.writes = None, []
    if commits:
        sent.append(_COMMIT)
    number = len(first) + len(before)
    if not sent:
        return []
    try:
        found = in_one_go(server, sent, begins=ALONE not in options)
    except Error as error:
        raise _said(connection, error) from error
    if commits and found[-1].result.command_status != b"COMMIT":
        # PostgreSQL answers ROLLBACK, and no error, where a statement of the transaction was refused before.
        raise RuntimeError(
            "a command went on after the server had refused a part of it: nothing of it stands"
        )
    if proof is not None:
        proof.check(_told(connection, proof.asked, found[0]))
    return found[number : number + len(asked)]


_COMMIT = Sent(b"COMMIT")


def _told(connection: Connection, asked: Asked, answer: Answer) -> list[tuple[Any, ...]]:
    return asked[0].form(connection, asked[1]).rows(answer, connection.dialect)


def foresee(connection: Connection, asked: Sequence[Asked]) -> None:
    """Ask in one go what a command is going to ask one by one; elsewhere than on PostgreSQL it is asked then.

    The first time it is asked the answer is there: what is written until then must not change it. What SQLAlchemy runs in
    between, a savepoint too, ends that.
    """
    waiting = _waiting(connection)
    if waiting is None:
        return
    new = [one for one in short_ones(asked) if not waiting.knows(one)]
    if new:
        foreseen(connection, new, answers(connection, new))


def foreseen(connection: Connection, asked: Sequence[Asked], found: Sequence[Answer]) -> None:
    """Keep answers to what is going to be asked, as `foresee` does."""
    waiting = _waiting(connection)
    assert waiting is not None
    waiting.foreseen += [
        (one[0], one[1], _told(connection, one, answer)) for one, answer in zip(asked, found, strict=True)
    ]


def write(connection: Connection, writes: Sequence[Write]) -> None:
    """Run writes one after another; inside a command on PostgreSQL they go with what is asked next, or with the commit.

    What the server refuses of them is raised then.
    """
    waiting = _waiting(connection)
    for statement, values in writes:
        if connection.dialect.name != "postgresql":
            if values == []:  # SQLAlchemy would run it once, without any
                continue
            changed = connection.execute(statement.statement, values).rowcount
            if statement.changes_one and changed != (len(values) if isinstance(values, list) else 1):
                raise RuntimeError(f"{changed} rows were changed by {statement.statement}")
            continue
        each = [(statement, one) for one in (values if isinstance(values, list) else (values,))]
        if waiting is not None:
            waiting.writes += each
        else:
            answers(connection, each)


def commit(connection: Connection) -> None:
    """Send what waits with the COMMIT; on SQLite the commit is left to whoever began the transaction."""
    if connection.dialect.name == "postgresql":
        answers(connection, (), commits=True)


def send_what_waits(connection: Connection) -> None:
    """Before anything goes to the server by SQLAlchemy; what was foreseen is forgotten, as a savepoint may take its locks back."""
    waiting = _waiting(connection)
    if waiting is None:
        return
    waiting.foreseen.clear()
    if waiting.writes or waiting.proof is not None:
        answers(connection, ())


def forget_what_waits(connection: Connection) -> None:
    """Before a savepoint is taken back: what waits was written since, and would be taken back with it.

    What was written before went with the savepoint.
    """
    waiting = _waiting(connection)
    if waiting is not None:
        waiting.writes.clear()
        waiting.foreseen.clear()


def _waiting(connection: Connection) -> Waiting | None:
    found: Waiting | None = connection.get_execution_options().get(WAITING)
    return found


def _said(connection: Connection, error: Error) -> DBAPIError:
    """What the driver refuses has not passed through SQLAlchemy: it is said in the same words.

    A server that is gone is gone for every connection: the pool begins anew, as it does for SQLAlchemy.
    """
    dialect = connection.dialect
    server: Any = None if connection.invalidated else connection.connection.dbapi_connection
    gone = server is not None and dialect.is_disconnect(error, server, None)  # type: ignore[arg-type]  # the driver's
    said = DBAPIError.instance(None, None, error, Error, connection_invalidated=gone, dialect=dialect)
    if gone:
        # As SQLAlchemy does where it hears of it itself: what is older than this moment is not used again.
        connection.engine.pool._invalidate(connection.connection, error)  # noqa: SLF001
        connection.invalidate(error)
    assert isinstance(said, DBAPIError)
    return said
