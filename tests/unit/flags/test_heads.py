"""Heads that an accommodation counted itself, against the young people who were placed there (F13)."""

import pytest

from services.monitor.flags.standing import standing_flags
from tests.unit.dossier.given import OTHER, SOURCE, d, discharged, start, withdrawn
from tests.unit.flags.given import BEGIN, HOME, TITLE, heads, known, one, standing


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
