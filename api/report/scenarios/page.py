"""`scenarios.html`: what each scenario changes, with intervals and charts; nothing fetched from anywhere, no script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isfinite

from api.report.markup import Markup, element, joined, table
from api.report.measures.charts import Bar, bars, legend
from api.report.scenarios.about import About
from api.report.scenarios.charts import Axis, Point, heat, scatter, tornado
from api.report.scenarios.document import whole_page
from api.report.scenarios.told import change_told, figure_name, number, with_half
from api.text import Lang, label
from scenarios.measure.compare import Compared, Runs, attainment, causes, tiers_and_regions
from scenarios.measure.curve import front, knee
from scenarios.measure.figures import CLOCKS, MEANING, Better, Figure
from scenarios.run.outcome import Late

MOST_HEAT_TIERS = 12
MOST_NAMES = 6
"""Scenarios whose names fit beside their points; more are numbered, the base 0."""


def page(about: About, lang: Lang, /, *, target: float | None = None) -> str:
    """Give the whole page as text.

    Args:
        about: the simulation.
        lang: of every heading and sentence.
        target: share of the curves' clock to be marked in them; None: none.
    """
    title = label("simulation.title", lang, name=about.name(about.base.name, lang))
    body = [*_warnings(about, lang), _grid(about, lang), _charts(about, lang, target), _about(about, lang)]
    return whole_page(title, subtitle(about, lang), joined(body), lang)


def subtitle(about: About, lang: Lang, /) -> str:
    """Say how much was simulated."""
    wanted = about.simulated.wanted
    return label(
        "simulation.subtitle",
        lang,
        replications=len(about.simulated.replications),
        days=wanted.scenarios[0].world.days,
        warm_up=about.warm_up_given,
        policy=", ".join(wanted.policies),
        seed=wanted.seed,
    )


def warnings(about: About, lang: Lang, /) -> tuple[str, ...]:
    """Say what a reader must know before believing the figures."""
    found = []
    simulated = about.simulated
    if not simulated.whole:
        found.append(
            label(
                "simulation.stopped",
                lang,
                done=len(simulated.replications),
                wanted=simulated.wanted.replications,
            )
        )
    if len(simulated.replications) < 2:
        found.append(label("simulation.one_replication", lang))
    if about.warm_up is None:
        found.append(label("simulation.never_settles", lang))
    elif about.warm_up > about.warm_up_given:
        found.append(label("simulation.warm_up_short", lang, given=about.warm_up_given, found=about.warm_up))
    return tuple(found)


def _warnings(about: About, lang: Lang) -> list[Markup]:
    return [element("p", one, class_="warning") for one in warnings(about, lang)]


def _grid(about: About, lang: Lang) -> Markup:
    names = [
        f"{_tag(about, at)}{about.name(runs.name, lang)}" for at, runs in enumerate(about.simulated.runs)
    ]
    rows = []
    for figure in about.shown():
        cells = [element("td", figure_name(figure, lang, currency=about.currency))]
        cells += [_cell(about.rows[figure, runs.name], lang) for runs in about.simulated.runs]
        rows.append(element("tr", Markup("".join(cells))))
    head = element("tr", Markup("".join(element("th", one) for one in ["", *names])))
    made = element("table", element("thead", head), element("tbody", joined(rows)), class_="compared")
    return element(
        "section",
        element("h2", label("simulation.grid", lang)),
        element("p", label("simulation.grid_about", lang), class_="muted"),
        element("div", made, class_="wide"),
    )


def _cell(row: Compared, lang: Lang) -> Markup:
    inside = [with_half(row.figure, row.itself)]
    if row.at_least is not None:
        inside.append(
            element("small", label("simulation.at_least", lang, share=number(row.figure, row.at_least)))
        )
    told = change_told(row, lang)
    if told:
        inside.append(element("small", told))
    return element("td", *inside, class_=row.effect.value if row.effect else "base")


def _charts(about: About, lang: Lang, target: float | None) -> Markup:
    drawn: Mapping[str, Markup] = {
        "curve": _curve(about, lang, target),
        "front": _front(about, lang, target),
        "tornado": _tornado(about, lang, Figure.ARRIVE),
        "tornado_cost": _tornado(about, lang, Figure.COST_WEEK),
        "heat": _heat(about, lang),
        "late": _late(about, lang),
    }
    sections: Iterable[Markup] = (
        element(
            "section",
            element("h2", label(f"simulation.chart_{name}", lang)),
            element("p", label(f"simulation.chart_{name}_about", lang), class_="muted"),
            element("div", chart, class_="wide"),
            class_="broad" if name in {"heat", "late"} else "half",
        )
        for name, chart in drawn.items()
        if chart
    )
    return element("div", joined(sections), class_="charts")


def _points(about: About, figure: Figure, lang: Lang, *, by_engineers: bool) -> list[Point]:
    found = []
    for at, runs in enumerate(about.simulated.runs):
        itself = about.rows[figure, runs.name].itself
        x = float(runs.engineers) if by_engineers else about.rows[Figure.COST_WEEK, runs.name].itself.mean
        found.append(
            Point(
                x,
                100 * itself.mean,
                100 * itself.half,
                _tag(about, at, short=True) or about.name(runs.name, lang),
            )
        )
    return found


def _tag(about: About, at: int, *, short: bool = False) -> str:
    """The number of a scenario where there are too many for their names to stand beside points; else nothing."""
    if len(about.scenarios) <= MOST_NAMES:
        return ""
    return str(at) if short else f"{at} · "


def _clock(about: About) -> Figure | None:
    """The share the curves are about: the one asked for, else arrivals where any are promised, else repairs."""
    return about.clock or next((one for one in CLOCKS if about.rows[one, about.base.name].itself.n), None)


def _curve(about: About, lang: Lang, target: float | None) -> Markup:
    """Promises kept against engineers: scenarios that differ in anything else lie off the line and are not joined."""
    figure = _clock(about)
    if figure is None or len({runs.engineers for runs in about.simulated.runs}) < 2:
        return Markup()
    points = _points(about, figure, lang, by_engineers=True)
    lines = [
        sorted(line, key=lambda at: (points[at].x, at)) for line in about.lines or (_staffing_only(about),)
    ]
    bends = [(line, knee([(points[at].x, points[at].y) for at in line])) for line in lines]
    marked = {line[bend] for line, bend in bends if bend is not None}
    points = [Point(one.x, one.y, one.half, one.name, marked=at in marked) for at, one in enumerate(points)]
    x = Axis(label("simulation.engineers", lang), "{:.0f}")
    return scatter(
        points,
        x,
        _share_axis(figure, lang),
        title=label("simulation.chart_curve", lang),
        lines=lines,
        level=None if target is None else 100 * target,
    )


def _staffing_only(about: About) -> list[int]:
    """One scenario for each number of engineers, with the base's demand, promises, loaners and parts; the base first."""
    base = about.scenarios[0].world
    like = [
        at
        for at, one in enumerate(about.scenarios)
        if one.world.demand == base.demand
        and one.world.chance == base.chance
        and one.world.region.stock.loaner_units == base.region.stock.loaner_units
        and {shelf.part: 0 for shelf in one.world.shelves} == {shelf.part: 0 for shelf in base.shelves}
    ]
    return list({about.scenarios[at].engineers: at for at in reversed(like)}.values())


