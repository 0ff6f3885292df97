"""The NLGov REST API Design Rules (2.2) for a FastAPI app: version, headers, problems, and OpenAPI that says so."""

from collections.abc import Awaitable, Callable, Mapping
from copy import deepcopy
from html import escape
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared import problems
from shared.logs import get_logger
from shared.problems import Fault, Kind, Problem

API_VERSION = "1.0.0"
"""The version of the HTTP API (semver), in `info.version` and in the API-Version header of every response."""

BASE = "/v1"
"""Where the API begins: the major version is in every address."""

CONTACT = {
    "name": "The Doorstroom maintainers",
    "url": "https://github.com/doorstroom/doorstroom",
    "email": "doorstroom@example.org",
}

DOCUMENTED = (400, 401, 403, 404, 405, 406, 413, 415, 429, 500, 503)
"""The statuses of problems that any operation may answer with; each is in the document of each operation."""

_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"api-version", API_VERSION.encode()),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"strict-transport-security", b"max-age=31536000; includeSubDomains"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
)

_log = get_logger()


def rule_abiding(
    *,
    title: str,
    description: str,
    lifespan: Callable[[FastAPI], Any],
    paths: Mapping[str, Any],
    schemas: Mapping[str, Any],
) -> FastAPI:
    """An app whose routes under /v1 keep the rules.

    `paths` and `schemas` are OpenAPI of operations that are plain routes, which FastAPI cannot describe; paths in them
    are written without /v1. The document is served at /v1/openapi.json, to everyone.
    """
    app = FastAPI(
        title=title,
        description=description,
        version=API_VERSION,
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        openapi_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # Else it asks at each request whether it is on.
    )
    app.add_middleware(_Rules)
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _http_exception)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_route(f"{BASE}/openapi.json", _document(app, paths, schemas), methods=["GET"], include_in_schema=False)
    app.add_route(f"{BASE}/problems/{{slug}}", _problem_page, methods=["GET"], include_in_schema=False)
    return app


def respond(problem: Problem) -> Response:
    """The response that tells a problem."""
    return Response(
        problem.body(), status_code=problem.kind.status, headers=dict(problem.headers), media_type=problems.MEDIA_TYPE
    )


def require_acceptable(request: Request, *offered: str) -> str:
    """The first offered media type that the `Accept` header allows; raises the problem 406 when it allows none."""
    accept = request.headers.get("accept")
    chosen = acceptable(accept, offered)
    if chosen is None:
        raise Problem(problems.NOT_ACCEPTABLE, f"This address answers with {', '.join(offered)}.")
    return chosen


def acceptable(accept: str | None, offered: tuple[str, ...]) -> str | None:
    """The offered media type that an `Accept` header prefers, the first of equals; None when it allows none."""
    if not accept or accept == "*/*":
        return offered[0]
    best: tuple[float, str] | None = None
    for media_type in offered:
        weight = _weight(accept, media_type)
        if weight > 0 and (best is None or weight > best[0]):
            best = (weight, media_type)
    return None if best is None else best[1]


def _weight(accept: str, media_type: str) -> float:
    """The weight that the most specific range of an `Accept` header gives a media type, 0 when none covers it."""
    family = media_type.partition("/")[0]
    order = {media_type: 3, f"{family}/*": 2, "*/*": 1}
    best = (0, 0.0)
    for part in accept.split(","):
        covered, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = next((parameter[2:] for parameter in parameters if parameter.startswith("q=")), "1")
        if covered in order:
            number = quality.isascii() and quality.replace(".", "", 1).isdigit()
            best = max(best, (order[covered], float(quality) if number else 0.0))
    return best[1]


