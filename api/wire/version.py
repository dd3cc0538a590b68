"""ETag and If-Match: who changes something says which version of it he has seen.

The tag of a thing that changes is its version, not a hash of the answer: the same ticket in two languages, or a
minute later with less time on its clocks, is still the version somebody judged.
"""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import Header

from kernel.errors import Refusal

_TAG = re.compile(r'"(?P<version>[0-9]{1,9})"')

IfMatch = Annotated[
    str,
    Header(
        alias="If-Match",
        max_length=40,
        description='The ETag of what was seen, like "7"; refused with 412 when it has changed since.',
    ),
]

SEEN_WANTED = (
    'The ETag of what was seen, like "7": where there is something, refused with 428 when left out, with 412 when it has '
    "changed since."
)

IfSeen = Annotated[str, Header(alias="If-Match", max_length=40, description=SEEN_WANTED)]
"""Who replaces or removes something says which version of it; only where there is nothing yet it is left out."""

IfNoneMatch = Annotated[
    str, Header(alias="If-None-Match", max_length=200, description="The ETag held; 304 while it is the same.")
]


def tag(version: int, /) -> str:
    """The ETag of a version.

    >>> tag(7)
    '"7"'
    """
    return f'"{version}"'


def seen_version(if_match: str, /) -> int | None:
    """The version a client has seen; None: it did not say, or does not care (``*``).

    Raises:
        Refusal: ``request.bad_version``.

    >>> seen_version('"7"')
    7
    """
    if if_match in {"", "*"}:
        return None
    found = _TAG.fullmatch(if_match)
    if found is None:
        raise Refusal("request.bad_version", value=if_match[:40].encode("utf-8", "replace").decode())
    return int(found["version"])
