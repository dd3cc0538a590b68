"""Knowledge over HTTP: what was wrong and what helped."""

from __future__ import annotations

from datetime import datetime

from pydantic import ConfigDict

from api.wire.bounds import IdIn, In, LineIn, MaybeIdIn, MomentIn, Out, TextIn


class KnowledgeOut(Out):
    """Cause and solution of a ticket; `public`: customers may find it."""

    ticket: str
    at: datetime
    by: str
    by_name: str = ""
    cause: str
    solution: str
    asset: str
    serial: str
    model: str
    symptom: str
    problem: str
    customer_caused: bool
    public: bool


class KnowledgeFoundOut(Out):
    """A page of the entries in which every word asked for stands, the best first."""

    region: str
    query: str
    entries: list[KnowledgeOut]
    next: str | None


class KnowledgeIn(In):
    """What was wrong and what helped; a later entry of the same ticket replaces it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "ticket": "T-20260306-0007",
                    "cause": "打印机卡纸",
                    "solution": "清洁滚轮",
                    "problem": "roller-worn",
                    "public": True,
                }
            ]
        }
    )

    ticket: IdIn
    cause: TextIn
    solution: TextIn
    problem: MaybeIdIn = ""
    symptom: LineIn = ""
    customer_caused: bool = False
    public: bool = False
    at: MomentIn | None = None


class KnowledgeWrittenOut(Out):
    """The ticket whose entry was written; `new`: it was not there before."""

    ticket: str
    new: bool
