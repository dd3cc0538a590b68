"""Who asks: a person by session, a program by key, a customer by link."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from api.auth.action import BY_CUSTOMER, BY_DEPOT, BY_ENGINEER, BY_TICKET, ONLY_EVERYWHERE, RIGHTS, Action
from kernel.errors import Refusal
from storage.scope import Scope
from storage.tables.people import Role


class Kind(StrEnum):
    """How somebody proved who they are."""

    SESSION = "session"
    KEY = "key"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks.

    Args:
        user: id of the account (of a link: its own id); the actor of every write.
        kind: how it was proved.
        credential: id of the session, key or link; the device of every write. Never the secret.
        role: what it may do.
        scope: where.
    """

    user: str
    kind: Kind
    credential: str
    role: Role
    scope: Scope

    def check(self, action: Action) -> None:
        """Refuse what the role has no right to, and what the scope is too narrow for.

        Raises:
            Refusal: ``right.denied``, ``right.scope_too_narrow``.
        """
        if not self._has_right(action):
            raise Refusal("right.denied", action=action.value, role=self.role.value)
        if not self._wide_enough(action):
            raise Refusal("right.scope_too_narrow", action=action.value)

    def may(self, action: Action) -> bool:
        """Whether `check` would let it pass."""
        return self._has_right(action) and self._wide_enough(action)

    def _has_right(self, action: Action) -> bool:
        return action in RIGHTS.get(self.role, frozenset())

    def _wide_enough(self, action: Action) -> bool:
        scope = self.scope
        if action in ONLY_EVERYWHERE and not scope.everywhere:
            return False
        if self.role is Role.ENGINEER and not scope.engineer and action is not Action.SELF:
            return False  # an engineer's account without its engineer would see everybody's work
        left = (
            (scope.customers, BY_CUSTOMER),
            (scope.depots, BY_DEPOT),
            (scope.engineer, BY_ENGINEER),
            (scope.ticket, BY_TICKET),
        )
        return all(action in remaining for narrowed, remaining in left if narrowed)
