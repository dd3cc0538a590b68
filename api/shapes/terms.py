"""A draft of a scheme or practice: changed value by value, judged by the rules of its file, nothing kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Literal

from api.schemas.terms import DraftIn, DraftOut, TermChangeIn, TermFieldOut, TermProblemOut
from api.schemas.visits import SchemeFigureOut
from api.text import Lang, label, say
from dispatch.desk.scheme import Scheme
from dispatch.desk.term import CHOSEN, Figure
from kernel.errors import Refusal
from kernel.toml_edit import toml_changed, toml_leaves, toml_literal
from kernel.toml_text import read_toml

Kind = Literal["text", "yes_no", "number", "date", "list"]


def drafted(
    body: DraftIn, judge: Callable[[str], tuple[Scheme | None, tuple[Figure, ...]]], lang: Lang
) -> DraftOut:
    """The text with its changes, its values, and what `judge` says of it.

    Args:
        body: what was asked for.
        judge: reads the text; refuses with a place in it.
        lang: of the sentences.
    """
    text, refusals = body.text, []
    for change in body.changes:
        try:
            text = _changed(text, change)
        except Refusal as refusal:
            refusals.append(_problem(refusal, lang, key=".".join(change.path)))
    scheme: Scheme | None = None
    figures: tuple[Figure, ...] = ()
    try:
        scheme, figures = judge(text)
    except Refusal as refusal:
        refusals.append(_problem(refusal, lang))
    return DraftOut(
        text=text,
        fields=_fields(text),
        problems=refusals,
        scheme=scheme.id if scheme else "",
        version=scheme.version if scheme else "",
        effective_on=scheme.effective_on if scheme else None,
        figures=figures_out(figures, lang),
    )


def figures_out(figures: Iterable[Figure], lang: Lang) -> list[SchemeFigureOut]:
    """Figures with their sources; what stands in no document says so."""
    return [
        SchemeFigureOut(
            key=one.key,
            value=one.value,
            source=label("desk.chosen", lang) if one.source == CHOSEN else one.source,
        )
        for one in figures
    ]


def _changed(text: str, change: TermChangeIn) -> str:
    path = tuple(change.path)
    try:
        return toml_changed(text, path, _value(change.toml))
    except ValueError as error:
        raise Refusal("toml.not_a_value", key=".".join(path)[:120], reason=str(error)[:120]) from None


def _value(toml: str) -> Any | None:
    """The one value a text says; None: it says nothing."""
    if not toml.strip():
        return None
    read = read_toml(f"x = {toml}")
    if read.keys() != {"x"}:
        raise ValueError("more than one value")
    return read["x"]


def _problem(refusal: Refusal, lang: Lang, *, key: str = "") -> TermProblemOut:
    at = refusal.at
    return TermProblemOut(
        code=refusal.code,
        detail=say(refusal.message, lang),
        key=key or (at.column if at else ""),
        line=at.line if at else 0,
    )


def _fields(text: str) -> list[TermFieldOut]:
    """The values of a text that can be changed one by one; none where it is no TOML, or not laid out for it."""
    try:
        leaves = toml_leaves(text)
        return [
            TermFieldOut(
                path=list(one.path), kind=_kind(one.value), toml=toml_literal(one.value), line=one.line
            )
            for one in leaves
        ]
    except ValueError:
        return []


def _kind(value: Any) -> Kind:
    kinds: dict[type, Kind] = {str: "text", bool: "yes_no", int: "number", date: "date", list: "list"}
    return kinds.get(type(value), "text")
