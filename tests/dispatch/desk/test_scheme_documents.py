"""docs/service-schemes.md says what the scheme files say: it is written from them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from dispatch.desk.clause import Exclusion, Handling
from dispatch.desk.milestone import Milestone, Promise, Severity, TicketKind
from dispatch.desk.scheme import Scheme
from dispatch.desk.scheme_file import builtin_schemes
from dispatch.desk.term import CHOSEN, Term, Unit
from tests.conftest import ROOT, set_by_name

PAGE = ROOT / "docs" / "service-schemes.md"
HEAD = """# Service schemes

A service scheme says what a contract promises: which milestones, in what time, counted how. Each ships as one
TOML file in `dispatch/desk/schemes/`, has a version, and a ticket keeps the version it was opened under. No
figure stands in the program. Every figure names its source, a clause of one of the service documents `000` to
`004` with the words it rests on, or says *chosen*; the chosen ones are listed in a test, so that a new one is
added on purpose. The tables below are written from the files by `make fix` and compared with them by a test.

## How to read a scheme

- A milestone is **timed** (so much elapsed time, or business time of a calendar), **set by the customer**, or
  **not promised**. A milestone that is not listed is not part of the scheme.
- All times count from the report. A working day is as long as the longest day of the calendar's week; *same day*
  ends at midnight in the scheme's zone.
- Calendars follow the wall clock of their zone: public holidays close them, announced make-up days open them.
  Make-up days are known once they are announced; dates of your own go under `dates`. A calendar of the same id
  in the region's data takes the place of the scheme's.
- A wait stops only the clocks listed under its name. Waiting for a part stops none unless the scheme says so.
- `severity_change`: `restart` counts the new time afresh from the change; `carry` counts it from the report, as
  if the severity had always been the new one; `tighten-only` keeps the earlier of the old due time and the new
  time counted from the change.
- A preventive visit is owed in its period: no milestone of it is promised by a clock.
- A later step shows that earlier ones were done: who is on site has been arranged. A repair ends what can no
  longer happen (an arrival, a loaner): no longer owed if its time had not come, else breached.
- A reopened ticket owes its repair again and its clock runs on from the report: the time the equipment ran before it
  failed again counts too, in what is left and in the price of being late.
- A loaner meets `substitute`; the repair clock runs on unless `stops_repair` says otherwise.
- `ladder`: who is told when a ticket does not get on, first rung first: after a time since the report, or when a
  share of a milestone's time is used up (`at = "75 % of repair"`; above 100 it lies past the due time).
- `fees` are in cents, `exactly`, `at-most` or `at-least`; `severities` name the tickets they belong to, without
  them they are charged when asked for. `charging` says what parts and labour cost outside the warranty.
- `warranty` counts from the first date known of its list; the months stand with each asset.
- The price of being late is what planning weighs lateness with: so many cents for every hour (minute, day)
  begun after the due time, at P1 / P2 / P3 / P4.

## How to make your own

```
fieldwright scheme list
fieldwright scheme show field-2-4-24
fieldwright scheme copy field-2-4-24 --out my-scheme.toml
fieldwright scheme check my-scheme.toml
fieldwright clock --scheme-file my-scheme.toml --severity P1 --reported 2026-03-06T16:00+08:00
```

`copy` writes the file of the scheme nearest to your contract. Give it a new `id`, and change the figures with their
sources. For changed terms keep the `id` and give a new `version`, a later `effective_on` and the day it is
`announced_on`: with less notice than the version before promises (`notice_days`) it is refused, and tickets keep the
version they were opened under. `check` reads the file and refuses a mistake with its line and the reason.

Put the file into the folder `schemes` of your dataset and name it in `contracts.csv` and `tickets.csv`: clocks, plans,
rescues, reports, charges and the tickets taken in count by it. `fieldwright import` takes it into the database with the
rest, `export` gives it back as you wrote it. What stands there is never changed: changed terms are a new version.
`fieldwright scheme add FILE --database URL` adds one to a region in use; contracts and tickets keep the version they name.
`scheme list`, `show` and `copy` look at a dataset or `--database` too. In the console (Administration, Service schemes) a version is shown clause
by clause, compared with another, and made from the one before by its values or as text: what is wrong is said at its field before it is added.