class _Rules:
    """Headers on every response, HEAD wherever GET is, and an answer to an error that nobody foresaw. Pure ASGI."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}  # The server, which knows what was asked, leaves the body out.
        started = False

        async def with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                given = message["headers"]
                names = {name for name, _ in given}
                message["headers"] = [*given, *[header for header in _HEADERS if header[0] not in names]]
            await send(message)

        if "\0" in scope["path"] or b"%00" in scope["query_string"]:  # PostgreSQL takes it in no text, SQLite does.
            refused = Problem(problems.INVALID_REQUEST, "No address has the character 0 in it.")
            await respond(refused)(scope, receive, with_headers)
            return
        try:
            await self._app(scope, receive, with_headers)
        except ClientDisconnect:
            return  # There is nobody to answer.
        except Exception:
            _log.exception("request_failed", method=scope["method"], route=getattr(scope.get("route"), "path", None))
            if started:
                raise
            problem = Problem(problems.INTERNAL, "The error was logged.")
            await respond(problem)(scope, receive, with_headers)


async def _problem(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return respond(error)


async def _http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(sorted(_methods(request)))
    return respond(problems.problem_of_status(error.status_code, headers=headers))


def _methods(request: Request) -> set[str]:
    """All methods of this path: it may have a route for each, and the framework names those of the first only."""
    matching = (route for route in request.app.routes if route.matches(request.scope)[0] is not Match.NONE)
    methods = {method for route in matching for method in getattr(route, "methods", None) or ()}
    return methods | {"HEAD"} if "GET" in methods else methods


async def _invalid_request(_request: Request, error: Exception) -> Response:
    """Bad input is 400, never 422 (rule /core/error-handling/invalid-input); values are never repeated."""
    assert isinstance(error, RequestValidationError)
    faults = [
        Fault(detail=one["msg"], code=one["type"], parameter=".".join(str(part) for part in one["loc"][1:]))
        for one in error.errors()
    ]
    return respond(Problem(problems.INVALID_REQUEST, "A parameter is not valid.", faults=faults))


async def _problem_page(request: Request) -> Response:
    """What a kind of problem means and what to do: a page for people, JSON for machines."""
    kind = problems.KINDS.get(request.path_params["slug"])
    if kind is None:
        raise Problem(problems.NOT_FOUND, "There is no such kind of problem.")
    if require_acceptable(request, "application/json", "text/html") == "application/json":
        return JSONResponse(
            {
                "type": kind.type,
                "title": kind.title,
                "status": kind.status,
                "meaning": kind.meaning,
                "remedy": kind.remedy,
            }
        )
    return HTMLResponse(_page(kind))


def _page(kind: Kind) -> str:
    title = escape(kind.title)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>\n'
        f"<body><h1>{title}</h1><p>Status {kind.status}, <code>{kind.type}</code></p>\n"
        f"<p>{escape(kind.meaning)}</p><h2>What to do</h2><p>{escape(kind.remedy)}</p></body></html>\n"
    )


def _document(
    app: FastAPI, paths: Mapping[str, Any], schemas: Mapping[str, Any]
) -> Callable[[Request], Awaitable[Response]]:
    """Serves the OpenAPI document, and makes `app.openapi()` give the same."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _ruled(app, paths, schemas)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]

    async def serve(_request: Request) -> Response:
        return JSONResponse(openapi(), headers={"Access-Control-Allow-Origin": "*"})

    return serve


def _ruled(app: FastAPI, paths: Mapping[str, Any], schemas: Mapping[str, Any]) -> dict[str, Any]:
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        license_info=app.license_info,
        routes=app.routes,
        servers=[{"url": BASE}],
        tags=app.openapi_tags,
    )
    # Not handed to FastAPI, which would want a package more to check an address that stands a few lines above.
    document["info"]["contact"] = CONTACT
    described = {path.removeprefix(BASE): item for path, item in document.get("paths", {}).items()}
    document["paths"] = {}
    for path in (*paths, *(path for path in described if path not in paths)):
        document["paths"][path] = deepcopy(dict(paths.get(path, {}))) | described.get(path, {})
    components = document.setdefault("components", {})
    components.setdefault("schemas", {}).update(deepcopy(dict(schemas)))
    for name in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(name, None)
    components["schemas"]["Problem"] = _PROBLEM_SCHEMA
    components["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "description": "The token of a registered publisher."}
    }
    for item in document["paths"].values():
        for operation in item.values():
            _rule_operation(operation)
    return document


def _rule_operation(operation: dict[str, Any]) -> None:
    """Give an operation the errors that any may answer with, the API-Version header, and no 422."""
    responses = operation.setdefault("responses", {})
    responses.pop("422", None)
    for status in DOCUMENTED:
        responses.setdefault(str(status), _problem_response(status))
    for status, response in responses.items():
        response.setdefault("headers", {})["API-Version"] = _VERSION_HEADER
        if status in ("429", "503"):
            response["headers"]["Retry-After"] = {"schema": {"type": "integer"}, "description": "Seconds to wait."}


def _problem_response(status: int) -> dict[str, Any]:
    kinds = [kind for kind in problems.KINDS.values() if kind.status == status]
    return {
        "description": "; or: ".join(kind.title for kind in kinds),
        "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


_VERSION_HEADER = {
    "description": "The version of this API.",
    "schema": {"type": "string", "pattern": r"^\d+\.\d+\.\d+$", "examples": [API_VERSION]},
}

_PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "Problem details, RFC 9457.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {
            "type": "string",
            "format": "uri-reference",
            "description": "Which kind; resolves to a page about it.",
        },
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "What is wrong with this request. Never repeats what was sent."},
        "errors": {
            "type": "array",
            "description": "Everything that is wrong, together.",
            "items": {
                "type": "object",
                "required": ["detail", "code"],
                "properties": {
                    "pointer": {"type": "string", "format": "json-pointer"},
                    "parameter": {"type": "string"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
