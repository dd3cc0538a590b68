"""How long sign-ins last, how often one may ask and try: figures the settings fill."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from api.settings import Settings
from storage.people.retention import Kept
from storage.people.tries import Throttle


@dataclass(frozen=True, slots=True)
class Hashing:
    """What a password's hash costs (argon2id); the defaults are RFC 9106's second choice with 64 MiB.

    Args:
        memory_kib: of one hash.
        passes: over that memory.
        lanes: threads of one hash.
        at_once: hashes at one time, so that a burst of sign-ins does not take the machine's memory.
        wait_s: how long a sign-in waits for its turn before it is told to come again.
    """

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 2
    at_once: int = 2
    wait_s: float = 2.0


@dataclass(frozen=True, slots=True)
class Policy:
    """The figures of the door.

    Args:
        idle: a session unused for so long ends.
        longest: a session ends after this, used or not.
        link_lasts: a customer's link ends after this, where nothing else is said.
        invitation_lasts: the one-time link of the first start.
        throttle: of sign-ins.
        hashing: of passwords.
        per_principal: weight of requests a minute from one account or link; plans and simulations weigh 20.
        per_address: requests a minute from one address, signed in or not.
    """

    idle: timedelta = timedelta(hours=8)
    longest: timedelta = timedelta(days=7)
    link_lasts: timedelta = timedelta(days=30)
    invitation_lasts: timedelta = timedelta(hours=1)
    throttle: Throttle = field(default_factory=Throttle)
    hashing: Hashing = field(default_factory=Hashing)
    per_principal: int = 1200
    per_address: int = 6000


def policy_of(settings: Settings) -> Policy:
    """The figures an operator chose."""
    return Policy(
        idle=timedelta(minutes=settings.session_idle_min),
        longest=timedelta(hours=settings.session_longest_h),
        link_lasts=timedelta(days=settings.link_days),
        throttle=Throttle(of_name=settings.sign_in_tries, of_address=settings.sign_in_tries_address),
        hashing=Hashing(
            memory_kib=settings.password_memory_mib * 1024,
            at_once=1 if settings.processes > 1 else 2,  # together as many, so that they take no more memory
        ),
        per_principal=settings.requests_per_min,
        per_address=settings.requests_per_min_address,
    )


def kept_of(settings: Settings) -> Kept:
    """How long an operator chose to keep what is about persons, and replies to writes."""
    return Kept(
        positions=timedelta(days=settings.positions_kept_days),
        credentials=timedelta(days=settings.sessions_kept_days),
        replies=timedelta(days=settings.replies_kept_days),
    )
