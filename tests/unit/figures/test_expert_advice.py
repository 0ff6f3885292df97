"""What expert teams were asked and advised, how long it took, what became of it, and what those outside see."""

from datetime import date, timedelta

import pytest

from services.monitor.answers.windows import outside_window
from services.monitor.disclosure.disclose import Audience
from services.monitor.dossier.state import Dossier
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.publication import published
from services.monitor.figures.question import Question, Window
from services.monitor.figures.shown import WITHHELD, Cell
from shared.facts.envelope import AcceptedEvent
from tests.unit.dossier.given import advised, folded, followed_up
from tests.unit.dossier.given import asked as consulted
from tests.unit.figures.asked import YEAR_2024, asked, counts, known, measures

ON = "2025-03-01"
IN_2024 = Window(date(2024, 1, 1), date(2025, 1, 1))
YEAR = folded(
    consulted("C1", "2024-01-10"),
    advised("C1", "2024-01-20"),
    followed_up("C1", "2024-02-05", "executed"),
    consulted("C2", "2024-03-01"),
    advised("C2", "2024-03-31"),
    followed_up("C2", "2024-04-10", "deviated", reason="no-place"),
    consulted("C3", "2024-12-01"),
)
"""Carried out after 16 days; deviated from after 10; not advised."""


def test_the_example_by_hand() -> None:
    found = asked("expert-advice", [YEAR], on=ON, window=YEAR_2024)
    assert (found.n, [case.key for case in found.cases]) == (2, ["C1", "C2", "C3"])
    assert counts(found, "asked") == {"advised": 2, "waiting": 1}
    assert counts(found, "advised") == {"binding": 2, "executed": 1, "deviated": 1}
    assert measures(found, "days")[None] == {"n": 2, "timed": 2, "median": 20, "p90": 30}
    assert measures(found, "followed")[None] == {"n": 2, "executed": (1, 2), "deviated": (1, 2)}


def test_a_consult_is_asked_in_one_window_and_advised_in_another() -> None:
    one = folded(consulted("C1", "2023-12-20"), advised("C1", "2024-01-05", binding=False))
    before, after = (asked("expert-advice", [one], on=ON, window=window) for window in
                     (("2023-01-01", "2024-01-01"), YEAR_2024))  # fmt: skip
    assert (counts(before, "asked"), counts(before, "advised"), before.n) == ({"advised": 1}, {}, 0)
    assert (counts(after, "asked"), counts(after, "advised")) == ({}, {"not-binding": 1, "free": 1})
    assert measures(after, "days")[None]["median"] == 16


def test_what_is_dated_after_the_date_has_not_happened() -> None:
    found = asked("expert-advice", [YEAR], on="2024-03-30", window=YEAR_2024)
    assert (counts(found, "asked"), found.n) == ({"advised": 1, "waiting": 1}, 1)


@pytest.mark.parametrize(
    ("facts", "fate"),
    [
        ([followed_up("C1", "2024-02-12", "executed")], "executed"),
        ([followed_up("C1", "2024-02-13", "executed")], "neither"),
        ([followed_up("C1", "2024-01-12", "deviated"), followed_up("C1", "2024-02-10", "executed")], "executed"),
        ([followed_up("C1", "2024-01-12", "accepted"), followed_up("C1", "2024-02-01", "failed")], "neither"),
        ([], "neither"),
    ],
)
def test_it_is_carried_out_within_six_weeks_or_not(facts: list[AcceptedEvent], fate: str) -> None:
    """Issued on 1 January; the last of 42 days is 12 February."""
    one = folded(advised("C1", "2024-01-01"), *facts)
    assert counts(asked("expert-advice", [one], on="2024-02-12", window=YEAR_2024), "advised")[fate] == 1
    early = asked("expert-advice", [one], on="2024-02-11", window=YEAR_2024)
    assert (counts(early, "advised")["too-early"], measures(early, "followed")[None]["n"]) == (1, 0)
    settled = asked("expert-advice", [one], on="2024-02-12", window=YEAR_2024, settleDays=1)
    assert counts(settled, "advised")["too-early"] == 1


def test_days_are_of_advice_with_a_request_before_it() -> None:
    one = folded(advised("C1", "2024-01-05"), consulted("C2", "2024-02-05"), advised("C2", "2024-02-01"))
    found = measures(asked("expert-advice", [one], on=ON, window=YEAR_2024), "days")[None]
    assert (found["n"], found["timed"]) == (2, 0)


def test_they_are_of_the_region_of_the_team() -> None:
    one = folded(consulted("C1", "2024-01-01", team_region="JZ01"), advised("C1", "2024-01-05", team_region="JZ01"))
    found = asked("expert-advice", [one, YEAR], on=ON, window=YEAR_2024, split="region")
    assert (counts(found, "advised")["JZ01", "neither"], counts(found, "asked")["JZ24", "waiting"]) == (1, 1)
    assert asked("expert-advice", [one, YEAR], on=ON, window=YEAR_2024, where={"area": "noord"}).n == 1


def crowd(*, executed: int, deviated: int, free: int) -> list[Dossier]:
    """So many of each, asked ten days before."""
    fates = ["executed"] * executed + ["deviated"] * deviated + ["free"] * free
    found = []
    for number, fate in enumerate(fates):
        person, key, on = f"young-person-{number:04d}", f"C{number}", date(2024, 5, 1) + timedelta(days=number)
        facts = [consulted(key, str(on - timedelta(days=10)), person=person)]
        facts.append(advised(key, str(on), binding=fate != "free", person=person))
        if fate != "free":
            facts.append(followed_up(key, str(on + timedelta(days=5)), fate, person=person))
        found.append(folded(*facts, person=person))
    return found


def test_outside_what_became_of_it_is_rounded_and_how_many_were_timed_is_withheld() -> None:
    people = crowd(executed=62, deviated=23, free=31)
    question = Question(on=date(2025, 3, 1), window=IN_2024)
    found = published(FIGURES["expert-advice"], known(*people), question, to=Audience.OUTSIDE)
    given, took = found.table("advised"), found.table("days")
    assert found.n == given.cell("count") == took.cell("n") == Cell("rounded", 115)
    assert given.cell("count", advice="not-binding") == Cell("rounded", 30)
    assert (took.cell("median"), took.cell("timed")) == (Cell("rounded", 10), WITHHELD)
    assert found.table("asked").cell("count") == Cell("rounded", 115)
    assert found.table("asked").cell("count", state="waiting") == WITHHELD
    assert {cell.status for row in found.table("followed").rows for cell in row.cells} == {"withheld"}


def test_outside_it_is_of_a_year_of_which_every_advice_was_followed() -> None:
    windows = [
        outside_window(FIGURES["expert-advice"], None, on=date(2025, month, 1), split=(), parameters={})
        for month in (2, 3)
    ]
    assert [window.a.year for window in windows] == [2023, 2024]
