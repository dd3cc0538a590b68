"""What a request costs a server in processor time: honest on a busy machine, where the clock says how busy it is."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

_PARENT = 1
"""Place of the parent's number in a line of ``/proc``, behind the name."""

_TICKS_S: int = os.sysconf("SC_CLK_TCK")


def with_children(process: int) -> list[int]:
    """A running process and those it has started, and so on."""
    found = [process]
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                behind = (folder / "stat").read_text().rpartition(")")[2].split()
                parents[int(folder.name)] = int(behind[_PARENT])
    for one in found:  # grows meanwhile
        found += [child for child, parent in parents.items() if parent == one]
    return found


def spent_s(processes: Sequence[int]) -> float:
    """Processor seconds some running processes have used so far, all their threads, in and out of the system.

    Read from ``/proc``: Linux only; to a hundredth of a second.
    """
    ticks = 0
    for process in processes:
        # The program's name stands in brackets and may hold blanks: what is counted comes behind it.
        behind = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        ticks += int(behind[11]) + int(behind[12])
    return ticks / _TICKS_S


def busy_s() -> float:
    """Processor seconds the whole machine has spent so far, on whatever: of `cores()` seconds each second. Linux only."""
    user, nice, system, _idle, _waiting, *others = map(
        int, Path("/proc/stat").read_text().partition("\n")[0].split()[1:9]
    )
    return (user + nice + system + sum(others)) / _TICKS_S


def cores() -> int:
    """How many of them there are."""
    return os.cpu_count() or 1
