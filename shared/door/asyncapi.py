"""The AsyncAPI 3.0 document of a service's streams, made from the catalogue."""

from inspect import getdoc
from typing import Any

from pydantic.json_schema import models_json_schema

from shared.api_rules import API_VERSION, CONTACT
from shared.facts.catalogue import catalogue
from shared.facts.fact import Owner
from shared.streams import stream_name

_SCHEMAS = "#/components/schemas/"


def asyncapi(service: Owner, *, partitions: int) -> dict[str, Any]:
    """The streams of one service, with every fact that may be in them."""
    entries = [entry for entry in catalogue().values() if entry.model.owner in (service, "either", "ledger")]
    names, definitions = models_json_schema(
        [(entry.accepted, "validation") for entry in entries], ref_template=_SCHEMAS + "{model}"
    )
    messages = {
        entry.accepted.__name__: {
            "name": entry.type,
            "title": entry.model.fact_name,
            "summary": (getdoc(entry.model) or "").partition("\n")[0],
            "contentType": "application/cloudevents+json",
            "payload": names[(entry.accepted, "validation")],
        }
        for entry in entries
    }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": f"Doorstroom {service} streams",
            "version": API_VERSION,
            "description": (
                "Redis streams of accepted facts. The entry id is <position>-0; the field `event` holds the structured"
                " CloudEvent with acceptedat, position and prev, the position before it in the same stream (0: none)."
            ),
            "contact": CONTACT,
            "license": {"name": "EUPL-1.2"},
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": {
            "facts": {
                "address": stream_name(service, 0).removesuffix("0") + "{partition}",
                "title": "Accepted facts of one partition, in order of position",
                "parameters": {
                    "partition": {
                        "description": "By a hash of the subject, or of the source where there is none.",
                        "enum": [str(partition) for partition in range(partitions)],
                    }
                },
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
            }
        },
        "operations": {
            "publishFacts": {
                "action": "send",
                "channel": {"$ref": "#/channels/facts"},
                "messages": [{"$ref": f"#/channels/facts/messages/{name}"} for name in messages],
            }
        },
        "components": {"messages": messages, "schemas": definitions.get("$defs", {})},
    }
