"""What stands around closed youth care is folded with the register: what was recorded last counts, in any order."""

from datetime import date
from itertools import count, permutations
from typing import Any

import pytest

from services.monitor.accommodations import fold_register
from services.monitor.surroundings import NOTHING_AROUND, ContextFigure, Funding, Measures, Scan, Surroundings
from shared.facts.envelope import AcceptedEvent
from shared.facts.fact import Fact
from shared.facts.landscape import ContextFigurePublished, FundingRecorded, RealEstateScanned
from shared.facts.record import RecordWithdrawn
from shared.facts.restriction import RestrictionReported
from tests.unit.dossier.given import d, event

_numbers = count()
SOURCE_URL = "https://example.org/figures"


def _about_no_person(fact: Fact, **envelope: Any) -> AcceptedEvent:
    return event(fact, **{"record": f"around-{next(_numbers)}", "person": None, **envelope})


def published(period: str, value: int, *, series: str = "jji", region: str | None = None, **more: Any) -> AcceptedEvent:
    """Others published a figure."""
    fact = ContextFigurePublished(
        series=series, region=region, period=period, value=value, status="final", source_url=SOURCE_URL
    )
    return _about_no_person(fact, **more)


def funded(on: str, amount: int, **more: Any) -> AcceptedEvent:
    """So many euros were awarded to the south for alternatives."""
    fact = FundingRecorded(scope="zuid", on=d(on), kind="awarded", purpose="alternative", amount=amount)
    return _about_no_person(fact, **more)


def scanned(on: str, value: int, **more: Any) -> AcceptedEvent:
    """The buildings of A were worth so much on a day."""
    fact = RealEstateScanned(accommodation="A", scanned_on=d(on), book_value=value, reuse="housing")
    return _about_no_person(fact, **more)


def folded(*facts: AcceptedEvent) -> Surroundings:
    """What they say, whatever their order."""
    found = {fold_register(some).surroundings for some in permutations(facts)}
    [one] = found
    return one


def test_of_one_series_region_and_period_the_figure_that_was_recorded_last_counts() -> None:
    found = folded(
        published("2019", 1200, time=1),
        published("2019", 1100, time=0),
        published("2019", 40, region="JZ24"),
        published("2020", 1000),
        published("2019", 2000, series="wvggz"),
    )
    assert [(one.series, one.region, one.period, one.value) for one in found.figures] == [
        ("jji", None, "2019", 1200),
        ("jji", None, "2020", 1000),
        ("jji", "JZ24", "2019", 40),
        ("wvggz", None, "2019", 2000),
    ]


def test_a_figure_is_corrected_and_withdrawn_as_every_record() -> None:
    first = published("2019", 1200, record="jji-2019")
    second = published("2019", 1250, record="jji-2019", revision=2)
    gone = event(
        RecordWithdrawn(of="context-figure-published", record="jji-2019", reason="duplicate"),
        record="gone", person=None, revision=3,
    )  # fmt: skip
    assert folded(first, second, first).figures == (ContextFigure("jji", None, "2019", 1250, "final"),)
    assert folded(first, second, gone) == NOTHING_AROUND


def test_each_record_of_money_counts_and_of_buildings_the_last_of_a_day() -> None:
    found = folded(
        funded("2025-07-01", 100), funded("2025-07-01", 100), scanned("2025-11-04", 5, time=1), scanned("2025-11-04", 4)
    )
    assert found.funding == (Funding("zuid", d("2025-07-01"), "awarded", "alternative", 100),) * 2
    assert found.scans == (Scan("A", d("2025-11-04"), 5, "housing", None),)


@pytest.mark.parametrize(
    ("period", "until"),
    [
        ("2019", date(2020, 1, 1)),
        ("2019-H1", date(2019, 7, 1)),
        ("2019-H2", date(2020, 1, 1)),
        ("2019-Q3", date(2019, 10, 1)),
        ("2019-01", date(2019, 2, 1)),
        ("2019-12", date(2020, 1, 1)),
    ],
)
def test_a_period_is_over_on_the_first_day_after_it(period: str, until: date) -> None:
    assert ContextFigure("jji", None, period, 1, "final").until == until


def test_measures_of_whole_accommodations_are_kept_by_quarter_and_of_one_record_the_newest() -> None:
    def counted(record: str, number: int, **more: Any) -> AcceptedEvent:
        fact = RestrictionReported(
            accommodation="A", quarter="2024-Q1", category="holding", count=number, minutes=9, emergency=False
        )
        return _about_no_person(fact, record=record, **more)

    found = folded(counted("one", 4), counted("one", 5, revision=2), counted("other", 2))
    assert found.measures == (
        Measures("A", "2024-Q1", "holding", 2, 9, emergency=False),
        Measures("A", "2024-Q1", "holding", 5, 9, emergency=False),
    )


def test_measures_over_some_days_are_those_of_the_quarters_that_lie_wholly_in_them() -> None:
    first, second, other = (
        Measures("A", "2024-Q1", "holding", 2, 9, False),
        Measures("A", "2024-Q2", "holding", 3, 9, False),
        Measures("B", "2024-Q2", "holding", 4, 9, False),
    )
    around = Surroundings(measures=(first, second, other))
    assert around.measures_over(d("2024-01-01"), d("2024-04-01")) == {"A": [first]}
    assert around.measures_over(d("2024-01-02"), d("2024-07-01")) == {"A": [second], "B": [other]}
    assert around.measures_over(d("2024-01-01"), d("2024-06-30")) == {"A": [first]}
