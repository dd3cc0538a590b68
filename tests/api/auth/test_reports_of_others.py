"""What a customer's program reports: it is judged by what is that customer's, and nothing of others is told."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from storage.scope import Scope
from storage.tables.people import Role
from tests.api.auth.conftest import Who
from tests.people_builders import once

MINE = Scope(regions=("R1",), customers=("C1",))


@pytest.mark.parametrize(
    ("said", "told_anyway"),
    [
        ({"asset": "ZZA2", "site": "S1"}, "ZZA2"),
        ({"serial": "0008", "site": "S1"}, ""),
        ({"text": "the pump 0008 and its neighbour 0007", "site": "S1"}, ""),
        ({"site": "ZZS2", "contract": "K1"}, "ZZS2"),
        ({"asset": "ZZA2"}, "ZZA2"),
    ],
)
def test_a_report_is_told_nothing_of_others_equipment(
    asking: TestClient, who: Who, said: dict[str, str], told_anyway: str
) -> None:
    """Not where it stands, not what it is called: what lies outside is as unknown as what is not there."""
    headers = once(who(Role.INTEGRATION, MINE))

    answer = asking.post("/v1/tickets", json={"channel": "phone", **said}, headers=headers)

    assert answer.status_code in {201, 404}, answer.text
    others = answer.text.replace(told_anyway, "") if told_anyway else answer.text
    assert "ZZ" not in others


def test_a_report_still_finds_ones_own_equipment_in_its_words(asking: TestClient, who: Who) -> None:
    """The customer's own is proposed by its serial number, and asked for until it is confirmed."""
    headers = once(who(Role.INTEGRATION, MINE))

    answer = asking.post(
        "/v1/tickets",
        json={"channel": "phone", "text": "the pump 0008 or 0007?", "site": "S1"},
        headers=headers,
    )

    (question,) = (one for one in answer.json()["questions"] if one["asked"] == "asset")
    assert question["choices"] == ["A1"]
    shown = asking.get(f"/v1/tickets/{answer.json()['ticket']}", headers=who(Role.INTEGRATION, MINE))
    assert shown.status_code == 200
    assert "ZZ" not in shown.text
