"""Turns a request into a reader, and lets it in or not: what nobody was given, nobody may do."""

from ipaddress import ip_address

from starlette.requests import Request

from services.monitor.access.reader import ALL, NOBODY, PUBLIC, Bound, Reader
from shared.problems import FORBIDDEN, UNAUTHENTICATED, Problem
from shared.publishers.gate import Gate
from shared.publishers.registry import ALL as EVERY
from shared.publishers.registry import Publisher


class Access:
    """Who is reading, and whether they may. Belongs to one event loop."""

    def __init__(self, gate: Gate, *, metrics_open: bool, figures_open: bool = True) -> None:
        self._gate = gate
        self._metrics_open = metrics_open
        self._public = PUBLIC if figures_open else NOBODY

    async def reader(self, request: Request) -> Reader:
        """Who sent this: a publisher when it carries a token, otherwise the public.

        Raises the problem 401 when the token is not known: a wrong token is never served as if there were none.
        """
        authorization = request.headers.get("authorization")
        if authorization is not None:
            return reader_of(await self._gate.publisher(authorization))
        return self._public

    async def require(self, request: Request, *, scope: str) -> Reader:
        """Who sent this, when it has the scope. Raises the problem 401 for the public, 403 for others."""
        reader = await self.reader(request)
        if reader.may(scope) or (scope == "metrics:read" and self._metrics_open and _is_this_machine(request)):
            return reader
        if reader.kind == "public":
            raise Problem(
                UNAUTHENTICATED,
                f"This needs the scope {scope}: send `Authorization: Bearer` with a token that has it.",
                headers={"WWW-Authenticate": 'Bearer realm="doorstroom"'},
            )
        raise Problem(FORBIDDEN, f"This needs the scope {scope}.")


def reader_of(publisher: Publisher) -> Reader:
    """A publisher as a reader: bound to its accommodations, national when it was registered for all of them."""
    everywhere = EVERY in publisher.accommodations
    bound: Bound = ALL if everywhere else publisher.accommodations
    return Reader(
        publisher.name,
        "publisher",
        scopes=publisher.scopes,
        areas=ALL if everywhere else frozenset(),
        accommodations=bound,
        sources=publisher.sources,
        organisation=publisher.name,
    )


def _is_this_machine(request: Request) -> bool:
    if request.client is None:
        return True  # A unix socket.
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False
