"""What people do here: sign in, filter, answer an alert, look at a case, and see a fact arrive."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.page.conftest import Cockpit, visiting
from tests.page.country import fact

pytestmark = pytest.mark.browser

LIVE_MS = 45_000


def test_a_reader_who_is_not_signed_in_is_led_to_the_work_list_by_way_of_signing_in(
    chromium: Browser, cockpit: Cockpit
) -> None:
    with visiting(chromium, cockpit) as visitor:
        visitor.open("/werklijst")
        assert urlsplit(visitor.page.url).path == "/aanmelden"
        visitor.page.fill("#name", "olga")
        visitor.page.fill("#password", "correct horse battery")
        visitor.page.click("main button[type=submit]")
        assert urlsplit(visitor.page.url).path == "/werklijst"
        visitor.page.get_by_role("button", name="Afmelden").click()
        visitor.open("/")
        assert visitor.page.get_by_role("link", name="Werklijst").count() == 0


def test_a_choice_gives_an_address_of_its_own_that_shows_the_same_again(chromium: Browser, cockpit: Cockpit) -> None:
    with visiting(chromium, cockpit) as visitor:
        visitor.open("/")
        visitor.page.select_option("#gebied", "zuid")
        visitor.page.fill("#op", "2013-12-01")
        visitor.page.get_by_role("button", name="Toon").click()
        address = visitor.page.url
        first = visitor.page.locator(".sentence").first.inner_text()
    assert parse_qs(urlsplit(address).query)["gebied"] == ["zuid"]
    assert "1 december 2013" in first
    with visiting(chromium, cockpit) as other:
        other.page.goto(address)
        assert other.page.locator(".sentence").first.inner_text() == first
        assert other.page.locator("#gebied").input_value() == "zuid"


def test_a_choice_that_does_not_exist_is_said_and_left_out(chromium: Browser, cockpit: Cockpit) -> None:
    with visiting(chromium, cockpit) as visitor:
        assert visitor.open("/?gebied=atlantis") == 400
        expect(visitor.page.get_by_role("status").first).to_contain_text("gebied")
        assert visitor.page.locator("svg.chart--wide").count() > 5


def test_those_outside_are_told_what_a_period_is_for(chromium: Browser, cockpit: Cockpit) -> None:
    with visiting(chromium, cockpit) as visitor:
        visitor.open("/")
        expect(visitor.page.locator("#periode-help")).to_contain_text("altijd van twaalf maanden")
        visitor.sign_in("operations")
        visitor.open("/")
        expect(visitor.page.locator("#periode-help")).to_have_count(0)


def test_those_outside_see_how_often_they_are_moved_of_a_year_that_is_named_and_drawn_once(
    chromium: Browser, cockpit: Cockpit
) -> None:
    with visiting(chromium, cockpit) as visitor:
        visitor.open("/?op=2014-07-01")
        moves = visitor.page.locator("[data-panel=moves]")
        expect(moves).to_contain_text("in kalenderjaar 2013")
        years = moves.locator("table").first.locator("tbody th").all_text_contents()
        assert years[-1] == "2013"
        assert len(set(years)) == len(years)
        visitor.sign_in("operations")
        visitor.open("/?op=2014-07-01")
        expect(moves).not_to_contain_text("in kalenderjaar")
        assert moves.locator("table").first.locator("tbody th").all_text_contents()[-1] == "laatste 12 mnd"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_an_alert_is_acknowledged_and_leaves_the_open_list(
    chromium: Browser, cockpit: Cockpit, *, scripts: bool
) -> None:
    with visiting(chromium, cockpit, java_script_enabled=scripts) as visitor:
        visitor.sign_in("operations", to="/werklijst")
        visitor.open("/werklijst?niveau=red")
        row = visitor.page.locator("[data-row]").first
        case = row.locator("a.mono").inner_text()
        action = row.locator("form").get_attribute("action")
        row.locator("input[name=note]").fill("Overleg met gemeente en aanbieder gepland")
        row.get_by_role("button").click()
        expect(visitor.page.get_by_role("status").first).to_contain_text("Kennisname is vastgelegd")
        assert visitor.page.locator(f"form[action='{action}']").count() == 0
        visitor.open("/werklijst?stand=acknowledged")
        expect(visitor.page.locator("[data-row]", has_text=case).first).to_contain_text("Overleg met gemeente")


def test_a_note_that_says_too_little_is_refused_and_nothing_changes(chromium: Browser, cockpit: Cockpit) -> None:
    with visiting(chromium, cockpit, java_script_enabled=False) as visitor:
        visitor.sign_in("operations", to="/werklijst")
        form = visitor.page.locator("[data-row] form").first
        action = form.get_attribute("action")
        token = form.locator("input[name=csrf]").get_attribute("value")
        answer = visitor.page.request.post(
            cockpit.address + str(action),
            form={"csrf": str(token), "note": " ", "until": "2015-02-20", "version": "1"},
            headers={"Accept": "text/html", "Sec-Fetch-Site": "same-origin"},
        )
        assert "Schrijf in 3 tot" in answer.text()
        forged = visitor.page.request.post(
            cockpit.address + str(action),
            form={"note": "zonder formulier", "until": "2015-02-20", "version": "1"},
            headers={"Accept": "text/html"},
        )
        assert forged.status == 403


def test_the_work_list_is_walked_by_keyboard(chromium: Browser, cockpit: Cockpit) -> None:
    with visiting(chromium, cockpit) as visitor:
        visitor.sign_in("operations", to="/werklijst")
        page = visitor.page
        rows = page.locator("[data-row]")
        page.keyboard.press("j")
        page.keyboard.press("j")
        expect(rows.nth(1)).to_have_class(re.compile("is-current"))
        page.keyboard.press("k")
        expect(rows.nth(0)).to_have_class(re.compile("is-current"))
        page.keyboard.press("a")
        expect(rows.nth(0).locator("input[name=note]")).to_be_focused()
        page.keyboard.press("Escape")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_url("**/casus/**")


def test_a_case_shows_its_line_and_every_fact_and_nothing_about_the_person(chromium: Browser, cockpit: Cockpit) -> None:
    with visiting(chromium, cockpit) as visitor:
        visitor.sign_in("operations", to="/werklijst")
        visitor.page.locator("[data-row] a.mono").first.click()
        page = visitor.page
        expect(page.locator("svg.chart--wide")).to_be_visible()
        facts = page.locator("section[aria-labelledby=facts] tbody tr")
        assert facts.count() >= 2
        text = page.locator("main").inner_text()
        assert not re.search(r"birth|geboorte|\bsex\b|geslacht", text, re.IGNORECASE)
        person = urlsplit(page.url).path.rpartition("/")[2]
        early = page.goto(f"{cockpit.address}/casus/{person}?bekend=2013-01-02")
        assert early is not None
        assert early.status == 200


def test_a_board_member_sees_no_case(chromium: Browser, cockpit: Cockpit) -> None:
    with visiting(chromium, cockpit) as visitor:
        visitor.sign_in("board")
        assert visitor.open("/werklijst") == 403
        assert visitor.open("/casus/aaaaaaaaaaaaaaaaaaaa") == 403
        expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Dat ging niet")


def test_a_fact_that_comes_in_is_seen_without_a_reload_unless_updating_is_paused(
    chromium: Browser, cockpit: Cockpit
) -> None:
    with visiting(chromium, cockpit) as visitor:
        visitor.sign_in("operations")
        page = visitor.page
        big = page.locator("[data-panel=key-inside] .big")
        before = int(big.inner_text().replace(".", ""))
        expect(page.locator("[data-live]")).to_have_attribute("data-live-state", "open", timeout=LIVE_MS)
        cockpit.tell(_start("page-person-0000001", "PAGE-1"))
        expect(big).to_have_text(f"{before + 1:,}".replace(",", "."), timeout=LIVE_MS)
        refreshed = page.locator("html").get_attribute("data-refreshed")
        assert refreshed is not None

        page.get_by_role("button", name="Pauzeer bijwerken").click()
        expect(page.locator("[data-live-told]")).to_have_text("Bijwerken staat stil.")
        cockpit.tell(_start("page-person-0000002", "PAGE-2"))
        assert big.inner_text() == f"{before + 1:,}".replace(",", ".")
        page.get_by_role("button", name="Hervat bijwerken").click()
        expect(big).to_have_text(f"{before + 2:,}".replace(",", "."), timeout=LIVE_MS)


def _start(person: str, placement: str) -> dict[str, object]:
    return fact(
        "placement-started",
        person,
        placement=placement,
        accommodation="schakenbosch",
        started_on="2015-02-09",
        regime="jw6",
        closure="gesloten",
        route="crisis",
        region="JZ24",
    )
