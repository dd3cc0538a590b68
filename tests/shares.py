"""Which tester runs which tests: a file is one tester's, so what it makes for all its tests is made once; the longest begin first.

Tests taken from one another at the end of a run (`--dist worksteal`) make it again, and what came last went on alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pytest
from xdist.remote import Producer
from xdist.scheduler.loadscope import LoadScopeScheduling
from xdist.workermanage import WorkerController

LONG: dict[str, int] = {
    "tests/dispatch/oracle/test_oracle.py": 1,
    "tests/house/test_readme.py": 1,
    "tests/golden/test_fujian_day.py": 1,
    "tests/scenarios/exact/test_textbook.py": 4,
    "tests/browser/test_every_page.py": 2,
    "tests/api/usecases/test_simulating.py": 1,
    "tests/api/cli/test_rescue_command.py": 1,
    "tests/benchmarks/test_service.py": 2,
    "tests/browser/test_dispatchers_day.py": 1,
    "tests/scenarios/run/test_lived.py": 1,
    "tests/dispatch/explain/test_audit.py": 2,
    "tests/storage/database/test_kills.py": 1,
    "tests/golden/test_storekeepers_day.py": 1,
    "tests/api/http/test_killed_morning.py": 1,
    "tests/house/test_package.py": 1,
    "tests/house/test_readme_service.py": 1,
}
"""Files that take longest, the longest first, each with the number of shares its tests are given out in.

More than one where each test stands alone. How long they take: `pytest --durations=0`.
"""

OTHER_DATABASE = "postgresql"


def shares(collected: Iterable[str]) -> dict[str, str]:
    """The share of each test: its file, what of it runs on the other database apart, a part of it if it is long."""
    files: dict[str, list[str]] = defaultdict(list)
    for test in collected:
        file, _, name = test.partition("::")
        other = "[" in name and OTHER_DATABASE in name.partition("[")[2]
        files[f"{file}@{OTHER_DATABASE}" if other else file].append(test)
    found = {}
    for share, tests in files.items():
        parts = LONG.get(share.partition("@")[0], 1)
        for place, test in enumerate(tests):
            found[test] = f"{share}@{place * parts // len(tests)}" if parts > 1 else share
    return found


def turn(share: str) -> tuple[int, bool]:
    """When a share is begun: what is long first, then the rest, each database by itself."""
    file, _, more = share.partition("@")
    long = list(LONG)
    return long.index(file) if file in LONG else len(long), OTHER_DATABASE in more


class Shares(LoadScopeScheduling):  # type: ignore[misc]  # it ships no types
    """Gives each tester that is free the next share."""

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        """Nothing is collected yet."""
        super().__init__(config, log)
        self.shares: dict[str, str] = {}

    def schedule(self) -> None:
        """Begin, once every tester has collected the same."""
        if not self.shares:
            self.shares = shares(next(iter(self.registered_collections.values())))
        super().schedule()

    def _split_scope(self, nodeid: str) -> str:
        return self.shares[nodeid]

    def _assign_work_unit(self, node: WorkerController) -> None:
        self.workqueue.move_to_end(min(self.workqueue, key=turn), last=False)
        super()._assign_work_unit(node)
