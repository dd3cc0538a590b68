"""Words of the knowledge, cut before they are stored: what finds two characters in a text on both databases."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKeyConstraint, Index, Integer, PrimaryKeyConstraint, String, Table

from storage.tables import metadata
from storage.tables.columns import id_column

KnowledgeTextRow = Table(
    "knowledge_text",
    metadata,
    id_column("region_id"),
    Column("position", Integer, nullable=False),
    Column("length", Integer, nullable=False),
    PrimaryKeyConstraint("region_id", "position"),
    ForeignKeyConstraint(
        ["region_id", "position"],
        ["knowledge.region_id", "knowledge.position"],
        name="fk_knowledge_text_entry",
    ),
)
"""How many words an entry is found by: a projection of `knowledge`, like the words."""

# Sorted by bytes on both databases, so that beginnings and equality mean the same.
_WORD = String(500).with_variant(String(500, collation="C"), "postgresql")

KnowledgeWordRow = Table(
    "knowledge_word",
    metadata,
    id_column("region_id"),
    Column("position", Integer, nullable=False),
    Column("word", _WORD, nullable=False),
    PrimaryKeyConstraint("region_id", "position", "word"),
    ForeignKeyConstraint(
        ["region_id", "position"],
        ["knowledge_text.region_id", "knowledge_text.position"],
        name="fk_knowledge_word_entry",
    ),
    Index("ix_knowledge_word_word", "region_id", "word"),
)
"""Each word of an entry once, as `dispatch.desk.knowledge.tokens` cuts it."""
