"""Every world the simulation is checked against; `row.tried` runs one and compares."""

from __future__ import annotations

from scenarios.exact import queues, stocks
from scenarios.exact.row import Row


def rows() -> list[Row]:
    """Every row, in the order of docs/scenarios.md."""
    makers = (
        queues.many_servers_worlds,
        stocks.loaners,
        queues.limited_worlds,
        queues.one_server_worlds,
        queues.fixed,
        queues.machines,
        queues.tiers,
        queues.impatient_worlds,
        stocks.palm,
        stocks.echelons,
        queues.city,
        stocks.parts_first,
        queues.hours,
    )
    return [row for make in makers for row in make()]
