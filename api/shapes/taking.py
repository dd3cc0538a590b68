"""A report while it is being told, as HTTP answers it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from api.schemas.taking import (
    ContractChoiceOut,
    FoundOut,
    LikelyOut,
    SeverityOut,
    SkillOut,
    TimeOut,
    TimesOut,
    ToldOut,
    VerdictOut,
)
from api.schemas.tickets import AlikeOut, QuestionOut
from api.shapes.tickets import clock_out
from api.text import Lang
from api.text.spoken import tell
from api.usecases.taking import Times, Told
from dispatch.cost import visit_stops
from dispatch.desk.triage import Share
from storage.rows.equipment import Found

MOST_LIKELY = 6
"""Parts and causes shown at most."""


def found_out(one: Found, /) -> FoundOut:
    """Equipment that was looked for."""
    return FoundOut(
        by=one.by.value,
        asset=one.asset,
        model=one.model,
        serial=one.serial,
        site=one.site,
        site_name=one.site_name,
        customer=one.customer,
        customer_name=one.customer_name,
    )


def told_out(told: Told, lang: Lang, *, here: ZoneInfo, parts: Mapping[str, str]) -> ToldOut:
    """A report as far as it is told; `parts`: names by id, `here`: the zone its reasons speak in."""
    found, ticket = told.found, told.ticket
    asset, site, scheme = found.asset, found.site, found.scheme
    judged = told.entitlement
    return ToldOut(
        asset=asset.id if asset else "",
        model=asset.model if asset else "",
        site=site.id if site else "",
        site_name=site.name if site else "",
        customer=site.customer if site else "",
        contract=ticket.contract if ticket else "",
        scheme=scheme.id if scheme else "",
        scheme_name=scheme.names[lang] if scheme else "",
        severity=ticket.severity.value if ticket else "",
        severities=[
            SeverityOut(severity=one.severity.value, word=one.word, named=one.named)
            for one in told.severities
        ],
        questions=[
            QuestionOut(asked=one.asked, choices=list(one.choices), proposed=one.proposed, given=one.given)
            for one in found.questions
        ],
        contracts=[
            ContractChoiceOut(contract=one.id, scheme=terms.id, scheme_name=terms.names[lang])
            for one, terms in told.contracts
        ],
        evidence=[one.value for one in found.evidence],
        duplicates=[AlikeOut.model_validate(one) for one in told.duplicates],
        verdict=None
        if judged is None
        else VerdictOut(
            verdict=judged.verdict.value,
            reason=tell(judged.reason, lang, zone=here),
            code=judged.reason.code,
            missing=list(judged.missing),
        ),
        clocks=[clock_out(one) for one in told.clocks.values()],
        earlier=told.likely.n,
        symptom=told.likely.symptom,
        parts=_shares(told.likely.parts, parts),
        causes=_shares(told.likely.causes, {}),
        minutes=told.minutes,
        skills=[SkillOut(skill=skill, level=level) for skill, level in told.skills],
    )


def times_out(times: Times, /) -> TimesOut:
    """When somebody could come, the soonest first."""
    found = []
    for way in times.ways:
        assert way.plan is not None  # only who can come is listed
        stop = next(stop for stop in visit_stops(way.plan) if stop.ref == times.visit)
        found.append(
            TimeOut(
                engineer=way.engineer,
                starts_at=times.going.board.moment(stop.start_s),
                spare={one.milestone.value: one.spare_s for one in way.promises},
                moved=len(way.effect.moved),
                displaced=len(way.effect.displaced),
            )
        )
    found.sort(key=lambda one: (one.starts_at, one.engineer))
    return TimesOut(at=times.going.board.now, missing=[], times=found)


def _shares(shares: Iterable[Share], names: Mapping[str, str]) -> list[LikelyOut]:
    return [
        LikelyOut(what=one.what, name=names.get(one.what, ""), n=one.n, m=one.m, quantity=one.quantity)
        for one in list(shares)[:MOST_LIKELY]
    ]