A time is a whole number and a unit: `15 min`, `2 h`, `3 d`, or `same day`; with `calendar = "..."` it is business
time and `d` is a working day. `all` stands for the severities not named. Keys nobody reads are refused.

"""


def page() -> str:
    """The whole document."""
    return HEAD + "\n".join(line for scheme in builtin_schemes().values() for line in section(scheme))


def section(scheme: Scheme) -> Iterator[str]:
    """One scheme: its milestones, its rules, what is chosen."""
    source = {figure.key: figure.source for figure in scheme.figures}
    yield from (
        f"## {scheme.id}",
        "",
        f"{scheme.names['en']} · {scheme.names['zh']}. Version {scheme.version}, ",
    )
    yield f"in force from {scheme.effective_on}, document `{scheme.document}`, times in {scheme.zone}."
    yield from ("", "| milestone | P1 | P2 | P3 | P4 | source |", "|---|---|---|---|---|---|")
    for milestone, terms in scheme.milestones.items():
        shown = " | ".join(term_text(terms[severity]) for severity in Severity)
        sources = "; ".join(dict.fromkeys(terms[severity].source for severity in Severity))
        yield f"| {milestone} | {shown} | {sources} |"
    yield from ("", "| rule | value | source |", "|---|---|---|")
    for key, value in rules(scheme):
        yield f"| {key} | {value} | {source[key]} |"
    yield ""


def term_text(term: Term) -> str:
    """One term in words."""
    if term.promise is Promise.CUSTOMER_SET:
        return "set by the customer"
    if term.promise is Promise.NOT_PROMISED:
        return "not promised"
    if term.unit is Unit.SAME_DAY:
        return "same day"
    if not term.calendar:
        return f"{term.amount} {term.unit}"
    return f"{term.amount} {'working d' if term.unit is Unit.DAY else f'business {term.unit}'}"


def rules(scheme: Scheme) -> Iterator[tuple[str, str]]:
    """Every figure but the milestones', from the values the program works with."""
    yield "severity_change", scheme.severity_change
    for word, severity in scheme.words.items():
        yield f"words.{word}", severity
    for calendar in scheme.calendars.values():
        days = "; ".join(
            f"{['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'][i]} {' '.join(map(str, spans))}"
            for i, spans in enumerate(calendar.week)
            if spans
        )
        holidays = f", holidays of {calendar.country}" if calendar.country else ""
        yield f"calendars.{calendar.id}", f"{days}{holidays}"
    yield "notice_days", f"a new version is announced {scheme.notice_days} days before it takes effect"
    yield from (found for found in clause_rules(scheme) if found[0] in stated(scheme))
    for kind, milestones in scheme.promised.items():
        yield f"promised.{kind}", f"has the times of {', '.join(m for m in Milestone if m in milestones)}"
    for wait, paused in scheme.pauses.items():
        yield f"pauses.{wait}", f"stops {', '.join(m for m in Milestone if m in paused)}"
    for milestone, breach in scheme.breach.items():
        cents = " / ".join(str(breach.cents[severity]) for severity in Severity)
        yield f"breach.{milestone}", f"{cents} cents {scheme.currency} per {breach.per}"
    if scheme.loaner is not None:
        yield "loaner.class", scheme.loaner.rule
        yield "loaner.stops_repair", yes(scheme.loaner.stops_repair)
        yield "loaner.until_repaired", yes(scheme.loaner.until_repaired)
        days = ", ".join(map(str, scheme.loaner.overdue_days))
        yield "loaner.overdue_days", f"reminded {days} days after the agreed return"
    if scheme.repeat_faults:
        yield "repeat_faults", f"replaced after {scheme.repeat_faults} repairs in a row"
    if scheme.original_only:
        yield "original_only", yes(scheme.original_only)
    if scheme.continuous:
        yield "continuous", yes(scheme.continuous)
    if scheme.remote_excepted:
        yield "remote_excepted", ", ".join(m for m in Milestone if m in scheme.remote_excepted)


