"""The publishers' client: each event to the service that takes it, in batches, with retries, resumable."""

import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from ssl import SSLCertVerificationError, SSLContext
from types import TracebackType
from typing import Any, Literal, Self

import httpx2
import stamina
from pydantic_core import from_json

from shared.facts.catalogue import by_name, catalogue
from shared.facts.fact import Owner
from shared.facts.naming import ReceiptWarning

BATCH_FACTS_MAX = 500
"""Events in one request."""

ATTEMPTS_MAX = 12
RETRY_SECONDS_MAX = 120.0
"""How often, and for how long, one request is tried before it is given up."""

TIMEOUT_SECONDS = 60.0

Numbered = tuple[int, str]
"""The number of a line, and the structured event in it."""


class PublishingRefused(Exception):
    """The service refuses the whole request; the same again gives the same answer. The message says why."""


class ServiceUnreachable(Exception):
    """The service gave no answer, or was too busy, for as long as we tried. Later the same may succeed."""


class FileChanged(Exception):
    """What was published before from this file now reads otherwise."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one event."""

    line: int
    result: Literal["accepted", "duplicate", "rejected"]
    id: str | None
    position: int | None
    problem: Mapping[str, Any] | None
    """The problem document (RFC 9457) of an event that was rejected."""
    warnings: Sequence[ReceiptWarning] = ()
    """What is odd about an event that was accepted."""


class Journal:
    """Remembers in a small file how far a file of events was published, and goes on from there.

    It holds the number of events, a digest of them, and to where they were sent; for another address it begins anew.
    Losing it does no harm: what is published twice counts once.
    """

    def __init__(self, file: Path, *, addresses: Mapping[Owner, str]) -> None:
        self._file = file
        self._to = ",".join(f"{service}={address}" for service, address in sorted(addresses.items()))
        self._events = 0
        self._digest = blake2b(digest_size=16)

    def rest(self, lines: Iterable[Numbered]) -> Iterator[Numbered]:
        """The events that were not published yet. Raises FileChanged when those that were are not there any more."""
        published = self._read()
        remaining = iter(lines)
        if published is not None:
            self._add(islice(remaining, published["events"]))
            if (self._events, self._digest.hexdigest()) != (published["events"], published["digest"]):
                raise FileChanged(f"the first {published['events']} events differ from when they were published")
        yield from remaining

    def acknowledge(self, lines: Iterable[Numbered]) -> None:
        """Remember that these, the next in the file, were answered."""
        self._add(lines)
        state = {"to": self._to, "events": self._events, "digest": self._digest.hexdigest()}
        new = self._file.with_name(f"{self._file.name}.new")
        new.write_text(json.dumps(state))
        new.replace(self._file)

    def finish(self) -> None:
        """Forget it: everything is published."""
        self._file.unlink(missing_ok=True)

    def _add(self, lines: Iterable[Numbered]) -> None:
        for _, event in lines:
            self._events += 1
            self._digest.update(event.encode() + b"\n")

    def _read(self) -> Mapping[str, Any] | None:
        with suppress(OSError, ValueError):
            state = json.loads(self._file.read_bytes())
            if isinstance(state, dict) and state.get("to") == self._to:
                return state
        return None


