"""Accommodations tell each quarter how many restrictive measures by a plan they took; they get fewer."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

import pytest

from services.simulator.country import ACCOMMODATIONS
from services.simulator.measures import KINDS, TOLD_AFTER, measures
from services.simulator.parameters import MeasureParameters
from services.simulator.statement import Statement
from shared.facts.restriction import quarter_of

SINCE, UNTIL = date(2013, 1, 1), date(2026, 1, 1)


@pytest.fixture(scope="module")
def totals() -> Sequence[Statement]:
    return list(measures(SINCE, UNTIL, Random(1), MeasureParameters()))


def test_every_open_accommodation_tells_a_total_of_each_kind_for_each_quarter(totals: Sequence[Statement]) -> None:
    told = Counter((it.data["accommodation"], it.data["quarter"]) for it in totals)
    quarters = [date(year, month, 1) for year in range(2013, 2026) for month in (1, 4, 7, 10)]
    assert told == {
        (one.id, quarter_of(day)): len(KINDS) for one in ACCOMMODATIONS.values() for day in quarters if one.open_on(day)
    }


def test_totals_are_about_nobody_and_by_a_plan(totals: Sequence[Statement]) -> None:
    assert all(it.person is None and it.data["emergency"] is False for it in totals)
    assert all((it.data["count"] == 0) == (it.data["minutes"] == 0) for it in totals)


def test_a_quarter_is_told_when_it_is_over(totals: Sequence[Statement]) -> None:
    for it in totals:
        assert it.time.date() == it.on + TOLD_AFTER
        assert quarter_of(it.on - timedelta(days=1)) == it.data["quarter"] != quarter_of(it.on)


def test_they_get_fewer(totals: Sequence[Statement]) -> None:
    by_year = Counter[str]()
    for it in totals:
        by_year[str(it.data["quarter"])[:4]] += int(str(it.data["count"]))
    assert by_year["2013"] > 2 * by_year["2025"] > 0


def test_a_later_end_only_adds_quarters(totals: Sequence[Statement]) -> None:
    early = list(measures(SINCE, date(2014, 2, 1), Random(1), MeasureParameters()))
    assert early == totals[: len(early)]
    assert early[-1].data["quarter"] == "2013-Q4"
