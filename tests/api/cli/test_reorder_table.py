"""What the reader of reorder proposals sees, in both languages."""

from __future__ import annotations

import io
import json
import string
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from api.cli.reorder_table import as_document, show
from api.text import LANGUAGES, Lang, catalogue
from inventory.replenish.reorder import Proposal
from inventory.review import review
from tests.stock_builders import NOW, move, need, stockroom

FUJIAN = ZoneInfo("Asia/Shanghai")


def proposals() -> tuple[Proposal, ...]:
    """A transfer of two and a purchase of three for one need."""
    return review(stockroom(move(1, 2, "ADJUSTMENT", "XIAMEN")), [need(5)], NOW)


def printed(found: tuple[Proposal, ...], *, lang: Lang = "en", limit: int = 20) -> str:
    """The lines on a terminal of 110 columns."""
    out = io.StringIO()
    show(
        found,
        Console(file=out, width=110),
        lang=lang,
        limit=limit,
        now=NOW,
        zone=FUJIAN,
        currency="CNY",
    )
    return out.getvalue()


def test_a_proposal_is_shown_with_its_calculation() -> None:
    """Line, then why: inputs, comparison, source; times are local, amounts in the region's currency."""
    text = printed(proposals())

    assert "Reorder proposals as of 2026-03-02 10:40 (Asia/Shanghai)" in text
    assert "transfer from XIAMEN" in text
    assert "buy from S-1" in text
    assert "-5 is at or below the reorder point -1: 0 - (-5) = 5 units are due." in text
    assert "If nothing is done, 5 units are missing at worst, first at 2026-03-03 10:40." in text
    assert "2 proposals: 1 transfer, 1 purchase for 270.00 CNY, 0 without a source." in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_step_is_left_without_a_sentence(lang: Lang) -> None:
    """A code without a sentence would be shown raw: none is, and no placeholder stays open."""
    text = printed(proposals(), lang=lang)

    assert "reorder." not in text
    assert "{" not in text


def test_what_is_not_shown_is_counted() -> None:
    """A limit hides lines, never the fact that there are more; 0 shows all."""
    assert "1 more proposal is not shown" in printed(proposals(), limit=1)
    assert "not shown" not in printed(proposals(), limit=0)


def test_nothing_to_do_is_said() -> None:
    """An empty answer is an answer."""
    assert "Nothing needs to be moved or bought." in printed(())


def test_the_document_holds_codes_values_and_sentences() -> None:
    """Programs read the codes, people the sentences; amounts stay exact, times carry their offset."""
    document = as_document(proposals(), lang="en", limit=1, now=NOW, zone=FUJIAN, currency="CNY")

    first = json.loads(json.dumps(document))["proposals"][0]

    assert document["count"] == 2
    assert len(document["proposals"]) == 1
    assert (first["source"], first["quantity"], first["cost"]) == ("transfer", 2, "60")
    assert first["arrives_at"] == "2026-03-03T02:40:00+00:00"
    due = next(step for step in first["why"] if step["code"] == "reorder.due")
    assert due["values"] == {"projected": -5, "reorder_point": -1, "order_up_to": 0, "wanted": 5}
    assert due["text"].startswith("-5 is at or below")


@pytest.mark.parametrize("subject", ["stock", "reorder"])
def test_both_languages_say_the_same_with_the_same_values(subject: str) -> None:
    """Every code stands in both catalogues with the same placeholders."""

    def values(lang: Lang) -> dict[str, set[str]]:
        return {
            code: {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
            for code, sentence in catalogue(lang).items()
            if code.startswith(f"{subject}.")
        }

    assert values("en") == values("zh")
