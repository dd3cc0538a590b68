"""A simulation as a run: what is asked for, the worlds made of it, what is kept of what comes out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from api.usecases.plan_run import Report
from api.usecases.scenario_files import (
    Opened,
    Written,
    changed,
    library_file,
    opened_of,
    text_of,
    world_at,
    written,
)
from dispatch.region import Region
from kernel.errors import Location, Refusal
from scenarios.measure.simulated import Scenario
from scenarios.patch.base_file import Base, base_of, world_from
from scenarios.patch.change import Patch
from scenarios.patch.patch_file import patch_of, patch_of_table
from scenarios.run.world import World

SCENARIOS, STAFFING = "scenarios", "staffing"
KINDS = frozenset({SCENARIOS, STAFFING})

MOST_DAYS_IN_ALL = 100_000
"""Simulated days of a run, all replications of all scenarios together."""

MOST_LIVE_DAYS = 1_000
"""Those of them that the planner of live work may plan: seconds for each where `fast` takes milliseconds."""

BASE, CHANGED, WHAT_IF = "base", "changed", "what-if"
"""Scenarios every run has: what it starts from; for a search for people, that with the patches over it, and with those asked
about beside."""

Given = Mapping[str, Any]
"""One patch as it came: ``library`` (a name), ``toml`` (a text) or ``table`` (values); the others empty."""


@dataclass(frozen=True, slots=True)
class SimulationJob:
    """All that simulating needs: it reads no database.

    Args:
        kind: `SCENARIOS` or `STAFFING`.
        content: the run's input, see `checked`.
        region: as it stands, where that is the base; None: a base of the library.
        digest: of that region.
    """

    kind: str
    content: Mapping[str, Any]
    region: Region | None
    digest: str


@dataclass(frozen=True, slots=True)
class MadeFile:
    """A file that came out."""

    name: str
    media_type: str
    text: str


@dataclass(frozen=True, slots=True)
class MadeFiles:
    """All of them."""

    files: tuple[MadeFile, ...]


def checked(kind: str, content: Mapping[str, Any], /) -> None:
    """Refuse what can be seen to be wrong before any world is made: patches that cannot be read, too much work.

    Args:
        kind: `SCENARIOS` or `STAFFING`.
        content: ``base``, ``replications``, ``seed``; ``scenarios`` with ``id`` and ``patches``, ``plans_of`` and
            ``plans_days``, ``policy``, or ``patches``, ``what_if``,
            ``target``, ``confidence``, ``runs``.

    Raises:
        Refusal: ``scenario.*``.
    """
    from api.usecases.simulating import policies_named
    from api.usecases.staffing import target_of
    from scenarios.run.simulate import Policy

    asked = content["base"]
    base = _base(asked)
    days = base.days + base.warm_up_days
    each = content["replications"]
    if kind == SCENARIOS:
        if content["plans_of"] >= each:
            raise Refusal("scenario.no_such_replication", value=content["plans_of"], last=each - 1)
        for one in content["scenarios"]:
            _patches(one["id"], one["patches"])
        ids = [BASE, *(one["id"] for one in content["scenarios"])]
        twice = [one for one in ids if ids.count(one) > 1]
        if twice:
            raise Refusal("scenario.named_twice", scenario=twice[0])
        how = policies_named(content["policy"])
        wanted = days * each * len(ids)
        if Policy.LIVE in how and wanted > MOST_LIVE_DAYS:
            raise Refusal("scenario.too_much_live", days=wanted, most=MOST_LIVE_DAYS)
        wanted *= len(how)
    else:
        target_of(content["target"])
        _patches(CHANGED, content["patches"])
        _patches(WHAT_IF, content["what_if"])
        questions = 2 if content["what_if"] else 1
        wanted = questions * days * (content["runs"] + 10 * each)  # the curve shows about ten rosters
    if wanted > MOST_DAYS_IN_ALL:
        raise Refusal("scenario.too_much", days=wanted, most=MOST_DAYS_IN_ALL)


def needs_region(content: Mapping[str, Any], /) -> bool:
    """Whether the base is the region as it stands."""
    return not content["base"]["library"]


def make_simulation(job: SimulationJob, report: Report) -> MadeFiles:
    """Simulate and write down; asked to stop, it gives what is done.

    Raises:
        Refusal: ``scenario.*``, those of the worlds.
        Refused: those of a dataset.
    """
    if job.kind == STAFFING:
        return _staff(job, report)
    from api.report.scenarios.about import About
    from api.usecases.simulating import OneByOne, policies_named, simulated
    from scenarios.measure.diary import DaysKept
    from scenarios.measure.simulated import Wanted, under_each

    opened = _opened(job, [_patches(one["id"], one["patches"]) for one in job.content["scenarios"]])
    content = job.content
    kept = DaysKept(content["plans_of"], content["plans_days"])
    how = policies_named(content["policy"])
    wanted = Wanted(under_each(opened.scenarios, how), how[0], content["replications"], content["seed"], kept)

    def progress(done: int, of: int) -> None:
        if not report({"done": done, "of": of}):
            raise KeyboardInterrupt  # as Ctrl-C does: what is done is kept

    found = simulated(wanted, OneByOne(), at_once=1, progress=progress)
    return _files(About(found, opened.currency, _named(opened), opened.dataset))


def _staff(job: SimulationJob, report: Report) -> MadeFiles:
    from api.report.scenarios.about import About
    from api.report.scenarios.staffing import Answered, roster_csv, staffing_document
    from api.usecases.simulating import simulated
    from api.usecases.staffing import Watched, curves, found_for, target_of
    from scenarios.measure.simulated import Wanted
    from scenarios.run.simulate import Policy
    from scenarios.staffing.lever import Prices, pulled

    content, target = job.content, target_of(job.content["target"])
    asked = [_patches(CHANGED, content["patches"])] if content["patches"] else []
    if content["what_if"]:
        asked.append([*_patches(WHAT_IF, content["patches"]), *_patches(WHAT_IF, content["what_if"])])
    opened = _opened(job, asked)
    watched, prices = Watched(report), Prices(skill_cents=opened.base.skill_cents)
    questions = opened.scenarios[-2 if content["what_if"] else -1 :]
    answers: list[Answered] = []
    for question in questions:
        try:
            found, whole = found_for(
                question,
                target,
                watched,
                confidence=content["confidence"],
                runs=content["runs"],
                seed=content["seed"],
                prices=prices,
            )
        except Refusal as refusal:
            if not answers or refusal.code != "scenario.stopped_too_soon":
                raise
            break  # the first answer is kept; the document says that the second was not reached
        answers.append(Answered(question, pulled(question.world, found.levers, prices), found, whole))
        if not whole:
            break
    document = staffing_document(answers, target, confidence=content["confidence"], asked=len(questions))
    rosters = {one.asked.id: (one.world, one.found) for one in answers}
    answer = (
        MadeFile(
            "staffing.json", "application/json", json.dumps(document, ensure_ascii=False, indent=1) + "\n"
        ),
        MadeFile("roster.csv", _MEDIA["csv"], roster_csv(rosters)),
    )
    if len(answers) < len(questions) or not answers[-1].whole:
        return MadeFiles(answer)
    # The answer is there: who asks to stop now gets the curve as far as it goes, at least one replication of each.
    shown_of, lines = curves([(one.asked, one.world, one.found) for one in answers])
    wanted = Wanted(shown_of, Policy.FAST, content["replications"], content["seed"])
    try:
        shown = simulated(wanted, watched, at_once=1)
    except Refusal as refusal:
        if refusal.code != "scenario.stopped_too_soon":
            raise
        return MadeFiles(answer)
    clock = None if target is None else target.figure
    about = About(shown, opened.currency, _named(opened), opened.dataset, lines, clock)
    return MadeFiles((*answer, *_files(about, target=None if target is None else target.share).files))


_MEDIA = {"csv": "text/csv; charset=utf-8", "json": "application/json", "html": "text/html; charset=utf-8"}


def _files(about: Any, *, target: float | None = None) -> MadeFiles:
    """Every table and document once, the page in both languages."""
    from api.report.scenarios.page import page
    from api.report.scenarios.write import PAGE, files_of, pages_of

    texts = dict(files_of(about, "en", target=target))
    chinese = {name: drawn(about, "zh") for name, drawn in pages_of(about).items()}
    chinese[PAGE] = page(about, "zh", target=target)
    for name, text in chinese.items():
        stem, _, ending = name.partition(".")
        texts[f"{stem}.en.{ending}"] = texts.pop(name)
        texts[f"{stem}.zh.{ending}"] = text
    return MadeFiles(
        tuple(MadeFile(name, _MEDIA[name.rpartition(".")[2]], text) for name, text in texts.items())
    )


def _named(opened: Opened) -> tuple[tuple[str, str], ...]:
    return tuple((one.name, one.sha256) for one in opened.files)


def _opened(job: SimulationJob, patches: Sequence[Sequence[tuple[Patch, Written]]]) -> Opened:
    """The base's world and the scenarios over it."""
    base, asked = _base(job.content["base"]), job.content["base"]
    files: dict[str, Written] = {}
    if asked["library"]:
        path = library_file(asked["library"])
        files[path.name] = written(path.name, text_of(path))
        world, dataset = world_at(base, path)
    else:
        assert job.region is not None
        world, dataset = world_from(base, job.region), job.digest
    made = [Scenario(BASE, _headline(base, job.region), base.patch.about, world)]
    for row in patches:
        for _, file in row:
            files[f"{file.name} {file.sha256}"] = file
        made.append(_over(world, [patch for patch, _ in row]))
    return opened_of(base, made, files=tuple(files.values()), dataset=dataset)


