"""Where young people went whose closure ended, counted by hand, and what of it those outside see."""

from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any, get_args

import pytest

from services.monitor.disclosure.disclose import Audience
from services.monitor.dossier.state import Dossier
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.destinations import DESTINATION, DISCHARGED, MODES, WENT
from services.monitor.figures.exits import CLOSURE_ENDS
from services.monitor.figures.figure import DATED_SPLITS
from services.monitor.figures.living import FAMILY_LIKE, GROUP_OF, GROUPS
from services.monitor.figures.publication import published
from services.monitor.figures.question import Question, Window
from services.monitor.figures.shown import Shown
from services.monitor.history.known import Known
from shared.facts.discharge import EndMode
from shared.facts.lists import LivingSituation
from tests.unit.dossier.given import discharged, folded, moved, start
from tests.unit.figures.asked import THREE, YEAR_2024, asked, counts, known, measures

ON = "2025-01-31"


def left(person: str, destination: str, end_mode: str = "planned", *, on: str = "2024-06-01") -> Dossier:
    """Who was discharged to somewhere."""
    end = discharged(person, on, destination=destination, end_mode=end_mode, person=person)
    return folded(start(person, "2024-01-10", person=person), end, person=person)


def departed(person: str, on: str) -> Dossier:
    """Who left for another accommodation, and arrived nowhere."""
    return folded(start(person, "2024-01-10", person=person), moved(person, on, to="B", person=person), person=person)


FIVE = (
    left("young-person-0001", "home"),
    left("young-person-0002", "jji", "early-provider"),
    left("young-person-0003", "unknown", "early-youth"),
    left("young-person-0004", "deceased", "deceased"),
    departed("young-person-0005", "2024-11-20"),
)
"""The worked example of the definition."""


def ended(people: list[Dossier] | tuple[Dossier, ...], **more: Any) -> Any:
    return asked("destinations", people, **({"on": ON, "window": YEAR_2024} | more))


def test_one_of_five_went_home_and_one_of_four_as_planned() -> None:
    found = ended(FIVE)
    assert (found.n, found.inferred) == (5, 0)
    assert counts(found, "groups") == {
        "discharged": 3,
        "family-like": 1,
        "closed-frame": 1,
        "not-told": 1,
        "deceased": 1,
        "death": 1,
        "moved": 1,
        "no-arrival": 1,
    }
    assert counts(found, "destinations") == {
        "family-like": 1,
        "home": 1,
        "closed-frame": 1,
        "jji": 1,
        "not-told": 1,
        "unknown": 1,
        "death": 1,
        "deceased": 1,
        "no-arrival": 1,
        "moved": 1,
    }
    assert counts(found, "modes") == {
        "known": 4,
        "planned": 1,
        "early-provider": 1,
        "early-youth": 1,
        "deceased": 1,
        "not-known": 1,
        "moved": 1,
    }
    assert measures(found, "as-planned")[None] == {"n": 4, "planned": (1, 4)}
    assert [case.person for case in found.cases] == ["young-person-0002"]


def test_every_living_situation_but_death_is_in_one_group_and_every_end_mode_is_counted() -> None:
    assert {*GROUP_OF} == {*get_args(LivingSituation)} - {"deceased"}
    assert {*get_args(LivingSituation)} <= {*DESTINATION.categories}
    assert (*MODES, "deceased") == get_args(EndMode)


def test_how_it_ended_is_as_in_exits() -> None:
    """In one order too, so that of two numbers the same one is withheld."""
    assert tuple(dict.fromkeys(WENT.groups.values())) == CLOSURE_ENDS
    how = counts(asked("exits", FIVE, on=ON, window=YEAR_2024), "how")
    assert how == {name: number for name, number in counts(ended(FIVE), "groups").items() if name in CLOSURE_ENDS}


@pytest.mark.parametrize("told", [{"destination": "home", "end_mode": "deceased"}, {"destination": "deceased"}])
def test_a_death_is_one_by_its_destination_or_by_its_end_mode(told: dict[str, str]) -> None:
    died = folded(start("P1", "2024-01-10"), discharged("P1", "2024-06-01", **told))
    found = ended([died])
    assert counts(found, "groups") == {"deceased": 1, "death": 1}
    assert measures(found, "as-planned")[None] == {"n": 1, "planned": (0, 1)}


