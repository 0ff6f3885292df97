"""What may be read back: the accepted events, the kinds of events with their schemas, and what was refused."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from inspect import getdoc
from typing import Annotated, Any

from fastapi import FastAPI, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import to_json
from starlette.responses import Response

from shared.api_rules import BASE, require_acceptable
from shared.door.asyncapi import asyncapi
from shared.door.door import Door
from shared.facts.catalogue import catalogue
from shared.facts.schema import example_event, schema_of
from shared.ledger import Entry, Ledger
from shared.problems import FORBIDDEN, INVALID_REQUEST, NOT_FOUND, Fault, Problem
from shared.publishers.registry import Publisher

PAGE_MAX = 1000
PAGE_DEFAULT = 100
POSITION_MAX = 2**63 - 1
PARTITIONS_MAX = 64

READING_SCOPES = ("facts:write", "facts:read")
"""With the first a publisher reads what it said itself, with the second everything."""

JSON = "application/json"
FEED = "application/cloudevents-batch+json"
SCHEMA = "application/schema+json"

SchemaName = Annotated[str, Path(pattern=r"^nl\.doorstroom\.[a-z-]+\.v[0-9]+\.json$", max_length=128)]


class Page(BaseModel):
    """Which page of a list; an unknown parameter is refused, as the answer without it would be another."""

    model_config = ConfigDict(extra="forbid")

    after: Annotated[int, Field(ge=0, le=POSITION_MAX, description="Where the page before ended.")] = 0
    limit: Annotated[int, Field(ge=1, le=PAGE_MAX, description="The most that one page holds.")] = PAGE_DEFAULT


class FeedPage(Page):
    """Which page of the feed."""

    partition: Annotated[int | None, Field(ge=0, lt=PARTITIONS_MAX, description="Only the events of this stream.")] = (
        None
    )


def add_reading_routes(app: FastAPI, door: Door) -> None:
    """The routes under /v1 that only read."""
    get: dict[str, Any] = {"methods": ["GET"], "response_class": Response}
    secured: dict[str, Any] = {**get, "tags": ["events"], "openapi_extra": {"security": [{"bearer": []}]}}
    public: dict[str, Any] = {**get, "tags": ["types"]}
    app.add_api_route(
        f"{BASE}/events",
        _feed(door),
        **secured,
        operation_id="readEvents",
        summary="Read accepted events",
        responses=_answers(FEED, "A batch of accepted events."),
    )
    app.add_api_route(
        f"{BASE}/rejections",
        _rejections(door),
        **secured,
        operation_id="readRejections",
        summary="Read what was refused, and why",
        responses=_answers(JSON, "Refused events, oldest first; never their bodies."),
    )
    app.add_api_route(
        f"{BASE}/event-types",
        _event_types(door),
        **public,
        operation_id="listEventTypes",
        summary="List the types of events",
        responses=_answers(JSON, "Every type, with the service that takes it, its schema and an example."),
    )
    app.add_api_route(
        BASE + "/schemas/{schema}",
        _schema,
        **public,
        operation_id="readSchema",
        summary="Read the JSON Schema of a type",
        responses=_answers(SCHEMA, "The JSON Schema of the whole event, with an example."),
    )
    app.add_api_route(f"{BASE}/asyncapi.json", _asyncapi(door), **get, include_in_schema=False)


def _answers(media_type: str, description: str) -> dict[int | str, dict[str, Any]]:
    kind = "array" if media_type == FEED else "object"
    return {200: {"description": description, "content": {media_type: {"schema": {"type": kind}}}}}


def _feed(door: Door) -> Any:
    async def read_events(request: Request, page: Annotated[FeedPage, Query()]) -> Response:
        """The events of the publisher's own sources (facts:write), by position; with the scope facts:read those of all.

        A `Link` with rel="next" leads to the next page; there is none after the last.
        """
        publisher = await _reader(door, request)
        media_type = require_acceptable(request, FEED, JSON)
        after, limit, partition = page.after, page.limit, page.partition
        if partition is not None and partition >= door.ledger.partitions:
            fault = Fault(
                f"The streams are numbered 0 to {door.ledger.partitions - 1}.", "range", parameter="partition"
            )
            raise Problem(INVALID_REQUEST, "A parameter is not valid.", faults=[fault])
        if publisher.may("facts:read"):
            entries = await asyncio.to_thread(door.ledger.read, after, limit=limit, partition=partition)
        else:
            entries = await asyncio.to_thread(
                _of_sources, door.ledger, sorted(publisher.sources), after=after, limit=limit, partition=partition
            )
        more = len(entries) == limit
        query = f"limit={limit}" + (f"&partition={partition}" if partition is not None else "")
        headers = {"Link": f'<{BASE}/events?after={entries[-1].position}&{query}>; rel="next"'} if more else {}
        return Response(
            f"[{','.join(entry.event_json() for entry in entries)}]", media_type=media_type, headers=headers
        )

    return read_events


async def _reader(door: Door, request: Request) -> Publisher:
    """Who reads, when it may read anything: a token for something else does not read the facts of its publisher."""
    publisher = await door.gate.publisher(request.headers.get("authorization"))
    if not any(publisher.may(scope) for scope in READING_SCOPES):
        raise Problem(FORBIDDEN, f"This needs one of the scopes {', '.join(READING_SCOPES)}.")
    return publisher


def _of_sources(
    ledger: Ledger, sources: Sequence[str], *, after: int, limit: int, partition: int | None
) -> list[Entry]:
    """The first entries of these sources together: no more than `limit` of any one can be among them."""
    found = [
        entry for source in sources for entry in ledger.read(after, limit=limit, source=source, partition=partition)
    ]
    return sorted(found, key=lambda entry: entry.position)[:limit]


def _rejections(door: Door) -> Any:
    async def read_rejections(request: Request, page: Annotated[Page, Query()]) -> Response:
        """What was refused of this publisher in the last 30 days; of all publishers, with the scope facts:read."""
        publisher = await _reader(door, request)
        require_acceptable(request, JSON)
        whose = None if publisher.may("facts:read") else publisher.name
        found = await asyncio.to_thread(door.rejections.read, page.after, limit=page.limit, publisher=whose)
        headers = {}
        if len(found) == page.limit:
            headers["Link"] = f'<{BASE}/rejections?after={found[-1].number}&limit={page.limit}>; rel="next"'
        body = to_json({"rejections": [asdict(one) for one in found]}, exclude_none=True)
        return Response(body, media_type=JSON, headers=headers)

    return read_rejections


def _event_types(door: Door) -> Any:
    async def list_event_types(request: Request) -> Response:
        """Every type of event, the service that takes it, and an example."""
        require_acceptable(request, JSON)
        types = [
            {
                "type": entry.type,
                "name": entry.model.fact_name,
                "description": getdoc(entry.model) or "",
                "owner": entry.model.owner,
                "takenAt": [
                    f"{address}{BASE}/events"
                    for service, address in door.addresses.items()
                    if entry.model.owner in (service, "either")
                ],
                "about": entry.model.about,
                "schema": f"{BASE}/schemas/{entry.type}.json",
                "example": example_event(entry),
            }
            for entry in catalogue().values()
        ]
        return Response(to_json({"eventTypes": types}), media_type=JSON)

    return list_event_types


async def _schema(request: Request, schema: SchemaName) -> Response:
    """The JSON Schema (2020-12) of a whole event of one type, for a publisher to check against before sending."""
    media_type = require_acceptable(request, SCHEMA, JSON)
    entry = catalogue().get(schema.removesuffix(".json"))
    if entry is None:
        raise Problem(NOT_FOUND, "There is no such type of event; /v1/event-types lists them.")
    return Response(to_json(schema_of(entry)), media_type=media_type)


def _asyncapi(door: Door) -> Any:
    async def read_asyncapi(request: Request) -> Response:
        """The streams of this service, for whoever reads them from Redis."""
        require_acceptable(request, JSON)
        document = asyncapi(door.service, partitions=door.ledger.partitions)
        return Response(to_json(document), media_type=JSON, headers={"Access-Control-Allow-Origin": "*"})

    return read_asyncapi
