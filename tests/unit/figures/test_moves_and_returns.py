"""Doorplaatsing, re-placement, title, care, occupancy, inflow, path and process limits, counted by hand."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from services.monitor.accommodations import Capacity, Plan, Register
from services.monitor.disclosure.disclose import Audience
from services.monitor.dossier.state import Dossier
from services.monitor.figures.publication import disclosed
from services.monitor.statistics.estimable import NOT_ESTIMABLE
from tests.unit.dossier.given import d, discharged, folded, granted, moved, start
from tests.unit.figures.asked import (
    MOVED_AND_RETURNED,
    REGISTER,
    SHORT,
    THREE,
    WITHOUT_TITLE,
    YEAR_2024,
    asked,
    counts,
    known,
    measures,
)

ON = "2025-01-31"


def test_one_of_three_placements_ended_in_a_doorplaatsing() -> None:
    found = asked("doorplaatsing", THREE, on=ON, window=YEAR_2024)
    assert found.n == 1
    assert counts(found, "ends") == {"doorplaatsing": 1, "discharged": 2}
    assert measures(found, "share")[None]["share"] == (1, 3)
    assert counts(found, "times") == {"0": 1, "1": 1}
    assert counts(found, "kind") == {"within-provider": 1}
    assert counts(found, "soon") == {"later": 1}


def test_it_is_54_3_per_100_years_of_care() -> None:
    rate = measures(asked("doorplaatsing", THREE, on=ON, window=YEAR_2024), "rate")[None]
    assert rate["careDays"] == 673
    assert rate["per100Years"] == Fraction(36525, 673)
    assert round(float(rate["per100Years"]), 1) == 54.3


def test_a_departure_without_arrival_is_no_doorplaatsing_yet() -> None:
    left = folded(start("P1", "2024-01-10", at="A"), moved("P1", "2024-04-09", to="B"))
    found = asked("doorplaatsing", [left], on=ON, window=YEAR_2024)
    assert (found.n, counts(found, "ends")) == (0, {"departed": 1})


def test_to_another_provider_and_soon_after_the_start() -> None:
    passed = folded(start("P1", "2024-01-10", at="A"), moved("P1", "2024-02-09"), start("P2", "2024-02-09", at="C"))
    found = asked("doorplaatsing", [passed], on=ON, window=YEAR_2024, split="provider")
    assert counts(found, "kind")[("north", "between-providers")] == 1
    assert counts(found, "soon")[("total", "within-30-days")] == 1


def test_one_of_one_came_back_within_180_days_and_none_within_90() -> None:
    found = asked("replacement", THREE, on=ON, window=YEAR_2024)
    assert found.n == 2
    followed = measures(found, "full-follow-up")
    assert [followed[h]["replaced"] for h in (30, 90, 180, 365)] == [(0, 2), (0, 1), (1, 1), (0, 0)]
    assert followed[365]["lower"] is NOT_ESTIMABLE
    assert measures(found, "live")[180]["replaced"] == 1
    assert counts(found, "repeated-use") == {"first": 2, "repeated": 1}


def test_at_day_160_one_is_at_risk_and_comes_back() -> None:
    found = asked("replacement-incidence", THREE, on=ON, window=YEAR_2024)
    assert measures(found, "incidence")[160] == {"n": 1, "replaced": 1, "death": 0, "agedOut": 0, "remaining": 0}
    assert measures(found, "incidence-at")[180]["replaced"] == 1


def test_nobody_comes_back_after_18_and_a_half() -> None:
    grown = folded(start("P1", "2024-01-10", birth_month="2006-03"), discharged("P1", "2024-06-01"))
    found = asked("replacement-incidence", [grown], on=ON, window=YEAR_2024)
    (day,) = measures(found, "incidence")
    assert date(2024, 6, 1) + timedelta(days=day) == date(2024, 9, 1)
    assert measures(found, "incidence")[day]["agedOut"] == 1


def test_who_comes_back_on_the_day_of_the_discharge_was_not_too_old_for_it() -> None:
    """Discharged after that age and in elsewhere on the same day: inside, so come back, as `replacement` says."""
    old = start("P1", "2024-01-10", birth_month="2005-06"), discharged("P1", "2024-06-01")
    for again, replaced in ("2024-06-01", 1), ("2024-06-02", 0):
        found = asked("replacement-incidence", [folded(*old, start("P2", again, at="B"))], on=ON, window=YEAR_2024)
        row = measures(found, "incidence")[0]
        assert (row["replaced"], row["agedOut"]) == (replaced, 1 - replaced)


def test_a_gap_of_none_is_adjoining_and_six_years_is_long_ago() -> None:
    again = folded(
        start("P1", "2018-01-01", at="A"), discharged("P1", "2018-02-01"),
        start("P2", "2024-03-01", at="A"), discharged("P2", "2024-04-01"),
        start("P3", "2024-04-01", at="B"),
    )  # fmt: skip
    found = asked("replacement", [again], on=ON, window=YEAR_2024)
    assert counts(found, "repeated-use") == {"longer-ago": 1, "adjoining": 1}


def test_thirty_nights_of_2024_have_no_title() -> None:
    found = asked("title", THREE, on=ON, window=YEAR_2024)
    row = measures(found, "nights")[None]
    assert (row["uncovered"], row["nights"], row["share"], row["concerned"]) == (30, 673, Fraction(30, 673), (1, 4))
    assert counts(found, "began-on") == {"regulier": 3}
    assert counts(found, "measure") == {"measure": 3}
    assert [case.person for case in found.cases] == [WITHOUT_TITLE.person]


def test_until_the_day_sixty_three_nights_had_none() -> None:
    found = asked("title", [WITHOUT_TITLE], on=ON, window=("2023-01-01", "2026-01-01"))
    assert measures(found, "nights")[None]["uncovered"] == 3 + 60
    assert counts(found, "began-on") == {"spoed": 1}


def test_one_of_four_began_without_a_measure() -> None:
    person = "y4-0123456789abcd"
    consented = folded(
        start("P6", "2024-03-01", person=person),
        granted("M6", "2024-03-01", "2024-09-01", legal_frame="consent", person=person),
        person=person,
    )
    found = asked("title", [*THREE, consented], on=ON, window=YEAR_2024)
    assert measures(found, "without-measure", key=("without-measure",)) == {None: {"n": 1, "share": (1, 4)}}


def test_care_days_of_2024_are_673() -> None:
    found = asked("care-days", THREE, on=ON, window=YEAR_2024)
    assert measures(found, "care-days")[None] == {"n": 5, "careDays": 673, "meanInside": Fraction(673, 366)}


def test_a_day_in_two_placements_counts_once() -> None:
    twice = folded(start("P1", "2024-01-01", at="A"), start("P2", "2024-01-05", at="C"), discharged("P1", "2024-01-11"),
                   discharged("P2", "2024-01-21"))  # fmt: skip
    found = asked("care-days", [twice], on=ON, window=YEAR_2024, split="provider")
    assert measures(found, "care-days")[None]["careDays"] == 20
    assert measures(found, "care-days", key=("south",))[None]["careDays"] == 10


def test_occupancy_is_the_occupied_places_of_all_and_of_each() -> None:
    places = tuple(
        Capacity(at, "", date(2020, 1, 1), number, None, "gesloten", "lta")
        for at, number in (("A", 4), ("B", 6), ("C", 2))
    )
    seen = known(*THREE, register=Register(REGISTER.accommodations, places))
    found = asked("occupancy", seen, on=ON, window=("2025-01-01", "2025-01-31"))
    assert measures(found, "occupancy")[None] == {
        "n": 2, "places": 12, "occupied": 2, "occupancy": Fraction(1, 6), "occupancyMean": Fraction(60, 360),
    }  # fmt: skip
    assert measures(found, "occupancy", key=("C",))[None]["occupancy"] == Fraction(1, 2)
    assert measures(found, "occupancy", key=("provider north",))[None]["places"] == 10


def test_four_placements_of_two_young_people() -> None:
    found = asked("inflow", THREE, on=ON, window=YEAR_2024)
    row = measures(found, "inflow")[date(2024, 1, 1)]
    assert [row[name] for name in ("placements", "closures", "placed", "inCare", "perPerson")] == [4, 3, 2, 3, 2]


def test_of_a_window_after_the_date_nothing_has_come_in_yet() -> None:
    for per in ("window", "month"):
        found = asked("inflow", THREE, on=ON, window=("2027-01-01", "2028-01-01"), per=per)
        assert measures(found, "inflow") == {}


def test_the_line_to_zero_is_straight_by_days() -> None:
    found = asked("path-to-zero", [SHORT], on="2025-08-31")
    path = measures(found, "path")
    assert (path[date(2025, 9, 1)]["placements"], found.n) == (1, 1)
    assert path[date(2024, 1, 1)]["target"] == 989 * Fraction(2922 - 365, 2922)
    assert path[date(2025, 1, 1)]["deviation"] == 1 - 989 * Fraction(2922 - 731, 2922)
    assert measures(found, "line")[date(2031, 1, 1)]["target"] == 0


def test_a_plan_counts_those_who_lived_there_against_its_own_line() -> None:
    """Of the four placements of 2024 and 2025 in all regions three began in these twelve months, all in Haaglanden."""
    points = ((d("2025-01-01"), 10), (d("2026-01-01"), 0))
    plans = tuple(Plan(scope, "placements", points) for scope in ("JZ24", "country", "noord", "zuid-west"))
    people = known(*THREE, register=replace(REGISTER, plans=plans))
    found = measures(asked("path-to-zero", people, on="2025-01-31"), "plans")
    assert {scope: row["placements"] for scope, row in found.items()} == {
        "JZ24": 3,
        "country": 3,
        "noord": 0,
        "zuid-west": 3,
    }
    target = 10 * Fraction(365 - 31, 365)
    assert (found["JZ24"]["target"], found["JZ24"]["deviation"]) == (target, 3 - target)
    early = measures(asked("path-to-zero", people, on="2024-06-30"), "plans")["JZ24"]
    assert (early["target"], early["deviation"]) == (None, NOT_ESTIMABLE)
    outside = disclosed(asked("path-to-zero", people, on="2025-01-31"), people, to=Audience.OUTSIDE)
    told = {name: outside.table("plans").cell(name, at="JZ24").status for name in ("n", "placements", "deviation")}
    assert set(told.values()) == {"withheld"}
    assert outside.table("plans").cell("target", at="JZ24").value == target


def months(*numbers: int) -> list[Dossier]:
    """So many starts in each month from January 2024 on."""
    found = []
    for month, number in enumerate(numbers):
        for _ in range(number):
            person = f"young-person-{len(found):04d}"
            facts = start(f"P{len(found)}", f"{2024 + month // 12}-{month % 12 + 1:02d}-15", person=person)
            found.append(folded(facts, person=person))
    return found


def test_thirteen_months_have_limits_and_empty_ones_are_kept() -> None:
    window = ("2024-01-01", "2025-02-01")
    series = (4, 6, 4, 6, 4, 6, 0, 6, 4, 6, 4, 6, 4)
    found = asked("monthly-starts", months(*series), on="2025-03-01", window=window)
    assert counts(found, "starts")["2024-06"] == 6
    limits = measures(found, "limits")[None]
    assert limits["mean"] == Fraction(sum(series), 13)
    assert limits["movingRange"] == Fraction(2 * 10 + 6 + 6, 12)
    few = asked("monthly-starts", months(*series[:12]), on="2025-01-01", window=YEAR_2024)
    assert measures(few, "limits")[None]["upper"] is NOT_ESTIMABLE


def test_a_month_beyond_the_limit_says_so() -> None:
    found = asked(
        "monthly-starts", months(4, 6, 4, 6, 4, 6, 4, 6, 4, 6, 4, 6, 4, 40), on="2025-03-01",
        window=("2024-01-01", "2025-03-01"), baseline=13,
    )  # fmt: skip
    assert measures(found, "signals", key=("2025-02",))[None]["signals"] == "outside high"


def test_cases_between_events_are_in_the_order_of_their_ends() -> None:
    def ended(number: int, days: int) -> Dossier:
        person, on = f"young-person-{number:04d}", date(2024, 1, 1) + timedelta(days=number)
        began = on - timedelta(days=days)
        return folded(start(f"P{number}", str(began), person=person), discharged(f"P{number}", str(on), person=person),
                      person=person)  # fmt: skip

    found = asked("rare-events", [ended(n, days) for n, days in enumerate((400, 10, 10, 400, 400))], on=ON,
                  window=YEAR_2024)  # fmt: skip
    assert [row["cases"] for row in measures(found, "gaps").values()] == [2, 0]
    assert measures(found, "limits")[None]["events"] == (3, 5)


def test_a_funnel_has_the_limits_of_all_together_and_no_rank() -> None:
    found = asked("funnel", THREE, on=ON, window=YEAR_2024, measure="spoed")
    assert measures(found, "funnel", key=("north",))[None]["count"] == 0
    moved_ones = asked("funnel", [MOVED_AND_RETURNED, SHORT], on=ON, window=YEAR_2024)
    row = measures(moved_ones, "funnel", key=("north",))[None]
    assert (row["size"], row["count"], row["expected"], row["position"]) == (307, 1, 1, "inside")
    assert measures(moved_ones, "funnel", key=("south",))[None]["expected"] is NOT_ESTIMABLE


def test_on_a_date_nobody_has_arrived_who_arrives_later() -> None:
    person = folded(start("P1", "2024-01-10"), moved("P1", "2024-03-10"), start("P2", "2024-03-13", at="B"))
    for on, became in (("2024-03-12", "departed"), ("2024-03-13", "doorplaatsing")):
        assert counts(asked("doorplaatsing", [person], on=on, window=("2024-01-01", "2024-06-01")), "ends") == {
            became: 1
        }


def test_of_two_placements_at_once_only_the_one_that_was_left_ended_in_the_doorplaatsing() -> None:
    long, short = (start("P1", "2024-01-10"), moved("P1", "2024-03-10")), (start("P2", "2024-01-20"),)
    facts = *long, *short, discharged("P2", "2024-02-01"), start("P3", "2024-03-10", at="B")
    found = asked("doorplaatsing", [folded(*facts)], on="2024-06-01", window=("2024-01-01", "2024-06-01"))
    assert counts(found, "ends") == {"doorplaatsing": 1, "discharged": 1}
