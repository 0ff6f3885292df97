"""Access tokens that an issuer signed (JWT, RFC 9068): what one must say to count, and whom it is about; pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from shared.publishers.registry import CLIENT_LENGTH_MAX, SCOPES, Client, Publisher

ALGORITHMS = ("RS256", "PS256", "ES256")
"""Signatures with a key that only the issuer has; never a shared secret, never none."""

LENGTH_MAX = 8192
"""Characters of a token; a longer one is not looked at."""

LEEWAY_SECONDS = 30
"""How far the issuer's clock may be from ours."""

TYPES = frozenset({"at+jwt", "application/at+jwt", "jwt", "application/jwt"})
"""What the header may call it; other kinds of JWT, such as a logout token, are signed with the same keys."""

SigningKey = RSAKey | ECKey


class TokenRefused(Exception):
    """The token proves nothing; the message says why, and repeats nothing of it."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a token says of itself before anything of it is believed: which key would have to prove it."""

    issuer: str
    key: str
    algorithm: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a token is about, once it is proven, and what it narrows them to: None for nothing."""

    client: Client
    scopes: frozenset[str] | None


def is_signed(token: str) -> bool:
    """Whether this is a JWT rather than a token of ours, which has no dot in it."""
    return token.count(".") == 2


def claimed(token: str) -> Claimed:
    """Which key of which issuer this token must be proven with. Raises TokenRefused."""
    if len(token) > LENGTH_MAX:
        raise TokenRefused("it is too long")
    try:
        unproven = jws.extract_compact(token.encode())
        header, claims = unproven.headers(), json.loads(unproven.payload)
    except (JoseError, ValueError, RecursionError, TypeError) as error:
        raise TokenRefused("it is no JWT") from error
    algorithm, key, kind = (header.get(name) for name in ("alg", "kid", "typ"))
    if algorithm not in ALGORITHMS:
        raise TokenRefused(f"it is not signed with {', '.join(ALGORITHMS)}")
    if kind is not None and not (isinstance(kind, str) and kind.lower() in TYPES):
        raise TokenRefused("it is no access token")
    if not isinstance(key, str) or not key:
        raise TokenRefused("it does not say with which key it is signed (kid)")
    issuer = claims.get("iss") if isinstance(claims, dict) else None
    if not isinstance(issuer, str):
        raise TokenRefused("it does not say who issued it (iss)")
    return Claimed(issuer, key, algorithm)


def holder(token: str, key: SigningKey, *, said: Claimed, audience: str, now: int) -> Holder:
    """Whom a token of this issuer is about, when this key proves it. Raises TokenRefused."""
    rules = jwt.JWTClaimsRegistry(
        now=now,
        leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": said.issuer},
        aud={"essential": True, "value": audience},
        exp={"essential": True},
    )
    try:
        key.check_use("sig")
        key.check_alg(said.algorithm)
        claims = jwt.decode(token, key, algorithms=[said.algorithm]).claims
        rules.validate(claims)
    except (JoseError, ValueError, RecursionError, OverflowError) as error:
        raise TokenRefused(_reason(error)) from error
    return Holder(Client(said.issuer, _name(claims)), _scopes(claims.get("scope")))


def narrowed(publisher: Publisher, scopes: frozenset[str] | None) -> Publisher:
    """This publisher with no more than these scopes: a token never gives what the registry does not."""
    if scopes is None:
        return publisher
    left = frozenset(scope for scope in scopes & SCOPES.keys() if publisher.may(scope))
    return Publisher(publisher.name, publisher.sources, publisher.facts, publisher.accommodations, left)


def _name(claims: Mapping[str, Any]) -> str:
    # The subject first: in the token of a person that a client asked for, `client_id` is the client, who is not meant.
    name = claims["sub"] if "sub" in claims else claims.get("client_id")
    if not isinstance(name, str) or not 0 < len(name) <= CLIENT_LENGTH_MAX or not name.isprintable():
        raise TokenRefused("it does not say whom it is about (sub or client_id)")
    return name


def _scopes(scope: object) -> frozenset[str] | None:
    if scope is None:
        return None
    if not isinstance(scope, str):
        raise TokenRefused("its scope is no text")
    return frozenset(scope.split())


def _reason(error: Exception) -> str:
    # What joserfc raises may repeat a claim; the name of the claim, or of the error, says enough.
    claim = getattr(error, "claim", None)
    if claim in ("iss", "aud", "exp", "nbf", "iat", "sub"):
        return f"its {claim} does not hold"
    return f"it does not hold: {getattr(error, 'error', type(error).__name__)}"
