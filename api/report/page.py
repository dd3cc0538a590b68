"""`plan.html`: one page with everything about a plan, nothing fetched from anywhere, no script."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files

from api.report import marks, outline_map, page_tables, timeline, wording
from api.report.markup import Markup, element, joined
from api.report.stories import stories
from api.report.told import Told
from api.report.view import Report
from api.text import Lang, label
from dispatch.deadline import DeadlineState

_LANG_TAG = {"en": "en", "zh": "zh-Hans"}


def page(report: Report, lang: Lang, /) -> str:
    """Give the whole page as text.

    Args:
        report: the plan and what it was made from.
        lang: language of every heading and sentence; names stay as the dataset has them.
    """
    settings = report.board.region.settings
    title = label("plan.title", lang, region=settings.name)
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    head = element(
        "head",
        Markup('<meta charset="utf-8">\n'),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'),
        Markup('<meta name="viewport" content="width=device-width, initial-scale=1">\n'),
        element("title", title),
        element("style", Markup((files(__package__) / "page.css").read_text(encoding="utf-8"))),
    )
    defs = element("svg", marks.patterns(), width=0, height=0, aria_hidden="true", style="position:absolute")
    body = element("body", defs, _header(report, title, lang), element("main", _sections(report, lang)))
    return "<!doctype html>\n" + element("html", head, body, lang=_LANG_TAG[lang]) + "\n"


def _header(report: Report, title: str, lang: Lang) -> Markup:
    settings = report.board.region.settings
    line = label(
        "plan.subtitle",
        lang,
        now=report.clock(0),
        zone=settings.zone,
        days=settings.horizon_days,
        engineers=len(report.board.region.field.engineers),
    )
    return element("header", element("h1", title), element("p", line))


def _sections(report: Report, lang: Lang) -> Markup:
    told, figures = stories(report), report.figures
    left_out = [visit for visit in report.visits if visit.done is None]
    below = element(
        "div",
        _section("map", lang, element("div", outline_map.drawing(report, lang), class_="map")),
        element(
            "div",
            _section("attainment", lang, page_tables.attainment(report, lang)),
            _section("cost", lang, page_tables.cost(report, lang)),
        ),
        class_="pair",
    )
    parts = [
        _key(report, lang),
        _section("stories", lang, _stories(report, told, lang)) if told else Markup(),
        _section("left_out", lang, page_tables.left_out(report, left_out, lang)),
        _section("calls", lang, page_tables.calls(report, lang)),
        _timeline(report, lang),
        below,
        _section("pick_ups", lang, page_tables.pick_ups(report, lang)),
        _section("deliveries", lang, page_tables.deliveries(report, lang)),
        _section("loaners", lang, page_tables.loaners(report, lang)),
        _section("given_away", lang, page_tables.given_away(report, lang))
        if figures.given_away
        else Markup(),
        _section("fetched", lang, page_tables.fetched(report, lang)) if figures.fetched else Markup(),
        _section("reorder", lang, page_tables.reorder(report, lang)),
        _section("visits", lang, page_tables.visits(report, lang)),
        _footer(report, lang),
    ]
    return joined(parts)


def _section(name: str, lang: Lang, *inside: Markup) -> Markup:
    return element("section", element("h2", label(f"plan.{name}", lang)), *inside, id=f"section-{name}")


def _key(report: Report, lang: Lang) -> Markup:
    figures = report.figures
    at_risk = sum(visit.state is DeadlineState.AT_RISK for visit in report.visits if visit.done)
    cards = [
        ("planned", f"{figures.planned} / {figures.visits}", _count("plan.key_routes", figures.routes, lang)),
        ("left_out", str(len(figures.left_out)), ""),
    ]
    for row in figures.attainment:
        small = label("plan.key_met", lang, met=row.met, total=row.total)
        cards.append((row.milestone.value, wording.percent(row.share), small))
    cards += [
        ("at_risk", str(at_risk), ""),
        ("travel", wording.hours(figures.travel_s, lang), wording.kilometres(figures.distance_m)),
        ("overtime", wording.hours(figures.overtime_s, lang), ""),
        ("total", report.money(figures.terms.total), ""),
    ]
    return element(
        "dl",
        joined(
            element(
                "div",
                element("dt", label(f"plan.key_{name}", lang)),
                element("dd", value, element("small", small) if small else Markup()),
            )
            for name, value, small in cards
        ),
        class_="key",
    )


def _count(code: str, count: int, lang: Lang) -> str:
    return label(code, lang, count=count)


def _stories(report: Report, told: Iterable[Told], lang: Lang) -> Markup:
    items = []
    for one in told:
        heading = label(f"story.title_{one.story.kind}", lang)
        there = f"#{one.visit}" if one.visit else "#section-reorder"
        see = element("a", label("plan.see", lang, what=one.visit or label("plan.reorder", lang)), href=there)
        note = Markup() if one.holds else element("span", label("plan.story_off", lang), class_="muted")
        items.append(
            element(
                "li",
                element("b", heading),
                report.tell(one.sentence, lang),
                " ",
                see,
                " ",
                note,
                class_="on" if one.holds else "off",
            )
        )
    return element("ul", joined(items), class_="stories")


def _timeline(report: Report, lang: Lang) -> Markup:
    drawn = [
        element(
            "div",
            element("h3", heading),
            element("div", drawing, class_="wide"),
            class_="day",
        )
        for heading, drawing in timeline.days(report, lang)
    ]
    return _section("timeline", lang, timeline.legend(lang), *drawn)


def _footer(report: Report, lang: Lang) -> Markup:
    manifest = report.plan.manifest
    made = (
        label("plan.made", lang, seed=manifest.seed, work=manifest.work, status=manifest.status)
        if manifest
        else ""
    )
    problem = label("plan.problem", lang, digest=report.problem.digest[:12])
    return element("footer", f"Fieldwright · {problem} {made}".strip())
