"""A plan as a file: `plan.json`, `manifest.json`, `run.json`. Same plan, same bytes.

Every time of a stop stands twice, as a tick (what counts) and as a local moment (what people read); a file
in which the two disagree is refused (`storage.plan_file`), so that nobody edits one of them and is ignored.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from dispatch.cost import visit_stops
from dispatch.desk.visit import Lock
from dispatch.plan import (
    Manifest,
    Plan,
    Route,
    Stop,
    StopKind,
)
from dispatch.policy import Policy
from dispatch.problem import PlanningProblem, is_kept, kept_for, plain_name
from kernel.clock import utc, zone
from kernel.ids import checked_id
from kernel.money import currency

SCHEMA_VERSION = 2


@dataclass(frozen=True, slots=True)
class PlanHead:
    """What a plan was made from.

    Args:
        region: id of the region.
        dataset_digest: SHA-256 of the dataset's files, hex.
        problem_digest: `PlanningProblem.digest`.
        as_of: the moment the dataset describes.
        now: the moment planned from: tick 0. A tick is a second.
        zone: IANA name; the zone of the local moments.
        currency: ISO 4217, of every amount.
        policy: the prices it was judged by.
        workshop: visits that are to be done on site in the dataset and go to the workshop in this plan.

    Raises:
        Refusal: ``clock.naive_time``, ``clock.unknown_zone``, ``money.not_a_currency``, ``id.malformed``.
    """

    region: str
    dataset_digest: str
    problem_digest: str
    as_of: datetime
    now: datetime
    zone: str
    currency: str
    policy: Policy = field(default_factory=Policy)
    workshop: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        checked_id(self.region)
        object.__setattr__(self, "as_of", utc(self.as_of))
        object.__setattr__(self, "now", utc(self.now))
        zone(self.zone)
        currency(self.currency)

    def local(self, at: datetime, /) -> str:
        """A moment as people here read it: ISO 8601 with the zone's offset."""
        return at.astimezone(zone(self.zone)).isoformat()

    def moment(self, tick: int, /) -> str:
        """The local moment of a tick."""
        return self.local(self.now + timedelta(seconds=tick))


@dataclass(frozen=True, slots=True)
class PlanFile:
    """All that `plan.json` says.

    Args:
        engineers: the engineer of every route, by shift.
        locks: the planned visits that are locked, and how.
    """

    head: PlanHead
    plan: Plan
    engineers: Mapping[str, str] = field(default_factory=dict)
    locks: Mapping[str, Lock] = field(default_factory=dict)


def plan_file(head: PlanHead, problem: PlanningProblem, plan: Plan) -> PlanFile:
    """Put a plan together with its head and what its problem says about engineers and locks."""
    engineers = {
        route.shift: problem.engineers[problem.shifts[problem.shift_index[route.shift]].engineer].id
        for route in plan.routes
    }
    locks = {}
    for stop in visit_stops(plan):
        visit = problem.visits[problem.visit_index[stop.ref]]
        held = lock_of(engineer=visit.engineer_lock >= 0, time=visit.start_lock_s is not None)
        if held is not Lock.NONE:
            locks[stop.ref] = held
    return PlanFile(head, plan, engineers, locks)


def lock_of(*, engineer: bool, time: bool) -> Lock:
    """The word for what is held."""
    if engineer:
        return Lock.BOTH if time else Lock.ENGINEER
    return Lock.TIME if time else Lock.NONE


def plan_document(file: PlanFile, /) -> dict[str, Any]:
    """Give the content of `plan.json` as plain values."""
    head, plan = file.head, file.plan
    return {
        "schema_version": SCHEMA_VERSION,
        "region": head.region,
        "dataset_digest": head.dataset_digest,
        "problem_digest": head.problem_digest,
        "as_of": head.local(head.as_of),
        "now": head.local(head.now),
        "zone": head.zone,
        "currency": head.currency,
        "policy": {f.name: _policy_value(getattr(head.policy, f.name)) for f in fields(Policy)},
        "routes": [_route(file, route) for route in plan.routes],
        "unassigned": [
            {
                "visit": missing.visit,
                "known": missing.known.value,
                "reason": {"code": missing.reason.code, "params": dict(missing.reason.params)},
            }
            for missing in plan.unassigned
        ],
        "outside": [
            {"visit": one.visit, "partner": one.partner, **_times(head, start=one.start_s, end=one.end_s)}
            for one in plan.outside
        ],
        "claimed": asdict(plan.claimed),
        **({"workshop": list(head.workshop)} if head.workshop else {}),
    }


