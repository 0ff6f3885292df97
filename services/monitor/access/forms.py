"""Forms that a browser sends, and the token in each that proves that one of our own pages made it (CSRF)."""

import hmac
from collections.abc import Mapping
from hashlib import sha256
from urllib.parse import parse_qsl

from starlette.requests import Request

from shared.problems import MALFORMED, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, Problem

BYTES_MAX = 64 * 1024
FIELDS_MAX = 100
FIELD = "csrf"
"""The field of a form that carries the token."""
HEADER = "x-csrf-token"
"""The header that carries it where a script sends the request."""

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


async def form(request: Request) -> Mapping[str, str]:
    """The fields of a form, the last of each name; it may be asked for again. Raises the problems 400, 413 and 415.

    A handler that reads a form reads it here: whoever else reads the body leaves nothing for the check of the token.
    """
    read: Mapping[str, str] | None = getattr(request.state, "form", None)
    if read is None:
        if _media_type(request) != "application/x-www-form-urlencoded":
            raise Problem(UNSUPPORTED_MEDIA_TYPE, "A form is sent as application/x-www-form-urlencoded.")
        read = request.state.form = _fields(await whole_body(request))
    return read


async def whole_body(request: Request) -> bytes:
    """What was sent, to read once. Raises the problem 413 as soon as it is more than anybody writes here."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BYTES_MAX:
            raise Problem(TOO_LARGE, f"What is sent here may have {BYTES_MAX // 1024} KiB.")
    return bytes(body)


def form_token(secret: str) -> str:
    """The token that goes with a secret that only this browser has: a session, or a visit to the sign-in page."""
    return hmac.new(secret.encode(), b"doorstroom form", sha256).hexdigest()


async def was_made_here(request: Request, *, secret: str) -> bool:
    """Whether the request changes nothing, or carries the token of this secret and comes from no other site."""
    if request.method in _SAFE_METHODS:
        return True
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    sent = request.headers.get(HEADER)
    if sent is None and _media_type(request) == "application/x-www-form-urlencoded":
        sent = (await form(request)).get(FIELD)
    return sent is not None and hmac.compare_digest(sent.encode(), form_token(secret).encode())


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _fields(body: bytes) -> Mapping[str, str]:
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=FIELDS_MAX, errors="strict")
    except ValueError as error:
        raise Problem(MALFORMED, "The form cannot be read.") from error
    if any("\0" in field or "\0" in value for field, value in pairs):
        raise Problem(MALFORMED, "The form has the character 0 in it, which not every database keeps.")
    return dict(pairs)
