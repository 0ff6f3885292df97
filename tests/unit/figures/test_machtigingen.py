"""What courts granted and answered, what became of it, and what of that those outside see."""

from datetime import date, timedelta
from fractions import Fraction
from typing import get_args

import pytest

from services.monitor.disclosure.disclose import Audience
from services.monitor.dossier.execution import Execution
from services.monitor.dossier.state import Dossier, TitleKind
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.machtigingen import EXECUTIONS, KIND
from services.monitor.figures.publication import published
from services.monitor.figures.question import Question, Window
from services.monitor.figures.shown import WITHHELD, Cell, Shown
from services.monitor.statistics.estimable import NOT_ESTIMABLE
from tests.unit.dossier.given import folded, granted, referred, refused, requested, start, withdrawn
from tests.unit.figures.asked import YEAR_2024, asked, counts, known, measures

ON = "2025-01-31"
HAGUE, LIMBURG = "rechtbank-den-haag", "rechtbank-limburg"


def somebody(number: int, *facts: object) -> Dossier:
    """A young person about whom these are told."""
    return folded(*facts, person=f"young-person-{number:04d}")  # type: ignore[arg-type]


ONE, TWO, THREE = ({"person": f"young-person-{number:04d}"} for number in (1, 2, 3))
PEOPLE = [
    somebody(
        1,
        requested("V1", "2024-01-02", **ONE),
        granted("M1", "2024-01-10", "2024-07-10", request="V1", court=HAGUE, **ONE),
        start("P1", "2024-01-20", **ONE),
    ),
    somebody(
        2,
        requested("V2", "2024-02-20", **TWO),
        refused("V2", "2024-03-05", **TWO),
        granted("M2", "2024-03-01", "2024-09-01", court=LIMBURG, **TWO),
    ),
    somebody(
        3,
        granted("M3", "2024-05-01", "2024-05-29", kind="spoed", court=HAGUE, **THREE),
        requested("V3", "2024-12-01", **THREE),
    ),
]
"""The worked example of the definition."""


def test_the_example_by_hand() -> None:
    found = asked("machtigingen", PEOPLE, on=ON, window=YEAR_2024)
    assert (found.n, [case.key for case in found.cases]) == (3, ["M1", "M2", "M3"])
    assert counts(found, "granted") == {"regulier": 2, "spoed": 1}
    regulier, spoed = (measures(found, "executions", key=(kind,))[None] for kind in ("regulier", "spoed"))
    assert regulier == {"n": 2, "executed": (1, 2), "lapsed": (1, 2)} | dict.fromkeys(EXECUTIONS[2:], (0, 2))
    assert (spoed["n"], spoed["expired"]) == (1, (1, 1))
    answered = measures(found, "answered")[None]
    assert answered == {"n": 2, "granted": 1, "refused": 1, "share": (1, 2)}
    assert measures(found, "days")[None] == {"n": 2, "timed": 2, "median": 11, "p90": 14}
    made = measures(found, "requests")[None]
    assert (made["n"], made["pending"], made["granted"], made["refused"]) == (3, 1, 1, 1)
    assert (made["share"], made["median"]) == ((1, 2), 11)


def test_by_court_each_kind_and_the_share_of_spoed() -> None:
    found = asked("machtigingen", PEOPLE, on=ON, window=YEAR_2024)
    assert measures(found, "courts") == {
        HAGUE: {"n": 2, "spoed": 1, "regulier": 1, "voorwaardelijk": 0, "share": (1, 2)},
        LIMBURG: {"n": 1, "spoed": 0, "regulier": 1, "voorwaardelijk": 0, "share": (0, 1)},
    }
    of_nobody = folded(granted("M1", "2024-01-10", "2024-07-10"))
    assert list(measures(asked("machtigingen", [of_nobody], on=ON, window=YEAR_2024), "courts")) == ["unknown"]


def test_every_kind_and_everything_that_may_become_of_one_is_counted() -> None:
    assert set(get_args(TitleKind)) == set(KIND.categories)
    assert get_args(Execution) == EXECUTIONS


def test_it_counts_on_the_day_on_which_it_is_granted_whenever_it_begins() -> None:
    ahead = folded(granted("M1", "2025-01-10", "2025-07-10", granted_on="2024-12-31"))
    assert asked("machtigingen", [ahead], on=ON, window=YEAR_2024).n == 1
    assert asked("machtigingen", [ahead], on="2024-12-30", window=YEAR_2024).n == 0
    assert asked("machtigingen", [ahead], on=ON, window=("2024-01-01", "2024-12-31")).n == 0


@pytest.mark.parametrize(
    ("on", "became"), [("2024-02-29", None), ("2024-03-01", "running"), ("2024-05-31", "running"), (ON, "lapsed")]
)
def test_what_is_dated_after_the_date_has_not_become_of_it(on: str, became: str | None) -> None:
    row = measures(asked("machtigingen", PEOPLE[1:2], on=on, window=YEAR_2024), "executions", key=("regulier",))[None]
    assert [name for name in EXECUTIONS if row[name][0]] == ([became] if became else [])


def test_a_case_has_ended_when_it_no_longer_holds_on_the_date() -> None:
    """Nobody executed it, so from 1 June on it no longer holds."""
    ends = [asked("machtigingen", PEOPLE[1:2], on=on, window=YEAR_2024).cases[0].ended_on for on in ("2024-05-31", ON)]
    assert ends == [None, date(2024, 6, 1)]


