"""The ways out of an overrun as a table and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from api.text import Lang, label
from api.text.spoken import length, listed, tell
from api.usecases.rescuing import Rescued
from dispatch.desk.milestone import Milestone
from dispatch.rescue import LoanerPrice, Way
from kernel.clock import zone
from kernel.errors import Message, Value
from kernel.money import from_cents

PROMISED = (Milestone.ARRIVE, Milestone.REPAIR, Milestone.SUBSTITUTE)
NAMED = 8
"""Visits named in a line; the others are counted."""


def print_rescue(rescued: Rescued, console: Console, lang: Lang) -> None:
    """Print the ways, open ones with their figures, closed ones with their reasons."""
    words = _Words(rescued, lang)
    rescue = rescued.rescue
    title = label("rescue.title", lang, ticket=rescue.ticket, visit=rescue.visit)
    console.print(f"[bold]{title}[/bold]")
    promised = [
        milestone
        for milestone in PROMISED
        if any(promise.milestone is milestone for way in rescue.ways for promise in way.promises)
    ]
    table = Table()
    for head in ("number", "way", "engineer", "finish"):
        table.add_column(label(f"rescue.head_{head}", lang), no_wrap=head != "way", overflow="fold")
    for milestone in promised:
        table.add_column(label(f"milestone.{milestone.value}", lang), overflow="fold")
    for head in ("money", "others", "safe"):
        table.add_column(label(f"rescue.head_{head}", lang), no_wrap=head != "others", overflow="fold")
    for number, way in enumerate(rescue.ways, start=1):
        if way.closed is None:
            table.add_row(*words.row(number, way, promised))
    console.print(table)
    for line in words.notes():
        console.print(line, markup=False)


class _Words:
    """The figures of a rescue in words."""

    def __init__(self, rescued: Rescued, lang: Lang) -> None:
        self._rescued, self._lang = rescued, lang
        settings = rescued.board.region.settings
        self._zone, self._currency = zone(settings.zone), settings.currency

    def row(self, number: int, way: Way, promised: list[Milestone]) -> list[str]:
        return [
            str(number),
            self.say(way.name),
            way.engineer or label("plan.nobody", self._lang),
            "–" if way.finish_s is None else self.at(way.finish_s),
            *(self._spare(way, milestone) for milestone in promised),
            f"{from_cents(way.cents):+,.2f}",
            self._others(way),
            "–" if way.safe_until_s is None else self.at(way.safe_until_s),
        ]

    def notes(self) -> Iterator[str]:
        """What stands below the table: money term by term, loaners beside their bill, closed ways, how it is reckoned."""
        ways = self._rescued.rescue.ways
        numbered = list(enumerate(ways, start=1))
        priced = [(number, way) for number, way in numbered if way.closed is None and way.cents]
        if priced:
            yield label("rescue.terms", self._lang, currency=self._currency)
        for number, way in priced:
            yield f"  {number}  " + listed(self._terms(way), self._lang)
        affected = [(number, line) for number, way in numbered for line in self._affected(way)]
        if affected:
            yield label("rescue.others", self._lang)
        for number, line in affected:
            yield f"  {number}  {line}"
        told: set[str] = set()
        for number, way in numbered:
            if way.loaner is not None and (said := self._bill(number, way.loaner)) not in told:
                told.add(said)
                yield said
        if any(way.closed is not None for way in ways):
            yield label("rescue.closed", self._lang)
        for number, way in numbered:
            if way.closed is not None:
                reason = label(
                    "rescue.closed_way", self._lang, way=self.say(way.name), why=self.say(way.closed)
                )
                yield f"  {number}  {reason}"
        yield label("rescue.how_safe", self._lang)

    def _terms(self, way: Way) -> Iterator[str]:
        for term, cents in asdict(way.terms).items():
            if cents and term != "vehicles":
                yield f"{label(f'plan.cost_{term}', self._lang)} {from_cents(cents):+,.2f}"

    def say(self, message: Message) -> str:
        moment = self._rescued.board.moment
        return tell(message, self._lang, zone=self._zone, currency=self._currency, moment=moment)

    def at(self, tick: int) -> str:
        return f"{self._rescued.board.moment(tick).astimezone(self._zone):%m-%d %H:%M}"

    def _spare(self, way: Way, milestone: Milestone) -> str:
        promise = next((one for one in way.promises if one.milestone is milestone), None)
        if promise is None:
            return "–"
        if promise.spare_s is None:
            return label("rescue.not_met", self._lang)
        code = "rescue.kept" if promise.spare_s >= 0 else "rescue.late"
        return label(code, self._lang, time=length(abs(promise.spare_s), self._lang))

    def _others(self, way: Way) -> str:
        counts = [
            label(f"rescue.count_{what}", self._lang, count=len(visits))
            for what, visits in asdict(way.effect).items()
            if visits
        ]
        return listed(counts, self._lang) or label("rescue.others_none", self._lang)

    def _affected(self, way: Way) -> Iterator[str]:
        for what, visits in asdict(way.effect).items():
            if visits:
                yield label(f"rescue.others_{what}", self._lang, visits=_named(visits, self._lang))

    def _bill(self, number: int, loaner: LoanerPrice) -> str:
        facts: dict[str, Value] = {
            "number": number,
            "unit": loaner.unit,
            "cost_cents": loaner.cents,
            "bill_cents": loaner.bill,
            "left_cents": loaner.still_owed,
            "saved_cents": abs(loaner.saved),
        }
        code = "rescue.loaner_saves" if loaner.saved > 0 else "rescue.loaner_too_dear"
        return self.say(Message(code, facts))


def _named(visits: tuple[str, ...], lang: Lang) -> str:
    return listed(visits[:NAMED], lang) + (" …" if len(visits) > NAMED else "")
