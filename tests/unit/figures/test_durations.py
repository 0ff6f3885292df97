"""Entry view, first events, duration classes and waiting, counted by hand."""

from datetime import date
from fractions import Fraction

import pytest

from services.monitor.dossier.state import Dossier
from services.monitor.statistics.estimable import NOT_ESTIMABLE
from tests.unit.dossier.given import (
    SOURCE,
    d,
    discharged,
    folded,
    granted,
    moved,
    referral_closed,
    referred,
    start,
)
from tests.unit.figures.asked import YEAR_2024, asked, counts, known, measures

MARCH = ("2024-03-01", "2024-04-01")


def stay(number: int, on: str, until: str | None = None) -> Dossier:
    person = f"young-person-{number:04d}"
    facts = [start(f"P{number}", on, person=person)]
    if until:
        facts.append(discharged(f"P{number}", until, person=person))
    return folded(*facts, person=person)


FOUR = (
    stay(1, "2024-03-01", "2024-03-03"),
    stay(2, "2024-03-01", "2024-03-06"),
    stay(3, "2024-03-04"),
    stay(4, "2024-03-01"),
)
"""On 7 March: ended after 2 and 5 days, there for 3 and 6."""


def test_the_curve_is_exact() -> None:
    found = asked("entry-duration", FOUR, on="2024-03-07", window=MARCH, tau=5)
    steps = measures(found, "curve")
    assert {day: row["survival"] for day, row in steps.items()} == {
        2: Fraction(3, 4), 3: Fraction(3, 4), 5: Fraction(3, 8), 6: Fraction(3, 8),
    }  # fmt: skip
    assert [steps[5][name] for name in ("atRisk", "ended", "censored")] == [2, 1, 0]
    assert measures(found, "quantiles")["0.5"]["days"] == 5
    assert measures(found, "quantiles")["0.9"]["days"] is NOT_ESTIMABLE
    assert measures(found, "summary")[None]["restrictedMean"] == Fraction(17, 4)
    assert measures(found, "curve-at")[30]["survival"] is NOT_ESTIMABLE


def test_following_stops_so_many_days_before_the_date() -> None:
    found = asked("entry-duration", FOUR, on="2024-03-07", window=MARCH, settleDays=4)
    assert found.n == 3
    assert {day: row["survival"] for day, row in measures(found, "curve").items()} == {2: Fraction(2, 3)}


def test_what_began_before_its_source_observed_counts_from_then_on() -> None:
    """Ten came in on 1 January; their source observes from the 31st. One that left on the 20th was never seen."""
    people = [stay(n, "2024-01-01", f"2024-03-{n:02d}") for n in range(1, 11)] + [stay(11, "2024-01-01", "2024-01-20")]
    seen = known(*people, observed_from={SOURCE: d("2024-01-31")})
    found = asked("entry-duration", seen, on="2024-06-01", window=("2024-01-01", "2024-02-01"))
    steps = measures(found, "curve")
    assert min(steps) == 60
    assert steps[60]["atRisk"] == 10
    assert "1 ended before" in found.inside_notes[0]


def test_where_too_few_are_ever_followed_it_says_that_there_is_no_curve() -> None:
    """It said that the curve starts at day None, or nothing at all."""
    people = [stay(n, "2024-01-01", f"2024-03-{n:02d}") for n in range(1, 5)]
    seen = known(*people, observed_from={SOURCE: d("2024-01-31")})
    unseen = known(stay(11, "2024-01-01", "2024-01-20"), observed_from={SOURCE: d("2024-01-31")})
    for facts, ended in (seen, 0), (unseen, 1):
        found = asked("entry-duration", facts, on="2024-06-01", window=("2024-01-01", "2024-02-01"))
        assert measures(found, "curve") == {}
        (note,) = found.inside_notes
        assert note.startswith("There is no curve")
        assert f"{ended} ended before" in note


