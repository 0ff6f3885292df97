"""A page that updates itself: all of it or nothing, nothing that somebody is writing, and it says when it cannot."""

import re

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.page.conftest import Cockpit, Visitor, visiting
from tests.page.country import fact
from tests.servers.waiting import wait_until

pytestmark = pytest.mark.browser

LIVE_MS = 45_000
ON, LOST = "Deze pagina werkt zichzelf bij.", "Bijwerken lukt nu niet: u ziet wat het laatst binnenkwam."


def news(cockpit: Cockpit, number: int) -> None:
    """Something that changes what every reader of exact figures sees."""
    start = {"accommodation": "schakenbosch", "started_on": "2015-02-09", "regime": "jw6", "closure": "gesloten"}
    person, placement = f"live-person-{number:07}", f"LIVE-{number}"
    cockpit.tell(fact("placement-started", person, placement=placement, route="crisis", region="JZ24", **start))


def listening(page: Page) -> None:
    """Wait until the page hears of what is new."""
    expect(page.locator("[data-live]")).to_have_attribute("data-live-state", "open", timeout=LIVE_MS)


def refreshed(page: Page, *, times: int = 1) -> None:
    """Wait until it has looked so many times."""
    looked = re.compile(f"^([{times}-9]|[1-9][0-9]+)$")
    expect(page.locator("html")).to_have_attribute("data-refreshed", looked, timeout=LIVE_MS)


def acknowledged(browser: Browser, cockpit: Cockpit) -> str:
    """A colleague says something about the last alert of the list; its id."""
    with visiting(browser, cockpit) as colleague:
        colleague.sign_in("operations", to="/werklijst")
        row = colleague.page.locator("[data-row]:has(form)").last
        identity = row.get_attribute("data-row")
        row.locator("input[name=note]").fill("Overleg gepland")
        row.get_by_role("button").click()
        expect(colleague.page.get_by_role("status").first).to_contain_text("vastgelegd")
    return str(identity)


def at_work(visitor: Visitor) -> Page:
    """The work list of somebody who hears of what is new."""
    visitor.sign_in("operations", to="/werklijst")
    listening(visitor.page)
    return visitor.page


def test_how_many_alerts_there_are_is_said_of_the_list_below(chromium: Browser, cockpit: Cockpit) -> None:
    with visiting(chromium, cockpit) as visitor:
        page = at_work(visitor)
        gone = acknowledged(chromium, cockpit)  # No fact comes in: what a colleague says changes the list as well.
        expect(page.locator(f"[data-row='{gone}']")).to_have_count(0, timeout=LIVE_MS)
        with visiting(chromium, cockpit) as colleague:
            colleague.sign_in("operations", to="/werklijst")

            def as_said_there() -> bool:
                """While alerts still come in, both pages have moved on by the time that they are compared."""
                colleague.open("/werklijst")
                return page.locator(".lead").inner_text() == colleague.page.locator(".lead").inner_text()

            wait_until(as_said_there, what="the open list says what the list is now", seconds_max=120)


def test_a_note_that_is_being_written_stays_and_so_does_the_list_around_it(chromium: Browser, cockpit: Cockpit) -> None:
    with visiting(chromium, cockpit) as visitor:
        page = at_work(visitor)
        note = page.locator("input[name=note]").first
        note.fill("Overleg met gemeente")
        note.press("Escape")
        before = page.locator(".lead").inner_text(), page.locator("[data-row]").count()
        acknowledged(chromium, cockpit)
        news(cockpit, 2)
        refreshed(page)
        assert note.input_value() == "Overleg met gemeente"
        assert (page.locator(".lead").inner_text(), page.locator("[data-row]").count()) == before


def test_who_signed_out_elsewhere_sees_no_exact_figures_and_no_others_in_their_place(
    chromium: Browser, cockpit: Cockpit
) -> None:
    with visiting(chromium, cockpit) as visitor:
        visitor.sign_in("operations")
        page = visitor.page
        expect(page.locator(".lead")).to_contain_text("U ziet exacte cijfers")
        listening(page)
        other = page.context.new_page()
        other.goto(cockpit.address)
        other.get_by_role("button", name="Afmelden").click()
        other.close()
        news(cockpit, 3)
        expect(page.locator(".lead")).to_contain_text("afgerond op 5", timeout=LIVE_MS)
        expect(page.get_by_role("link", name="Aanmelden").first).to_be_visible()


