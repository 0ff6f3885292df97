"""What a signed token must say to count, without any network: keys of the test, claims of the test."""

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from shared.publishers.registry import SCOPES, Client, Publisher
from shared.publishers.signed import LEEWAY_SECONDS, LENGTH_MAX, Holder, TokenRefused, claimed, holder, narrowed

NOW = 1_772_445_600
ISSUER, AUDIENCE = "https://login.example.org", "https://doorstroom.example.org"
RSA = RSAKey.generate_key(2048, {"kid": "rsa"})
EC = ECKey.generate_key("P-256", {"kid": "ec"})
CLAIMS = {"iss": ISSUER, "aud": AUDIENCE, "sub": "ecd-client", "iat": NOW, "exp": NOW + 300}


def signed(header: dict[str, Any] | None = None, **changes: Any) -> str:
    """A token with these changes; None takes a member away."""
    described = {"alg": "RS256", "kid": "rsa", "typ": "at+jwt", **(header or {})}
    claims = CLAIMS | changes
    described, claims = ({name: one for name, one in part.items() if one is not None} for part in (described, claims))
    key = EC if described["alg"].startswith("ES") else RSA
    return jwt.encode(described, claims, key, algorithms=[described["alg"]])


def written(part: bytes) -> str:
    """As in a token."""
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def proven(token: str) -> Holder:
    said = claimed(token)
    return holder(token, EC if said.key == "ec" else RSA, said=said, audience=AUDIENCE, now=NOW)


def publisher(*scopes: str) -> Publisher:
    return Publisher("ecd", frozenset({"urn:a:b"}), frozenset({"*"}), frozenset({"*"}), frozenset(scopes))


@pytest.mark.parametrize(
    "header", [{}, {"alg": "PS256"}, {"alg": "ES256", "kid": "ec"}], ids=["RS256", "PS256", "ES256"]
)
def test_a_token_leads_to_the_client_it_is_about(header: dict[str, Any]) -> None:
    assert proven(signed(header)) == Holder(Client(ISSUER, "ecd-client"), None)


@pytest.mark.parametrize("kind", [None, "JWT", "application/at+jwt", "AT+JWT"])
def test_an_access_token_goes_by_several_types(kind: str | None) -> None:
    assert proven(signed({"typ": kind})).client.name == "ecd-client"


def test_one_of_several_audiences_may_be_ours() -> None:
    assert proven(signed(aud=["https://other.example.org", AUDIENCE])).client.name == "ecd-client"


def test_without_a_subject_the_client_counts_and_with_one_it_does_not() -> None:
    assert proven(signed(sub=None, client_id="by-id")).client.name == "by-id"
    assert proven(signed(sub="somebody", client_id="by-id")).client.name == "somebody"


def test_clocks_may_differ_a_little() -> None:
    for claims in ({"exp": NOW - LEEWAY_SECONDS + 1}, {"nbf": NOW + LEEWAY_SECONDS}, {"iat": NOW + LEEWAY_SECONDS}):
        assert proven(signed(**claims)).client.name == "ecd-client"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"aud": None}, "aud"),
        ({"aud": "https://other.example.org"}, "aud"),
        ({"aud": [AUDIENCE + "/"]}, "aud"),
        ({"aud": {AUDIENCE: 1}}, "aud"),
        ({"exp": None}, "exp"),
        ({"exp": NOW - LEEWAY_SECONDS - 1}, "exp|expired"),
        ({"exp": "tomorrow"}, "exp"),
        ({"exp": True}, "exp"),
        ({"exp": float("nan")}, "exp"),
        ({"nbf": NOW + LEEWAY_SECONDS + 1}, "nbf"),
        ({"iat": NOW + LEEWAY_SECONDS + 1}, "iat"),
        ({"sub": ""}, "sub"),
        ({"sub": 7}, "sub"),
        ({"sub": "x" * 201}, "sub"),
        ({"sub": None}, "sub"),
        ({"sub": "ecd\x00client"}, "sub"),
        ({"scope": ["facts:write"]}, "scope"),
        ({"iss": None}, "iss"),
        ({"iss": 7}, "iss"),
    ],
)
def test_a_claim_that_does_not_hold_is_named(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(TokenRefused, match=reason):
        proven(signed(**changes))


@pytest.mark.parametrize(
    "header",
    [{"alg": "RS384"}, {"alg": "none"}, {"alg": "HS256"}, {"kid": None}, {"typ": "logout+jwt"}, {"alg": ["RS256"]}],
)
def test_a_header_that_is_not_for_us_is_refused_before_any_key_is_looked_for(header: dict[str, Any]) -> None:
    described = {"alg": "RS256", "kid": "rsa", **header}
    with pytest.raises(TokenRefused):
        claimed(".".join([written(json.dumps(described).encode()), *signed().split(".")[1:]]))


def test_what_a_header_calls_critical_is_refused_when_it_is_not_understood() -> None:
    described = {"alg": "RS256", "kid": "rsa", "crit": ["exp"], "exp": NOW}
    unsigned = f"{written(json.dumps(described).encode())}.{written(json.dumps(CLAIMS).encode())}"
    signature = RSA.get_op_key("sign").sign(unsigned.encode(), padding.PKCS1v15(), hashes.SHA256())
    with pytest.raises(TokenRefused):
        proven(f"{unsigned}.{written(signature)}")


def test_a_signature_of_another_key_or_over_something_else_is_refused() -> None:
    other = RSAKey.generate_key(2048, {"kid": "rsa"})
    stolen = jwt.encode({"alg": "RS256", "kid": "rsa"}, CLAIMS, other)
    head, _, tail = signed().split(".")
    mixed = ".".join([head, signed(sub="admin").split(".")[1], tail])
    for token in (stolen, mixed, signed()[:-4]):
        with pytest.raises(TokenRefused):
            proven(token)


@given(st.text(max_size=300).map(lambda text: f"{text}.{text}.x") | st.binary(max_size=200).map(lambda raw: raw.hex()))
def test_whatever_is_sent_is_refused_and_breaks_nothing(text: str) -> None:
    with pytest.raises(TokenRefused):
        claimed(text)


def test_what_is_deep_or_long_is_refused() -> None:
    deep = written(b"[" * 5000)
    for token in (f"{deep}.e30.x", f"{signed().split('.')[0]}.{deep}.x", "x." * 2 + "y" * LENGTH_MAX):
        with pytest.raises(TokenRefused):
            claimed(token)


def test_scopes_of_a_token_only_narrow() -> None:
    assert proven(signed(scope="facts:write profile")).scopes == {"facts:write", "profile"}
    both = publisher("facts:write", "facts:read")
    assert narrowed(both, None) == both
    assert narrowed(both, frozenset({"facts:write", "profile"})) == publisher("facts:write")
    assert narrowed(both, frozenset({"admin", "cases:read"})) == publisher()
    assert narrowed(both, frozenset()) == publisher()
    assert narrowed(publisher("admin"), frozenset({"facts:read", "profile"})) == publisher("facts:read")
    assert narrowed(publisher("admin"), frozenset(SCOPES)).may("admin")
