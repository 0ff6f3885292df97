"""Publishers with tokens that an issuer signed: a real issuer on loopback, the whole service over a socket."""

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.responses import JSONResponse, RedirectResponse, Response

from shared.databases import open_engine
from shared.publishers.everywhere import link_in_all, unlink_in_all
from shared.publishers.issuers import AGAIN, BELIEVED, FRESH
from shared.publishers.registry import Client, Registry
from tests.integration.access.conftest import DrivenClock
from tests.integration.door.doors import NOW, OTHER_SOURCE, Door, clock, event, opened, publisher, settings_in
from tests.servers.issuer import AUDIENCE, SUBJECT, Issuer, ec_key, issuing
from tests.servers.openid import hmac_signed, rsa_key
from tests.servers.waiting import wait_until

AT = int(NOW.timestamp())
LONG = "x" * 9_000


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with issuing() as running:
        yield running


@pytest.fixture
def driven() -> DrivenClock:
    return DrivenClock(NOW)


@pytest.fixture
def guarded(tmp_path: Path, issuer: Issuer, driven: DrivenClock) -> Iterator[Door]:
    """A placement service that trusts the issuer, whose client is the publisher `ecd`."""
    settings = settings_in(tmp_path, token_issuers={issuer.name: issuer.keys_address}, token_audience=AUDIENCE)
    with opened(settings, driven) as running:
        running.register(publisher())
        link(running, issuer)
        yield running


def link(door: Door, issuer: Issuer, name: str = "ecd", subject: str = SUBJECT) -> None:
    """Let a client of the issuer be this publisher."""
    engine = open_engine(door.settings.database_url("placement"))
    link_in_all([Registry(engine, clock)], name, Client(issuer.name, subject))
    engine.dispose()


def send(door: Door, token: str, event_id: str = "a-1", **changes: Any) -> httpx2.Response:
    """Publish an event with this token."""
    return door.send(event(event_id, **changes), Authorization=f"Bearer {token}")


def test_a_client_of_the_issuer_publishes(guarded: Door, issuer: Issuer) -> None:
    assert send(guarded, issuer.token(AT)).status_code == 202
    assert send(guarded, guarded.tokens["ecd"], "a-2").status_code == 202, "a token of ours does as well"
    assert guarded.stored() == ["a-1", "a-2"]
    assert issuer.asked == 1


@pytest.mark.parametrize("algorithm", ["PS256", "ES256"])
def test_other_signatures_count_as_well(guarded: Door, issuer: Issuer, algorithm: str) -> None:
    issuer.key = ec_key("another") if algorithm == "ES256" else RSAKey.generate_key(2048, {"kid": "another"})
    issuer.published = [issuer.key]

    assert send(guarded, issuer.token(AT, header={"alg": algorithm})).status_code == 202


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "https://other.example.org"},
        {"aud": None},
        {"iss": "https://login.example.org"},
        {"sub": "somebody-else"},
        {"sub": None},
        {"exp": AT - 60},
        {"exp": None},
        {"nbf": AT + 60},
        {"iat": AT + 60},
        {"jti": LONG},
        {"header": {"typ": "logout+jwt"}},
        {"header": {"kid": "unknown"}},
    ],
    ids=lambda changes: str(changes)[:40],
)
def test_a_token_that_does_not_hold_lets_nobody_in(guarded: Door, issuer: Issuer, changes: dict[str, Any]) -> None:
    answer = send(guarded, issuer.token(AT, **changes))

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert guarded.stored() == []


def test_a_made_up_signature_lets_nobody_in(guarded: Door, issuer: Issuer) -> None:
    public = issuer.key.as_pem(private=False)
    described = {"kid": issuer.key.kid, "typ": "at+jwt"}
    claims = issuer.claims(AT)
    none = ".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
        for part in ({"alg": "none", **described}, claims)
    )
    whole = issuer.token(AT)
    thief = jwt.encode({"alg": "RS256", **described}, claims, rsa_key("first"))
    for forged in (
        f"{none}.",
        hmac_signed({"alg": "HS256", **described}, claims, public),
        jwt.encode({"alg": "RS512", **described}, claims, _any_use(issuer), algorithms=["RS512"]),
        thief,
        whole[: whole.rindex(".") + 1],
        ".".join([*whole.split(".")[:2], thief.split(".")[2]]),
    ):
        assert send(guarded, forged).status_code == 401
    assert guarded.stored() == []
    assert issuer.asked <= 1


def _any_use(issuer: Issuer) -> Any:
    """Its key, without the algorithm that it is meant for."""
    return type(issuer.key).import_key(issuer.key.as_pem(private=True))


