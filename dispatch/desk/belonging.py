"""What a ticket says of its site, equipment and contract belongs together: one customer, one place, terms in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dispatch.desk.customer import Contract
from dispatch.desk.ticket import Ticket
from kernel.clock import zone
from kernel.errors import Refusal

Found = tuple[str, Refusal]
"""Which of the ticket's facts is wrong, as a dataset's column is called, and why."""


def misplaced(
    ticket: Ticket,
    /,
    *,
    site_of: Mapping[str, str],
    customer_of: Mapping[str, str],
    signed_by: Mapping[str, str],
) -> Iterator[Found]:
    """Give what is elsewhere.

    Args:
        ticket: as reported.
        site_of: site by equipment.
        customer_of: customer by site.
        signed_by: customer by contract.

    Yields:
        ``dataset.asset_elsewhere``, ``dataset.contract_of_another``.
    """
    if ticket.asset and site_of.get(ticket.asset) != ticket.site:
        at = site_of.get(ticket.asset, "-")
        yield "asset_id", Refusal("dataset.asset_elsewhere", asset=ticket.asset, site=at)
    if ticket.contract and signed_by.get(ticket.contract) != customer_of.get(ticket.site):
        whose = signed_by.get(ticket.contract, "-")
        refusal = Refusal("dataset.contract_of_another", contract=ticket.contract, customer=whose)
        yield "contract_id", refusal


def outside_terms(ticket: Ticket, contract: Contract, /, *, zone_name: str) -> Iterator[Found]:
    """Give why a contract does not cover a ticket on the local day of its report.

    Yields:
        ``dataset.contract_of_another_scheme``, ``dataset.contract_not_in_force``.
    """
    if contract.scheme != ticket.scheme:
        refusal = Refusal("dataset.contract_of_another_scheme", contract=contract.id, scheme=contract.scheme)
        yield "scheme", refusal
    on = ticket.reported_at.astimezone(zone(zone_name)).date()
    if not contract.holds_on(on):
        refusal = Refusal("dataset.contract_not_in_force", contract=contract.id, day=on.isoformat())
        yield "contract_id", refusal
