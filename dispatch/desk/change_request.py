"""Changes of the region asked for after a simulation: who asked for what, from which figures, what became of it. Nothing is edited by them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from kernel.clock import utc
from kernel.errors import Refusal
from kernel.ids import checked_id


class ChangeStep(StrEnum):
    """What happened to a request."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    """It shall be done; by whom and how is not said here."""
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    """Whoever asked wants it no more."""
    DONE = "done"
    """What was accepted has been entered in the region."""


NEXT: Mapping[ChangeStep, frozenset[ChangeStep]] = {
    ChangeStep.REQUESTED: frozenset({ChangeStep.ACCEPTED, ChangeStep.DECLINED, ChangeStep.WITHDRAWN}),
    ChangeStep.ACCEPTED: frozenset({ChangeStep.DONE, ChangeStep.DECLINED}),
}
"""What may follow a step; nothing follows the others."""

BY_ANOTHER = frozenset({ChangeStep.ACCEPTED, ChangeStep.DECLINED})
"""Steps that nobody takes for his own request."""

WITH_REASON = frozenset({ChangeStep.DECLINED, ChangeStep.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Simulated:
    """What a request rests on.

    Args:
        run: id of the simulation.
        scenario: id of the scenario in it.
        name: its readable sentence, English and Chinese.
        patch: the change as it was simulated, plain JSON: ``library``, ``toml`` or ``table``.
        lists: what it changes: ``engineers``, ``stock`` ..., as docs/scenarios.md names them.
        figures: by figure, ``mean``, and ``change``, ``low``, ``high``, ``effect`` against the base; of the whole scenario.
        replications: how many the figures are means of.
        together: patches of the scenario: the figures are those of all of them.
        currency: of figures that are money.
    """

    run: str
    scenario: str
    name: tuple[str, str]
    patch: Mapping[str, Any]
    lists: tuple[str, ...]
    figures: Mapping[str, Mapping[str, Any]]
    replications: int
    together: int
    currency: str


@dataclass(frozen=True, slots=True)
class ChangeEvent:
    """One step of a request.

    Args:
        id: of the request; its later steps carry the same.
        at: when, aware.
        by: id of who says so.
        step: what happened.
        of: for `REQUESTED`: what it rests on; else None.
        reason: why; needed for `DECLINED` and `WITHDRAWN`.

    Raises:
        Refusal: ``change.reason_missing``, ``id.malformed``, ``clock.*``.
    """

    id: str
    at: datetime
    by: str
    step: ChangeStep
    of: Simulated | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        for text in (self.id, self.by):
            checked_id(text)
        object.__setattr__(self, "at", utc(self.at))
        if self.step in WITH_REASON and not self.reason.strip():
            raise Refusal("change.reason_missing", request=self.id, step=self.step)


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """A request as it stands.

    Args:
        id, of, reason: as asked for.
        asked_at, asked_by: when and by whom.
        steps: what came after, in order.
    """

    id: str
    of: Simulated
    asked_at: datetime
    asked_by: str
    reason: str = ""
    steps: tuple[ChangeEvent, ...] = field(default=())

    @property
    def step(self) -> ChangeStep:
        """The last step."""
        return self.steps[-1].step if self.steps else ChangeStep.REQUESTED

    @property
    def is_open(self) -> bool:
        """Nobody has decided."""
        return not self.steps


def change_requests(events: Iterable[ChangeEvent], /) -> dict[str, ChangeRequest]:
    """Fold steps, in the order they were written, into requests by id; a step that cannot follow changes nothing."""
    found: dict[str, ChangeRequest] = {}
    for event in events:
        known = found.get(event.id)
        if known is None:
            if event.of is not None:
                found[event.id] = ChangeRequest(event.id, event.of, event.at, event.by, event.reason)
        elif event.step in NEXT.get(known.step, frozenset()):
            found[event.id] = replace(known, steps=(*known.steps, event))
    return found


def check_asked_once(known: Iterable[ChangeRequest], of: Simulated, /) -> None:
    """Refuse what is asked for already, from the same scenario, and not over: it would be entered twice.

    Raises:
        Refusal: ``change.asked_already``.
    """
    wanted = (of.run, of.scenario, of.patch)
    for one in known:
        if one.step in NEXT and (one.of.run, one.of.scenario, one.of.patch) == wanted:
            raise Refusal("change.asked_already", request=one.id)


def check_step(known: ChangeRequest | None, event: ChangeEvent, /) -> None:
    """Refuse a step after the first that cannot be taken.

    Raises:
        Refusal: ``change.not_asked``, ``change.cannot_follow``, ``change.own_request``, ``change.not_his_to_withdraw``.
    """
    if known is None:
        raise Refusal("change.not_asked", request=event.id)
    if event.step not in NEXT.get(known.step, frozenset()):
        raise Refusal("change.cannot_follow", request=event.id, step=event.step, stands=known.step)
    if event.step in BY_ANOTHER and event.by == known.asked_by:
        raise Refusal("change.own_request", request=event.id)
    if event.step is ChangeStep.WITHDRAWN and event.by != known.asked_by:
        raise Refusal("change.not_his_to_withdraw", request=event.id)
