"""`/.well-known/security.txt` (RFC 9116): whom to tell about a weakness. Dutch public bodies have to publish one."""

from datetime import timedelta

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from shared.api_rules import CONTACT
from shared.calendar import rfc3339
from shared.clock import Clock

PATH = "/.well-known/security.txt"
VALID_DAYS = 90
"""How long a copy of it may be believed; an answer is always that fresh."""

POLICY = f"{CONTACT['url']}/blob/main/SECURITY.md"


def add_security_txt(app: FastAPI, *, clock: Clock) -> None:
    """Serve the file, to everyone."""

    async def security_txt(_request: Request) -> Response:
        expires = rfc3339(clock().replace(microsecond=0) + timedelta(days=VALID_DAYS))
        lines = (
            f"Contact: mailto:{CONTACT['email']}",
            f"Expires: {expires}",
            "Preferred-Languages: nl, en",
            f"Policy: {POLICY}",
        )
        return PlainTextResponse("".join(f"{line}\n" for line in lines))

    app.add_route(PATH, security_txt, methods=["GET"], include_in_schema=False)
