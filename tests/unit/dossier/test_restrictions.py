"""To which closure, and which place, measures belong: of the placement they name, or else inside in the quarter."""

import pytest

from services.monitor.dossier.restrictions import restrictions_at, restrictions_by_closure
from services.monitor.dossier.state import Dossier
from shared.facts.envelope import AcceptedEvent
from tests.unit.dossier.given import OTHER_SOURCE, codes, d, discharged, folded, moved, restricted, start

TWO_CLOSURES = (
    *(start("P1", "2024-01-10"), discharged("P1", "2024-02-10")),
    *(start("P2", "2024-03-10"), discharged("P2", "2024-08-10")),
)


def numbers(dossier: Dossier, a: str = "2024-01-01", b: str = "2025-01-01") -> dict[int, list[str]]:
    """The quarters of the measures of each closure."""
    found = restrictions_by_closure(dossier, a=d(a), b=d(b))
    return {number: [one.quarter for one in measures] for number, measures in found.items()}


def test_they_belong_to_the_closure_of_the_placement_they_name() -> None:
    found = folded(*TWO_CLOSURES, restricted("P1", "2024-Q1"), restricted("P2", "2024-Q2"))
    assert numbers(found) == {1: ["2024-Q1"], 2: ["2024-Q2"]}


def test_without_a_care_day_in_the_quarter_they_belong_to_none() -> None:
    assert numbers(folded(*TWO_CLOSURES, restricted("P1", "2024-Q2"))) == {}


def test_of_a_placement_that_nobody_started_they_belong_to_who_was_inside_last_in_the_quarter() -> None:
    found = folded(*TWO_CLOSURES, restricted("P9", "2024-Q1"))
    assert codes(found) == ["F4"]
    assert numbers(found) == {2: ["2024-Q1"]}
    assert numbers(folded(*TWO_CLOSURES, restricted("P9", "2024-Q4"))) == {}


def test_of_such_a_placement_one_with_a_day_belongs_to_who_was_inside_then() -> None:
    found = folded(*TWO_CLOSURES, restricted("P9", "2024-Q1", on="2024-02-09"))
    assert numbers(found) == {1: ["2024-Q1"]}
    assert numbers(folded(*TWO_CLOSURES, restricted("P9", "2024-Q1", on="2024-02-10"))) == {}


def test_of_a_placement_that_was_joined_they_belong_to_the_one_it_is_part_of() -> None:
    restarted = (start("P1", "2024-01-10"), discharged("P1", "2024-02-10"), start("P2", "2024-02-10"))
    found = folded(*restarted, restricted("P2", "2024-Q1"))
    assert [stay.placement for stay in found.placements] == ["P1"]
    assert numbers(found) == {1: ["2024-Q1"]}


def test_under_another_regime_they_belong_to_no_closure() -> None:
    found = folded(*TWO_CLOSURES, start("P3", "2024-03-20", at="C", regime="wvggz"), restricted("P3", "2024-Q1"))
    assert numbers(found) == {}


def test_of_two_institutions_that_number_alike_the_own_counts() -> None:
    found = folded(
        *(start("P1", "2024-01-10", at="A"), discharged("P1", "2024-02-10")),
        *(start("P1", "2024-06-10", at="C", source=OTHER_SOURCE), restricted("P1", "2024-Q3", source=OTHER_SOURCE)),
    )
    assert numbers(found) == {2: ["2024-Q3"]}


@pytest.mark.parametrize(
    ("a", "b", "counted"),
    [
        ("2024-01-01", "2024-04-01", True),
        ("2023-12-31", "2024-04-02", True),
        ("2024-01-02", "2024-04-01", False),
        ("2024-01-01", "2024-03-31", False),
    ],
)
def test_only_quarters_that_lie_wholly_within_count(a: str, b: str, *, counted: bool) -> None:
    assert bool(numbers(folded(*TWO_CLOSURES, restricted("P1", "2024-Q1")), a, b)) is counted


MOVED = (
    *(start("P1", "2024-01-10", at="A"), moved("P1", "2024-02-10", to="B")),
    *(start("P2", "2024-02-12", at="B"), discharged("P2", "2024-08-10")),
)


def places(*facts: AcceptedEvent) -> list[tuple[str, str]]:
    """Where the measures of 2024 were taken, and in which quarter."""
    found = restrictions_at(folded(*MOVED, *facts), a=d("2024-01-01"), b=d("2025-01-01"))
    return [(at, one.quarter) for at, one in found]


def test_they_were_taken_in_the_accommodation_of_the_placement_they_name() -> None:
    assert places(restricted("P1", "2024-Q1")) == [("A", "2024-Q1")]
    assert places(restricted("P2", "2024-Q1")) == [("B", "2024-Q1")]


@pytest.mark.parametrize(
    ("on", "expected"), [("2024-02-09", "A"), ("2024-02-11", "A"), ("2024-02-12", "B"), (None, "B")]
)
def test_of_a_placement_that_nobody_started_they_were_taken_in_the_last_one_by_then(
    on: str | None, expected: str
) -> None:
    assert places(restricted("P9", "2024-Q1", on=on)) == [(expected, "2024-Q1")]


def test_what_belongs_to_no_closure_was_taken_nowhere() -> None:
    assert places(restricted("P1", "2024-Q4")) == []
