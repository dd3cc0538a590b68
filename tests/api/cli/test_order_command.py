"""`fieldwright order` on the built-in region in a database: from what is missing to what was confirmed."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
from sqlalchemy import select

from api.cli import commands  # noqa: F401 registers every command
from api.cli.app import run
from storage.database import open_database
from storage.tables.catalogue import PurchaseOrderLineRow
from storage.tables.quality import OrderDraftRow

FUJIAN = str(files("scenarios.library") / "fujian")
AT = ["--now", "2026-03-06T10:40+08:00"]


@pytest.mark.slow  # reviews the built-in region's whole stock
def test_proposals_become_orders_that_somebody_else_approves(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Written twice under one key is written once; what is sent is on order, what is not is not."""
    url = f"sqlite:///{tmp_path}/fujian.db"
    assert run(["import", FUJIAN, "--database", url]) == 0
    there = ["--database", url, "--approval-above", "0", *AT]
    capsys.readouterr()

    for _ in range(2):
        assert run(["order", "propose", "NEW", "--key", "propose-1", "--by", "keeper", *there]) == 0
    said = capsys.readouterr().out.splitlines()
    count = len(said) // 2
    assert count > 1
    assert said[:count] == said[count:]
    assert all("waits for approval" in line for line in said)
    assert run(["order", "propose", "TWICE", *there]) == 0
    assert capsys.readouterr().out == "Nothing is to be bought.\n"
    step = ["order", "step", "NEW-1"]
    assert run([*step, "send", *there, "--by", "keeper"]) == 2
    assert run([*step, "approve", *there, "--by", "keeper"]) == 2
    assert run([*step, "approve", *there, "--by", "head"]) == 0
    assert run([*step, "send", *there, "--by", "keeper"]) == 0
    assert run([*step, "confirm", "--promised", "2026-03-20T08:00+08:00", *there, "--lang", "zh"]) == 0
    told = capsys.readouterr()

    assert told.out.splitlines() == ["Order NEW-1: to be sent.", "Order NEW-1: sent.", "订单 NEW-1：已确认。"]
    assert "supply.not_approved" in told.err
    assert "supply.approved_by_maker" in told.err
    database = open_database(url)
    with database.reading() as connection:
        drafted = set(connection.execute(select(OrderDraftRow.c.order_id)).scalars())
        line = PurchaseOrderLineRow.c
        sent = connection.execute(select(line.order_id, line.promised_at).where(line.order_id.in_(drafted)))
        found = [(row.order_id, row.promised_at is not None) for row in sent]
    database.close()
    assert len(drafted) == count
    assert set(found) == {("NEW-1", True)}
