"""What a plan file says beside its routes, held against its dataset: head, engineers, locks, reasons.

`dispatch.verify` judges the plan itself; here stands what only a file can say wrongly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from api.report.view import Report
from api.report.write import head_of
from dispatch.desk.visit import Lock
from dispatch.explain import reasons
from dispatch.plan import Known, StopKind
from dispatch.policy import Policy
from dispatch.verify import violations
from kernel.errors import Message
from storage.plan_file import PlanFile, plan_file

HEAD_FIELDS = ("region", "as_of", "zone", "currency", "workshop")
"""Fields of the head besides the digests, the policy and `now`, which decides the problem."""

ALLOWED = {
    StopKind.VISIT: frozenset({"ref", "supply", "loaner", "fetches", "trip", "role"}),
    StopKind.PICK_UP: frozenset({"ref", "tools"}),
    StopKind.BREAK: frozenset[str](),
}
"""What a stop may say by its kind, besides its times."""


FILE = "file"
"""Stands where a rule would: what the file says beside its plan."""


def wrong_with(file: PlanFile, report: Report, /, *, dataset_digest: str) -> tuple[tuple[str, Message], ...]:
    """Everything wrong with a plan file: the rules its plan breaks, by name, then what it says wrongly (`FILE`).

    Args:
        file: the plan as read, of this dataset and problem (`storage.plan_file.check_belongs`).
        report: the board and problem of the dataset with the file's plan.
        dataset_digest: of the dataset at hand.
    """
    broken = [(one.rule.value, one.message) for one in violations(report.problem, file.plan)]
    # Reasons are found by placing visits into the plan: one that breaks a rule has no place to tell.
    told = () if broken else reasons_misstated(file, report)
    said = (*misstated(file, report, dataset_digest=dataset_digest), *told)
    return (*broken, *((FILE, one) for one in said))


def misstated(file: PlanFile, report: Report, /, *, dataset_digest: str) -> tuple[Message, ...]:
    """List what the file says that its own plan and dataset do not.

    Args:
        file: the plan as read, of this dataset and problem (`storage.plan_file.check_belongs`).
        report: the board and problem of the dataset with the file's plan.
        dataset_digest: of the dataset at hand.

    Returns:
        Codes ``verify.head_differs``, ``verify.engineer_differs``, ``verify.lock_differs``,
        ``verify.out_of_place``.
    """
    rebuilt = plan_file(head_of(report, dataset_digest=dataset_digest), report.problem, report.plan)
    return (*_head(file, rebuilt), *_routes(file, rebuilt), *_out_of_place(file))


def reasons_misstated(file: PlanFile, report: Report, /) -> tuple[Message, ...]:
    """List the reasons for leaving visits out that the dataset does not give.

    The plan has to keep every rule: reasons are found by placing the visit into it.

    Returns:
        Codes ``verify.not_proved``, ``verify.reason_differs``.
    """
    return tuple(_reasons(file, report))


def _head(file: PlanFile, rebuilt: PlanFile) -> Iterator[Message]:
    said, true = file.head, rebuilt.head
    pairs = [(name, getattr(said, name), getattr(true, name)) for name in HEAD_FIELDS]
    pairs += [
        (f"policy.{f.name}", getattr(said.policy, f.name), getattr(true.policy, f.name))
        for f in fields(Policy)
    ]
    for name, claimed, found in pairs:
        if claimed != found:
            yield Message(
                "verify.head_differs", {"field": name, "claimed": _text(claimed), "found": _text(found)}
            )


def _text(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {price}" for key, price in value.items())
    return str(value)


def _routes(file: PlanFile, rebuilt: PlanFile) -> Iterator[Message]:
    for shift, engineer in rebuilt.engineers.items():
        claimed = file.engineers.get(shift, "")
        if claimed != engineer:
            yield Message("verify.engineer_differs", {"shift": shift, "claimed": claimed, "found": engineer})
    for visit in sorted({*file.locks, *rebuilt.locks}):
        said, true = file.locks.get(visit, Lock.NONE), rebuilt.locks.get(visit, Lock.NONE)
        if said is not true:
            yield Message("verify.lock_differs", {"visit": visit, "claimed": said.value, "found": true.value})


def _out_of_place(file: PlanFile) -> Iterator[Message]:
    for route in file.plan.routes:
        for stop in route.stops:
            for name in ("ref", "supply", "loaner", "tools", "fetches", "trip", "role"):
                if getattr(stop, name) and name not in ALLOWED[stop.kind]:
                    yield Message(
                        "verify.out_of_place",
                        {"shift": route.shift, "kind": stop.kind.value, "field": name},
                    )


def _reasons(file: PlanFile, report: Report) -> Iterator[Message]:
    for said, true in zip(file.plan.unassigned, reasons(report.problem, file.plan), strict=True):
        if said == true:
            continue
        if said.known is Known.PROVED and true.known is not Known.PROVED:
            yield Message("verify.not_proved", {"visit": said.visit, "code": said.reason.code})
        else:
            yield Message(
                "verify.reason_differs",
                {"visit": said.visit, "claimed": said.reason.code, "found": true.reason.code},
            )
