"""Signing in at a real OpenID provider on loopback: the way there and back, and every way to cheat on it."""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from shared.databases import sqlite_url
from shared.settings import Settings
from tests.integration.access.apps import Browser, Monitor, running
from tests.integration.access.conftest import DrivenClock
from tests.servers.openid import CLIENT, SECRET, OpenId, openid_provider, rsa_key
from tests.servers.redis import LocalRedis

pytestmark = pytest.mark.anyio

GRANTS = [
    {
        "claim": "groups",
        "value": "jeugdhulp-noord",
        "roles": ["operations"],
        "areas": ["noord"],
        "organisation": "Regio Noord",
    },
    {"claim": "realm_access.roles", "value": "analyst", "roles": ["analyst"], "areas": ["*"]},
]


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """SQLite: what is kept of a departure is asked of both databases in test_accounts.py."""
    return sqlite_url(tmp_path / "access.sqlite")


@pytest.fixture
def provider(clock: DrivenClock) -> Iterator[OpenId]:
    with openid_provider(lambda: int(clock().timestamp())) as started:
        started.person["groups"] = ["everybody", "jeugdhulp-noord"]
        yield started


def settings_for(provider: OpenId, folder: Path, database_url: str, redis: LocalRedis, **more: Any) -> Settings:
    (folder / "grants.json").write_text(json.dumps(GRANTS))
    given: dict[str, Any] = {
        "data": folder,
        "access_database_url": database_url,
        "redis_url": redis.url,
        "oidc_issuer": provider.issuer,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SECRET,
        "oidc_grants": folder / "grants.json",
    }
    return Settings(**given | more)


@pytest.fixture
async def monitor(
    provider: OpenId, database_url: str, redis: LocalRedis, tmp_path: Path, clock: DrivenClock
) -> AsyncIterator[Monitor]:
    async with running(settings_for(provider, tmp_path, database_url, redis), clock) as made:
        yield made


async def to_provider(browser: Browser, to: str = "/werklijst") -> str:
    """Leave for the provider and sign in there; the address it sends the browser back to."""
    left = await browser.open(f"/aanmelden/organisatie?to={to}")
    assert left.status_code == 303, left.text
    async with httpx2.AsyncClient(trust_env=False) as at_provider:
        return str((await at_provider.get(left.headers["location"])).headers["location"])


async def signs_in(browser: Browser) -> httpx2.Response:
    """The whole way there and back."""
    return await browser.open(await to_provider(browser))


async def test_the_way_there_and_back_signs_somebody_in_with_what_the_claims_give(
    monitor: Monitor, provider: OpenId
) -> None:
    async with monitor.browser() as browser:
        assert "Aanmelden via uw organisatie" in (await browser.open("/aanmelden")).text
        answer = await signs_in(browser)
        assert (answer.status_code, answer.headers["location"]) == (303, "/werklijst")
        assert "jansen (oidc:248289761001)" in (await browser.open("/aanmelden")).text
        session = browser.client.cookies["doorstroom-session"]
    person = monitor.people.sessions.find(session)
    assert person is not None
    assert (person.roles, person.areas, person.organisation) == (("operations",), {"noord"}, "Regio Noord")
    [line] = monitor.people.log.lines()
    assert (line.event, line.user_name, line.organisation) == (
        "signed-in",
        "jansen (oidc:248289761001)",
        "Regio Noord",
    )
    [asked] = provider.asked
    assert (asked["client_id"], asked["scope"]) == (CLIENT, "openid profile")
    assert asked["redirect_uri"] == "http://127.0.0.1:8003/aanmelden/terug"
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3
    assert min(len(asked["state"]), len(asked["nonce"])) >= 43


async def test_several_grants_are_taken_together(monitor: Monitor, provider: OpenId) -> None:
    provider.person["realm_access"] = {"roles": ["analyst"]}
    async with monitor.browser() as browser:
        await signs_in(browser)
        person = monitor.people.sessions.find(browser.client.cookies["doorstroom-session"])
    assert person is not None
    assert (person.roles, person.reader().national) == (("operations", "analyst"), True)


