"""The case of one young person: for those who may see it, as of a day and as known at a moment, and always logged."""

from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import Engine

from tests.integration.monitor.conftest import projector_on
from tests.integration.monitor.histories import PEOPLE
from tests.integration.monitor.ledgers import NOON, SOURCE, Ledgers, discharge, machtiging, placement
from tests.integration.monitor.reading import Readers
from tests.integration.monitor.test_poison import buggy

pytestmark = pytest.mark.anyio

ANN, BEN, DAN = PEOPLE[:3]
HOUR = timedelta(hours=1)

_numbers = count(1)


@pytest.fixture
def readers(monitor: Engine, ledgers: Ledgers) -> Readers:
    """Ann was moved once and has a title until February; her discharge is corrected an hour later."""
    ledgers.tell("machtiging-granted", ANN, **machtiging("M1", "2026-01-01", "2026-02-01"))
    ledgers.tell("placement-started", ANN, _record="R1", **placement("P1", "2026-01-01"))
    ledgers.tell("doorplaatsing-recorded", ANN, placement="P1", departed_on="2026-01-10", reason="better-fit")
    there = placement("P2", "2026-01-11", accommodation="via-almata", region="JZ30")
    ledgers.tell("placement-started", ANN, **there)
    ledgers.tell("discharge-recorded", ANN, _record="D1", **discharge("P2", "2026-02-11"))
    ledgers.now += HOUR
    ledgers.tell("discharge-recorded", ANN, _record="D1", _revision=2, **discharge("P2", "2026-02-21"))
    ledgers.tell("placement-started", BEN, _record="X", **placement("P3", "2026-01-01"))
    projector_on(monitor, ledgers).apply(ledgers.batches())
    return Readers(monitor)


async def case(readers: Readers, query: str = "", *, person: str = ANN) -> dict:
    """The case of Ann or somebody else, as a national reader gets it."""
    token = readers.token(f"reader-{next(_numbers)}", "cases:read", accommodations="*")
    async with readers.asking(token) as client:
        answer = await client.get(f"/v1/cases/{person}{query}")
        assert answer.status_code == 200, answer.text
        return answer.json()


async def test_a_case_is_counted_up_to_the_day_that_is_asked_about(readers: Readers) -> None:
    seen = {on: (await case(readers, f"?on={on}"))["closures"] for on in ("2025-12-31", "2026-01-10", "2026-02-10")}
    assert seen["2025-12-31"] == []
    assert [(one["state"], one["days"], one["careDays"]) for one in seen["2026-01-10"]] == [("between", 9, 9)]
    [closure] = seen["2026-02-10"]
    assert (closure["state"], closure["days"], closure["careDays"]) == ("open", 40, 39)
    # Like those of the closure, its days are nights that are over.
    assert closure["withoutTitle"] == [{"from": "2026-02-01", "until": None, "days": 9}]
    assert [move["to"] for move in closure["doorplaatsingen"]] == ["via-almata"]


async def test_what_was_known_before_a_correction_is_answered_as_it_was(readers: Readers) -> None:
    before = NOON.isoformat().replace("+00:00", "Z")
    first, now = await case(readers, f"?known={before}&on=2026-02-25"), await case(readers, "?on=2026-02-25")
    assert [(one["closures"][0]["ended"], one["closures"][0]["days"]) for one in (first, now)] == [
        ("2026-02-11", 41),
        ("2026-02-21", 51),
    ]
    states = [[(e["revision"], e["state"]) for e in one["timeline"] if e["record"] == "D1"] for one in (first, now)]
    assert states == [[(1, "stands")], [(1, "superseded"), (2, "stands")]]


async def test_the_timeline_says_when_each_fact_is_true_and_since_when_it_is_known(readers: Readers) -> None:
    told = (await case(readers, "?on=2026-01-31"))["timeline"]
    assert [(entry["on"], entry["fact"], entry["ahead"]) for entry in told] == [
        ("2026-01-01", "placement-started", False),
        ("2026-01-01", "machtiging-granted", False),
        ("2026-01-10", "doorplaatsing-recorded", False),
        ("2026-01-11", "placement-started", False),
        ("2026-02-11", "discharge-recorded", True),
        ("2026-02-21", "discharge-recorded", True),
    ]
    assert {(entry["source"], entry["known"][:13]) for entry in told} == {
        (SOURCE, "2026-03-02T12"),
        (SOURCE, "2026-03-02T13"),
    }


async def test_flags_of_the_case_stand_on_it_with_what_clears_them(readers: Readers) -> None:
    flags = (await case(readers, "?on=2026-02-10"))["flags"]
    assert [(flag["code"], flag["about"], flag["days"]) for flag in flags] == [
        ("F6", "P2", 9),
        ("F10", "P1", 40),
        ("F10", "P2", 30),
    ]
    assert all(flag["clears"] for flag in flags)


