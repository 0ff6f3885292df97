"""The work list on every screen: nothing on top of anything, and every field says what it is for."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests.page.conftest import HEADERS, Cockpit, visiting
from tests.page.country import NOW

pytestmark = pytest.mark.browser

CUT_OFF = """all => all
    .filter((one) => one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1)
    .map((one) => one.textContent.trim())"""
"""What is in a part and does not fit in it."""


@pytest.mark.parametrize("width", [320, 768, 1024, 1440])
def test_nothing_of_an_alert_lies_on_another_part_of_it(chromium: Browser, cockpit: Cockpit, width: int) -> None:
    """On a telephone each cell had the height of one line, and what was in it lay over the next."""
    with visiting(chromium, cockpit, viewport={"width": width, "height": 900}) as visitor:
        visitor.sign_in("operations", to="/werklijst")
        cells = visitor.page.locator(".worklist tbody td, .worklist tbody th")
        assert cells.count() > 5
        assert cells.evaluate_all(CUT_OFF) == []
        assert visitor.page.locator(".worklist input[type=date]").evaluate_all(CUT_OFF) == []


def test_the_fields_of_an_acknowledgement_say_what_they_are_for_and_which_days_there_are(
    chromium: Browser, cockpit: Cockpit
) -> None:
    with visiting(chromium, cockpit) as visitor:
        visitor.sign_in("operations", to="/werklijst")
        row = visitor.page.locator("[data-row]:has(form)").first
        for field, label in (("note", "Wat u doet (nooit een naam)"), ("until", "Van de lijst tot")):
            wanted = row.locator(f"label[for^={field}]")
            expect(wanted).to_be_visible()
            expect(wanted).to_contain_text(label)
            box = wanted.bounding_box()
            assert box is not None
            assert box["height"] > 10
        until = row.locator("input[name=until]")
        days = {name: until.get_attribute(name) for name in ("min", "max")}
        today: date = NOW.date()
        assert days == {"min": str(today + timedelta(days=1)), "max": str(today + timedelta(days=92))}


def test_who_answers_an_alert_stays_on_that_page_of_the_list(chromium: Browser, cockpit: Cockpit) -> None:
    with visiting(chromium, cockpit) as visitor:
        visitor.sign_in("operations", to="/werklijst")
        form = visitor.page.locator("[data-row] form").first
        sent = {"csrf": str(form.locator("input[name=csrf]").get_attribute("value")), "note": " ", "bladzijde": "2"}
        answer = visitor.page.request.post(
            cockpit.address + str(form.get_attribute("action")),
            form=sent,
            headers=HEADERS | {"Sec-Fetch-Site": "same-origin"},
        )
        assert "bladzijde=2" in answer.url


def test_an_address_at_which_nothing_is_gives_people_a_page_and_machines_the_problem(
    chromium: Browser, cockpit: Cockpit
) -> None:
    with visiting(chromium, cockpit) as visitor:
        for path in ("/nergens?lang=en", "/werklijst/?lang=en", "/v2/figures?lang=en"):
            assert visitor.open(path) == 404
            expect(visitor.page.get_by_role("heading", level=1)).to_have_text("That did not work")
            expect(visitor.page.get_by_role("link", name="To the overview")).to_be_visible()
        for accept in ("application/json", "*/*"):
            answer = visitor.page.request.get(cockpit.address + "/nergens", headers={"Accept": accept})
            assert answer.status == 404
            assert answer.json()["type"] == "/v1/problems/not-found"


def test_who_is_signed_in_and_may_see_no_case_is_not_asked_to_sign_in(chromium: Browser, cockpit: Cockpit) -> None:
    with visiting(chromium, cockpit) as visitor:
        visitor.open("/")
        cases = visitor.page.locator("[data-panel=key-cases]")
        expect(cases.get_by_role("link", name="Aanmelden")).to_be_visible()
        visitor.sign_in("board")
        expect(cases).to_contain_text("casussen mag inzien")
        expect(cases.get_by_role("link")).to_have_count(0)
