"""A report while it is being told, over HTTP."""

from __future__ import annotations

from datetime import datetime

from pydantic import ConfigDict

from api.schemas.tickets import AlikeOut, ClockOut, QuestionOut, SaidIn, TripIn
from api.wire.bounds import Out


class FoundOut(Out):
    """Equipment with where it stands and whose it is; `by`: what of it was like the words. No asset: a site alone."""

    by: str
    asset: str
    model: str
    serial: str
    site: str
    site_name: str
    customer: str
    customer_name: str


class FoundListOut(Out):
    """What is like the words, the surest first."""

    region: str
    found: list[FoundOut]


class TellingIn(SaidIn):
    """What was said so far."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"asset": "A1", "kind": "fault", "text": "It is dark in the hall"}]}
    )


class TimesIn(SaidIn):
    """What was said so far, and the visit it would take."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "asset": "A1",
                    "kind": "fault",
                    "severity": "P2",
                    "contract": "K1",
                    "trip": {"minutes": 60, "skills": {"hv": 2}},
                }
            ]
        }
    )

    trip: TripIn


class SeverityOut(Out):
    """A severity the scheme's words speak for; `named`: the symptom is the word itself."""

    severity: str
    word: str
    named: bool


class VerdictOut(Out):
    """What it would cost the customer, and why."""

    verdict: str
    reason: str
    code: str
    missing: list[str]


class LikelyOut(Out):
    """In `n` of `m` earlier tickets of the model; `quantity`: most units one of them took."""

    what: str
    name: str
    n: int
    m: int
    quantity: int


class SkillOut(Out):
    """A skill and its least level."""

    skill: str
    level: int


class ContractChoiceOut(Out):
    """A contract in force, with the scheme it promises."""

    contract: str
    scheme: str
    scheme_name: str


class ToldOut(Out):
    """A report as far as it is told: what is known, asked, promised and likely. Nothing of it is kept.

    `severity` is the one the clocks and the verdict take for granted; `earlier` counts the tickets `parts`, `causes`
    and `minutes` come from, with this symptom where `symptom` is not empty.
    """

    asset: str
    model: str
    site: str
    site_name: str
    customer: str
    contract: str
    scheme: str
    scheme_name: str
    severity: str
    severities: list[SeverityOut]
    questions: list[QuestionOut]
    contracts: list[ContractChoiceOut]
    evidence: list[str]
    duplicates: list[AlikeOut]
    verdict: VerdictOut | None
    clocks: list[ClockOut]
    earlier: int
    symptom: str
    parts: list[LikelyOut]
    causes: list[LikelyOut]
    minutes: int
    skills: list[SkillOut]


class TimeOut(Out):
    """A time somebody could come; `spare` by milestone: seconds to spare, negative when late."""

    engineer: str
    starts_at: datetime
    spare: dict[str, int | None]
    moved: int
    displaced: int


class TimesOut(Out):
    """Times that could be offered, the cheapest plans for us, the soonest first; `missing`: what to ask before."""

    at: datetime
    missing: list[str]
    times: list[TimeOut]
