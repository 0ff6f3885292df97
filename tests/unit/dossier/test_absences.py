"""From which closure somebody withdrew, and when an absence was over."""

from datetime import UTC, datetime

import pytest

from services.monitor.dossier.absences import closure_of, over_at
from services.monitor.dossier.state import Dossier
from tests.unit.dossier.given import OTHER_SOURCE, absent, d, discharged, folded, returned, start

TWO_CLOSURES = (
    *(start("P1", "2024-01-10"), discharged("P1", "2024-02-10")),
    *(start("P2", "2024-03-10"), discharged("P2", "2024-08-10")),
)
NOON = "2024-04-10T12:00:00+02:00"


def number(dossier: Dossier) -> int | None:
    """Of the closure that the only absence is from."""
    (absence,) = dossier.absences
    closure = closure_of(absence, dossier)
    return closure.number if closure else None


def test_it_is_the_closure_of_the_placement_that_is_named() -> None:
    assert number(folded(*TWO_CLOSURES, absent("P2", NOON))) == 2
    assert number(folded(*TWO_CLOSURES, absent("P1", NOON))) == 1


def test_of_a_placement_that_nobody_started_it_is_the_closure_that_is_open_on_the_day() -> None:
    assert number(folded(*TWO_CLOSURES, absent("P9", NOON))) == 2
    assert number(folded(*TWO_CLOSURES, absent("P9", "2024-02-09T22:30:00+00:00"))) == 1
    assert number(folded(*TWO_CLOSURES, absent("P9", "2024-02-09T23:30:00+00:00"))) is None


def test_of_a_placement_that_was_joined_it_is_the_one_that_it_is_part_of() -> None:
    restarted = (start("P1", "2024-01-10"), discharged("P1", "2024-02-10"), start("P2", "2024-02-10"))
    assert number(folded(*restarted, absent("P2", NOON))) == 1


def test_under_another_regime_it_is_none() -> None:
    assert number(folded(*TWO_CLOSURES, start("P3", "2024-03-20", at="C", regime="wvggz"), absent("P3", NOON))) is None


def test_of_two_institutions_that_number_alike_the_own_counts() -> None:
    found = folded(
        *(start("P1", "2024-01-10", at="A"), discharged("P1", "2024-02-10")),
        *(start("P1", "2024-03-10", at="C", source=OTHER_SOURCE), absent("P1", NOON, source=OTHER_SOURCE)),
    )
    assert number(found) == 2


EVENING, MORNING = "2024-04-10T20:00:00+02:00", "2024-04-11T08:00:00+02:00"


def until(dossier: Dossier) -> list[str | None]:
    """When each absence was over, as text."""
    return [str(one.until_at) if one.until_at else None for one in dossier.absences]


def test_the_return_ends_it_whoever_tells_it() -> None:
    found = folded(start("P2", "2024-03-10"), absent("P2", EVENING), returned("P2", MORNING, source=OTHER_SOURCE))
    assert until(found) == [MORNING.replace("T", " ")]


def test_a_return_to_the_institution_that_numbers_alike_ends_nothing() -> None:
    stays = start("P1", "2024-01-10", at="A"), start("P1", "2024-03-10", at="C", source=OTHER_SOURCE)
    assert until(folded(*stays, absent("P1", EVENING, source=OTHER_SOURCE), returned("P1", MORNING))) == [None]


def test_after_an_administrative_restart_the_return_may_name_either_part() -> None:
    restarted = (start("P1", "2024-01-10"), discharged("P1", "2024-04-11"), start("P2", "2024-04-11"))
    found = folded(*restarted, absent("P1", EVENING), returned("P2", MORNING))
    assert until(found) == [MORNING.replace("T", " ")]


def test_two_records_of_one_moment_are_one_absence() -> None:
    again = absent("P2", "2024-04-10T18:00:00+00:00", record="again", time=1)
    first, other = absent("P2", EVENING), absent("P2", MORNING)
    found = folded(start("P2", "2024-03-10"), first, again, other)
    assert [(one.record, str(one.from_at)[:10]) for one in found.absences] == [
        (first.record, "2024-04-10"),
        (other.record, "2024-04-11"),
    ]
    assert found.absences == folded(other, again, first, start("P2", "2024-03-10")).absences


@pytest.mark.parametrize(
    ("back", "left", "over"),
    [
        (None, None, None),
        ("2024-04-11T12:00:00+02:00", None, datetime(2024, 4, 11, 10, tzinfo=UTC)),
        ("2024-04-11T12:00:00+02:00", "2024-04-12", datetime(2024, 4, 11, 10, tzinfo=UTC)),
        ("2024-04-13T12:00:00+02:00", "2024-04-12", datetime(2024, 4, 11, 22, tzinfo=UTC)),
        (None, "2024-04-12", datetime(2024, 4, 11, 22, tzinfo=UTC)),
    ],
    ids=("away", "back", "back, then left", "left before the return", "left"),
)
def test_it_is_over_at_the_return_or_when_the_stay_ended(
    back: str | None, left: str | None, over: datetime | None
) -> None:
    found = folded(start("P2", "2024-03-10"), absent("P2", NOON), *([returned("P2", back)] if back else []))
    assert over_at(found.absences[0], d(left) if left else None) == over