def test_a_doorplaatsing_does_not_end_a_closure_but_a_placement() -> None:
    one = folded(start("P1", "2024-03-01", at="A"), moved("P1", "2024-03-04"), start("P2", "2024-03-04", at="B"))
    assert measures(asked("entry-duration", [one], on="2024-03-31", window=MARCH), "summary")[None]["ended"] == (0, 1)
    found = asked("entry-duration", [one], on="2024-03-31", window=MARCH, of="placements")
    assert measures(found, "summary")[None]["ended"] == (1, 2)


def test_first_events_compete_and_are_one_together() -> None:
    left = folded(start("P1", "2024-01-01", at="A"), moved("P1", "2024-03-31"), start("P2", "2024-03-31", at="B"))
    home = stay(2, "2024-01-01", "2024-03-31")
    there = stay(3, "2024-01-01")
    found = asked("first-event", [left, home, there], on="2024-04-10", window=("2024-01-01", "2024-02-01"))
    at = measures(found, "incidence-at")[91]
    assert [at[name] for name in ("doorplaatsing", "discharge", "death", "remaining")] == [
        Fraction(1, 3), Fraction(1, 3), 0, Fraction(1, 3),
    ]  # fmt: skip


def test_a_death_is_no_discharge() -> None:
    died = folded(
        start("P1", "2024-01-01"), discharged("P1", "2024-01-11", destination="deceased", end_mode="deceased")
    )
    found = asked("first-event", [died], on="2024-04-10", window=("2024-01-01", "2024-02-01"))
    assert measures(found, "incidence")[10]["death"] == 1
    assert asked("replacement", [died], on="2025-04-10", window=YEAR_2024).n == 0


@pytest.mark.parametrize(
    ("end", "name"),
    [
        ("2024-04-09", "0-3-months"),
        ("2024-04-10", "3-6-months"),
        ("2025-01-10", "1-2-years"),
        ("2028-01-10", "4-years-or-more"),
    ],
)
def test_classes_end_on_the_same_day_of_the_month(end: str, name: str) -> None:
    found = asked(
        "duration-classes", [stay(1, "2024-01-10", end)], on="2029-01-01", window=("2024-01-01", "2029-01-01")
    )
    assert counts(found, "classes") == {name: 1}


def waiting(number: int, on: str, *, placed: str | None = None, closed: str | None = None) -> Dossier:
    person = f"young-person-{number:04d}"
    facts = [referred(f"R{number}", on, person=person)]
    if placed:
        facts.append(start(f"P{number}", placed, person=person))
    if closed:
        facts.append(referral_closed(f"R{number}", closed, person=person))
    return folded(*facts, person=person)


def test_a_withdrawal_competes_with_a_placement() -> None:
    three = [
        waiting(1, "2024-03-01", placed="2024-03-05"),
        waiting(2, "2024-03-05", closed="2024-03-15"),
        waiting(3, "2024-03-10"),
    ]
    found = asked("waiting", three, on="2024-03-31", window=MARCH)
    at = measures(found, "incidence-at")
    assert (at[7]["placed"], at[14]["withdrawn"], at[14]["remaining"]) == (Fraction(1, 3),) * 3
    assert counts(found, "ends") == {"placed": 1, "withdrawn": 1, "waiting": 1}
    assert counts(found, "waiting") == {"8-28": 1}
    assert measures(found, "placed")[None]["median"] == 4


def test_a_machtiging_that_nobody_executes_lapses() -> None:
    lapsed = folded(granted("M1", "2024-01-10", "2024-12-10"))
    placed = folded(granted("M1", "2024-01-10", "2024-12-10"), start("P1", "2024-01-13"))
    found = asked("waiting", [lapsed, placed], on="2024-12-31", window=YEAR_2024, since="machtiging")
    assert counts(found, "ends") == {"placed": 1, "lapsed": 1}
    assert measures(found, "incidence")[91]["lapsed"] == Fraction(1, 2)


def test_age_counts_from_the_first_day_of_the_month_of_birth() -> None:
    from services.monitor.figures.splits import age_on

    assert [age_on("2010-05", day) for day in (date(2022, 4, 30), date(2022, 5, 1))] == [11, 12]
