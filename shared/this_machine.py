"""Whether a request is of somebody on this machine, who may read its metrics without a token."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.requests import Request

PASSED_ON = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
"""Headers that say that somebody else was asked first."""


def is_of_this_machine(request: Request) -> bool:
    """Whether somebody on this machine asks, and asks this machine.

    A proxy here passes on what comes from elsewhere. And a browser here may have been given our address under the name
    of a page that then reads the answer: so whoever names another machine is not taken for one of this.
    """
    if request.client is None:
        return True  # A unix socket.
    named = request.headers.get("host", "localhost")
    return (
        _is_loopback(request.client.host)
        and _is_loopback(_host_of(named))
        and not any(name in request.headers for name in PASSED_ON)
    )


def _host_of(authority: str) -> str:
    try:
        return urlsplit(f"//{authority}").hostname or ""
    except ValueError:
        return ""


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
