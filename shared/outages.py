"""A database that does not answer is 503 with Retry-After at every address, not the 500 of a bug."""

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

_log = get_logger()


def answer_outages(app: FastAPI) -> None:
    """Let this app say 503 when its database cannot be used; the log has the error."""
    for outage in OUTAGES:
        app.add_exception_handler(outage, _unavailable)


async def _unavailable(request: Request, error: Exception) -> Response:
    route = getattr(request.scope.get("route"), "path", None)
    _log.error("database_unavailable", route=route, error=type(error).__name__, exc_info=error)
    return respond(unavailable("The database does not answer. Ask again in a moment."))
