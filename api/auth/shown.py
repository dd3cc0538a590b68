"""The table of rights as HTTP answers it, in words."""

from __future__ import annotations

from collections.abc import Iterator

from api.auth.action import (
    BY_CUSTOMER,
    BY_DEPOT,
    BY_ENGINEER,
    BY_TICKET,
    ONLY_EVERYWHERE,
    RIGHTS,
    WEIGHT,
    Action,
)
from api.auth.principal import Kind, Principal
from api.schemas.rights import RightOfUserOut, RightOut, RightsOfUserOut, RightsOut
from api.text import Lang, label
from kernel.errors import Refusal
from storage.people.accounts import Account

NARROW = {"customer": BY_CUSTOMER, "depot": BY_DEPOT, "engineer": BY_ENGINEER, "link": BY_TICKET}
"""What each narrow scope leaves."""


def rights_table(*, lang: Lang) -> RightsOut:
    """Every action in words, with the roles that may."""
    return RightsOut(
        roles=list(RIGHTS),
        rights=[
            RightOut(
                action=action.value,
                words=label(f"action.{action.value}", lang),
                roles=[role for role, may in RIGHTS.items() if action in may],
                narrow=[name for name, left in NARROW.items() if action in left],
                everywhere=action in ONLY_EVERYWHERE,
                weight=WEIGHT.get(action, 1),
            )
            for action in Action
        ],
    )


def rights_of_user(account: Account, *, lang: Lang) -> RightsOfUserOut:
    """What an account may do, judged as the door judges it."""
    return RightsOfUserOut(user=account.id, rights=list(_of(account, lang)))


def _of(account: Account, lang: Lang) -> Iterator[RightOfUserOut]:
    holder = Principal(account.id, Kind.SESSION, "", account.role, account.scope)
    for action in Action:
        why = "" if account.is_open else "user.closed"
        try:
            holder.check(action)
        except Refusal as refusal:
            why = why or refusal.code
        yield RightOfUserOut(
            action=action.value, words=label(f"action.{action.value}", lang), may=not why, why=why
        )
