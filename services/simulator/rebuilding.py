"""Ombouw: since 2022 closed places become small groups, one group after the other; some of them are bought nationally.

An accommodation has as many places as before. What it says here it says an hour after its register, of the same days
and of days in between, and of one group on one day what was recorded last counts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from services.simulator.country import ACCOMMODATIONS, CAPACITY_DAYS, Accommodation
from services.simulator.parameters import RebuildingParameters
from services.simulator.register import Group, capacity, groups_on
from services.simulator.statement import Statement

BEGINS_ON = date(2022, 7, 1)
GROUPS_MAX = 8
"""Small groups that one accommodation opens."""

AFTER_THE_REGISTER = 60
"""Minutes, so that this counts."""

SMALL_SCALE_FROM = date(2024, 1, 1)
"""The first day on which all groups of an accommodation may be small; the plan of 2023 asks for it in 2025."""

BOUGHT_NATIONALLY_FROM: Mapping[str, date] = {"zetten": date(2024, 1, 1), "harreveld": date(2025, 7, 1)}
"""Since when all municipalities together buy the gesloten and besloten places of these accommodations (LTA).

Unverified: that what is left goes to national procurement was agreed in 2019, which accommodations was not found.
"""


@dataclass(frozen=True, slots=True)
class _Plan:
    """How one accommodation becomes small-scale."""

    days: tuple[date, ...]
    """On each of them a small group opens, if there are places enough."""
    modes: tuple[str, ...]
    """How each of these groups is closed."""
    all_small_on: date
    """The rest lives in small groups from here on."""


def rebuilding(since: date, until: date, rng: Random, parameters: RebuildingParameters) -> Iterator[Statement]:
    """What is said of the groups of each accommodation on the days [since, until)."""
    for one in ACCOMMODATIONS.values():
        plan = _plan(rng, parameters)
        told: dict[str, Group] = {}
        for day in _days(one, plan):
            for name, group in _groups(one, day, plan, parameters, told).items():
                # The register speaks of the rest on its own days too, and knows of no small groups.
                if told.get(name) != group or (name == "gesloten" and day in CAPACITY_DAYS):
                    told[name] = group
                    if since <= day < until:
                        key = f"rebuilt-{one.id}-{name}-{day.isoformat()}"
                        yield capacity(one, name, day, group, key=key, minutes=AFTER_THE_REGISTER)


def _plan(rng: Random, parameters: RebuildingParameters) -> _Plan:
    """Drawn whole for each accommodation, whether it comes to it or not."""
    day = BEGINS_ON + timedelta(days=rng.randrange(parameters.first_days_max))
    days, modes = [], []
    for _ in range(GROUPS_MAX):
        days.append(day)
        modes.append("besloten" if rng.random() < parameters.besloten_share else "gesloten")
        day += timedelta(days=rng.randint(parameters.interval_days_min, parameters.interval_days_max))
    all_small_on = SMALL_SCALE_FROM + timedelta(days=rng.randrange(parameters.all_small_days_max))
    return _Plan(tuple(days), tuple(modes), all_small_on)


def _days(one: Accommodation, plan: _Plan) -> list[date]:
    """The days from the first group on, on which anything of it may change."""
    days = {*plan.days, *CAPACITY_DAYS, plan.all_small_on}
    if one.id in BOUGHT_NATIONALLY_FROM:
        days.add(BOUGHT_NATIONALLY_FROM[one.id])
    return sorted(day for day in days if day >= plan.days[0] and one.open_on(day))


def _groups(
    one: Accommodation, day: date, plan: _Plan, parameters: RebuildingParameters, told: Mapping[str, Group]
) -> Mapping[str, Group]:
    """The gesloten and besloten groups of a day, by name; 0 places in one that is no longer there.

    Where there is no longer room for all small groups, the besloten ones stay, and then the first ones.
    """
    rest, size = groups_on(one, day)["gesloten"], parameters.small_group
    lta = one.id in BOUGHT_NATIONALLY_FROM and BOUGHT_NATIONALLY_FROM[one.id] <= day
    procurement = "lta" if lta else "regionaal"
    room = max(0, (rest.places - parameters.rest_min) // size)
    opened = [number for number, since in enumerate(plan.days) if since <= day]
    kept = sorted(opened, key=lambda number: (plan.modes[number] != "besloten", number))[:room]
    found = {}
    for number, mode in enumerate(plan.modes):
        name = f"small-{number + 1}"
        if number in kept or name in told:
            found[name] = Group(size if number in kept else 0, size, mode, procurement)
    left = rest.places - len(kept) * size
    rest_size = size if day >= plan.all_small_on else parameters.large_group
    return {"gesloten": Group(left, rest_size, "gesloten", procurement), **found}
