"""OpenAPI of `POST /v1/events`, which is no route of FastAPI: every type of event, every form, every answer."""

from typing import Any

from pydantic.json_schema import models_json_schema

from shared.door.body import BATCH_FACTS_MAX
from shared.door.media import Mode
from shared.facts.catalogue import catalogue
from shared.facts.fact import Owner
from shared.facts.schema import example_event
from shared.problems import CONFLICT, MEDIA_TYPE

_SCHEMAS = "#/components/schemas/"


def submission_paths(service: Owner) -> dict[str, Any]:
    """The paths, without /v1."""
    return {
        "/events": {"post": _operation("publishEvents", "Publish events", _PUBLISH, service)},
        "/events/_validate": {"post": _operation("validateEvents", "Try out events", _VALIDATE, service)},
    }


def submission_schemas(service: Owner) -> dict[str, Any]:
    """The schemas that the paths use."""
    events = [entry.event for entry in catalogue().values() if entry.model.owner in (service, "either")]
    names, definitions = models_json_schema(
        [(event, "validation") for event in events], ref_template=_SCHEMAS + "{model}"
    )
    mapping = {
        entry.type: names[(entry.event, "validation")]["$ref"]
        for entry in catalogue().values()
        if entry.event in events
    }
    event = {
        "description": "A CloudEvent 1.0 with one fact in `data`.",
        "oneOf": list(names.values()),
        "discriminator": {"propertyName": "type", "mapping": mapping},
    }
    return {**definitions["$defs"], "Event": event, "Results": _RESULTS, "Result": _RESULT, "Warning": _WARNING}


def _operation(operation_id: str, summary: str, description: str, service: Owner) -> dict[str, Any]:
    example = example_event(next(entry for entry in catalogue().values() if entry.model.owner == service))
    one = {"$ref": f"{_SCHEMAS}Event"}
    batch = {"type": "array", "items": one, "maxItems": BATCH_FACTS_MAX}
    results = {"application/json": {"schema": {"$ref": f"{_SCHEMAS}Results"}}}
    problem = {MEDIA_TYPE: {"schema": {"$ref": f"{_SCHEMAS}Problem"}}}
    return {
        "operationId": operation_id,
        "summary": summary,
        "description": description,
        "tags": ["events"],
        "security": [{"bearer": []}],
        "parameters": [_PREFER],
        "requestBody": {
            "required": True,
            "content": {
                Mode.STRUCTURED.value: {"schema": one, "example": example},
                Mode.BATCH.value: {"schema": batch, "example": [example]},
                Mode.LINES.value: {"schema": {"type": "string", "description": "One structured event a line."}},
            },
        },
        "responses": {
            "202": {"description": "Every event is stored, or was stored before.", "content": results},
            "207": {"description": "Part of the events was refused; see `results`.", "content": results},
            "409": {"description": CONFLICT.title, "content": problem},
        },
    }


_PUBLISH = """\
Stores facts for ever; the answer means that they are on disk. Sending the same (source, id) again changes nothing.

One event (64 KiB), a batch (1 MiB and 1,000 events, after unzipping) or NDJSON (any number of lines), with
`Content-Encoding: gzip` if wanted. Binary mode is taken as well: `Content-Type: application/json`, with the attributes
in `ce-` headers. One event that is refused answers with its problem; in a batch the others are stored all the same.

A body that comes too slowly (less than 20 KiB in 20 seconds) ends the connection, with a bare 408 where that can still
be told: some of NDJSON may be stored; send the same again.

An accepted event may come back with `warnings`: flags that this service can already see, such as a term that is longer
than the law allows, or the end of a placement of which it knows no start. It is stored all the same, and a flag goes by
itself when the fact comes that is missing or corrects it.
"""
_VALIDATE = """\
Answers as publishing would, and stores nothing. What the ledger knows is not looked at, so there are no duplicates, no
conflicts, and no warnings of what is missing.
"""
_PREFER = {
    "name": "Prefer",
    "in": "header",
    "required": False,
    "description": "handling=strict: the batch is stored whole or not at all.",
    "schema": {"type": "string", "enum": ["handling=strict", "handling=lenient"]},
}
_RESULTS: dict[str, Any] = {
    "type": "object",
    "required": ["accepted", "duplicates", "rejected", "results"],
    "properties": {
        "accepted": {"type": "integer", "minimum": 0},
        "duplicates": {"type": "integer", "minimum": 0},
        "rejected": {"type": "integer", "minimum": 0},
        "results": {"type": "array", "items": {"$ref": f"{_SCHEMAS}Result"}},
    },
}
_RESULT: dict[str, Any] = {
    "type": "object",
    "description": "What became of one event, in the order of the request.",
    "required": ["index", "result"],
    "properties": {
        "index": {"type": "integer", "minimum": 0},
        "id": {"type": "string", "description": "Absent where it could not be read."},
        "result": {"type": "string", "enum": ["accepted", "duplicate", "rejected"]},
        "position": {"type": "integer", "minimum": 1, "description": "Its place in the ledger."},
        "warnings": {
            "type": "array",
            "description": "What is odd about the event, or not known of what it names; absent when nothing is.",
            "items": {"$ref": f"{_SCHEMAS}Warning"},
        },
        "problem": {"$ref": f"{_SCHEMAS}Problem"},
    },
}
_WARNING: dict[str, Any] = {
    "type": "object",
    "description": "A flag that can already be seen; it refuses nothing.",
    "required": ["code", "detail", "pointer"],
    "properties": {
        "code": {"type": "string", "description": "The code of the flag, such as F4.", "examples": ["F4"]},
        "detail": {"type": "string"},
        "pointer": {"type": "string", "description": "JSON pointer into the event: what is odd, or is not known."},
    },
}
