"""Somebody who reads of what kind those were who came, left and are there, and puts the tables of a year together.

Each table is protected by itself. Who is in a band of elapsed days on one date is in another on the next, or has ended;
the kinds of those who started add up to how many started, and so on: all of it is read at once.
"""

from collections.abc import Iterator, Mapping
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
from shared.facts.regions import REGIONS
from tests.attacks.attacker import interval, narrower
from tests.unit.dossier.given import discharged, folded, granted, moved, start
from tests.unit.figures.asked import known

FIRST, LAST = date(2024, 1, 1), date(2025, 1, 1)
YEAR, ON, KNOWN = Window(FIRST, LAST), date(2025, 3, 1), datetime(2025, 3, 1, tzinfo=UTC)
OF = ("closures", "placements")
OF_YEAR = ("flow", "exits", "duration-classes", "doorplaatsing", "destinations", "origins", "title", "replacement")
OF_YEAR_TOO = ("inflow", "closure-mode", "restrictions", "absences", "ready-days")
OF_DATE = ("stock", "schooling", "ready")
COLUMNS = ("count", "n", "begin", "started", "ended", "end", "placements", "closures", "placed", "inCare")
"""The columns that count young persons, or what happened to them."""
OFTEN = 20
"""Moves of who was moved very often: whoever computes it does not know how often at most."""

Number = tuple[str, ...]
"""Of which figure, of what, on which date, the table and column, and the category of each dimension."""


class Life(NamedTuple):
    """On which days of the year, counted from its first (negative before it), somebody came, was moved and left."""

    came: int
    moved: tuple[int, ...] = ()
    left: int | None = None
    how: str = "home"
    title: str = "none"
    """On which machtiging the closure began; consent is a regulier one without a measure."""
    again: bool = False
    """Whether an earlier closure had ended in the five years before."""


def _before() -> Iterator[Life]:
    """Those who were there when the year began."""
    often = tuple(range(10, 10 + OFTEN))
    for came in (-20, -120, -220, -300, -450, -600, -800):
        for earlier in ((-5,), *(tuple(range(came + 1, came + 1 + times)) for times in range(4))):
            for later in ((), (66,), (360,), often):
                yield Life(came, (*earlier, *later))
            for left, later in ((60, ()), (60, (10,)), (60, often), (300, ()), (300, (10,))):
                yield Life(came, (*earlier, *later), left)
            for how in ("died", "departed"):
                yield Life(came, earlier, 60, how)


def _since() -> Iterator[Life]:
    """Those who came in the year."""
    kinds = [*product(("spoed", "regulier", "consent", "none"), (False, True))]
    for came, (title, again) in product((66, 146, 246, 346), kinds):
        for later in ((), (came + 1,), (came + 1, came + 2, came + 3), (363,)):
            yield Life(came, later, title=title, again=again)
    for (came, left), (title, again), how in product(((200, 220), (200, 300)), kinds, ("home", "died", "departed")):
        for later in ((), (came + 1,), tuple(range(came + 1, came + 1 + OFTEN // 2))):
            yield Life(came, later, left, how, title, again)


LIVES = (*_before(), *_since())
"""Everything that may have become of anybody, as far as whoever computes it knows."""


def told(counts: Mapping[Life, int], *, narrowest: int) -> list[tuple[Number, int, int, int]]:
    """The small numbers that are known more closely than so, where there were so many of each life.

    From all answers of the whole country, on the year and on its first and last day.
    """
    people = [_person(life, f"p{at}-{one}") for at, life in enumerate(counts) for one in range(counts[life])]
    everything = known(*people, at=KNOWN)
    really = {number: cell.value for number, cell in _read(everything, Audience.INSIDE)}
    counted = {number: tuple(kind.get(number, 0) for kind in _kinds()) for number in really}
    # Numbers that count the same are one, named as the first of them.
    first = {counted[number]: number for number in reversed(really)}
    said = ((first[counted[number]], interval(cell)) for number, cell in _read(everything, Audience.OUTSIDE))
    return narrower(said, counted.__getitem__, really.__getitem__, narrowest)


@cache
def _kinds() -> list[Mapping[Number, int]]:
    """What one of each life counts in each number; lives that count in the same are one kind. A region has one each."""
    regions, found = sorted(REGIONS), {}
    for first in range(0, len(LIVES), len(regions)):
        living = dict(zip(regions, LIVES[first : first + len(regions)], strict=False))
        people = [_person(life, region, region=region) for region, life in living.items()]
        of_region: dict[str, dict[Number, int]] = {region: {} for region in living}
        for number, cell in _read(known(*people, at=KNOWN), Audience.INSIDE, split=("region",)):
            of = next(part for part in number if part.startswith("region=")).removeprefix("region=")
            if of in of_region and cell.value:
                of_region[of][tuple(part for part in number if part != f"region={of}")] = cell.value
        found |= {tuple(sorted(one.items())): one for one in of_region.values()}
    return list(found.values())


def _person(life: Life, person: str, *, region: str = "JZ24") -> Dossier:
    return folded(*_facts(life, region, person), person=person)


def _facts(life: Life, region: str, person: str) -> Iterator[AcceptedEvent]:
    def on(day: int) -> str:
        return f"{FIRST + timedelta(days=day)}"

    if life.again:
        yield start(f"{person}-before", on(-700), region=region, person=person)
        yield discharged(f"{person}-before", on(-600), person=person)
    if life.title != "none":
        of = {"kind": "regulier", "legal_frame": "consent"} if life.title == "consent" else {"kind": life.title}
        yield granted(f"{person}-title", on(life.came), on(400), person=person, **of)
    for number, day in enumerate((life.came, *life.moved)):
        at = "AB"[number % 2]
        if number:
            yield moved(f"{person}-{number - 1}", on(day), to=at, person=person)
        yield start(f"{person}-{number}", on(day), at=at, region=region, person=person)
    last = f"{person}-{len(life.moved)}"
    if life.left is None:
        return
    match life.how:
        case "died":
            yield discharged(last, on(life.left), end_mode="deceased", destination="deceased", person=person)
        case "departed":
            yield moved(last, on(life.left), to="C", person=person)
        case destination:
            yield discharged(last, on(life.left), destination=destination, person=person)


def _read(everything: Known, to: Audience, *, split: tuple[str, ...] = ()) -> Iterator[tuple[Number, Cell]]:
    asked = [(name, ON, YEAR) for name in (*OF_YEAR, *OF_YEAR_TOO)]
    asked += [(name, on, Window(on, on + timedelta(days=1))) for name, on in product(OF_DATE, (FIRST, LAST))]
    for name, on, window in asked:
        figure = FIGURES[name]
        chosen: dict[str, ParameterValue] = {one.name: one.default for one in figure.parameters}
        for of in OF if "of" in chosen else ("",):
            chosen |= {"of": of} if of else {}
            question = Question(on=on, window=window, split=split, parameters=chosen)
            yield from _cells(published(figure, everything, question, to=to), of, f"{on}")


def _cells(shown: Shown, of: str, on: str) -> Iterator[tuple[Number, Cell]]:
    for table in shown.tables:
        names = [column.name for column in table.columns]
        for column, row in product(COLUMNS, table.rows):
            if column in names:
                key = [f"{name}={category}" for name, category in row.key.items()]
                key += [f"{table.at}={row.at}"] if table.at else []
                yield (shown.answer.figure, of, on, table.name, column, *key), row.cells[names.index(column)]
