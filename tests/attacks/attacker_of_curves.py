"""Somebody who reads every curve about those who came in one year, and computes how few left when and by what."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise, product

from services.monitor.disclosure.counts import Percentage, Published, percentage
from services.monitor.disclosure.disclose import Audience
from services.monitor.dossier.state import Dossier
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.entry import AT_DAYS
from services.monitor.figures.publication import published
from services.monitor.figures.question import Question, Window
from services.monitor.figures.shown import Cell, Shown
from services.monitor.history.known import Known
from tests.attacks.attacker import UNLIMITED, interval, narrower
from tests.unit.dossier.given import discharged, folded, moved, start
from tests.unit.figures.asked import known

CAME_ON, YEAR = date(2023, 12, 31), Window(date(2023, 1, 1), date(2024, 1, 1))
ON = date(2026, 6, 1)
"""All came on the last day of the year, so that what they leave for begins after it; all were followed two years."""
MOVED, DISCHARGED, DIED = CAUSES = ("moved", "discharged", "died")
STILL = len(AT_DAYS)
"""The interval of who is still there."""

Left = tuple[str, int]
"""By what somebody left and before which of the days, or nothing and STILL."""


Number = frozenset[Left]
"""Who is counted: those who left so."""


def who(causes: Sequence[str], first: int, last: int) -> Number:
    """Those who left by one of these causes after one of the days (its place; -1 is the start), up to another."""
    return frozenset(product(causes, range(first + 1, last + 1)))


EVERYBODY: Number = frozenset([*product(CAUSES, range(STILL)), ("", STILL)])


@dataclass(frozen=True)
class Cohort:
    """How many of those who came left by what and when."""

    counts: Mapping[Left, int]

    def really(self, number: Number) -> int:
        """How many they are."""
        return sum(self.counts.get(left, 0) for left in number)

    def known(self) -> Known:
        """They, as known when all were followed."""
        return known(*(_person(left, one) for left, count in self.counts.items() for one in range(count)))


def _person(left: Left, one: int) -> Dossier:
    cause, place = left
    key = f"{cause or 'still'}-{place}-{one:03d}"
    facts = [start(key, str(CAME_ON), at="A", person=key)]
    if cause:
        first = AT_DAYS[place - 1] + 1 if place else 1
        day = str(CAME_ON + timedelta(days=first + one % (AT_DAYS[place] - first + 1)))
        match cause:
            case "moved":
                facts.append(moved(key, day, to="B", person=key))
                facts.append(start(f"{key}-next", day, at="B", arrives_from=key, person=key))
            case "discharged":
                facts.append(discharged(key, day, person=key))
            case _:
                facts.append(discharged(key, day, destination="deceased", end_mode="deceased", person=key))
    return folded(*facts, person=key)


def _ask(figure: str, everyone: Known, **more: str) -> Shown:
    question = Question(on=ON, window=YEAR, parameters=more)
    return published(FIGURES[figure], everyone, question, to=Audience.OUTSIDE)


def curves(cohort: Cohort) -> Iterator[tuple[Number, tuple[int, int]]]:
    """Everything that the curves say of these numbers, as the least and the most that each can be."""
    everyone = cohort.known()
    for of, causes in (("closures", (DISCHARGED, DIED)), ("placements", CAUSES)):
        shown = _ask("entry-duration", everyone, of=of)
        number = shown.table("summary").cell("n")
        yield EVERYBODY, interval(number)
        rows = shown.table("curve-at").rows
        there = [(row, EVERYBODY - who(causes, -1, place)) for place, row in enumerate(rows)]
        yield from ((still, interval(row.cells[0])) for row, still in there)
        yield from _levels([(row.cells[1], still) for row, still in there], number)
    events = _ask("first-event", everyone).table("incidence-at")
    names = [column.name for column in events.columns]
    by_moving = [(row.cells[names.index("doorplaatsing")], who((MOVED,), -1, at)) for at, row in enumerate(events.rows)]
    still_there = [
        (row.cells[names.index("remaining")], EVERYBODY - who(CAUSES, -1, at)) for at, row in enumerate(events.rows)
    ]
    yield from _levels(by_moving, number)
    yield from _levels(still_there, number)
    for (_, still), row in zip(still_there, events.rows, strict=True):
        yield (still if row.cells[0].status == "too-small" else EVERYBODY), interval(row.cells[0])


def _levels(points: Sequence[tuple[Cell, Number]], number: Cell) -> Iterator[tuple[Number, tuple[int, int]]]:
    """What the points of a curve say: each, and that each differs from the one before it by ten or more."""
    shown = [(cell, counted) for cell, counted in points if cell.status == "rounded"]
    for cell, counted in shown:
        yield counted, _counted(cell, number)
        yield EVERYBODY - counted, (10, UNLIMITED)
    for (_, one), (_, another) in pairwise(shown):
        yield one ^ another, (10, UNLIMITED)


def _counted(cell: Cell, number: Cell) -> tuple[int, int]:
    """Of how many a share in whole percents can be, beside their number, both rounded."""
    assert isinstance(number.value, int)
    assert isinstance(cell.value, Fraction)
    whole = Published(number.value)
    shares = {part: percentage(Published(part), whole) for part in range(10, number.value + 1, 5)}
    parts = [part for part, share in shares.items() if share == Percentage(int(100 * cell.value))]
    return max(10, parts[0] - 2), parts[-1] + 2


def told(cohort: Cohort, *, narrowest: int) -> list[tuple[Number, int, int, int]]:
    """How many left by what between two of the days, where that is small and known more closely than so."""
    wanted = [
        who(causes, first, last)
        for causes in ((MOVED,), (DISCHARGED,), (DIED,), (DISCHARGED, DIED), CAUSES)
        for first in range(-1, STILL - 1)
        for last in range(first + 1, STILL)
    ]
    bounds = [*curves(cohort), *((number, (0, UNLIMITED)) for number in wanted)]
    return narrower(bounds, lambda number: [kind in number for kind in EVERYBODY], cohort.really, narrowest)
