"""Repeat faults: the same device, the same diagnosed quality problem, repaired again and again, and it still does not work.

A run counts consecutive warranty repairs of one problem on one serial. Faults the customer caused, and repairs
outside the warranty, neither count nor end a run; another quality problem in between ends it, and so does the
replacement, which starts a new serial. Once the scheme's number of repairs is reached and the device fails again,
a new one of the same brand and model is owed; the proposal goes for approval, the old serial to quarantine and
to its supplier.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from dispatch.desk.customer import Asset
from dispatch.desk.knowledge import KnowledgeEntry
from dispatch.desk.ticket import EventKind, Ticket, TicketEvent
from kernel.clock import utc
from kernel.errors import Refusal
from kernel.ids import checked_id, natural_key


@dataclass(frozen=True, slots=True)
class Replaced:
    """A device was replaced by another of the same brand and model.

    Args:
        asset: the asset it stands for at the customer's.
        at: when, aware.
        by: id of who says so.
        old_serial, new_serial: the unit that went and the unit that came.
        ticket: the ticket it was done for.

    Raises:
        Refusal: ``repeat_fault.replaced_by_itself``, ``id.malformed``, ``clock.*``.
    """

    asset: str
    at: datetime
    by: str
    old_serial: str
    new_serial: str
    ticket: str

    def __post_init__(self) -> None:
        for text in (self.asset, self.by, self.old_serial, self.new_serial, self.ticket):
            checked_id(text)
        object.__setattr__(self, "at", utc(self.at))
        if self.old_serial == self.new_serial:
            raise Refusal("repeat_fault.replaced_by_itself", asset=self.asset, serial=self.old_serial)


class Attempt(NamedTuple):
    """One fault of a device and what was done about it.

    Args:
        ticket: whose fault it was; a ticket that was reopened has several.
        asset, serial: the device.
        problem: the diagnosed problem's code.
        failed_at: when the device was found not working.
        repaired_at: when it was repaired; None: not yet.
        warranty: the warranty covered it when it was reported.
        customer_caused: misuse, own repair and the like.
    """

    ticket: str
    asset: str
    serial: str
    problem: str
    failed_at: datetime
    repaired_at: datetime | None = None
    warranty: bool = True
    customer_caused: bool = False


def serial_of(asset: Asset, replaced: Iterable[Replaced], now: datetime, /) -> str:
    """Give the serial that stands at the customer's at a moment, after every replacement up to then."""
    mine = [one for one in replaced if one.asset == asset.id and one.at <= now]
    return max(mine, key=lambda one: one.at).new_serial if mine else asset.serial


def attempts(
    ticket: Ticket,
    events: Iterable[TicketEvent],
    diagnoses: Iterable[KnowledgeEntry],
    now: datetime,
    *,
    serial: str,
    warranty: bool,
) -> tuple[Attempt, ...]:
    """Read the faults of one ticket: the one reported, and one more for each time it was reopened after a repair.

    Args:
        ticket: the ticket.
        events: its events in order of time; later ones than `now` are not yet known.
        diagnoses: what was found, of this ticket, in order of time.
        now: aware.
        serial: of the device when it was reported.
        warranty: the warranty covered it: it ran then and nothing was found that excludes it (`entitlement`).

    Returns:
        The attempts in order; one without a diagnosis yet has no `problem`.
    """
    spells: list[tuple[datetime, datetime | None]] = []
    failed_at: datetime | None = ticket.reported_at
    repaired_at: datetime | None = None
    for event in events:
        if event.at > now:
            break
        if event.kind in {EventKind.REPAIRED, EventKind.DELIVERED} and failed_at is not None:
            repaired_at = event.at
        elif event.kind is EventKind.REOPENED and repaired_at is not None and failed_at is not None:
            spells.append((failed_at, repaired_at))
            failed_at, repaired_at = event.at, None
        elif event.kind is EventKind.CANCELLED and repaired_at is None:
            failed_at = None
        elif event.kind is EventKind.REOPENED and failed_at is None:
            failed_at = event.at
    if failed_at is not None:
        spells.append((failed_at, repaired_at))
    known = [entry for entry in diagnoses if entry.at <= now]
    found = []
    for number, (start, end) in enumerate(spells):
        # Written down after the repair it still means that repair; a reopened ticket is about the same fault until
        # somebody finds another.
        until = spells[number + 1][0] if number + 1 < len(spells) else now
        mine = [entry for entry in known if entry.at <= until]
        entry = mine[-1] if mine else None
        found.append(
            Attempt(
                ticket.id,
                ticket.asset,
                serial,
                entry.problem if entry else "",
                start,
                end,
                warranty=warranty,
                customer_caused=bool(entry and entry.customer_caused),
            )
        )
    return tuple(found)


