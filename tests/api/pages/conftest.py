"""The tiny region with a place for what customers get, and somebody signed in on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import true

from api.app import make_app
from api.auth.given import give_link
from api.auth.password import Passwords
from api.auth.policy import policy_of
from kernel.envelope import Envelope
from storage.database import Database, open_database
from storage.dataset.read import read
from storage.scope import Scope
from storage.tables.people import Role
from tests.api.http.conftest import AS_OF, StandingClock
from tests.databases import Make, copies, with_region
from tests.dataset_builder import TINY, tiny
from tests.people_builders import QUICK, somebody

PASSWORD = "a few unrelated words"  # noqa: S105 of a test
KNOWN = """ticket_id,at,by,cause,solution,asset,serial,model,symptom,problem,customer_caused,public
G0,2025-03-06T11:00+08:00,E9,worn fuse 保险丝老化,replaced it,A1,0007,M-9,no-power,fuse-worn,,yes
G2,2026-03-06T07:30+08:00,E1,打印机卡纸,清洁滚轮,A2,0008,M-9,,,,
"""
ONE_KIND = pytest.mark.parametrize("make_url", ["sqlite"], indirect=True)
"""For what a page says and what a form may say: the tables have no part in it."""

PAGE = {"Accept": "text/html"}
AT = AS_OF + timedelta(hours=1, minutes=30)
"""Half past nine there: the engineer is on duty, the visit begins at ten."""


@pytest.fixture(scope="session")
def make_page(make_url: Make, tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Copies of a database of each kind with the tiny region, which knows where customers' parts go."""
    places = TINY["places.csv"] + "C9,customer,Customers,,,,\n"
    folder = tiny(tmp_path_factory.mktemp("pages") / "tiny", places=places)
    (folder / "knowledge.csv").write_text(KNOWN, encoding="utf-8")
    return copies(with_region(make_url(), read(folder)))


@pytest.fixture
def stored(make_page: Make) -> Iterator[Database]:
    """A copy of it, the test's own."""
    database = open_database(make_page())
    yield database
    database.close()


@pytest.fixture
def clock() -> StandingClock:
    """The application's clock."""
    return StandingClock(AT)


@pytest.fixture
def anybody(stored: Database, clock: StandingClock) -> Iterator[TestClient]:
    """A browser nobody is signed in with; it follows no redirect by itself."""
    app = make_app(stored, clock=clock, settings=QUICK)
    with TestClient(app, raise_server_exceptions=False, follow_redirects=False, headers=PAGE) as client:
        yield client


@pytest.fixture
def e1(anybody: TestClient, stored: Database) -> TestClient:
    """The phone of engineer E1, signed in."""
    hashed = Passwords(policy_of(QUICK).hashing).rehashed(PASSWORD)
    scope = Scope(regions=("R1",), engineer="E1")
    somebody(stored, Role.ENGINEER, scope, now=AS_OF, name="e1", password_hash=hashed)
    answer = anybody.post("/m/sign-in", data={"name": "e1", "password": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/m"), answer.text
    return anybody


@pytest.fixture
def link(stored: Database) -> Callable[[str], str]:
    """The address of a customer's link to a ticket."""

    def made(ticket: str = "G1") -> str:
        envelope = Envelope("operator", "test", AS_OF, f"link-{ticket}", "R1")
        given = give_link(
            stored, envelope, ticket=ticket, ends_at=None, lasts=timedelta(days=30), where=true()
        )
        return f"/t/{ticket}/{given.secret}"

    return made


def filled(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form with an action, as a browser without script would send them."""
    found = re.search(rf'<form method="post" action="{re.escape(action)}".*?</form>', page, re.DOTALL)
    assert found is not None, f"no form {action} in {page}"
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', found[0])
    return dict(hidden)
