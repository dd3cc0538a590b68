"""`measures.html`: one page with every table and chart of a report, nothing fetched from anywhere, no script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files

from api.report.markup import Markup, element, joined, table
from api.report.measures import charts
from api.report.measures.about import About
from api.report.measures.sheet import Cell, Shape, Sheet, heading, read_aloud
from api.text import Lang, label
from dispatch.measures import Measures
from dispatch.measures.promises import By, Version
from dispatch.measures.restore import Phase
from dispatch.measures.returns import Fix

_LANG_TAG = {"en": "en", "zh": "zh-Hans"}
_TO_THE_LEFT = {Shape.TEXT, Shape.WORD, Shape.DAY, Shape.MOMENT}
PHASES = (Phase.REACTION, Phase.TRAVEL, Phase.WORK, Phase.PART, Phase.CUSTOMER, Phase.ACCESS, Phase.IDLE)
SHOWN_CAUSES = 15
"""Bars of the Pareto chart; the table has every cause."""
FOLDED_ROWS = 15
"""Longer tables are folded, on paper too: the CSV file has every row."""
SHOWN_ROWS = 10
"""Rows of a folded table that are shown above it."""


def page(about: About, found: Measures, sheets: Sequence[Sheet], lang: Lang, /) -> str:
    """Give the whole page as text.

    Args:
        about: whose report it is.
        found: the measures, for the charts.
        sheets: the tables, in order; the first one is the headline.
        lang: language of every heading and sentence; names stay as they are.
    """
    title = label("measure.title", lang, region=about.name)
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    styles = "\n".join(
        (files("api.report") / name).read_text(encoding="utf-8") for name in ("page.css", "measures/page.css")
    )
    head = element(
        "head",
        Markup('<meta charset="utf-8">\n'),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'),
        Markup('<meta name="viewport" content="width=device-width, initial-scale=1">\n'),
        element("title", title),
        element("style", Markup(styles)),
    )
    header = element("header", element("h1", title), element("p", about.subtitle(found, lang)))
    drawn = _charts(found, lang)
    sections = element(
        "div", joined(_section(one, about, drawn, lang) for one in sheets[1:]), class_="measures"
    )
    body = [_key(sheets[0], lang), sections, _footer(lang)]
    return (
        "<!doctype html>\n"
        + element("html", head, element("body", header, element("main", joined(body))), lang=_LANG_TAG[lang])
        + "\n"
    )


def _key(sheet: Sheet, lang: Lang) -> Markup:
    share = sheet.columns[1]
    cards = (
        element(
            "div",
            element("dt", label(f"measure.figure_{name}", lang)),
            element(
                "dd",
                read_aloud(share, value, lang, currency=""),
                element("small", label("measure.out_of", lang, n=f"{n:,}")),
            ),
        )
        for name, value, n in sheet.rows
    )
    return element("dl", joined(cards), class_="key")


def _section(sheet: Sheet, about: About, drawn: Mapping[str, Markup], lang: Lang) -> Markup:
    inside = [
        element("h2", label(f"measure.sheet_{sheet.name}", lang)),
        element("p", about.definition(sheet.name, lang), class_="muted"),
    ]
    if not sheet.rows:
        inside.append(element("p", label("measure.nothing", lang)))
    else:
        if sheet.name in drawn:
            inside.append(element("div", drawn[sheet.name], class_="wide drawn"))
        inside.append(_rows(sheet, about, lang))
    return element("section", *inside, id=f"section-{sheet.name}")


def _rows(sheet: Sheet, about: About, lang: Lang) -> Markup:
    if len(sheet.rows) <= FOLDED_ROWS:
        return _table(sheet, sheet.rows, about, lang)
    # The whole region first; scheme by scheme only who looks for it.
    first = [row for row in sheet.rows if row[1] is By.ALL] or sheet.rows[:SHOWN_ROWS]
    summary = element("summary", label("measure.rows", lang, n=len(sheet.rows)))
    return joined(
        [
            _table(sheet, first, about, lang, brief=True),
            element("details", summary, _table(sheet, sheet.rows, about, lang)),
        ]
    )


def _table(
    sheet: Sheet, rows: Sequence[tuple[Cell, ...]], about: About, lang: Lang, *, brief: bool = False
) -> Markup:
    shown = [(at, one) for at, one in enumerate(sheet.columns) if not (brief and one.detail)]
    made = table(
        [heading(column, lang) for _, column in shown],
        (
            [read_aloud(column, row[at], lang, currency=about.currency) for at, column in shown]
            for row in rows
        ),
        numbers=[place for place, (_, column) in enumerate(shown) if column.shape not in _TO_THE_LEFT],
    )
    return element("div", made, class_="wide")


def _charts(found: Measures, lang: Lang) -> dict[str, Markup]:
    drawn = {
        "attainment": _attainment(found, lang),
        "restore": _restore(found, lang),
        "first_time_fix": _fixes(found, lang),
        "causes": _causes(found, lang),
        "backlog": _backlog(found, lang),
        "utilisation": _utilisation(found, lang),
    }
    return {name: chart for name, chart in drawn.items() if chart}


def _title(name: str, lang: Lang) -> str:
    return label(f"measure.sheet_{name}", lang)


def _attainment(found: Measures, lang: Lang) -> Markup:
    whole = {
        (row.milestone, row.version): row
        for row in found.attainment
        if row.by is By.ALL and row.milestone is not None
    }
    rows = []
    for (milestone, version), row in whole.items():
        share, first = row.share, whole[milestone, Version.FIRST].share
        if version is Version.LAST and share is not None:
            text = label("measure.share_of", lang, share=f"{share:.1%}", n=f"{row.attained + row.breached:,}")
            rows.append(charts.Bar(label(f"milestone.{milestone}", lang), (share, 1 - share), text, first))
    if not rows:
        return Markup()
    names = [label("measure.outcome_attained", lang), label("measure.outcome_breached", lang)]
    key = charts.legend(names, diamond=label("measure.legend_first", lang))
    return joined([key, charts.bars(rows, title=_title("attainment", lang), whole=1)])


def _restore(found: Measures, lang: Lang) -> Markup:
    rows = [
        charts.Bar(
            row.severity or label("measure.all", lang),
            tuple(row.mean_by_phase[phase] for phase in PHASES),
            label("measure.hours_of", lang, hours=f"{row.split_mean_s / 3600:,.1f}", n=f"{row.split:,}"),
        )
        for row in found.restore
        if row.split
    ]
    if not rows:
        return Markup()
    key = charts.legend([label(f"measure.phase_{phase}", lang) for phase in PHASES])
    return joined([key, charts.bars(rows, title=_title("restore", lang))])


def _fixes(found: Measures, lang: Lang) -> Markup:
    fix = found.first_time_fix
    if not fix.decided or fix.share is None:
        return Markup()
    shown = (Fix.FIRST_TIME, Fix.MORE_VISITS, Fix.CAME_BACK)
    text = label("measure.share_of", lang, share=f"{fix.share:.1%}", n=f"{fix.decided:,}")
    bar = charts.Bar(
        label("measure.figure_first_time_fix", lang), tuple(fix.counts[one] for one in shown), text
    )
    key = charts.legend([label(f"measure.fix_{one}", lang) for one in shown])
    return joined([key, charts.bars([bar], title=_title("first_time_fix", lang))])


def _causes(found: Measures, lang: Lang) -> Markup:
    rows = [
        (row.cause, row.tickets, row.running, f"{row.tickets:,} · {row.running:.0%}")
        for row in found.causes[:SHOWN_CAUSES]
    ]
    if not rows:
        return Markup()
    key = charts.legend([label("measure.head_tickets", lang)], line=label("measure.head_running", lang))
    return joined([key, charts.pareto(rows, title=_title("causes", lang))])


def _backlog(found: Measures, lang: Lang) -> Markup:
    if not found.backlog.tickets:
        return Markup()
    rows = []
    for group in found.backlog.groups:
        code = "measure.age_older" if group.until_days is None else "measure.age_between"
        name = label(code, lang, low=group.from_days, high=group.until_days or 0)
        rows.append((name, group.tickets))
    return charts.columns(rows, title=_title("backlog", lang))


def _utilisation(found: Measures, lang: Lang) -> Markup:
    rows = [
        charts.Bar(
            row.engineer or label("measure.all", lang),
            (row.travel_s / row.present_s, row.work_s / row.present_s),
            f"{row.share:.1%}",
        )
        for row in (*found.working_time[-1:], *found.working_time[:-1])
        if row.share
    ]
    if not rows:
        return Markup()
    key = charts.legend([label(f"measure.phase_{phase}", lang) for phase in (Phase.TRAVEL, Phase.WORK)])
    return joined([key, charts.bars(rows, title=_title("utilisation", lang), whole=1)])


def _footer(lang: Lang) -> Markup:
    return element("footer", label("measure.footer", lang))
