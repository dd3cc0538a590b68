"""How much one caller may ask for a minute: by address before anybody looks who it is, by principal after."""

from __future__ import annotations

import math
from pathlib import Path

from fastapi import Request
from limits import RateLimitItemPerMinute
from limits.strategies import SlidingWindowCounterRateLimiter

from api.auth.address import address_of
from api.auth.counts import Counts
from api.auth.policy import Policy
from api.auth.principal import Principal
from kernel.clock import SystemClock
from kernel.errors import Refusal


class Allowance:
    """Counts requests, together with the other processes behind the port."""

    def __init__(self, policy: Policy, *, within: Path | None = None) -> None:
        """With the figures of a policy; `within`: the folder of several processes, None: this one is alone."""
        self._addresses = RateLimitItemPerMinute(policy.per_address, namespace="address")
        self._principals = RateLimitItemPerMinute(policy.per_principal, namespace="principal")
        self._counts = Counts(within)
        self._limiter = SlidingWindowCounterRateLimiter(self._counts)

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
        # One at a time: the library reads and writes in two steps, and a count lost is a limit lifted.
        with self._counts.alone():
            if self._limiter.hit(item, who, cost=weight):
                return
            ends = self._limiter.get_window_stats(item, who).reset_time
        raise Refusal("rate.too_many", retry_s=_seconds_to(ends))


def _seconds_to(moment: float) -> int:
    return min(60, max(1, math.ceil(moment - SystemClock().now().timestamp())))