async def test_whom_nothing_is_granted_stays_out_and_is_told_so(monitor: Monitor, provider: OpenId) -> None:
    provider.person["groups"] = ["jeugdhulp-noord-2", "everybody"]
    async with monitor.browser() as browser:
        answer = await signs_in(browser)
        assert (answer.status_code, "gaf u geen rol" in answer.text) == (403, True)
        assert not await browser.is_signed_in()
    [line] = monitor.people.log.lines()
    assert (line.event, line.outcome) == ("sign-in-refused", "refused")


async def refused(monitor: Monitor, browser: Browser, answer: httpx2.Response, *, status: int = 400) -> None:
    """The answer lets nobody in, and says no more than that."""
    assert (answer.status_code, "is niet gelukt" in answer.text) == (status, True)
    assert not await browser.is_signed_in()
    assert list(monitor.people.log.lines()) == []


@pytest.mark.parametrize("change", ["state=another", "state=", "code="])
async def test_another_state_or_no_code_is_refused(monitor: Monitor, change: str) -> None:
    async with monitor.browser() as browser:
        back = httpx2.URL(await to_provider(browser))
        name, _, value = change.partition("=")
        await refused(monitor, browser, await browser.open(str(back.copy_set_param(name, value))))


async def test_an_answer_that_another_browser_left_for_is_refused(monitor: Monitor) -> None:
    """Somebody sends their own answer to somebody else, to have them work under a strange name."""
    async with monitor.browser() as attacker, monitor.browser() as victim:
        back = await to_provider(attacker)
        await refused(monitor, victim, await victim.client.get(back))
        await victim.open("/aanmelden/organisatie")
        await refused(monitor, victim, await victim.client.get(back))


async def test_an_answer_counts_once(monitor: Monitor) -> None:
    async with monitor.browser() as browser:
        back = await to_provider(browser)
        assert (await browser.open(back)).status_code == 303
        assert (await browser.open(back)).status_code == 400


async def test_an_answer_that_took_too_long_is_refused(monitor: Monitor) -> None:
    async with monitor.browser() as browser:
        back = await to_provider(browser)
        monitor.clock.forward(timedelta(minutes=11))
        await refused(monitor, browser, await browser.open(back))


async def test_an_answer_of_another_provider_is_refused(monitor: Monitor) -> None:
    """Mix-up: RFC 9207."""
    async with monitor.browser() as browser:
        back = httpx2.URL(await to_provider(browser)).copy_set_param("iss", "https://evil.example")
        await refused(monitor, browser, await browser.open(str(back)))


async def test_a_refusal_of_the_provider_is_told(monitor: Monitor) -> None:
    async with monitor.browser() as browser:
        state = httpx2.URL(await to_provider(browser)).params["state"]
        answer = await browser.open(f"/aanmelden/terug?error=access_denied&state={state}")
        await refused(monitor, browser, answer)


TAMPERED: dict[str, Callable[[dict[str, Any]], Any]] = {
    "another nonce": lambda claims: claims.update(nonce="another"),
    "no nonce": lambda claims: claims.pop("nonce"),
    "another audience": lambda claims: claims.update(aud="another-client"),
    "no audience": lambda claims: claims.pop("aud"),
    "two audiences and nobody authorised": lambda claims: claims.update(aud=[CLIENT, "another-client"]),
    "authorised for another": lambda claims: claims.update(azp="another-client"),
    "another issuer": lambda claims: claims.update(iss="https://evil.example"),
    "no issuer": lambda claims: claims.pop("iss"),
    "expired": lambda claims: claims.update(exp=claims["iat"] - 61),
    "never expires": lambda claims: claims.pop("exp"),
    "from the future": lambda claims: claims.update(iat=claims["iat"] + 3600, nbf=claims["iat"] + 3600),
    "nobody": lambda claims: claims.pop("sub"),
    "a hash of another token": lambda claims: claims.update(at_hash="bm90IHRoaXMgb25l"),
}


@pytest.mark.parametrize("how", TAMPERED)
async def test_a_token_that_is_not_for_this_sign_in_is_refused(monitor: Monitor, provider: OpenId, how: str) -> None:
    provider.tamper = TAMPERED[how]
    async with monitor.browser() as browser:
        await refused(monitor, browser, await signs_in(browser))


