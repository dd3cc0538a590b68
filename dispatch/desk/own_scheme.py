"""Schemes of a region's own, beside those that ship: the file a manager copied and edited, checked and kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from dispatch.desk.scheme import Scheme
from dispatch.desk.scheme_file import builtin_schemes, collect, load_scheme
from kernel.errors import Location, Refusal

LONGEST_TEXT = 200_000
"""Characters of a scheme file, at most; those that ship have some thousands."""


@dataclass(frozen=True, slots=True)
class OwnScheme:
    """One scheme file of a region.

    Args:
        file: its name, without a folder.
        text: its content, word for word.
        scheme: what the text says; texts are compared, not this.
    """

    file: str
    text: str
    scheme: Scheme = field(compare=False, repr=False)


@lru_cache(maxsize=256)
def own_scheme(file: str, text: str, /, *, folder: str = "") -> OwnScheme:
    """Read and check one scheme of a region.

    Args:
        file: its name.
        text: its content.
        folder: put before the name in refusals, like ``schemes/``.

    Raises:
        Refusal: ``scheme.file_too_long``; those of `dispatch.desk.scheme_file.load_scheme`, with line and key.
    """
    if len(text) > LONGEST_TEXT:
        raise Refusal("scheme.file_too_long", at=Location(folder + file), most=LONGEST_TEXT)
    return OwnScheme(file, text, load_scheme(text, folder + file))


def check_own(own: Iterable[Scheme], new: Scheme, /) -> None:
    """Check that a scheme may stand beside those that ship and others of its region.

    Raises:
        Refusal: ``scheme.ships`` when its id and version are those of a scheme that ships; ``scheme.duplicate``,
            ``scheme.too_little_notice`` as `dispatch.desk.scheme_file.collect`.
    """
    if (new.id, new.version) in builtin_schemes():
        raise Refusal("scheme.ships", scheme=new.id, version=new.version)
    collect([*builtin_schemes().values(), *own, new])


def schemes_with(own: Iterable[OwnScheme], /) -> Mapping[tuple[str, str], Scheme]:
    """Every scheme version by (id, version): those that ship and a region's own.

    A region's own stands before one that ships: a version that came with a later release does not change what a
    ticket was opened under.
    """
    return {**builtin_schemes(), **{(one.scheme.id, one.scheme.version): one.scheme for one in own}}
