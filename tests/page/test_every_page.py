"""Every page for every reader, in both languages, light and dark, narrow and wide: whole and accessible."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from services.monitor.cockpit.overview import PANELS
from tests.page.conftest import ROLES, Cockpit, Visitor, visiting

pytestmark = pytest.mark.browser

TELEPHONE, WALL = {"width": 320, "height": 700}, {"width": 1920, "height": 1080}
SCREEN = {"width": 1280, "height": 900}
LOOKS = (
    ("nl", "light", TELEPHONE),
    ("en", "dark", TELEPHONE),
    ("nl", "dark", WALL),
    ("en", "light", WALL),
)
PUBLIC = ("/", "/beeld/survival", "/uitleg", "/toegankelijkheid", "/aanmelden")
OPERATIONS = ("/", "/beeld/funnel", "/werklijst", "/aanmelden")
ANALYST = ("/", "/beeld/funnel", "/beeld/survival", "/aanmelden")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

IN_LINES = """all => all.map((one) => {
    const words = document.createRange();
    words.selectNodeContents(one);
    return [one.textContent, words.getClientRects().length];
}).filter(([, lines]) => lines > 1)"""
"""Words that take more than one line, and how many."""
WIDER_THAN_THE_SCREEN = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
COLLISIONS = """() => [...document.querySelectorAll('svg.chart')].flatMap((chart) => {
    const words = [...chart.querySelectorAll('text')].filter((one) => one.getBoundingClientRect().width > 0);
    const boxes = words.map((one) => [one.textContent, one.getBoundingClientRect()]);
    const found = [];
    for (let i = 0; i < boxes.length; i += 1)
        for (let j = i + 1; j < boxes.length; j += 1) {
            const [a, b] = [boxes[i][1], boxes[j][1]];
            const high = Math.min(a.height, b.height) * 0.35;
            if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - high && b.top < a.bottom - high)
                found.push(`${chart.querySelector('title').textContent}: ${boxes[i][0]} on ${boxes[j][0]}`);
        }
    return found;
})"""
"""Words in a picture that stand on one another, as the browser lays them out."""


def faults(visitor: Visitor) -> list[str]:
    """What axe finds on the page as it is, and what does not fit."""
    response: dict[str, Any] = Axe().run(visitor.page, options=RULES).response
    found = [
        f"{one['id']}: {one['nodes'][0]['html'][:160]} {one['nodes'][0]['failureSummary']}"
        for one in response["violations"]
    ]
    if visitor.page.evaluate(WIDER_THAN_THE_SCREEN) > 0:
        found.append("the page is wider than the screen")
    return [*found, *visitor.page.evaluate(COLLISIONS)]


def look(visitor: Visitor, path: str, language: str) -> list[str]:
    """Everything that is wrong with one page."""
    parts = path.split("?")
    query = "&".join([*parts[1:], *(["lang=en"] if language == "en" else [])])
    status = visitor.open(parts[0] + (f"?{query}" if query else ""))
    found = [] if status == 200 else [f"answers {status}"]
    if visitor.page.locator("html").get_attribute("lang") != language:
        found.append("is in another language")
    visitor.page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    return [f"{path}: {fault}" for fault in [*found, *faults(visitor)]]


@pytest.mark.parametrize(("language", "scheme", "screen"), LOOKS, ids=lambda value: str(value))
@pytest.mark.parametrize("role", ["public", "operations"])
def test_a_page_is_whole_and_accessible(
    chromium: Browser, cockpit: Cockpit, role: str, language: str, scheme: Any, screen: Any
) -> None:
    with visiting(chromium, cockpit, viewport=screen, color_scheme=scheme) as visitor:
        pages = list(PUBLIC)
        if role == "operations":
            visitor.sign_in("operations")
            case = visitor.page.locator(".cases a").first.get_attribute("href")
            assert case is not None
            pages = [*OPERATIONS, case]
        found = [fault for path in pages for fault in look(visitor, path, language)]

    assert found == []
    assert visitor.errors == []
    assert visitor.outside == []


@pytest.mark.parametrize(("language", "scheme", "screen"), LOOKS[1:3], ids=lambda value: str(value))
def test_so_is_a_page_for_who_may_see_exact_figures_and_no_case(
    chromium: Browser, cockpit: Cockpit, language: str, scheme: Any, screen: Any
) -> None:
    with visiting(chromium, cockpit, viewport=screen, color_scheme=scheme) as visitor:
        visitor.sign_in("analyst")
        found = [fault for path in ANALYST for fault in look(visitor, path, language)]
        assert visitor.page.locator(f"text={ROLES['analyst']}").count() >= 1, "is signed in"
        assert visitor.errors == []
        assert visitor.open("/werklijst") == 403, "cases are not for an analyst"

    assert found == []
    assert visitor.outside == []


def test_every_picture_has_a_page_of_its_own(chromium: Browser, cockpit: Cockpit) -> None:
    with visiting(chromium, cockpit) as visitor:
        visitor.sign_in("operations")
        for name in PANELS:
            assert visitor.open(f"/beeld/{name}") == 200
            assert visitor.page.locator("svg.chart--wide").count() >= 1, name
            assert visitor.page.locator("table tbody tr").count() >= 1, name


def test_tables_of_years_fit_a_screen_and_their_dates_stay_on_one_line(chromium: Browser, cockpit: Cockpit) -> None:
    """The last columns were cut off, beside dates in three lines, while the words of a head did not wrap."""
    with visiting(chromium, cockpit, viewport=SCREEN) as visitor:
        visitor.sign_in("operations")
        for name in ("places", "landscape"):
            visitor.open(f"/beeld/{name}")
            tables = visitor.page.locator(".twin")
            assert tables.count() == 2
            assert tables.evaluate_all("all => all.map((one) => one.scrollWidth - one.clientWidth)") == [0, 0], name
            assert visitor.page.locator(".twin tbody th").evaluate_all(IN_LINES) == [], name


def test_the_keyboard_reaches_everything_and_focus_is_seen(chromium: Browser, cockpit: Cockpit) -> None:
    with visiting(chromium, cockpit, viewport=WALL) as visitor:
        visitor.open("/")
        page = visitor.page
        wanted = page.evaluate(
            "() => [...document.querySelectorAll('a[href], button, select, input:not([type=hidden]), summary')]"
            ".filter((one) => one.checkVisibility()).map((one, at) => { one.dataset.stop = at; return String(at); })"
        )
        reached, seen = set(), set()
        for _ in range(3 * len(wanted)):
            page.keyboard.press("Tab")
            stop, outline = page.evaluate(
                "() => [document.activeElement.dataset.stop, getComputedStyle(document.activeElement).outlineStyle]"
            )
            reached.add(stop)
            if outline != "none":
                seen.add(stop)
            if seen >= set(wanted):
                break
    assert set(wanted) <= reached
    assert set(wanted) <= seen
