"""docs/rights.md is written from the table the door reads."""

from __future__ import annotations

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
from storage.tables.people import Role
from tests.conftest import ROOT, set_by_name

PAGE = ROOT / "docs" / "rights.md"

HEAD = """# Rights

A right is a role, an action and a scope. What is not in this table nobody may do. Every route names exactly one action; a test
walks all of them with every role and every kind of scope (`tests/api/auth/test_every_route.py`). This page is written from
`api/auth/action.py` by `make fix`.

The scope says where: everywhere, some regions, or within one region some depots, some customers or one engineer. It is a condition
of the query (`storage/scope.py`): what lies outside is not read, a region or a ticket outside is answered as one that is not there.
The last column says which narrow scopes leave an action: `customer`, `depot`, `engineer`, `link`; all others are refused to them.
`all` stands for actions about the whole company: asked for only by who reaches everywhere.

Who hands out rights does no business with them: an administrator reads, and has a second account to write.
"""


def page() -> str:
    """The page as the table gives it."""
    roles = list(Role)
    rows = [
        "| "
        + " | ".join(
            [
                f"`{action}`",
                *("yes" if action in RIGHTS[role] else "" for role in roles),
                str(WEIGHT.get(action, 1)),
                scopes(action),
            ]
        )
        + " |"
        for action in Action
    ]
    titles = ["action", *(role.value.replace("_", " ") for role in roles), "weight", "narrow scopes"]
    return "\n".join([HEAD, f"| {' | '.join(titles)} |", "|" + "---|" * len(titles), *rows, ""])


def scopes(action: Action) -> str:
    """Which narrow scopes leave an action."""
    if action in ONLY_EVERYWHERE:
        return "all"
    sets = {"customer": BY_CUSTOMER, "depot": BY_DEPOT, "engineer": BY_ENGINEER, "link": BY_TICKET}
    return ", ".join(name for name, left in sets.items() if action in left)


def test_the_rights_document_is_up_to_date() -> None:
    """Who asks for a right is shown this page."""
    if set_by_name("FIELDWRIGHT_WRITE_DOCS"):
        PAGE.write_text(page(), encoding="utf-8")

    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_role_has_rights_and_every_action_somebody() -> None:
    """An action nobody may do is a route nobody can use."""
    assert set(RIGHTS) == set(Role)
    assert set(Action) == set().union(*RIGHTS.values())
