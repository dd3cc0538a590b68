"""Reading a scheme from its TOML file: everything is checked, nothing unknown is let through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from itertools import pairwise

from dispatch.desk.scheme import Scheme
from dispatch.desk.scheme_grammar import broken_at, without_mark
from dispatch.desk.scheme_reader import SchemeReader
from kernel.errors import Refusal
from kernel.toml_text import read_toml


def load_scheme(text: str, /, file: str) -> Scheme:
    """Read and check one scheme.

    Args:
        text: the TOML text.
        file: its name, for refusals.

    Raises:
        Refusal: ``scheme.*`` (and ``calendar.*``, ``clock.unknown_zone``, ``id.malformed``,
            ``money.not_a_currency``), with the line and the key.
    """
    text = without_mark(text)
    try:
        table = read_toml(text)
    except ValueError as error:
        raise Refusal("scheme.not_toml", at=broken_at(error, text, file), detail=str(error)[:120]) from None
    return SchemeReader(file, text).scheme(table)


@cache
def builtin_schemes() -> Mapping[tuple[str, str], Scheme]:
    """Give every scheme that ships, by (id, version), in order of id."""
    found = [load_scheme(text, name) for name, text in _shipped()]
    return collect(sorted(found, key=lambda scheme: (scheme.id, scheme.effective_on)))


def builtin_text(scheme: Scheme, /) -> str:
    """Give the file a scheme that ships was read from, word for word."""
    for name, text in _shipped():
        found = load_scheme(text, name)
        if (found.id, found.version) == (scheme.id, scheme.version):
            return text
    raise Refusal("scheme.unknown_version", scheme=scheme.id, version=scheme.version, known="-")


def _shipped() -> Iterator[tuple[str, str]]:
    """Give (name, text) of every scheme file that ships."""
    for file in (files("dispatch.desk") / "schemes").iterdir():
        if file.name.endswith(".toml"):
            yield file.name, file.read_text(encoding="utf-8")


def collect(schemes: Iterable[Scheme], /) -> dict[tuple[str, str], Scheme]:
    """Key schemes by (id, version).

    Raises:
        Refusal: ``scheme.duplicate`` when two have the same id and version, ``scheme.too_little_notice`` when a
            version was announced later than the version before it promises.
    """
    collected: dict[tuple[str, str], Scheme] = {}
    for scheme in schemes:
        if (scheme.id, scheme.version) in collected:
            raise Refusal("scheme.duplicate", scheme=scheme.id, version=scheme.version)
        collected[scheme.id, scheme.version] = scheme
    in_order = sorted(collected.values(), key=lambda scheme: (scheme.id, scheme.effective_on, scheme.version))
    for old, new in pairwise(in_order):
        if old.id == new.id:
            check_notice(old, new)
    return collected


def check_notice(old: Scheme, new: Scheme, /) -> None:
    """Check that a new version was announced as early as the version it follows promises.

    Raises:
        Refusal: ``scheme.too_little_notice``.
    """
    told = (new.effective_on - (new.announced_on or new.effective_on)).days
    if told < old.notice_days:
        raise Refusal(
            "scheme.too_little_notice",
            scheme=new.id,
            version=new.version,
            days=told,
            needed=old.notice_days,
            earliest=((new.announced_on or new.effective_on) + timedelta(days=old.notice_days)).isoformat(),
        )


def find_scheme(
    schemes: Mapping[tuple[str, str], Scheme],
    id: str,  # noqa: A002 the field's name
    /,
    *,
    version: str = "",
    on: date | None = None,
) -> Scheme:
    """Pick a scheme by id and version; without a version the latest one effective on a day.

    Args:
        schemes: to choose from.
        id: the scheme's id.
        version: which one; empty: by `on`.
        on: the day that decides without a version; None: the latest of all.

    Raises:
        Refusal: ``scheme.unknown``, ``scheme.unknown_version``, ``scheme.not_yet_effective``.
    """
    versions = [scheme for (name, _), scheme in schemes.items() if name == id]
    if not versions:
        known = ", ".join(sorted({name for name, _ in schemes}))
        raise Refusal("scheme.unknown", scheme=id[:64], known=known)
    if version:
        if (id, version) not in schemes:
            known = ", ".join(sorted(scheme.version for scheme in versions))
            raise Refusal("scheme.unknown_version", scheme=id, version=version[:64], known=known)
        return schemes[id, version]
    effective = [scheme for scheme in versions if on is None or scheme.effective_on <= on]
    if not effective:
        first = min(scheme.effective_on for scheme in versions)
        raise Refusal("scheme.not_yet_effective", scheme=id, first=first.isoformat())
    return max(effective, key=lambda scheme: (scheme.effective_on, scheme.version))
