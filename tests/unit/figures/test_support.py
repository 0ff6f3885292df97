"""Requests for national support: made, resolved and open, and what of that those outside see."""

from datetime import date, timedelta
from typing import get_args

from services.monitor.disclosure.disclose import Audience
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.publication import published
from services.monitor.figures.question import Question, Window
from services.monitor.figures.shown import Cell
from services.monitor.figures.support import REASONS, RESULTS
from shared.facts.support import SupportRequested, SupportResolved
from tests.unit.dossier.given import folded, referred, support_asked, support_resolved
from tests.unit.figures.asked import YEAR_2024, asked, counts, known, measures

ONE = folded(
    support_asked("S1", "2024-03-01"),
    support_resolved("S1", "2024-04-12"),
    support_asked("S2", "2024-05-01", reason="complex"),
    support_resolved("S2", "2024-05-09", result="placed"),
    support_asked("S3", "2024-12-01"),
)
"""Resolved after 42 and 8 days, and open."""


def test_reasons_and_results_are_those_of_the_facts() -> None:
    assert get_args(SupportRequested.model_fields["reason"].annotation) == REASONS
    assert get_args(SupportResolved.model_fields["result"].annotation) == RESULTS


def test_the_example_by_hand() -> None:
    found = asked("support", [ONE], on="2024-12-31", window=YEAR_2024)
    assert (found.n, [case.key for case in found.cases]) == (3, ["S1", "S2", "S3"])
    assert counts(found, "requests") == {"no-place": 2, "complex": 1}
    assert counts(found, "resolved") == {"alternative": 1, "placed": 1}
    assert measures(found, "days")[None] == {"n": 2, "median": 25, "p90": 42}
    assert measures(found, "open")[None] == {"n": 1, "median": 30, "p90": 30}


def test_what_is_dated_after_the_date_has_not_happened() -> None:
    found = asked("support", [ONE], on="2024-05-08", window=YEAR_2024)
    assert (found.n, counts(found, "resolved")) == (2, {"alternative": 1})
    assert measures(found, "open")[None] == {"n": 1, "median": 7, "p90": 7}


def test_it_may_be_asked_in_one_window_and_resolved_in_another() -> None:
    one = folded(support_asked("S1", "2023-12-30"), support_resolved("S1", "2024-01-02", result="advice"))
    found = asked("support", [one], on="2025-01-31", window=YEAR_2024)
    assert (found.n, counts(found, "resolved")) == (0, {"advice": 1})
    assert measures(found, "days")[None]["median"] == 3


def test_it_is_of_the_region_of_the_young_person_and_their_age_on_the_day() -> None:
    """Fourteen when asked, fifteen when resolved, sixteen on the date."""
    one = folded(
        referred("R1", "2023-01-01", region="JZ01", birth_month="2008-06"),
        support_asked("S1", "2023-05-01"),
        support_resolved("S1", "2024-05-01"),
        support_asked("S2", "2024-05-31"),
    )
    by_age = asked("support", [one], on="2024-12-31", window=("2023-01-01", "2025-01-01"), split="age")
    assert counts(by_age, "requests")["14-15", "no-place"] == 2
    assert measures(by_age, "open", key=("16-17",))[None]["n"] == 1
    assert asked("support", [one], on="2024-12-31", window=YEAR_2024, where={"region": "JZ01"}).n == 1
    assert asked("support", [one], on="2024-12-31", window=YEAR_2024, where={"region": "JZ24"}).n == 0


def test_outside_what_is_open_is_withheld() -> None:
    people = []
    for number in range(60):
        person, on = f"young-person-{number:04d}", date(2024, 2, 1) + timedelta(days=number)
        reason = REASONS[number % 2]
        facts = [support_asked(f"S{number}", str(on), reason=reason, person=person)]
        if number < 40:
            facts.append(support_resolved(f"S{number}", str(on + timedelta(days=number)), person=person))
        people.append(folded(*facts, person=person))
    question = Question(on=date(2025, 1, 1), window=Window(date(2024, 1, 1), date(2025, 1, 1)))
    found = published(FIGURES["support"], known(*people), question, to=Audience.OUTSIDE)
    assert found.n == found.table("requests").cell("count") == Cell("rounded", 60)
    assert found.table("days").cell("n") == found.table("resolved").cell("count") == Cell("rounded", 40)
    assert found.table("days").cell("median") == Cell("rounded", 20)
    assert found.table("days").cell("p90").status == "too-small"
    assert {cell.status for row in found.table("open").rows for cell in row.cells} == {"withheld"}
