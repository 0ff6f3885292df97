"""Who may ask what of the monitor: the one table of its routes. A new route goes in here, or tests fail."""

from collections.abc import Iterator, Mapping

from fastapi import FastAPI

from services.monitor.access.reader import Reader

EVERYBODY = "everybody"
PUBLISHERS = "every publisher"

ROUTES: Mapping[str, str | tuple[str, ...]] = {
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
    "GET /v1/alerts/{alert}": "cases:read",
    "POST /v1/alerts/{alert}/acknowledgement": "alerts:write",
    "GET /v1/cases/{pseudonym}": "cases:read",
    "GET /v1/figures": ("figures:read", "figures:exact"),
    "GET /v1/figures/changes": ("figures:read", "figures:exact"),
    "GET /v1/figures/{name}": ("figures:read", "figures:exact"),
    "GET /v1/flags": ("cases:read", PUBLISHERS),
    "GET /v1/live": ("figures:read", "figures:exact"),
    "GET /v1/openapi.json": EVERYBODY,
    "GET /v1/problems/{slug}": EVERYBODY,
    "GET /werklijst": "cases:read",
    "POST /werklijst/{alert}/kennisname": "alerts:write",
}
"""The scope that each route needs; EVERYBODY, or any of several: ("cases:read", PUBLISHERS)."""

VALUES: Mapping[str, str] = {"name": "stock", "pseudonym": "nobody-0123456789abc", "slug": "conflict"}
"""A value for each name in the path of a route that not just any value fits."""


def routes(app: FastAPI) -> Iterator[str]:
    """Each method and path that the app answers; HEAD goes with GET."""
    for route in app.routes:
        for method in getattr(route, "methods", None) or ["?"]:
            if method not in ("HEAD", "OPTIONS"):
                yield f"{method} {getattr(route, 'path', route)}"


def refusal(needed: str | tuple[str, ...], reader: Reader) -> int | None:
    """The status with which a reader is refused, or None when it is let in, whatever then becomes of it."""
    for one in (needed,) if isinstance(needed, str) else needed:
        if one == EVERYBODY or (one == PUBLISHERS and reader.kind == "publisher") or reader.may(one):
            return None
    return 401 if reader.kind == "public" else 403
