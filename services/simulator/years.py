"""The yearly figures that the simulated country follows, each with a status that says how far it can be trusted."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.simulator.parameters import Status


@dataclass(frozen=True, slots=True)
class Year:
    """What is published of one calendar year, or what the simulator assumes where nothing is."""

    placements: int
    """Every placement that started in the year: arrivals after a doorplaatsing and returns count again."""
    unique: int | None
    """Young people with at least one such placement."""
    in_care: int | None
    """Young people present on at least one day of the year."""
    status: Status


YEARS: Mapping[int, Year] = {
    2009: Year(2200, None, None, "unverified"),
    2010: Year(2200, None, None, "unverified"),
    2011: Year(2100, None, None, "unverified"),
    2012: Year(2150, None, None, "calibrated"),
    2013: Year(1818, 1503, 2415, "sourced"),
    2014: Year(1712, 1413, 2172, "sourced"),
    2015: Year(1639, 1380, 2108, "sourced"),
    2016: Year(1824, 1518, 2233, "sourced"),
    2017: Year(1924, 1537, 2254, "sourced"),
    2018: Year(1720, 1433, 2135, "sourced"),
    2019: Year(1707, 1378, 2094, "sourced"),
    2020: Year(1364, 1125, 1802, "sourced"),
    2021: Year(1181, 1030, 1584, "sourced"),
    2022: Year(989, 842, 1286, "sourced"),
    2023: Year(891, 765, 1146, "sourced"),
    2024: Year(780, None, None, "derived"),
    2025: Year(730, None, None, "unverified"),
    2026: Year(690, None, None, "unverified"),
}
"""Published: nji.nl/cijfers/jeugdzorgplus (factsheets of Jeugdzorg Nederland, checked 2024-05-23). The definition does
not say whether an arrival after a doorplaatsing is a placement; the calibrated flow counts it, and so does D5.

2024: 355 unique youths in the first half (ANP 2024-10), 640 to 710 in the year by the ratio of the halves in 2021-2023,
times 1.16 placements each. 2025 and 2026 go down with the published heads: 495 (31-12-2023), 440 (31-12-2024), 421
(30-6-2025). Years before 2013 only fill the country, so that the stock of 1-1-2013 stands; later years repeat the last.
"""

STAY_FACTORS: Mapping[int, float] = {2013: 1.04, 2014: 1.04, 2019: 1.08, 2021: 0.9, 2022: 0.94}
"""How many times as long as on average stays that start in a year last (1 elsewhere): calibrated on youths in care."""

PUBLISHED_YEARS = range(2013, 2024)
"""The years of which placements, unique youths and youths in care are all published."""


def year(number: int) -> Year:
    """The year's figures; the first or the last known year outside the table."""
    return YEARS[min(max(number, min(YEARS)), max(YEARS))]
