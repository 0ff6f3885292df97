"""What the headers of a submission say: how the body is written, how it is packed, and what is asked of us."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from urllib.parse import unquote

from pydantic_core import from_json, to_json

from shared.problems import INVALID_REQUEST, MALFORMED, UNSUPPORTED_MEDIA_TYPE, Problem


class Mode(Enum):
    """The four ways to write events in a body; the value is the media type."""

    STRUCTURED = "application/cloudevents+json"
    BATCH = "application/cloudevents-batch+json"
    LINES = "application/x-ndjson"
    BINARY = "application/json"


ENCODINGS = "gzip"
"""The value of Accept-Encoding in an answer to another encoding."""

_MODES = {mode.value: mode for mode in Mode}
_INTEGERS = frozenset({"revision"})


@dataclass(frozen=True, slots=True)
class Framing:
    """How to read the body that follows."""

    mode: Mode
    gzip: bool
    strict: bool
    """All or nothing was asked for (Prefer: handling=strict)."""


_PLAIN = {mode.value: Framing(mode, gzip=False, strict=False) for mode in Mode if mode is not Mode.BINARY}


def combined(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by name; one that came more than once is the list of its values, as HTTP says (RFC 9110, section 5.3).

    Where a list means nothing, as for `Authorization` or `ce-id`, it is refused for what it then says.
    """
    found: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def framing(headers: Mapping[str, str]) -> Framing:
    """How the body is written, from its headers. Raises the problem 415 for what is not supported."""
    content_type, encoding, prefer = headers.get("content-type"), headers.get("content-encoding"), headers.get("prefer")
    if encoding is None and prefer is None and (plain := _PLAIN.get(content_type or "")) is not None:
        return plain
    mode = _mode(content_type)
    if mode is Mode.BINARY and "ce-specversion" not in headers:
        raise _unsupported("application/json needs the attributes of the event in headers: ce-specversion and so on.")
    encoding = (encoding or "identity").strip().lower()
    if encoding not in ("identity", "gzip"):
        raise _unsupported("Content-Encoding may be gzip, or absent.", **{"Accept-Encoding": ENCODINGS})
    strict = _prefers_strict(prefer)
    if strict and mode is Mode.LINES:
        raise Problem(INVALID_REQUEST, "All or nothing (handling=strict) is for a batch; NDJSON is stored as it comes.")
    return Framing(mode, gzip=encoding == "gzip", strict=strict)


def _mode(content_type: str | None) -> Mode:
    media_type, *parameters = (part.strip().lower() for part in (content_type or "").split(";"))
    mode = _MODES.get(media_type)
    if mode is None:
        raise _unsupported(f"Content-Type may be {', '.join(_MODES)}.")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name == "charset" and value.strip('"') not in ("utf-8", "us-ascii"):
            raise _unsupported("JSON is written in UTF-8.")
    return mode


def _prefers_strict(prefer: str | None) -> bool:
    return any(part.strip().lower() == "handling=strict" for part in (prefer or "").replace(";", ",").split(","))


def _unsupported(detail: str, **headers: str) -> Problem:
    return Problem(UNSUPPORTED_MEDIA_TYPE, detail, headers={"Accept-Post": ", ".join(_MODES), **headers})


def structured(headers: Mapping[str, str], data: bytes) -> bytes:
    """The structured event of one in binary mode: attributes in `ce-` headers, percent-encoded; `data` in the body.

    The data stand in it as they were written, so that they are judged as those of any other event.
    """
    try:
        event = {name[3:]: _attribute(name[3:], value) for name, value in headers.items() if name.startswith("ce-")}
        event["datacontenttype"] = Mode.BINARY.value
        from_json(data, allow_inf_nan=False)
    except ValueError as error:
        raise Problem(MALFORMED, "The body is no JSON, or a ce- header is not percent-encoded UTF-8.") from error
    return to_json(event)[:-1] + b',"data":' + data + b"}"


def _attribute(name: str, value: str) -> object:
    text = unquote(value, errors="strict")
    return int(text) if name in _INTEGERS and text.isascii() and text.isdecimal() and len(text) < 12 else text
