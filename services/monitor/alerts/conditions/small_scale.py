"""Alerts on accommodations that are not small-scale, A20: places in groups that are larger than they should be."""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from services.monitor.accommodations import Accommodation, Capacity, Register
from services.monitor.alerts.conditions.alert import FOREVER, Alert, Because, Case, Facts, lasting
from services.monitor.alerts.conditions.rules import Rule
from services.monitor.dossier.days import Interval, minus, union

Held = tuple[Interval, Capacity]
"""Places, and the days on which there are so many."""


def large_groups(register: Register, rule: Rule) -> Iterator[Alert]:
    """A20: on these days an accommodation has places in groups of more than so many young people.

    Places of which nobody told how large their groups are count for nothing. It rests on the largest group of the
    first day.
    """
    known = {one.accommodation: one for one in register.accommodations}
    for name, found in groupby(register.capacities, key=lambda one: one.accommodation):
        one = known.get(name, Accommodation(name))
        held = _held(list(found), one)
        for step in rule.steps:
            large = [(days, capacity) for days, capacity in held if (capacity.group_size or 0) > (step.heads or 0)]
            for begin, end in union(days for days, _ in large):
                first = max(
                    (capacity for days, capacity in large if days[0] <= begin < days[1]),
                    key=lambda capacity: (capacity.group_size or 0, capacity.places, capacity.group),
                )
                because = Because(f"{first.places}-places-in-groups-of-{first.group_size}", begin, first.group or name)
                case = Case("", name, (), one.region, name)
                ending = (None if end == FOREVER else end, "small-scale")
                yield from lasting(rule, step, case, begin, ending, facts=Facts(begin, (because,)))


def _held(capacities: Sequence[Capacity], one: Accommodation) -> list[Held]:
    """Places and their days: until the next capacity of the same group, without days on which all of it is closed.

    The capacities are of one accommodation, in order of group and day.
    """
    found = []
    for before, after in pairwise((*capacities, None)):
        assert before is not None
        goes_on = after is not None and after.group == before.group
        until_on = after.from_on if goes_on and after else FOREVER
        if before.places:
            found += [(span, before) for span in minus([(before.from_on, until_on)], one.closed)]
    return found