async def test_a_token_signed_by_somebody_else_is_refused(monitor: Monitor, provider: OpenId) -> None:
    provider.key = rsa_key("first")
    async with monitor.browser() as browser:
        await refused(monitor, browser, await signs_in(browser))


async def test_a_token_signed_with_a_key_nobody_published_is_refused(monitor: Monitor, provider: OpenId) -> None:
    provider.key = rsa_key("unheard of")
    async with monitor.browser() as browser:
        await refused(monitor, browser, await signs_in(browser))


async def test_a_token_signed_with_what_everybody_knows_is_refused(monitor: Monitor, provider: OpenId) -> None:
    """The public key, or our own secret, as the key of an HMAC."""
    public = provider.published[0].as_pem(private=False)
    provider.algorithm = "HS256"
    async with monitor.browser() as browser:
        for known in (public, public.strip(), SECRET.encode()):
            provider.secret = known
            await refused(monitor, browser, await signs_in(browser))


@pytest.mark.parametrize(
    "answer",
    [
        {"access_token": "opaque", "token_type": "Bearer"},
        {"access_token": "opaque", "token_type": "Bearer", "id_token": 1},
        {"access_token": "opaque", "token_type": "Bearer", "id_token": "no token"},
        {"access_token": "opaque", "token_type": "Bearer", "id_token": "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."},
        {"error": "invalid_grant"},
    ],
    ids=["no id_token", "a number", "no token", "unsigned", "an error"],
)
async def test_an_answer_without_a_signed_token_is_refused(
    monitor: Monitor, provider: OpenId, answer: dict[str, Any]
) -> None:
    provider.answer = answer
    async with monitor.browser() as browser:
        await refused(monitor, browser, await signs_in(browser))


async def test_keys_that_were_rotated_are_read_again(monitor: Monitor, provider: OpenId) -> None:
    async with monitor.browser() as browser:
        assert (await signs_in(browser)).status_code == 303
        provider.key = rsa_key("second")
        provider.published[:] = [provider.key]
        assert (await signs_in(browser)).status_code == 303


async def test_the_skew_of_a_clock_is_forgiven(monitor: Monitor, provider: OpenId) -> None:
    provider.tamper = lambda claims: claims.update(iat=claims["iat"] + 30, exp=claims["iat"] - 30)
    async with monitor.browser() as browser:
        assert (await signs_in(browser)).status_code == 303


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://evil.example/token"},
        {"jwks_uri": "ftp://127.0.0.1/keys"},
        {"authorization_endpoint": None},
    ],
    ids=["another issuer", "in the clear", "another scheme", "nothing"],
)
async def test_a_provider_that_says_strange_things_of_itself_is_not_used(
    monitor: Monitor, provider: OpenId, metadata: dict[str, Any]
) -> None:
    provider.metadata = metadata
    async with monitor.browser() as browser:
        await refused(monitor, browser, await browser.open("/aanmelden/organisatie"), status=503)


async def test_a_provider_that_does_not_answer_leaves_accounts_usable(
    provider: OpenId, database_url: str, redis: LocalRedis, tmp_path: Path, clock: DrivenClock
) -> None:
    settings = settings_for(provider, tmp_path, database_url, redis, oidc_issuer="http://127.0.0.1:1/realm")
    async with running(settings, clock) as monitor, monitor.browser() as browser:
        await refused(monitor, browser, await browser.open("/aanmelden/organisatie"), status=503)
        monitor.add("jansen")
        assert (await browser.sign_in("jansen")).status_code == 303


async def test_leaving_never_leads_to_another_host_when_back(monitor: Monitor) -> None:
    async with monitor.browser() as browser:
        back = await to_provider(browser, to="//evil.example")
        assert (await browser.open(back)).headers["location"] == "/"


async def test_one_address_cannot_leave_without_end(monitor: Monitor) -> None:
    async with monitor.browser() as browser:
        statuses = [(await browser.open("/aanmelden/organisatie")).status_code for _ in range(31)]
    assert statuses == [303] * 30 + [429]
