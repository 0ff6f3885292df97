"""Reads the feeds of intake and placement (`GET /v1/events`): what a stream lost, its service's ledger still has."""

from collections.abc import Mapping
from ssl import SSLContext
from typing import Any

import httpx2
import stamina
from pydantic_core import from_json, to_json

from services.monitor.projector.entries import Entry, Garbled, Stream, read_event

PAGE_FACTS_MAX = 500
ATTEMPTS_MAX = 5
TIMEOUT_SECONDS = 10.0


class FeedUnusable(Exception):
    """The feed answered with something that is no feed, or refused us; asking again will not help: stop."""


class Feed:
    """The feeds of the services that have a ledger, read with one token (scope facts:read). Blocking."""

    def __init__(self, addresses: Mapping[str, str], *, token: str | None, trust: SSLContext | bool = True) -> None:
        """`trust` has the authorities of their certificates; those that everybody trusts unless given."""
        headers = {"Accept": "application/cloudevents-batch+json"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        self.addresses = addresses
        self._client = httpx2.Client(headers=headers, timeout=TIMEOUT_SECONDS, verify=trust)

    def read(self, stream: Stream, *, after: int) -> list[Entry]:
        """The next facts of this stream after a position, in order, at most a page; empty at its end.

        Raises FeedUnusable, or httpx2.HTTPError when the service does not answer after a few attempts.
        """
        page = self._page(stream, after)
        if not isinstance(page, list):
            raise FeedUnusable(f"the feed of {stream.service} is no batch of events")
        entries = [read_event(to_json(event)) for event in page]
        known = [entry for entry in entries if not isinstance(entry, Garbled)]
        if len(known) != len(entries):
            raise FeedUnusable(f"the feed of {stream.service} after {after} has an event without position and prev")
        return known

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _page(self, stream: Stream, after: int) -> Any:
        for attempt in stamina.retry_context(on=_may_pass, attempts=ATTEMPTS_MAX, timeout=30):
            with attempt:
                response = self._client.get(
                    f"{self.addresses[stream.service]}/v1/events",
                    params={"after": after, "partition": stream.partition, "limit": PAGE_FACTS_MAX},
                )
                if response.status_code >= 500 or response.status_code == 429:
                    response.raise_for_status()
        if not response.is_success:
            raise FeedUnusable(f"the feed of {stream.service} answered {response.status_code}")
        try:
            return from_json(response.content)
        except ValueError as error:
            raise FeedUnusable(f"the feed of {stream.service} is not JSON") from error


def _may_pass(error: Exception) -> bool:
    """Whether a later attempt may succeed: the service is away, or says that it has too much to do."""
    return isinstance(error, httpx2.TransportError | httpx2.HTTPStatusError)
