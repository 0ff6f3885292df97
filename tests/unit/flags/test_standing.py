"""Flags on a day: each is raised when something is missing or contradicts, and goes when it is mended."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from services.monitor.accommodations import fold_register
from services.monitor.dossier.days import Interval, union
from services.monitor.dossier.flags import FLAGS, RAISED
from services.monitor.flags.standing import Standing, counted, standing_flags
from services.monitor.history.known import Known
from shared.facts.accommodation import AccommodationClosed, AccommodationRegistered, CapacityChanged, OccupancyCounted
from shared.facts.envelope import AcceptedEvent
from shared.facts.fact import Fact
from tests.unit.dossier.given import (
    OTHER,
    OTHER_SOURCE,
    PERSON,
    SOURCE,
    d,
    discharged,
    ended,
    event,
    folded,
    granted,
    merged,
    moved,
    referral_closed,
    referred,
    resumed,
    start,
    suspended,
    withdrawn,
)

LATER = datetime(2030, 1, 1, tzinfo=UTC)
OPEN = {"provider": "p", "name": "A", "municipality": "Ergens", "region": "JZ24", "area": "zuid-west"}
_numbers = count()


def of_register(fact: Fact) -> AcceptedEvent:
    """A fact about an accommodation."""
    return event(fact, record=f"register-{next(_numbers)}", person=None)


def registered(on: str, *, accommodation: str = "A") -> AcceptedEvent:
    return of_register(AccommodationRegistered(accommodation=accommodation, on=d(on), **OPEN))


def places(on: str, number: int, *, group: str | None = None) -> AcceptedEvent:
    change: dict[str, Any] = {"closure": "gesloten", "procurement": "regionaal", "group": group}
    return of_register(CapacityChanged(accommodation="A", from_on=d(on), places=number, **change))


def heads(on: str, number: int, *, record: str | None = None, revision: int = 1) -> AcceptedEvent:
    fact = OccupancyCounted(accommodation="A", counted_on=d(on), heads=number)
    return event(fact, record=record or f"register-{next(_numbers)}", person=None, revision=revision)


REGISTERED = registered("2010-01-01")


def known(
    *facts: AcceptedEvent, heard: Sequence[Interval] = (), at: datetime = LATER, register: AcceptedEvent = REGISTERED
) -> Known:
    """What follows from these facts about a person and about accommodations; A is registered unless said otherwise."""
    about = [fact for fact in facts if fact.subject]
    folds = tuple(folded(*about, person=person) for person in sorted({fact.subject for fact in about}))
    accommodations = fold_register([register, *(fact for fact in facts if not fact.subject)])
    return Known(folds, accommodations, {}, at, final=True, heard={SOURCE: heard} if heard else {})


def standing(on: str, *facts: AcceptedEvent, **more: Any) -> list[str]:
    """The codes that stand on this day, in order."""
    return [flag.code for flag in standing_flags(known(*facts, **more), on=d(on))]


def one(code: str, on: str, *facts: AcceptedEvent, **more: Any) -> Standing:
    [found] = [flag for flag in standing_flags(known(*facts, **more), on=d(on)) if flag.code == code]
    return found


BEGIN = start("P1", "2025-01-01", birth_month="2010-01")
TITLE = granted("M1", "2025-01-01", "2025-12-31")
HOME = discharged("P1", "2025-02-01")


MENDED: dict[str, tuple[Sequence[AcceptedEvent], AcceptedEvent]] = {
    "F1": (
        [BEGIN, TITLE, start("P2", "2025-01-15", at="B"), discharged("P2", "2025-03-01"), HOME],
        discharged("P1", "2025-01-15", revision=2),
    ),
    "F2": ([BEGIN, TITLE, start("P2", "2025-03-01", at="B")], moved("P1", "2025-03-01")),
    "F3": ([BEGIN, TITLE, moved("P1", "2025-02-01")], start("P2", "2025-02-01", at="B")),
    "F4": ([HOME], BEGIN),
    "F5": ([BEGIN, TITLE, discharged("P1", "2024-12-01")], discharged("P1", "2025-02-01", revision=2)),
    "F6": ([BEGIN, HOME], TITLE),
    "F7": ([TITLE], ended("M1", "2025-03-01")),
    "F8": ([granted("M1", "2025-01-01", "2026-01-02")], granted("M1", "2025-01-01", "2026-01-01", revision=2)),
    "F9": ([TITLE, resumed("M1", "2025-02-01")], suspended("M1", "2025-01-20")),
    "F10": ([start("P1", "2025-01-01", at="B"), TITLE], registered("2024-01-01", accommodation="B")),
    "F11": ([start("P1", "2025-01-01", birth_month="2015-01")], start("P1", "2025-01-01", revision=2)),
    "F12": (
        [BEGIN, TITLE, discharged("P1", "2025-02-01", destination="unknown")],
        discharged("P1", "2025-02-01", revision=2),
    ),
    "F13": ([heads("2025-01-15", 3)], BEGIN),
    "F14": ([BEGIN, places("2024-01-01", 10), places("2025-02-01", 0)], HOME),
    "F17": ([BEGIN, HOME, merged("M", "young-person-0009")], withdrawn(merged("M", "young-person-0009"))),
    "F19": ([TITLE, suspended("M1", "2026-02-01")], granted("M1", "2025-01-01", "2026-03-01", revision=2)),
    "F20": (
        [BEGIN, TITLE, HOME, start("P2", "2025-02-01")],
        start("P2", "2025-02-02", revision=2),
    ),
    "F21": (
        [BEGIN, discharged("P1", "2025-01-10", destination="deceased", end_mode="deceased"), start("P2", "2025-03-01")],
        discharged("P1", "2025-01-10", revision=2),
    ),
    "F23": (
        [BEGIN, discharged("P1", "2025-02-01"), moved("P1", "2025-02-02")],
        discharged("P1", "2025-02-02", revision=2),
    ),
    "F24": (
        [BEGIN, event(BEGIN.data, record="again")],
        event(BEGIN.data.model_copy(update={"placement": "P9"}), record="again", revision=2),
    ),
    "F25": (
        [BEGIN, event(BEGIN.data.model_copy(update={"route": "crisis"}), record="P1", time=1)],
        start("P1", "2025-01-01", revision=2),
    ),
    "F26": ([ended("M1", "2025-03-01")], TITLE),
}  # fmt: skip


@pytest.mark.parametrize("code", MENDED)
def test_a_flag_stands_until_the_fact_that_mends_it_is_there(code: str) -> None:
    facts, mending = MENDED[code]
    assert code in standing("2026-12-01", *facts)
    if code == "F23":
        mending = moved("P1", "2025-02-01", revision=2)
        facts = [facts[0], facts[2]]
    assert code not in standing("2026-12-01", *facts, mending)


def test_every_code_that_can_be_raised_is_shown_to_be_raised_and_to_go() -> None:
    assert set(RAISED) - set(MENDED) == {"F15", "F22"}, "and these two below"


def test_a_doorplaatsing_without_arrival_counts_after_3_days_and_is_severe_after_14() -> None:
    facts = BEGIN, TITLE, moved("P1", "2025-02-01")
    asked = [standing_flags(known(*facts), on=d(f"2025-02-{day}")) for day in ("03", "04", "14", "15")]
    ages = [[flag.severity for flag in found] for found in asked]
    assert ages == [[], ["warning"], ["warning"], ["severe"]]


def test_an_unknown_destination_counts_after_14_days() -> None:
    facts = BEGIN, TITLE, discharged("P1", "2025-02-01", destination="unknown")
    assert [standing(on, *facts) for on in ("2025-02-14", "2025-02-15")] == [[], ["F12"]]


def test_days_without_title_count_when_they_are_more_than_5_days_old_and_are_told_as_one_row() -> None:
    facts = BEGIN, granted("M1", "2025-01-01", "2025-02-01")
    assert [standing(on, *facts) for on in ("2025-02-06", "2025-02-07")] == [[], ["F6"]]
    assert one("F6", "2025-02-10", *facts).until_on is None
    late = granted("M2", "2025-02-09", "2025-06-01")
    mended = one("F6", "2025-03-01", *facts, late)
    assert (mended.since_on, mended.until_on, mended.severity) == (d("2025-02-01"), d("2025-02-09"), "severe")


def test_a_flag_of_later_days_does_not_stand_yet() -> None:
    assert standing("2025-01-31", BEGIN, TITLE, start("P2", "2025-02-01"), discharged("P1", "2025-02-01")) == []


@pytest.mark.parametrize(
    ("placed", "counted_heads", "expected"),
    [
        (1, 3, []),
        (1, 4, ["F13"]),
        (3, 1, []),
        (3, 0, ["F13"]),
        (60, 63, []),  # 5% of them
        (60, 57, []),
        (60, 64, ["F13"]),
        (60, 56, ["F13"]),
    ],
)
def test_heads_that_differ_by_more_than_2_and_by_more_than_5_percent_are_f13(placed, counted_heads, expected) -> None:
    stays = [start(f"P{n}", "2025-01-01", person=f"young-person-{n:04}") for n in range(placed)]
    found = standing_flags(known(*stays, heads("2025-01-03", counted_heads)), on=d("2025-01-04"))
    assert [flag.code for flag in found] == expected


def test_who_came_on_the_day_of_a_count_was_there_and_who_left_on_it_was_not_and_each_person_once() -> None:
    there = [start(f"P{n}", "2025-01-01", person=f"young-person-{n:04}") for n in range(3)]
    left = [discharged("P0", "2025-01-03", person="young-person-0000"), heads("2025-01-03", 0)]
    twice = [start("P9", "2025-01-02", person="young-person-0001")]
    elsewhere = [start("P8", "2025-01-01", regime="wvggz", person=OTHER), start("P7", "2025-01-01", at="B", person="x")]
    assert "F13" not in standing("2025-01-03", *there, *left, *twice, *elsewhere)
    came = start("P6", "2025-01-03", person="young-person-0006")
    assert "F13" in standing("2025-01-03", *there, *left, came)


def test_the_last_count_up_to_the_day_is_held_against_the_placements_of_its_own_day() -> None:
    counts = heads("2025-01-15", 4), heads("2025-02-10", 0), heads("2025-03-10", 5)
    facts = BEGIN, TITLE, HOME, *counts
    asked = ("2025-01-14", "2025-01-15", "2025-02-09", "2025-02-10", "2025-03-09", "2025-03-10")
    assert [standing(on, *facts) for on in asked] == [[], ["F13"], ["F13"], [], [], ["F13"]]
    found = one("F13", "2025-02-09", *facts)
    assert (found.about, found.source, found.person, found.since_on) == ("A", SOURCE, None, d("2025-01-15"))
    assert (found.accommodation, found.region, found.severity) == ("A", "JZ24", "warning")


def test_a_count_is_corrected_and_withdrawn_as_any_record() -> None:
    wrong = heads("2025-01-15", 9, record="count")
    assert standing("2025-01-20", BEGIN, TITLE, wrong) == ["F13"]
    assert standing("2025-01-20", BEGIN, TITLE, wrong, heads("2025-01-15", 1, record="count", revision=2)) == []
    assert standing("2025-01-20", BEGIN, TITLE, wrong, withdrawn(wrong)) == []


@pytest.mark.parametrize(
    ("facts", "on", "since"),
    [
        ([places("2025-02-01", 0)], "2025-03-01", "2025-02-01"),
        ([places("2020-01-01", 0)], "2025-03-01", "2025-01-01"),
        ([of_register(AccommodationClosed(accommodation="A", on=d("2025-02-10")))], "2025-03-01", "2025-02-10"),
    ],
)
def test_somebody_where_there_is_no_place_is_f14_since_both_are_so(facts, on: str, since: str) -> None:
    found = one("F14", on, BEGIN, TITLE, *facts)
    assert (found.about, found.source, found.person, found.since_on) == ("A", SOURCE, None, d(since))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([], []),
        ([places("2025-02-01", 0, group="g"), places("2025-01-01", 3, group="h")], []),
        ([places("2025-02-01", 0, group="g"), places("2025-01-01", 0, group="h")], ["F14"]),
        ([places("2025-02-01", 0), places("2025-02-20", 8)], []),
        ([places("2025-03-02", 0)], []),
    ],
)
def test_places_of_any_group_are_places_and_what_nobody_said_is_not_none(changes, expected) -> None:
    assert standing("2025-03-01", BEGIN, TITLE, *changes) == expected


def test_a_start_before_the_registration_or_after_the_closing_is_f10() -> None:
    facts = BEGIN, TITLE
    assert standing("2025-02-01", *facts, register=registered("2025-01-02")) == ["F10"]
    assert standing("2025-02-01", *facts, register=registered("2025-01-01")) == []
    closed = of_register(AccommodationClosed(accommodation="A", on=d("2025-01-01")))
    assert "F10" in standing("2025-02-01", *facts, closed)


def test_what_was_recorded_more_than_90_days_after_it_was_true_is_late_for_90_days() -> None:
    def recorded(days_late: int) -> AcceptedEvent:
        began = datetime(2025, 1, 1, 12, tzinfo=UTC)
        return BEGIN.model_copy(update={"time": began + timedelta(days=days_late)})

    assert "F15" not in standing("2025-04-01", recorded(90), TITLE)
    found = one("F15", "2025-04-02", recorded(91), TITLE)
    assert (found.since_on, found.severity, found.about) == (d("2025-04-02"), "info", "P1")
    late = [code for on in ("2025-04-01", "2025-06-30", "2025-07-01") for code in standing(on, recorded(91), TITLE)]
    assert late == ["F15"]
    mended = start("P1", "2025-03-01", revision=2)
    assert "F15" not in standing("2025-04-02", recorded(91), mended, TITLE)


HEARD = union([(d("2025-01-01"), d("2025-01-05")), (d("2025-01-20"), d("2025-01-21"))])


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2024-12-31", []),  # never heard yet
        ("2025-01-04", []),
        ("2025-01-06", []),
        ("2025-01-07", ["warning"]),
        ("2025-01-11", ["warning"]),
        ("2025-01-12", ["severe"]),
        ("2025-01-20", []),  # heard again
        ("2025-01-23", ["warning"]),
    ],
)
def test_a_silent_source_is_f22_until_it_is_heard(on: str, expected: list[str]) -> None:
    assert [flag.severity for flag in standing_flags(known(heard=HEARD), on=d(on))] == expected


def test_nobody_expects_to_have_heard_a_source_after_the_moment_that_is_asked_about() -> None:
    at = datetime(2025, 1, 20, 20, tzinfo=UTC)
    assert standing_flags(known(heard=HEARD, at=at), on=date(2025, 3, 1)) == ()


def test_a_flag_names_where_its_placement_is_and_who_reported_it() -> None:
    facts = [start("P1", "2025-01-01", at="A", source=OTHER_SOURCE), start("P2", "2025-02-01", at="B"), TITLE]
    found = one("F2", "2025-03-01", *facts)
    assert (found.about, found.accommodation, found.region, found.source) == ("P1", "A", "JZ24", OTHER_SOURCE)


def test_the_worst_come_first_and_each_is_counted() -> None:
    facts = BEGIN, HOME, start("P2", "2025-02-01"), referred("R1", "2025-01-02"), referral_closed("R1", "2025-01-01")
    other = start("P3", "2025-05-01", person=OTHER)
    found = standing_flags(known(*facts, other), on=d("2025-12-01"))
    assert [flag.severity for flag in found] == sorted(
        (flag.severity for flag in found), key=("severe", "warning", "info").index
    )
    assert counted(found) == {"F5": 1, "F6": 3 - 1, "F20": 1}
    assert {flag.person for flag in found} == {PERSON, OTHER}


def test_what_awaits_a_fact_is_said_and_never_raised() -> None:
    assert [code for code, kind in FLAGS.items() if kind.awaits] == ["F16", "F18"]
