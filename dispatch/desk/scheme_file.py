"""Reading a scheme from its TOML file: everything is checked, nothing unknown is let through."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from dispatch.desk.milestone import Milestone, Promise, Severity, SeverityChange, Wait
from dispatch.desk.scheme import (
    Breach,
    LoanerClause,
    LoanerRule,
    Per,
    Scheme,
    Term,
    Unit,
)
from dispatch.desk.scheme_grammar import Path, Reader
from kernel.calendars import BusinessCalendar, weekly
from kernel.clock import zone
from kernel.errors import Location, Refusal
from kernel.ids import checked_id
from kernel.money import currency

SCHEMA = 1
LONGEST_DAYS = 366
_DURATION = re.compile(r"([1-9]\d{0,5}) (min|h|d)")
_AT = re.compile(r"line (\d+)")


def load_scheme(text: str, /, file: str) -> Scheme:
    """Read and check one scheme.

    Args:
        text: the TOML text.
        file: its name, for refusals.

    Raises:
        Refusal: ``scheme.*`` (and ``calendar.*``, ``clock.unknown_zone``, ``id.malformed``,
            ``money.not_a_currency``), with the line and the key.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _AT.search(str(error))
        # The parser says "at end of document" when the text just stops.
        line = int(found[1]) if found else text.count("\n") + 1
        raise Refusal("scheme.not_toml", at=Location(file, line), detail=str(error)[:120]) from None
    return _SchemeReader(file, text).scheme(table)


@cache
def builtin_schemes() -> Mapping[tuple[str, str], Scheme]:
    """Give every scheme that ships, by (id, version), in order of id."""
    folder = files("dispatch.desk") / "schemes"
    found = [
        load_scheme(file.read_text(encoding="utf-8"), file.name)
        for file in folder.iterdir()
        if file.name.endswith(".toml")
    ]
    return collect(sorted(found, key=lambda scheme: (scheme.id, scheme.effective_on)))


def collect(schemes: Iterable[Scheme], /) -> dict[tuple[str, str], Scheme]:
    """Key schemes by (id, version).

    Raises:
        Refusal: ``scheme.duplicate`` when two have the same id and version.
    """
    collected: dict[tuple[str, str], Scheme] = {}
    for scheme in schemes:
        if (scheme.id, scheme.version) in collected:
            raise Refusal("scheme.duplicate", scheme=scheme.id, version=scheme.version)
        collected[scheme.id, scheme.version] = scheme
    return collected


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


