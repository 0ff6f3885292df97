"""Where accommodations lie, seen from where young people come from, counted by hand, and what those outside see."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from services.monitor.accommodations import Accommodation, Register
from services.monitor.disclosure.disclose import Audience
from services.monitor.dossier.state import Dossier
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.publication import published
from services.monitor.figures.question import Question, Window
from services.monitor.figures.shown import Cell, Shown, ShownTable
from services.monitor.history.known import Known
from tests.unit.dossier.given import discharged, folded, moved, start
from tests.unit.figures.asked import YEAR_2024, asked, counts, known

ON = "2025-01-31"
REGISTER = Register(
    (
        Accommodation("here", provider="north", region="JZ24", area="zuid-west"),
        Accommodation("near", provider="north", region="JZ29", area="zuid-west"),
        Accommodation("far", provider="south", region="JZ41", area="zuid"),
        Accommodation("closed", closed_on=date(2024, 12, 1)),
    ),
    (),
)


def stay(number: int, on: str, *, at: str, region: str = "JZ24", until: str | None = None) -> Dossier:
    """Somebody from a region who was placed."""
    person = f"young-person-{number:04d}"
    facts = [start(f"P{number}", on, at=at, region=region, person=person)]
    if until:
        facts.append(discharged(f"P{number}", until, person=person))
    return folded(*facts, person=person)


MOVED = folded(
    start("P1", "2024-02-01", at="here", person="young-person-0001"),
    moved("P1", "2024-05-01", to="near", person="young-person-0001"),
    start("P2", "2024-05-01", at="near", person="young-person-0001"),
    person="young-person-0001",
)
FOUR = known(
    MOVED, stay(2, "2024-03-01", at="far"), stay(3, "2024-12-31", at="nobody-registered-it"), register=REGISTER
)
"""The worked example of the definition."""


def test_the_example_by_hand() -> None:
    found = asked("nearness", FOUR, on=ON, window=YEAR_2024)
    assert (found.n, counts(found, "near")) == (4, {"own-region": 1, "own-area": 1, "other-area": 1, "unknown": 1})
    assert [case.key for case in found.cases] == ["P2", "P2"]
    assert [case.person for case in found.cases] == ["young-person-0001", "young-person-0002"]


def test_a_closure_is_where_its_first_placement_is() -> None:
    found = asked("nearness", FOUR, on=ON, window=YEAR_2024, of="closures")
    assert (found.n, counts(found, "near")) == (3, {"own-region": 1, "other-area": 1, "unknown": 1})


def test_the_window_is_half_open_and_what_starts_after_the_date_has_not_started() -> None:
    first_half, second_half = ("2024-01-01", "2024-05-01"), ("2024-05-01", "2024-12-31")
    assert counts(asked("nearness", FOUR, on=ON, window=first_half), "near") == {"own-region": 1, "other-area": 1}
    assert counts(asked("nearness", FOUR, on=ON, window=second_half), "near") == {"own-area": 1}
    assert asked("nearness", FOUR, on="2024-04-30", window=YEAR_2024).n == 2
    assert asked("nearness", FOUR, on="2024-05-01", window=YEAR_2024).n == 3


def test_in_and_out_on_one_day_is_a_placement_and_so_is_each_of_two_at_once() -> None:
    short = stay(4, "2024-06-01", at="near", until="2024-06-01")
    two = folded(start("P1", "2024-06-01", at="here"), start("P2", "2024-06-01", at="far"))
    found = asked("nearness", known(short, two, register=REGISTER), on=ON, window=YEAR_2024)
    assert counts(found, "near") == {"own-area": 1, "own-region": 1, "other-area": 1}


@pytest.mark.parametrize(
    ("at", "region", "nearness"),
    [
        ("here", "JZ24", "own-region"),
        ("here", "JZ29", "own-area"),
        ("here", "JZ01", "other-area"),
        ("far", "JZ42", "own-area"),
        ("closed", "JZ24", "unknown"),
    ],
)
def test_an_accommodation_is_near_or_far_by_its_region_and_that_of_the_young_person(
    at: str, region: str, nearness: str
) -> None:
    people = known(stay(1, "2024-03-01", at=at, region=region), register=REGISTER)
    assert counts(asked("nearness", people, on=ON, window=YEAR_2024), "near") == {nearness: 1}


def test_groups_add_up_to_the_total_and_a_part_is_its_group() -> None:
    by_provider = counts(asked("nearness", FOUR, on=ON, window=YEAR_2024, split="provider"), "near")
    assert {key: n for key, n in by_provider.items() if key[0] != "total"} == {
        ("north", "own-region"): 1,
        ("north", "own-area"): 1,
        ("south", "other-area"): 1,
        ("unknown", "unknown"): 1,
    }
    part = asked("nearness", FOUR, on=ON, window=YEAR_2024, where={"provider": "north"})
    assert (part.n, counts(part, "near")) == (2, {"own-region": 1, "own-area": 1})


def country() -> Known:
    """In 2023 forty in their region, thirty in the area, twenty in another, ten of these by a move, 15 unknown."""
    found, number = [], 0
    for at, many in (("here", 40), ("near", 30), ("far", 10), ("somewhere", 15)):
        for _ in range(many):
            number += 1
            found.append(stay(number, str(date(2023, 2, 1) + timedelta(days=number)), at=at, until="2023-11-01"))
    for _ in range(10):
        number += 1
        person, key = f"young-person-{number:04d}", f"P{number}"
        facts = [
            *(start(key, "2022-12-01", at="here", person=person), moved(key, "2023-03-01", to="far", person=person)),
            start(f"{key}-2", "2023-03-01", at="far", arrives_from=key, person=person),
        ]
        found.append(folded(*facts, person=person))
    return known(*found, register=REGISTER)


def outside(**more: object) -> Shown:
    year = Window(date(2023, 1, 1), date(2024, 1, 1))
    question = Question(on=date(2025, 3, 1), window=year, **more)  # type: ignore[arg-type]
    return published(FIGURES["nearness"], country(), question, to=Audience.OUTSIDE)


def test_outside_the_share_in_the_own_region_is_told_of_the_whole_country() -> None:
    shown = outside()
    assert shown.table("near").cell("count") == Cell("rounded", 105)
    assert shown.table("own").cell("share") == Cell("rounded", Fraction(38, 100))
    assert _of_kinds(shown.table("near")) == {"withheld"}


@pytest.mark.parametrize(
    "more",
    [
        *({"split": split} for split in (("area",), ("region",), ("provider",), ("sex",), ("sex", "region"))),
        {"parameters": {"of": "closures"}},
    ],
)
def test_outside_of_groups_and_of_closures_only_the_number_is_told(more: dict[str, object]) -> None:
    shown = outside(**more)
    assert shown.table("near").cell("count").status == "rounded"
    assert _of_kinds(shown.table("near")) == {"withheld"}
    assert {cell.status for row in shown.table("own").rows for cell in row.cells} == {"withheld"}


HOMES = [("here", "JZ24", 10), ("near", "JZ24", 40), ("here", "JZ41", 40), ("elsewhere", "JZ24", 43)]
"""Where so many stay who come from there, besides those of the other region who stay in it."""


@pytest.mark.parametrize(("others", "status"), [(2, "withheld"), (13, "rounded")])
def test_outside_ten_of_twelve_that_another_figure_shows_do_not_tell_two_others(others: int, status: str) -> None:
    """Twelve in their region would be shown as 10, as the ten of them from Haaglanden are: so at most two are left."""
    places = [(at, region) for at, region, many in [*HOMES, ("far", "JZ41", others)] for _ in range(many)]
    people = [stay(number, "2023-03-01", at=at, region=region) for number, (at, region) in enumerate(places)]
    question = Question(on=date(2025, 3, 1), window=Window(date(2023, 1, 1), date(2024, 1, 1)))
    found = published(FIGURES["nearness"], known(*people, register=REGISTER), question, to=Audience.OUTSIDE)
    assert found.table("near").cell("count").status == "rounded"
    assert found.table("own").cell("share").status == status


def test_outside_of_a_part_of_the_country_only_the_number_is_told() -> None:
    part = outside(where={"provider": "north"})
    assert part.n == part.table("near").cell("count")
    assert _of_kinds(part.table("near")) == {"withheld"}


def _of_kinds(near: ShownTable) -> set[str]:
    return {cell.status for row in near.rows if row.key["nearness"] != "total" for cell in row.cells}
