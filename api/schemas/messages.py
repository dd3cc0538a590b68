"""Messages to customers and engineers, and where addresses are."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from api.wire.bounds import IdIn, In, LineIn, Out, WordIn


class MessageIn(In):
    """A message to leave: `kind` says which sentence, `values` what it names."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "visit_moved",
                    "about": "T-20260306-0007",
                    "channel": "sms",
                    "to": "+86 591 0000 0000",
                    "lang": "zh",
                    "values": {
                        "ticket": "T-20260306-0007",
                        "start_at": "2026-03-07T09:00:00+08:00",
                        "end_at": "2026-03-07T11:00:00+08:00",
                    },
                }
            ]
        }
    )

    kind: WordIn
    about: IdIn
    channel: WordIn
    to: LineIn
    lang: Literal["en", "zh"]
    values: Annotated[dict[WordIn, LineIn], Field(max_length=10)]


class MessageOut(Out):
    """A message as it stands; to whom it goes is told nobody who only reads.

    `code`: why the last try failed; empty: none did.
    """

    number: int
    about: str
    kind: str
    channel: str
    state: str
    attempts: int
    left_at: datetime
    next_at: datetime
    code: str


class MessageActedOut(Out):
    """A message that was left, sent anew or dropped; number 0: it is given one when it is left."""

    number: int
    about: str


class ReceiverIn(In):
    """How a customer or an engineer is reached: `mail` and an address, or one of the operator's channels and what it takes."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"channel": "sms", "address": "+86 591 0000 0000", "lang": "zh"}]}
    )

    channel: WordIn
    address: LineIn
    lang: Literal["en", "zh"]


class ReceiverOut(Out):
    """How somebody is reached; `who`: a customer or an engineer."""

    who: str
    id: str
    channel: str
    address: str
    lang: str


class ReceiverWrittenOut(Out):
    """Messages go there from now on; `new`: none went before."""

    id: str
    new: bool


class ReceiverRemovedOut(Out):
    """Messages go nowhere from now on; `removed`: they did before."""

    id: str
    removed: bool


class AddressIn(In):
    """An address as one writes it, on one line."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"address": "Binjiang Road 12, Fuzhou"}]})

    address: LineIn


class AddressFixIn(In):
    """Where an address is, whatever any service says."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"address": "Binjiang Road 12, Fuzhou", "lat": 26.07, "lon": 119.3}]}
    )

    address: LineIn
    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]


class AddressOut(Out):
    """Where an address is, and who says so: `manual` is a person's word."""

    address: str
    lat: float
    lon: float
    source: str
    label: str
