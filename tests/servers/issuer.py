"""An issuer of tokens that runs on loopback: it publishes its keys, signs whatever a test wants, and can fail."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.servers.openid import rsa_key
from tests.servers.serving import serving
from tests.servers.waiting import free_port

AUDIENCE = "https://doorstroom.example.org"
SUBJECT = "ecd-client"


def ec_key(name: str) -> ECKey:
    """A key to sign with, of that name."""
    return ECKey.generate_key("P-256", {"kid": name, "use": "sig", "alg": "ES256"})


@dataclass
class Issuer:
    """The issuer, its keys, and how it answers who asks for them."""

    port: int
    key: RSAKey | ECKey = field(default_factory=lambda: rsa_key("first"))
    """What it signs with."""
    published: list[RSAKey | ECKey] = field(default_factory=list)
    answer: Response | None = None
    """What it answers instead of its keys."""
    asked: int = 0
    """How often somebody asked for its keys."""

    def __post_init__(self) -> None:
        self.published.append(self.key)

    @property
    def name(self) -> str:
        """How its tokens name it."""
        return f"http://127.0.0.1:{self.port}/realm"

    @property
    def keys_address(self) -> str:
        """Where its keys are."""
        return f"{self.name}/keys"

    def claims(self, now: int, **changes: Any) -> dict[str, Any]:
        """Those of a token for a client, for an hour; None takes a claim away."""
        claims = {
            "iss": self.name,
            "aud": AUDIENCE,
            "sub": SUBJECT,
            "iat": now,
            "exp": now + 3600,
            "jti": "one",
        } | changes
        return {name: value for name, value in claims.items() if value is not None}

    def token(self, now: int, *, header: Mapping[str, Any] | None = None, **changes: Any) -> str:
        """A token that it signed."""
        algorithm = "ES256" if isinstance(self.key, ECKey) else "RS256"
        described = {"alg": algorithm, "kid": self.key.kid, "typ": "at+jwt", **(header or {})}
        described = {name: value for name, value in described.items() if value is not None}
        return jwt.encode(described, self.claims(now, **changes), self.key, algorithms=[described["alg"]])

    async def keys(self, _request: Request) -> Response:
        """The public halves of its keys."""
        self.asked += 1
        return self.answer or JSONResponse(KeySet(list(self.published)).as_dict(private=False))


@contextmanager
def issuing() -> Iterator[Issuer]:
    """An issuer that runs."""
    issuer = Issuer(free_port())
    app = Starlette(routes=[Route("/realm/keys", issuer.keys)])
    with serving(uvicorn.Config(app, port=issuer.port, log_config=None, lifespan="off")):
        yield issuer
