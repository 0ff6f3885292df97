"""Both languages of every page: what stands in the one and in the other alike is a name or a number, never a word."""

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

import httpx2
import pytest

from services.monitor.cockpit.overview import PANELS
from shared.facts.regions import REGIONS
from tests.page.conftest import HEADERS, ROLES

SPOKEN = ("aria-label", "title", "alt", "placeholder")
LINE_BREAKS = {"script", "style"}

NAMES = {
    *("Doorstroom", "CSV", "JSON", "Open", "Begin", "Machtiging", "Doorplaatsing", "Doorplaatsingen"),
    *("Enter", "Esc", "j", "k", "a", *ROLES.values()),
}
"""Words that are the same in both: names, keys of a keyboard, and terms of law that stay Dutch."""

NO_WORDS = re.compile(
    r"""[\W\d_]*                                                   # numbers and signs
    |(\d+\ )?(jan|feb|apr|jun|jul|aug|sep|nov|dec)(\ \d+)?         # a month that both write alike
    |urn:\S+|[A-Za-z0-9_-]{16,}|(\S+-)+\S+(\ \(\d+\))?             # sources, pseudonyms, records
    |F\d+|A\d+|D\d+(,\ D\d+)*
    |(\d+\ [a-z]{3}\ \d{4},\ )?\d\d:\d\d""",
    re.VERBOSE | re.IGNORECASE,
)


class Texts(HTMLParser):
    """Every text that is read from a page, by eye or by ear; not what says itself that it is in another language."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self._open: list[tuple[str, bool]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        given = dict(attrs)
        foreign = tag in LINE_BREAKS or (tag != "html" and "lang" in given) or any(one for _, one in self._open)
        if not foreign:
            self.found |= {" ".join(given[name].split()) for name in SPOKEN if given.get(name)}
        if tag not in ("meta", "link", "input", "br", "img"):
            self._open.append((tag, foreign))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if text and not any(foreign for _, foreign in self._open):
            self.found.add(text)


def alike(client: httpx2.Client, path: str) -> list[str]:
    """The texts that stand in both languages of a page and are no name or number."""
    pages = []
    for language in ("nl", "en"):
        answer = client.get(path, params={"lang": language}, headers=HEADERS)
        assert answer.status_code == 200, path
        assert f'<html lang="{language}">' in answer.text
        pages.append(Texts(answer.text).found)
    names = NAMES | set(REGIONS.values()) | names_of_accommodations(client)
    return sorted(text for text in pages[0] & pages[1] if text not in names and any(words_of(text, names)))


def words_of(text: str, names: set[str]) -> list[str]:
    """The parts of a text that are no name and no number."""
    parts = re.split(r"^A\d\d |: | – |, | \(|\)", text)
    whole = [part for part in parts if not part.endswith("…")]  # Of a label that was cut off the whole is in a table.
    return [part for part in whole if part not in names and not NO_WORDS.fullmatch(part)]


def names_of_accommodations(client: httpx2.Client) -> set[str]:
    """As they are written in pictures and tables, and the keys of their providers."""
    body = client.get("/beeld/occupancy", headers={"Accept": "application/json"}).json()
    (answer,) = body["figures"].values()
    keys = {row["key"]["accommodation"].removeprefix("provider ") for row in answer["tables"][0]["rows"]}
    return keys | {" ".join(part.capitalize() for part in key.split("-")) for key in keys} - {"Total", "Unknown"}


@pytest.mark.parametrize(
    "path", ["/", "/uitleg", "/toegankelijkheid", "/aanmelden", *(f"/beeld/{name}" for name in PANELS)]
)
def test_no_word_on_a_page_is_left_in_the_other_language(
    everybody: httpx2.Client, operations: httpx2.Client, path: str
) -> None:
    exact = path.startswith("/beeld/") and PANELS[path.removeprefix("/beeld/")].exact_only
    for client in (operations,) if exact else (everybody, operations):
        assert alike(client, path) == []


def test_no_word_about_a_case_is_left_in_the_other_language(operations: httpx2.Client) -> None:
    page = operations.get("/werklijst", headers=HEADERS).text
    case = re.search(r'href="(/casus/[^"?]+)"', page)
    assert case is not None
    assert alike(operations, "/werklijst") == []
    assert alike(operations, case.group(1)) == []


def test_a_reader_of_english_meets_english_behind_every_link_and_form(operations: httpx2.Client) -> None:
    case = re.search(r'href="(/casus/[^"?]+)', operations.get("/werklijst", headers=HEADERS).text)
    assert case is not None
    for path in (
        "/",
        "/beeld/stock",
        "/werklijst",
        case.group(1),
        "/uitleg",
        "/toegankelijkheid",
        "/casus/nobody-there",
    ):
        answer = operations.get(path, params={"lang": "en"}, headers=HEADERS)
        assert answer.headers["content-language"] == "en"
        links = re.findall(r'<a (?![^>]*hreflang)[^>]*href="(/[^"]*)"', answer.text)
        assert links
        assert [one for one in links if "lang=en" not in one and not one.startswith("/v1/")] == [], path
        forms = re.findall(r"<form .*?</form>", answer.text, re.DOTALL)
        assert [one[:80] for one in forms if 'name="lang" value="en"' not in one] == [], path


def test_a_page_says_where_it_is_in_both_languages(everybody: httpx2.Client) -> None:
    for path in ("/?gebied=zuid", "/?gebied=zuid&lang=en"):
        page = everybody.get(path, headers=HEADERS).text
        alternates = dict(re.findall(r'<link rel="alternate" hreflang="(\w+)" href="([^"]+)">', page))
        assert alternates == {"nl": "/?gebied=zuid", "en": "/?gebied=zuid&amp;lang=en"}


def test_the_language_that_is_chosen_while_signing_in_is_that_of_where_it_leads(everybody: httpx2.Client) -> None:
    page = everybody.get("/aanmelden", params={"to": "/werklijst?niveau=red", "lang": "en"}, headers=HEADERS).text
    assert 'name="to" value="/werklijst?niveau=red&amp;lang=en"' in page
    (back,) = re.findall(r'href="(/aanmelden[^"]+)"', page)
    again = everybody.get(unescape(back), headers=HEADERS).text
    assert 'name="to" value="/werklijst?niveau=red"' in again
