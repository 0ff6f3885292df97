"""The issuers of tokens that are trusted here, and their keys: read from them, believed for a while, read again."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx2
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from shared.clock import Clock
from shared.logs import get_logger
from shared.publishers.signed import Holder, SigningKey, TokenRefused, claimed, holder
from shared.settings import Settings

FRESH = timedelta(minutes=10)
"""After this the keys are read again; a key that its issuer took back counts no longer than this and BELIEVED."""

BELIEVED = timedelta(hours=1)
"""How long keys count while their issuer does not answer."""

AGAIN = timedelta(seconds=10)
"""How soon the keys of one issuer may be asked for again: made-up keys must not become a flood of requests."""

ANSWER_SECONDS_MAX = 5.0
ANSWER_BYTES_MAX = 262_144
KEYS_MAX = 100
"""Of one issuer; what comes after them is not looked at."""

RSA_BITS_MIN = 2048

_log = get_logger()


class IssuerSilent(Exception):
    """The keys of the issuer cannot be read now, so that nothing can be said of the token."""


@dataclass(frozen=True, slots=True)
class _Known:
    keys: Mapping[str, SigningKey]
    at: datetime


class _Keys:
    """The keys of one issuer. Belongs to one event loop."""

    def __init__(self, issuer: str, address: str, clock: Clock) -> None:
        self._issuer = issuer
        self._address = address
        self._clock = clock
        self._known: _Known | None = None
        self._asked_at: datetime | None = None
        self._asking: asyncio.Task[None] | None = None

    async def find(self, name: str) -> SigningKey:
        """The key of this name. Raises TokenRefused when the issuer has none, IssuerSilent when that is not known."""
        known = self._believed()
        if known is not None and name in known.keys:
            if _apart(self._clock(), known.at) >= FRESH:
                self._ask()  # Nobody waits for it: the keys count a while longer.
            return known.keys[name]
        if (asking := self._ask()) is not None:
            # One question for all who wait; a caller that hangs up must not cancel it for the others.
            await asyncio.shield(asking)
        known = self._believed()
        if known is not None and name in known.keys:
            return known.keys[name]
        if known is None or known.at != self._asked_at:
            raise IssuerSilent(self._issuer)
        raise TokenRefused("its issuer has no such key (kid)")

    def _believed(self) -> _Known | None:
        if self._known is None or _apart(self._clock(), self._known.at) >= BELIEVED:
            return None
        return self._known

    def _ask(self) -> asyncio.Task[None] | None:
        """The question that is under way, or a new one; None when the last one was a moment ago."""
        now = self._clock()
        if self._asking is None and (self._asked_at is None or _apart(now, self._asked_at) >= AGAIN):
            self._asked_at = now
            self._asking = asyncio.create_task(self._read(now))
        return self._asking

    async def _read(self, now: datetime) -> None:
        try:
            self._known = _Known(_keys_in(await _document(self._address)), now)
        except (httpx2.HTTPError, TimeoutError, ValueError, TypeError, RecursionError) as error:
            _log.warning("issuer_silent", issuer=self._issuer, error=type(error).__name__)
        finally:
            self._asking = None


class Issuers:
    """Proves tokens with the keys of those who are trusted to issue them. Belongs to one event loop."""

    def __init__(self, addresses: Mapping[str, str], *, audience: str, clock: Clock) -> None:
        """`addresses` has where the keys of each issuer are (JWKS); `audience` is what a token must be meant for."""
        self._keys = {issuer: _Keys(issuer, address, clock) for issuer, address in addresses.items()}
        self._audience = audience
        self._clock = clock

    async def holder(self, token: str) -> Holder:
        """Whom this token is about. Raises TokenRefused, or IssuerSilent when its keys cannot be read now."""
        said = claimed(token)
        keys = self._keys.get(said.issuer)
        if keys is None:
            raise TokenRefused("its issuer is not trusted here (iss)")
        key = await keys.find(said.key)
        return holder(token, key, said=said, audience=self._audience, now=int(self._clock().timestamp()))


def issuers_of(settings: Settings, clock: Clock) -> Issuers | None:
    """The issuers of the settings; None without any."""
    if settings.token_audience is None or not settings.token_issuers:
        return None
    return Issuers(settings.token_issuers, audience=settings.token_audience, clock=clock)


async def _document(address: str) -> Any:
    """The JSON at this address; no redirect is followed."""
    async with (
        asyncio.timeout(ANSWER_SECONDS_MAX),
        httpx2.AsyncClient(timeout=ANSWER_SECONDS_MAX) as http,
        http.stream("GET", address, headers={"Accept": "application/jwk-set+json, application/json"}) as answer,
    ):
        answer.raise_for_status()
        if answer.status_code != httpx2.codes.OK:
            raise ValueError("it leads elsewhere")
        body = b""
        async for part in answer.aiter_bytes():
            body += part
            if len(body) > ANSWER_BYTES_MAX:
                raise ValueError("it is too long")
    return json.loads(body)


def _keys_in(document: Any) -> Mapping[str, SigningKey]:
    """The keys that can prove a signature, by name; others are left out, as RFC 7517 wants it."""
    if not isinstance(document, dict) or not isinstance(document.get("keys"), list):
        raise TypeError("no key set")
    found = {}
    for described in document["keys"][:KEYS_MAX]:
        key = _key(described)
        if key is not None:
            found[described["kid"]] = key
    return found


def _key(described: Any) -> SigningKey | None:
    if not isinstance(described, dict) or not isinstance(described.get("kid"), str):
        return None
    try:
        if described.get("kty") == "RSA":
            rsa = RSAKey.import_key(described)
            return rsa if rsa.public_key.key_size >= RSA_BITS_MIN and described.get("use", "sig") == "sig" else None
        if described.get("kty") == "EC" and described.get("crv") == "P-256" and described.get("use", "sig") == "sig":
            return ECKey.import_key(described)
    except (JoseError, ValueError, TypeError, KeyError):
        _log.warning("key_unusable", key=described["kid"][:64])
    return None


def _apart(one: datetime, other: datetime) -> timedelta:
    # Also when the clock was set back: what was then read must not count for ever.
    return abs(one - other)
