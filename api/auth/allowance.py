"""How much one caller may ask for a minute: by address before anybody looks who it is, by principal after."""

from __future__ import annotations

import math
import threading

from fastapi import Request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from api.auth.address import address_of
from api.auth.policy import Policy
from api.auth.principal import Principal
from kernel.clock import SystemClock
from kernel.errors import Refusal

SWEEP_S = 60.0
"""Seconds after which counts that have run out are let go."""


class Counts(MemoryStorage):
    """Counts in memory, swept now and then by whoever counts: the library starts a thread for it at nearly every request.

    Not safe between threads: `Allowance` lets one count at a time.
    """

    def __init__(self) -> None:
        """With nothing counted."""
        super().__init__()
        self._swept = 0.0

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Add to a count that begins anew when `expiry` seconds have passed since its first."""
        now = SystemClock().now().timestamp()
        if now - self._swept >= SWEEP_S:
            self._swept = now
            for one in [one for one, ends in self.expirations.items() if ends <= now]:
                self.clear(one)
        count = self.get(key) + amount
        self.storage[key] = count
        if count == amount:
            self.expirations[key] = now + expiry
        return count


class Allowance:
    """Counts requests in this process; several processes allow each their own."""

    def __init__(self, policy: Policy) -> None:
        """With the figures of a policy; begins with nothing spent."""
        self._addresses = RateLimitItemPerMinute(policy.per_address, namespace="address")
        self._principals = RateLimitItemPerMinute(policy.per_principal, namespace="principal")
        self._limiter = SlidingWindowCounterRateLimiter(Counts())
        self._lock = threading.Lock()

    def spend_address(self, request: Request) -> None:
        """Count a request of an address.

        Raises:
            Refusal: ``rate.too_many`` with the seconds to wait.
        """
        self._spend(self._addresses, address_of(request), 1)

    def spend(self, principal: Principal, *, weight: int) -> None:
        """Count a request of somebody known.

        Raises:
            Refusal: ``rate.too_many`` with the seconds to wait.
        """
        self._spend(self._principals, principal.user, weight)

    def _spend(self, item: RateLimitItemPerMinute, who: str, weight: int) -> None:
        # One at a time: the library's expiry and its count may cross, and a count lost is a limit lifted.
        with self._lock:
            if self._limiter.hit(item, who, cost=weight):
                return
            ends = self._limiter.get_window_stats(item, who).reset_time
        raise Refusal("rate.too_many", retry_s=_seconds_to(ends))


def _seconds_to(moment: float) -> int:
    return min(60, max(1, math.ceil(moment - SystemClock().now().timestamp())))
