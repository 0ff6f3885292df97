"""Who may see what: this machine may read where the settings say so, everyone else needs a token with the scope."""

from ipaddress import ip_address

from starlette.requests import Request

from shared.publishers.gate import Gate


class Access:
    """Decides whether a request may read. Belongs to one event loop."""

    def __init__(self, gate: Gate, *, local_open: bool) -> None:
        self._gate, self._local_open = gate, local_open

    async def require(self, request: Request, *, scope: str) -> None:
        """Raises the problems 401 and 403 unless it comes from this machine, or with a token that has the scope."""
        if not (self._local_open and _is_this_machine(request)):
            await self._gate.publisher(request.headers.get("authorization"), scope=scope)


def _is_this_machine(request: Request) -> bool:
    if request.client is None:
        return True  # A unix socket.
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False
