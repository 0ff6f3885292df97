"""Answers who is calling, from memory for a second: the registry is asked in a thread only for what is not fresh."""

import asyncio
from dataclasses import dataclass

from shared.problems import FORBIDDEN, UNAUTHENTICATED, Problem, unavailable
from shared.publishers.issuers import Issuers, IssuerSilent
from shared.publishers.registry import Publisher, Registry
from shared.publishers.signed import LENGTH_MAX, TokenRefused, is_signed, narrowed
from shared.publishers.tokens import TOKEN_LENGTH_MAX, token_hash

FRESH_SECONDS = 1.0
"""How long a known token is believed without asking; one that was rotated away or ran out counts that much longer."""

KNOWN_MAX = 10_000
"""Publishers kept in memory; all are forgotten when there are more."""

LOOKUPS_MAX = 8
"""Look-ups in the database at one time, so that guessing tokens cannot take every thread."""


@dataclass(slots=True)
class _Known:
    publisher: Publisher
    fresh_until: float


class Gate:
    """Turns an `Authorization` header into a publisher. Belongs to one event loop."""

    def __init__(self, registry: Registry, issuers: Issuers | None = None) -> None:
        """Without `issuers` only tokens of our own are taken."""
        self._registry = registry
        self._issuers = issuers
        self._known: dict[bytes, _Known] = {}
        self._asking: dict[bytes, asyncio.Task[Publisher | None]] = {}
        self._lookups = asyncio.Semaphore(LOOKUPS_MAX)

    async def publisher(self, authorization: str | None, *, scope: str | None = None) -> Publisher:
        """The publisher that calls; one that is not known is looked up each time, so a new one counts at once.

        Raises the problems 401, 403 when it lacks `scope`, and 503 when nothing can be said of its token now. Without a
        scope the caller decides what it may do.
        """
        token = _bearer(authorization)
        key = token_hash(token)
        known = self._known.get(key)
        if known is not None and known.fresh_until > asyncio.get_running_loop().time():
            publisher = known.publisher
        else:
            publisher = await self._ask(key, token)
        if scope is not None and not publisher.may(scope):
            raise Problem(FORBIDDEN, f"This needs the scope {scope}.")
        return publisher

    async def _ask(self, key: bytes, token: str) -> Publisher:
        task = self._asking.get(key)
        if task is None:
            # The look-up belongs to all who wait for it: a caller that hangs up must not cancel it for the others.
            task = self._asking[key] = asyncio.create_task(self._look_up(key, token))
        publisher = await asyncio.shield(task)
        if publisher is None:
            raise _unauthenticated("The token is not known here.")
        return publisher

    async def _look_up(self, key: bytes, token: str) -> Publisher | None:
        try:
            publisher = await self._find(token)
        finally:
            del self._asking[key]
        if publisher is None:
            self._known.pop(key, None)
            return None
        if len(self._known) >= KNOWN_MAX:
            self._known.clear()
        self._known[key] = _Known(publisher, asyncio.get_running_loop().time() + FRESH_SECONDS)
        return publisher

    async def _find(self, token: str) -> Publisher | None:
        if self._issuers is None or not is_signed(token):
            async with self._lookups:
                return await asyncio.to_thread(self._registry.authenticate, token)
        try:
            holder = await self._issuers.holder(token)
        except TokenRefused as refusal:
            raise _unauthenticated(f"The token is not taken: {refusal}.") from refusal
        except IssuerSilent as silence:
            raise unavailable("The keys of the issuer of this token cannot be read now.") from silence
        async with self._lookups:
            publisher = await asyncio.to_thread(self._registry.of_client, holder.client)
        if publisher is None:
            raise _unauthenticated("The issuer signed this token, but its client (sub) is no publisher here.")
        return narrowed(publisher, holder.scopes)


def _bearer(authorization: str | None) -> str:
    if authorization is None:
        raise _unauthenticated("Send `Authorization: Bearer` with the token of a publisher.")
    kind, _, token = authorization.partition(" ")
    token = token.strip()
    longest = LENGTH_MAX if is_signed(token) else TOKEN_LENGTH_MAX
    if kind.lower() != "bearer" or not token or len(token) > longest:
        raise _unauthenticated("Send `Authorization: Bearer` with the token of a publisher.")
    return token


def _unauthenticated(detail: str) -> Problem:
    return Problem(UNAUTHENTICATED, detail, headers={"WWW-Authenticate": 'Bearer realm="doorstroom"'})