def _front(about: About, lang: Lang, target: float | None) -> Markup:
    figure = _clock(about)
    if figure is None or len(about.simulated.runs) < 2:
        return Markup()
    points = _points(about, figure, lang, by_engineers=False)
    best = front([(one.x, one.y) for one in points])
    points = [Point(one.x, one.y, one.half, one.name, marked=at in best) for at, one in enumerate(points)]
    x = Axis(figure_name(Figure.COST_WEEK, lang, currency=about.currency), "{:,.0f}")
    return scatter(
        points,
        x,
        _share_axis(figure, lang),
        title=label("simulation.chart_front", lang),
        level=None if target is None else 100 * target,
    )


def _share_axis(figure: Figure, lang: Lang) -> Axis:
    return Axis(label(f"simulation.figure_{figure}", lang) + " %", "{:.0f}")


def _tornado(about: About, lang: Lang, figure: Figure) -> Markup:
    rows = []
    for runs in about.simulated.runs[1:]:
        row = about.rows[figure, runs.name]
        if row.change is not None and row.effect is not None and isfinite(row.change.by.mean):
            wanted = MEANING[figure].better is not Better.NEITHER
            effect = row.effect.value if wanted else ""
            rows.append(
                (
                    about.name(runs.name, lang),
                    row.change.by.mean,
                    row.change.by.half,
                    effect,
                    change_told(row, lang),
                )
            )
    if not rows:
        return Markup()
    rows.sort(key=lambda row: -abs(row[1]))
    return tornado(rows, title=label("simulation.chart_tornado", lang))


def _heat(about: About, lang: Lang) -> Markup:
    tiers, regions = tiers_and_regions([about.base])
    figure = _clock(about)
    if figure is None or not tiers:
        return Markup()
    drawn = []
    for runs in _extremes(about, figure):
        rows = []
        for tier in tiers[:MOST_HEAT_TIERS]:
            found = [attainment(runs, figure, tier=tier, region=region) for region in regions]
            whole = attainment(runs, figure, tier=tier, region=None)
            rows.append((tier, [(one.mean, number(figure, one.mean)) for one in [*found, whole]]))
        last = [attainment(runs, figure, tier=None, region=region) for region in [*regions, None]]
        rows.append((label("simulation.all", lang), [(one.mean, number(figure, one.mean)) for one in last]))
        drawn += [
            element("h3", about.name(runs.name, lang)),
            heat([*regions, label("simulation.all", lang)], rows, title=label("simulation.chart_heat", lang)),
        ]
    return joined(drawn)


def _extremes(about: About, figure: Figure) -> list[Runs]:
    """The base, and the scenarios that keep most and fewest promises."""
    others = sorted(about.simulated.runs[1:], key=lambda runs: about.rows[figure, runs.name].itself.mean)
    chosen = [about.base, *others[-1:], *others[:1]]
    return list({runs.name: runs for runs in chosen}.values())


def _late(about: About, lang: Lang) -> Markup:
    codes = [code for code in Late if code is not Late.NOT]
    rows = []
    for runs in about.simulated.runs:
        found = causes(runs)
        text = label("simulation.late_of", lang, late=f"{sum(found.values()):.1f}")
        rows.append(Bar(about.name(runs.name, lang)[:30], tuple(found[code] for code in codes), text))
    if not any(sum(row.parts) for row in rows):
        return Markup()
    key = legend([label(f"simulation.late_{code.name.lower()}", lang) for code in codes])
    return joined([key, bars(rows, title=label("simulation.chart_late", lang))])


def _about(about: About, lang: Lang) -> Markup:
    told = [
        part
        for scenario in about.scenarios
        for part in (
            element("dt", scenario.name[lang == "zh"]),
            element("dd", scenario.about[lang == "zh"] or scenario.id),
        )
    ]
    named = table(
        [label("simulation.file", lang), "SHA-256"],
        [*about.files, *([("dataset", about.dataset)] if about.dataset else [])],
    )
    return element(
        "section",
        element("h2", label("simulation.scenarios", lang)),
        element("dl", joined(told), class_="about"),
        element("div", named, class_="wide muted"),
    )
