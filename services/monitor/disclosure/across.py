"""Which windows to withhold in groups because what is shown of the others tells them, and they tell a small number.

A group is what all hold together less the others. So a window of it that is withheld, or is shown less closely, may be
known from theirs and from the total, where all of these lie on the far side of their rounding; and with its own other
windows it may tell a small one. Here what is known so is added to what each group tells of itself (see `Totals`).
"""

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from datetime import date
from itertools import product
from typing import NamedTuple

from services.monitor.disclosure.reader import NARROWEST
from services.monitor.disclosure.table import TOTAL, Dimension, Key
from services.monitor.disclosure.totals import Grown, Slack, Totals

Number = tuple[str, tuple[date, date]]
"""What started, or ended, or was there, in a window."""
_NOBODY = Slack(NARROWEST, 0)
_UNKNOWN = 2
"""Of so many terms of a sum it is looked closer what else is known of them: of more at once little follows."""


class Group(NamedTuple):
    """What running totals of a group tell, and which of them are the numbers that all groups have."""

    totals: Totals
    numbers: Mapping[Number, Grown]


class _Sum(NamedTuple):
    """A margin, and what it is the sum of along one axis."""

    margin: Key
    parts: tuple[Key, ...]


class _Known(NamedTuple):
    """That a number is known from a sum, as long as its parts are shown."""

    sum: _Sum
    number: Number


class Across:
    """The groups of a split, as whoever takes some from all together reads them."""

    def __init__(self, dimensions: Sequence[Dimension], groups: Mapping[Key, Group]) -> None:
        """Groups by key, with margins: who are in one that is not among them are nobody."""
        self._groups = groups
        self._sums = [one for one in _sums(dimensions) if one.margin in groups]

    def withheld(self, hidden: Mapping[Key, Collection[Hashable]]) -> dict[Key, set[Hashable]]:
        """The windows to withhold in each group, with those that are already; of margins no more than those.

        The same whatever comes first of what is equal: an answer never changes, also not after a restart.
        """
        found = {key: set(hidden.get(key, ())) for key in self._groups}
        ended: set[_Known] = set()
        new = [_Known(one, number) for one in self._sums for number in self._groups[one.margin].numbers]
        while True:
            unseen = {key: windows | ended for key, windows in found.items()}
            # Only where more is known now; where something more is withheld elsewhere it is no more.
            looked = dict.fromkeys(key for one in new for key in self._note(one, unseen, ended=one in ended))
            more = [
                (key, one) for key in looked for one in self._groups[key].totals.withheld(unseen[key]) - unseen[key]
            ]
            if not more:
                return found
            for key, told_by in more:
                known = told_by if isinstance(told_by, _Known) else None
                keys, window = (known.sum.parts, known.number[1]) if known else ((key,), told_by)
                for each in keys:
                    if each in found and TOTAL not in each:
                        found[each].add(window)
            new = sorted({one for _, one in more if isinstance(one, _Known)} - ended)
            ended.update(new)

    def _note(self, known: _Known, hidden: Mapping[Key, Collection[Hashable]], *, ended: bool) -> Iterator[Key]:
        """Add to the groups in a sum what each is known to be from the others; those of which that is more."""
        keys = (known.sum.margin, *known.sum.parts)
        slacks = [self._shown(key, known.number, hidden) for key in keys]
        for upwards in (True, False):
            # The margin goes up where parts go down: no part is more than it less the least of the others.
            terms = [slack.up if upwards == (place == 0) else slack.down for place, slack in enumerate(slacks)]
            if sum(terms) - sum(sorted(terms)[-_UNKNOWN:]) < NARROWEST:
                yield from self._narrow(known, keys, terms, upwards=upwards, hidden=hidden, ended=ended)

    def _narrow(
        self,
        known: _Known,
        keys: Sequence[Key],
        terms: list[int],
        *,
        upwards: bool,
        hidden: Mapping[Key, Collection[Hashable]],
        ended: bool,
    ) -> Iterator[Key]:
        held = {
            place: (self._groups[key].totals, self._groups[key].numbers[known.number])
            for place, key in enumerate(keys)
            if key in self._groups and known.number in self._groups[key].numbers
        }
        for place in sorted(range(len(terms)), key=terms.__getitem__)[-_UNKNOWN:]:
            if place in held:
                totals, grown = held[place]
                slack = totals.slack(grown, hidden[keys[place]], upwards=upwards == (place == 0))
                terms[place] = min(terms[place], slack)
        for place, (totals, grown) in held.items():
            rest = sum(terms) - terms[place]
            up = upwards != (place == 0)  # What the others leave narrows it from the other side.
            if rest < NARROWEST and rest < totals.slack(grown, hidden[keys[place]], upwards=up):
                number = grown._replace(window=None if ended else known, rank=-1)
                totals.bound(number, up=rest if up else NARROWEST, down=NARROWEST if up else rest)
                yield keys[place]

    def _shown(self, key: Key, number: Number, hidden: Mapping[Key, Collection[Hashable]]) -> Slack:
        group = self._groups.get(key)
        if group is None or number not in group.numbers:
            return _NOBODY
        return group.totals.shown(group.numbers[number], hidden[key])


def _sums(dimensions: Sequence[Dimension]) -> Iterator[_Sum]:
    names = [(TOTAL, *dict.fromkeys(one.groups.values()), *one.categories) for one in dimensions]
    for key in product(*names):
        for at, dimension in enumerate(dimensions):
            if parts := _below(dimension, key[at]):
                yield _Sum(key, tuple((*key[:at], part, *key[at + 1 :]) for part in parts))


def _below(dimension: Dimension, name: str) -> tuple[str, ...]:
    if name == TOTAL:
        return tuple(dict.fromkeys(dimension.groups.values())) or dimension.categories
    return tuple(one for one in dimension.categories if dimension.groups.get(one) == name)