def test_an_answer_after_the_date_is_not_known_yet() -> None:
    found = asked("machtigingen", PEOPLE, on="2024-03-04", window=YEAR_2024)
    assert measures(found, "answered")[None]["n"] == 1
    made = measures(found, "requests")[None]
    assert (made["n"], made["pending"], made["share"]) == (2, 1, (0, 1))


def test_a_request_is_made_in_one_window_and_answered_in_another() -> None:
    one = folded(requested("V1", "2023-12-20"), refused("V1", "2024-01-05"))
    before, after = (
        asked("machtigingen", [one], on=ON, window=window) for window in (("2023-01-01", "2024-01-01"), YEAR_2024)
    )
    assert (measures(before, "requests")[None]["refused"], measures(before, "answered")[None]["n"]) == (1, 0)
    assert (measures(after, "requests")[None]["n"], measures(after, "answered")[None]["refused"]) == (0, 1)
    assert measures(after, "days")[None]["median"] == 16


def test_of_an_answer_before_the_request_there_are_no_days() -> None:
    odd = folded(requested("V1", "2024-02-10"), refused("V1", "2024-02-01"))
    days = measures(asked("machtigingen", [odd], on=ON, window=YEAR_2024), "days")[None]
    assert (days["n"], days["timed"], days["median"]) == (1, 0, NOT_ESTIMABLE)


def test_a_grant_that_is_withdrawn_leaves_the_request_without_an_answer() -> None:
    grant = granted("M1", "2024-01-10", "2024-07-10", request="V1")
    found = asked(
        "machtigingen", [folded(requested("V1", "2024-01-02"), grant, withdrawn(grant))], on=ON, window=YEAR_2024
    )
    assert (found.n, measures(found, "requests")[None]["pending"]) == (0, 1)


def test_they_are_of_the_region_of_the_young_person_and_add_up() -> None:
    north = folded(
        referred("R1", "2024-01-01", region="JZ01", person="young-person-0009"),
        granted("M9", "2024-01-10", "2024-07-10", person="young-person-0009"),
        person="young-person-0009",
    )
    found = asked("machtigingen", [*PEOPLE, north], on=ON, window=YEAR_2024, split="region")
    by_region = {key[0]: n for key, n in counts(found, "granted").items() if key[1] == "regulier"}
    assert (by_region["JZ01"], by_region["unknown-region"], by_region["total"]) == (1, 2, 3)
    assert asked("machtigingen", [*PEOPLE, north], on=ON, window=YEAR_2024, where={"area": "noord"}).n == 1


def crowd(*, spoed: int, regulier: int, refusals: int) -> list[Dossier]:
    """So many granted ten days after they were asked for, of each kind, and so many refused."""
    kinds = ["spoed"] * spoed + ["regulier"] * regulier + [None] * refusals
    found = []
    for number, kind in enumerate(kinds):
        asked_on = date(2024, 3, 1) + timedelta(days=number)
        answered_on, person = asked_on + timedelta(days=10), f"young-person-{number:04d}"
        facts = [
            referred(f"R{number}", "2024-01-01", region="JZ01", person=person),
            requested(f"V{number}", str(asked_on), person=person),
        ]
        if kind is None:
            facts.append(refused(f"V{number}", str(answered_on), person=person))
        else:
            until, more = answered_on + timedelta(days=28), {"kind": kind, "request": f"V{number}", "person": person}
            facts.append(granted(f"M{number}", str(answered_on), str(until), court=HAGUE, **more))
        found.append(folded(*facts, person=person))
    return found


def outside(people: list[Dossier], **more: object) -> Shown:
    year = Window(date(2024, 1, 1), date(2025, 1, 1))
    question = Question(on=date(2025, 6, 1), window=year, **more)  # type: ignore[arg-type]
    return published(FIGURES["machtigingen"], known(*people), question, to=Audience.OUTSIDE)


def test_outside_kinds_and_answers_are_told_and_what_became_of_it_and_courts_are_not() -> None:
    found = outside(crowd(spoed=20, regulier=41, refusals=19))
    assert [table.name for table in found.tables] == ["granted", "answered", "days"]
    assert found.n == found.table("granted").cell("count") == Cell("rounded", 60)
    answered, days = found.table("answered"), found.table("days")
    assert (answered.cell("n"), answered.cell("share")) == (Cell("rounded", 80), Cell("rounded", Fraction(1, 4)))
    assert {answered.cell(name) for name in ("granted", "refused")} == {WITHHELD}
    assert (days.cell("median"), days.cell("timed")) == (Cell("rounded", 10), WITHHELD)


def test_outside_no_group_tells_how_few_were_refused() -> None:
    """Ten of twelve were granted, as the number of machtigingen says: so nothing of the twelve is shown."""
    found = outside(crowd(spoed=0, regulier=10, refusals=2), split=("area",))
    assert found.table("granted").cell("count").status == "rounded"
    for name in ("answered", "days"):
        assert {cell.status for row in found.table(name).rows for cell in row.cells} == {"withheld"}


def test_outside_few_refusals_are_too_small_to_have_a_share() -> None:
    found = outside(crowd(spoed=20, regulier=41, refusals=4))
    assert found.table("answered").cell("share").status in ("too-small", "withheld")
