"""Alerts about young people counted anew in SQL from what was published: each threshold, from when until when."""

from collections import Counter
from datetime import date

from services.monitor.history.known import Known
from tests.integration.alerts_in_sql.conftest import RULEBOOK, Countries
from tests.integration.alerts_in_sql.in_sql import Anew, judged

COUNTED = {
    "A01", "A02", "A03", "A04", "A05", "A06", "A07", "A08", "A09", "A10", "A11", "A12", "A13", "A14", "A15", "A16",
    "A21", "A24", "A26",
}  # fmt: skip
OFTEN = {
    ("A01", "730-days"), ("A02", "21-days"), ("A03", "no-title"), ("A04", "no-request"), ("A04", "no-title"),
    ("A05", "lapsed"), ("A05", "unexecuted-75"), ("A07", "no-title"), ("A08", "10-days"), ("A09", "early"),
    ("A09", "second"), ("A10", "90-days"), ("A11", "any-64"), ("A11", "list-64"), ("A11", "regulier-42"),
    ("A11", "spoed-3"), ("A12", "deviated"), ("A12", "not-executed"), ("A13", "20-school-days"), ("A14", "56-days"),
    ("A15", "no-follow-up"), ("A16", "72-hours"), ("A21", "12-hours"), ("A21", "3-days"), ("A24", "14-days"),
    ("A26", "overdue"), ("A26", "42-days"),
}  # fmt: skip
"""What a comparison must have met often enough to say anything; A06, `third` and `destination-unknown` are rarer."""


def test_the_countries_have_every_alert_in_them(countries: Countries) -> None:
    met: Counter[tuple[str, str]] = Counter()
    ended: Counter[str | None] = Counter()
    for one in countries.values():
        known = one.history.known_at()
        for alert in judged(known, date(2026, 6, 1), RULEBOOK).values():
            met[alert.rule, alert.threshold] += 1
            ended[alert.ended] += 1
    assert {key for key in OFTEN if met[key] < 15} == set()
    assert {rule for rule, _ in met} >= COUNTED
    assert {"moved-away", "deceased", "titled", "requested", "lapsed", "arrived"} <= ended.keys()


def test_each_holds_on_the_same_days(both: tuple[Known, Anew]) -> None:
    known, anew = both
    found, expected = judged(known, anew.on, RULEBOOK).keys(), anew.spells()
    assert found - expected == set()
    assert expected - found == set()


def test_each_is_ended_by_the_same(both: tuple[Known, Anew]) -> None:
    known, anew = both
    found, expected = judged(known, anew.on, RULEBOOK), anew.reasons()
    assert {key: (found[key].ended, why) for key, why in expected.items() if found[key].ended != why} == {}
    assert len(expected) > 300