def test_of_who_arrived_the_last_placement_says_where_they_went() -> None:
    person = folded(
        *(start("P1", "2024-01-10", at="A"), moved("P1", "2024-03-01", to="B")),
        *(start("P2", "2024-03-05", at="B"), discharged("P2", "2024-06-01", destination="abroad")),
    )
    found = ended([person])
    assert (found.n, counts(found, "destinations")) == (1, {"elsewhere": 1, "abroad": 1})


def test_who_arrives_too_late_went_nowhere_first() -> None:
    person = folded(
        *(start("P1", "2024-01-10", at="A"), moved("P1", "2024-03-01", to="B")),
        *(start("P2", "2024-03-09", at="B"), discharged("P2", "2024-06-01")),
    )
    assert counts(ended([person]), "destinations") == {"family-like": 1, "home": 1, "no-arrival": 1, "moved": 1}


def test_of_two_placements_at_once_the_one_that_ends_last_says_it() -> None:
    person = folded(
        *(start("P1", "2024-01-10", at="A"), discharged("P1", "2024-06-01", destination="wzd")),
        *(start("P2", "2024-02-01", at="B"), discharged("P2", "2024-05-01", destination="home")),
    )
    assert counts(ended([person]), "destinations") == {"closed-frame": 1, "wzd": 1}


def test_in_and_out_on_one_day_it_counts() -> None:
    passing = folded(start("P1", "2024-05-01"), discharged("P1", "2024-05-01", destination="network"))
    assert counts(ended([passing]), "destinations") == {"family-like": 1, "network": 1}


def test_a_correction_says_where_they_really_went() -> None:
    said = [discharged("P1", "2024-06-01", destination="unknown")]
    said.append(discharged("P1", "2024-06-01", destination="foster-care", revision=2))
    corrected = folded(start("P1", "2024-01-10"), *said)
    assert counts(ended([corrected]), "destinations") == {"family-like": 1, "foster-care": 1}


def test_an_end_counts_in_the_window_in_which_it_falls_and_not_before_the_date() -> None:
    person = left("young-person-0001", "home", on="2024-12-31")
    later = left("young-person-0002", "home", on="2025-01-01")
    assert ended([person, later]).n == 1
    assert ended([person, later], window=("2025-01-01", "2026-01-01")).n == 1
    assert ended([person], on="2024-12-30").n == 0


def test_of_nobody_nothing_is_known() -> None:
    found = ended([])
    assert (found.n, counts(found, "groups"), measures(found, "as-planned")[None]["planned"]) == (0, {}, (0, 0))


@pytest.mark.parametrize("split", DATED_SPLITS)
def test_the_groups_of_a_split_add_up_to_all_of_them(split: str) -> None:
    plain, by = ended([*THREE, *FIVE]), ended([*THREE, *FIVE], split=split)
    for table in ("groups", "destinations", "modes"):
        total = {key[-1]: number for key, number in counts(by, table).items() if key[0] == "total"}
        assert total == counts(plain, table)
    assert measures(by, "as-planned")[None] == measures(plain, "as-planned")[None]


def test_a_part_is_who_was_there_at_the_end() -> None:
    person = folded(
        *(start("P1", "2024-01-10", at="A"), moved("P1", "2024-03-01", to="C")),
        *(start("P2", "2024-03-01", at="C"), discharged("P2", "2024-06-01")),
    )
    assert [ended([person], where={"provider": name}).n for name in ("north", "south")] == [0, 1]
    assert counts(ended([person], split="provider"), "groups")["south", "family-like"] == 1


def staying(number: int) -> list[Dossier]:
    """So many who came long ago and are still there: with nobody else what came in would tell what went out."""
    persons = [f"young-person-{one:04d}" for one in range(9_000, 9_000 + number)]
    return [folded(start(person, "2021-05-01", person=person), person=person) for person in persons]


