"""What is wrong with an event, said as JSON pointers into it; never with the value that is wrong."""

import re
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from shared.facts.catalogue import catalogue
from shared.pseudonym import contains_bsn

ERRORS_MAX = 100
"""The most errors that are told of one event."""

_KEY_CHARACTERS_MAX = 128
_BROKEN = re.compile(r"Invalid JSON: (?P<why>[^\n]{1,100}) at line (?P<line>[0-9]+) column (?P<column>[0-9]+)")
"""How the reader says why it stopped and where; it repeats nothing of the event."""

_HALF_PAIR = re.compile("[\ud800-\udfff]")

_CODES = {
    "extra_forbidden": "unknown_field",
    "literal_error": "unknown_code",
    "string_pattern_mismatch": "format",
    "string_too_long": "format",
    "digits": "format",
    "date_format": "date",
    "date_from_datetime_parsing": "date",
    "date_parsing": "date",
    "moment_format": "moment",
    "datetime_from_date_parsing": "moment",
    "datetime_parsing": "moment",
    "timezone_aware": "moment",
    "greater_than_equal": "range",
    "less_than_equal": "range",
    "moment_range": "range",
    "not_after": "interval",
    "not_in_quarter": "interval",
    "none_required": "not_allowed",
    "missing": "missing",
    "unknown_region": "unknown_code",
    "unknown_scope": "unknown_code",
    "points_order": "interval",
    "too_short": "range",
    "too_long": "range",
    "json_invalid": "json",
    "union_tag_invalid": "unknown_type",
    "union_tag_not_found": "missing",
}
"""Our code for each kind of error that the reader tells apart; any other is a wrong JSON `type`: text for a number."""

_DETAILS = {
    "extra_forbidden": "This field is unknown here",
    "json_invalid": "This is not a JSON document in UTF-8",
    "missing": "This field is required",
    "none_required": "This field must be absent",
    "union_tag_invalid": "This type of event is unknown; /v1/event-types lists those that are taken",
    "union_tag_not_found": "This field is required",
}
"""Our sentence where the reader's own would echo the event or speak of its models."""


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing that is wrong, and where."""

    pointer: str
    """JSON pointer (RFC 6901) into the event; empty for the whole of it."""
    code: str
    """What kind of error it is, for a machine: missing, unknown_field, unknown_type, unknown_code, type, format, date,
    moment, range, interval, ahead, not_allowed, not_withdrawable, same_person, repeated, bsn or json."""
    detail: str
    """The same as a sentence, never with the value."""


def schema_errors(error: ValidationError) -> tuple[FieldError, ...]:
    """What a reader of events found, in the order of the fields; at most ERRORS_MAX."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return tuple(_field_error(detail) for detail in found[:ERRORS_MAX])


def pointer_to(path: tuple[int | str, ...]) -> str:
    """The JSON pointer of a path of keys and indexes.

    It stops above a key that holds a BSN or is longer than any field of ours, so that no pointer carries content along,
    and above one that is no text: half of a surrogate pair, which no answer could carry.
    """
    pointer = ""
    for step in path:
        key = str(step)
        if len(key) > _KEY_CHARACTERS_MAX or _HALF_PAIR.search(key) or contains_bsn(key):
            break
        pointer += "/" + key.replace("~", "~0").replace("/", "~1")
    return pointer


def _field_error(error: ErrorDetails) -> FieldError:
    kind, path = error["type"], error["loc"]
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        path = ("type",)
    elif path and path[0] in catalogue():
        path = path[1:]  # Errors inside an event begin with its type, which is no step into the document.
    detail = _DETAILS.get(kind, error["msg"])
    if kind == "json_invalid" and (place := _BROKEN.fullmatch(error["msg"])):
        detail += f": {place['why']} at line {place['line']}, column {place['column']}"
    return FieldError(pointer_to(path), _CODES.get(kind, "type"), detail)
