"""A scheme or practice changed value by value: what is wrong is said at its key, nothing is kept."""

from __future__ import annotations

from typing import Any

from fastapi.testclient import TestClient

from tests.api.http.test_tickets import keyed

SCHEME = "field-2-4-24"


def change(key: str, toml: str) -> dict[str, Any]:
    """A change of the value at a dotted key."""
    return {"path": key.split("."), "toml": toml}


NEXT = (
    change("version", '"2"'),
    change("announced_on", "2026-03-06"),
    change("effective_on", "2026-04-06"),
)


def drafted(client: TestClient, *changes: dict[str, Any], text: str = "") -> Any:
    """The draft of a scheme that ships with these changes."""
    file = text or client.get(f"/v1/schemes/{SCHEME}/file").text
    answer = client.post("/v1/schemes/draft", json={"text": file, "changes": list(changes)})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_draft_keeps_every_word_that_was_not_changed(client: TestClient) -> None:
    """Comments say why a figure is as it is: a form that lost them would lose the reason."""
    file = client.get(f"/v1/schemes/{SCHEME}/file").text

    draft = drafted(client, *NEXT, change("milestones.arrive.all.within", '"2 h"'))

    assert draft["problems"] == []
    assert (draft["version"], draft["effective_on"]) == ("2", "2026-04-06")
    assert set(draft["text"].splitlines()) - set(file.splitlines()) == {
        'version = "2"',
        "effective_on = 2026-04-06",
        "announced_on = 2026-03-06",
        'all = { within = "2 h", source = "002 售后服务体系及方案 §2(5) “4小时内派专业人员上门”" }',
    }
    arrive = next(one for one in draft["figures"] if one["key"] == "milestones.arrive.all")
    assert arrive["value"] == "2 h"


def test_what_is_wrong_is_said_at_its_key(client: TestClient) -> None:
    """A form shows the reason beside the field; the version that ships, too little notice and a wrong time have theirs."""
    wrong = {
        "milestones.arrive.all.within": drafted(
            client, *NEXT, change("milestones.arrive.all.within", '"soon"')
        ),
        "version": drafted(client),
        "effective_on": drafted(client, *NEXT, change("effective_on", "2026-03-16")),
        "milestones.arrive": drafted(client, *NEXT, change("milestones.arrive", '"4 h"')),
        "survey.highest": drafted(client, *NEXT, change("survey.highest", "five")),
    }

    said = {key: [(one["key"], one["code"]) for one in draft["problems"]] for key, draft in wrong.items()}

    assert said == {
        "milestones.arrive.all.within": [("milestones.arrive.all.within", "scheme.not_a_duration")],
        "version": [("version", "scheme.ships")],
        "effective_on": [("effective_on", "scheme.too_little_notice")],
        "milestones.arrive": [("milestones.arrive", "toml.cannot_change")],
        "survey.highest": [("survey.highest", "toml.not_a_value")],
    }
    assert all(draft["problems"][0]["line"] > 0 for draft in list(wrong.values())[:3])


def test_a_text_that_is_no_toml_has_no_fields_and_says_its_line(client: TestClient) -> None:
    """Somebody types in the text: the form waits until it can be read again."""
    draft = drafted(client, text="schema = 1\nversion =\n")

    assert draft["fields"] == []
    assert [(one["code"], one["line"]) for one in draft["problems"]] == [("scheme.not_toml", 2)]


def test_a_practice_is_drafted_the_same_way(client: TestClient) -> None:
    """Its limits and checklists are figures of a file too."""
    file = client.get("/v1/practice/file").text

    good = client.post(
        "/v1/practice/draft", json={"text": file, "changes": [change("repeat_days.value", "45")]}
    )
    bad = client.post(
        "/v1/practice/draft", json={"text": file, "changes": [change("repeat_days.value", "0")]}
    )

    assert [one["value"] for one in good.json()["figures"] if one["key"] == "repeat_days"] == ["45"]
    assert [(one["key"], one["code"]) for one in bad.json()["problems"]] == [
        ("repeat_days", "practice.out_of_range")
    ]
    assert client.get("/v1/practice/file").text == file


def test_who_counts_by_a_version_is_counted(client: TestClient) -> None:
    """Before terms are changed somebody wants to know whom it is about; what was opened keeps its version."""
    before = client.get(f"/v1/schemes/{SCHEME}/use").json()
    contracts = client.get("/v1/contracts", params={"scheme": SCHEME, "version": "1", "limit": 200}).json()
    tickets = client.get("/v1/tickets", params={"scheme": SCHEME, "limit": 200}).json()

    kept = client.post(
        "/v1/schemes",
        content=drafted(client, *NEXT)["text"].encode(),
        headers={"Content-Type": "application/toml"} | keyed("s"),
    )
    newest = client.get(f"/v1/schemes/{SCHEME}/use", params={"version": "2"}).json()

    assert kept.status_code == 201, kept.text
    assert (before["contracts"], before["open_tickets"]) == (
        len(contracts["rows"]),
        len(tickets["tickets"]),
    )
    assert before["contracts"] > 0
    assert (newest["contracts"], newest["open_tickets"]) == (0, 0)
    assert client.get(f"/v1/schemes/{SCHEME}/use", params={"version": "1"}).json() == before


def test_contracts_are_asked_for_by_the_day_they_hold(client: TestClient) -> None:
    """A list of what is in force leaves out what has ended and what has not begun."""
    every = client.get("/v1/contracts", params={"limit": 200}).json()["rows"]
    day = "2026-03-06"

    shown = client.get("/v1/contracts", params={"on": day, "limit": 200}).json()["rows"]

    assert {one["contract_id"] for one in shown} == {
        one["contract_id"]
        for one in every
        if one["valid_from"] <= day and (one["valid_until"] is None or day <= one["valid_until"])
    }
    assert client.get("/v1/contracts", params={"on": "1999-01-01"}).json()["rows"] == []
