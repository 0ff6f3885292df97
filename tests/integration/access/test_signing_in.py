"""Signing in and out over HTTP, against the whole monitor, on SQLite and on PostgreSQL."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import text

from services.monitor.access.people import LIFETIME
from shared.databases import open_engine
from shared.settings import Settings
from tests.integration.access.apps import HERE, PASSWORD, Monitor, running
from tests.integration.access.conftest import DrivenClock
from tests.servers.redis import LocalRedis

pytestmark = pytest.mark.anyio


@pytest.fixture
async def monitor(database_url: str, redis: LocalRedis, tmp_path: Path, clock: DrivenClock) -> AsyncIterator[Monitor]:
    settings = Settings(data=tmp_path, access_database_url=database_url, redis_url=redis.url)
    async with running(settings, clock) as made:
        made.add("jansen", "operations", areas=frozenset({"noord"}), organisation="Gemeente Voorbeeld")
        yield made


def events(monitor: Monitor) -> list[tuple[str, str, str]]:
    """What the access log says happened, by whom, with which outcome."""
    return [(line.event, line.user_name, line.outcome) for line in monitor.people.log.lines()]


async def test_with_a_name_and_a_password_one_is_signed_in_and_led_onward(monitor: Monitor) -> None:
    async with monitor.browser() as browser:
        assert not await browser.is_signed_in()
        answer = await browser.sign_in("jansen", to="/werklijst?area=noord")
        assert (answer.status_code, answer.headers["location"]) == (303, "/werklijst?area=noord")
        assert await browser.is_signed_in()
        assert "jansen" in (await browser.open("/aanmelden")).text
    assert events(monitor) == [("signed-in", "jansen", "granted")]


async def test_a_name_is_not_told_apart_by_case_or_spaces(monitor: Monitor) -> None:
    async with monitor.browser() as browser:
        assert (await browser.sign_in(" Jansen ")).status_code == 303


@pytest.mark.parametrize(("name", "password"), [("jansen", "staple staple"), ("pieters", PASSWORD), ("", "")])
async def test_who_gives_anything_else_stays_out_and_is_not_told_what_was_wrong(
    monitor: Monitor, name: str, password: str
) -> None:
    async with monitor.browser() as browser:
        answer = await browser.sign_in(name, password)
        assert answer.status_code == 400
        assert "Deze naam en dit wachtwoord horen niet bij elkaar." in answer.text
        assert password not in answer.text or not password
        assert not await browser.is_signed_in()


async def test_a_refusal_is_logged_and_what_was_typed_as_a_name_is_not(monitor: Monitor) -> None:
    async with monitor.browser() as browser:
        await browser.sign_in("jansen", "staple staple")
        await browser.sign_in("correct horse battery", "typed in the wrong field")
    assert events(monitor) == [("sign-in-refused", "jansen", "refused"), ("sign-in-refused", "unknown", "refused")]


async def test_signing_out_ends_the_session_for_whoever_kept_its_cookie(monitor: Monitor) -> None:
    async with monitor.browser() as browser, monitor.browser() as thief:
        await browser.sign_in("jansen")
        thief.client.cookies.update(browser.client.cookies)
        assert await thief.is_signed_in()
        await browser.open("/aanmelden")
        answer = await browser.send("/afmelden")
        assert (answer.status_code, answer.headers["location"]) == (303, "/aanmelden?out=1")
        assert not await browser.is_signed_in()
        assert not await thief.is_signed_in()
        assert "U bent afgemeld." in (await browser.open("/aanmelden?out=1")).text
    assert events(monitor) == [("signed-in", "jansen", "granted"), ("signed-out", "jansen", "granted")]


async def test_the_cookie_is_for_the_server_alone(monitor: Monitor) -> None:
    async with monitor.browser() as browser:
        answer = await browser.sign_in("jansen")
    [cookie] = [one for one in answer.headers.get_list("set-cookie") if one.startswith("doorstroom-session=")]
    assert {part.strip() for part in cookie.split(";")[1:]} == {"HttpOnly", "Path=/", "SameSite=lax"}


async def test_outside_loopback_cookies_are_secure_and_of_this_host_alone(
    database_url: str, redis: LocalRedis, tmp_path: Path, clock: DrivenClock
) -> None:
    there = "https://cockpit.example.nl"
    settings = Settings(data=tmp_path, access_database_url=database_url, redis_url=redis.url, monitor_url=there)
    async with running(settings, clock) as monitor, monitor.browser(base=there) as browser:
        monitor.add("jansen")
        answer = await browser.sign_in("jansen")
        assert await browser.is_signed_in()
    cookies = answer.headers.get_list("set-cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        assert cookie.startswith("__Host-doorstroom-")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= {part.strip() for part in cookie.split(";")[1:]}
        assert "domain" not in cookie.lower()


async def test_a_session_that_somebody_else_planted_is_not_taken(monitor: Monitor) -> None:
    """Session fixation: the id in the browser before signing in is worth nothing after it."""
    async with monitor.browser() as browser:
        browser.client.cookies.set("doorstroom-session", "planted", domain="127.0.0.1")
        answer = await browser.sign_in("jansen")
        assert answer.status_code == 303
        assert "doorstroom-session=planted" not in answer.headers["set-cookie"]
        browser.client.cookies.clear()
        browser.client.cookies.set("doorstroom-session", "planted", domain="127.0.0.1")
        assert not await browser.is_signed_in()


async def test_signing_in_again_gives_a_new_session_and_ends_the_old_one(monitor: Monitor) -> None:
    async with monitor.browser() as browser, monitor.browser() as before:
        await browser.open("/aanmelden")
        page = dict(browser.form)
        await browser.send("/aanmelden", name="jansen", password=PASSWORD)
        before.client.cookies.update(browser.client.cookies)
        first = browser.client.cookies["doorstroom-session"]
        browser.client.cookies.delete("doorstroom-session")
        await browser.open("/aanmelden")
        assert browser.form["csrf"] != page["csrf"]
        browser.client.cookies.set("doorstroom-session", first, domain="127.0.0.1")
        answer = await browser.send("/aanmelden", name="jansen", password=PASSWORD)
        assert answer.status_code == 303
        assert first not in answer.headers["set-cookie"]
        assert not await before.is_signed_in()


async def test_a_session_ends_when_it_is_not_used_and_when_the_day_is_over(monitor: Monitor) -> None:
    async with monitor.browser() as idle, monitor.browser() as busy:
        await idle.sign_in("jansen")
        await busy.sign_in("jansen")
        quarter = timedelta(minutes=15)
        for _ in range(2):
            monitor.clock.forward(quarter)
            assert await busy.is_signed_in()
        assert not await idle.is_signed_in()
        for _ in range(LIFETIME.whole // quarter - 3):
            monitor.clock.forward(quarter)
            assert await busy.is_signed_in()
        monitor.clock.forward(quarter)
        assert not await busy.is_signed_in()


async def test_an_account_that_is_removed_is_out_at_once(monitor: Monitor) -> None:
    async with monitor.browser() as browser:
        await browser.sign_in("jansen")
        monitor.people.accounts.remove("jansen")
        assert not await browser.is_signed_in()


@pytest.mark.parametrize(
    "to",
    ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "evil.example", "/a\r\nX: y", ""],
)
async def test_signing_in_never_leads_to_another_host(monitor: Monitor, to: str) -> None:
    async with monitor.browser() as browser:
        assert (await browser.sign_in("jansen", to=to)).headers["location"] == "/"
        await browser.send("/afmelden")
        assert "evil.example" not in (await browser.client.get("/aanmelden", params={"to": to})).text


async def test_after_five_wrong_passwords_one_waits_and_then_gets_in(monitor: Monitor) -> None:
    async with monitor.browser() as browser, monitor.browser(address="198.51.100.7") as owner:
        for _ in range(5):
            assert (await browser.sign_in("jansen", "staple staple")).status_code == 400
        answer = await browser.sign_in("jansen")
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
        assert "Probeer het over 60 seconden opnieuw" in answer.text
        assert not await browser.is_signed_in()
        assert (await owner.sign_in("jansen")).status_code == 303
        monitor.clock.forward(timedelta(minutes=1))
        assert (await browser.sign_in("jansen")).status_code == 303


async def test_the_page_is_in_dutch_with_an_english_switch(monitor: Monitor) -> None:
    async with monitor.browser() as browser:
        dutch = await browser.open("/aanmelden?to=/werklijst")
        assert '<html lang="nl">' in dutch.text
        assert 'href="/aanmelden?lang=en&amp;to=%2Fwerklijst%3Flang%3Den"' in dutch.text
        english = await browser.open("/aanmelden?to=/werklijst&lang=en")
        assert '<html lang="en">' in english.text
        assert "Sign in" in english.text
        wrong = await browser.send("/aanmelden", name="jansen", password="staple staple")
        assert "do not belong together" in wrong.text
        assert wrong.text.count('value="/werklijst?lang=en"') == 1


async def test_a_page_lets_nothing_of_another_host_in(monitor: Monitor) -> None:
    async with monitor.browser() as browser:
        answer = await browser.open("/aanmelden")
    policy = dict(part.strip().partition(" ")[::2] for part in answer.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    own = ("style-src", "img-src", "script-src", "connect-src", "form-action")
    assert {policy[directive] for directive in own} == {"'self'"}
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-frame-options"] == "DENY"
    assert "<style" not in answer.text
    assert "style=" not in answer.text
    assert "<script" not in answer.text


@pytest.mark.parametrize("change", [{"csrf": ""}, {"csrf": "0" * 64}, {"csrf": "é"}])
async def test_a_form_that_was_not_made_by_our_page_signs_nobody_in(monitor: Monitor, change: dict[str, str]) -> None:
    async with monitor.browser() as browser:
        answer = await browser.sign_in("jansen", **change)
        assert answer.status_code == 403
        assert "Deze pagina was verlopen" in answer.text
        assert (await browser.send("/aanmelden", name="jansen", password=PASSWORD)).status_code == 303


async def test_another_site_can_neither_sign_in_nor_sign_out(monitor: Monitor) -> None:
    async with monitor.browser() as browser:
        await browser.open("/aanmelden")
        foreign = {"Sec-Fetch-Site": "cross-site"}
        filled = browser.form | {"name": "jansen", "password": PASSWORD}
        assert (await browser.client.post("/aanmelden", data=filled, headers=foreign)).status_code == 403
        await browser.sign_in("jansen")
        await browser.open("/aanmelden")
        assert (await browser.client.post("/afmelden", data=browser.form, headers=foreign)).status_code == 403
        answer = await browser.client.post("/afmelden", data={})
        assert (answer.status_code, answer.json()["type"]) == (403, "/v1/problems/form-token")
        assert await browser.is_signed_in()


async def test_the_token_of_one_session_is_worth_nothing_in_another(monitor: Monitor) -> None:
    monitor.add("pieters")
    async with monitor.browser() as browser, monitor.browser() as other:
        await browser.sign_in("jansen")
        await other.sign_in("pieters")
        await other.open("/aanmelden")
        browser.form = other.form
        assert (await browser.send("/afmelden")).status_code == 403
        assert await browser.is_signed_in()


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        (b"x" * 70_000, "application/x-www-form-urlencoded", 413),
        (b"&".join(b"f%d=1" % n for n in range(200)), "application/x-www-form-urlencoded", 400),
        (b"name=%ff%fe", "application/x-www-form-urlencoded", 400),
        (b"name=jan%00sen&password=x", "application/x-www-form-urlencoded", 400),
        (b"\xff\xfe", "application/x-www-form-urlencoded", 400),
        (b"{}", "application/json", 415),
        (b"", "multipart/form-data; boundary=x", 415),
    ],
)
async def test_what_is_no_form_is_a_problem(monitor: Monitor, body: bytes, media_type: str, status: int) -> None:
    async with monitor.browser() as browser:
        answer = await browser.client.post("/aanmelden", content=body, headers={"Content-Type": media_type})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


async def test_who_cannot_be_logged_is_not_signed_in(monitor: Monitor) -> None:
    engine = open_engine(monitor.settings.database_url("access"))
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE access_log RENAME TO elsewhere"))
    engine.dispose()
    async with monitor.browser() as browser:
        answer = await browser.sign_in("jansen")
        assert (answer.status_code, answer.json()["type"]) == (503, "/v1/problems/not-logged")
        assert "set-cookie" not in answer.headers
        assert not await browser.is_signed_in()


async def test_what_a_person_typed_is_never_markup(monitor: Monitor) -> None:
    async with monitor.browser() as browser:
        answer = await browser.sign_in('"><img src=x onerror=alert(1)>', "x" * 20, to='/"><script>alert(1)</script>')
        assert "<img" not in answer.text
        assert "<script" not in answer.text


async def test_signing_out_takes_a_post(monitor: Monitor) -> None:
    async with monitor.browser() as browser:
        answer: httpx2.Response = await browser.client.get(f"{HERE}/afmelden")
        assert answer.status_code == 405
