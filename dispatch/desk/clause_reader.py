"""Reading the clauses of a scheme's file: terms first, then everything promised beside the milestones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from dispatch.desk.clause import (
    Bound,
    Charging,
    ComplaintClause,
    EntitlementClause,
    Evidence,
    Exclusion,
    Fee,
    FeeKind,
    Fees,
    Handling,
    LadderRole,
    PreventiveClause,
    PreventiveTask,
    Remedy,
    RemedyClause,
    Rung,
    SurveyClause,
    Targets,
    WarrantyClause,
    WarrantyStart,
)
from dispatch.desk.milestone import Milestone, Promise, Severity
from dispatch.desk.scheme_grammar import Path, Reader
from dispatch.desk.term import Term, Unit
from kernel.calendars import BusinessCalendar
from kernel.errors import Refusal

LONGEST_DAYS = 366
_DURATION = re.compile(r"([1-9]\d{0,5}) (min|h|d)")
_SHARE = re.compile(r"([1-9]\d{0,3}) % of ([a-z]+)")

Calendars = Mapping[str, BusinessCalendar]
Terms = Mapping[Milestone, Mapping[Severity, Term]]


class ClauseReader(Reader):
    """Reads terms and clauses."""

    def term(self, value: dict[str, Any], path: Path, calendars: Calendars) -> Term:
        """Read a term: ``within`` a time, or a ``promise`` without one."""
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
        return self.time(value, "within", path, calendars)

    def time(self, value: dict[str, Any], key: str, path: Path, calendars: Calendars) -> Term:
        """Read a time under `key`, elapsed or counted by a calendar of the scheme."""
        amount, unit = self.duration(self.need(value, (*path, key), str), (*path, key))
        calendar = self.calendar_named(value, path, calendars)
        if calendar and unit is Unit.SAME_DAY:
            raise Refusal("scheme.same_day_is_elapsed", at=self.at((*path, "calendar")))
        shown = f"{value[key]} {calendar}".strip()
        return Term(Promise.TIMED, self.figure(value, path, shown), amount, unit, calendar)

    def duration(self, text: str, path: Path) -> tuple[int, Unit]:
        """Read ``15 min``, ``2 h``, ``3 d`` or ``same day``."""
        if text == Unit.SAME_DAY:
            return 0, Unit.SAME_DAY
        found = _DURATION.fullmatch(text)
        if not found:
            raise Refusal("scheme.not_a_duration", at=self.at(path), value=text[:40])
        term = Term(Promise.TIMED, "", int(found[1]), Unit(found[2]))
        if term.allowance_s(None) > LONGEST_DAYS * 86_400:
            raise Refusal("scheme.too_long", at=self.at(path), value=text, days=LONGEST_DAYS)
        return term.amount, term.unit

    def calendar_named(self, value: dict[str, Any], path: Path, calendars: Calendars) -> str:
        """Read the id of a calendar of this scheme; empty when none is named."""
        calendar = self.need(value, (*path, "calendar"), str, default="")
        if calendar and calendar not in calendars:
            raise Refusal("scheme.unknown_calendar", at=self.at((*path, "calendar")), calendar=calendar[:64])
        return calendar

    def with_deadline(self, listed: list[Any], path: Path, terms: Terms) -> frozenset[Milestone]:
        """Read milestones that have a due time at some severity."""
        found = frozenset(self.word_list(Milestone, listed, path))
        for milestone in found:
            promises = {term.promise for term in terms.get(milestone, {}).values()}
            if promises <= {Promise.NOT_PROMISED}:
                raise Refusal("scheme.no_deadline", at=self.at(path), milestone=milestone)
        return found

    # The clauses, in the order of the file

    def targets(self, table: dict[str, Any]) -> Targets:
        """Read ``[targets]``."""
        value = self.tables(table, ("targets",))
        self.only(value, ("targets",), {"mean_solve", "satisfaction"})
        mean_s = 0
        if "mean_solve" in value:
            path: Path = ("targets", "mean_solve")
            self.only(value["mean_solve"], path, {"within", "source"})
            mean_s = self.time(value["mean_solve"], "within", path, {}).allowance_s(None)
        percent = 0
        if "satisfaction" in value:
            path = ("targets", "satisfaction")
            self.only(value["satisfaction"], path, {"percent", "source"})
            percent = self.percent(value["satisfaction"], path)
            self.figure(value["satisfaction"], path, f"{percent} %")
        return Targets(mean_s, percent)

    def preventive(self, table: dict[str, Any]) -> PreventiveClause | None:
        """Read ``[preventive]``."""
        path = ("preventive",)
        value = self.tables(table, path)
        if not value:
            return None
        self.only(value, path, {"visits_per_year", "tasks"})
        visits = self.ruled(value, (*path, "visits_per_year"), int)
        if not 1 <= visits <= 52:
            raise Refusal("scheme.visits_out_of_range", at=self.at((*path, "visits_per_year")), visits=visits)
        tasks = self.ruled(value, (*path, "tasks"), list, default=[])
        return PreventiveClause(visits, self.word_list(PreventiveTask, tasks, (*path, "tasks")))

    def entitlement(self, table: dict[str, Any]) -> EntitlementClause:
        """Read ``[entitlement]`` and ``[exclusions]``."""
        path = ("entitlement",)
        value = self.tables(table, path)
        self.only(value, path, {"requests_a_month", "free_months", "renewable", "suspended_when_unpaid"})
        excluded = []
        for key, clause in self.tables(table, ("exclusions",)).items():
            where = ("exclusions", key)
            self.only(clause, where, {"source"})
            excluded.append(self.word(Exclusion, key, where))
            self.figure(clause, where, "not covered")
        return EntitlementClause(
            requests_a_month=self.positive(value, (*path, "requests_a_month")),
            free_months=self.positive(value, (*path, "free_months")),
            renewable=self.ruled(value, (*path, "renewable"), bool, default=False),
            suspended_when_unpaid=self.ruled(value, (*path, "suspended_when_unpaid"), bool, default=False),
            exclusions=frozenset(excluded),
        )

    def warranty(self, table: dict[str, Any]) -> WarrantyClause | None:
        """Read ``[warranty]``."""
        path = ("warranty",)
        value = self.tables(table, path)
        if not value:
            return None
        self.only(value, path, {"starts"})
        starts = self.ruled(value, (*path, "starts"), list)
        if not starts:
            raise Refusal("scheme.empty_list", at=self.at((*path, "starts")), key="warranty.starts")
        return WarrantyClause(self.word_list(WarrantyStart, starts, (*path, "starts")))

    def fees(self, table: dict[str, Any], calendars: Calendars) -> Fees:
        """Read ``[fees.*]`` and ``[charging]``."""
        prices = {
            self.word(FeeKind, key, ("fees", key)): self.fee(key, value, calendars)
            for key, value in self.tables(table, ("fees",)).items()
        }
        path = ("charging",)
        value = self.tables(table, path)
        self.only(value, path, {"deposit_percent", "parts", "labour"})
        deposit = self.positive(value, (*path, "deposit_percent"))
        if deposit > 100:
            raise Refusal("scheme.not_a_percentage", at=self.at((*path, "deposit_percent")), value=deposit)
        charging = [
            self.word(
                Charging,
                self.ruled(value, (*path, key), str, default=Charging.CHARGED.value),
                (*path, key),
            )
            for key in ("parts", "labour")
        ]
        return Fees(prices, deposit, *charging)

    def fee(self, key: str, value: dict[str, Any], calendars: Calendars) -> Fee:
        """Read one price."""
        path = ("fees", key)
        self.only(value, path, {"cents", "bound", "severities", "calendar", "source"})
        cents = self.need(value, (*path, "cents"), int)
        if cents < 1:
            raise Refusal("scheme.not_positive", at=self.at((*path, "cents")), key="cents", value=cents)
        bound = self.word(
            Bound,
            self.need(value, (*path, "bound"), str, default=Bound.EXACTLY.value),
            (*path, "bound"),
        )
        calendar = self.calendar_named(value, path, calendars)
        if bool(calendar) != (key == FeeKind.OUT_OF_HOURS):
            raise Refusal("scheme.fee_needs_hours", at=self.at(path), fee=key)
        listed = self.need(value, (*path, "severities"), list, default=[])
        severities = frozenset(self.word_list(Severity, listed, (*path, "severities")))
        self.figure(value, path, f"{bound} {cents} cents")
        return Fee(cents, bound, severities, calendar)

    def remedies(self, table: dict[str, Any], terms: Terms) -> dict[Remedy, RemedyClause]:
        """Read ``[remedies]``."""
        remedies = {}
        for key, value in self.tables(table, ("remedies",)).items():
            path = ("remedies", key)
            self.only(value, path, {"milestones", "percent", "source"})
            remedy = self.word(Remedy, key, path)
            listed = self.need(value, (*path, "milestones"), list)
            percent = self.percent(value, path) if remedy is Remedy.PART_REFUND else 0
            if remedy is not Remedy.PART_REFUND and "percent" in value:
                raise Refusal("scheme.unknown_key", at=self.at((*path, "percent")), key=f"{key}.percent")
            milestones = self.with_deadline(listed, (*path, "milestones"), terms)
            remedies[remedy] = RemedyClause(milestones, percent)
            self.figure(value, path, ", ".join(map(str, listed)) + (f" {percent} %" if percent else ""))
        return remedies

    def ladder(self, table: dict[str, Any], terms: Terms, calendars: Calendars) -> tuple[Rung, ...]:
        """Read ``[ladder.*]``, first rung first."""
        return tuple(
            self.rung(key, value, terms, calendars) for key, value in self.tables(table, ("ladder",)).items()
        )

    def rung(self, key: str, value: dict[str, Any], terms: Terms, calendars: Calendars) -> Rung:
        """Read one rung: ``after`` a time since the report, or ``at`` a share of a milestone's time."""
        path = ("ladder", key)
        self.only(value, path, {"after", "at", "calendar", "severities", "on_call", "source"})
        role = self.word(LadderRole, key, path)
        listed = self.need(value, (*path, "severities"), list, default=list(Severity))
        severities = frozenset(self.word_list(Severity, listed, (*path, "severities")))
        if not severities:
            where = (*path, "severities")
            raise Refusal("scheme.empty_list", at=self.at(where), key=".".join(where))
        on_call = self.need(value, (*path, "on_call"), bool, default=False)
        if ("after" in value) == ("at" in value):
            raise Refusal("scheme.rung_when", at=self.at(path), role=key)
        if "after" in value:
            after = self.time(value, "after", path, calendars)
            return Rung(role, after.source, after=after, severities=severities, on_call=on_call)
        text = self.need(value, (*path, "at"), str)
        found = _SHARE.fullmatch(text)
        if not found or "calendar" in value:
            raise Refusal("scheme.not_a_share", at=self.at((*path, "at")), value=text[:40])
        (milestone,) = self.with_deadline([found[2]], (*path, "at"), terms)
        source = self.figure(value, path, text)
        return Rung(
            role, source, milestone=milestone, percent=int(found[1]), severities=severities, on_call=on_call
        )

    def complaint(self, table: dict[str, Any], calendars: Calendars) -> ComplaintClause | None:
        """Read ``[complaint]``."""
        value = self.tables(table, ("complaint",))
        if not value:
            return None
        self.only(value, ("complaint",), {"accept", "answer"})
        clocks = []
        for key in ("accept", "answer"):
            path = ("complaint", key)
            clock = self.need(value, path, dict)
            self.only(clock, path, {"within", "calendar", "source"})
            clocks.append(self.time(clock, "within", path, calendars))
        return ComplaintClause(*clocks)

    def survey(self, table: dict[str, Any]) -> SurveyClause | None:
        """Read ``[survey]``."""
        path = ("survey",)
        value = self.tables(table, path)
        if not value:
            return None
        self.only(
            value, path, {"highest", "satisfied_from", "after_days", "follow_up_days", "summary_months"}
        )
        clause = SurveyClause(
            highest=self.ruled(value, (*path, "highest"), int),
            satisfied_from=self.ruled(value, (*path, "satisfied_from"), int),
            after_days=self.positive(value, (*path, "after_days")),
            follow_up_days=self.positive(value, (*path, "follow_up_days")),
            summary_months=self.positive(value, (*path, "summary_months")),
        )
        if not 1 < clause.satisfied_from <= clause.highest:
            where = self.at((*path, "satisfied_from"))
            raise Refusal("scheme.score_out_of_range", at=where, value=clause.satisfied_from)
        return clause

    def handling(self, table: dict[str, Any]) -> Handling:
        """Read ``[handling]``."""
        path = ("handling",)
        value = self.tables(table, path)
        flags = (
            *("remote_first", "solution_agreed", "customer_verifies", "cause_recorded", "arrival_told"),
            *("workshop", "holiday_duty", "customer_store"),
        )
        self.only(value, path, {"evidence", *flags})
        evidence = self.ruled(value, (*path, "evidence"), list, default=[])
        said = {flag: self.ruled(value, (*path, flag), bool, default=False) for flag in flags}
        return Handling(self.word_list(Evidence, evidence, (*path, "evidence")), **said)

    # Numbers

    def positive(self, table: dict[str, Any], path: Path) -> int:
        """Read a whole number above zero; 0 when the key is absent."""
        value = self.ruled(table, path, int, default=0)
        if path[-1] in table and value < 1:
            raise Refusal("scheme.not_positive", at=self.at(path), key=path[-1], value=value)
        return value

    def percent(self, table: dict[str, Any], path: Path) -> int:
        """Read ``percent``, 1 to 100."""
        value = self.need(table, (*path, "percent"), int)
        if not 1 <= value <= 100:
            raise Refusal("scheme.not_a_percentage", at=self.at((*path, "percent")), value=value)
        return value

    def milestone_list(
        self, value: list[Any], path: Path, known: Iterable[Milestone]
    ) -> frozenset[Milestone]:
        """Read milestones the scheme knows."""
        found = frozenset(self.word_list(Milestone, value, path))
        for milestone in found.difference(known):
            raise Refusal("scheme.unknown_milestone", at=self.at(path), milestone=milestone)
        return found
