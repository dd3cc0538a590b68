"""Simulations and searches for people as HTTP answers them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from api.schemas.scenarios import SimulationFileOut, SimulationOut, SimulationRowOut
from api.shapes.plans import errors_out
from api.text import Lang
from storage.run_files import RunFile
from storage.runs import Run


def _row(run: Run) -> dict[str, Any]:
    return {
        "id": run.id,
        "kind": run.kind,
        "state": run.state.value,
        "asked_by": run.asked_by,
        "asked_at": run.asked_at,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "stop_requested": run.stop_requested,
        "code": run.errors[0].code if run.errors else "",
        "progress": dict(run.progress),
    }


def simulation_row(run: Run, /) -> SimulationRowOut:
    """One of them in the list."""
    return SimulationRowOut(**_row(run))


def simulation_out(run: Run, files: Iterable[RunFile], /, *, lang: Lang) -> SimulationOut:
    """One of them whole."""
    return SimulationOut(
        **_row(run),
        asked=dict(run.input),
        errors=errors_out(run, lang=lang),
        files=[SimulationFileOut(name=one.name, media_type=one.media_type, size=one.size) for one in files],
    )
