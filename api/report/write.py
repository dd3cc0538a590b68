"""Everything a plan leaves in a folder, written together."""

from __future__ import annotations

from pathlib import Path

from api.report.page import page
from api.report.routes_geojson import routes_geojson
from api.report.view import Report
from api.report.visits_csv import visits_csv
from api.text import Lang
from kernel.errors import Refusal
from storage.plan_file import PlanHead, as_json, plan_file, write_manifest, write_plan, write_run, write_whole


def head_of(report: Report, /, *, dataset_digest: str) -> PlanHead:
    """The head of `report`'s plan file."""
    settings = report.board.region.settings
    return PlanHead(
        region=settings.id,
        dataset_digest=dataset_digest,
        problem_digest=report.problem.digest,
        as_of=settings.as_of,
        now=report.board.now,
        zone=settings.zone,
        currency=settings.currency,
        policy=settings.policy,
        workshop=report.board.workshop,
    )


def write_report(
    folder: Path, report: Report, /, *, dataset_digest: str, lang: Lang, seconds: float | None = None
) -> tuple[Path, ...]:
    """Write `plan.json`, `manifest.json`, `visits.csv`, `routes.geojson`, `plan.html` and `run.json`.

    All texts are made before the first file is written: what cannot be told leaves nothing behind.

    Args:
        folder: made when it is not there; files of the same names are replaced.
        report: the plan and what it was made from.
        dataset_digest: of the dataset planned.
        lang: language of the sentences in the page and the table.
        seconds: wall time of the planning, for `run.json`; None: that file is not written. A manifest or run file that
            belongs to another plan written into the folder before is removed.

    Returns:
        The files written, in order.

    Raises:
        Refusal: ``plan_file.cannot_write``.
    """
    file = plan_file(head_of(report, dataset_digest=dataset_digest), report.problem, report.plan)
    texts = {
        "visits.csv": visits_csv(report, lang),
        "routes.geojson": as_json(routes_geojson(report)),
        "plan.html": page(report, lang),
    }
    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_plan(folder / "plan.json", file)
        written.append(folder / "plan.json")
        if report.plan.manifest is not None:
            write_manifest(folder / "manifest.json", report.plan.manifest)
            written.append(folder / "manifest.json")
        else:  # of another plan, written here before
            (folder / "manifest.json").unlink(missing_ok=True)
        for name, text in texts.items():
            write_whole(folder / name, text)
            written.append(folder / name)
        if seconds is not None:
            write_run(folder / "run.json", seconds=seconds)
            written.append(folder / "run.json")
        else:
            (folder / "run.json").unlink(missing_ok=True)
    except OSError as error:
        raise Refusal("plan_file.cannot_write", file=str(folder)[:200], detail=error.strerror or "") from None
    return tuple(written)
