"""A plan as a file: `plan.json` read back with everything checked; writing lives in `storage.plan_document`.

This module is the door: what is needed to write, read and check a plan file is imported from here.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from dispatch.cost import visit_stops
from dispatch.desk.visit import Lock
from dispatch.plan import (
    CostTerms,
    Known,
    LoanerBy,
    LoanerChoice,
    Outsourced,
    Plan,
    Route,
    Source,
    Stop,
    StopKind,
    Supply,
    Unassigned,
)
from dispatch.policy import Policy
from dispatch.problem import PlanningProblem, kept_name
from kernel.errors import Location, Message, Refusal
from storage.checked_json import Reader, parsed
from storage.plan_document import (
    SCHEMA_VERSION,
    PlanFile,
    PlanHead,
    as_json,
    kept_key,
    lock_of,
    plan_document,
    plan_file,
    write_manifest,
    write_plan,
    write_run,
    write_whole,
)

__all__ = [
    "SCHEMA_VERSION",
    "PlanFile",
    "PlanHead",
    "as_json",
    "check_belongs",
    "lock_of",
    "plan_document",
    "plan_file",
    "read_plan",
    "write_manifest",
    "write_plan",
    "write_run",
    "write_whole",
]


MOST_BYTES = 64 * 1024 * 1024
MOST_TICKS = 10**9
"""About thirty years; a plan looks days ahead."""


def read_plan(path: Path, /) -> PlanFile:
    """Read and check `plan.json`.

    Raises:
        Refusal: ``plan_file.*``: no such file, too large, not JSON, another schema version, a field missing,
            unknown, of the wrong type or out of range, a moment that differs from its tick; and what
            `PlanHead` refuses.
    """
    return plan_of(_text_of(path), path.name)


def plan_of(text: str, name: str, /) -> PlanFile:
    """Read and check the text of a `plan.json`; `name` says in refusals which.

    Raises:
        Refusal: as `read_plan`.
    """
    reader = parsed(text, name)
    # The version is looked at first: another version may well have other fields.
    version = reader.whole("schema_version")
    if version != SCHEMA_VERSION:
        raise Refusal("plan_file.wrong_version", at=Location(name), version=version, known=SCHEMA_VERSION)
    head = _read_head(reader)
    engineers: dict[str, str] = {}
    locks: dict[str, Lock] = {}
    routes = tuple(_read_route(row, head, engineers, locks) for row in reader.objects("routes"))
    unassigned = tuple(_read_unassigned(row) for row in reader.objects("unassigned"))
    outside = tuple(_read_outside(row, head) for row in reader.objects("outside"))
    claimed = reader.under("claimed")
    terms = CostTerms(**{f.name: claimed.whole(f.name) for f in fields(CostTerms)})
    claimed.done()
    reader.done()
    return PlanFile(head, Plan(routes, unassigned, terms, outside=outside), engineers, locks)


def check_belongs(file: PlanFile, problem: PlanningProblem, /, *, dataset_digest: str, name: str) -> None:
    """Refuse a plan that was not made for this dataset and problem.

    Args:
        file: the plan as read.
        problem: the problem built from the dataset at the plan's own `now`.
        dataset_digest: of the dataset at hand.
        name: the plan file's name, for the refusal.

    Raises:
        Refusal: ``plan_file.other_dataset``, ``plan_file.unknown_shift``, ``plan_file.unknown_visit``,
            ``plan_file.other_problem``.
    """
    at = Location(name)
    if file.head.dataset_digest != dataset_digest:
        raise Refusal("plan_file.other_dataset", at=at, plan=name, dataset=dataset_digest[:12])
    for route in file.plan.routes:
        if route.shift not in problem.shift_index:
            raise Refusal("plan_file.unknown_shift", at=at, shift=route.shift)
    served = [stop.ref for stop in visit_stops(file.plan)]
    elsewhere = (one.visit for one in file.plan.outside)
    for visit in (*served, *elsewhere, *(missing.visit for missing in file.plan.unassigned)):
        if visit not in problem.visit_index:
            raise Refusal("plan_file.unknown_visit", at=at, visit=visit)
    if file.head.problem_digest != problem.digest:
        raise Refusal("plan_file.other_problem", at=at, plan=name)


def _text_of(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Refusal("plan_file.too_large", at=Location(path.name), megabytes=MOST_BYTES // 1024**2)
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Refusal("plan_file.not_json", at=Location(path.name), detail="UTF-8") from None
    except (OSError, ValueError):
        raise Refusal("plan_file.no_such_file", file=str(path)[:200]) from None


def _read_head(reader: Reader) -> PlanHead:
    prices = reader.under("policy")
    plain = Policy()
    read: dict[str, Any] = {}
    for name in (f.name for f in fields(Policy)):
        default = getattr(plain, name)
        if isinstance(default, Decimal):
            read[name] = prices.amount(name)
        elif isinstance(default, dict):
            by = prices.under(name)
            read[name] = {key: by.amount(key) for key in by.names()}
        else:
            read[name] = prices.whole(name)
    prices.done()
    region, dataset, problem = (reader.text(n) for n in ("region", "dataset_digest", "problem_digest"))
    as_of, now = reader.moment("as_of"), reader.moment("now")
    zone_name, money = reader.text("zone"), reader.text("currency")
    workshop = reader.texts("workshop") if "workshop" in reader else ()
    policy = Policy(**read)
    return reader.passed(
        lambda name: PlanHead(name, dataset, problem, as_of, now, zone_name, money, policy, workshop), region
    )


def _read_times(reader: Reader, head: PlanHead, *names: str) -> list[int]:
    ticks = []
    for name in names:
        tick = reader.whole(f"{name}_s")
        if abs(tick) > MOST_TICKS:
            raise reader.refusal("out_of_range", f"{name}_s", value=tick)
        at = reader.moment(f"{name}_at")
        if at != head.now + timedelta(seconds=tick):
            raise reader.refusal("moment_differs", f"{name}_at", tick=tick, moment=head.moment(tick))
        ticks.append(tick)
    return ticks


def _read_route(reader: Reader, head: PlanHead, engineers: dict[str, str], locks: dict[str, Lock]) -> Route:
    shift = reader.text("shift")
    engineer = reader.text("engineer")
    if engineer:
        engineers[shift] = engineer
    depart_s, end_s = _read_times(reader, head, "depart", "end")
    stops = tuple(_read_stop(row, head, locks) for row in reader.objects("stops"))
    reader.done()
    return Route(shift, depart_s, end_s, stops)


def _read_stop(reader: Reader, head: PlanHead, locks: dict[str, Lock]) -> Stop:
    kind = reader.word("kind", StopKind)
    arrive_s, start_s, end_s = _read_times(reader, head, "arrive", "start", "end")
    ref = reader.text("ref") if kind is not StopKind.BREAK or "ref" in reader else ""
    trip = role = ""
    if kind is StopKind.VISIT:
        trip, role = reader.text("trip"), reader.text("role")
        lock = reader.word("lock", Lock)
        if lock is not Lock.NONE:
            locks[ref] = lock
    supply = tuple(_read_supply(row) for row in reader.objects("supply")) if "supply" in reader else ()
    loaner = _read_loaner(reader.under("loaner"), head) if "loaner" in reader else None
    tools = reader.texts("tools") if "tools" in reader else ()
    fetches = reader.texts("fetches") if "fetches" in reader else ()
    reader.done()
    return Stop(kind, ref, arrive_s, start_s, end_s, supply, loaner, tools, fetches, trip, role)


def _read_name(reader: Reader, key: str) -> str:
    name, kept = reader.text(key), kept_key(key)
    return kept_name(name, reader.text(kept)) if kept in reader else name


def _read_supply(reader: Reader) -> Supply:
    supply = Supply(
        _read_name(reader, "needed"),
        _read_name(reader, "part"),
        reader.whole("quantity"),
        reader.word("source", Source),
        reader.text("from_id"),
    )
    reader.done()
    return supply


def _read_loaner(reader: Reader, head: PlanHead) -> LoanerChoice:
    (stands_s,) = _read_times(reader, head, "stands")
    loaner = LoanerChoice(
        reader.text("unit"),
        _read_name(reader, "loaner_class"),
        reader.text("store"),
        reader.word("by", LoanerBy),
        stands_s,
    )
    reader.done()
    return loaner


def _read_outside(reader: Reader, head: PlanHead) -> Outsourced:
    start_s, end_s = _read_times(reader, head, "start", "end")
    done = Outsourced(reader.text("visit"), reader.text("partner"), start_s, end_s)
    reader.done()
    return done


def _read_unassigned(reader: Reader) -> Unassigned:
    reason = reader.under("reason")
    message = Message(reason.text("code"), reason.under("params").plain())
    reason.done()
    missing = Unassigned(reader.text("visit"), message, reader.word("known", Known))
    reader.done()
    return missing
