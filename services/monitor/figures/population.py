"""Who and what is counted: the placements and closures of regime jw6 that had begun on a date, ends after it not seen.

The regime is Jeugdwet chapter 6. The region of a closure is that of its first placement.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeGuard

from services.monitor.dossier.days import days, open_on
from services.monitor.dossier.spells import Spell
from services.monitor.dossier.state import Closure, Discharged, Dossier, End, Placement
from services.monitor.figures.answer import Case, Cases
from services.monitor.figures.question import Question
from services.monitor.figures.splits import Subject, splits_of
from services.monitor.history.known import Known

DayOf = Callable[[Spell], date | None]
"""On which day a spell is looked at; None is its first."""


@dataclass(frozen=True)
class Population:
    """Everyone known, seen from the question."""

    known: Known
    question: Question

    @cached_property
    def dossiers(self) -> list[Dossier]:
        """Those with a closed placement, a title or a wait."""
        return list(self.known.dossiers)

    @cached_property
    def closures(self) -> list[Spell]:
        """Closures that had begun by the date, and began where the question asks, in the order of persons."""
        return self.spells("closures")

    @cached_property
    def placements(self) -> list[Spell]:
        """Placements that had begun by the date, and began where the question asks, in the order of persons."""
        return self.spells("placements")

    def spells(self, of: str, *, day: DayOf | None = None) -> list[Spell]:
        """Closures or placements, by the word that a parameter has for them, that had begun by the date.

        They fall where the question asks on their first day, or on the `day` on which the figure looks at them: of
        those that ended at a provider the last placement was there, and not the first.
        """
        on, spells = self.question.on, self.known.spells
        found = [
            spell if spell.ended_on is None or spell.ended_on <= on else spell.lasting()
            for spell in (spells.closures if of == "closures" else spells.placements)
            if spell.started_on <= on
        ]
        return self._falling(found, day) if self.question.where else found

    def _falling(self, spells: Iterable[Spell], day: DayOf | None) -> list[Spell]:
        """Those in all categories that the question names."""
        where = self.question.where
        splits = splits_of(tuple(where), self.known.register, self.question.window)

        def falls(spell: Spell) -> bool:
            subject = self.subject(spell, day(spell) if day else None)
            return all(split.category(subject) == where[split.dimension.name] for split in splits)

        return [spell for spell in spells if falls(spell)]

    def subject(self, spell: Spell, at: date | None = None) -> Subject:
        """What a spell is split by: seen on its first day, or on the day `at` of it."""
        day = spell.started_on if at is None else at
        stay = spell.placement or _stay_on(spell.closure, day)
        region = stay.region if spell.placement else spell.closure.placements[0].region
        return Subject(spell.dossier, spell.stays, stay.accommodation, region, day, spell.started_on, spell.ended_on)

    def entry_day(self, spell: Spell) -> int | None:
        """The day of the spell on which its source began to observe, if that is after its start (delayed entry)."""
        began = self.known.observed_from.get(spell.stays[0].source)
        if began is None or began <= spell.started_on:
            return None
        return days(spell.started_on, began)


def seen(ended_on: date | None, on: date) -> date | None:
    """The end, unless it is after the date: that has not happened (D3)."""
    return ended_on if ended_on is not None and ended_on <= on else None


def started_in(population: Population, of: str) -> list[Spell]:
    """Closures or placements that started in the window, by the date of the question."""
    window = population.question.window
    spells = population.closures if of == "closures" else population.placements
    return [spell for spell in spells if window.holds(spell.started_on)]


def open_spells(spells: Iterable[Spell], on: date) -> list[Spell]:
    """Those that are open on a date (D3)."""
    return [spell for spell in spells if open_on(spell, on)]


def cases_of(spells: Sequence[Spell], on: date) -> Cases:
    """The cases behind a number, in the order of persons and starts."""
    return Cases(len(spells), lambda: (_case(spell, on) for spell in spells))


def is_death(end: End | None) -> TypeGuard[Discharged]:
    """Whether it ended in the death of the young person."""
    return isinstance(end, Discharged) and (end.end_mode == "deceased" or end.destination == "deceased")


def inferred_among(spells: Iterable[Spell]) -> int:
    """How many of them rest on an inferred end."""
    return sum([spell.inferred for spell in spells])


def _stay_on(closure: Closure, day: date) -> Placement:
    """The placement of a closure on a day: the last that had begun, so in a gap the one before it."""
    begun = [stay for stay in closure.placements if stay.started_on <= day]
    return begun[-1] if begun else closure.placements[0]


def _case(spell: Spell, on: date) -> Case:
    stay = spell.placement
    codes: Iterator[str] = (flag.code for flag in spell.dossier.flags if flag.since_on <= on)
    return Case(
        person=spell.dossier.person,
        kind="placement" if stay else "closure",
        key=stay.placement if stay else str(spell.closure.number),
        started_on=spell.started_on,
        ended_on=spell.ended_on,
        flags=tuple(dict.fromkeys(codes)),
    )
