"""docs/ticket-life.md says what the table of moves and the practice file say: it is written from them."""

from __future__ import annotations

from collections.abc import Iterator

from dispatch.desk.life import GOES_OUT, MOVES, NEEDS_AGREEMENT, Stage
from dispatch.desk.practice import ApprovalKind
from dispatch.desk.practice_file import builtin_practice
from dispatch.desk.ticket import NEEDS_REASON, EventKind
from tests.conftest import ROOT, set_by_name

PAGE = ROOT / "docs" / "ticket-life.md"
HEAD = """# A ticket's life

A ticket is what a customer reported. What happens to it is written down as events that are only ever added, each with
its time, who says so, and where it matters the reason. Where the ticket stands is read from its events; nobody stores it.
The tables below are written from the program by `make fix` and compared with it by a test.

A report has a number at once. What is missing (which equipment, where, what kind of work, under which contract, how bad) is
asked for, never guessed; the ticket is opened as of the report, so asking does not cost the customer time. Earlier tickets on
the same equipment are pointed out.

A step may skip forward: who stands on site has been planned. It never goes back: what is repaired is reopened first, with the
reason. A wait is no stage, it lies over the stage reached; it ends with its end, with another wait, or with the work. What may
not follow is refused, and the refusal names what may.

- Where the scheme puts help from afar first, {remote} wait for `remote_tried`.
- Where the scheme has the solution agreed, {agreed} wait for `agreed`; a new proposal has to be agreed again.
- Where the scheme has the customer confirm, `closed` waits for `verified`; elsewhere closing without it needs the reason.
- Where the scheme records every problem, a fault is closed with its cause and solution.
- A unit in the workshop comes back only when it is tested, and is not repaired before it is back.
- `told` locks the published start: the customer was promised it. Who then agrees to another time is no longer held to it.
- `part_needed` is a need of the visit at once: the next plan brings the part, and the promise it endangers is named.

## Steps

"""


def page() -> str:
    """The whole document."""
    return "\n".join(
        [
            HEAD.format(remote=_words(GOES_OUT), agreed=_words(NEEDS_AGREEMENT)),
            "| step | may follow | leads to |",
            "|---|---|---|",
            *(step(kind) for kind in EventKind),
            "",
            *practice(),
        ]
    )


def _words(kinds: frozenset[EventKind]) -> str:
    return ", ".join(f"`{kind}`" for kind in EventKind if kind in kinds)


def step(kind: EventKind) -> str:
    """One row: every stage it may follow, and where it leads; stages it does not change are only named."""
    after = [stage for stage in Stage if stage in MOVES[kind]]
    leads = {MOVES[kind][stage] for stage in after if MOVES[kind][stage] is not stage}
    reason = ", with a reason" if kind in NEEDS_REASON else ""
    shown = ", ".join(stage for stage in Stage if stage in leads)
    return f"| `{kind}`{reason} | {', '.join(after)} | {shown or 'stays'} |"


def practice() -> Iterator[str]:
    """How the desk works, as it ships."""
    ships = builtin_practice()
    yield from (
        "## How the desk works",
        "",
        "These figures stand in no service document: they are chosen, and ship in `dispatch/desk/practice.toml`. A region has its",
        "own in `practice.toml` of its folder: `fieldwright practice copy --out FILE`, edit, `practice check FILE`.",
        "",
    )
    yield f"A report on equipment repaired at most {ships.repeat_days} days ago may be the old fault come back."
    yield from (
        "",
        "| kind of work | way | usual minutes | least level | checklist |",
        "|---|---|---|---|---|",
    )
    for work in ships.works.values():
        items = "; ".join(item.names["en"] for item in work.checklist)
        yield f"| {work.kind} | {work.way} | {work.usual_min} | {work.level} | {items} |"
    yield from ("", f"At most {ships.most_attachments} files come with a report.", "")
    yield from ("| attachment | bytes at most | types |", "|---|---|---|")
    for kind, limit in ships.attachments.items():
        yield f"| {kind} | {limit.most_bytes:,} | {', '.join(limit.types)} |"
    yield from (
        "",
        "What has to be approved, from which amount, and who may decide up to which (cents). Nobody decides his own request.",
        "",
        "| request | from | limits |",
        "|---|---|---|",
    )
    for what in ApprovalKind:
        limits = ", ".join(f"{role} {cents:,}" for role, cents in ships.limits[what].items())
        yield f"| {what} | {ships.free_below[what]:,} | {limits} |"
    yield ""


def test_the_page_is_what_the_program_says() -> None:
    """A table of moves that lags behind would send a dispatcher into refusals."""
    if set_by_name("FIELDWRIGHT_WRITE_DOCS"):
        PAGE.write_text(page(), encoding="utf-8")

    assert PAGE.read_text(encoding="utf-8") == page()
