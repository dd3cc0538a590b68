"""Where a request comes from, as one word to count by."""

from __future__ import annotations

import ipaddress
from functools import lru_cache

from fastapi import Request


def address_of(request: Request) -> str:
    """The caller's address; an IPv6 caller's network of 64 bits, because he has all of it.

    Behind a proxy on this machine it is the one the proxy names in X-Forwarded-For; nobody else is believed.
    """
    return counted(request.client.host if request.client else "")


@lru_cache(maxsize=4096)
def counted(host: str) -> str:
    """The word to count an address by.

    >>> counted("::ffff:192.0.2.7"), counted("2001:db8:1:2:3:4:5:6"), counted("testclient")
    ('192.0.2.7', '2001:db8:1:2::', 'testclient')
    """
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return host[:64] or "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False).network_address)
    return str(found)


@lru_cache(maxsize=4096)
def is_loopback(host: str) -> bool:
    """Whether a server that listens there is heard by this machine only.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("::1"), is_loopback("0.0.0.0")
    (True, True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
