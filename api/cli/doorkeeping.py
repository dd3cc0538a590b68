"""What `fieldwright serve` says about signing in before it listens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.cli.app import stderr
from api.text import Lang, label

if TYPE_CHECKING:
    from fastapi import FastAPI


def told_who_may_enter(made: FastAPI, host: str, address: str, *, demo: bool, lang: Lang) -> None:
    """Make the demonstration's accounts where asked for; say how the first administrator is made where there is none.

    Raises:
        Refusal: ``serve.demo_beyond_loopback``.
    """
    from api.auth.demo import PASSWORD, check_loopback, make_demo
    from api.auth.first import invitation

    state = made.state
    now = state.clock.now()
    say = stderr().print
    if demo:
        told = make_demo(state.database, state.passwords, now=now)
        pairs = ", ".join(told.names)
        say(label("user.demo_made", lang, names=pairs, password=PASSWORD))
        if told.key:
            say(label("user.demo_key", lang, key=told.key))
        if told.link:
            link = f"{address}/t/{told.ticket}/{told.link}"
            say(label("user.demo_link", lang, ticket=told.ticket, link=link))
    if check_loopback(state.database, host):
        say(label("user.demo_there", lang))
    secret = invitation(state.database, state.policy, now=now)
    if secret is not None:
        say(label("user.first", lang, address=address, secret=secret))
