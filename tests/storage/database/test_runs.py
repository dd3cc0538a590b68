"""Runs: one holder at a time, nothing a former holder says counts, every run takes effect once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import text

from kernel.clock import Stopwatch
from kernel.envelope import Envelope
from kernel.errors import Message, Refusal
from storage.database import Database, open_database
from storage.plans import PlanSummary, document_of, keep, page
from storage.run_files import given, keep_file
from storage.runs import (
    LEASE,
    LOOK,
    Run,
    ask,
    ask_to_stop,
    beat,
    fail,
    find,
    finish,
    give_back,
    latest,
    longest_wait,
    take,
    try_again,
)
from storage.tables.run import RunState
from storage.unit_of_work import UnitOfWork
from tests.databases import Make

AT = datetime(2026, 3, 6, 2, 40, tzinfo=UTC)
KEYS = count(1)


def envelope(after_s: float = 0) -> Envelope:
    """An envelope some seconds after the start."""
    return Envelope("worker", "w-1", AT + timedelta(seconds=after_s), f"k-{next(KEYS)}", "R1")


@pytest.fixture
def queue(make_tiny: Make) -> Iterator[Database]:
    """A database with the tiny region."""
    opened = open_database(make_tiny())
    yield opened
    opened.close()


def asked(
    queue: Database, run: str, *, after_s: float = 0, most_attempts: int = 5, kind: str = "plan"
) -> None:
    """Ask for a run."""
    queue.run(
        envelope(after_s),
        lambda work: ask(work, run, kind=kind, content={"seed": 1}, most_attempts=most_attempts),
    )


def taken(queue: Database, worker: str, *, after_s: float = 0) -> Run | None:
    """Take a run."""
    return queue.run(envelope(after_s), lambda work: take(work, worker=worker))


def state(queue: Database, run: str) -> RunState:
    """Where a run stands."""
    with queue.reading() as connection:
        return find(connection, "R1", run).state


def test_runs_are_taken_in_the_order_they_were_asked_for(queue: Database) -> None:
    """Who waits longest is served first, and nobody twice."""
    for at, run in enumerate(("b", "a", "c")):
        asked(queue, run, after_s=at)

    order = [taken(queue, "w-1", after_s=10) for _ in range(4)]

    assert [run.id if run else None for run in order] == ["b", "a", "c", None]
    assert order[0] is not None
    assert order[0].state is RunState.RUNNING
    assert order[0].input == {"seed": 1}


def test_who_takes_only_some_kinds_passes_the_others_over(queue: Database) -> None:
    """A plan asked for behind a simulation of an hour begins at once, and the long lane leaves plans alone."""
    asked(queue, "long", kind="scenario")
    asked(queue, "longer", after_s=1, kind="staffing")
    asked(queue, "plan", after_s=2)
    now = envelope(3)

    plans = [queue.run(now, lambda work: take(work, worker="w-1", only=("plan",))) for _ in range(2)]
    others = [queue.run(now, lambda work: take(work, worker="w-2", but=("plan",))) for _ in range(3)]

    assert [run and run.id for run in plans] == ["plan", None]
    assert [run and run.id for run in others] == ["long", "longer", None]


def test_many_workers_never_hold_the_same_run(queue: Database) -> None:
    """Eight workers, forty runs: each run is taken once."""
    for number in range(40):
        asked(queue, f"run-{number:02d}")

    def work_off(worker: int) -> list[str]:
        mine = []
        while (run := taken(queue, f"w-{worker}")) is not None:
            mine.append(run.id)
        return mine

    with ThreadPoolExecutor(8) as pool:
        lists = list(pool.map(work_off, range(8)))

    assert sorted(run for mine in lists for run in mine) == [f"run-{number:02d}" for number in range(40)]


def test_a_dead_workers_run_is_taken_over_within_45_seconds(queue: Database) -> None:
    """The lease and the look of an idle worker together stay below 45 s; before that the run is left alone."""
    asked(queue, "a")
    assert taken(queue, "dead") is not None

    assert taken(queue, "other", after_s=LEASE.total_seconds() - 1) is None
    takeover_s = (LEASE + LOOK).total_seconds()
    assert takeover_s <= 45
    again = taken(queue, "other", after_s=takeover_s)

    assert again is not None
    assert (again.worker, again.attempts, again.token) == ("other", 2, 2)


def test_a_heartbeat_keeps_the_run(queue: Database) -> None:
    """A long search is no dead worker; what it said last can be read."""
    asked(queue, "a")
    run = taken(queue, "w-1")
    assert run is not None

    assert queue.run(envelope(25), lambda work: beat(work, run, progress={"work": 500}))

    assert taken(queue, "other", after_s=40) is None
    with queue.reading() as connection:
        assert find(connection, "R1", "a").progress == {"work": 500}


def test_who_lost_a_run_can_neither_report_nor_end_it(queue: Database) -> None:
    """A worker that slept through its lease comes back with an old token: nothing it says has an effect."""
    asked(queue, "a")
    old = taken(queue, "slow")
    new = taken(queue, "fast", after_s=60)
    assert old is not None
    assert new is not None

    with pytest.raises(Refusal, match=r"run\.lease_lost"):
        queue.run(envelope(61), lambda work: beat(work, old))
    with pytest.raises(Refusal, match=r"run\.lease_lost"):
        queue.run(envelope(61), lambda work: finish(work, old))
    with pytest.raises(Refusal, match=r"run\.lease_lost"):
        queue.run(envelope(61), lambda work: give_back(work, old))
    with pytest.raises(Refusal, match=r"run\.lease_lost"):
        queue.run(envelope(61), lambda work: fail(work, old, [Message("x")]))

    queue.run(envelope(62), lambda work: finish(work, new))
    assert state(queue, "a") is RunState.DONE


def test_a_run_takes_effect_once(queue: Database) -> None:
    """Two workers end with a plan each; one plan is kept, that of the holder."""
    asked(queue, "a")
    old, new = taken(queue, "slow"), taken(queue, "fast", after_s=60)

    def end(work: UnitOfWork, run: Run | None, document: str) -> None:
        assert run is not None
        finish(work, run)
        plan = PlanSummary(run.id, AT, "p", "d", 100, 1, 0, work.now)
        keep(work, plan, document=document, manifest="")

    with pytest.raises(Refusal, match=r"run\.lease_lost"):
        queue.run(envelope(61), lambda work: end(work, old, "old"))
    queue.run(envelope(62), lambda work: end(work, new, "new"))
    with pytest.raises(Refusal, match=r"run\.lease_lost"):
        queue.run(envelope(63), lambda work: end(work, new, "again"))

    with queue.reading() as connection:
        assert [plan.id for plan in page(connection, "R1", most=10)[0]] == ["a"]
        assert document_of(connection, "R1", "a") == "new"


def test_a_run_that_kills_its_workers_is_given_up(queue: Database) -> None:
    """An input that ends every process would otherwise be tried for ever."""
    asked(queue, "poison", most_attempts=2)
    asked(queue, "good", after_s=1)
    assert taken(queue, "w-1", after_s=2) is not None

    second = taken(queue, "w-2", after_s=100)
    third = taken(queue, "w-3", after_s=200)

    assert second is not None
    assert (second.id, second.attempts) == ("poison", 2)
    assert third is not None
    assert third.id == "good"
    with queue.reading() as connection:
        ended = find(connection, "R1", "poison")
    gave_up = Message("run.gave_up", {"run": "poison", "attempts": 2})
    assert (ended.state, ended.errors) == (RunState.FAILED, (gave_up,))


@pytest.mark.parametrize("end", ["stopped", "gave_up", "failed", "done"])
def test_what_was_given_with_a_run_goes_when_it_ends(queue: Database, end: str) -> None:
    """An upload is no longer needed, however its run came to an end; what the run made stays."""
    asked(queue, "a", most_attempts=1)

    def keep_both(work: UnitOfWork) -> None:
        for name in (given("dataset.zip"), "refused.csv"):
            keep_file(work, "a", name, b"x", media_type="text/csv")

    queue.run(envelope(), keep_both)

    if end == "stopped":
        queue.run(envelope(1), lambda work: ask_to_stop(work, "a"))
    else:
        run = taken(queue, "w-1", after_s=1)
        assert run is not None
        if end == "gave_up":
            assert taken(queue, "w-2", after_s=100) is None
        elif end == "failed":
            queue.run(envelope(2), lambda work: fail(work, run, [Message("run.gave_up", {})]))
        else:
            queue.run(envelope(2), lambda work: finish(work, run))

    with queue.reading() as connection:
        left = connection.execute(text("SELECT name FROM run_file")).scalars().all()
    assert list(left) == ["refused.csv"]


def test_a_waiting_run_that_is_stopped_never_begins(queue: Database) -> None:
    """Nobody wants its result any more."""
    asked(queue, "a")

    queue.run(envelope(1), lambda work: ask_to_stop(work, "a"))

    assert state(queue, "a") is RunState.STOPPED
    assert taken(queue, "w-1", after_s=2) is None
    with pytest.raises(Refusal, match=r"run\.not_open"):
        queue.run(envelope(3), lambda work: ask_to_stop(work, "a"))


def test_a_running_run_hears_of_the_stop_at_its_next_heartbeat(queue: Database) -> None:
    """What it has found by then is still worth keeping: it ends by itself, as done."""
    asked(queue, "a")
    run = taken(queue, "w-1")
    assert run is not None

    queue.run(envelope(1), lambda work: ask_to_stop(work, "a"))

    assert not queue.run(envelope(2), lambda work: beat(work, run))
    queue.run(envelope(3), lambda work: finish(work, run))
    assert state(queue, "a") is RunState.DONE


def test_a_run_given_back_waits_again_as_if_untried(queue: Database) -> None:
    """A worker that is shut down is no worker that died."""
    asked(queue, "a")
    run = taken(queue, "w-1")
    assert run is not None

    queue.run(envelope(1), lambda work: give_back(work, run))

    again = taken(queue, "w-2", after_s=2)
    assert again is not None
    assert (again.attempts, again.token) == (1, 2)


def test_the_longest_wait_and_the_latest_runs_can_be_read(queue: Database) -> None:
    """A queue that grows is seen before somebody complains."""
    with queue.reading() as connection:
        assert longest_wait(connection, now=AT) == timedelta()
    asked(queue, "a")
    asked(queue, "b", after_s=5)

    with queue.reading() as connection:
        assert longest_wait(connection, now=AT + timedelta(seconds=30)) == timedelta(seconds=30)
        assert [run.id for run in latest(connection, "R1")[0]] == ["b", "a"]


def test_an_unknown_run_is_refused(queue: Database) -> None:
    """A wrong id is said, not passed over."""
    with queue.reading() as connection, pytest.raises(Refusal, match=r"run\.unknown"):
        find(connection, "R1", "nope")


def test_a_run_is_asked_for_once_under_one_name(queue: Database) -> None:
    """A name somebody used before, with another key: said with a code, and the first run stays as it is."""
    asked(queue, "a")

    with pytest.raises(Refusal, match=r"run\.there"):
        queue.run(envelope(), lambda work: ask(work, "a", kind="plan", content={"seed": 2}))

    with queue.reading() as connection:
        assert find(connection, "R1", "a").input == {"seed": 1}


def test_a_run_of_a_region_that_is_not_there_is_refused(queue: Database) -> None:
    """A typing mistake in the region's id is no defect of the database."""
    stranger = Envelope("dispatcher", "desk", AT, f"k-{next(KEYS)}", "R2")

    with pytest.raises(Refusal, match=r"region\.unknown"):
        queue.run(stranger, lambda work: ask(work, "a", kind="plan", content={}))