def test_the_date_and_what_must_be_known_first_follow_with_the_figures(chromium: Browser, cockpit: Cockpit) -> None:
    def of_tomorrow(route: Route) -> None:
        answer = route.fetch()
        lead = '<p class="lead" data-panel="lead">morgen</p><div data-panel="notice">storing</div>'
        text = re.sub(
            r'<p class="lead".*?</p>\s*<div data-panel="notice".*?</div>', lead, answer.text(), flags=re.DOTALL
        )
        route.fulfill(response=answer, body=text)

    for path in ("/", "/beeld/stock"):
        with visiting(chromium, cockpit) as visitor:
            visitor.sign_in("operations")
            visitor.open(path)
            listening(visitor.page)
            visitor.page.route(f"{cockpit.address}{path}", of_tomorrow)
            news(cockpit, 4 + len(path))
            expect(visitor.page.locator(".lead")).to_have_text("morgen", timeout=LIVE_MS)
            expect(visitor.page.locator("[data-panel=notice]")).to_have_text("storing")


def test_it_says_when_it_cannot_ask_and_asks_again_when_it_can(chromium: Browser, cockpit: Cockpit) -> None:
    with visiting(chromium, cockpit) as visitor:
        visitor.page.route("**/v1/live", lambda route: route.abort())
        visitor.sign_in("operations")
        told = visitor.page.locator("[data-live-told]")
        expect(told).to_have_text(LOST, timeout=LIVE_MS)
        visitor.page.unroute("**/v1/live")
        expect(told).to_have_text(ON, timeout=LIVE_MS)
        refreshed(visitor.page)


def test_a_page_that_fails_once_is_asked_for_again(chromium: Browser, cockpit: Cockpit) -> None:
    with visiting(chromium, cockpit) as visitor:
        visitor.sign_in("operations")
        page = visitor.page
        listening(page)
        page.route(f"{cockpit.address}/", lambda route: route.fulfill(status=503), times=1)
        news(cockpit, 6)
        expect(page.locator("[data-live-told]")).to_have_text(LOST, timeout=LIVE_MS)
        expect(page.locator("[data-live-told]")).not_to_have_text(LOST, timeout=LIVE_MS)
        refreshed(page)


def test_a_page_that_names_young_persons_looks_twice_a_minute_at_most(chromium: Browser, cockpit: Cockpit) -> None:
    """Each look is a line in the access log for each of them."""
    heard = """
        const Source = window.EventSource;
        window.heard = 0;
        window.EventSource = class extends Source {
            constructor(address) { super(address); this.addEventListener("changed", () => { window.heard += 1; }); }
        };
    """
    with visiting(chromium, cockpit) as visitor:
        page = visitor.page
        page.clock.install()
        page.add_init_script(heard)
        at_work(visitor)
        looks: list[str] = []
        page.on("request", lambda request: looks.append(request.url) if request.url.endswith("/werklijst") else None)
        with page.expect_request("**/werklijst", timeout=LIVE_MS):
            news(cockpit, 9)
        looked_ms, before, now_ms = page.evaluate("() => [performance.now(), window.heard, Date.now()]")
        page.clock.pause_at(now_ms / 1_000 + 1)  # However long the news takes on a slow machine.
        refreshed(page)
        news(cockpit, 10)
        page.wait_for_function("before => window.heard > before", arg=before, timeout=LIVE_MS)
        left_ms = looked_ms + 30_000 - page.evaluate("() => performance.now()")
        page.clock.run_for(int(left_ms) - 1_500)
        assert len(looks) == 1
        with page.expect_request("**/werklijst", timeout=LIVE_MS):
            page.clock.run_for(3_000)


def test_a_page_that_is_gone_back_to_listens_again(chromium: Browser, cockpit: Cockpit) -> None:
    with visiting(chromium, cockpit) as visitor:
        visitor.sign_in("operations")
        page = visitor.page
        listening(page)
        page.evaluate("() => window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
        page.evaluate("() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
        refreshed(page)
        news(cockpit, 7)
        refreshed(page, times=2)


def test_the_row_that_was_chosen_by_keyboard_stays_chosen_where_the_list_moves(
    chromium: Browser, cockpit: Cockpit
) -> None:
    with visiting(chromium, cockpit) as visitor:
        page = at_work(visitor)
        page.locator("[data-row]").first.locator("a").evaluate("one => { one.replaceWith(one.textContent); }")
        page.keyboard.press("j")
        expect(page.locator("[data-row]").first).to_be_focused()
        page.keyboard.press("j")
        chosen = page.locator("[data-row]").nth(1).get_attribute("data-row")
        page.evaluate("() => document.activeElement.blur()")
        gone = acknowledged(chromium, cockpit)
        news(cockpit, 8)
        expect(page.locator(f"[data-row='{gone}']")).to_have_count(0, timeout=LIVE_MS)
        page.keyboard.press("a")
        expect(page.locator(f"[data-row='{chosen}'] input[name=note]")).to_be_focused()
