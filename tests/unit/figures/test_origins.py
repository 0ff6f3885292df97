"""Where young people came from whose closure began, counted by hand, and what of it those outside see."""

from datetime import date
from typing import Any

import pytest

from services.monitor.disclosure.disclose import Audience
from services.monitor.disclosure.table import TOTAL
from services.monitor.dossier.state import Dossier
from services.monitor.figures.answer import Answer
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.figure import DATED_SPLITS
from services.monitor.figures.living import GROUP_OF
from services.monitor.figures.publication import published
from services.monitor.figures.question import Question, Window
from services.monitor.figures.shown import Shown
from tests.unit.dossier.given import discharged, folded, moved, start
from tests.unit.figures.asked import THREE, YEAR_2024, asked, counts, known, measures

ON = "2025-01-31"


def came(person: str, origin: str | None, route: str, *, on: str = "2024-03-01") -> Dossier:
    """Who came from somewhere."""
    return folded(start(person, on, origin=origin, route=route, person=person), person=person)


MOVED_ON = folded(
    *(start("P1", "2024-02-01", origin="home"), moved("P1", "2024-05-01", to="B")),
    start("P2", "2024-05-01", at="B", origin="closed-jw6", route="crisis"),
)
FOUR = (
    came("young-person-0011", "home", "crisis"),
    MOVED_ON,
    came("young-person-0013", "jji", "planned"),
    came("young-person-0014", None, "crisis"),
)
"""The worked example of the definition."""


def began(people: list[Dossier] | tuple[Dossier, ...], **more: Any) -> Answer:
    return asked("origins", people, **({"on": ON, "window": YEAR_2024} | more))


def crisis(found: Answer, key: tuple[str, ...] = ()) -> dict[str, tuple[int, int]]:
    """How many of how many came in a crisis, by the group from which anybody came."""
    return {at: row["crisis"] for at, row in measures(found, "routes", key=key).items() if row["n"]}


def test_two_of_four_came_from_home_and_two_in_a_crisis() -> None:
    found = began(FOUR)
    assert found.n == 4
    assert counts(found, "origins") == {
        "family-like": 2,
        "home": 2,
        "closed-frame": 1,
        "jji": 1,
        "not-told": 1,
        "unknown": 1,
    }
    assert crisis(found) == {"everywhere": (2, 4), "family-like": (1, 2), "closed-frame": (0, 1), "not-told": (1, 1)}
    assert [case.person for case in found.cases] == ["young-person-0013"]


@pytest.mark.parametrize("origin", ["unknown", "deceased", None])
def test_an_origin_that_says_nothing_is_unknown(origin: str | None) -> None:
    assert counts(began([came("young-person-0011", origin, "planned")]), "origins") == {"not-told": 1, "unknown": 1}


@pytest.mark.parametrize("origin", GROUP_OF)
def test_each_origin_is_counted_as_itself_and_in_its_group(origin: str) -> None:
    found = began([came("young-person-0011", origin, "planned")])
    assert counts(found, "origins") == {origin: 1, GROUP_OF[origin]: 1}
    assert len(found.cases) == (GROUP_OF[origin] == "closed-frame")


def test_who_comes_back_begins_from_somewhere_else() -> None:
    back = folded(
        *(start("P1", "2024-02-01", origin="home"), discharged("P1", "2024-05-01")),
        start("P2", "2024-08-01", origin="foster-care"),
    )
    assert counts(began([back]), "origins") == {"family-like": 2, "home": 1, "foster-care": 1}


def test_of_a_restart_at_one_accommodation_the_first_start_says_it() -> None:
    restarted = folded(
        *(start("P1", "2024-02-01", origin="home"), discharged("P1", "2024-05-01")),
        start("P2", "2024-05-01", origin="closed-jw6", route="crisis"),
    )
    found = began([restarted])
    assert (found.n, counts(found, "origins")) == (1, {"family-like": 1, "home": 1})
    assert crisis(found) == {"everywhere": (0, 1), "family-like": (0, 1)}


def test_a_correction_says_where_they_really_came_from() -> None:
    corrected = folded(start("P1", "2024-02-01"), start("P1", "2024-02-01", origin="respite", revision=2))
    assert counts(began([corrected]), "origins") == {"with-help": 1, "respite": 1}


def test_a_start_counts_in_the_window_in_which_it_falls_and_not_before_the_date() -> None:
    first, last = (came(f"young-person-001{one}", "home", "planned", on=on) for one, on in enumerate(YEAR_2024))
    assert began([first, last]).n == 1
    assert began([first, last], window=("2025-01-01", "2026-01-01")).n == 1
    assert began([first, last], on="2023-12-31", window=("2023-01-01", "2026-01-01")).n == 0


@pytest.mark.parametrize("split", DATED_SPLITS)
def test_the_groups_of_a_split_add_up_to_all_of_them(split: str) -> None:
    plain, by = began([*THREE, *FOUR]), began([*THREE, *FOUR], split=split)
    total = {key[1]: number for key, number in counts(by, "origins").items() if key[0] == TOTAL}
    assert total == counts(plain, "origins")
    assert crisis(by, (TOTAL,)) == crisis(plain)


def outside(*told: tuple[int, str | None, str]) -> Shown:
    """Of so many, from where and by which route they came."""
    each = [(origin, route) for number, origin, route in told for _ in range(number)]
    people = [came(f"young-person-{one:04d}", *what) for one, what in enumerate(each)]
    # Who is there for long: with nobody else what came in would tell what went out.
    people += [came(f"young-person-{one:04d}", None, "planned", on="2021-05-01") for one in range(9_000, 9_140)]
    question = Question(on=date(2025, 6, 1), window=Window(date(2024, 1, 1), date(2025, 1, 1)))
    return published(FIGURES["origins"], known(*people), question, to=Audience.OUTSIDE)


def test_outside_only_how_many_began_is_shown() -> None:
    few = [(6, "jji", "planned"), (4, None, "crisis")]
    found = outside((40, "home", "crisis"), (20, "foster-care", "planned"), (30, "three-milieu", "planned"), *few)
    origins, routes = found.table("origins"), found.table("routes")
    assert (found.n.value, origins.cell("count").value) == (100, 100)
    assert {cell.status for row in origins.rows[1:] for cell in row.cells} == {"withheld"}
    assert {cell.status for row in routes.rows for cell in row.cells} == {"withheld"}
