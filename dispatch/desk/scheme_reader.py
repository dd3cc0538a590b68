"""Reading a scheme whole: the head of its file, calendars, milestones, waits, prices of lateness."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

from dispatch.desk.clause import Breach, LoanerClause, LoanerRule, Per
from dispatch.desk.clause_reader import ClauseReader
from dispatch.desk.milestone import Milestone, Promise, Severity, SeverityChange, TicketKind, Wait
from dispatch.desk.scheme import Scheme
from dispatch.desk.scheme_grammar import Path
from dispatch.desk.term import Term
from kernel.calendars import BusinessCalendar, weekly
from kernel.clock import zone
from kernel.errors import Refusal
from kernel.ids import checked_id
from kernel.money import currency

SCHEMA = 1


class SchemeReader(ClauseReader):
    """Reads a whole scheme."""

    zone = ""

    def scheme(self, table: dict[str, Any]) -> Scheme:
        """Read the whole file."""
        self.only(
            table,
            (),
            {"schema", "id", "version", "effective_on", "name", "document", "zone", "currency"}
            | {"severity_change", "repeat_faults", "original_only", "continuous", "remote_excepted"}
            | {
                "announced_on",
                "notice_days",
                "kinds",
                "words",
                "calendars",
                "milestones",
                "promised",
                "pauses",
                "breach",
            }
            | {"loaner", "targets", "preventive", "entitlement", "exclusions", "warranty", "fees", "charging"}
            | {"remedies", "ladder", "complaint", "survey", "handling"},
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
            at = self.at(("milestones",))
            raise Refusal("scheme.key_missing", at=replace(at, line=at.line or 1), key="milestones")
        kinds = self.kinds(table)
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
            promised=self.promised(table, milestones, kinds),
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
            announced_on=self.announced(table),
            notice_days=self.positive(table, ("notice_days",)),
            kinds=kinds,
            targets=self.targets(table),
            preventive=self.preventive(table),
            entitlement=self.entitlement(table),
            warranty=self.warranty(table),
            fees=self.fees(table, calendars),
            remedies=self.remedies(table, milestones),
            ladder=self.ladder(table, milestones, calendars),
            complaint=self.complaint(table, calendars),
            survey=self.survey(table),
            handling=self.handling(table),
            figures=tuple(self.figures),
        )

    def announced(self, table: dict[str, Any]) -> date:
        """Read the day this version was announced; not after it takes effect, and that day when not said."""
        effective_on = self.need(table, ("effective_on",), date)
        announced_on = self.need(table, ("announced_on",), date, default=effective_on)
        if announced_on > effective_on:
            raise Refusal(
                "scheme.announced_late", at=self.at(("announced_on",)), day=announced_on.isoformat()
            )
        return announced_on

    def kinds(self, table: dict[str, Any]) -> frozenset[TicketKind]:
        """Read the kinds of ticket it takes; all of them when not said."""
        listed = self.ruled(table, ("kinds",), list, default=list(TicketKind))
        if not listed:
            raise Refusal("scheme.empty_list", at=self.at(("kinds",)), key="kinds")
        return frozenset(self.word_list(TicketKind, listed, ("kinds",)))

    # The parts of a scheme

    def calendar(self, key: str, value: dict[str, Any]) -> BusinessCalendar:
        """Read one business calendar."""
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
        """Read a milestone: a term for every severity."""
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

    def words(self, table: dict[str, Any]) -> dict[str, Severity]:
        """Read the scheme's own words for severities."""
        words = {}
        for word, value in self.tables(table, ("words",)).items():
            path = ("words", word)
            self.only(value, path, {"severity", "source"})
            words[word] = self.word(Severity, self.need(value, (*path, "severity"), str), (*path, "severity"))
            self.figure(value, path, words[word])
        return words

    def promised(
        self, table: dict[str, Any], known: Iterable[Milestone], kinds: frozenset[TicketKind]
    ) -> dict[TicketKind, frozenset[Milestone]]:
        """Read for which kinds of ticket besides faults which times hold."""
        promised: dict[TicketKind, frozenset[Milestone]] = {}
        for key, value in self.tables(table, ("promised",)).items():
            path = ("promised", key)
            self.only(value, path, {"milestones", "source"})
            kind = self.word(TicketKind, key, path)
            if kind in {TicketKind.FAULT, TicketKind.PREVENTIVE}:
                raise Refusal("scheme.kind_not_promised", at=self.at(path), kind=kind)
            if kind not in kinds:
                raise Refusal("scheme.kind_not_taken", at=self.at(path), kind=kind)
            listed = self.need(value, (*path, "milestones"), list)
            if not listed:
                raise Refusal("scheme.empty_list", at=self.at((*path, "milestones")), key=".".join(path))
            promised[kind] = self.milestone_list(listed, (*path, "milestones"), known)
            self.figure(value, path, ", ".join(map(str, listed)))
        return promised

    def pauses(self, table: dict[str, Any], known: Iterable[Milestone]) -> dict[Wait, frozenset[Milestone]]:
        """Read which waits stop which clocks."""
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
        """Read what lateness costs."""
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
        """Read the loaner clause."""
        value = self.tables(table, ("loaner",))
        if bool(value) != (Milestone.SUBSTITUTE in known):
            where = ("loaner",) if value else ("milestones", "substitute")
            raise Refusal("scheme.loaner_needs_substitute", at=self.at(where))
        if not value:
            return None
        self.only(value, ("loaner",), {"class", "stops_repair", "until_repaired", "overdue_days"})
        rule = self.ruled(value, ("loaner", "class"), str)
        return LoanerClause(
            self.word(LoanerRule, rule, ("loaner", "class")),
            stops_repair=self.ruled(value, ("loaner", "stops_repair"), bool, default=False),
            until_repaired=self.ruled(value, ("loaner", "until_repaired"), bool, default=False),
            overdue_days=self.overdue_days(value, ("loaner", "overdue_days")),
        )

    def overdue_days(self, value: dict[str, Any], path: Path) -> tuple[int, ...]:
        """Read the days of the overdue ladder: whole numbers, each above the one before."""
        days = self.ruled(value, path, list, default=[])
        rising = all(type(day) is int for day in days) and all(a < b for a, b in pairwise([0, *days]))
        if not rising:
            raise Refusal("scheme.days_not_rising", at=self.at(path), value=", ".join(map(str, days))[:60])
        return tuple(days)
