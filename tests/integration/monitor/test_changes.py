"""What changed since a moment: every fact that moved a figure is named, over as many pages as it takes."""

from datetime import timedelta
from itertools import chain

import pytest
from sqlalchemy import Engine

from services.monitor.answers.documents import FigureChanges
from tests.integration.monitor.asking import Asking, Monitor
from tests.integration.monitor.conftest import projector_on
from tests.integration.monitor.ledgers import NOON, Ledgers, discharge, placement

pytestmark = pytest.mark.anyio

Y1, Y2 = "y1-0123456789abcdef", "y2-0123456789abcdef"
SINCE = "since=2026-03-02T13:00:00Z&on=2026-02-01"
PLACE = {"municipality": "Ergens", "region": "JZ24", "area": "zuid-west", "on": "2010-01-01"}


async def pages(ask: Asking, path: str, *, most: int = 20) -> list[dict]:
    """Every page from this address on."""
    found, following = [], path
    while following:
        assert len(found) < most, "the pages do not end"
        answer = await ask.get(following)
        assert answer.status_code == 200, answer.text
        FigureChanges.model_validate_json(answer.content)
        found.append(answer.json())
        link = answer.headers.get("link", "")
        assert found[-1]["more"] is bool(link)
        following = link.partition(">")[0].removeprefix("</v1/figures")
    return found


def named(page: dict, figure: str) -> list[str]:
    """The facts that a page names under a figure."""
    return [fact["id"] for one in page["changes"] if one["figure"] == figure for fact in one["facts"]]


def tell_later(engine: Engine, ledgers: Ledgers, *facts: tuple) -> Monitor:
    """These facts are accepted two days later: (name, person, data)."""
    projector_on(engine, ledgers).apply(ledgers.batches())
    ledgers.now = NOON + timedelta(days=2)
    for name, person, data in facts:
        ledgers.tell(name, person, **data)
    projector_on(engine, ledgers).apply(ledgers.batches())
    return Monitor(engine, NOON + timedelta(days=30))


