"""What is owed, in words and as JSON values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from api.text import Lang, label
from api.text.spoken import wall_clock
from dispatch.board import Board
from dispatch.desk.clause import LadderRole
from dispatch.desk.escalation import LadderTask, StepState
from dispatch.desk.loan_owed import LoanOwed
from dispatch.owed import Owed, PreventiveDue
from dispatch.replacements import Replacements
from kernel.clock import zone


def lines(board: Board, found: Owed, repeats: Replacements, lang: Lang, *, limit: int = 0) -> Iterator[str]:
    """Give the lists line by line, each under its heading with how many there are.

    Args:
        board: what it was read from.
        found: what is owed.
        repeats: what is owed for repeat faults.
        lang: of the sentences.
        limit: lines of each list at most, the rest is counted; 0: all.
    """
    here = zone(board.region.settings.zone)

    def at(moment: datetime | None) -> str:
        return label("owed.no_time", lang) if moment is None else wall_clock(moment, here)

    yield label("owed.title", lang, region=board.region.settings.name, now_at=at(board.now))
    yield from _listed("loans", [_loan(board, one, lang) for one in found.loans], lang, limit)
    yield from _listed(
        "reminders",
        [
            label(
                "owed.reminder",
                lang,
                loan=one.loan.id,
                unit=one.loan.unit,
                ticket=one.loan.ticket,
                number=one.reminder.number,
                due_at=at(one.reminder.due_at),
            )
            for one in found.reminders
        ],
        lang,
        limit,
    )
    yield from _listed("ladder", [_rung(board, one, lang) for one in found.ladder], lang, limit)
    yield from _listed(
        "unmanned",
        [
            label(
                "owed.gap",
                lang,
                role=label(f"ladder_role.{role}", lang),
                n=len(tasks),
                ticket=tasks[0].ticket,
                due_at=at(tasks[0].step.due_at),
                calendar=role,
            )
            for role, tasks in _by_role(found.unmanned).items()
        ],
        lang,
        limit,
    )
    yield from _listed(
        "complaints",
        [
            label(f"owed.complaint_{one.step}", lang, complaint=one.complaint, due_at=at(one.due_at))
            for one in found.complaints
        ],
        lang,
        limit,
    )
    yield from _listed(
        "asking",
        [
            label(f"owed.ask_{one.step}", lang, ticket=one.ticket, due_at=at(one.due_at))
            for one in found.asking
        ],
        lang,
        limit,
    )
    yield from _listed("preventive", [_preventive(one, lang) for one in found.preventive], lang, limit)
    yield from _listed(
        "replacements",
        [
            label(
                "owed.replacement",
                lang,
                asset=one.asset,
                serial=one.serial,
                model=one.model,
                ticket=one.ticket,
                repairs=", ".join(one.repairs),
                problem=one.problem,
                proposal=one.id,
            )
            for one in repeats.owed
        ],
        lang,
        limit,
    )
    yield from _listed(
        "to_ask",
        [label(f"owed.ask_{one.fact}", lang, ticket=one.ticket) for one in repeats.to_ask],
        lang,
        limit,
    )


def _listed(name: str, found: Sequence[str], lang: Lang, limit: int) -> Iterator[str]:
    yield label(f"owed.{name}", lang, n=len(found))
    for one in found[: limit or None] or [label("owed.nothing", lang)]:
        yield f"   {one}"
    if limit and len(found) > limit:
        yield f"   {label('owed.more', lang, n=len(found) - limit)}"


def _by_role(tasks: Iterable[LadderTask]) -> dict[LadderRole, list[LadderTask]]:
    found: dict[LadderRole, list[LadderTask]] = {}
    for one in tasks:
        found.setdefault(one.step.role, []).append(one)
    return found


def _loan(board: Board, one: LoanOwed, lang: Lang) -> str:
    here = zone(board.region.settings.zone)
    told = {
        "ticket": one.ticket,
        "loaner_class": one.loaner_class,
        "due_at": wall_clock(one.due_at, here),
        "overruns_at": wall_clock(one.overruns_at, here),
    }
    if not one.loaner_class:
        said = label("owed.loan_no_class", lang, **told)
    elif one.forecast_at is None:
        said = label("owed.loan_no_forecast", lang, **told)
    else:
        said = label("owed.loan", lang, **told, forecast_at=wall_clock(one.forecast_at, here))
    return f"{said} – {label('owed.answered', lang, loan=one.loan)}" if one.loan else said


def _rung(board: Board, one: LadderTask, lang: Lang) -> str:
    step = one.step
    due = "" if step.due_at is None else wall_clock(step.due_at, zone(board.region.settings.zone))
    role = label(f"ladder_role.{step.role}", lang)
    if step.state is StepState.NOT_DONE:
        return label("owed.rung_missed", lang, ticket=one.ticket, role=role, due_at=due)
    nobody = "owed.nobody" if step.unmanned else "owed.at_work"
    tell = ", ".join(step.tell) or label(nobody, lang)
    return label("owed.rung", lang, ticket=one.ticket, role=role, due_at=due, tell=tell)


def _preventive(one: PreventiveDue, lang: Lang) -> str:
    code = "report" if one.report else "outside" if one.outside else "visit"
    return label(
        f"owed.preventive_{code}", lang, visit=one.visit.id, site=one.visit.site, day=one.on.isoformat()
    )


def document(board: Board, found: Owed, repeats: Replacements, *, made_with: int | None) -> dict[str, Any]:
    """The lists as plain JSON values, moments in ISO 8601.

    ``plan`` says whether the forecasts are those of a plan made for this answer, with so many steps of search, and
    promised to nobody; `made_with` None: the plan was given.
    """
    return {
        "now": board.now.isoformat(),
        "plan": {"made_now": made_with is not None, "work": made_with},
        **{name: _plain(getattr(found, name)) for name in found.__slots__},
        "replacements": _plain(repeats.owed),
        "to_ask": _plain(repeats.to_ask),
    }


def _plain(value: object) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {name: _plain(inner) for name, inner in asdict(value).items()}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: _plain(inner) for name, inner in value._asdict().items()}
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(one) for one in value] if isinstance(value, tuple | list) else value
