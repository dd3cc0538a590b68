"""Who may sign in, by what, and who tried in vain. Secrets stand here as hashes only."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
)

from storage.tables import metadata
from storage.tables.columns import (
    COUNTER_TYPE,
    DOCUMENT_TYPE,
    id_column,
    known_word,
    moment_column,
    text_column,
)
from storage.tables.scope import OneOf


class Role(StrEnum):
    """What somebody is in the company; what a role may do stands in `api.auth.action`."""

    DISPATCHER = "dispatcher"
    STOREKEEPER = "storekeeper"
    MANAGER = "manager"
    DIRECTOR = "director"
    """Does what a manager does, and decides what is beyond a manager's limit."""
    ENGINEER = "engineer"
    CUSTOMER_LINK = "customer_link"
    """A customer who holds the link to one ticket; never an account's."""
    ADMINISTRATOR = "administrator"
    INTEGRATION = "integration"
    """Another program; signs in by key only."""


AccountRow = Table(
    "account",
    metadata,
    id_column("id"),
    text_column("sign_in_name"),
    text_column("shown_name"),
    Column("role", OneOf(Role), nullable=False),
    Column("scope", DOCUMENT_TYPE, nullable=False),
    text_column("password_hash"),  # empty: signs in by key only, or not any more
    Column("demo", Integer, nullable=False),
    moment_column("made_at"),
    moment_column("closed_at", nullable=True),
    moment_column("erased_at", nullable=True),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("sign_in_name"),
    known_word("role", Role),
    CheckConstraint("demo IN (0, 1)", name="demo_known"),
)
"""The id is drawn and names nobody: it stands in every ledger row and outlives the name."""

SessionRow = Table(
    "session",
    metadata,
    id_column("id"),
    Column("digest", String(64), nullable=False),
    id_column("account_id"),
    moment_column("made_at"),
    moment_column("seen_at"),
    moment_column("ends_at"),
    moment_column("closed_at", nullable=True),
    text_column("address", most=64),
    text_column("agent"),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("digest"),
    ForeignKeyConstraint(["account_id"], ["account.id"]),
    Index("ix_session_account", "account_id"),
)
"""`digest` is the SHA-256 of the cookie; `ends_at` the end no use puts off."""

ApiKeyRow = Table(
    "api_key",
    metadata,
    id_column("id"),
    Column("digest", String(64), nullable=False),
    id_column("account_id"),
    text_column("name"),
    Column("role", OneOf(Role), nullable=False),
    Column("scope", DOCUMENT_TYPE, nullable=False),
    moment_column("made_at"),
    moment_column("seen_at", nullable=True),
    moment_column("ends_at"),
    moment_column("closed_at", nullable=True),
    PrimaryKeyConstraint("id"),
    ForeignKeyConstraint(["account_id"], ["account.id"]),
    Index("ix_api_key_account", "account_id"),
    known_word("role", Role),
)
"""The id is the key's part before the dot; `digest` the SHA-256 of what follows it."""

TicketLinkRow = Table(
    "ticket_link",
    metadata,
    id_column("id"),
    Column("digest", String(64), nullable=False),
    id_column("region_id"),
    id_column("ticket_id"),
    id_column("made_by"),
    moment_column("made_at"),
    moment_column("ends_at"),
    moment_column("closed_at", nullable=True),
    PrimaryKeyConstraint("id"),
    ForeignKeyConstraint(["region_id", "ticket_id"], ["ticket.region_id", "ticket.ticket_id"]),
    Index("ix_ticket_link_ticket", "region_id", "ticket_id"),
)
"""A customer's link to one ticket, read only."""

InvitationRow = Table(
    "invitation",
    metadata,
    Column("digest", String(64), nullable=False),
    Column("role", OneOf(Role), nullable=False),
    moment_column("made_at"),
    moment_column("ends_at"),
    moment_column("used_at", nullable=True),
    PrimaryKeyConstraint("digest"),
    known_word("role", Role),
)
"""Opens the first account, once."""

FailedSignInRow = Table(
    "failed_sign_in",
    metadata,
    Column("seq", COUNTER_TYPE, primary_key=True, autoincrement=True),
    Column("name_digest", String(64), nullable=False),
    text_column("address", most=64),
    moment_column("at"),
    Index("ix_failed_sign_in_name", "name_digest", "at"),
    Index("ix_failed_sign_in_address", "address", "at"),
)
"""The name is hashed: people type their password there by mistake."""
