"""Of somebody of whom more is told than stays: where they come from, how old they are, and which of it is asked for."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from services.monitor.dossier.state import Dossier
from services.monitor.figures.answer import Case
from services.monitor.figures.figure import Counted, Groups, sorted_into
from services.monitor.figures.population import Population
from services.monitor.figures.question import ParameterValue
from services.monitor.figures.splits import SPLITS_OF_ANYBODY, SplitKind, Subject, splits_of


def of_anybody(_parameters: Mapping[str, ParameterValue]) -> Mapping[str, SplitKind]:
    """The splits of a figure that counts whoever something is told of, whatever its parameters."""
    return SPLITS_OF_ANYBODY


def known_on(dossier: Dossier, day: date, started_on: date, ended_on: date | None) -> Subject:
    """What something of [started_on, ended_on) is split by on a day: by what was said of the person up to then.

    Only the region is that of the latest referral that is known, whatever its date: a dossier keeps no other.
    """
    stays = [stay for stay in reversed(dossier.placements) if stay.started_on <= day]
    waits = [wait for wait in reversed(dossier.waiting) if wait.since_on <= day]
    region = dossier.region or next((stay.region for stay in stays), None)
    return Subject(dossier, (*stays, *waits), None, region, day, started_on, ended_on)


def asked_for(
    population: Population,
    counted: Iterable[Counted],
    subject: Callable[[Counted], Subject],
    *,
    kinds: Mapping[str, SplitKind] = SPLITS_OF_ANYBODY,
) -> Groups[Counted]:
    """Those of all that fall where the question asks, in the cells of its splits."""
    question, register = population.question, population.known.register
    where = splits_of(tuple(question.where), register, question.window, kinds=kinds)
    kept = [
        one
        for one in counted
        if all(split.category(subject(one)) == question.where[split.dimension.name] for split in where)
    ]
    return sorted_into(splits_of(question.split, register, question.window, kinds=kinds), kept, subject)


def case_of(subject: Subject, kind: str, key: str, on: date) -> Case:
    """The case behind something that is told, with the flags on the dossier that had begun by the date."""
    codes = tuple(dict.fromkeys(flag.code for flag in subject.dossier.flags if flag.since_on <= on))
    return Case(subject.dossier.person, kind, key, subject.started_on, subject.ended_on, codes)