def test_a_key_that_is_rotated_in_is_read_and_one_that_is_taken_back_is_forgotten(
    guarded: Door, issuer: Issuer, driven: DrivenClock
) -> None:
    old = issuer.token(AT)
    assert send(guarded, old).status_code == 202

    issuer.key = rsa_key("second")
    issuer.published.append(issuer.key)
    driven.forward(AGAIN)
    assert send(guarded, issuer.token(AT), "a-2").status_code == 202

    issuer.published = [issuer.key]
    driven.forward(FRESH)
    wait_until(lambda: send(guarded, old, "a-3").status_code == 401, what="the old key is forgotten")
    assert send(guarded, issuer.token(AT), "a-4").status_code == 202


def test_made_up_keys_make_no_flood_of_questions(guarded: Door, issuer: Issuer, driven: DrivenClock) -> None:
    for number in range(20):
        assert send(guarded, issuer.token(AT, header={"kid": f"made-up-{number}"})).status_code == 401
    assert issuer.asked == 1
    driven.forward(AGAIN)
    assert send(guarded, issuer.token(AT, header={"kid": "made-up"})).status_code == 401
    assert issuer.asked == 2


@pytest.mark.parametrize(
    "answer",
    [
        Response(status_code=500),
        Response(b"<html>"),
        JSONResponse([]),
        RedirectResponse("https://example.org/keys"),
        Response(b'{"keys": [' + b" " * 300_000 + b"]}"),
        Response(b"[" * 100_000),
    ],
    ids=["500", "no JSON", "no key set", "redirect", "too long", "too deep"],
)
def test_an_issuer_whose_keys_cannot_be_read_is_no_reason_to_refuse_or_to_let_in(
    guarded: Door, issuer: Issuer, driven: DrivenClock, answer: Response
) -> None:
    issuer.answer = answer
    token = issuer.token(AT)
    for _ in range(3):
        found = send(guarded, token)
        assert found.status_code == 503
        assert int(found.headers["retry-after"]) > 0
        assert found.json()["type"] == "/v1/problems/unavailable"
    assert issuer.asked == 1
    assert send(guarded, issuer.token(AT, iss="https://login.example.org")).status_code == 401
    assert send(guarded, guarded.tokens["ecd"]).status_code == 202, "tokens of ours need no issuer"

    issuer.answer = None
    driven.forward(AGAIN)
    assert send(guarded, token, "a-2").status_code == 202


def test_keys_count_a_while_longer_when_their_issuer_is_away_and_not_for_ever(
    guarded: Door, issuer: Issuer, driven: DrivenClock
) -> None:
    token = issuer.token(AT, exp=AT + 86_400)
    assert send(guarded, token).status_code == 202

    issuer.answer = Response(status_code=503)
    driven.forward(FRESH * 2)
    assert send(guarded, issuer.token(AT, exp=AT + 86_401), "a-2").status_code == 202
    assert send(guarded, issuer.token(AT, header={"kid": "new"})).status_code == 503, "it may be a new key"

    driven.forward(BELIEVED)
    wait_until(lambda: send(guarded, token, "a-3").status_code == 503, what="the keys are too old")


def test_a_token_that_runs_out_counts_no_longer(guarded: Door, issuer: Issuer, driven: DrivenClock) -> None:
    token = issuer.token(AT, exp=AT + 60)
    assert send(guarded, token).status_code == 202

    driven.forward(timedelta(seconds=91))

    wait_until(lambda: send(guarded, token).status_code == 401, what="it has run out")


def test_a_client_is_bound_as_its_publisher_is_and_its_token_only_narrows(guarded: Door, issuer: Issuer) -> None:
    assert send(guarded, issuer.token(AT), source=OTHER_SOURCE).status_code == 403
    assert send(guarded, issuer.token(AT, scope="facts:read profile")).status_code == 403
    assert send(guarded, issuer.token(AT, scope="facts:write admin")).status_code == 202


def test_a_client_that_is_unlinked_is_nobody(guarded: Door, issuer: Issuer) -> None:
    token = issuer.token(AT)
    assert send(guarded, token).status_code == 202
    engine = open_engine(guarded.settings.database_url("placement"))
    unlink_in_all([Registry(engine, clock)], Client(issuer.name, SUBJECT))
    engine.dispose()

    wait_until(lambda: send(guarded, token).status_code == 401, what="it is forgotten")
    assert "its client (sub) is no publisher here" in send(guarded, token).json()["detail"]


def test_without_issuers_no_signed_token_counts(door: Door, issuer: Issuer) -> None:
    link(door, issuer)

    assert send(door, issuer.token(AT)).status_code == 401
    assert issuer.asked == 0
