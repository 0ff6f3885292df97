"""What must hold after each input, said by other code than that of the product: the JSON and gzip of Python.

An answer is one that is described; what it says was accepted is in the ledger as it was sent, and nothing else is.
"""

import gzip
import json
import zlib
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote_to_bytes

from shared.door.body import EVENT_BYTES_MAX
from shared.facts.catalogue import catalogue
from shared.problems import KINDS
from tests.fuzz.inputs import PUBLISH, Input
from tests.fuzz.target import Answer, Stored
from tests.fuzz.written import holds_bsn

STATUSES = frozenset({202, 207, 400, 401, 403, 406, 409, 413, 415})
"""With which an input may be answered; there is always room, so neither 429 nor 503 is among them."""

_TRANSPORT = ("datacontenttype", "dataschema", "sequence", "sequencetype", "traceparent", "tracestate")

_MODES = {
    "application/cloudevents+json": "one",
    "application/cloudevents-batch+json": "batch",
    "application/x-ndjson": "lines",
    "application/json": "binary",
}


class Wrong(Exception):
    """A promise that was not kept."""


class _Unclear(Exception):
    """Nobody can say for sure what was sent."""


@dataclass(frozen=True, slots=True)
class Said:
    """That an event has a place in the ledger, as an answer says."""

    position: int
    fresh: bool
    """It was stored now; otherwise it was known."""
    sent: Any


def judge(one: Input, answer: Answer) -> list[Said]:
    """What the answer says of the ledger. Raises Wrong when it is no answer that may be given."""
    if one.left and answer.status is None and answer.error is None:
        return []
    if answer.error is not None:
        raise Wrong(f"an error broke through: {answer.error!r}")
    if answer.status not in STATUSES:
        raise Wrong(f"the status {answer.status}")
    if holds_bsn(answer.body):
        raise Wrong("the answer repeats a BSN")
    if "api-version" not in answer.headers or answer.headers["x-content-type-options"] != "nosniff":
        raise Wrong("the headers of every answer are missing")
    document = json.loads(answer.body)
    if answer.status >= 400:
        _judge_problem(document, answer)
        return []
    return _judge_results(document, one, answer)


def _judge_problem(document: Mapping[str, Any], answer: Answer) -> None:
    if answer.headers["content-type"] != "application/problem+json":
        raise Wrong("an error that is no problem document")
    if document["status"] != answer.status or document["type"].removeprefix("/v1/problems/") not in KINDS:
        raise Wrong("a problem of no known kind")
    if not document["title"] or not document["detail"]:
        raise Wrong("a problem without words")


def _judge_results(document: Mapping[str, Any], one: Input, answer: Answer) -> list[Said]:
    results = document["results"]
    said = [result["result"] for result in results]
    counts = {"accepted": "accepted", "duplicates": "duplicate", "rejected": "rejected"}
    if any(document[count] != said.count(word) for count, word in counts.items()):
        raise Wrong("the counts are not those of the results")
    if [result["index"] for result in results] != list(range(len(results))):
        raise Wrong("the results are not numbered in order")
    if (answer.status == 207) != (document["rejected"] > 0):
        raise Wrong("202 with a refusal, or 207 without one")
    if document["rejected"] and _prefers_strict(one) and len(said) > document["rejected"]:
        raise Wrong("all or nothing was asked for, and a part was taken")
    taken = [result for result in results if result["result"] != "rejected"]
    if not taken:
        return []
    try:
        sent = sent_events(one)
    except _Unclear as unclear:
        raise Wrong(f"accepted, although {unclear}") from unclear
    if len(sent) + (said[-1] == "rejected") < len(results):
        raise Wrong("more results than events")  # The last may be about what could not be read.
    if len(sent) > len(results) and said[-1] != "rejected":
        raise Wrong("fewer results than events")
    for result in taken:
        event = sent[result["index"]]
        if not isinstance(event, dict) or event.get("id") != result["id"]:
            raise Wrong(f"accepted {result['id']}, which was not sent so: {event!r}")
    if one.path != PUBLISH:
        if any("position" in result for result in taken):
            raise Wrong("only tried out, and yet a position")
        return []
    return [Said(result["position"], result["result"] == "accepted", sent[result["index"]]) for result in taken]


def _prefers_strict(one: Input) -> bool:
    return any(name == b"prefer" and value == b"handling=strict" for name, value in one.headers)


def sent_events(one: Input) -> list[Any]:
    """The events of a request; None for what is no event. Raises _Unclear when it could be read in two ways."""
    headers = _headers(one)
    body = one.body
    if headers.get("content-encoding", "").strip().lower() == "gzip":
        try:
            body = gzip.decompress(body)
        except (OSError, EOFError, zlib.error):
            if _MODES.get(_media_type(headers)) != "lines":
                raise _Unclear("the gzip data is broken") from None
            body = _as_far_as_it_goes(body)
    match _MODES.get(_media_type(headers)):
        case "one":
            return [_read(body)]
        case "batch":
            return [None if _repeated(event) else event for event in _read(body, whole=False)]
        case "lines":
            return [_read_or_none(line) for line in body.split(b"\n") if line.strip() or len(line) > EVENT_BYTES_MAX]
        case "binary":
            return [_from_headers(headers, _read(body))]
    raise _Unclear("its form is unknown")


