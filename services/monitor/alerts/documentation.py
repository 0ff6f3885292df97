"""OpenAPI of the alerts, where what FastAPI says by itself is not all that is answered."""

from typing import Any

from services.monitor.alerts.answers import AcknowledgementRequest
from services.monitor.alerts.summary_answers import EXAMPLE
from shared.problems import KINDS, MEDIA_TYPE

_TEXT = {"schema": {"type": "string"}}
_ETAG = {
    "headers": {
        "ETag": {
            "description": "The version of the alert; send it as If-Match with an acknowledgement.",
            "schema": {"type": "string", "pattern": r'^"\d+"$'},
        }
    }
}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The ETag of the alert as it was seen.",
    "schema": {"type": "string"},
}
_BODY = {
    "required": True,
    "content": {"application/json": {"schema": AcknowledgementRequest.model_json_schema()}},
}


def _problem(status: int) -> dict[str, Any]:
    kinds = (kind for kind in KINDS.values() if kind.status == status and kind.slug.startswith(("alert-", "pre")))
    return {
        "description": "; or: ".join(kind.title for kind in kinds),
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


RESPONSES: dict[str, dict[int | str, dict[str, Any]]] = {
    "listAlerts": {200: {"content": {"text/csv": _TEXT}}},
    "readAlertDigest": {
        200: {"description": "Counts and links.", "content": {"text/plain": _TEXT, "text/html": _TEXT}}
    },
    "summariseAlerts": {200: {"content": {"application/json": {"example": EXAMPLE}, "text/csv": _TEXT}}},
    "readAlert": {200: _ETAG},
    "acknowledgeAlert": {200: _ETAG, 409: _problem(409), 412: _problem(412), 428: _problem(428)},
}
"""What each operation may answer besides, by its name."""

EXTRA: dict[str, dict[str, Any]] = {"acknowledgeAlert": {"parameters": [_IF_MATCH], "requestBody": _BODY}}
"""What an operation is asked with besides."""
