"""Alerts wait while a history is read in, and not for ever."""

from datetime import UTC, datetime, timedelta

from services.monitor.alerts.watching import SETTLING, SETTLING_FACTS_MAX, SETTLING_MAX, Pace

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_what_was_there_at_the_start_is_no_flood() -> None:
    assert Pace().settled(1_000_000, NOON)


def test_a_flood_waits_until_it_is_over() -> None:
    pace = Pace()
    assert pace.settled(0, NOON)
    assert not pace.settled(SETTLING_FACTS_MAX + 1, NOON + SECOND)
    assert not pace.settled(SETTLING_FACTS_MAX + 1, NOON + SETTLING)
    assert pace.settled(SETTLING_FACTS_MAX + 1, NOON + SETTLING + SECOND)


def test_a_flood_that_came_during_a_long_look_is_one_too() -> None:
    pace = Pace()
    assert pace.settled(0, NOON)
    assert not pace.settled(SETTLING_FACTS_MAX + 1, NOON + 2 * SETTLING)
    assert pace.settled(SETTLING_FACTS_MAX + 1, NOON + 3 * SETTLING)


def test_the_pace_of_a_country_never_waits() -> None:
    pace = Pace()
    assert all(pace.settled(number, NOON + number * SECOND) for number in range(200))


def test_a_flood_without_an_end_is_looked_at_now_and_then() -> None:
    pace = Pace()
    looks = [
        pace.settled(number * 2_000, NOON + number * SECOND) for number in range(int(SETTLING_MAX.total_seconds()) * 2)
    ]
    assert looks.count(True) == 2


def test_a_look_in_the_middle_of_a_flood_is_told_from_one_in_calm() -> None:
    pace = Pace()
    assert pace.settled(0, NOON)
    assert pace.calm
    assert not pace.flooded(SETTLING_FACTS_MAX, NOON + SECOND)
    assert pace.flooded(SETTLING_FACTS_MAX + 1, NOON + SECOND)
    assert not pace.settled(SETTLING_FACTS_MAX + 1, NOON + SECOND)
    assert pace.settled(SETTLING_FACTS_MAX * 3_600, NOON + SETTLING_MAX + SECOND)
    assert not pace.calm
