"""What is said of no accommodation and of no person: plans and consultations of areas, and figures of others."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from random import Random

from services.simulator.parameters import LandscapeParameters
from services.simulator.publishers import NATIONAL_FIGURES, desk_of
from services.simulator.statement import Statement, morning_of
from shared.calendar import add_months
from shared.facts.regions import AREA_OF, AREAS

JJI_INFLOW: Mapping[int, int] = {
    2015: 1437,
    2016: 1442,
    2017: 1434,
    2018: 1779,
    2019: 1900,
    2020: 1700,
    2021: 1500,
    2022: 1600,
    2023: 1584,
}
"""Young people who came into youth custody (JJI) in a year: sourced."""
JJI_SOURCE = "https://www.nji.nl/cijfers/justitiele-jeugdinrichtingen-jji"

TOPICS = ("placements", "capacity", "alternatives", "education", "procurement", "real-estate", "funding")
DRAWN_DAYS = 30
"""A plan is adopted in so many days from the start of its half-year."""
PLAN_MONTHS = 12


def figures(until: date) -> Iterator[Statement]:
    """The published figures of others that are out before `until`, each in the middle of the next year: unverified."""
    for number, value in JJI_INFLOW.items():
        on = date(number + 1, 7, 1)
        if on < until:
            data: dict[str, object] = {
                "series": "jji",
                "period": str(number),
                "value": value,
                "status": "final",
                "source_url": JJI_SOURCE,
            }
            time = morning_of(on)
            yield Statement(NATIONAL_FIGURES, "context-figure-published", f"jji-{number}", None, data, on, time)


def agreements(since: date, until: date, rng: Random, parameters: LandscapeParameters) -> Iterator[Statement]:
    """What each area adopts and discusses in every half-year that begins before `until`, from the one on `since`."""
    begins_on = since
    while begins_on < until:
        for area in AREAS:
            yield from _plan(area, begins_on, rng, parameters)
            yield from _consultation(area, begins_on, rng, parameters)
        begins_on = add_months(begins_on, 6)


def _plan(area: str, begins_on: date, rng: Random, parameters: LandscapeParameters) -> Iterator[Statement]:
    adopted, on = rng.random() >= parameters.skipped_share, begins_on + timedelta(days=rng.randrange(DRAWN_DAYS))
    if adopted:
        key = f"{area}-{_half_year(begins_on)}"
        data: dict[str, object] = {
            "plan": key,
            "scope": area,
            "adopted_on": on.isoformat(),
            "valid_until": add_months(begins_on, PLAN_MONTHS).isoformat(),
        }
        yield Statement(desk_of(area), "plan-adopted", key, None, data, on, morning_of(on))


def _consultation(area: str, begins_on: date, rng: Random, parameters: LandscapeParameters) -> Iterator[Statement]:
    days = (add_months(begins_on, 6) - begins_on).days
    held, on = rng.random() >= parameters.skipped_share, begins_on + timedelta(days=rng.randrange(days))
    invited = [code for code, its in AREA_OF.items() if its == area]
    there = [code for code in invited if rng.random() < parameters.present_share] or invited
    topics = rng.sample(TOPICS, rng.randint(1, 3))
    if held:
        key = f"{area}-{_half_year(begins_on)}"
        data: dict[str, object] = {
            "consultation": key,
            "held_on": on.isoformat(),
            "regions": there,
            "topics": topics,
        }
        yield Statement(desk_of(area), "consultation-held", key, None, data, on, morning_of(on))


def _half_year(begins_on: date) -> str:
    return f"{begins_on.year}-H{1 if begins_on.month == 1 else 2}"
