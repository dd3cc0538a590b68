"""Numbers for whoever watches the service."""

from __future__ import annotations

from ipaddress import ip_address

from fastapi import APIRouter, Depends, Request, Response

from api.asked import strict
from api.auth.action import Action
from api.auth.door import CompanyDoor
from api.metrics import CONTENT_TYPE, Metrics

router = APIRouter(tags=["health"], dependencies=[Depends(strict)])


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
def metrics(request: Request) -> Response:
    """Metrics of this process, for this machine and for whoever has the right."""
    if request.app.state.settings.metrics == "off" or not from_this_machine(request):
        CompanyDoor(Action.METRICS_READ)(request)
    found: Metrics = request.app.state.metrics
    return Response(found.text(), media_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"})


def from_this_machine(request: Request) -> bool:
    """Whether nobody but this machine asks: what a proxy passes on comes from here too, but says for whom."""
    if any(name.startswith(("x-forwarded", "forwarded", "x-real-ip", "via")) for name in request.headers):
        return False
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False
