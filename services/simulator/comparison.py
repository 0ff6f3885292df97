"""The simulated years beside the published ones."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from services.simulator.flow import Closure
from services.simulator.years import PUBLISHED_YEARS, year

DAYS_A_MONTH = 30.4375
SHORT_DAYS, LONG_DAYS = 30, 365
"""Under a month and over a year, as the exit view counts them."""


@dataclass(frozen=True, slots=True)
class SimulatedYear:
    """What the simulator made of one calendar year, by the definitions of the published figures."""

    year: int
    placements: int
    unique: int
    in_care: int
    stock: int
    """Young people open on 1 January."""
    ended: int
    stay_months_mean: float
    """Of placements that ended in the year."""
    short_share: float
    long_share: float
    spoed_share: float
    """Of closures that started in the year."""


@dataclass(frozen=True, slots=True)
class Whole:
    """All published years together."""

    stay_months_mean: float
    short_share: float
    long_share: float
    spoed_share: float
    doorplaatsing_share: float
    """Of placements that ended."""
    return_share: float
    """Of closures that started: not the first of this person."""


def simulated_years(found: Iterable[Closure], *, years: Iterable[int]) -> list[SimulatedYear]:
    """Count each year of `years`; `found` must hold every closure that touches them."""
    closures = list(found)
    return [_year(closures, number) for number in years]


def whole(found: Iterable[Closure], *, years: Sequence[int] = PUBLISHED_YEARS) -> Whole:
    """Means over all of the years, which must follow each other."""
    a, b = date(years[0], 1, 1), date(years[-1] + 1, 1, 1)
    closures = list(found)
    started = [one for one in closures if a <= one.started_on < b]
    ended = [stay for one in closures for stay in one.stays if a <= stay.ended_on < b]
    days = [(stay.ended_on - stay.started_on).days for stay in ended]
    return Whole(
        stay_months_mean=sum(days) / len(days) / DAYS_A_MONTH,
        short_share=sum(n < SHORT_DAYS for n in days) / len(days),
        long_share=sum(n > LONG_DAYS for n in days) / len(days),
        spoed_share=sum(one.spoed for one in started) / len(started),
        doorplaatsing_share=sum(stay.moved_because is not None for stay in ended) / len(ended),
        return_share=sum(one.number > 1 for one in started) / len(started),
    )


def _year(closures: Sequence[Closure], number: int) -> SimulatedYear:
    a, b = date(number, 1, 1), date(number + 1, 1, 1)
    present: set[str] = set()
    placed: dict[str, int] = defaultdict(int)
    stock = 0
    days: list[int] = []
    started: list[bool] = []
    for closure in closures:
        if closure.started_on >= b or closure.ended_on < a:
            continue
        if a <= closure.started_on:
            started.append(closure.spoed)
        for stay in closure.stays:
            if a <= stay.started_on < b:
                placed[closure.person.pseudonym] += 1
            if stay.started_on < b and max(stay.ended_on, stay.started_on) > a:
                present.add(closure.person.pseudonym)
            if a <= stay.ended_on < b:
                days.append((stay.ended_on - stay.started_on).days)
            stock += stay.started_on <= a < stay.ended_on
    return SimulatedYear(
        year=number,
        placements=sum(placed.values()),
        unique=len(placed),
        in_care=len(present | placed.keys()),
        stock=stock,
        ended=len(days),
        stay_months_mean=sum(days) / max(1, len(days)) / DAYS_A_MONTH,
        short_share=sum(n < SHORT_DAYS for n in days) / max(1, len(days)),
        long_share=sum(n > LONG_DAYS for n in days) / max(1, len(days)),
        spoed_share=sum(started) / max(1, len(started)),
    )


def report(found: Iterable[Closure]) -> str:
    """A readable table: simulated against published for each year, and all years together."""
    closures = list(found)
    lines = [
        "year  placements   pub   diff  unique   pub   diff  in care   pub   diff  stock  months  <1 m  >12 m  spoed",
    ]
    for it in simulated_years(closures, years=PUBLISHED_YEARS):
        published = year(it.year)
        cells = [
            f"{mine:>{width}} {theirs:>5} {difference(mine, theirs):>+6.1%}"
            for mine, theirs, width in (
                (it.placements, published.placements, 10),
                (it.unique, published.unique or 0, 7),
                (it.in_care, published.in_care or 0, 8),
            )
        ]
        lines.append(
            f"{it.year}  {' '.join(cells)} {it.stock:>6} {it.stay_months_mean:>7.2f} {it.short_share:>5.1%}"
            f" {it.long_share:>6.1%} {it.spoed_share:>6.1%}"
        )
    every = whole(closures)
    lines.append(
        f"all years: {every.stay_months_mean:.2f} months, {every.short_share:.1%} under a month,"
        f" {every.long_share:.1%} over a year,"
        f" {every.spoed_share:.1%} begin on a spoedmachtiging,"
        f" {every.doorplaatsing_share:.1%} of ends are doorplaatsingen,"
        f" {every.return_share:.1%} of closures are returns"
    )
    return "\n".join(lines)


def difference(simulated: int, published: int) -> float:
    """The relative difference, of the published figure."""
    return simulated / published - 1
