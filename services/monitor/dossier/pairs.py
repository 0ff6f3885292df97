"""What one record begins and another ends, by a key that both name: a referral, a wait, a request for support."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Generic, NamedTuple, TypeVar

from services.monitor.dossier.flags import raised
from services.monitor.dossier.records import Reported, last_recorded
from services.monitor.dossier.state import Flag
from shared.facts.fact import Fact

B = TypeVar("B", bound=Fact)
E = TypeVar("E", bound=Fact)
F = TypeVar("F", bound=Fact)


class Pair(NamedTuple, Generic[B, E]):
    """A beginning, and its end if one is believed."""

    begin: Reported[B]
    end: Reported[E] | None


def paired(
    begun: Iterable[Reported[B]], ended: Iterable[Reported[E]], key: Callable[[Fact], str]
) -> tuple[list[Pair[B, E]], list[Flag]]:
    """Each beginning with its end, and what is wrong with them.

    A key means one thing, whoever names it. Of two records that say one beginning the one recorded last counts (F24).
    An end before the beginning is not believed (F5); of several the earliest counts, and they are flagged where they
    contradict (F23). An end that nobody began ends nothing (F26).
    """
    beginnings, endings = _by_key(begun, key), _by_key(ended, key)
    pairs: list[Pair[B, E]] = []
    flags: list[Flag] = []
    for name, reports in beginnings.items():
        begin = last_recorded(reports)
        if len(reports) > 1:
            flags.append(raised("F24", about=name, since_on=begin.day, source=begin.source))
        pairs.append(Pair(begin, _end(name, begin.day, endings.get(name, ()), flags)))
    for name, ends in endings.items():
        if name not in beginnings:
            flags += [raised("F26", about=name, since_on=end.day, source=end.source) for end in ends]
    return pairs, flags


def _by_key(reports: Iterable[Reported[F]], key: Callable[[Fact], str]) -> Mapping[str, list[Reported[F]]]:
    found = defaultdict(list)
    for report in reports:
        found[key(report.fact)].append(report)
    return found


def _end(name: str, began_on: date, ends: Sequence[Reported[E]], flags: list[Flag]) -> Reported[E] | None:
    if not ends:
        return None
    believed = [end for end in ends if end.day >= began_on]
    flags += [raised("F5", about=name, since_on=began_on, source=end.source) for end in ends if end.day < began_on]
    first = min(believed, key=lambda end: (end.day, *end.recorded), default=None)
    if first is not None and len(believed) > 1 and any(end.fact != first.fact for end in believed):
        flags.append(raised("F23", about=name, since_on=first.day, source=last_recorded(believed).source))
    return first
