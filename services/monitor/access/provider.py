"""An OpenID provider: where to send somebody to sign in, and who they are when they come back (code flow with PKCE)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from services.monitor.access.departures import Departure
from shared.addresses import is_private
from shared.clock import Clock

ANSWER_SECONDS_MAX = 10.0
"""How long the provider may take for one answer."""

BELIEVED = timedelta(hours=1)
"""How long what the provider says of itself, and its keys, are believed without asking again."""

SKEW_SECONDS_MAX = 60
"""How far its clock may be from ours."""

ALGORITHMS = ("RS256", "PS256", "ES256", "RS384", "PS384", "ES384", "RS512", "PS512", "ES512", "EdDSA")
"""Signatures with a key that only the provider has; never a shared secret, never none."""


class ProviderSilent(Exception):
    """The provider does not answer, or not as an OpenID provider does."""


class SignInRefused(Exception):
    """What came back does not prove who somebody is; the message says why, and repeats nothing of it."""


@dataclass(frozen=True, slots=True)
class Client:
    """What we are to the provider."""

    issuer: str
    client_id: str
    client_secret: str | None
    """None for a public client, which has only PKCE."""
    scope: str
    back: str
    """Where it sends people back to; it is registered there."""


@dataclass(frozen=True, slots=True)
class _Known:
    metadata: Mapping[str, Any]
    keys: KeySet
    at: datetime


class Provider:
    """Asks the provider. Belongs to one event loop."""

    def __init__(self, client: Client, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._known: _Known | None = None

    async def address(self, departure: Departure) -> str:
        """Where to send somebody who leaves to sign in. Raises ProviderSilent."""
        known = await self._discover()
        async with self._oauth() as oauth:
            address, _ = oauth.create_authorization_url(
                known.metadata["authorization_endpoint"],
                state=departure.state,
                nonce=departure.nonce,
                code_verifier=departure.verifier,
            )
        return str(address)

    async def claims(self, code: str, departure: Departure) -> Mapping[str, Any]:
        """Who somebody is that came back with this code. Raises ProviderSilent or SignInRefused."""
        known = await self._discover()
        token = await self._token(known, code, departure)
        if not isinstance(token.get("id_token"), str):
            raise SignInRefused("the provider gave no id_token")
        return await self._verified(token, departure)

    def came_from_here(self, issuer: str | None) -> bool:
        """Whether an answer is of this provider, as far as it says whose it is (RFC 9207)."""
        return issuer is None or issuer == self._client.issuer

    async def _token(self, known: _Known, code: str, departure: Departure) -> Mapping[str, Any]:
        try:
            async with self._oauth() as oauth:
                token: Mapping[str, Any] = await oauth.fetch_token(
                    known.metadata["token_endpoint"],
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=departure.verifier,
                )
        except OAuthError as error:
            raise SignInRefused(f"the provider does not take the code: {error.error}") from error
        except (httpx2.HTTPError, ValueError) as error:
            raise ProviderSilent(f"no token: {type(error).__name__}") from error
        return token

    async def _verified(self, token: Mapping[str, Any], departure: Departure) -> Mapping[str, Any]:
        try:
            decoded = await self._decoded(token["id_token"])
            claims = CodeIDToken(
                decoded.claims,
                decoded.header,
                options={
                    "iss": {"essential": True, "value": self._client.issuer},
                    "aud": {"essential": True, "value": self._client.client_id},
                },
                params={
                    "nonce": departure.nonce,
                    "client_id": self._client.client_id,
                    "access_token": token.get("access_token"),
                },
            )
            claims.validate(now=int(self._clock().timestamp()), leeway=SKEW_SECONDS_MAX)
        except (JoseError, ValueError) as error:
            # What joserfc raises may repeat a claim; its name says enough.
            raise SignInRefused(
                f"the id_token does not hold: {getattr(error, 'error', type(error).__name__)}"
            ) from error
        return dict(claims)

    async def _decoded(self, id_token: str) -> jwt.Token:
        known = await self._discover()
        try:
            return jwt.decode(id_token, known.keys, algorithms=ALGORITHMS)
        except InvalidKeyIdError:
            # Its keys may have been rotated since they were read.
            known = await self._discover(again=True)
            return jwt.decode(id_token, known.keys, algorithms=ALGORITHMS)

    async def _discover(self, *, again: bool = False) -> _Known:
        now = self._clock()
        if again or self._known is None or now - self._known.at >= BELIEVED:
            try:
                self._known = await self._ask(now)
            except (httpx2.HTTPError, JoseError, ValueError, KeyError, TypeError) as error:
                raise ProviderSilent(f"no discovery: {type(error).__name__}: {error}") from error
        return self._known

    async def _ask(self, now: datetime) -> _Known:
        _require_private(self._client.issuer)
        async with httpx2.AsyncClient(timeout=ANSWER_SECONDS_MAX) as http:
            metadata = await _json(http, self._client.issuer.rstrip("/") + "/.well-known/openid-configuration")
            if metadata["issuer"] != self._client.issuer:
                raise ValueError("it says that it is another issuer")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                _require_private(metadata[name])
            keys = KeySet.import_key_set(await _json(http, metadata["jwks_uri"]))  # type: ignore[arg-type]
        return _Known(metadata, keys, now)

    def _oauth(self) -> Any:
        return AsyncOAuth2Client(
            self._client.client_id,
            self._client.client_secret,
            token_endpoint_auth_method="client_secret_basic" if self._client.client_secret else "none",
            scope=self._client.scope,
            redirect_uri=self._client.back,
            code_challenge_method="S256",
            timeout=ANSWER_SECONDS_MAX,
        )


async def _json(http: httpx2.AsyncClient, address: str) -> dict[str, Any]:
    answer = await http.get(address)
    answer.raise_for_status()
    document = answer.json()
    if not isinstance(document, dict):
        raise TypeError("no object")
    return document


def _require_private(address: str) -> None:
    """Raises ValueError for an address that others on the way could read."""
    if not is_private(address):
        raise ValueError("an address of it is neither https nor on this machine")
