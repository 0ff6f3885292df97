"""Flags on a day: each is raised when something is missing or contradicts, and goes when it is mended."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from services.monitor.dossier.days import union
from services.monitor.dossier.flags import FLAGS
from services.monitor.flags.standing import counted, standing_flags
from shared.facts.accommodation import AccommodationClosed
from shared.facts.envelope import AcceptedEvent
from tests.unit.dossier.given import (
    OTHER,
    OTHER_SOURCE,
    PERSON,
    SOURCE,
    advised,
    d,
    discharged,
    ended,
    event,
    followed_up,
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
from tests.unit.flags.given import BEGIN, HOME, TITLE, heads, known, of_register, one, places, registered, standing

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
    "F16": ([start("P1", "2025-01-01", precision="month")], start("P1", "2025-01-14", revision=2)),
    "F17": ([BEGIN, HOME, merged("M", "young-person-0009")], withdrawn(merged("M", "young-person-0009"))),
    "F18": (
        [advised("C1", "2025-02-10"), followed_up("C1", "2025-02-01", "executed")],
        followed_up("C1", "2025-02-11", "executed", record="C1:2025-02-01", revision=2),
    ),
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


def test_every_code_is_shown_to_be_raised_and_to_go() -> None:
    assert set(FLAGS) - set(MENDED) == {"F15", "F22"}, "and these two below"


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
    opened_again = registered("2025-01-20")
    assert standing("2025-01-19", *facts, closed, opened_again) == ["F10", "F14"]
    assert standing("2025-01-20", *facts, closed, opened_again) == ["F10"]


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


@pytest.mark.parametrize("precision", ["month", "year"])
def test_a_day_that_is_known_roughly_is_told_and_counts_as_it_is_written(precision: str) -> None:
    rough = start("P1", "2025-01-01", birth_month="2010-01", precision=precision)
    found = one("F16", "2025-03-01", rough, TITLE)
    assert (found.since_on, found.severity, found.about, found.source) == (d("2025-01-01"), "info", "P1", SOURCE)
    assert known(rough, TITLE).dossiers[0].closures == known(BEGIN, TITLE).dossiers[0].closures


def test_a_day_that_is_known_to_the_day_is_not_told_of() -> None:
    assert "F16" not in standing("2025-03-01", start("P1", "2025-01-01", precision="day"), TITLE)