def test_a_stop_asked_for_while_the_run_is_taken_is_heard(queue: Database) -> None:
    """Between the look and the word a worker takes the run: the stop waits for him and reaches the run he holds."""
    asked(queue, "a")

    with ThreadPoolExecutor(1) as pool:
        with queue.writing(envelope()) as work:
            run = take(work, worker="w-1")
            assert run is not None
            stopped = pool.submit(queue.run, envelope(1), lambda other: ask_to_stop(other, "a"))
            until_somebody_waits(queue, work)
        answer = stopped.result()

    assert (answer.state, answer.stop_requested) == (RunState.RUNNING, True)
    assert not queue.run(envelope(2), lambda work: beat(work, run))


def until_somebody_waits(queue: Database, work: UnitOfWork) -> None:
    """Come back when another command waits for this unit of work."""
    watch = Stopwatch()
    while watch.seconds < 20:
        if queue.sqlite_lock is not None:
            waits = len(queue.sqlite_lock._waiting) > 0
        else:
            waits = bool(
                work.connection.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar()
            )
        if waits:
            return
    raise AssertionError("nobody waits")


def test_a_run_whose_solving_died_is_tried_as_often_as_it_may(queue: Database) -> None:
    """A process killed for its memory may find room the next time, but not for ever."""
    asked(queue, "a", most_attempts=2)
    died = Message("run.process_died", {"exit_code": -9})
    first = taken(queue, "w-1")
    assert first is not None

    queue.run(envelope(), lambda work: try_again(work, first, died))
    with queue.reading() as connection:
        between = find(connection, "R1", "a")
    second = taken(queue, "w-2")
    assert second is not None
    queue.run(envelope(), lambda work: try_again(work, second, died))

    assert (between.state, between.attempts, between.errors) == (RunState.WAITING, 1, (died,))
    assert second.errors == ()
    with queue.reading() as connection:
        ended = find(connection, "R1", "a")
    assert (ended.state, ended.attempts, ended.errors) == (RunState.FAILED, 2, (died,))


def test_why_a_run_failed_is_kept_as_codes_with_values(queue: Database) -> None:
    """Whatever the values hold, a NUL or half a character too; of very many the first, and how many more."""
    asked(queue, "a")
    run = taken(queue, "w-1")
    assert run is not None
    errors = [Message("dataset.wrong", {"line": line, "value": "a\x00b\ud800"}) for line in range(25)]

    queue.run(envelope(), lambda work: fail(work, run, errors))

    with queue.reading() as connection:
        ended = find(connection, "R1", "a")
    assert ended.errors == (*errors[:20], Message("run.more_errors", {"count": 5}))
