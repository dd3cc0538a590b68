"""docs/service-schemes.md says what the scheme files say: it is written from them."""

from __future__ import annotations

import os
from collections.abc import Iterator

from dispatch.desk.milestone import Milestone, Promise, Severity
from dispatch.desk.scheme import CHOSEN, Scheme, Term, Unit
from dispatch.desk.scheme_file import builtin_schemes
from tests.conftest import ROOT

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
- A later step shows that earlier ones were done: who is on site has been arranged. A repair ends what can no
  longer happen (an arrival, a loaner): no longer owed if its time had not come, else breached.
- A loaner meets `substitute`; the repair clock runs on unless `stops_repair` says otherwise.
- The price of being late is what planning weighs lateness with: so many cents for every hour (minute, day)
  begun after the due time, at P1 / P2 / P3 / P4.

## How to make your own

Copy the file nearest to your contract, give it a new `id` (or the same `id` and a new `version` with a later
`effective_on`), and change the figures with their sources. Then let the program read it; a mistake is refused
with its line:

```
fieldwright clock --scheme-file my-scheme.toml --severity P1 --reported 2026-03-06T16:00+08:00
```

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
    for wait, paused in scheme.pauses.items():
        yield f"pauses.{wait}", f"stops {', '.join(m for m in Milestone if m in paused)}"
    for milestone, breach in scheme.breach.items():
        cents = " / ".join(str(breach.cents[severity]) for severity in Severity)
        yield f"breach.{milestone}", f"{cents} cents {scheme.currency} per {breach.per}"
    if scheme.loaner is not None:
        yield "loaner.class", scheme.loaner.rule
        yield "loaner.stops_repair", yes(scheme.loaner.stops_repair)
    if scheme.repeat_faults:
        yield "repeat_faults", f"replaced after {scheme.repeat_faults} repairs in a row"
    if scheme.original_only:
        yield "original_only", yes(scheme.original_only)
    if scheme.continuous:
        yield "continuous", yes(scheme.continuous)
    if scheme.remote_excepted:
        yield "remote_excepted", ", ".join(m for m in Milestone if m in scheme.remote_excepted)


def yes(value: bool) -> str:
    """Yes or no."""
    return "yes" if value else "no"


def test_the_document_is_up_to_date() -> None:
    """A changed figure shows in the document in the same commit; `make fix` writes it."""
    if os.environ.get("FIELDWRIGHT_WRITE_DOCS"):
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
