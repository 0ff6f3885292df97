"""Who may ask what of intake, placement and the monitor: the one table of routes. A new one goes in, or tests fail."""

from collections.abc import Iterator, Mapping

from fastapi import FastAPI

from services.monitor.access.reader import Reader

EVERYBODY = "everybody"

Needed = str | tuple[str, ...]
"""A scope, EVERYBODY, or any of several scopes."""

WITH_PROVIDER: Mapping[str, Needed] = {
    "GET /aanmelden/organisatie": EVERYBODY,
    "GET /aanmelden/terug": EVERYBODY,
}
"""What the monitor answers besides where people sign in at an identity provider."""

MONITOR: Mapping[str, Needed] = {
    "GET /": ("figures:read", "figures:exact"),
    "GET /.well-known/security.txt": EVERYBODY,
    "GET /aanmelden": EVERYBODY,
    "POST /aanmelden": EVERYBODY,
    "POST /afmelden": EVERYBODY,
    "GET /beeld/{name}": ("figures:read", "figures:exact"),
    "GET /casus/{person}": "cases:read",
    "GET /livez": EVERYBODY,
    "GET /metrics": "metrics:read",
    "GET /readyz": EVERYBODY,
    "GET /static/{file}": EVERYBODY,
    "GET /toegankelijkheid": EVERYBODY,
    "GET /uitleg": EVERYBODY,
    "GET /v1/alerts": "cases:read",
    "GET /v1/alerts/digest": "cases:read",
    "GET /v1/alerts/summary": "cases:read",
    "GET /v1/alerts/{alert}": "cases:read",
    "POST /v1/alerts/{alert}/acknowledgement": "alerts:write",
    "GET /v1/cases/{pseudonym}": "cases:read",
    "GET /v1/exports/{log}": "cases:read",
    "GET /v1/figures": ("figures:read", "figures:exact"),
    "GET /v1/figures/changes": ("figures:read", "figures:exact"),
    "GET /v1/figures/{name}": ("figures:read", "figures:exact"),
    "GET /v1/flags": ("cases:read", "facts:write", "facts:read"),
    "GET /v1/live": ("figures:read", "figures:exact"),
    "GET /v1/openapi.json": EVERYBODY,
    "GET /v1/problems/{slug}": EVERYBODY,
    "GET /werklijst": "cases:read",
    "POST /werklijst/{alert}/kennisname": "alerts:write",
}

DOOR: Mapping[str, Needed] = {
    "GET /.well-known/security.txt": EVERYBODY,
    "GET /livez": EVERYBODY,
    "GET /metrics": "metrics:read",
    "GET /readyz": EVERYBODY,
    "GET /v1/asyncapi.json": EVERYBODY,
    "GET /v1/event-types": EVERYBODY,
    "GET /v1/events": ("facts:write", "facts:read"),
    "GET /v1/openapi.json": EVERYBODY,
    "GET /v1/problems/{slug}": EVERYBODY,
    "GET /v1/rejections": ("facts:write", "facts:read"),
    "GET /v1/schemas/{schema}": EVERYBODY,
    "POST /v1/events": "facts:write",
    "POST /v1/events/_validate": "facts:write",
}
"""Erasure and everything else of the administration has no route: it is a command, on the machine of the databases."""

ROUTES: Mapping[str, Mapping[str, Needed]] = {"intake": DOOR, "placement": DOOR, "monitor": MONITOR}

VALUES: Mapping[str, str] = {
    "log": "events.csv",
    "name": "stock",
    "pseudonym": "nobody-0123456789abc",
    "slug": "conflict",
    "schema": "nl.doorstroom.heartbeat.v1.json",
}
"""A value for each name in the path of a route that not just any value fits."""


def routes(app: FastAPI) -> Iterator[str]:
    """Each method and path that the app answers; HEAD goes with GET."""
    for route in app.routes:
        for method in getattr(route, "methods", None) or ["?"]:
            if method not in ("HEAD", "OPTIONS"):
                yield f"{method} {getattr(route, 'path', route)}"


def refusal(needed: Needed, reader: Reader) -> int | None:
    """The status with which a reader is refused, or None when it is let in, whatever then becomes of it."""
    for one in (needed,) if isinstance(needed, str) else needed:
        if one == EVERYBODY or reader.may(one):
            return None
    return 401 if reader.kind == "public" else 403
