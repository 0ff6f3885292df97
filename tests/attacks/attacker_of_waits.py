"""Somebody who reads every public answer about who waits, and computes what each small number can be."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from typing import NamedTuple

from services.monitor.answers.asking import Asked
from services.monitor.answers.audience import to_release
from services.monitor.disclosure.disclose import Audience
from services.monitor.dossier.state import Dossier
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.publication import published
from services.monitor.figures.question import Question, Window
from services.monitor.figures.shown import Cell
from services.monitor.history.known import Known
from tests.attacks.attacker import REGION, UNLIMITED, interval, narrower
from tests.unit.dossier.given import folded, referral_closed, referred, start
from tests.unit.figures.asked import known

BEGINS, ENDS = 9, 19
"""Days after the first of its month on which a wait begins and ends."""
STILL, PLACED, WITHDRAWN = "waiting", "placed", "withdrawn"


class Wait(NamedTuple):
    """In which area, in which months it began and ended (the number of months: not yet), and how it ended."""

    area: str
    began: int
    ended: int
    how: str


class Number(NamedTuple):
    """Of an area, or of all, those who began to wait in these months and are so on the first of a month."""

    area: str
    first: int
    until: int
    on: int
    state: str
    lengths: tuple[int, int] = (0, UNLIMITED)
    """How long they had waited on the date, or waited at all."""


@dataclass(frozen=True)
class Queue:
    """How many waited of each kind, and the first days of the months, with that after the last."""

    turns: tuple[date, ...]
    counts: Mapping[Wait, int]

    def counted(self, number: Number, wait: Wait) -> bool:
        """Whether a wait is one of a number."""
        if number.area not in ("total", wait.area) or not number.first <= wait.began < number.until:
            return False
        state = wait.how if wait.ended < number.on else STILL
        least, most = number.lengths
        return number.state in ("total", state) and least <= self._days(wait, number.on) <= most

    def _days(self, wait: Wait, on: int) -> int:
        began = self.turns[wait.began] + timedelta(days=BEGINS)
        if wait.ended < on:
            return (self.turns[wait.ended] + timedelta(days=ENDS) - began).days
        return (self.turns[on] - began).days

    def really(self, number: Number) -> int:
        """How many they are."""
        return sum(count for wait, count in self.counts.items() if self.counted(number, wait))

    def known(self) -> Known:
        """These waits, as known some weeks after the last month."""
        people = [self._person(wait, one) for wait, count in self.counts.items() for one in range(count)]
        return known(*people, at=datetime.combine(self.turns[-1] + timedelta(days=20), time(), UTC))

    def _person(self, wait: Wait, one: int) -> Dossier:
        key = f"{wait.area}-{wait.began}-{wait.ended}-{wait.how}-{one}"
        facts = [
            referred(key, str(self.turns[wait.began] + timedelta(days=BEGINS)), region=REGION[wait.area], person=key)
        ]
        if wait.ended < len(self.turns) - 1:
            on = str(self.turns[wait.ended] + timedelta(days=ENDS))
            facts.append(start(key, on, person=key) if wait.how == PLACED else referral_closed(key, on, person=key))
        return folded(*facts, person=key)


def waits(areas: Sequence[str], months: Sequence[int], never: int) -> list[Wait]:
    """Every kind of wait there is, when some begin and end in these months, and some never."""
    return [
        Wait(area, began, ended, how)
        for area, began in product(areas, months)
        for ended, how in (*product(months, (PLACED, WITHDRAWN)), (never, STILL))
        if ended >= began
    ]


def _asked(
    queue: Queue, everything: Known, on: date, window: Window, split: tuple[str, ...]
) -> Iterator[tuple[Number, Cell]]:
    figure = FIGURES["waiting"]
    wanted = Asked(on, None, window, split, {}, {}, cases=False, page=1)
    found, _ = to_release(figure, wanted, everything.known)
    assert found.on is not None
    assert found.window is not None
    question = Question(on=found.on, window=found.window, split=split)
    shown = published(figure, everything, question, to=Audience.OUTSIDE)
    at = queue.turns.index(found.on)
    first, until = (queue.turns.index(max(day, queue.turns[0])) for day in found.window)
    for row in shown.table("ends").rows:
        area, state = row.key.get("area", "total"), row.key["end"]
        yield Number(area, first, until, at, state), row.cells[0]
    chain = published(FIGURES["chain"], everything, question, to=Audience.OUTSIDE)
    for row in chain.table("outcomes").rows:
        yield Number(row.key.get("area", "total"), first, until, at, row.key["outcome"]), row.cells[0]
    for row in shown.table("waiting").rows:
        area, band = row.key.get("area", "total"), row.key["days"]
        yield Number(area, 0, at, at, STILL, BOUNDS[band]), row.cells[0]
    for row in shown.table("placed").rows:
        yield Number(row.key.get("area", "total"), first, until, at, PLACED), row.cells[0]


BOUNDS = {"total": (0, UNLIMITED), "0-7": (0, 7), "8-28": (8, 28), "29-63": (29, 63), "64+": (64, UNLIMITED)}


def told(
    queue: Queue, *, areas: Sequence[str], months: Sequence[int], on: Sequence[int], narrowest: int
) -> list[tuple[Number, int, int, int]]:
    """The small numbers that are known more closely than so, from the answers on these months, whole and by area.

    Whoever computes knows in which months anything happened.
    """
    everything, cells = queue.known(), []
    ends = [queue.turns[month] for month in on]
    for at, until, split in product(ends, ends, ((), ("area",)) if len(areas) > 1 else ((),)):
        if until <= at:
            window = Window(until.replace(year=until.year - 1), until)
            cells += list(_asked(queue, everything, at, window, split))
    unknown = waits(areas, months, len(queue.turns) - 1)
    said = ((number, interval(cell)) for number, cell in cells)
    return narrower(said, lambda number: [queue.counted(number, wait) for wait in unknown], queue.really, narrowest)
