"""Alerts about accommodations and youth regions counted anew in SQL, from what the ledgers of a country published."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest

from services.monitor.alerts.conditions.units import unit_spells
from services.monitor.alerts.landscape import landscape
from tests.integration.alerts_in_sql.conftest import RULE_FILE, RULEBOOK, Countries, Country, known_lines
from tests.integration.alerts_in_sql.in_sql import Spell, alerted_anew, told

ON = date(2026, 6, 1)
EVERYTHING = datetime.max.replace(tzinfo=UTC)
COUNTED = frozenset({"A17", "A18", "A20", "A25"})


def judged(country: Country, on: date) -> set[Spell]:
    """What the monitor says by all facts."""
    with country.engine.begin() as connection:
        land = landscape(connection, on=on, rules=RULEBOOK)
    return {spell for spell in told(unit_spells(land, on=on, rules=RULEBOOK), on) if spell[0] in COUNTED}


@pytest.mark.parametrize("seed", [4, 6])
def test_each_holds_on_the_same_days(countries: Countries, seed: int) -> None:
    country = countries[seed]
    found = judged(country, ON)
    with alerted_anew(known_lines(country.ledgers, EVERYTHING), country.history.known_at(), ON, RULE_FILE) as anew:
        expected = anew.spells(units=True)
    assert found - expected == set()
    assert expected - found == set()


def test_the_countries_have_each_of_them_and_some_about_who_was_never_registered(
    countries: Countries,
) -> None:
    met: Counter[tuple[str, str]] = Counter()
    about = set()
    for country in countries.values():
        for rule, threshold, _, what, *_ in judged(country, ON):
            met[rule, threshold] += 1
            about.add((rule, what))
    often = {("A17", "low"), ("A17", "high"), ("A18", "90-days"), ("A20", "large-groups"), ("A25", "no-plan")}
    assert {key for key in (*often, ("A25", "183-days")) if met[key] < 5} == set()
    assert ("A17", "z") in about
