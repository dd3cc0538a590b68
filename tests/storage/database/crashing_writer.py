"""A process that writes until it is killed, and says after each commit which key it has an answer for."""

from __future__ import annotations

from functools import partial
from itertools import count
from multiprocessing.connection import Connection

from dispatch.desk.intake import Channel, Report
from inventory.stock.document import Line
from storage.database import open_database
from storage.desk.intake import DRAFT, Brought, take
from storage.idempotency import Reply
from storage.stock import commands, promises
from storage.unit_of_work import UnitOfWork
from tests.database_builders import envelope
from tests.storage.database.stock_worlds import wish


def command(key: str, work: UnitOfWork) -> Reply:
    """What the writer does under a key, all of it in one transaction.

    Two units in and one promised; every other time a report with a photo of its own is taken in.
    """
    work.send("stock.arrived", key, {"units": 2})
    if int(key.rpartition("-")[2]) % 2:
        said = Report(DRAFT, work.now, Channel.PHONE, "desk-1", text=f"dark {key}")
        return take(work, said, brought=[Brought("a.log", "text/plain", key.encode())])
    commands.receive(work, key, [Line("P-1", 2, "SUPPLIER", "FUZHOU"), Line("P-2", 1, "SUPPLIER", "XIAMEN")])
    refused = promises._reserved(work, [wish(id=f"R-{key}")], customer="")
    return {"refused": len(refused)}


def write(url: str, name: str, told: Connection) -> None:
    """Run commands one after another and tell each key when its commit has been answered."""
    database = open_database(url)
    for number in count():
        key = f"{name}-{number}"
        told.send(("asked", key))
        database.run(envelope(key), partial(command, key))
        told.send(("done", key))