@pytest.mark.parametrize("limit", [1, 6, 7, 8])
async def test_the_pages_together_name_every_fact_once(monitor: Engine, ledgers: Ledgers, limit: int) -> None:
    people = [f"p{number}-0123456789abcdef" for number in range(7)]
    for person in people[:3]:
        ledgers.tell("placement-started", person, **placement(f"P-{person}", "2025-06-01"))
    facts = [("discharge-recorded", person, discharge(f"P-{person}", "2026-01-01")) for person in people[:3]]
    facts += [("placement-started", person, placement(f"P-{person}", "2025-07-01")) for person in people[3:]]
    told = tell_later(monitor, ledgers, *facts)
    async with told.serving() as ask:
        found = await pages(ask, f"/changes?{SINCE}&limit={limit}")
    assert len(found) == -(-7 // limit)
    assert {page["accepted"] for page in found} == {page["persons"] for page in found} == {7}
    assert sorted(chain.from_iterable(named(page, "stock") for page in found)) == [
        f"event-{number}" for number in sorted(map(str, range(4, 11)))
    ]
    # The values that changed are on the first page, and every page says which figures did.
    first, *others = [{one["figure"]: one["values"] for one in page["changes"]} for page in found]
    assert all(values is not None for values in first.values())
    assert all(page.keys() == first.keys() and set(page.values()) == {None} for page in others)


async def test_of_more_than_five_hundred_persons_all_are_named(monitor: Engine, ledgers: Ledgers) -> None:
    people = [f"p{number:04}-0123456789abcdef" for number in range(503)]
    told = tell_later(
        monitor,
        ledgers,
        *(("placement-started", person, placement(f"P-{person}", "2025-06-01")) for person in people),
    )
    async with told.serving() as ask:
        found = await pages(ask, f"/changes?{SINCE}&limit=502")
    assert [len(named(page, "stock")) for page in found] == [502, 1]
    assert {page["persons"] for page in found} == {503}
    assert len({*chain.from_iterable(named(page, "stock") for page in found)}) == 503


async def test_the_next_page_is_of_the_same_moments_whatever_arrives_meanwhile(
    monitor: Engine, ledgers: Ledgers
) -> None:
    told = tell_later(
        monitor,
        ledgers,
        ("placement-started", Y1, placement("P1", "2025-06-01")),
        ("placement-started", Y2, placement("P2", "2025-07-01")),
    )
    async with told.serving() as ask:
        answer = await ask.get(f"/changes?{SINCE}&limit=1")
        ledgers.now = NOON + timedelta(days=31)
        ledgers.tell("discharge-recorded", Y1, **discharge("P1", "2025-12-01"))
        projector_on(monitor, ledgers).apply(ledgers.batches())
        told.now = NOON + timedelta(days=40)
        following = answer.headers["link"].partition(">")[0].removeprefix("</v1/figures")
        (last,) = await pages(ask, following)
    assert (last["known"], last["accepted"], len(named(last, "stock"))) == (answer.json()["known"], 2, 1)


async def test_a_fact_about_an_accommodation_is_named_where_it_moved_the_figure_and_nowhere_else(
    monitor: Engine, ledgers: Ledgers
) -> None:
    """Y1 moved within one provider, until the register says that the second house is of another."""
    for at in ("a-house", "b-house"):
        ledgers.tell("accommodation-registered", None, accommodation=at, provider="north", name=at, _record=at, **PLACE)
    ledgers.tell("placement-started", Y1, **placement("P1", "2025-04-01", accommodation="a-house"))
    moved = {"placement": "P1", "departed_on": "2025-06-01", "reason": "better-fit", "to_accommodation": "b-house"}
    ledgers.tell("doorplaatsing-recorded", Y1, **moved)
    ledgers.tell("placement-started", Y1, **placement("P2", "2025-06-01", accommodation="b-house"))
    corrected = {"accommodation": "b-house", "provider": "south", "name": "b", "_record": "b-house", "_revision": 2}
    told = tell_later(monitor, ledgers, ("accommodation-registered", None, corrected | PLACE))
    async with told.serving() as ask:
        (page,) = await pages(ask, f"/changes?{SINCE}")
    assert page["persons"] == 0
    assert named(page, "doorplaatsing") == ["event-6"]
    assert "stock" not in {one["figure"] for one in page["changes"]}


async def test_a_correction_that_moves_a_record_to_another_person_is_named(monitor: Engine, ledgers: Ledgers) -> None:
    """The discharge was of Y1's placement and is said of Y2 now, of whom nothing else is known: Y1 is inside again."""
    ledgers.tell("placement-started", Y1, **placement("P1", "2025-04-01"))
    ledgers.tell("discharge-recorded", Y1, _record="D1", **discharge("P1", "2025-12-01"))
    told = tell_later(
        monitor, ledgers, ("discharge-recorded", Y2, {"_record": "D1", "_revision": 2, **discharge("P9", "2025-12-01")})
    )
    async with told.serving() as ask:
        (page,) = await pages(ask, f"/changes?{SINCE}")
    assert named(page, "stock") == ["event-3"]


async def test_of_the_steps_of_a_curve_it_is_told_how_many_changed(monitor: Engine, ledgers: Ledgers) -> None:
    for number in range(8):
        # The source says that it observes since the year began: otherwise nobody is at risk.
        first = {"_time": "2025-01-01T12:00:00Z", **placement(f"P{number}", "2025-06-01")}
        ledgers.tell("placement-started", f"p{number}-0123456789abcdef", **first)
        ended = {"_record": f"D{number}", **discharge(f"P{number}", f"2025-08-1{number}")}
        ledgers.tell("discharge-recorded", f"p{number}-0123456789abcdef", **ended)
    corrected = {"_record": "D7", "_revision": 2, **discharge("P7", "2025-08-20")}
    told = tell_later(monitor, ledgers, ("discharge-recorded", "p7-0123456789abcdef", corrected))
    async with told.serving() as ask:
        (page,) = await pages(ask, f"/changes?{SINCE}")
        figure = await ask.json("/entry-duration?on=2026-02-01")
    (change,) = [one for one in page["changes"] if one["figure"] == "entry-duration"]
    (columns,) = [one["columns"] for one in figure["tables"] if one["name"] == "curve"]
    # Day 77 is a step no longer and day 80 is one.
    assert change["further"] == [{"table": "curve", "cells": 2 * len(columns)}]
    assert named(page, "entry-duration") == ["event-17"]


async def test_those_outside_are_told_of_no_fact_on_any_page(monitor: Engine, ledgers: Ledgers) -> None:
    told = tell_later(monitor, ledgers, ("placement-started", Y1, placement("P1", "2025-06-01")))
    async with told.serving() as ask:
        answer = await ask.get(f"/changes?{SINCE}&limit=1", who=None)
        assert answer.status_code == 200, answer.text
        FigureChanges.model_validate_json(answer.content)
    assert "link" not in answer.headers
    assert (answer.json()["persons"], answer.json()["accepted"], answer.json()["more"]) == (None, None, False)
    assert all(one["facts"] is None for one in answer.json()["changes"])


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("after=7", "after"),
        ("after=intake-", "after"),
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("page=2", "page"),
    ],
)
async def test_a_page_that_is_none_is_refused(monitor: Engine, ledgers: Ledgers, query: str, parameter: str) -> None:
    projector_on(monitor, ledgers).apply(ledgers.batches())
    async with Monitor(monitor, NOON).serving() as ask:
        answer = await ask.get(f"/changes?{SINCE}&{query}")
    assert answer.status_code == 400
    assert [one["parameter"] for one in answer.json()["errors"]] == [parameter]
