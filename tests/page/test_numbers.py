"""Every number on a page is the one that the figures answer, and none on a page for everybody is from 1 to 9."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import httpx2
import pytest

from services.monitor.cockpit.charts.lettering import as_number
from services.monitor.cockpit.overview import PANELS
from services.monitor.cockpit.panels.panel import Ask
from services.monitor.cockpit.view import View
from services.monitor.cockpit.words import words
from shared.facts.regions import AREAS
from tests.page.conftest import HEADERS
from tests.page.country import NOW

COUNTS = {"persons", "closures", "placements", "facts"}
"""Units in which a number is a number of young persons, or of what happened to them."""

NO_COUNTS = ("Dagen tot nu toe", "Dagen tot het einde", "Deel dat nog", "Doorplaatsingen per 1.000", "Plekken en")
"""Tables of days, shares, rates and places, by how their captions begin: their numbers may be small."""

EXACT_ONLY = {name for name, panel in PANELS.items() if panel.exact_only}


class Tables(HTMLParser):
    """The cells of the tables of a page, with the caption and the row that they stand in."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.cells: list[tuple[str, str, str]] = []
        self._in, self._caption, self._row, self._text = "", "", "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag in ("caption", "th", "td"):
            self._in, self._text = tag, ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag != self._in:
            return
        text, self._in = self._text.strip(), ""
        if tag == "caption":
            self._caption = text
        elif tag == "th":
            self._row = text
        else:
            self.cells.append((self._caption, self._row, text))


def asks(name: str, body: dict[str, Any]) -> dict[str, Ask]:
    """The questions of a picture, on the date that its answers say."""
    on = next(iter(body.values()))["on"]
    observed = NOW.date().replace(year=2013, month=1, day=1)
    view = View("nl", type(observed).fromisoformat(on), observed_from=observed)
    return dict(PANELS[name].asks(view))


def numbers(answer: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each cell of an answer, with its unit."""
    for table in answer["tables"]:
        units = {column["name"]: column["unit"] for column in table["columns"]}
        for row in table["rows"]:
            yield from ((units[name], cell) for name, cell in row["values"].items())


def written(body: dict[str, Any]) -> set[str]:
    """Every way in which a table may write a number of these answers."""
    found = set()
    for answer in body.values():
        for _, cell in numbers(answer):
            value = cell.get("value")
            if isinstance(value, int | float):
                found |= {as_number(value, "nl", "share"), as_number(value, "nl", "count")}
                found |= {as_number(value, "nl", decimals=decimals) for decimals in (1, 2)}
    return found


@pytest.mark.parametrize("reader", ["everybody", "operations"])
@pytest.mark.parametrize("name", PANELS)
def test_the_numbers_of_a_picture_are_those_of_the_figures(
    request: pytest.FixtureRequest, reader: str, name: str
) -> None:
    client: httpx2.Client = request.getfixturevalue(reader)
    answer = client.get(f"/beeld/{name}", headers={"Accept": "application/json"})
    if reader == "everybody" and name in EXACT_ONLY:
        assert answer.status_code == 404
        return
    body = answer.json()["figures"]
    for key, ask in asks(name, body).items():
        told = client.get(ask.address, headers={"Accept": "application/json"}).json()
        assert body[key]["tables"] == told["tables"], ask.address
    page = client.get(f"/beeld/{name}", headers=HEADERS).text
    allowed = written(body)
    cells = [text for _, _, text in Tables(page).cells if re.fullmatch(r"-?[\d.,]+%?", text)]
    assert cells
    assert [text for text in cells if text not in allowed] == []


@pytest.mark.parametrize("name", sorted({*PANELS} - EXACT_ONLY))
def test_the_csv_of_a_picture_is_that_of_the_figure(everybody: httpx2.Client, name: str) -> None:
    body = everybody.get(f"/beeld/{name}", headers={"Accept": "application/json"}).json()["figures"]
    first = next(iter(asks(name, body).values()))
    mine = everybody.get(f"/beeld/{name}", headers={"Accept": "text/csv"})
    theirs = everybody.get(first.address, headers={"Accept": "text/csv"})
    assert mine.headers["content-type"].startswith("text/csv")
    assert mine.text == theirs.text


@pytest.mark.parametrize("area", [None, *AREAS])
def test_nothing_that_everybody_sees_is_a_count_from_1_to_9(everybody: httpx2.Client, area: str | None) -> None:
    query = f"?gebied={area}" if area else ""
    page = everybody.get(f"/{query}", headers=HEADERS)
    assert page.status_code == 200
    small = [
        cell
        for cell in Tables(page.text).cells
        if re.fullmatch(r"[1-9]", cell[2]) and not cell[0].startswith(NO_COUNTS)
    ]
    assert small == []
    told = re.findall(r"<title>[^<]*?: (\d)(?:\. |<)", page.text)
    assert [one for one in told if one != "0"] == []
    found: list[float] = []
    for name in sorted({*PANELS} - EXACT_ONLY):
        body = everybody.get(f"/beeld/{name}{query}", headers={"Accept": "application/json"}).json()["figures"]
        for answer in body.values():
            counts = [
                cell["value"]
                for unit, cell in numbers(answer)
                if unit in COUNTS and cell["status"] in ("exact", "rounded")
            ]
            found += counts
            assert [count for count in counts if 0 < abs(count) < 10] == []
    assert found


def test_a_picture_says_so_where_it_is_of_more_than_was_asked_for(everybody: httpx2.Client) -> None:
    of_more = words("nl")("view.coarser")
    pages = {
        name: everybody.get(f"/beeld/{name}?gebied=zuid", headers=HEADERS).text for name in ("occupancy", "places")
    }
    assert (of_more in pages["occupancy"], of_more in pages["places"]) == (True, False)
    whole = everybody.get("/beeld/places", headers=HEADERS).text
    numbers_of = [[text for _, _, text in Tables(page).cells] for page in (whole, pages["places"])]
    assert numbers_of[0] != numbers_of[1]


def test_the_whole_overview_weighs_less_than_300_kilobytes(everybody: httpx2.Client, operations: httpx2.Client) -> None:
    for client in (everybody, operations):
        page = client.get("/", headers=HEADERS)
        files = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text))
        assert len(files) >= 3
        answers = [client.get(file) for file in files]
        assert all(answer.headers["cache-control"] == "public, max-age=31536000, immutable" for answer in answers)
        assert len(page.content) + sum(len(answer.content) for answer in answers) < 300_000


def test_a_page_says_that_nothing_of_another_host_may_come_in(everybody: httpx2.Client) -> None:
    answer = everybody.get("/", headers=HEADERS)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.findall(r'(?:href|src|action)="(?:https?:)?//', answer.text)
    assert " style=" not in answer.text
    assert "<style" not in answer.text


def test_a_file_of_another_content_is_not_served_under_an_old_address(everybody: httpx2.Client) -> None:
    assert everybody.get("/static/doorstroom.0000000000.css").status_code == 404


def test_as_known_earlier_a_page_shows_less(operations: httpx2.Client) -> None:
    def inside(query: str) -> int:
        page = operations.get(f"/beeld/flow{query}", headers={"Accept": "application/json"}).json()
        return sum(
            cell["value"] for answer in page["figures"].values() for unit, cell in numbers(answer) if unit == "closures"
        )

    assert inside("?bekend=2013-06-01&op=2013-06-01") != inside("?op=2013-06-01")