REGIONS = ("JZ01", "JZ07", "JZ24", "JZ24", "JZ41", "JZ41", "JZ41")
LIKELY = {"home": 40, "open-residential": 20, "jji": 4, "abroad": 3, "unknown": 6}


@cache
def town(seed: int) -> Known:
    """Some hundred who left in 2023, of whom few died, and some departed without arrival."""
    random = Random(seed)
    people = []
    for number in range(random.choice((30, 90, 300))):
        person, on = f"young-person-{number:04d}", date(2023, 1, 5) + timedelta(days=random.randrange(350))
        whose = {"region": random.choice(REGIONS), "sex": random.choice("mf"), "person": person}
        begun = start(person, str(on - timedelta(days=random.randrange(300))), at=random.choice("ABC"), **whose)
        went = random.choices((*LIKELY, "deceased", "departed"), (*LIKELY.values(), 2, random.choice((0, 3, 8))))[0]
        if went == "departed":
            end = moved(person, str(on), to="B", person=person)
        else:
            end = discharged(person, str(on), destination=went, person=person)
        people.append(folded(begun, end, person=person))
    return known(*people, *staying(140))


def outside(figure: str, everyone: Known, *split: str, year: int = 2023) -> Shown:
    window = Window(date(year, 1, 1), date(year + 1, 1, 1))
    parameters = {"of": "closures"} if figure == "exits" else {}
    question = Question(on=date(2025, 6, 1), window=window, split=split, parameters=parameters)
    return published(FIGURES[figure], everyone, question, to=Audience.OUTSIDE)


@pytest.mark.parametrize("split", [(), ("area",), ("sex",), ("area", "sex")])
@pytest.mark.parametrize("seed", range(6))
def test_outside_how_it_ended_is_shown_as_in_exits_or_not_at_all(seed: int, split: tuple[str, ...]) -> None:
    """Else what one of the two withholds the other would tell."""
    groups, how = outside("destinations", town(seed), *split).table("groups"), outside("exits", town(seed), *split)
    seen = 0
    for row in how.table("how").rows:
        end = row.key["end"]
        rest = {name: one for name, one in row.key.items() if name != "end"}
        same = groups.cell("count", destinationGroup=end, **rest)
        assert same == row.cells[0] or same.status == "withheld", row.key
        assert split or same == row.cells[0]
        seen += same.status != "withheld"
    assert seen


def test_outside_the_groups_are_shown_and_no_living_situations_nor_end_modes() -> None:
    went = [*["home"] * 30, *["three-milieu"] * 30, *["jji"] * 6, *["abroad"] * 6, *["deceased"] * 3, *["unknown"] * 5]
    people = [left(f"young-person-{one:04d}", destination) for one, destination in enumerate(went)]
    found = outside("destinations", known(*people, *staying(140)), year=2024)
    groups = found.table("groups")
    shown = [groups.cell("count", destinationGroup=one).value for one in ("total", FAMILY_LIKE, "with-help")]
    assert shown == [80, 30, 30]
    for name, dimension in (("destinations", "destination"), ("modes", "mode")):
        rows = found.table(name).rows
        assert [row.cells[0].value for row in rows if row.key[dimension] == "total"] == [80]
        assert {cell.status for row in rows if row.key[dimension] != "total" for cell in row.cells} == {"withheld"}
    assert {cell.status for row in found.table("as-planned").rows for cell in row.cells} == {"withheld"}


def test_outside_a_few_deaths_are_not_told() -> None:
    people = [left(f"young-person-{one:04d}", "home", on="2024-03-01") for one in range(40)]
    people += [left(f"young-person-{one:04d}", "deceased", on="2024-03-01") for one in range(40, 43)]
    groups = outside("destinations", known(*people, *staying(140)), year=2024).table("groups")
    assert groups.cell("count").value == 45
    shown = {groups.cell("count", destinationGroup=one).status for one in (*GROUPS, DISCHARGED)}
    assert shown <= {"withheld", "too-small"}
    told = {groups.cell("count", destinationGroup=one).status for one in (FAMILY_LIKE, DISCHARGED)}
    assert told == {"withheld"}
