"""The database finds what the pure search finds, in the same order, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from dispatch.desk.knowledge import KnowledgeEntry
from dispatch.desk.knowledge import search as pure_search
from storage.check import untrue
from storage.database import Database
from storage.dataset import paper_tables
from storage.desk.facts import record
from storage.rows.facts import values_in
from storage.rows.knowledge import search
from storage.tables.search import KnowledgeWordRow
from tests.storage.database.desk_worlds import NOW, REGION, desk, head

Make = Callable[[], str]


@pytest.fixture
def own_desk(make_url: Make, tmp_path: Path) -> Iterator[Database]:
    """A desk of its own."""
    database = desk(make_url, tmp_path)
    yield database
    database.close()


WORDS = st.sampled_from(
    [
        "打印机卡纸",
        "卡纸",
        "纸",
        "清洁滚轮",
        "fuser E-52",
        "Fuser",
        "机",
        "100% _sure_",
        "e-5",
        "滚轮 board",
        "ﬁlter",
        "ÄRGER",
    ]
)
TEXTS = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)


@pytest.fixture(scope="module")
def shared_desk(make_url: Make, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One desk for all examples: entries only ever come to it."""
    database = desk(make_url, tmp_path_factory.mktemp("desk"))
    yield database
    database.close()


def learnt(database: Database, entry: KnowledgeEntry) -> None:
    """Write an entry down."""
    database.run(head(now=NOW + timedelta(days=30)), lambda work: record(work, paper_tables.KNOWLEDGE, entry))


ENTRIES = st.builds(
    KnowledgeEntry,
    ticket=st.sampled_from(["G0", "G1", "G2", "G3"]),
    at=st.integers(0, 3).map(lambda hours: NOW + timedelta(hours=hours)),
    by=st.just("E1"),
    cause=TEXTS,
    solution=TEXTS,
    model=st.sampled_from(["", "M-9"]),
    public=st.booleans(),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ENTRIES, min_size=1, max_size=2), TEXTS | st.just("") | st.just("%"), st.booleans())
@example([], "卡纸", False)
def test_sql_and_fold_find_the_same_in_the_same_order(
    shared_desk: Database, new: list[KnowledgeEntry], query: str, public_only: bool
) -> None:
    """Two characters, one character, words, signs that mean something in SQL; replaced entries are found no more."""
    for entry in new:
        learnt(shared_desk, entry)

    with shared_desk.reading() as connection:
        every = values_in(connection, paper_tables.KNOWLEDGE, REGION)
        found = search(connection, REGION, query, public_only=public_only)

    assert found == pure_search(query, every, public_only=public_only)


def test_a_word_of_two_characters_is_found_in_the_middle_of_a_text(own_desk: Database) -> None:
    """Neither trigrams nor words between blanks find it; it is what dispatchers type."""
    learnt(own_desk, KnowledgeEntry("G2", NOW, "E1", "三楼打印机卡纸严重", "清洁滚轮", public=True))

    with own_desk.reading() as connection:
        assert [one.ticket for one in search(connection, REGION, "卡纸", public_only=True)] == ["G2"]
        assert {one.ticket for one in search(connection, REGION, "卡纸", public_only=False)} == {"G1", "G2"}
        assert search(connection, REGION, "印纸", public_only=False) == ()


def test_words_that_were_lost_are_found_by_the_check(own_desk: Database) -> None:
    """An index that lies hides what somebody learnt; `db verify` says so."""
    assert untrue(own_desk) == []

    with own_desk.writing(head()) as work:
        work.connection.execute(delete(KnowledgeWordRow).where(KnowledgeWordRow.c.word == "卡纸"))

    assert [one.code for one in untrue(own_desk)] == ["database.words_differ"]
