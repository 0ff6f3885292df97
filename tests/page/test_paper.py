"""On paper, and in the colours that a reader chose: no picture is cut, no control is printed, nothing disappears."""

import re

import pytest
from playwright.sync_api import Browser, Page

from tests.page.conftest import Cockpit, visiting
from tests.page.test_every_page import WIDER_THAN_THE_SCREEN

pytestmark = pytest.mark.browser

PAPER_PIXELS = {"width": 703, "height": 1006}
"""What A4 has between its margins, at 96 pixels an inch."""
A4_PIXELS = PAPER_PIXELS["height"]
CONTROLS = "nav, form, button, select, input, .filters, [data-live], .meta a, .utrecht-skip-link"
SHOWN = "all => all.filter((one) => one.checkVisibility()).map((one) => one.outerHTML.slice(0, 90))"
UNCUT = """() => [...document.querySelectorAll('.figure, .panels .panel, .key, tr')]
    .filter((one) => one.checkVisibility() && getComputedStyle(one).breakInside !== 'avoid')
    .map((one) => one.outerHTML.slice(0, 90))"""
TALLER_THAN_A_PAGE = """(high) => [...document.querySelectorAll('.figure, .panels .panel')]
    .filter((one) => one.getBoundingClientRect().height > high).map((one) => one.textContent.slice(0, 60))"""
LIKE_THE_GROUND = """() => {
    const ground = getComputedStyle(document.body).backgroundColor;
    const drawn = [...document.querySelectorAll('svg.chart text, svg.chart [class^=line], svg.chart [class^=fill]')];
    const own = drawn.filter((one) => one.checkVisibility() && !/^on-/.test(one.getAttribute('class') || ''));
    return own.filter((one) => {
        const style = getComputedStyle(one);
        return [style.fill, style.stroke].every((colour) => colour === 'none' || colour === ground);
    }).map((one) => one.outerHTML.slice(0, 90));
}"""
"""Parts of a picture that nobody sees, because they have the colour of the page."""


def printed(page: Page) -> int:
    """How many sheets of A4 a page takes."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4")))


def test_paper_has_the_pictures_uncut_and_no_controls(chromium: Browser, cockpit: Cockpit) -> None:
    with visiting(chromium, cockpit, viewport=PAPER_PIXELS) as visitor:
        visitor.sign_in("operations")
        case = visitor.page.locator(".cases a").first.get_attribute("href")
        page = visitor.page
        page.emulate_media(media="print")
        for path in ("/", "/beeld/survival", "/werklijst?niveau=red", str(case), "/uitleg"):
            visitor.open(path)
            assert page.locator(CONTROLS).evaluate_all(SHOWN) == [], path
            assert page.evaluate(UNCUT) == [], path
            assert page.evaluate(TALLER_THAN_A_PAGE, A4_PIXELS) == [], path
            assert page.evaluate(WIDER_THAN_THE_SCREEN) <= 0, path
            assert f"{cockpit.address.removeprefix('http://')}{path}" in page.locator(".on-paper").inner_text()
        visitor.open("/uitleg")
        assert "/v1/figures" in page.locator("main a").first.evaluate("one => getComputedStyle(one, '::after').content")
        visitor.open("/beeld/survival")
        assert page.locator("table tbody tr").evaluate_all(SHOWN)
        assert page.locator("details.panel p").first.bounding_box()["height"] > 0  # type: ignore[index]
        visitor.open("/")
        assert page.locator("svg.chart--wide").evaluate_all(SHOWN)
        assert page.locator("svg.chart--narrow").evaluate_all(SHOWN) == []
        assert printed(page) <= 9


def test_paper_is_white_whatever_the_screen_is(chromium: Browser, cockpit: Cockpit) -> None:
    with visiting(chromium, cockpit, color_scheme="dark", viewport=PAPER_PIXELS) as visitor:
        visitor.page.emulate_media(media="print", color_scheme="dark")
        visitor.open("/beeld/stock")
        colours = visitor.page.evaluate(
            "() => [['body', 'backgroundColor'], ['svg.chart--wide text', 'fill']]"
            ".map(([where, what]) => getComputedStyle(document.querySelector(where))[what])"
        )
        assert colours == ["rgb(255, 255, 255)", "rgb(75, 87, 99)"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_the_colours_of_the_reader_every_picture_is_seen(chromium: Browser, cockpit: Cockpit, scheme: str) -> None:
    with visiting(chromium, cockpit, forced_colors="active", color_scheme=scheme) as visitor:
        visitor.sign_in("operations")
        case = visitor.page.locator(".cases a").first.get_attribute("href")
        for path in ("/", "/beeld/funnel", str(case)):
            visitor.open(path)
            assert visitor.page.evaluate(LIKE_THE_GROUND) == [], path
            panel = visitor.page.locator(".panel").first
            assert panel.evaluate("one => getComputedStyle(one).borderTopStyle") == "solid"
