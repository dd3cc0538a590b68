"""plan.html: whole, self-contained, and safe whatever a dataset calls its sites."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from api.report.outline_map import Projection
from api.report.page import page
from api.report.view import Report
from api.text import LANGUAGES, Lang, label
from dispatch.deadline import DeadlineState
from kernel.place import LatLon, geodesic_m

VOID = {"meta"}


class Reading(HTMLParser):
    """Collects what a browser would see: elements, attributes, texts; notes tags that do not match."""

    def __init__(self, text: str) -> None:
        """Read a page."""
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.names: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.names.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Note an end that does not close what is open."""
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.text.append(data)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_is_one_whole_document(report: Report, lang: Lang) -> None:
    """Every element is closed, every heading is in the reader's language, the language is declared."""
    found = Reading(page(report, lang))

    assert found.open == []
    assert found.wrong == []
    assert ("html", "lang", {"en": "en", "zh": "zh-Hans"}[lang]) in found.attributes
    text = " ".join(found.text)
    for heading in ("stories", "left_out", "timeline", "map", "cost", "pick_ups", "loaners", "reorder"):
        assert label(f"plan.{heading}", lang) in text
    assert not re.search(r"\b(plan|story|milestone|reorder)\.[a-z_]+", text), "a code without a sentence"


def test_the_page_asks_nobody_for_anything(report: Report) -> None:
    """It is opened from a mail on a machine without a network; and it may not phone home."""
    text = page(report, "en")
    found = Reading(text)

    assert not {"script", "link", "img", "iframe", "object", "embed", "form", "base", "image"} & set(
        found.names
    )
    assert {value[:1] for _, name, value in found.attributes if name in {"href", "src", "xlink:href"}} == {
        "#"
    }
    assert not re.search(r"@import|url\((?!#)|https?:", text)
    assert not [name for _, name, _ in found.attributes if name.startswith("on")]


def test_a_name_in_the_dataset_cannot_become_markup(report: Report) -> None:
    """A site may be called anything; in a page it is text."""
    text = page(report, "en")
    found = Reading(text)

    assert "<script" not in text
    assert "script" not in found.names
    assert any("<script>alert('x')</script> & \"Söhne\" 医院" in piece for piece in found.text)
    assert "Small &amp; &lt;b&gt;" in text


def test_every_visit_can_be_jumped_to(report: Report) -> None:
    """Bars, sites and stories point at rows; a link to nowhere is worse than none."""
    found = Reading(page(report, "en"))
    names = [value for _, name, value in found.attributes if name == "id"]

    links = {value[1:] for _, name, value in found.attributes if name == "href"}

    assert links <= set(names)
    assert {visit.id for visit in report.visits} <= links
    assert len(names) == len(set(names))


def test_a_missed_deadline_is_hatched_and_marked_not_only_coloured(report: Report) -> None:
    """One reader in twelve cannot tell the colours apart, and a printer may have only one."""
    late = next(visit for visit in report.visits if visit.state is DeadlineState.WILL_MISS)

    text = page(report, "en")

    bar = text[text.index(f'<a href="#{late.id}"><svg') :]
    bar = bar[: bar.index("</svg>")]
    assert 'fill="url(#miss)"' in bar
    assert bar.count("<path") >= 1
    assert "will miss" in bar


def test_a_plan_without_routes_has_a_page(report: Report) -> None:
    """Nobody free today is a plan too."""
    empty = replace(report, plan=replace(report.plan, routes=()), proposals=())

    found = Reading(page(empty, "zh"))

    assert found.open == []
    assert label("plan.none_pick_ups", "zh") in " ".join(found.text)


def test_a_page_is_the_same_every_time(report: Report) -> None:
    """Two runs are compared byte for byte."""
    again = Report(report.board, report.problem, report.plan, report.proposals)

    assert page(report, "en") == page(again, "en")


def test_the_map_keeps_distances_in_proportion() -> None:
    """The cosine squeeze: a kilometre east is as long as a kilometre north, within two per cent."""
    on = Projection.of([LatLon(24.5, 117.0), LatLon(27.0, 120.0)])
    centre, north, east = LatLon(25.75, 118.5), LatLon(26.25, 118.5), LatLon(25.75, 119.0)

    (x, y), (_, up), (right, _) = on.xy(centre), on.xy(north), on.xy(east)

    assert (y - up) / geodesic_m(centre, north) == pytest.approx(
        (right - x) / geodesic_m(centre, east), rel=0.02
    )
    assert up < y
    assert right > x
    assert on.px_per_km == pytest.approx((y - up) / geodesic_m(centre, north) * 1000, rel=0.01)


def test_a_map_of_one_place_can_be_drawn() -> None:
    """A region of one site has no extent to divide by."""
    on = Projection.of([LatLon(26.0, 119.0)])

    assert on.xy(LatLon(26.0, 119.0)) == (26.0, 26.0)
