"""What a simulated scenario asks to be changed: its patches, with the figures they were seen with."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from api.usecases.scenario_files import library_file, text_of
from api.usecases.simulation_run import SCENARIOS, patches_asked
from dispatch.desk.change_request import Simulated
from kernel.errors import Refusal
from storage.run_files import file_of
from storage.runs import find
from storage.tables.run import RunState

FIGURES = ("arrive", "restore", "first_time_fix", "hours_to_restore", "utilisation", "cost_week")
"""Figures a request carries."""


def wanted_of(
    connection: Connection, region: str, run: str, scenario: str, numbers: Sequence[int], /
) -> list[Simulated]:
    """Give what the patches of a simulated scenario ask for, as the run itself says it.

    Args:
        connection: to read with.
        region: id.
        run: a simulation that has ended well.
        scenario: one of its scenarios, not the base.
        numbers: of its patches from 1; empty: all.

    Raises:
        Refusal: ``change.not_simulated``, ``change.no_scenario``, ``change.no_patch``; ``run.unknown``.
    """
    found = find(connection, region, run, kinds={SCENARIOS})
    if found.state is not RunState.DONE:
        raise Refusal("change.not_simulated", run=run)
    asked = next((one for one in found.input["scenarios"] if one["id"] == scenario), None)
    if asked is None:
        known = ", ".join(one["id"] for one in found.input["scenarios"])
        raise Refusal("change.no_scenario", run=run, scenario=scenario, known=known)
    made = json.loads(file_of(connection, region, run, "scenarios.json").content)
    given, named = asked["patches"], patches_asked(scenario, asked["patches"])
    chosen = sorted(set(numbers)) or range(1, len(given) + 1)
    if max(chosen) > len(given):
        raise Refusal("change.no_patch", scenario=scenario, patch=max(chosen), n=len(given))
    return [
        Simulated(
            run=run,
            scenario=scenario,
            name=named[number - 1].name,
            patch={form: value for form, value in given[number - 1].items() if value},
            lists=_lists(given[number - 1]),
            figures=_figures(made, scenario),
            replications=len(made["replications"]),
            together=len(given),
            currency=made["currency"],
        )
        for number in chosen
    ]


def _lists(given: Mapping[str, Any]) -> tuple[str, ...]:
    """The lists a patch has: those of its keys that are not words about it."""
    if given["table"]:
        table = given["table"]
    else:
        table = tomllib.loads(text_of(library_file(given["library"])) if given["library"] else given["toml"])
    return tuple(name for name, value in table.items() if isinstance(value, list | dict))


def _figures(made: Mapping[str, Any], scenario: str) -> dict[str, dict[str, Any]]:
    one = next(row for row in made["scenarios"] if row["id"] == scenario)
    found = {}
    for figure in FIGURES:
        row = one["figures"][figure]
        if row["n"]:
            change = row["change"] or {}
            found[figure] = {
                "mean": row["mean"],
                "change": change.get("mean"),
                "low": change.get("low"),
                "high": change.get("high"),
                "effect": change.get("effect", ""),
            }
    return found
