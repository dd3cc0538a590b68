"""Full text of the knowledge: words beside the entries, and the search that equals `dispatch.desk.knowledge.search`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, insert, or_, select

from dispatch.desk.knowledge import Hit, KnowledgeEntry, is_one_sign, ranked, searched, tokens
from kernel.errors import Message
from storage.dataset import paper_tables
from storage.rows.facts import pair_of, rows_in
from storage.tables.paper import KnowledgeRow
from storage.tables.search import KnowledgeTextRow, KnowledgeWordRow
from storage.unit_of_work import UnitOfWork

_K, _T, _W = KnowledgeRow.c, KnowledgeTextRow.c, KnowledgeWordRow.c


def index_entries(work: UnitOfWork, entries: Sequence[KnowledgeEntry]) -> None:
    """Store the words of entries that were just written as the last ones of the region."""
    mine = select(func.max(_K.position)).where(_K.region_id == work.region)
    last = work.connection.execute(mine).scalar() or 0
    texts: list[dict[str, Any]] = []
    words: list[dict[str, Any]] = []
    for position, entry in enumerate(entries, start=last - len(entries) + 1):
        found = searched(entry)
        head = {"region_id": work.region, "position": position}
        texts.append(head | {"length": len(found)})
        words += [head | {"word": word} for word in sorted(set(found))]
    for table, rows in ((KnowledgeTextRow, texts), (KnowledgeWordRow, words)):
        if rows:
            work.connection.execute(insert(table), rows)


def search(
    connection: Connection, region: str, query: str, *, public_only: bool, most: int = 20
) -> tuple[KnowledgeEntry, ...]:
    """Find entries by words, `most` of them, the best first; the same as the pure search over all entries of the region."""
    found = hits_of(connection, region, query, public_only=public_only)
    return tuple(hit.entry for hit in found[:most])


def last_entry(connection: Connection, region: str) -> int:
    """The place of the last entry a region has; 0: it has none."""
    last = select(func.max(_K.position)).where(_K.region_id == region)
    return connection.execute(last).scalar() or 0


def hits_of(
    connection: Connection, region: str, query: str, *, public_only: bool, until: int | None = None
) -> tuple[Hit, ...]:
    """Find entries by words with how well each was found, the best first.

    How well depends on all the entries there are: who reads on asks among those the search began with.

    Args:
        connection: to read with.
        region: its id.
        query: words, in any order; two Chinese characters are a word.
        public_only: leave out what customers may not see.
        until: as if nothing had been learnt behind this place (`last_entry`); None: among all.
    """
    asked = tuple(dict.fromkeys(tokens(query)))
    if not asked:
        return ()
    holding = _holding(region, public_only=public_only, until=until)
    of, total = connection.execute(
        select(func.count(), func.coalesce(func.sum(_T.length), 0)).select_from(
            KnowledgeTextRow.join(holding, (_T.region_id == region) & (_T.position == holding.c.position))
        )
    ).one()
    having = {
        word: connection.execute(_entries_with(region, word, holding, count=True)).scalar_one()
        for word in asked
    }
    if not all(having.values()):
        return ()
    positions = [_entries_with(region, word, holding, count=False) for word in asked]
    wanted: list[ColumnElement[bool]] = [_K.position.in_(one) for one in positions]
    pair = pair_of(paper_tables.KNOWLEDGE)
    hits = [pair.file.make(row) for row in rows_in(connection, pair, region, *wanted)]
    return ranked(having, ((entry, searched(entry)) for entry in hits), of=of, mean=total / of)


def _holding(region: str, *, public_only: bool, until: int | None) -> Any:
    """Positions of the entry that holds for each ticket: the last one recorded, up to a place where one is given."""
    newer = KnowledgeRow.alias("newer")
    later = select(newer.c.position).where(
        newer.c.region_id == _K.region_id,
        newer.c.ticket_id == _K.ticket_id,
        or_(newer.c.at > _K.at, (newer.c.at == _K.at) & (newer.c.position > _K.position)),
    )
    held = select(_K.position).where(_K.region_id == region)
    if until is not None:
        later, held = later.where(newer.c.position <= until), held.where(_K.position <= until)
    held = held.where(~later.exists())
    return (held.where(_K.public) if public_only else held).cte("holding")


def _entries_with(region: str, word: str, holding: Any, *, count: bool) -> Select[Any]:
    alike = _W.word.contains(word, autoescape=True) if is_one_sign(word) else _W.word == word
    return (
        select(func.count(_W.position.distinct()) if count else _W.position)
        .select_from(KnowledgeWordRow.join(holding, _W.position == holding.c.position))
        .where(_W.region_id == region, alike)
    )


def wrong_words(connection: Connection) -> Iterator[Message]:
    """Regions whose stored words are not those of their entries."""
    for region in connection.execute(select(_K.region_id).distinct().order_by(_K.region_id)).scalars().all():
        pair = pair_of(paper_tables.KNOWLEDGE)
        entries = [pair.file.make(row) for row in rows_in(connection, pair, region)]
        positions = select(_K.position).where(_K.region_id == region).order_by(_K.position)
        told = {
            (position, word)
            for position, entry in zip(connection.execute(positions).scalars(), entries, strict=True)
            for word in searched(entry)
        }
        kept = connection.execute(select(_W.position, _W.word).where(_W.region_id == region))
        if told != {(position, word) for position, word in kept}:
            yield Message("database.words_differ", {"region": region})
