"""Who counts by a version of a scheme."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from storage.rows.tickets import is_over, reached_by
from storage.scope import Scope
from storage.tables.desk import ContractRow, TicketRow


def scheme_use(
    connection: Connection, region: str, scope: Scope, *, scheme: str, version: str
) -> tuple[int, int]:
    """Contracts that name a version, and open tickets that were opened under it, as far as somebody's rights reach.

    A ticket keeps its version: a newer one changes nothing for those counted here.
    """
    contracts = select(func.count()).where(
        ContractRow.c.region_id == region,
        ContractRow.c.scheme == scheme,
        ContractRow.c.scheme_version == version,
        scope.customers_where(region=ContractRow.c.region_id, customer=ContractRow.c.customer_id),
    )
    tickets = select(func.count()).where(
        TicketRow.c.region_id == region,
        TicketRow.c.scheme == scheme,
        TicketRow.c.scheme_version == version,
        ~is_over(),
    )
    if scope.is_narrow:
        tickets = tickets.where(reached_by(scope))
    named: int = connection.execute(contracts).scalar_one()
    opened: int = connection.execute(tickets).scalar_one()
    return named, opened
