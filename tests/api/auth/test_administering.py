"""What an administrator does to accounts, and what he reads: never out of his own way in, judged as the door judges."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from api.auth.action import RIGHTS, Action
from kernel.errors import Refusal
from storage.audit import breaks, part_checked
from storage.database import Database
from storage.people.accounts import account_of, close_account, open_account
from storage.people.personal import erase_user
from storage.scope import Scope
from storage.tables.command import AuditRow
from storage.tables.people import Role
from tests.api.http.conftest import AS_OF
from tests.people_builders import PASSWORD, bearer, code, company, enter, once, person, somebody
from tests.storage.database.test_check_and_backup import past_the_program


def added(client: TestClient, admin: dict[str, str], **more: Any) -> str:
    """An account made over HTTP."""
    body = {
        "name": "desk-1",
        "role": "dispatcher",
        "scope": {"regions": ["R1"]},
        "password": PASSWORD,
        **more,
    }
    return str(client.post("/v1/users", json=body, headers=once(admin)).json()["id"])


def test_nobody_takes_the_right_to_administer_from_himself(
    stored: Database, client: TestClient, admin: dict[str, str]
) -> None:
    """Another administrator could: a slip of the hand at the own row is refused although one is left."""
    person(stored, Role.ADMINISTRATOR, now=AS_OF, name="second")
    me = client.get("/v1/me", headers=admin).json()["user"]
    demoted = {"role": "manager", "scope": {"everywhere": True}}

    closing = client.post(f"/v1/users/{me}/close", headers=once(admin))
    changing = client.put(f"/v1/users/{me}/role", json=demoted, headers=once(admin))
    erasing = client.post(f"/v1/people/users/{me}/erase", headers=once(admin))

    assert [code(one).split()[1] for one in (closing, changing, erasing)] == ["user.own_account"] * 3
    assert client.get("/v1/me", headers=admin).json()["role"] == "administrator"


def test_a_closed_account_is_opened_with_another_password(
    stored: Database, client: TestClient, admin: dict[str, str]
) -> None:
    """The old password and the old keys stay ended; one that was erased is never opened."""
    user = added(client, admin)
    until = (AS_OF + timedelta(days=9)).isoformat()
    key = client.post(
        "/v1/keys", json={"user": user, "name": "k", "ends_at": until}, headers=once(admin)
    ).json()
    client.post(f"/v1/users/{user}/close", headers=once(admin))

    bare = client.post(f"/v1/users/{user}/open", json={}, headers=once(admin))
    opened = client.post(
        f"/v1/users/{user}/open", json={"password": "eight green goats at dusk"}, headers=once(admin)
    )

    assert code(bare) == "422 user.needs_password"
    assert opened.json()["closed_at"] is None
    assert enter(client, "desk-1").status_code == 401
    assert enter(client, "desk-1", "eight green goats at dusk").status_code == 201
    client.cookies.clear()
    assert client.get("/v1/me", headers={"Authorization": f"Bearer {key['secret']}"}).status_code == 401
    stored.run(company(now=AS_OF), lambda work: erase_user(work, user))
    with pytest.raises(Refusal, match=r"user\.erased"):
        stored.run(company(now=AS_OF), lambda work: open_account(work, user, "hash"))


def test_an_account_s_holder_is_called_otherwise(
    stored: Database, client: TestClient, admin: dict[str, str]
) -> None:
    """A name changes, the rest stays: he goes on as he signed in, and the audit, which is kept, holds neither name."""
    user = added(client, admin, shown="Lin Mei")
    path = f"/v1/users/{user}"
    enter(client, "desk-1")
    seen = {"If-Match": client.get(path, headers=admin).headers["ETag"]}

    changed = client.put(f"{path}/shown-name", json={"shown": " Lin Hua "}, headers=once(admin) | seen)
    late = client.put(f"{path}/shown-name", json={"shown": "Lin"}, headers=once(admin) | seen)
    again = client.get("/v1/me").json()["shown"]
    empty = client.put(f"{path}/shown-name", json={"shown": ""}, headers=once(admin))
    long = client.put(f"{path}/shown-name", json={"shown": "x" * 400}, headers=once(admin))
    stored.run(company(now=AS_OF), lambda work: erase_user(work, user))
    erased = client.put(f"{path}/shown-name", json={"shown": "Lin Mei"}, headers=once(admin))
    with stored.reading() as connection:
        told = connection.execute(
            select(AuditRow.c.action, AuditRow.c.facts).where(AuditRow.c.about == user)
        ).all()

    assert (changed.status_code, changed.json()["shown"]) == (200, "Lin Hua")
    assert code(late) == "412 register.moved_on"
    assert again == "Lin Hua"
    assert empty.json()["shown"] == "desk-1"
    assert code(long) == "422 database.text_too_long"
    assert code(erased) == "422 user.erased"
    assert [action for action, _ in told].count("user.shown_name") == 2
    assert "Lin" not in str(told)


def test_a_program_is_opened_without_a_password(stored: Database) -> None:
    """It signs in by key only, before and after."""
    user = somebody(stored, Role.INTEGRATION, now=AS_OF).id
    stored.run(company(now=AS_OF), lambda work: close_account(work, user))

    with pytest.raises(Refusal, match=r"user\.key_only"):
        stored.run(company(now=AS_OF), lambda work: open_account(work, user, "hash"))
    stored.run(company(now=AS_OF), lambda work: open_account(work, user, ""))

    with stored.reading() as connection:
        assert account_of(connection, user).is_open


def test_an_administrator_signs_somebody_out_everywhere(client: TestClient, admin: dict[str, str]) -> None:
    """A lost telephone: the account stays, what it was signed in with does not."""
    user = added(client, admin)
    enter(client, "desk-1")
    assert client.get("/v1/me").status_code == 200

    ended = client.delete(f"/v1/users/{user}/sessions", headers=once(admin))

    assert ended.json() == {"ended": 1}
    assert client.get("/v1/me").status_code == 401
    assert code(client.delete("/v1/users/u-nobody/sessions", headers=once(admin))) == "404 user.unknown"


def test_what_somebody_may_do_is_judged_as_the_door_judges(
    stored: Database, client: TestClient, admin: dict[str, str]
) -> None:
    """The table agrees with what the account itself is told, and says which of role and scope is the reason."""
    scope = Scope(regions=("R1",), depots=("D1",))
    head = bearer(stored, Role.STOREKEEPER, scope, now=AS_OF)
    me = client.get("/v1/me", headers=head).json()

    rights = client.get(f"/v1/users/{me['user']}/rights", headers=admin).json()["rights"]

    assert sorted(one["action"] for one in rights if one["may"]) == me["actions"]
    why = {one["action"]: one["why"] for one in rights}
    assert (why["stock_write"], why["order_write"], why["user_admin"]) == (
        "",
        "right.scope_too_narrow",
        "right.denied",
    )
    client.post(f"/v1/users/{me['user']}/close", headers=once(admin))
    closed = client.get(f"/v1/users/{me['user']}/rights", headers=admin).json()["rights"]
    assert not any(one["may"] for one in closed)


@pytest.mark.parametrize("lang", ["en", "zh-Hans"])
def test_the_table_of_rights_is_in_the_readers_language(
    client: TestClient, admin: dict[str, str], lang: str
) -> None:
    """Every action has words of its own; the roles are those of the table the door reads."""
    found = client.get("/v1/rights", headers={**admin, "Accept-Language": lang}).json()["rights"]

    assert [one["action"] for one in found] == [one.value for one in Action]
    assert all(
        set(one["roles"]) == {role.value for role in RIGHTS if Action(one["action"]) in RIGHTS[role]}
        for one in found
    )
    assert len({one["words"] for one in found}) == len(found)
    assert not any(one["words"].startswith("action.") for one in found)


def test_names_are_told_of_accounts_and_nothing_of_erased_ones(
    stored: Database, client: TestClient, admin: dict[str, str]
) -> None:
    """Who did it is read by its name; what names nobody any more stays so."""
    first = added(client, admin, shown="Desk, east")
    second = added(client, admin, name="desk-2")
    third = added(client, admin, name="desk-3", shown="gone")
    stored.run(company(now=AS_OF), lambda work: erase_user(work, third))

    names = client.get(f"/v1/names?ids={first},{second},{third},E1", headers=admin).json()["names"]
    many = client.get("/v1/names?ids=" + ",".join(f"u{n}" for n in range(101)), headers=admin)

    assert names == {first: "Desk, east", second: "desk-2", third: ""}
    assert code(many) == "422 person.too_many_names"


def test_an_account_is_changed_as_it_was_seen(client: TestClient, admin: dict[str, str]) -> None:
    """Two administrators at one account: who has not seen what the other did changes nothing of it."""
    user = added(client, admin)
    path = f"/v1/users/{user}"
    seen = client.get(path, headers=admin).headers["etag"]
    same = client.get(path, headers=admin).headers["etag"]
    role = {"role": "storekeeper", "scope": {"regions": ["R1"]}}
    word = {"password": "eleven red horses at dawn"}

    first = client.put(f"{path}/role", json=role, headers=once(admin) | {"If-Match": seen})
    late = client.put(
        f"{path}/role", json=role | {"role": "manager"}, headers=once(admin) | {"If-Match": seen}
    )
    blind = client.put(f"{path}/password", json=word, headers=once(admin) | {"If-Match": seen})
    now = client.get(path, headers=admin).headers["etag"]
    told = client.put(f"{path}/password", json=word, headers=once(admin) | {"If-Match": now})
    then = client.get(path, headers=admin).headers["etag"]

    assert seen == same
    assert (first.status_code, told.status_code) == (200, 204), (first.text, told.text)
    assert [code(one) for one in (late, blind)] == ["412 register.moved_on"] * 2
    assert len({seen, now, then}) == 3
    assert client.get(path, headers=admin).json()["role"] == "storekeeper"


def checked(client: TestClient, admin: dict[str, str], path: str) -> tuple[int, list[Any]]:
    """Entries read and breaks found, part after part."""
    read, after = 0, ""
    found: list[Any] = []
    while True:
        part = client.get(path + (f"after={after}" if after else ""), headers=admin).json()
        read, found, after = read + part["checked"], found + part["breaks"], part["next"]
        if not after:
            assert found or read == part["total"]
            return read, found


def test_the_chains_are_checked_over_http(
    stored: Database, client: TestClient, admin: dict[str, str]
) -> None:
    """The region's and the company's; what was changed behind the server's back is named by its place."""
    added(client, admin)
    assert checked(client, admin, "/v1/audit/check?region=R1&")[1] == []
    read, found = checked(client, admin, "/v1/company-audit/check?")
    assert (read >= 3, found) == (True, [])
    past_the_program(stored, "UPDATE audit SET about = 'nobody' WHERE action = 'user.add'")

    _, found = checked(client, admin, "/v1/company-audit/check?")

    assert found
    assert code(client.get("/v1/company-audit/check?after=zz", headers=admin)) == "422 request.bad_cursor"


