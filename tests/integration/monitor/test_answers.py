"""The figures over HTTP: the worked example to the digit, two clocks, what is refused, and who sees what."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from services.monitor.answers.documents import FigureAnswer, FigureChanges, FigureList
from services.monitor.answers.releases import ReleaseTooSoon, make_release
from services.monitor.figures.catalogue import FIGURES
from tests.integration.monitor.asking import Monitor, cell
from tests.integration.monitor.conftest import projector_on
from tests.integration.monitor.ledgers import NOON, discharge, machtiging, placement

pytestmark = pytest.mark.anyio

Y1, Y2, Y3 = "y1-0123456789abcdef", "y2-0123456789abcdef", "y3-0123456789abcdef"
IN_2024 = "on=2025-01-31&from=2024-01-01&until=2025-01-01"
LATER = NOON + timedelta(days=30)


def tell_example(ledgers) -> None:
    """The worked example of the definitions: A and B of one provider, C of another."""
    place = {"municipality": "Ergens", "region": "JZ24", "area": "zuid-west", "on": "2010-01-01"}
    for at, provider in (("a-house", "north"), ("b-house", "north"), ("c-house", "south")):
        ledgers.tell("accommodation-registered", None, accommodation=at, provider=provider, name=at, **place)
    for person, number, on, at in (
        (Y1, "P1", "2024-01-10", "a-house"),
        (Y1, "P2", "2024-04-09", "b-house"),
        (Y1, "P3", "2024-12-15", "b-house"),
        (Y2, "P4", "2023-11-01", "c-house"),
        (Y3, "P5", "2024-09-01", "a-house"),
    ):
        ledgers.tell("placement-started", person, **placement(number, on, accommodation=at))
    moved = {"placement": "P1", "departed_on": "2024-04-09", "reason": "better-fit", "to_accommodation": "b-house"}
    ledgers.tell("doorplaatsing-recorded", Y1, **moved)
    ledgers.tell("discharge-recorded", Y1, **discharge("P2", "2024-07-08"))
    ledgers.tell("discharge-recorded", Y3, **discharge("P5", "2024-12-20"))
    for person, number, a, b, more in (
        (Y1, "M1", "2024-01-10", "2025-01-10", {}),
        (Y1, "M2", "2024-12-15", "2025-12-15", {}),
        (Y2, "M3", "2023-11-01", "2023-11-29", {"kind": "spoed"}),
        (Y2, "M4", "2023-12-02", "2024-12-02", {"extends": "M3"}),
        (Y3, "M5", "2024-09-01", "2025-03-01", {}),
    ):
        ledgers.tell("machtiging-granted", person, **machtiging(number, a, b, **more))


@pytest.fixture
def told(monitor, ledgers) -> Monitor:
    """The monitor a month after it was told the example."""
    tell_example(ledgers)
    projector_on(monitor, ledgers).apply(ledgers.batches())
    return Monitor(monitor, LATER)


async def test_the_worked_example_to_the_digit(told: Monitor) -> None:
    async with told.serving() as ask:
        year = await ask.json(f"/inflow?{IN_2024}")
        numbers = [
            cell(year, "inflow", name, at="2024-01-01") for name in ("placements", "closures", "placed", "inCare")
        ]
        assert [one["value"] for one in numbers] == [4, 3, 2, 3]
        assert cell(year, "inflow", "perPerson", at="2024-01-01")["value"] == 2.0
        care = await ask.json(f"/care-days?{IN_2024}")
        assert cell(care, "care-days", "careDays")["value"] == 673
        placements = await ask.json(f"/exits?{IN_2024}&of=placements")
        assert placements["n"]["value"] == 3
        assert cell(placements, "days", "mean") == {"status": "exact", "value": 290 / 3, "fraction": "290/3"}
        closures = await ask.json(f"/exits?{IN_2024}")
        assert (closures["n"]["value"], cell(closures, "days", "mean")["value"]) == (2, 145)
        moves = await ask.json(f"/doorplaatsing?{IN_2024}")
        assert cell(moves, "share", "share")["fraction"] == "1/3"
        assert round(cell(moves, "rate", "per100Years")["value"], 1) == 54.3
        back = await ask.json(f"/replacement?{IN_2024}")
        found = [cell(back, "full-follow-up", "replaced", at=days) for days in (90, 180, 365)]
        assert [(one.get("part"), one.get("whole")) for one in found] == [(0, 1), (1, 1), (None, None)]
        assert found[2]["status"] == "not-estimable"
        incidence = await ask.json(f"/replacement-incidence?{IN_2024}")
        assert cell(incidence, "incidence-at", "replaced", at=180)["value"] == 1
        stock = await ask.json("/stock?on=2025-01-31")
        assert stock["n"]["value"] == 2
        assert cell(stock, "elapsed-days", "longest")["value"] == 457
        assert cell(stock, "elapsed-days", "p25")["value"] == 47
        title = await ask.json("/title?on=2025-01-31&from=2023-11-01&until=2025-02-01")
        assert cell(title, "nights", "uncovered")["value"] == 3 + 60
        flow = await ask.json(f"/flow?{IN_2024}")
        found = [cell(flow, "flow", name, at="2024-01-01")["value"] for name in ("begin", "started", "ended", "end")]
        assert found == [1, 3, 2, 2]


@pytest.mark.parametrize("name", FIGURES)
async def test_every_answer_is_as_the_description_says(told: Monitor, name: str) -> None:
    async with told.serving() as ask:
        for who in ("analyst", None):
            answer = await ask.get(f"/{name}", who=who)
            assert answer.status_code == 200, answer.text
            FigureAnswer.model_validate_json(answer.content)
        FigureList.model_validate(await ask.json(""))


async def test_a_csv_says_the_same_as_the_json(told: Monitor) -> None:
    async with told.serving() as ask:
        answer = await ask.get(f"/exits?{IN_2024}&split=provider", Accept="text/csv")
        assert answer.headers["content-type"].startswith("text/csv")
        lines = list(csv.DictReader(io.StringIO(answer.text)))
        document = await ask.json(f"/exits?{IN_2024}&split=provider")
        (mean,) = [one for one in lines if (one["measure"], one["provider"]) == ("mean", "north")]
        assert float(mean["value"]) == cell(document, "days", "mean", provider="north")["value"]
        assert len({one["known"] for one in lines}) == 1


async def test_an_answer_about_the_past_is_the_same_to_the_byte_after_whatever_comes(told: Monitor, ledgers) -> None:
    async with told.serving() as ask:
        path = f"/exits?{IN_2024}&known={NOON.isoformat().replace('+00:00', 'Z')}"
        before = await ask.get(path)
        ledgers.now = NOON + timedelta(days=2)
        ledgers.tell("discharge-recorded", Y2, **discharge("P4", "2024-06-01"))
        projector_on(told.engine, ledgers).apply(ledgers.batches())
        after = await ask.get(path)
        assert after.content == before.content
        assert (await ask.json(f"/exits?{IN_2024}"))["n"]["value"] == 3
    async with told.serving() as restarted:
        assert (await restarted.get(path)).content == before.content


async def test_what_changed_since_names_both_values_and_the_facts(told: Monitor, ledgers) -> None:
    ledgers.now = NOON + timedelta(days=2)
    ledgers.tell("discharge-recorded", Y2, **discharge("P4", "2024-06-01"))
    projector_on(told.engine, ledgers).apply(ledgers.batches())
    async with told.serving() as ask:
        document = await ask.json("/changes?on=2025-01-31&since=2026-03-02T13:00:00Z")
        FigureChanges.model_validate(document)
        stock = next(one for one in document["changes"] if one["figure"] == "stock")
        assert (stock["before"]["value"], stock["after"]["value"]) == (2, 1)
        assert [(one["name"], one["acceptedAt"][:10]) for one in stock["facts"]] == [
            ("discharge-recorded", "2026-03-04")
        ]
        assert document["persons"] == 1
        assert (await ask.json("/changes?on=2025-01-31&since=2026-03-05"))["changes"] == []


async def test_what_changed_by_a_merge_and_by_taking_it_back_names_that_fact(told: Monitor, ledgers) -> None:
    """Y3 came and left while Y2 was inside: if they are one, Y2 was moved and has left."""
    for day, name, data in (
        (2, "pseudonyms-merged", {"other": Y2, "_record": "merge-1"}),
        (4, "record-withdrawn", {"of": "pseudonyms-merged", "record": "merge-1", "reason": "entered-in-error"}),
    ):
        ledgers.now = NOON + timedelta(days=day)
        ledgers.tell(name, Y3, **data)
    projector_on(told.engine, ledgers).apply(ledgers.batches())
    async with told.serving() as ask:
        asked = ("since=2026-03-02T13:00:00Z&known=2026-03-05", "since=2026-03-05", "since=2026-03-02T13:00:00Z")
        merged, back, both = [await ask.json(f"/changes?on=2025-01-31&{moments}") for moments in asked]
        before, between, after = [
            await ask.json(f"/stock?on=2025-01-31&known={known}")
            for known in ("2026-03-02", "2026-03-05", "2026-03-07")
        ]
    found = {one["figure"]: one for one in merged["changes"]}["stock"]
    assert (found["before"]["value"], found["after"]["value"]) == (2, 1)
    assert [one["name"] for one in found["facts"]] == ["pseudonyms-merged"]
    found = {one["figure"]: one for one in back["changes"]}["stock"]
    assert [one["name"] for one in found["facts"]] == ["record-withdrawn"]
    assert (merged["persons"], back["persons"], both["persons"]) == (2, 2, 0)
    assert both["changes"] == []
    assert before["tables"] == after["tables"] != between["tables"]


async def test_what_changed_in_a_count_of_facts_are_those_of_its_window(told: Monitor, ledgers) -> None:
    ledgers.now = NOON + timedelta(days=2)
    ledgers.tell("machtiging-granted", Y3, **machtiging("M6", "2026-03-03", "2026-09-03"))
    place = {"municipality": "Ergens", "region": "JZ24", "area": "zuid-west", "on": "2010-01-01"}
    ledgers.tell("accommodation-registered", None, accommodation="d-house", provider="south", name="D", **place)
    projector_on(told.engine, ledgers).apply(ledgers.batches())
    async with told.serving() as ask:
        # The window of the figure is the twelve months before that of the date.
        for on, expected in (("2026-04-10", ["machtiging-granted"]), ("2026-03-10", [])):
            path = f"/changes?since=2026-03-02T13:00:00Z&on={on}"
            found = {one["figure"]: one for one in (await ask.json(path))["changes"]}
            assert [one["name"] for one in found.get("data-quality", {"facts": []})["facts"]] == expected


async def test_the_cases_behind_a_number_are_logged_a_line_each(told: Monitor) -> None:
    async with told.serving() as ask:
        assert (await ask.get("/stock?on=2025-01-31&cases=true")).status_code == 403
        document = await ask.json("/stock?on=2025-01-31&cases=true", who="operations")
        assert {one["person"] for one in document["cases"]["cases"]} == {Y1, Y2}
        seen = [line.person for line in told.people.log.lines() if line.event == "figure-cases"]
        assert sorted(seen) == [Y1, Y2]


@pytest.mark.parametrize(
    ("path", "parameter", "words"),
    [
        ("/stock?on=31-01-2025", "on", "2025-01-31"),
        ("/stock?known=yesterday", "known", "T12:00:00Z"),
        ("/stock?onn=2025-01-31", "onn", "on, known"),
        ("/stock?split=postcode", "split", "area, region, provider"),
        ("/stock?of=persons", "of", "closures, placements"),
        ("/stock?area=mars", "area", "noord, oost"),
        ("/stock?from=2024-01-01&until=2025-01-01", "from", "on, known"),
        ("/exits?from=2025-01-01&until=2025-01-01", "until", "later than from"),
        ("/exits?from=2025-01-01", "until", "together"),
        ("/exits?on=2025-01-01&on=2025-02-01", "on", "more than once"),
        ("/entry-duration?tau=0", "tau", "from 1 to 3650"),
        ("/waiting?provider=north", "provider", "since"),
        ("/waiting?region=unknown-region", "region", "JZ01"),
        ("/changes?on=2025-01-31", "since", "earlier moment"),
        ("/changes?since=2025-01-31&known=2025-01-01", "known", "before"),
    ],
)
async def test_what_is_not_allowed_is_refused_with_what_is(
    told: Monitor, path: str, parameter: str, words: str
) -> None:
    async with told.serving() as ask:
        answer = await ask.get(path)
        assert answer.status_code == 400, answer.text
        (fault,) = [one for one in answer.json()["errors"] if one["parameter"] == parameter]
        assert words in fault["detail"]


async def test_figures_are_for_who_may_see_figures(told: Monitor) -> None:
    async with told.serving() as ask:
        assert (await ask.get("/stock", who="nobody")).status_code == 403
        missing = await ask.get("/stick")
        assert missing.status_code == 404
        assert "stock" in missing.json()["detail"]


async def test_the_same_answer_is_not_sent_twice(told: Monitor) -> None:
    async with told.serving() as ask:
        first = await ask.get("/stock?on=2025-01-31&known=2026-03-20")
        again = await ask.get("/stock?on=2025-01-31&known=2026-03-20", **{"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


async def test_those_outside_get_the_last_release_and_the_turn_of_a_month(told: Monitor, ledgers) -> None:
    async with told.serving() as ask:
        document = await ask.json("/exits?on=2025-01-20&from=2024-01-15&until=2024-12-15", who=None)
        assert document["audience"] == "outside"
        assert document["known"] == "2026-03-31T22:00:00.000000Z"
        assert document["on"] == "2025-01-01"
        assert document["window"] == {"from": "2023-01-01", "until": "2024-01-01"}
        flow = await ask.json("/flow?on=2025-01-20&from=2024-01-15&until=2024-12-15", who=None)
        assert flow["window"] == {"from": "2023-12-01", "until": "2024-12-01"}
        assert document["n"] == {"status": "too-small"}
        assert sum("those outside" in note for note in document["notes"]) == 2


async def test_those_outside_get_no_release_that_is_still_to_come(told: Monitor, ledgers) -> None:
    capacity = {"from_on": "2025-01-01", "places": 33, "group_size": 6, "closure": "gesloten", "procurement": "lta"}
    for now, places in ((NOON, 33), (LATER, 44)):
        ledgers.now = now
        ledgers.tell("capacity-changed", None, accommodation="a-house", **(capacity | {"places": places}))
    projector_on(told.engine, ledgers).apply(ledgers.batches())
    async with told.serving() as ask:
        assert _places(await ask.json("/places?on=2026-04-01")) == {44}
        for known in ("2026-04-01", "2026-04-30", "2026-05-01T00:00:00Z", "2099-12-31"):
            document = await ask.json(f"/places?on=2026-04-01&known={known}", who=None)
            assert (document["known"], _places(document)) == ("2026-03-31T22:00:00.000000Z", {33})
            changes = await ask.json(f"/changes?since=2026-04-01T00:00:00Z&known={known}", who=None)
            assert (changes["known"], changes["changes"]) == ("2026-03-31T22:00:00.000000Z", [])


def _places(document: dict) -> set[int]:
    """Every number of places in the country that an answer has."""
    (table,) = [one for one in document["tables"] if one["name"] == "places"]
    return {row["values"]["places"]["value"] for row in table["rows"] if row["key"] == {"region": "total"}}


async def test_those_outside_may_ask_for_two_dimensions(told: Monitor) -> None:
    async with told.serving() as ask:
        path = "/stock?area=noord&split=age,sex"
        assert (await ask.get(path)).status_code == 200
        assert (await ask.get(path, who=None)).status_code == 400
        assert (await ask.get("/stock?area=noord&split=sex", who=None)).status_code == 200


async def test_a_fresh_installation_makes_its_first_release(told: Monitor) -> None:
    first = make_release(told.engine, now=NOON + timedelta(hours=1))
    told.now = NOON + timedelta(days=2)
    async with told.serving() as ask:
        document = await ask.json("/stock", who=None)
        assert datetime.fromisoformat(document["known"]) == first
        assert document["on"] == "2026-03-02"
    with pytest.raises(ReleaseTooSoon, match="2026-03-30"):
        make_release(told.engine, now=datetime(2026, 3, 29, 12, tzinfo=UTC))