class Run(NamedTuple):
    """Consecutive repairs of one problem on one device.

    Args:
        serial: the device.
        problem: the problem's code; empty: no quality problem is known.
        repairs: the tickets of the warranty repairs that count, in order; a reopened ticket stands several times.
        failed_again_at: when it failed after the last of the repairs the scheme allows; None: it did not.
        failed_in: the ticket it failed in then.
    """

    serial: str
    problem: str = ""
    repairs: tuple[str, ...] = ()
    failed_again_at: datetime | None = None
    failed_in: str = ""


def runs(found: Iterable[Attempt], *, most_repairs: int) -> tuple[Run, ...]:
    """Fold the faults of one device into its runs.

    Args:
        found: attempts of one serial, in any order.
        most_repairs: repairs in a row after which a device that fails again is replaced (the scheme's figure).

    Returns:
        The runs in order of time, the last one being the one that goes on; those with `failed_again_at` set are
        owed a replacement.

    Raises:
        Refusal: ``repeat_fault.no_figure`` when `most_repairs` is below one.

    >>> from kernel.clock import moment
    >>> day = [moment(f"2026-03-0{n}T09:00Z") for n in range(1, 6)]
    >>> faults = [Attempt(f"T-{n}", "A-1", "SN1", "fuser", day[n], day[n]) for n in range(3)]
    >>> runs(faults[:2], most_repairs=2)[-1].failed_again_at is None
    True
    >>> run = runs(faults, most_repairs=2)[-1]
    >>> run.repairs, run.failed_in
    (('T-0', 'T-1', 'T-2'), 'T-2')
    """
    if most_repairs < 1:
        raise Refusal("repeat_fault.no_figure", value=most_repairs)
    folded: list[Run] = []
    for one in sorted(found, key=lambda a: (a.failed_at, natural_key(a.ticket))):
        if one.customer_caused or not one.warranty or not one.problem:
            continue
        if not folded or folded[-1].problem != one.problem:
            folded.append(Run(one.serial, one.problem))
        run = folded[-1]
        if len(run.repairs) >= most_repairs and run.failed_again_at is None:
            run = run._replace(failed_again_at=one.failed_at, failed_in=one.ticket)
        if one.repaired_at is not None:
            run = run._replace(repairs=(*run.repairs, one.ticket))
        folded[-1] = run
    return tuple(folded)


def undiagnosed(found: Iterable[Attempt], /) -> tuple[Attempt, ...]:
    """Give the repairs nobody wrote a problem down for: whether they count is to be asked, not guessed."""
    return tuple(
        one for one in found if one.repaired_at is not None and not one.problem and not one.customer_caused
    )


def check_replaced(assets: Mapping[str, Asset], replaced: Iterable[Replaced], /) -> Iterator[Refusal]:
    """Give what is wrong with replacements in order of time.

    Yields:
        ``repeat_fault.unknown_asset``, ``repeat_fault.serial_elsewhere`` (the old serial was not standing there),
        ``repeat_fault.serial_stands`` (the new serial already stands at a customer's).
    """
    standing = {asset.id: asset.serial for asset in assets.values()}
    for one in replaced:
        if one.asset not in standing:
            yield Refusal("repeat_fault.unknown_asset", asset=one.asset)
            continue
        if standing[one.asset] != one.old_serial:
            yield Refusal(
                "repeat_fault.serial_elsewhere",
                asset=one.asset,
                serial=one.old_serial,
                standing=standing[one.asset],
            )
        # Two makers may give the same number.
        model = assets[one.asset].model
        if any(serial == one.new_serial and assets[a].model == model for a, serial in standing.items()):
            yield Refusal("repeat_fault.serial_stands", asset=one.asset, serial=one.new_serial)
        standing[one.asset] = one.new_serial
