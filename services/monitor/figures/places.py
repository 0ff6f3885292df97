"""Places: how many there are through the years, how closed, who buys them, and how many are in small groups."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

from services.monitor.accommodations import Capacity, Register
from services.monitor.disclosure.table import TOTAL, Dimension, Key
from services.monitor.figures.answer import Column, Findings, MeasureTable, Row, keys_above, keys_of
from services.monitor.figures.capacities import capacities_on
from services.monitor.figures.closure_mode import MODES
from services.monitor.figures.figure import Figure
from services.monitor.figures.flow import periods
from services.monitor.figures.population import Population
from services.monitor.figures.question import Parameter, Question, Window
from services.monitor.figures.splits import REGION_IF_KNOWN, UNKNOWN_REGION, provider_of
from services.monitor.figures.values import Given

TOGETHER = "places"
"""All of them, as the column is called."""
PROCUREMENTS = ("regionaal", "lta")
SMALL, LARGER, UNTOLD = "small", "larger", "unknownSize"
NUMBERS = (TOGETHER, *MODES, *PROCUREMENTS, SMALL, LARGER, UNTOLD)
SMALL_SHARE, HYBRIDE_SHARE, LTA_SHARE = "smallShare", "hybrideShare", "ltaShare"

SMALL_GROUP = Parameter(
    "smallGroup",
    6,
    "How many young people live in a small group at most. It is a choice: no law says which number is small-scale.",
    least=1,
    most=20,
)
PER = Parameter("per", "year", "On the first day of each year, or of each month.", choices=("year", "month"))

InForce = Mapping[date, Sequence[Capacity]]
"""By day, in order."""


def _compute(population: Population) -> Findings:
    question, register = population.question, population.known.register
    in_force = {day: capacities_on(register, day) for day in _days(question, register)}
    small = question.number(SMALL_GROUP.name)
    regions = {one.accommodation: one.region for one in register.accommodations}
    providers, provider = provider_of(register)
    by_region = _sums(in_force, REGION_IF_KNOWN, lambda name: regions.get(name) or UNKNOWN_REGION, small)
    by_provider = _sums(in_force, providers, provider, small)
    return Findings(
        n=0,
        inferred=0,
        tables=(
            _table("places", "Places by area and region of the accommodation", REGION_IF_KNOWN, by_region),
            _table("providers", "Places by provider", providers, by_provider),
        ),
        cases=(),
    )


def _days(question: Question, register: Register) -> list[date]:
    """The date, and before it each day of the window or at its end on which a year (or a month) turns.

    None of these is before the first day from which any place is known: that nobody told of any is not that none were.
    """
    first = min((one.from_on for one in register.capacities), default=question.on)
    window = Window(max(question.window.a, first), min(question.window.b, question.on) + timedelta(days=1))
    begins = [part.a for part in periods(window, question.word(PER.name))]
    yearly = question.word(PER.name) == "year"
    turns = [day for day in begins if day.day == 1 and (day.month == 1 or not yearly)]
    return sorted({*turns, question.on})


def _sums(
    in_force: InForce, dimension: Dimension, category: Callable[[str], str], small: int
) -> Mapping[Key, Mapping[date, Mapping[str, int]]]:
    """Places by cell, margins included, by day and by what they are; of each cell that has any capacity every day."""
    sums: dict[Key, dict[date, Counter[str]]] = {(TOTAL,): {day: Counter() for day in in_force}}
    for day, capacities in in_force.items():
        for one in capacities:
            found = dict.fromkeys(_kinds(one, small), one.places)
            for key in keys_above((category(one.accommodation),), (dimension,)):
                by_day = sums.setdefault(key, {day: Counter() for day in in_force})
                by_day[day].update(found)
    return {key: sums[key] for key in keys_of((dimension,)) if key in sums}


def _kinds(one: Capacity, small: int) -> tuple[str, ...]:
    size = UNTOLD if one.group_size is None else SMALL if one.group_size <= small else LARGER
    return TOGETHER, one.closure_mode, one.procurement, size


def _table(
    name: str, title: str, dimension: Dimension, sums: Mapping[Key, Mapping[date, Mapping[str, int]]]
) -> MeasureTable:
    rows = [Row(key, day, 0, _values(found)) for key, by_day in sums.items() for day, found in by_day.items()]
    columns = (
        Column(TOGETHER, "places", "Places in force on the day."),
        *(Column(mode, "places", f"Those that are {mode}.") for mode in MODES),
        Column("regionaal", "places", "Those that regions buy."),
        Column("lta", "places", "Those that all municipalities buy together (landelijke transitiearrangementen)."),
        Column(SMALL, "places", "Those in a group of `smallGroup` young people or fewer."),
        Column(LARGER, "places", "Those in a larger group."),
        Column(UNTOLD, "places", "Those of which nobody told how large the group is."),
        Column(SMALL_SHARE, "share", "Places in small groups / places of which the size of the group is known."),
        Column(HYBRIDE_SHARE, "share", "Places that are hybride / places."),
        Column(LTA_SHARE, "share", "Places that are bought nationally / places."),
    )
    return MeasureTable(name, title, (dimension,), {}, "on", columns, tuple(rows))


def _values(found: Mapping[str, int]) -> tuple[Given, ...]:
    """Each is the same for everybody: places are nobody."""
    return (
        *(Given(found[name]) for name in NUMBERS),
        _share(found[SMALL], found[SMALL] + found[LARGER]),
        _share(found["hybride"], found[TOGETHER]),
        _share(found["lta"], found[TOGETHER]),
    )


def _share(part: int, whole: int) -> Given:
    return Given(Fraction(part, whole) if whole else None)


PLACES = Figure(
    name="places",
    title="Places",
    title_dutch="Plekken",
    view="stock",
    period="window",
    months=120,
    counts=(
        "Places in force (`capacity-changed`) on the date, and before it on each first day of a year or a month: by "
        "closure mode, by who buys them, and by whether they are in small groups. Through the years it says what is "
        "taken down (afbouw) and what is built beside it (opbouw), and which share is small-scale, hybride or bought "
        "nationally (LTA). By area and region of the accommodation, which need not be those of the young people in it, "
        "and by provider. Places are nobody, so everybody sees the same numbers, of each institution that is "
        "registered; its own number is 0."
    ),
    formula=(
        "On a day: of each accommodation and group, and of what belongs to no group, the last capacity-changed up to "
        "and with the day, added up; none while the accommodation is closed, which lasts from accommodation-closed "
        "until it is registered again. Days: D, and each first day d of a year (or month, `per`) with a <= d <= b and "
        "d < D, none before the first day from which any place is known. Small: group_size <= `smallGroup`; no law "
        "says which number is small-scale. Share small = places in small groups / places of which the size of the "
        "group is known; share hybride = hybride / places; share LTA = lta / places; none where nothing is below the "
        "line. An accommodation of which nobody registered a region or a provider is unknown. Regions and providers "
        "without places on any of the days are left out."
    ),
    rules=("D1", "D12", "D13"),
    splits=(),
    compute=_compute,
    parameters=(PER, SMALL_GROUP),
    version="2",
    example=(
        "On 1 January 2025: 20 places gesloten in groups of 10 and 8 open in groups that nobody told the size of, both "
        "bought by regions, and 12 hybride in groups of 6, bought nationally. Of 40 places 12 are in small groups, of "
        "32 of which the size is known: 12 / 32 = 37.5 %; hybride 12 / 40 = 30 %; LTA 12 / 40 = 30 %."
    ),
)