class Client:
    """Publishes over HTTP with the token of one publisher; a context manager. Blocking.

    Asks again with growing, uneven pauses (or when the service says) after 429, 5xx and a broken connection, and never
    after a refusal.
    """

    def __init__(self, addresses: Mapping[Owner, str], *, token: str, trust: SSLContext | bool = True) -> None:
        """`trust` has the authorities of their certificates; those that everybody trusts unless given."""
        self._addresses = addresses
        self._http = httpx2.Client(
            verify=trust,
            timeout=TIMEOUT_SECONDS,
            headers={
                "Authorization": f"Bearer {token}",
                "Content-Type": "application/x-ndjson",
                "Content-Encoding": "gzip",
            },
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def publish(self, lines: Iterable[Numbered], *, journal: Journal | None = None) -> Iterator[Sequence[Outcome]]:
        """Publish these events, and give what became of each, batch by batch in their order, when it is durable.

        With a journal, those that it knows as published are passed over. Raises PublishingRefused, ServiceUnreachable
        and FileChanged; what was given before stays true then.
        """
        remaining = iter(lines if journal is None else journal.rest(lines))
        while batch := list(islice(remaining, BATCH_FACTS_MAX)):
            outcomes = self._publish(batch)
            if journal is not None:
                journal.acknowledge(batch)
            yield outcomes

    def _publish(self, batch: Sequence[Numbered]) -> Sequence[Outcome]:
        by_service: dict[Owner, list[Numbered]] = defaultdict(list)
        for line in batch:
            by_service[self._service(line[1])].append(line)
        outcomes = [outcome for service, lines in by_service.items() for outcome in self._send(service, lines)]
        return sorted(outcomes, key=lambda outcome: outcome.line)

    def _service(self, event: str) -> Owner:
        """Who takes this event; what nobody takes goes to the first, which says why it is refused."""
        owner = _owner(event)
        return owner if owner is not None and owner in self._addresses else next(iter(self._addresses))

    def _send(self, service: Owner, lines: Sequence[Numbered]) -> Iterator[Outcome]:
        answer = self._post(service, "\n".join(event for _, event in lines))
        if answer.status_code == httpx2.codes.CONTENT_TOO_LARGE and len(lines) > 1:
            middle = len(lines) // 2
            yield from self._send(service, lines[:middle])
            yield from self._send(service, lines[middle:])
        elif answer.status_code == httpx2.codes.CONTENT_TOO_LARGE:
            yield Outcome(lines[0][0], "rejected", None, None, _problem(answer))
        elif answer.status_code not in (httpx2.codes.ACCEPTED, httpx2.codes.MULTI_STATUS):
            problem = _problem(answer)
            raise PublishingRefused(
                f"{service} answers {answer.status_code}: {problem.get('detail', 'no reason given')}"
            )
        else:
            results = answer.json()["results"]
            for (number, _), result in zip(lines, results, strict=True):
                yield _outcome(number, result)

    def _post(self, service: Owner, body: str) -> httpx2.Response:
        packed = gzip.compress(body.encode(), compresslevel=1)
        try:
            for attempt in stamina.retry_context(
                on=_pause, attempts=ATTEMPTS_MAX, timeout=RETRY_SECONDS_MAX, wait_initial=0.2, wait_max=10
            ):
                with attempt:
                    answer = self._http.post(f"{self._addresses[service]}/v1/events", content=packed)
                    if may_be_taken_later(answer.status_code):
                        answer.raise_for_status()
        except httpx2.HTTPStatusError as error:
            raise ServiceUnreachable(f"{service} answers {error.response.status_code}") from error
        except httpx2.TransportError as error:
            if is_distrusted(error):
                raise ServiceUnreachable(
                    f"{service} at {self._addresses[service]} shows a certificate that no trusted authority vouches for"
                ) from error
            raise ServiceUnreachable(f"{service} at {self._addresses[service]} does not answer") from error
        return answer


def _outcome(line: int, result: Mapping[str, Any]) -> Outcome:
    warnings = [ReceiptWarning(one["code"], one["detail"], one["pointer"]) for one in result.get("warnings", ())]
    return Outcome(line, result["result"], result.get("id"), result.get("position"), result.get("problem"), warnings)


def may_be_taken_later(status: int) -> bool:
    """Whether a door may take the same request at another time: it came too slowly, there were too many, or it failed.

    To send it again is safe: what was stored of it is a duplicate.
    """
    return status in (httpx2.codes.REQUEST_TIMEOUT, httpx2.codes.TOO_MANY_REQUESTS) or status >= 500


def _owner(event: str) -> Owner | None:
    try:
        members = from_json(event)
    except ValueError:
        return None
    entry = catalogue().get(str(members.get("type"))) if isinstance(members, dict) else None
    if entry is None or entry.model.owner != "either":
        return None if entry is None else entry.model.owner
    # What takes back a record goes to where that record was published.
    data = members.get("data")
    target = by_name(str(data.get("of"))) if isinstance(data, dict) else None
    return None if target is None else target.owner


def _pause(error: Exception) -> bool | float:
    """Whether to ask again: the seconds that the service named, or True for a growing pause of our own."""
    if isinstance(error, httpx2.HTTPStatusError):
        named = error.response.headers.get("Retry-After", "")
        return float(named) if named.isdecimal() else True
    return isinstance(error, httpx2.TransportError) and not is_distrusted(error)


def is_distrusted(error: BaseException | None) -> bool:
    """Whether it came of a certificate that is not believed, which no later attempt changes."""
    while error is not None and not isinstance(error, SSLCertVerificationError):
        error = error.__cause__ or error.__context__
    return error is not None


def _problem(answer: httpx2.Response) -> Mapping[str, Any]:
    try:
        problem = answer.json()
    except ValueError:
        return {"status": answer.status_code, "title": answer.reason_phrase}
    return problem if isinstance(problem, dict) else {"status": answer.status_code}
