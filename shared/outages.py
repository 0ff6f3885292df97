"""A database that does not answer is 503 with Retry-After at every address, not the 500 of a bug."""

from math import inf
from time import monotonic

from fastapi import FastAPI
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.requests import Request
from starlette.responses import Response

from shared.api_rules import respond
from shared.ledger import LedgerUnavailable
from shared.logs import get_logger
from shared.problems import unavailable

OUTAGES: tuple[type[Exception], ...] = (LedgerUnavailable, OperationalError, InterfaceError, PoolTimeout)
"""What a database raises that is away, locked or full, and may be back the next moment."""

TRACED_SECONDS = 60.0
"""The log has where an error came from once in this time, and else its name: an outage is met by each request."""

_log = get_logger()


class _Outages:
    """Answers for one app."""

    def __init__(self) -> None:
        self._traced_at = -inf

    async def unavailable(self, request: Request, error: Exception) -> Response:
        """503; what is wrong is in the log."""
        route, now = getattr(request.scope.get("route"), "path", None), monotonic()
        traced = now - self._traced_at >= TRACED_SECONDS
        if traced:
            self._traced_at = now
        _log.error("database_unavailable", route=route, error=type(error).__name__, exc_info=error if traced else None)
        return respond(unavailable("The database does not answer. Ask again in a moment."))


def answer_outages(app: FastAPI) -> None:
    """Let this app say 503 when its database cannot be used; the log has the error."""
    outages = _Outages()
    for outage in OUTAGES:
        app.add_exception_handler(outage, outages.unavailable)