async def test_a_day_that_is_known_roughly_is_said_on_the_timeline_and_flagged(
    monitor: Engine, ledgers: Ledgers, readers: Readers
) -> None:
    rough = placement("P1", "2026-01-01", accommodation="schakenbosch")
    ledgers.tell("placement-started", ANN, _record="R1", _revision=2, _precision="month", **rough)
    projector_on(monitor, ledgers).apply(ledgers.batches())
    found = await case(readers, "?on=2026-02-10")
    told = [(entry["revision"], entry["precision"]) for entry in found["timeline"] if entry["record"] == "R1"]
    assert told == [(1, "day"), (2, "month")]
    assert [(flag["since"], flag["about"]) for flag in found["flags"] if flag["code"] == "F16"] == [
        ("2026-01-01", "R1")
    ]


async def test_a_record_that_moved_to_somebody_else_tells_nothing_of_them(monitor, ledgers, readers: Readers) -> None:
    ledgers.tell("placement-started", BEN, _record="R1", _revision=2, **placement("P1", "2025-06-06"))
    projector_on(monitor, ledgers).apply(ledgers.batches())
    found = await case(readers)
    assert [entry["state"] for entry in found["timeline"] if entry["record"] == "R1"] == ["moved"]
    assert BEN not in str(found)
    assert "2025-06-06" not in str(found)


async def test_only_who_may_see_the_young_person_gets_the_case_and_every_try_is_logged(readers: Readers) -> None:
    tries = {
        "there": (readers.token("there", "cases:read", accommodations="via-almata"), ANN, 200),
        "formerly": (readers.token("formerly", "cases:read", accommodations="schakenbosch"), ANN, 404),
        "unknown": (readers.token("unknown", "cases:read", accommodations="*"), "nobody-0123456789abc", 404),
        "analyst": (readers.token("analyst", "figures:exact", accommodations="*"), ANN, 403),
        "anybody": ({}, ANN, 401),
    }
    for token, person, status in tries.values():
        async with readers.asking(token) as client:
            assert (await client.get(f"/v1/cases/{person}")).status_code == status
    lines = [(line.user_name, line.event, line.person, line.outcome) for line in readers.people.log.lines()]
    assert lines == [
        ("there", "case-read", ANN, "granted"),
        ("formerly", "case-read", ANN, "refused"),
        ("unknown", "case-read", "nobody-0123456789abc", "not-found"),
        ("analyst", "refused", ANN, "refused"),
    ]


async def test_what_came_later_is_not_in_the_titles_and_waits_of_a_day(
    readers: Readers, monitor: Engine, ledgers: Ledgers
) -> None:
    """Asked in January, granted twice after it; the second time ahead of its first day, and placed on that."""
    asked = {"region": "JZ24", "referrer": "gi", "urgency": "regulier", "requested": "gesloten"}
    ledgers.tell("referral-registered", DAN, referral="R9", referred_on="2026-01-05", **asked)
    ledgers.tell("machtiging-granted", DAN, **machtiging("M1", "2026-01-10", "2026-01-20", kind="spoed"))
    second = machtiging("M2", "2026-02-01", "2026-03-01") | {"granted_on": "2026-01-25"}
    ledgers.tell("machtiging-granted", DAN, **second)
    ledgers.tell("placement-started", DAN, **placement("P9", "2026-02-10"))
    projector_on(monitor, ledgers).apply(ledgers.batches())

    async def told(on: str) -> tuple[list[str], tuple[object, ...]]:
        found = await case(readers, f"?on={on}", person=DAN)
        [wait] = found["waiting"]
        names = ("machtiging", "titleFrom", "titleUntil", "withTitle", "until")
        return [one["machtiging"] for one in found["titles"]], tuple(wait[name] for name in names)

    assert await told("2026-01-06") == ([], (None, None, None, False, None))
    assert await told("2026-01-12") == (["M1"], ("M1", "2026-01-10", None, True, None))
    assert await told("2026-01-22") == (["M1"], ("M1", "2026-01-10", "2026-01-20", False, None))
    assert await told("2026-01-28") == (["M1", "M2"], ("M1", "2026-01-10", "2026-01-20", False, None))
    assert await told("2026-02-03") == (["M1", "M2"], ("M2", "2026-02-01", None, True, None))
    assert await told("2026-02-10") == (["M1", "M2"], ("M2", "2026-02-01", "2026-02-10", False, "2026-02-10"))