def write_plan(path: Path, file: PlanFile, /) -> None:
    """Write `plan.json`; what stood there stays whole until the new file is."""
    write_whole(path, as_json(plan_document(file)))


def write_manifest(path: Path, manifest: Manifest, /) -> None:
    """Write `manifest.json`: how the plan came to be, without wall time."""
    write_whole(path, as_json(asdict(manifest)))


def write_run(path: Path, /, *, seconds: float) -> None:
    """Write `run.json`: the one file with wall time, in seconds to the millisecond."""
    write_whole(path, as_json({"schema_version": SCHEMA_VERSION, "seconds": round(seconds, 3)}))


def as_json(document: Mapping[str, Any], /) -> str:
    """Give a document as JSON whose bytes depend on its content alone: sorted keys, one layout, a final newline."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, allow_nan=False, indent=1)
    return text + "\n"


def write_whole(path: Path, text: str, /) -> None:
    """Write a text file (UTF-8, line feeds) beside its name first, then put it in its place."""
    beside = path.with_name(f".{path.name}.part")
    beside.write_text(text, encoding="utf-8", newline="\n")
    beside.replace(path)


def _policy_value(value: object) -> object:
    if isinstance(value, Decimal):
        return str(value)
    return {key: str(price) for key, price in value.items()} if isinstance(value, dict) else value


def _route(file: PlanFile, route: Route) -> dict[str, Any]:
    head = file.head
    return {
        "shift": route.shift,
        "engineer": file.engineers.get(route.shift, ""),
        **_times(head, depart=route.depart_s, end=route.end_s),
        "stops": [_stop(file, stop) for stop in route.stops],
    }


def _stop(file: PlanFile, stop: Stop) -> dict[str, Any]:
    found: dict[str, Any] = {
        "kind": stop.kind.value,
        **_times(file.head, arrive=stop.arrive_s, start=stop.start_s, end=stop.end_s),
    }
    if stop.kind is not StopKind.BREAK or stop.ref:
        found["ref"] = stop.ref
    if stop.kind is StopKind.VISIT:
        found["trip"], found["role"] = stop.trip, stop.role
        found["lock"] = file.locks.get(stop.ref, Lock.NONE).value
    if stop.supply:
        found["supply"] = [
            {
                **_named("needed", supply.needed),
                **_named("part", supply.part),
                "quantity": supply.quantity,
                "source": supply.source.value,
                "from_id": supply.from_id,
            }
            for supply in stop.supply
        ]
    if stop.loaner is not None:
        loaner = stop.loaner
        found["loaner"] = {
            "unit": loaner.unit,
            **_named("loaner_class", loaner.loaner_class),
            "store": loaner.store,
            "by": loaner.by.value,
            **_times(file.head, stands=loaner.stands_s),
        }
    if stop.tools:
        found["tools"] = list(stop.tools)
    if stop.fetches:
        found["fetches"] = list(stop.fetches)
    return found


def kept_key(key: str, /) -> str:
    """The key that says whom units of the name under `key` are kept for, where they are."""
    return f"{key}_kept_for"


def _named(key: str, name: str) -> dict[str, str]:
    """A name as people know it; beside it whom its units are kept for, where they are."""
    return {key: plain_name(name)} | ({kept_key(key): kept_for(name)} if is_kept(name) else {})


def _times(head: PlanHead, **ticks: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, tick in ticks.items():
        found[f"{name}_s"] = tick
        found[f"{name}_at"] = head.moment(tick)
    return found
