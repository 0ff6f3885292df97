"""Somebody who reads every public answer about a country, and computes what each small number can be."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, combinations, product
from typing import NamedTuple, TypeVar

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from services.monitor.disclosure.disclose import Audience
from services.monitor.dossier.closures import closures
from services.monitor.dossier.state import Discharged, Dossier, Placement
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.publication import published
from services.monitor.figures.question import Question, Window
from services.monitor.figures.shown import Cell, Shown
from services.monitor.history.known import Known
from shared.facts.regions import AREA_OF, AREAS
from tests.unit.figures.asked import known

UNLIMITED = 10_000
DAY = timedelta(days=1)
CATEGORIES = {"area": AREAS, "sex": ("m", "f", "x", "unknown")}
REGION = {area: code for code, area in AREA_OF.items()}
"""A region of each area."""

N = TypeVar("N", bound=Hashable)

Group = tuple[str, ...]
"""A category of each split."""
Stay = tuple[int, int]
"""The periods in which somebody came and left: -1 is before the first, the number of periods is not yet."""


class Number(NamedTuple):
    """How many were there before a period (`there`), or came or left in the periods from one to another."""

    measure: str
    group: Group
    first: int
    until: int

    def counts(self, group: Group, stay: Stay) -> bool:
        """Whether somebody of this group with this stay is one of them."""
        if not all(wanted in ("total", own) for wanted, own in zip(self.group, group, strict=True)):
            return False
        came, left = stay
        if self.measure == "there":
            return came < self.first <= left
        return self.first <= (came if self.measure == "came" else left) < self.until


@dataclass(frozen=True)
class Country:
    """How many young persons of each group came and left in which periods."""

    splits: tuple[str, ...]
    turns: tuple[date, ...]
    """The days on which one period follows another, with the first and the last."""
    counts: Mapping[tuple[Group, Stay], int]

    @property
    def periods(self) -> int:
        return len(self.turns) - 1

    def really(self, number: Number) -> int:
        """How many they are."""
        return sum(count for (group, stay), count in self.counts.items() if number.counts(group, stay))

    def known(self) -> Known:
        """These young persons, as known some weeks after the last period."""
        people = [
            self._person(group, stay, one) for (group, stay), count in self.counts.items() for one in range(count)
        ]
        return known(*people, at=datetime.combine(self.turns[-1] + timedelta(days=40), time(), UTC))

    def _person(self, group: Group, stay: Stay, one: int) -> Dossier:
        of = dict(zip(self.splits, group, strict=True))
        came, left = stay
        begun = (
            self.turns[came] + timedelta(days=5 + one % 9) if came >= 0 else self.turns[0] - timedelta(days=99 + one)
        )
        end = Discharged(self.turns[left] + timedelta(days=15 + one % 9), "home", "planned")
        key = "-".join(map(str, (*group, *stay, one)))
        only = Placement(
            key, "s", "A", REGION[of.get("area", AREAS[0])], "jw6", "gesloten", "planned", begun,
            end if left < self.periods else None, None, None, None, None, of.get("sex"),
        )  # fmt: skip
        return Dossier(key, (only,), closures((only,), link_days=7), (), (), ())


def groups(splits: Sequence[str]) -> list[Group]:
    """Every group there is."""
    return list(product(*(CATEGORIES[name] for name in splits)))


def places(splits: Sequence[str], periods: int) -> list[tuple[Group, Stay]]:
    """Every group with every stay."""
    stays = [(came, left) for came in range(-1, periods) for left in range(max(came, 0), periods + 1)]
    return list(product(groups(splits), stays))


def seen(country: Country, windows: Sequence[tuple[int, int]]) -> Iterator[tuple[Number, Cell]]:
    """Everything that the public answers say of these numbers, asked by each of the splits and by all together."""
    everything = country.known()
    asked = [some for size in range(len(country.splits) + 1) for some in combinations(country.splits, size)]
    for split in asked:
        for turn in range(country.periods + 1):
            on = country.turns[turn] - DAY
            for figure, table in THERE.items():
                found = _ask(figure, everything, on, Window(on, on + DAY), split)
                yield from _cells(country, found, table, "count", ("there", turn, turn))
        for first, until in windows:
            window = Window(country.turns[first], country.turns[until])
            numbers = _numbers(first, until)
            for figure, columns in COUNTED.items():
                if FIGURES[figure].calendar_years and window.a.month != 1:
                    continue  # Nobody outside gets it.
                found = _ask(figure, everything, country.turns[-1] + timedelta(days=30), window, split)
                for table, column, name in columns:
                    yield from _cells(country, found, table, column, numbers[name], window.a)


def seen_by_part(country: Country) -> Iterator[tuple[Number, Cell]]:
    """Everything that the public answers say of each month and quarter of the whole country."""
    everything, whole = country.known(), Window(country.turns[0], country.turns[-1])
    on = country.turns[-1] + timedelta(days=30)
    for (per, months), figure in product({"month": 1, "quarter": 3}.items(), ("flow", "inflow")):
        found = _ask(figure, everything, on, whole, (), per=per)
        for first in range(0, country.periods, months):
            numbers = _numbers(first, first + months)
            for table, column, name in COUNTED[figure]:
                yield from _cells(country, found, table, column, numbers[name], country.turns[first])
    starts = _ask("monthly-starts", everything, on, whole, ()).table("starts")
    for month, turn in enumerate(country.turns[:-1]):
        yield Number("came", (), month, month + 1), starts.cell("count", month=f"{turn:%Y-%m}")


def _numbers(first: int, until: int) -> dict[str, tuple[str, int, int]]:
    return {
        "came": ("came", first, until),
        "left": ("left", first, until),
        "before": ("there", first, first),
        "after": ("there", until, until),
    }


THERE = {"stock": "open", "schooling": "taught", "ready": "ready"}
"""Figures of a date, and the table of each in which everybody who is there is counted."""
COUNTED: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "flow": (
        ("flow", "started", "came"),
        ("flow", "ended", "left"),
        ("flow", "begin", "before"),
        ("flow", "end", "after"),
    ),
    "exits": (("length", "count", "left"), ("days", "n", "left")),
    "duration-classes": (("classes", "count", "left"),),
    "doorplaatsing": (("times", "count", "left"),),
    "title": (("began-on", "count", "came"), ("measure", "count", "came")),
    "entry-duration": (("summary", "n", "came"),),
    "nearness": (("near", "count", "came"),),
    "replacement": (("repeated-use", "count", "came"),),
    "inflow": (("inflow", "placements", "came"),),
}
"""Where the numbers of a window are shown: figure, table, column, and which number it is."""


def _ask(figure: str, everything: Known, on: date, window: Window, split: tuple[str, ...], **more: str) -> Shown:
    question = Question(on=on, window=window, split=split, parameters=more)
    return published(FIGURES[figure], everything, question, to=Audience.OUTSIDE)


def _cells(
    country: Country, shown: Shown, table: str, column: str, of: tuple[str, int, int], at: date | None = None
) -> Iterator[tuple[Number, Cell]]:
    found = shown.table(table)
    place = [one.name for one in found.columns].index(column)
    inner = [name for name in found.dimensions if name not in country.splits]
    for row in found.rows:
        if row.at in (None, at) and all(row.key[name] == "total" for name in inner):
            measure, first, until = of
            yield (
                Number(measure, tuple(row.key.get(name, "total") for name in country.splits), first, until),
                row.cells[place],
            )


def interval(cell: Cell) -> tuple[int, int]:
    """What a cell says of its count."""
    match cell.status:
        case "rounded":
            assert isinstance(cell.value, int)
            return max(10, cell.value - 2), cell.value + 2
        case "too-small":
            return 0, 9
        case _:
            return 0, UNLIMITED


def told(
    country: Country, windows: Sequence[tuple[int, int]], *, narrowest: int, by_part: bool = False
) -> list[tuple[Number, int, int, int]]:
    """The small numbers that are known more closely than so: each with what it is, and the least and most it can be."""
    unknown = places(country.splits, country.periods)
    cells = chain(seen(country, windows), seen_by_part(country) if by_part else ())
    said = ((number, interval(cell)) for number, cell in cells)
    return narrower(said, lambda number: [number.counts(*place) for place in unknown], country.really, narrowest)


def narrower(
    said: Iterable[tuple[N, tuple[int, int]]],
    counted: Callable[[N], Sequence[bool]],
    really: Callable[[N], int],
    narrowest: int,
) -> list[tuple[N, int, int, int]]:
    """Of numbers and the least and the most that each can be, the small ones that are known more closely than so.

    `counted` says which of all kinds of young persons there could be a number counts.
    """
    bounds: dict[N, tuple[int, int]] = {}
    for number, (low, high) in said:
        before = bounds.get(number, (0, UNLIMITED))
        bounds[number] = max(low, before[0]), min(high, before[1])
    rows = np.array([counted(one) for one in bounds], dtype=float)
    limits = LinearConstraint(rows, *np.array(list(bounds.values())).T)
    # What each number is in the populations that were tried so far: where these differ enough it need not be tried.
    least, most = np.full(len(rows), UNLIMITED), np.zeros(len(rows), dtype=int)
    found = []
    for index, (number, (low, high)) in enumerate(bounds.items()):
        count = really(number)
        assert low <= count <= high, "what is shown is not so"
        if count >= 10 or not rows[index].any() or most[index] - least[index] >= narrowest:
            continue
        for objective in (rows[index], -rows[index]):
            there = np.rint(rows @ _population(objective, limits)).astype(int)
            least, most = np.minimum(least, there), np.maximum(most, there)
        if most[index] - least[index] < narrowest:
            found.append((number, count, int(least[index]), int(most[index])))
    return found


def _population(objective: np.ndarray, limits: LinearConstraint) -> np.ndarray:
    """How many young persons of each kind there are, where as few as can be are those of the objective."""
    size = len(objective)
    found = milp(objective, constraints=limits, integrality=np.ones(size), bounds=Bounds(0, UNLIMITED))
    assert found.success, "what is shown fits no population"
    return np.rint(found.x)
