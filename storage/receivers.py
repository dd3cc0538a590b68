"""How customers and engineers are reached by message: one channel and address each, written and replaced as it was seen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Column, Connection, bindparam, delete, insert, select

from kernel.errors import Refusal
from storage.idempotency import Reply, once
from storage.ready import Asked, Ready
from storage.tables.crew import EngineerRow
from storage.tables.desk import CustomerRow
from storage.tables.receiver import ReceiverRow
from storage.unit_of_work import UnitOfWork

LONGEST = 200
"""Characters of an address."""

LANGUAGES = frozenset({"en", "zh"})


class Who(StrEnum):
    """Whom messages go to."""

    CUSTOMER = "customer"
    ENGINEER = "engineer"


_KNOWN = {Who.CUSTOMER: CustomerRow.c.customer_id, Who.ENGINEER: EngineerRow.c.engineer_id}


@dataclass(frozen=True, slots=True)
class Receiver:
    """How somebody is reached.

    Args:
        who, id: a customer or an engineer of the region.
        channel: ``mail``, or one of the operator's channels.
        address: mail address, telephone number, whatever the channel takes.
        lang: ``en`` or ``zh``.

    Raises:
        Refusal: ``message.bad_receiver``.
    """

    who: Who
    id: str
    channel: str
    address: str
    lang: str

    def __post_init__(self) -> None:
        for text, most in ((self.channel, 64), (self.address, LONGEST)):
            if not text.strip() or len(text) > most or not text.isprintable():
                raise Refusal("message.bad_receiver")
        if self.lang not in LANGUAGES:
            raise Refusal("message.bad_receiver")

    @property
    def version(self) -> int:
        """The same content has the same one."""
        told = json.dumps([self.who, self.id, self.channel, self.address, self.lang])
        return int.from_bytes(hashlib.sha256(told.encode()).digest()[:4]) % 10**9


def receivers(connection: Connection, region: str) -> tuple[Receiver, ...]:
    """Everybody who is reached by message, customers first, by id."""
    row = ReceiverRow.c
    query = select(row.customer_id, row.engineer_id, row.channel, row.address, row.lang)
    found = (
        Receiver(Who.CUSTOMER if customer else Who.ENGINEER, customer or engineer, *rest)
        for customer, engineer, *rest in connection.execute(query.where(row.region_id == region))
    )
    return tuple(sorted(found, key=lambda one: (one.who, one.id)))


def are_any(connection: Connection, region: str) -> bool:
    """Whether anybody of a region is reached by message."""
    any_of, here = asked_any(region)
    return any_of.row(connection, here) is not None


def asked_any(region: str) -> Asked:
    """What `are_any` asks."""
    return _ANY, {"in_region": region}


_ANY = Ready(select(ReceiverRow.c.seq).where(ReceiverRow.c.region_id == bindparam("in_region")).limit(1))


def receivers_of(connection: Connection, region: str, who: Who, ids: Collection[str]) -> dict[str, Receiver]:
    """Those of some customers or engineers that there are, by id."""
    row = ReceiverRow.c
    column = _column(who)
    query = select(column, row.channel, row.address, row.lang).where(
        row.region_id == region, column.in_(sorted(ids))
    )
    return {name: Receiver(who, name, *rest) for name, *rest in connection.execute(query)}


def receiver_of(connection: Connection, region: str, who: Who, name: str) -> Receiver:
    """One of them.

    Raises:
        Refusal: ``register.unknown`` when there is no such customer or engineer, or no word on how to reach them.
    """
    found = receivers_of(connection, region, who, (name,)).get(name)
    if found is None:
        raise Refusal("register.unknown", id=name)
    return found


def reach(work: UnitOfWork, receiver: Receiver, *, seen: int | None) -> Reply:
    """Say how somebody is reached from now on: ``{"id", "new", "version"}``.

    Args:
        work: of the command.
        receiver: whole.
        seen: version of what is to be replaced; None: nothing is there, or the same already.

    Raises:
        Refusal: ``register.unknown``, ``register.version_wanted``, ``register.moved_on``.
    """

    def act() -> Reply:
        there = _there(work, receiver.who, receiver.id)
        reply = {"id": receiver.id, "new": there is None, "version": receiver.version}
        if there == receiver:
            return reply
        if (there is not None or seen is not None) and (there is None or seen != there.version):
            raise _unseen(receiver.id, seen)
        _remove(work, receiver.who, receiver.id)
        row = {
            "region_id": work.region,
            _column(receiver.who).name: receiver.id,
            "channel": receiver.channel,
            "address": receiver.address,
            "lang": receiver.lang,
            "by": work.actor,
            "at": work.now,
        }
        work.connection.execute(insert(ReceiverRow).values(row))
        work.record("message.receiver", receiver.id, who=receiver.who.value, new=there is None)
        return reply

    told = {
        "who": receiver.who.value,
        "id": receiver.id,
        "channel": receiver.channel,
        "address": receiver.address,
        "lang": receiver.lang,
        "seen": seen,
    }
    return once(work, "message.receiver", told, act)


def reach_no_more(work: UnitOfWork, who: Who, name: str, *, seen: int | None) -> Reply:
    """Forget how somebody is reached: ``{"id", "removed": whether it was there}``.

    Raises:
        Refusal: ``register.unknown``, ``register.version_wanted``, ``register.moved_on``.
    """

    def act() -> Reply:
        there = _there(work, who, name)
        if there is None:
            return {"id": name, "removed": False}
        if seen != there.version:
            raise _unseen(name, seen)
        _remove(work, who, name)
        work.record("message.receiver_gone", name, who=who.value)
        return {"id": name, "removed": True}

    return once(work, "message.receiver_gone", {"who": who.value, "id": name, "seen": seen}, act)


def _column(who: Who) -> Column[str]:
    return ReceiverRow.c.customer_id if who is Who.CUSTOMER else ReceiverRow.c.engineer_id


def _there(work: UnitOfWork, who: Who, name: str) -> Receiver | None:
    """What is there, once the customer or engineer is locked: two writers come one after the other."""
    known = _KNOWN[who]
    query = select(known).where(known.table.c.region_id == work.region, known == name).with_for_update()
    if work.connection.execute(query).first() is None:
        raise Refusal("register.unknown", id=name)
    return receivers_of(work.connection, work.region, who, (name,)).get(name)


def _remove(work: UnitOfWork, who: Who, name: str) -> None:
    here = (ReceiverRow.c.region_id == work.region) & (_column(who) == name)
    work.connection.execute(delete(ReceiverRow).where(here))


def _unseen(name: str, seen: int | None) -> Refusal:
    return Refusal("register.version_wanted" if seen is None else "register.moved_on", id=name)