def _as_far_as_it_goes(body: bytes) -> bytes:
    unpacked = bytearray()
    while body:
        unpack = zlib.decompressobj(wbits=31)
        try:
            for place in range(len(body)):
                unpacked += unpack.decompress(body[place : place + 1])
        except zlib.error:
            break
        body = unpack.unused_data
    return bytes(unpacked)


def _headers(one: Input) -> dict[str, str]:
    together: dict[str, list[str]] = {}
    for name, value in one.headers:
        together.setdefault(name.decode("latin-1"), []).append(value.decode("latin-1"))
    return {name: ", ".join(values) for name, values in together.items()}


def _media_type(headers: Mapping[str, str]) -> str:
    return headers.get("content-type", "").split(";")[0].strip().lower()


def _from_headers(headers: Mapping[str, str], data: Any) -> dict[str, Any]:
    try:
        event: dict[str, Any] = {
            name[3:]: unquote_to_bytes(value.encode()).decode()
            for name, value in headers.items()
            if name.startswith("ce-")
        }
        if "revision" in event:
            event["revision"] = int(event["revision"])
    except ValueError as error:
        raise _Unclear(f"its attributes cannot be read: {error}") from error
    return event | {"data": data, "datacontenttype": "application/json"}


class _Repeated(dict[str, Any]):
    """An object in which a key stands twice."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else _Repeated(found)


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _read(raw: bytes, *, whole: bool = True) -> Any:
    try:
        document = json.loads(raw.decode(), object_pairs_hook=_object, parse_constant=_no_constant, parse_int=_integer)
    except (ValueError, RecursionError) as error:
        raise _Unclear(f"it is no JSON: {error}") from error
    if whole and _repeated(document):
        raise _Unclear("a key stands twice in it")
    return document


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) < 300 else digits


def _read_or_none(line: bytes) -> Any:
    try:
        return _read(line)
    except _Unclear:
        return None


def _repeated(value: Any) -> bool:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, _Repeated):
            return True
        waiting += one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
    return False


def judge_ledger(new: Sequence[Stored], fresh: Mapping[int, Any], *, after: int, unanswered: Set[str]) -> None:
    """Whether the rows after a position are exactly those that the answers name, as they were sent. Raises Wrong.

    `fresh` is what was sent, by position; `unanswered` the ids of events whose sender left before the answer.
    """
    if [row.position for row in new] != list(range(after + 1, after + 1 + len(new))):
        raise Wrong("positions with a gap")
    for row in new:
        if holds_bsn(row.body.encode()):
            raise Wrong(f"a BSN is stored: {row.body}")
        if row.position in fresh:
            judge_row(row, fresh[row.position])
        elif row.id not in unanswered:
            raise Wrong(f"{row.id} is stored, and no answer says so")
    missing = fresh.keys() - {row.position for row in new}
    if missing:
        raise Wrong(f"said to be accepted, and not stored: {missing}")


def judge_row(row: Stored, sent: Any) -> None:
    """Whether a row is what was sent. Raises Wrong."""
    if (row.id, row.source) != (sent["id"], sent["source"]) or not same_event(json.loads(row.body), sent):
        raise Wrong(f"stored as {row.body}, and sent as {sent!r}")


def judge_known(row: Stored | None, sent: Any) -> None:
    """Whether a row is what was sent again; how it travelled may differ. Raises Wrong."""
    if row is None:
        raise Wrong(f"said to be known, and not stored: {sent!r}")
    body = {key: value for key, value in json.loads(row.body).items() if key not in _TRANSPORT}
    again = {key: value for key, value in sent.items() if key not in _TRANSPORT}
    judge_row(Stored(row.position, row.source, row.id, json.dumps(body)), again)


def ids_of(one: Input) -> set[str]:
    """The ids of all events of a request that can be read."""
    try:
        sent = sent_events(one)
    except _Unclear:
        return set()
    return {event["id"] for event in sent if isinstance(event, dict) and isinstance(event.get("id"), str)}


def same_event(stored: Any, sent: Any) -> bool:
    """Whether what is stored says what was sent: the same values, moments as moments, defaults filled in."""
    if not _same_members({**stored, "data": None}, {**sent, "data": None}, defaults={"revision": 1}):
        return False
    fields = catalogue()[stored["type"]].model.model_fields
    return _same_members(stored["data"], sent["data"], defaults={name: one.default for name, one in fields.items()})


def _same_members(stored: dict[str, Any], sent: dict[str, Any], *, defaults: Mapping[str, Any]) -> bool:
    told = {key: value for key, value in sent.items() if value is not None}
    filled = {key: value for key, value in stored.items() if value is not None}
    return all(_same_value(filled.get(key), value) for key, value in told.items()) and all(
        key in told or (key in defaults and defaults[key] == value) for key, value in filled.items()
    )


def _same_value(stored: Any, sent: Any) -> bool:
    if type(stored) is type(sent) and stored == sent:
        return True
    if isinstance(stored, str) and isinstance(sent, str) and "T" in stored:
        apart = datetime.fromisoformat(stored) - datetime.fromisoformat(sent.upper())
        return abs(apart) < timedelta(microseconds=1)
    return False
