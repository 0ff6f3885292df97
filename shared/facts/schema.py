"""The JSON Schema of each event, for publishers; made from the models, so that the two cannot differ."""

from inspect import getdoc
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from shared.facts.catalogue import Entry

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_ENVELOPE: dict[str, Any] = {
    "specversion": "1.0",
    "id": "0192d3c1-7b1a-7c3d-8a5e-1f2e3d4c5b6a",
    "source": "urn:nld:kvknr:12345678:systeem:ecd",
    "time": "2026-08-31T16:05:00+02:00",
}
_SUBJECT = "wq3k9VZr0yXcB7uT1mNfJ5hPdL2sGaEo"


def schema_of(entry: Entry) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a whole event as the door takes it; unknown fields are refused.

    It says what one event must look like by itself. The rules that need a calendar or another field (H2, H4, H5) stand
    in the descriptions.
    """
    schema = entry.event.model_json_schema(schema_generator=_WithoutFieldTitles)
    for part in (schema, *schema.get("$defs", {}).values()):
        if part.get("type") == "object":
            part["additionalProperties"] = False
    return {
        "$schema": DIALECT,
        "$id": f"/v1/schemas/{entry.type}.json",
        **schema,
        "title": entry.model.fact_name,
        "description": getdoc(entry.model) or "",
        "examples": [example_event(entry)],
    }


def example_event(entry: Entry) -> dict[str, Any]:
    """A whole event that the door takes, as it stands in JSON."""
    model = entry.model
    about_nobody = model.about == "other" or (model.about == "either" and "placement" not in model.example)
    subject = {} if about_nobody else {"subject": _SUBJECT}
    return {**_ENVELOPE, "type": entry.type, **subject, "data": dict(model.example)}


class _WithoutFieldTitles(GenerateJsonSchema):
    """Leaves out the title that is only the name of the field over again."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False