async def test_who_is_away_for_less_than_a_day_has_no_alert_yet_although_it_comes_today(
    readers: Readers, monitor: Engine, ledgers: Ledgers
) -> None:
    ledgers.tell("absence-started", BEN, placement="P3", at="2026-03-02T18:00:00+01:00")
    projector_on(monitor, ledgers).apply(ledgers.batches())

    async def away(query: str) -> list[tuple[str, str]]:
        found = await case(readers, query, person=BEN)
        return [(one["threshold"], one["since"]) for one in found["alerts"] if one["rule"] == "A16"]

    assert await away("") == await away("?on=2026-03-03") == []  # It is 13:00 of that day.
    assert await away("?on=2026-03-04") == [("24-hours", "2026-03-03")]


async def test_the_alerts_of_the_case_are_those_of_the_day_with_the_next_step(readers: Readers) -> None:
    def told(found: dict) -> list[tuple[str, str, str]]:
        return [(one["rule"], one["threshold"], one["since"]) for one in found["alerts"]]

    late = await case(readers, "?on=2026-02-10")
    assert told(late) == [("A03", "no-title", "2026-02-06")]
    assert late["alerts"][0]["nextStep"]["nl"].startswith("Zoek de beschikking op")
    moved = told(await case(readers, "?on=2026-01-11"))
    assert moved == [("A02", "21-days", "2026-01-11"), ("A09", "early", "2026-01-11")]
    assert told(await case(readers, "?on=2025-12-31")) == []


async def test_each_of_the_merged_pseudonyms_leads_to_the_one_case_and_the_look_is_logged(monitor, ledgers) -> None:
    ledgers.tell("placement-started", ANN, **placement("P1", "2025-01-01"))
    ledgers.tell("discharge-recorded", ANN, **discharge("P1", "2025-03-01"))
    ledgers.tell("placement-started", BEN, **placement("P2", "2026-01-01", accommodation="via-almata"))
    ledgers.now += HOUR
    ledgers.tell("pseudonyms-merged", BEN, _record="merge-1", other=ANN)
    projector_on(monitor, ledgers).apply(ledgers.batches())
    readers, before = Readers(monitor), NOON.isoformat().replace("+00:00", "Z")
    token = readers.token("here", "cases:read", accommodations="via-almata")
    async with readers.asking(token) as client:
        one, other = [(await client.get(f"/v1/cases/{name}?on=2026-02-01")).json() for name in (ANN, BEN)]
        then = (await client.get(f"/v1/cases/{BEN}?on=2026-02-01&known={before}")).json()
    assert one == other
    assert (one["person"], one["also"]) == (ANN, [BEN])
    assert [closure["replacement"] for closure in one["closures"]] == [False, True]
    assert [(entry["fact"], entry["state"]) for entry in one["timeline"]] == [
        ("placement-started", "stands"),
        ("discharge-recorded", "stands"),
        ("placement-started", "stands"),
        ("pseudonyms-merged", "stands"),
    ]
    assert [flag["code"] for flag in one["flags"]].count("F17") == 1
    assert (then["person"], then["also"], len(then["closures"])) == (BEN, [], 1)
    assert [line.person for line in readers.people.log.lines()] == [ANN, BEN, BEN]


async def test_a_case_says_that_facts_wait_which_could_not_be_taken(
    monitor: Engine, readers: Readers, ledgers: Ledgers
) -> None:
    at = [NOON, *(NOON + hours * HOUR for hours in (2, 3))]
    for hour, number in enumerate((7, 8)):
        ledgers.now = at[1 + hour]
        ledgers.tell("placement-started", ANN, **placement(f"P{number}", "2026-02-25", accommodation="bug"))
    projector_on(monitor, ledgers, fold=buggy).apply(ledgers.batches())
    known = [f"?known={moment:%Y-%m-%dT%H:%M:%SZ}" for moment in at]
    found = [await case(readers, query) for query in (*known, "")]
    assert [one["parked"] for one in found] == [0, 1, 2, 2]
    assert [one["quarantined"] for one in found] == [False, True, True, True]
    assert [one["final"] for one in found][1:] == [False, False, False]
    assert {one["placement"] for one in found[-1]["placements"]} == {"P1", "P2"}
    assert (await case(readers, person=BEN))["quarantined"] is False


async def test_a_fact_of_the_other_pseudonym_of_one_who_is_quarantined_is_missing_in_the_case(
    monitor: Engine, readers: Readers, ledgers: Ledgers
) -> None:
    ledgers.tell("pseudonyms-merged", BEN, other=ANN)
    projector_on(monitor, ledgers).apply(ledgers.batches())
    ledgers.tell("placement-started", ANN, **placement("P7", "2026-02-25", accommodation="bug"))
    ledgers.tell("discharge-recorded", BEN, **discharge("P3", "2026-02-26"))
    projector_on(monitor, ledgers, fold=buggy).apply(ledgers.batches())
    found = [await case(readers, person=person) for person in (ANN, BEN)]
    assert [(one["quarantined"], one["parked"]) for one in found] == [(True, 2), (True, 2)]
