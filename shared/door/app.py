"""Puts the door together: one FastAPI app, with the hot path as plain ASGI routes in it."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shared.api_rules import BASE, rule_abiding
from shared.door.answers import Answers, Counting
from shared.door.desks import Storing, Trying
from shared.door.documentation import submission_paths, submission_schemas
from shared.door.door import Door
from shared.door.events import Events
from shared.door.rate import Rates
from shared.door.reading import add_reading_routes
from shared.door.state import livez, metrics, readyz
from shared.door.submission import Submissions
from shared.outages import answer_outages
from shared.security_txt import add_security_txt


class Lifespan(Protocol):
    """Starts what the door stands on, and ends it."""

    def __call__(self, app: FastAPI, /) -> AbstractAsyncContextManager[None]: ...


def door_app(door: Door, *, lifespan: Lifespan) -> FastAPI:
    """The HTTP face of one ledger service."""
    app = rule_abiding(
        title=f"Doorstroom {door.service}",
        description=(
            f"Publish the facts that {door.service} takes, and read them back. Facts are CloudEvents (NL GOV profile);"
            f" `{BASE}/event-types` lists them, `{BASE}/asyncapi.json` describes the streams they end up in."
        ),
        lifespan=lifespan,
        paths=submission_paths(door.service),
        schemas=submission_schemas(door.service),
    )
    answer_outages(app)
    add_security_txt(app, clock=door.clock)
    submissions = Submissions(service=door.service, addresses=door.addresses, clock=door.clock)
    storing = Storing(door.writer, door.rejection_log, queue_facts_max=door.queue_facts_max)
    rates = Rates()
    publish = Events(submissions, gate=door.gate, rates=rates, desk=storing)
    validate = Events(submissions, gate=door.gate, rates=rates, desk=Trying())
    answers = Answers()
    app.add_middleware(Counting, path=f"{BASE}/events", answers=answers)
    # The hot path comes first: the first route that fits is taken.
    app.router.routes[:0] = [
        Route(f"{BASE}/events", publish, methods=["POST"]),
        Route(f"{BASE}/events/_validate", validate, methods=["POST"]),
    ]
    app.add_route(f"{BASE}/events", _handshake, methods=["OPTIONS"], include_in_schema=False)
    add_reading_routes(app, door)
    app.add_route("/livez", livez, methods=["GET"], include_in_schema=False)
    app.add_route("/readyz", readyz(door), methods=["GET"], include_in_schema=False)
    app.add_route("/metrics", metrics(door, answers), methods=["GET"], include_in_schema=False)
    return app


async def _handshake(request: Request) -> Response:
    """The handshake of CloudEvents web hooks: anyone may ask; a token decides who may deliver."""
    headers = {"Allow": "GET, HEAD, OPTIONS, POST"}
    if "webhook-request-origin" in request.headers:
        headers |= {"WebHook-Allowed-Origin": "*", "WebHook-Allowed-Rate": "*"}
    return Response(status_code=204, headers=headers)
