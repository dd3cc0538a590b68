"""The tables of a simulation as CSV, the whole of it as JSON, and what it was made of; the same bytes for the same runs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from api.report.scenarios.about import About
from api.report.spreadsheet import spreadsheet
from scenarios.measure.compare import causes, money_week
from scenarios.measure.figures import Figure
from scenarios.measure.interval import Interval, finite

SCHEMA = 1


def sheets(about: About, /) -> Mapping[str, str]:
    """Give every table as the text of a CSV file, by file name; codes in English, shares as fractions."""
    return {
        "comparison.csv": _csv(
            (
                "figure",
                "scenario",
                "mean",
                "low",
                "high",
                "replications",
                "change",
                "change_low",
                "change_high",
                "effect",
                "at_least",
            ),
            _comparison(about),
        ),
        "replications.csv": _csv(
            ("scenario", "replication", "figure", "value"),
            (
                (runs.name, one.replication, figure, _exact(one.figures[figure]))
                for runs in about.simulated.runs
                for one in runs.measured
                for figure in Figure
            ),
        ),
        "promises.csv": _csv(
            ("scenario", "replication", "clock", "tier", "region", "severity", "kept", "promised"),
            (
                (
                    runs.name,
                    one.replication,
                    cell.clock,
                    cell.tier,
                    cell.region,
                    cell.severity,
                    count.kept,
                    count.promised,
                )
                for runs in about.simulated.runs
                for one in runs.measured
                for cell, count in sorted(one.cells.items())
            ),
        ),
        "late.csv": _csv(
            ("scenario", "cause", "late_in_100_tickets"),
            (
                (runs.name, cause.name.lower(), _exact(share))
                for runs in about.simulated.runs
                for cause, share in causes(runs).items()
            ),
        ),
        "money.csv": _csv(
            ("scenario", "kind", "a_week"),
            (
                (runs.name, kind, f"{amount:.2f}")
                for runs in about.simulated.runs
                for kind, amount in money_week(runs).items()
            ),
        ),
        "engineers.csv": _csv(
            ("scenario", "replication", "engineer", "on_duty_s", "work_s", "travel_s"),
            (
                (runs.name, one.replication, *row)
                for runs in about.simulated.runs
                for one in runs.measured
                for row in one.engineers
            ),
        ),
    }


def _comparison(about: About) -> Iterable[tuple[str | float, ...]]:
    for row in about.rows.values():
        by = row.change.by if row.change else None
        yield (
            row.figure,
            row.scenario,
            _exact(row.itself.mean),
            _exact(row.itself.low),
            _exact(row.itself.high),
            row.itself.n,
            _exact(by.mean) if by else "",
            _exact(by.low) if by else "",
            _exact(by.high) if by else "",
            row.effect or "",
            "" if row.at_least is None else _exact(row.at_least),
        )


def _csv(columns: Iterable[str], rows: Iterable[Iterable[str | float]]) -> str:
    return spreadsheet(columns, rows)


def _exact(value: float) -> str | float:
    """The number, written so that it reads back as the same one; empty where there is none."""
    known = finite(value)
    return "" if known is None else float(known)


def document(about: About, /) -> str:
    """Give everything but the single replications as JSON."""
    found = {
        "schema": SCHEMA,
        "currency": about.currency,
        "replications": list(about.simulated.replications),
        "warm_up_days": {"given": about.warm_up_given, "mser5": about.warm_up},
        "scenarios": [
            {
                "id": scenario.id,
                "name": {"en": scenario.name[0], "zh": scenario.name[1]},
                "engineers": scenario.engineers,
                "figures": {
                    figure.value: {
                        **_interval(about.rows[figure, scenario.id].itself),
                        "at_least": about.rows[figure, scenario.id].at_least,
                        "change": _change(about, figure, scenario.id),
                    }
                    for figure in Figure
                },
                "late_in_100_tickets": {cause.name.lower(): share for cause, share in causes(runs).items()},
                "money_a_week": money_week(runs),
            }
            for scenario, runs in zip(about.scenarios, about.simulated.runs, strict=True)
        ],
    }
    return json.dumps(found, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _interval(found: Interval) -> dict[str, Any]:
    return {
        "mean": finite(found.mean),
        "low": finite(found.low),
        "high": finite(found.high),
        "n": found.n,
        "confidence": found.confidence,
    }


def _change(about: About, figure: Figure, scenario: str) -> dict[str, Any] | None:
    row = about.rows[figure, scenario]
    if row.change is None or row.effect is None:
        return None
    return {**_interval(row.change.by), "effect": row.effect.value}


def manifest(about: About, /) -> str:
    """Say what was simulated, so that it can be done again: files, region, policy, seed, replications. No clock, no machine."""
    wanted = about.simulated.wanted
    made = {
        "schema": SCHEMA,
        "files": [{"name": name, "sha256": digest} for name, digest in about.files],
        "dataset_sha256": about.dataset,
        "policy": ",".join(wanted.policies),
        "seed": wanted.seed,
        "replications_wanted": wanted.replications,
        "replications": list(about.simulated.replications),
        "complete": about.simulated.whole,
        "days": wanted.scenarios[0].world.days,
        "warm_up_days": wanted.scenarios[0].world.warm_up_days,
        "starts_at": wanted.scenarios[0].world.starts_at.isoformat(),
    }
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"