@pytest.mark.parametrize("most", [1, 3, 1000])
@pytest.mark.parametrize("harm", ["nothing", "changed", "cut", "taken"])
def test_the_parts_say_what_the_whole_says(stored: Database, most: int, harm: str) -> None:
    """However a chain is cut into parts, the first break of each lane is found, and one that lost its end."""
    for number in range(7):
        somebody(stored, Role.MANAGER, now=AS_OF, name=f"m-{number}")
    row = AuditRow.c
    with stored.reading() as connection:
        one = connection.execute(select(AuditRow).where(row.region_id == "none")).first()
        assert one is not None
        here = (row.region_id == "none") & (row.lane == one.lane)
        last = connection.execute(select(func.max(row.number)).where(here)).scalar_one()
    at = last if harm == "cut" else 1
    # What somebody with a database client writes.
    harms = {
        "changed": ["UPDATE audit SET facts = '{{}}' WHERE region_id = 'none' AND lane = {} AND number = {}"],
        "cut": ["DELETE FROM audit WHERE region_id = 'none' AND lane = {} AND number = {}"],
        "taken": ["DELETE FROM audit WHERE region_id = 'none' AND lane = {} AND number = {}"],
    }
    past_the_program(stored, *(change.format(one.lane, at) for change in harms.get(harm, [])))

    found: list[Any] = []
    after: tuple[int, int] | None = (0, 0)
    with stored.reading() as connection:
        whole = [one for one in breaks(connection) if one.region == "none"]
        while after is not None:
            part = part_checked(connection, "none", after=after, most=most)
            found, after = [*found, *part.breaks], part.after

    assert sorted(found, key=lambda one: one.lane) == sorted(whole, key=lambda one: one.lane)
    assert bool(whole) == (harm != "nothing")
