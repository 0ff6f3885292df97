"""A small OpenID provider that runs on loopback: discovery, keys, codes with PKCE, signed tokens; everybody is let in.

It keeps the rules of OpenID Connect Core, and can be told to break one.
"""

import base64
import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.servers.serving import serving
from tests.servers.waiting import free_port

CLIENT, SECRET = "doorstroom", "the secret of the monitor"

Tamper = Callable[[dict[str, Any]], None]


def rsa_key(name: str) -> RSAKey:
    """A key to sign with, of that name."""
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig", "alg": "RS256"})


@dataclass
class OpenId:
    """The provider, and what it knows."""

    port: int
    now: Callable[[], int]
    person: dict[str, Any] = field(default_factory=lambda: {"sub": "248289761001", "preferred_username": "jansen"})
    """Who signs in next."""
    key: RSAKey = field(default_factory=lambda: rsa_key("first"))
    """What the next token is signed with."""
    published: list[RSAKey] = field(default_factory=list)
    algorithm: str = "RS256"
    secret: bytes | None = None
    """The key of an HMAC over the next token, instead of a signature."""
    tamper: Tamper = lambda claims: None
    """What is done to the claims before they are signed."""
    answer: Mapping[str, Any] | None = None
    """What the token endpoint answers with instead."""
    metadata: dict[str, Any] = field(default_factory=dict)
    """What is said of it otherwise than it is."""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    """The parameters of each request to authorise."""

    def __post_init__(self) -> None:
        self.published.append(self.key)

    @property
    def issuer(self) -> str:
        """How it calls itself."""
        return f"http://127.0.0.1:{self.port}/realm"

    async def discovery(self, _request: Request) -> Response:
        """What it says of itself."""
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "response_types_supported": ["code"],
                "id_token_signing_alg_values_supported": ["RS256"],
            }
            | self.metadata
        )

    async def keys(self, _request: Request) -> Response:
        """The public halves of its keys."""
        return JSONResponse(KeySet(self.published).as_dict(private=False))

    async def authorize(self, request: Request) -> Response:
        """Let whoever comes in, and send them back with a code."""
        asked = dict(request.query_params)
        self.asked.append(asked)
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.asked)}"
        self.codes[code] = asked
        query = urlencode({"code": code, "state": asked["state"], "iss": self.issuer})
        return RedirectResponse(f"{asked['redirect_uri']}?{query}")

    async def token(self, request: Request) -> Response:
        """Give a token for a code, once, to the client that may have it."""
        sent = dict(parse_qsl((await request.body()).decode()))
        asked = self.codes.pop(sent["code"], None)
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".replace(" ", "%20").encode()).decode()
        plain = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if request.headers.get("authorization") not in (f"Basic {basic}", f"Basic {plain}"):
            return JSONResponse({"error": "invalid_client"}, status_code=401)
        challenge = base64.urlsafe_b64encode(sha256(sent["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        right = asked is not None and (sent["redirect_uri"], challenge) == (
            asked["redirect_uri"],
            asked["code_challenge"],
        )
        if asked is None or not right or sent["grant_type"] != "authorization_code":
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        if self.answer is not None:
            return JSONResponse(self.answer)
        now = self.now()
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
        } | self.person
        self.tamper(claims)
        header = {"alg": self.algorithm, "kid": self.key.kid}
        if self.secret is not None:
            signed = hmac_signed(header, claims, self.secret)
        else:
            signed = jwt.encode(header, claims, self.key, algorithms=[self.algorithm])
        return JSONResponse({"access_token": "opaque", "token_type": "Bearer", "id_token": signed})

    def app(self) -> Starlette:
        """Its routes."""
        return Starlette(
            routes=[
                Route("/realm/.well-known/openid-configuration", self.discovery),
                Route("/realm/keys", self.keys),
                Route("/realm/authorize", self.authorize),
                Route("/realm/token", self.token, methods=["POST"]),
            ]
        )


def hmac_signed(header: Mapping[str, Any], claims: Mapping[str, Any], secret: bytes) -> str:
    """By hand: a library refuses to sign with what everybody knows."""

    def written(part: bytes) -> bytes:
        return base64.urlsafe_b64encode(part).rstrip(b"=")

    signed = b".".join(written(json.dumps(part).encode()) for part in (header, claims))
    return (signed + b"." + written(hmac.digest(secret, signed, "sha256"))).decode()


@contextmanager
def openid_provider(now: Callable[[], int]) -> Iterator[OpenId]:
    """A provider that runs, and whose clock is this one."""
    provider = OpenId(free_port(), now)
    with serving(uvicorn.Config(provider.app(), port=provider.port, log_config=None, lifespan="off")):
        yield provider
