"""The table of flags, and the flags on what is said at the start and at the end of a placement."""

import pytest

from services.monitor.dossier.flags import FLAGS
from shared.facts.envelope import AcceptedEvent
from tests.unit.dossier.given import OTHER_SOURCE, SOURCE, codes, discharged, folded, listed, moved, start, unlisted


def test_every_code_says_what_it_means_and_what_clears_it() -> None:
    assert all(kind.meaning.endswith(".") and kind.clears.endswith(".") for kind in FLAGS.values())


def test_a_flag_is_said_once_however_often_it_is_seen() -> None:
    facts = discharged("P1", "2024-02-10", record="a"), discharged("P1", "2024-02-10", record="b")
    assert codes(folded(*facts)) == ["F4"]


def test_an_unknown_destination_is_f12_until_it_is_known() -> None:
    begin, end = start("P1", "2024-01-10"), discharged("P1", "2024-02-10", destination="unknown")
    assert codes(folded(begin, end)) == ["F12"]
    assert codes(folded(begin, end, discharged("P1", "2024-02-10", revision=2))) == []


@pytest.mark.parametrize(
    ("code", "end"),
    [
        ("F3", moved("P1", "2024-02-10", source=OTHER_SOURCE)),
        ("F12", discharged("P1", "2024-02-10", destination="unknown", source=OTHER_SOURCE)),
    ],
)
def test_what_is_odd_about_an_end_is_told_to_who_reported_the_end(code: str, end: AcceptedEvent) -> None:
    [flag] = folded(start("P1", "2024-01-10"), end).flags
    assert (flag.code, flag.about, flag.source) == (code, "P1", OTHER_SOURCE)


def test_after_a_restart_it_is_who_reported_the_end_of_the_last_part() -> None:
    restarted = start("P1", "2024-01-10"), discharged("P1", "2024-02-10"), start("P2", "2024-02-10")
    left = moved("P2", "2024-03-10", source=OTHER_SOURCE)
    flags = {flag.code: (flag.about, flag.source) for flag in folded(*restarted, left).flags}
    assert flags == {"F3": ("P1", OTHER_SOURCE), "F20": ("P2", SOURCE)}


def test_an_arrival_from_nowhere_is_f4_also_of_a_placement_that_was_joined() -> None:
    restarted = start("P1", "2024-01-10"), discharged("P1", "2024-02-10")
    arrived = start("P2", "2024-02-10", arrives_from="P9")
    assert sorted(codes(folded(*restarted, arrived))) == ["F20", "F4"]
    assert codes(folded(*restarted, start("P2", "2024-02-10", arrives_from="P1"))) == ["F20"]


@pytest.mark.parametrize(
    ("birth_month", "expected"),
    [
        ("2012-02", [("F11", "warning")]),  # 11 years and 11 months, or a month less
        ("2012-01", []),  # may be 12
        ("2006-01", []),  # may be 17
        ("2005-12", [("F11", "warning")]),  # 18
        ("2005-07", [("F11", "warning")]),  # may be under 18 and a half
        ("2005-06", [("F11", "severe")]),
        ("2016-02", [("F11", "severe")]),  # 7
        ("2016-01", [("F11", "warning")]),  # may be 8
    ],
)
def test_an_age_outside_the_law_at_the_start_is_f11(birth_month: str, expected: list[tuple[str, str]]) -> None:
    dossier = folded(start("P1", "2024-01-10", birth_month=birth_month))
    assert [(flag.code, flag.severity) for flag in dossier.flags] == expected


def test_a_start_on_the_day_of_a_death_is_no_f21() -> None:
    death = discharged("P1", "2024-02-10", destination="deceased", end_mode="deceased")
    assert codes(folded(start("P1", "2024-01-10"), death, start("P2", "2024-02-10", at="B"))) == []


def test_a_start_after_a_death_is_f21_until_the_death_is_corrected() -> None:
    facts = [start("P1", "2024-01-10"), start("P2", "2024-03-10", at="B")]
    death = discharged("P1", "2024-02-10", destination="deceased", end_mode="deceased")
    assert [(flag.code, flag.about) for flag in folded(*facts, death).flags] == [("F21", "P2")]
    assert codes(folded(*facts, death, discharged("P1", "2024-02-10", revision=2))) == []


def test_a_start_after_somebody_died_on_a_waiting_list_is_f21() -> None:
    wait, stay = listed("W1", "2024-01-10"), start("P1", "2024-03-10")
    died = unlisted("W1", "2024-02-10", reason="deceased")
    assert [(flag.code, flag.about) for flag in folded(wait, died, stay).flags] == [("F21", "P1")]
    assert codes(folded(wait, unlisted("W1", "2024-03-10", reason="deceased"), stay)) == []
    assert codes(folded(wait, unlisted("W1", "2024-02-10"), stay)) == []
