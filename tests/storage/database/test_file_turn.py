"""The turn among processes: nobody is overtaken while he waits, and a process that dies gives its turn back."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import threading
from pathlib import Path

from kernel.clock import Stopwatch
from storage.file_turn import FileTurn
from storage.write_lock import WriteLock

HOLDER = """
import sys, time
from storage.file_turn import FileTurn
turn = FileTurn(sys.argv[1])
assert turn.acquire(timeout_s=10)
print("taken", flush=True)
time.sleep(60)
"""


def waits(file: Path) -> bool:
    """Whether somebody waits for the turn: he holds the place of the next one."""
    place = os.open(f"{file}-next", os.O_RDWR)
    try:
        fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(place)
    return False


def test_whoever_has_just_written_does_not_overtake_who_waits(tmp_path: Path) -> None:
    """Two locks on one file, as two processes have them: the busy one asks again at once, and still comes second."""
    file = tmp_path / "a.db"
    busy, other = FileTurn(str(file)), FileTurn(str(file))
    order: list[str] = []

    def write() -> None:
        assert other.acquire(timeout_s=30)
        order.append("other")
        other.release()

    assert busy.acquire(timeout_s=1)
    thread = threading.Thread(target=write)
    thread.start()
    watch = Stopwatch()
    while not waits(file) and watch.seconds < 30:
        pass
    busy.release()
    assert busy.acquire(timeout_s=30)
    order.append("busy")
    busy.release()
    thread.join()

    assert order == ["other", "busy"]


def test_a_turn_that_does_not_come_is_given_up_whole(tmp_path: Path) -> None:
    """Neither the place among the processes nor the one within this process is kept by who was refused."""
    file = str(tmp_path / "a.db")
    elsewhere, here = FileTurn(file), WriteLock(FileTurn(file))
    assert elsewhere.acquire(timeout_s=1)

    refused = here.acquire(timeout_s=0.02)
    elsewhere.release()
    taken = here.acquire(timeout_s=30)
    here.release()

    assert (refused, taken) == (False, True)
    assert elsewhere.acquire(timeout_s=1)
    elsewhere.release()


def test_a_process_that_dies_gives_its_turn_back(tmp_path: Path) -> None:
    """However it dies: the system does it."""
    file = str(tmp_path / "a.db")
    with subprocess.Popen([sys.executable, "-c", HOLDER, file], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"taken\n"
        mine = FileTurn(file)

        while_it_lives = mine.acquire(timeout_s=0.02)
        holder.kill()
        after = mine.acquire(timeout_s=30)
        mine.release()

    assert (while_it_lives, after) == (False, True)


def test_where_no_lock_file_can_be_made_the_database_decides(tmp_path: Path) -> None:
    """A folder that is not there cannot be written to: SQLite's own lock refuses two writers all the same."""
    turn = FileTurn(str(tmp_path / "nowhere" / "a.db"))

    assert turn.acquire(timeout_s=0)
    turn.release()