def _over(world: World, patches: Sequence[Patch]) -> Scenario:
    scenario = changed(world, patches)
    return replace(scenario, id=patches[0].id)


def _headline(base: Base, region: Region | None) -> tuple[str, str]:
    if region is None:
        return base.patch.name
    return region.settings.name, region.settings.name


def _base(asked: Mapping[str, Any]) -> Base:
    """The base asked for: a file of the library, with other days where they are given, or the region as it stands."""
    starts = date.fromisoformat(asked["starts_on"]) if asked["starts_on"] else None
    said = {
        "starts_on": starts,
        "days": asked["days"],
        "warm_up_days": asked["warm_up_days"],
        "wage_cents": asked["wage_cents"],
        "skill_cents": asked["skill_cents"],
        "a_week": asked["tickets_a_week"],
    }
    if asked["library"]:
        path = library_file(asked["library"])
        found = base_of(text_of(path), id=BASE, file=path.name)
        return replace(found, **{name: value for name, value in said.items() if value is not None})
    nameless = Patch(BASE, (BASE, BASE), ("", ""), ())
    usual = {
        "starts_on": None,
        "days": 28,
        "warm_up_days": 7,
        "wage_cents": 0,
        "skill_cents": 0,
        "a_week": 0.0,
    }
    plain: dict[str, Any] = {**usual, **{name: value for name, value in said.items() if value is not None}}
    return Base(patch=nameless, dataset="", made=None, at=Location(BASE), **plain)