class _SchemeReader(Reader):
    """Reads the parts of a scheme."""

    zone = ""

    def scheme(self, table: dict[str, Any]) -> Scheme:
        """Read the whole file."""
        self.only(
            table,
            (),
            {"schema", "id", "version", "effective_on", "name", "document", "zone", "currency"}
            | {"severity_change", "repeat_faults", "original_only", "continuous", "remote_excepted"}
            | {"words", "calendars", "milestones", "pauses", "breach", "loaner"},
        )
        schema = self.need(table, ("schema",), int)
        if schema != SCHEMA:
            raise Refusal("scheme.unknown_schema", at=self.at(("schema",)), found=schema, known=SCHEMA)
        self.zone = self.need(table, ("zone",), str)
        self.within(("zone",), lambda: zone(self.zone))
        names = self.need(table, ("name",), dict)
        self.only(names, ("name",), {"en", "zh"})
        calendars = {
            key: self.calendar(key, value) for key, value in self.tables(table, ("calendars",)).items()
        }
        milestones = {
            self.word(Milestone, key, ("milestones", key)): self.terms(key, value, calendars)
            for key, value in self.tables(table, ("milestones",)).items()
        }
        if not milestones:
            raise Refusal("scheme.key_missing", at=self.at(("milestones",)), key="milestones")
        return Scheme(
            id=self.text_id(table, ("id",)),
            version=self.text_id(table, ("version",)),
            effective_on=self.need(table, ("effective_on",), date),
            names={lang: self.need(names, ("name", lang), str) for lang in ("en", "zh")},
            document=self.need(table, ("document",), str),
            zone=self.zone,
            currency=self.within(("currency",), lambda: currency(self.need(table, ("currency",), str))),
            milestones={m: milestones[m] for m in Milestone if m in milestones},
            severity_change=self.word(
                SeverityChange, self.ruled(table, ("severity_change",), str), ("severity_change",)
            ),
            words=self.words(table),
            calendars=calendars,
            pauses=self.pauses(table, milestones),
            remote_excepted=self.milestone_list(
                self.ruled(table, ("remote_excepted",), list, default=[]), ("remote_excepted",), milestones
            ),
            breach=self.breaches(table, milestones),
            loaner=self.loaner(table, milestones),
            repeat_faults=self.positive(table, ("repeat_faults",)),
            original_only=self.ruled(table, ("original_only",), bool, default=False),
            continuous=self.ruled(table, ("continuous",), bool, default=False),
            figures=tuple(self.figures),
        )

    # The parts of a scheme

    def calendar(self, key: str, value: dict[str, Any]) -> BusinessCalendar:
        path = ("calendars", key)
        self.only(value, path, {"days", "source", "zone", "country", "subdivision", "makeup", "dates"})
        days = self.need(value, (*path, "days"), dict)
        dates = self.need(value, (*path, "dates"), dict, default={})
        for name, entries in (("days", days), ("dates", dates)):
            for entry in entries:
                self.need(entries, (*path, name, entry), str)
        calendar = self.within(
            path,
            lambda: weekly(
                checked_id(key),
                self.need(value, (*path, "zone"), str, default=self.zone),
                days,
                country=self.need(value, (*path, "country"), str, default=""),
                subdivision=self.need(value, (*path, "subdivision"), str, default=""),
                exceptions={self.day(on, (*path, "dates", on)): text for on, text in dates.items()},
                makeup=self.need(value, (*path, "makeup"), str, default=""),
            ),
        )
        self.within(path, lambda: calendar.working_day_s)
        shown = ", ".join(f"{name} {text}" for name, text in days.items())
        self.figure(value, path, shown)
        return calendar

    def terms(
        self, key: str, value: dict[str, Any], calendars: Mapping[str, BusinessCalendar]
    ) -> dict[Severity, Term]:
        path = ("milestones", key)
        self.only(value, path, {"all", *Severity})
        terms = {}
        for severity in Severity:
            chosen = severity if severity in value else "all"
            if chosen not in value:
                raise Refusal("scheme.severity_missing", at=self.at(path), milestone=key, severity=severity)
            terms[severity] = self.term(self.need(value, (*path, chosen), dict), (*path, chosen), calendars)
        if "all" in value and all(severity in value for severity in Severity):
            raise Refusal("scheme.all_unused", at=self.at((*path, "all")), milestone=key)
        return terms

    def term(self, value: dict[str, Any], path: Path, calendars: Mapping[str, BusinessCalendar]) -> Term:
        self.only(value, path, {"within", "calendar", "promise", "source"})
        if "promise" in value:
            promise = self.word(Promise, self.need(value, (*path, "promise"), str), (*path, "promise"))
        else:
            promise = Promise.TIMED
        if promise is not Promise.TIMED:
            for key in ("within", "calendar"):
                if key in value:
                    raise Refusal("scheme.time_without_promise", at=self.at((*path, key)), promise=promise)
            return Term(promise, self.figure(value, path, promise))
        amount, unit = self.duration(self.need(value, (*path, "within"), str), (*path, "within"))
        calendar = self.need(value, (*path, "calendar"), str, default="")
        if calendar and calendar not in calendars:
            raise Refusal("scheme.unknown_calendar", at=self.at((*path, "calendar")), calendar=calendar[:64])
        if calendar and unit is Unit.SAME_DAY:
            raise Refusal("scheme.same_day_is_elapsed", at=self.at((*path, "calendar")))
        shown = f"{value['within']} {calendar}".strip()
        return Term(promise, self.figure(value, path, shown), amount, unit, calendar)

    def duration(self, text: str, path: Path) -> tuple[int, Unit]:
        if text == Unit.SAME_DAY:
            return 0, Unit.SAME_DAY
        found = _DURATION.fullmatch(text)
        if not found:
            raise Refusal("scheme.not_a_duration", at=self.at(path), value=text[:40])
        term = Term(Promise.TIMED, "", int(found[1]), Unit(found[2]))
        if term.allowance_s(None) > LONGEST_DAYS * 86_400:
            raise Refusal("scheme.too_long", at=self.at(path), value=text, days=LONGEST_DAYS)
        return term.amount, term.unit

    def words(self, table: dict[str, Any]) -> dict[str, Severity]:
        words = {}
        for word, value in self.tables(table, ("words",)).items():
            path = ("words", word)
            self.only(value, path, {"severity", "source"})
            words[word] = self.word(Severity, self.need(value, (*path, "severity"), str), (*path, "severity"))
            self.figure(value, path, words[word])
        return words

    def pauses(self, table: dict[str, Any], known: Iterable[Milestone]) -> dict[Wait, frozenset[Milestone]]:
        pauses = {}
        for key, value in self.tables(table, ("pauses",)).items():
            path = ("pauses", key)
            self.only(value, path, {"milestones", "source"})
            paused = self.need(value, (*path, "milestones"), list)
            wait = self.word(Wait, key, path)
            pauses[wait] = self.milestone_list(paused, (*path, "milestones"), known)
            self.figure(value, path, ", ".join(map(str, paused)))
        return pauses

    def breaches(
        self, table: dict[str, Any], milestones: Mapping[Milestone, Mapping[Severity, Term]]
    ) -> dict[Milestone, Breach]:
        breaches = {}
        for key, value in self.tables(table, ("breach",)).items():
            path = ("breach", key)
            self.only(value, path, {"per", "cents", "source"})
            milestone = self.word(Milestone, key, path)
            terms = milestones.get(milestone, {})
            if all(term.promise is Promise.NOT_PROMISED for term in terms.values()):
                raise Refusal("scheme.breach_without_deadline", at=self.at(path), milestone=key)
            per = self.word(Per, self.need(value, (*path, "per"), str), (*path, "per"))
            cents = self.need(value, (*path, "cents"), dict)
            self.only(cents, (*path, "cents"), set(Severity))
            prices = {s: self.need(cents, (*path, "cents", s), int) for s in Severity}
            if min(prices.values()) < 0:
                raise Refusal("scheme.negative_price", at=self.at((*path, "cents")), milestone=key)
            breaches[milestone] = Breach(per, prices)
            shown = " ".join(f"{severity} {price}" for severity, price in prices.items())
            self.figure(value, path, f"{shown} per {per}")
        return breaches

    def loaner(self, table: dict[str, Any], known: Iterable[Milestone]) -> LoanerClause | None:
        value = self.tables(table, ("loaner",))
        if bool(value) != (Milestone.SUBSTITUTE in known):
            where = ("loaner",) if value else ("milestones", "substitute")
            raise Refusal("scheme.loaner_needs_substitute", at=self.at(where))
        if not value:
            return None
        self.only(value, ("loaner",), {"class", "stops_repair"})
        rule = self.ruled(value, ("loaner", "class"), str)
        return LoanerClause(
            self.word(LoanerRule, rule, ("loaner", "class")),
            stops_repair=self.ruled(value, ("loaner", "stops_repair"), bool, default=False),
        )

    def positive(self, table: dict[str, Any], path: Path) -> int:
        value = self.ruled(table, path, int, default=0)
        if path[-1] in table and value < 1:
            raise Refusal("scheme.not_positive", at=self.at(path), key=path[-1], value=value)
        return value

    def milestone_list(
        self, value: list[Any], path: Path, known: Iterable[Milestone]
    ) -> frozenset[Milestone]:
        found = frozenset(self.word(Milestone, str(name), path) for name in value)
        for milestone in found.difference(known):
            raise Refusal("scheme.unknown_milestone", at=self.at(path), milestone=milestone)
        return found
