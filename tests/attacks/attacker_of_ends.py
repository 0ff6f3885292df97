"""Somebody who reads every public answer about what ended in a year, and computes what each small number can be."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import product
from typing import NamedTuple

from services.monitor.disclosure.disclose import Audience
from services.monitor.dossier.state import Dossier
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.publication import published
from services.monitor.figures.question import ParameterValue, Question, Window
from services.monitor.figures.shown import Cell, Shown
from services.monitor.history.known import Known
from shared.facts.envelope import AcceptedEvent
from shared.facts.regions import AREAS
from tests.attacks.attacker import REGION, interval, narrower
from tests.unit.dossier.given import discharged, folded, moved, start
from tests.unit.figures.asked import known

YEAR = Window(date(2024, 1, 1), date(2025, 1, 1))
LAST = date(2024, 11, 15)
"""On which everybody did what is last said of them."""
ON, KNOWN = date(2025, 3, 1), datetime(2025, 3, 1, tzinfo=UTC)
STAYS = (10, 60, 120, 250, 500, 900)
"""Days of a stay: with them ends come in each class of duration, and moves come in the year and before it."""
FEWER = (10, 120, 250, 500)
"""Of those who were moved twice, and without the last but one of these of those who were moved more often."""

Number = tuple[str, ...]
"""Of which figure, what it counts, the table and column, and the category of each dimension."""


class Life(NamedTuple):
    """How long somebody stayed each time, how the stays followed on one another, and how the last one ended."""

    stays: tuple[int, ...]
    went: str
    """on: a doorplaatsing; within the accommodation; or proved by the next start only."""
    last: str
    """The living situation that follows, such as home; or died, departed, or open: still there."""
    came: str | None = None
    """From where, if somebody says it."""
    route: str = "planned"


_WENT, _LEFT = ("on", "within", "proved"), ("home", "died", "departed")
LIVES = (
    *(Life((days,), "on", last) for days, last in product(STAYS, (*_LEFT, "open"))),
    *(Life(days, went, last) for days, went, last in product(product(STAYS, repeat=2), _WENT, _LEFT)),
    *(Life((days, 0), went, "open") for days, went in product(STAYS, _WENT)),
    *(Life(days, went, last) for days, went, last in product(product(FEWER, repeat=3), _WENT, _LEFT)),
    *(Life(days, "on", "home") for days in product((10, 120, 500), repeat=4)),
)
"""Everything that may have become of anybody, as far as whoever computes it knows. With few of them, such as no death
after a move, it would seem that more is told than is: nobody outside knows what did not happen."""


@dataclass(frozen=True)
class Ends:
    """How many there were of each life in each area."""

    areas: tuple[str, ...]
    counts: Mapping[tuple[str, Life], int]

    def known(self) -> Known:
        """These young persons."""
        lived = [one for one, count in self.counts.items() for _ in range(count)]
        return known(*[_person(area, life, f"p{one}") for one, (area, life) in enumerate(lived)], at=KNOWN)


Asked = tuple[tuple[str, str | None], ...]
"""Figures, each with what of, where that is a parameter of it."""
ASKED: Asked = (
    *product(("exits", "duration-classes", "flow"), ("closures", "placements")),
    *((name, None) for name in ("doorplaatsing", "destinations")),
)


def told(
    ends: Ends, *, narrowest: int, lives: tuple[Life, ...] = LIVES, asked: Asked = ASKED
) -> list[tuple[Number, int, int, int]]:
    """The small numbers that are known more closely than so, from all answers on the year; by area if there are more.

    Those by area have what is told of the whole in them.
    """
    really = _exact(ends, asked)
    said = ((number, interval(cell)) for number, cell in _read(ends, asked, Audience.OUTSIDE))
    unknown = list(product(ends.areas, _kinds(lives, asked)))
    return narrower(said, lambda number: [_counts(number, *one) for one in unknown], really.__getitem__, narrowest)


@cache
def _kinds(lives: tuple[Life, ...], asked: Asked) -> list[dict[Number, int]]:
    """What one life counts in each number of the whole; lives that count in the same are one kind."""
    each = [_exact(Ends(AREAS[:1], {(AREAS[0], life): 1}), asked) for life in lives]
    return list({tuple(one.values()): one for one in each}.values())


def _counts(number: Number, area: str, kind: Mapping[Number, int]) -> int:
    """What a life of this kind, in this area, counts in a number."""
    of = next((part for part in number if part.startswith("area=")), "area=total")
    return kind[tuple(part for part in number if part != of)] if of in ("area=total", f"area={area}") else 0


def _person(area: str, life: Life, person: str) -> Dossier:
    return folded(*_facts(life, REGION[area], person), person=person)


def _facts(life: Life, region: str, person: str) -> Iterator[AcceptedEvent]:
    on = LAST - timedelta(days=sum(life.stays))
    for number, days in enumerate(life.stays):
        at = "A" if life.went == "within" or number % 2 == 0 else "B"
        if number and life.went != "proved":
            yield moved(f"{person}-{number - 1}", f"{on}", to=at, person=person)
        came = {"origin": life.came, "route": life.route, "person": person}
        yield start(f"{person}-{number}", f"{on}", at=at, region=region, **came)
        on += timedelta(days=days)
    last = f"{person}-{len(life.stays) - 1}"
    match life.last:
        case "open":
            pass
        case "died":
            yield discharged(last, f"{on}", end_mode="deceased", destination="deceased", person=person)
        case "departed":
            yield moved(last, f"{on}", to="C", person=person)
        case destination:
            yield discharged(last, f"{on}", destination=destination, person=person)


def _read(ends: Ends, asked: Asked, to: Audience) -> Iterator[tuple[Number, Cell]]:
    everything, split = ends.known(), ("area",) if len(ends.areas) > 1 else ()
    for name, of in asked:
        figure = FIGURES[name]
        chosen: dict[str, ParameterValue] = {one.name: one.default for one in figure.parameters}
        chosen |= {"of": of} if of else {}
        question = Question(on=ON, window=YEAR, split=split, parameters=chosen)
        yield from _cells(published(figure, everything, question, to=to), str(of))


def _cells(shown: Shown, of: str) -> Iterator[tuple[Number, Cell]]:
    for table in shown.tables:
        names = [column.name for column in table.columns]
        for column, row in product(("count", "n", "started", "ended"), table.rows):
            if column in names:
                key = [f"{name}={category}" for name, category in row.key.items()]
                key += [f"{table.at}={row.at}"] if table.at else []
                yield (shown.answer.figure, of, table.name, column, *key), row.cells[names.index(column)]


def _exact(ends: Ends, asked: Asked) -> dict[Number, int]:
    found = {}
    for number, cell in _read(ends, asked, Audience.INSIDE):
        assert isinstance(cell.value, int)
        found[number] = cell.value
    return found