def patches_asked(scenario: str, given: Sequence[Given], /) -> tuple[Patch, ...]:
    """Give the patches of one scenario as they were asked for.

    Raises:
        Refusal: as `checked`.
    """
    return tuple(patch for patch, _ in _patches(scenario, given))


def _patches(scenario: str, given: Sequence[Given]) -> list[tuple[Patch, Written]]:
    """The patches of one scenario, all under its id.

    Raises:
        Refusal: ``scenario.one_form``, ``scenario.*`` with line and key.
    """
    return [_patch(scenario, number, one) for number, one in enumerate(given, 1)]


def _patch(scenario: str, number: int, one: Given) -> tuple[Patch, Written]:
    if sum(bool(one[form]) for form in ("library", "toml", "table")) != 1:
        raise Refusal("scenario.one_form", scenario=scenario, patch=number)
    name = f"{scenario}-{number}"
    if one["library"]:
        path = library_file(one["library"])
        text = text_of(path)
        return patch_of(text, id=scenario, file=path.name), written(path.name, text)
    if one["toml"]:
        file = f"{name}.toml"
        return patch_of(one["toml"], id=scenario, file=file), written(file, one["toml"])
    file = f"{name}.json"
    text = json.dumps(one["table"], ensure_ascii=False, sort_keys=True)
    return patch_of_table(one["table"], id=scenario, file=file), written(file, text)
