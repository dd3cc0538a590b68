"""The table of rights over HTTP."""

from __future__ import annotations

from api.wire.bounds import Out
from storage.tables.people import Role


class RightOut(Out):
    """An action in words, and who may.

    `narrow`: the narrow scopes that leave it (`customer`, `depot`, `engineer`, `link`); `everywhere`: only who reaches every region.
    """

    action: str
    words: str
    roles: list[Role]
    narrow: list[str]
    everywhere: bool
    weight: int


class RightsOut(Out):
    """The table of rights, in the order of the roles and actions."""

    roles: list[Role]
    rights: list[RightOut]


class RightOfUserOut(Out):
    """Whether an account may; `why` is the code of the refusal it would get."""

    action: str
    words: str
    may: bool
    why: str


class RightsOfUserOut(Out):
    """What an account may do."""

    user: str
    rights: list[RightOfUserOut]
