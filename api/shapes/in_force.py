"""What is read from the plan in force, as HTTP answers it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from api.schemas.rescue import (
    AnswerOut,
    CallOut,
    CandidateOut,
    CandidatesOut,
    EndangeredOut,
    ExplanationOut,
    FillerOut,
    FillersOut,
    LoanerOut,
    OthersOut,
    PartMissingOut,
    PreviewOut,
    PromiseOut,
    RemedyOut,
    RescueOut,
    SaidOut,
    SupplyOut,
    WayOut,
)
from api.shapes.candidates import candidates_json, fillers_json
from api.shapes.rescue import rescue_json
from api.text import Lang
from api.text.spoken import tell
from api.usecases.in_force import InForce
from api.usecases.rescuing import Rescued, choice_of
from dispatch.candidates import Filler
from dispatch.desk.told import ToCall
from dispatch.endangered import Endangered
from dispatch.explain import Answer, Explanation
from dispatch.plan import Plan
from dispatch.rescue.way import Way
from dispatch.summary import Forecast
from kernel.clock import zone
from kernel.errors import Message
from kernel.money import from_cents


def said(going: InForce, message: Message, lang: Lang) -> SaidOut:
    """A message with raw values, in words."""
    settings = going.board.region.settings
    text = tell(
        message, lang, zone=zone(settings.zone), currency=settings.currency, moment=going.board.moment
    )
    return SaidOut(code=message.code, values=dict(message.params), text=text)


def calls_out(found: Iterable[ToCall], /) -> list[CallOut]:
    """Customers to call."""
    return [
        CallOut(
            visit=one.visit,
            ticket=one.ticket,
            starts_at=one.starts_at,
            believed_at=one.believed,
            told=one.whom,
        )
        for one in found
    ]


def endangered_out(one: Endangered, /) -> EndangeredOut:
    """A promise in danger."""
    return EndangeredOut(
        ticket=one.ticket,
        milestone=one.milestone.value,
        due_at=one.due_at,
        danger=one.danger.value,
        forecast_at=one.forecast_at,
        parts=[PartMissingOut(part=part, quantity=quantity) for part, quantity in one.parts],
    )


def rescue_out(going: InForce, rescued: Rescued, lang: Lang) -> RescueOut:
    """The ways out, in the order of the rules."""
    document = rescue_json(rescued)
    rows = zip(document["ways"], rescued.rescue.ways, strict=True)
    ways = []
    for row, way in rows:
        row |= {"choice": choice_of(going.board, way), "way": said(going, way.name, lang)}
        if way.closed is not None:
            row["closed"] = said(going, way.closed, lang)
        ways.append(WayOut.model_validate(row))
    return RescueOut(
        ticket=document["ticket"],
        visit=document["visit"],
        currency=document["currency"],
        at=going.board.now,
        ways=ways,
    )


def candidates_out(going: InForce, visit: str, ways: Iterable[Way]) -> CandidatesOut:
    """Who could take a visit."""
    document = candidates_json(going.board, going.problem, visit, ways)
    return CandidatesOut(
        visit=visit,
        currency=document["currency"],
        at=going.board.now,
        candidates=[
            CandidateOut(
                engineer=one["engineer"],
                starts_at=datetime.fromisoformat(one["starts_at"]),
                money=one["money"],
                promises=one["promises"],
                parts=_supplies(one["parts"]),
                loaner=_lent(one["loaner"]),
                others=OthersOut(**one["others"]),
            )
            for one in document["candidates"]
        ],
    )


def _supplies(rows: Iterable[dict[str, Any]]) -> list[SupplyOut]:
    return [SupplyOut(**{"place" if name == "from" else name: row[name] for name in row}) for row in rows]


def _lent(row: dict[str, Any] | None) -> LoanerOut | None:
    if row is None:
        return None
    return LoanerOut(unit=row["unit"], by=row["by"], place=row["from"], stands_at=row["stands_at"])


def fillers_out(going: InForce, engineer: str, found: Iterable[Filler]) -> FillersOut:
    """What fits into an engineer's free time."""
    document = fillers_json(going.board, engineer, found)
    return FillersOut(
        engineer=engineer,
        currency=document["currency"],
        at=going.board.now,
        fillers=[
            FillerOut(**{**one, "starts_at": datetime.fromisoformat(one["starts_at"])})
            for one in document["fillers"]
        ],
    )


def preview_out(
    going: InForce, visit: str, engineer: str, way: Way | None, answers: Iterable[Answer], lang: Lang
) -> PreviewOut:
    """What a move would do; `way` None: it cannot be done, and `answers` say by which rules."""
    brought = candidates_json(going.board, going.problem, visit, () if way is None else (way,))["candidates"]
    return PreviewOut(
        visit=visit,
        engineer=engineer,
        at=going.board.now,
        currency=going.board.region.settings.currency,
        possible=way is not None,
        money=None if way is None or way.plan is None else _dearer(going, way.plan),
        starts_at=None if way is None else _moment(going, way.start_s),
        promises=[] if way is None else [_promise(going, one) for one in way.promises],
        parts=[line for row in brought for line in _supplies(row["parts"])],
        loaner=next((_lent(row["loaner"]) for row in brought), None),
        others=None
        if way is None
        else OthersOut(**{name: list(visits) for name, visits in asdict(way.effect).items()}),
        broken=[] if way is not None else [_answer(going, one, lang) for one in answers if not one.fits],
    )


def explanation_out(going: InForce, found: Explanation, lang: Lang) -> ExplanationOut:
    """Why a visit is where it is, or why not."""
    return ExplanationOut(
        visit=found.visit,
        at=going.board.now,
        shift=found.planned,
        starts_at=_moment(going, found.start_s) if found.planned else None,
        reason=said(going, found.reason.reason, lang) if found.reason else None,
        known=found.reason.known.value if found.reason else None,
        answers=[
            _answer(going, one, lang)
            for one in sorted(found.answers, key=lambda one: (not one.fits, one.cents, one.shift))
        ],
        partners=[said(going, one, lang) for one in found.partners],
        remedies=[
            RemedyOut(
                rule=one.rule.value,
                shift=one.shift,
                engineer=one.engineer,
                remedy=said(going, one.message, lang),
                size=one.size,
                cents=one.cents,
            )
            for one in found.remedies
        ],
    )


def _dearer(going: InForce, plan: Plan) -> str:
    return str(from_cents(plan.claimed.total - going.plan.claimed.total))


def _answer(going: InForce, one: Answer, lang: Lang) -> AnswerOut:
    return AnswerOut(
        shift=one.shift,
        engineer=one.engineer,
        layer=one.layer.value,
        fits=one.fits,
        known=one.known.value,
        rule=one.rule.value if one.rule is not None else None,
        answer=said(going, one.message, lang),
        cents=one.cents if one.fits else None,
        starts_at=_moment(going, one.start_s) if one.fits else None,
    )


def _promise(going: InForce, one: Forecast) -> PromiseOut:
    return PromiseOut(
        milestone=one.milestone.value,
        due_at=_moment(going, one.due_s),
        met_at=_moment(going, one.meets_s),
        spare_s=one.spare_s,
    )


def _moment(going: InForce, tick: int | None) -> datetime | None:
    return None if tick is None else going.board.moment(tick)
