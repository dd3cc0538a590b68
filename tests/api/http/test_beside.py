"""What stands beside a ticket: shown as far as each right goes; the form to print runs nothing."""

from __future__ import annotations

from collections.abc import Callable

from fastapi.testclient import TestClient

from storage.scope import Scope
from storage.tables.people import Role
from tests.api.http.test_reading_routes import code_of


def test_a_ticket_is_shown_with_what_stands_beside_it(client: TestClient) -> None:
    """Parts, loaners, charges, complaints, survey: one look before the customer is called."""
    body = client.get("/v1/tickets/G1/beside").json()
    visits = {one["visit"] for one in client.get("/v1/tickets/G1").json()["visits"]}

    assert body["needs"]
    assert {one["visit"] for one in body["needs"]} <= visits
    assert all(one["name"] for one in body["needs"])
    assert all(body[name] is not None for name in ("loans", "charges", "complaints", "survey", "contact"))


def test_who_may_not_read_money_is_shown_none(
    client: TestClient, as_role: Callable[..., dict[str, str]]
) -> None:
    """An engineer sees the parts of his own visit, not what the customer pays."""
    body = client.get(
        "/v1/tickets/G1/beside", headers=as_role(Role.ENGINEER, Scope(regions=("R1",), engineer="E1"))
    ).json()

    assert body["needs"] == client.get("/v1/tickets/G1/beside").json()["needs"]
    assert [body[name] for name in ("loans", "charges", "complaints", "survey", "contact")] == [None] * 5


def test_an_unknown_ticket_has_nothing_beside_it(client: TestClient) -> None:
    """Neither page nor form."""
    assert code_of(client.get("/v1/tickets/T-9/beside")) == "desk.unknown_ticket"
    assert code_of(client.get("/v1/tickets/T-9/form")) == "desk.unknown_ticket"


def test_the_form_is_a_page_that_runs_nothing(client: TestClient) -> None:
    """It is opened beside the console, under the same roof as the session."""
    english = client.get("/v1/tickets/G1/form")
    chinese = client.get("/v1/tickets/G1/form", params={"lang": "zh"})

    assert english.headers["content-type"].startswith("text/html")
    assert "script-src" not in english.headers["content-security-policy"]
    assert "sandbox" in english.headers["content-security-policy"]
    assert "G1" in english.text
    assert 'lang="en"' in english.text
    assert 'lang="zh-Hans"' in chinese.text


def test_regions_are_those_one_reaches(client: TestClient, as_role: Callable[..., dict[str, str]]) -> None:
    """The choice in the bar."""
    mine = client.get("/v1/regions").json()["regions"]
    none = client.get("/v1/regions", headers=as_role(Role.MANAGER, Scope(regions=("R9",)))).json()["regions"]

    assert [one["region"] for one in mine] == ["R1"]
    assert mine[0]["zone"]
    assert none == []
