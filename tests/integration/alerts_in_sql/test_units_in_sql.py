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
        expected = {spell for spell in anew.spells(units=True) if spell[0] in COUNTED}
    assert found - expected == set()
    assert expected - found == set()


SETTLED = (date(2024, 8, 10), date(2024, 11, 15), date(2025, 2, 10))
"""Days on each of which the measures of another quarter are told of; of those of others nobody is asked."""


def test_of_many_restrictive_measures_the_same_accommodations_are_told(countries: Countries) -> None:
    country = countries[4]
    with alerted_anew(known_lines(country.ledgers, EVERYTHING), country.history.known_at(), ON, RULE_FILE) as anew:
        every = {one for one in anew.spells(units=True) if one[0] == "A21"}
    met = 0
    for day in SETTLED:
        with country.engine.begin() as connection:
            land = landscape(connection, on=day, rules=RULEBOOK)
        held = [one for one in unit_spells(land, on=day, rules=RULEBOOK) if one.rule == "A21" and one.holds_on(day)]
        assert told(held, ON).keys() == {one for one in every if one[5] <= str(day) < str(one[6])}
        met += len(held)
    assert met > 2


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
