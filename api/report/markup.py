"""HTML and SVG by elements: every text and attribute is escaped, so nothing in a dataset can become markup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


class Markup(str):
    """Text that is markup already and is not escaped again."""

    __slots__ = ()


def element(name: str, /, *inside: str, **attributes: str | float) -> Markup:
    """Make one element.

    Args:
        name: of the tag.
        inside: texts, escaped, and markup, as it is.
        attributes: escaped; ``_`` stands for ``-``, a final ``_`` is dropped (``class_``).

    >>> element("p", "a < b", class_="note")
    '<p class="note">a &lt; b</p>'
    """
    named = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_written(value))}"'
        for key, value in attributes.items()
    )
    body = "".join(part if isinstance(part, Markup) else escape(part) for part in inside)
    return Markup(f"<{name}{named}>{body}</{name}>")


def joined(parts: Iterable[Markup], /) -> Markup:
    """Put markup side by side, one element a line."""
    return Markup("\n".join(parts))


def table(
    headings: Iterable[str],
    rows: Iterable[Iterable[str]],
    /,
    *,
    numbers: Iterable[int] = (),
    unbroken: Iterable[int] = (),
) -> Markup:
    """Make a table.

    Args:
        headings: of the columns.
        rows: cells, texts or markup.
        numbers: columns, from 0, set to the right.
        unbroken: columns whose cells stay on one line.
    """
    classes = {**dict.fromkeys(unbroken, "t"), **dict.fromkeys(numbers, "n")}

    def cells(kind: str, row: Iterable[str]) -> Markup:
        made = (
            element(kind, cell, class_=classes[at]) if at in classes else element(kind, cell)
            for at, cell in enumerate(row)
        )
        return element("tr", Markup("".join(made)))

    head = element("thead", cells("th", headings))
    return element("table", head, element("tbody", joined(cells("td", row) for row in rows)))


def _written(value: str | float) -> str:
    # A tenth of a pixel is enough, and keeps the page small and its bytes the same everywhere.
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def drawing(drawn: Sequence[Markup], title: str, *, height: float, width: float) -> Markup:
    """A chart of its own: what is drawn, under the title a reader is told, `width` by `height` in its own units."""
    return element(
        "svg",
        element("title", title),
        joined(drawn),
        viewBox=f"0 0 {width:.0f} {height:.0f}",
        width=width,
        height=height,
        role="img",
        class_="chart",
    )