def stated(scheme: Scheme) -> set[str]:
    """Keys of the figures the scheme's file gives; what it does not say has no row."""
    return {figure.key for figure in scheme.figures}


def clause_rules(scheme: Scheme) -> Iterator[tuple[str, str]]:
    """What is promised beside the milestones, from the values the program works with."""
    yield "kinds", ", ".join(kind for kind in TicketKind if kind in scheme.kinds)
    yield "targets.mean_solve", f"at most {scheme.targets.mean_solve_s // 3600} h on average"
    yield "targets.satisfaction", f"at least {scheme.targets.satisfaction_percent} % satisfied"
    if scheme.preventive is not None:
        yield "preventive.visits_per_year", str(scheme.preventive.visits_per_year)
        yield "preventive.tasks", ", ".join(scheme.preventive.tasks)
    clause = scheme.entitlement
    yield "entitlement.requests_a_month", f"{clause.requests_a_month} requests a month"
    yield "entitlement.free_months", f"{clause.free_months} months free of charge"
    yield "entitlement.renewable", yes(clause.renewable)
    yield "entitlement.suspended_when_unpaid", yes(clause.suspended_when_unpaid)
    for exclusion in Exclusion:
        if exclusion in clause.exclusions:
            yield f"exclusions.{exclusion}", "not covered"
    if scheme.warranty is not None:
        yield "warranty.starts", " date, else ".join(scheme.warranty.starts) + " date"
    yield from fee_rules(scheme)
    for remedy, offer in scheme.remedies.items():
        share = f", {offer.percent} %" if offer.percent else ""
        yield f"remedies.{remedy}", f"for {', '.join(m for m in Milestone if m in offer.milestones)}{share}"
    for rung in scheme.ladder:
        when = f"{rung.percent} % of {rung.milestone}" if rung.after is None else term_text(rung.after)
        only = "" if len(rung.severities) == len(Severity) else f" at {', '.join(sorted(rung.severities))}"
        yield f"ladder.{rung.role}", f"told at {when}{only}{', day and night' if rung.on_call else ''}"
    if scheme.complaint is not None:
        yield "complaint.accept", term_text(scheme.complaint.accept)
        yield "complaint.answer", term_text(scheme.complaint.answer)
    if scheme.survey is not None:
        for key in ("highest", "satisfied_from", "after_days", "follow_up_days", "summary_months"):
            yield f"survey.{key}", str(getattr(scheme.survey, key))
    yield "handling.evidence", ", ".join(scheme.handling.evidence)
    for flag in fields(Handling)[1:]:
        yield f"handling.{flag.name}", yes(getattr(scheme.handling, flag.name))


def fee_rules(scheme: Scheme) -> Iterator[tuple[str, str]]:
    """Prices and how parts and labour are charged."""
    for kind, fee in scheme.fees.prices.items():
        only = f" at {', '.join(sorted(fee.severities))}" if fee.severities else " when asked for"
        outside = f", outside {fee.calendar}" if fee.calendar else ""
        yield f"fees.{kind}", f"{fee.bound} {fee.cents} cents {scheme.currency}{only}{outside}"
    yield "charging.deposit_percent", f"{scheme.fees.deposit_percent} % before the work"
    yield "charging.parts", f"outside the warranty: {scheme.fees.parts}"
    yield "charging.labour", f"outside the warranty: {scheme.fees.labour}"


def yes(value: bool) -> str:
    """Yes or no."""
    return "yes" if value else "no"


def test_the_document_is_up_to_date() -> None:
    """A changed figure shows in the document in the same commit; `make fix` writes it."""
    if set_by_name("FIELDWRIGHT_WRITE_DOCS"):
        PAGE.write_text(page(), encoding="utf-8")

    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_figure_stands_in_the_document() -> None:
    """A figure nobody reads about is a promise nobody knows."""
    for scheme in builtin_schemes().values():
        text = "\n".join(section(scheme))
        rows = {key for key, _ in rules(scheme)}
        missing = {f.key for f in scheme.figures if not f.key.startswith("milestones.")} - rows

        assert not missing
        assert all(f.source in text for f in scheme.figures)
        assert (CHOSEN in text) == any(f.source == CHOSEN for f in scheme.figures)
