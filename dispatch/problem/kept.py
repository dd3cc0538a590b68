"""Names of what is kept for somebody: a unit nobody else may take has a name of its own in the problem.

The search, the verifier and the cost need no rule for it: whom it is kept for names it, nobody else does. People are
shown the plain name.
"""

from __future__ import annotations

KEPT = "@"
"""Between a name and whom it is kept for; no id has it."""


def kept_name(name: str, whom: str, /) -> str:
    """The name of units of a part, or a class of loaners, that are kept for a visit or ticket.

    >>> kept_name("UPS-6", "T-2")
    'UPS-6@T-2'
    """
    return f"{name}{KEPT}{whom}"


def plain_name(name: str, /) -> str:
    """The name people know it by, whether it is kept for somebody or not.

    >>> plain_name("UPS-6@T-2"), plain_name("UPS-6")
    ('UPS-6', 'UPS-6')
    """
    return name.partition(KEPT)[0]


def kept_for(name: str, /) -> str:
    """The visit or ticket a name of `kept_name` is kept for; empty for any other.

    >>> kept_for("UPS-6@T-2"), kept_for("UPS-6")
    ('T-2', '')
    """
    return name.partition(KEPT)[2]


def is_kept(name: str, /) -> bool:
    """Whether the name is one of `kept_name`."""
    return KEPT in name
