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

MADE_UP_FROM = 2015
MADE_UP: Mapping[str, tuple[int, ...]] = {
    "wvggz": (610, 640, 655, 690, 720, 735, 790, 850, 880, 905, 920),
    "lta": (980, 1010, 1060, 1090, 1120, 1080, 1150, 1230, 1290, 1340, 1370),
    "three-milieu": (2950, 2900, 2860, 2780, 2700, 2560, 2480, 2390, 2330, 2270, 2210),
    "population-12-17": (
        1_203_000, 1_206_000, 1_206_000, 1_199_000, 1_190_000, 1_181_000,
        1_171_000, 1_165_000, 1_170_000, 1_168_000, 1_166_000,
    ),
}  # fmt: skip
"""By series a figure of each year since then: unverified, none of them was found by year (the first in its column of
before 2020 stands for the Bopz). Each says so where it is published, and none of them is ever final.
"""
MADE_UP_SOURCE = "https://example.org/simulated/"

TOPICS = ("placements", "capacity", "alternatives", "education", "procurement", "real-estate", "funding")
DRAWN_DAYS = 30
"""A plan is adopted in so many days from the start of its half-year."""
PLAN_MONTHS = 12


def figures(until: date) -> Iterator[Statement]:
    """The published figures of others that are out before `until`, each in the middle of the next year: unverified."""
    return (it for it in _all_figures() if it.on < until)


def _all_figures() -> Iterator[Statement]:
    for year, value in JJI_INFLOW.items():
        yield _figure(f"jji-{year}", year, ("jji", value, "final", JJI_SOURCE))
    for series, values in MADE_UP.items():
        for year, value in enumerate(values, start=MADE_UP_FROM):
            yield _figure(f"simulated-{series}-{year}", year, (series, value, "provisional", MADE_UP_SOURCE + series))


def _figure(key: str, year: int, figure: tuple[str, int, str, str]) -> Statement:
    """The figure of a year: of which series, how much, how certain, and where it was published."""
    series, value, status, source_url = figure
    data: dict[str, object] = {
        "series": series,
        "period": str(year),
        "value": value,
        "status": status,
        "source_url": source_url,
    }
    on = date(year + 1, 7, 1)
    return Statement(NATIONAL_FIGURES, "context-figure-published", key, None, data, on, morning_of(on))


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
