"""A folder of an earlier demo goes on: what it was told is told as before, byte for byte, and what is new beside it."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import pytest

from services.monitor.accommodations import fold_register
from services.monitor.figures.capacities import capacities_on
from services.simulator.history import History
from services.simulator.noise import Told
from services.simulator.publishers import REAL_ESTATE
from services.simulator.statement import Statement, Writer
from tests.unit.simulator.accepted import accepted

UNTIL = date(2026, 11, 30)
TOLD_BEFORE = 389_623
DIGEST = "21b723954cb76c04aa94669a94d1addeecb4ed87b7f4bf3bbc2bb4cea473e60b"
"""Of all that seed 1 told before it spoke of small groups, money, buildings and made-up figures: when, and which event.

Do not change these: who has a demo from before would be told two stories.
"""
NEW = {"funding-recorded", "real-estate-scanned", "heartbeat", "capacity-changed", "context-figure-published"}
HALF_YEARS = [date(year, month, 1) for year in range(2022, 2027) for month in (1, 7)]


def is_new(said: Statement) -> bool:
    """Whether an earlier demo did not say it: by who says it, what it is about, or its record."""
    told_by_name = said.publisher == REAL_ESTATE or said.name == "funding-recorded"
    return told_by_name or said.record.startswith(("rebuilt-", "simulated-"))


@pytest.fixture(scope="module")
def told() -> Sequence[Told]:
    return list(History(1, UNTIL).told())


def test_what_was_told_before_is_told_as_before(told: Sequence[Told]) -> None:
    writer, before, number = Writer(), hashlib.sha256(), 0
    for one in told:
        if not is_new(one.statement):
            before.update(f"{one.sent_at.isoformat()} {writer.event(one.statement)}\n".encode())
            number += 1
    assert (number, before.hexdigest()) == (TOLD_BEFORE, DIGEST)


def test_what_is_new_has_ids_and_records_of_its_own(told: Sequence[Told]) -> None:
    def keys(*, new: bool) -> Iterator[tuple[str, str, str]]:
        said = (one.statement for one in told if is_new(one.statement) == new)
        return ((it.publisher, it.name, it.record) for it in said)

    added = Counter(keys(new=True))
    assert max(added.values()) == 1
    assert added.keys().isdisjoint(keys(new=False))
    assert {name for _, name, _ in added} == NEW


def test_there_are_gesloten_places_for_all_who_are_held_so(told: Sequence[Told]) -> None:
    """Of the whole country, on the first day of each half-year in which places become small groups."""
    said = [one.statement for one in told]
    register = fold_register(accepted(it, today=UNTIL) for it in said if it.name.startswith(("capacity", "accomm")))
    starts, ends = _by_placement(said, "placement-started"), _by_placement(said, "ended")
    changes = _by_placement(said, "closure-mode-changed")
    for day in HALF_YEARS:
        held = Counter[object]()
        for placement, start in starts.items():
            if start.on <= day and (placement not in ends or day < ends[placement].on):
                change = changes.get(placement)
                held[(change if change is not None and change.on <= day else start).data["closure"]] += 1
        offered = sum(one.places for one in capacities_on(register, day) if one.closure_mode == "gesloten")
        assert 200 < held["gesloten"] <= offered, day


def _by_placement(said: Sequence[Statement], name: str) -> Mapping[object, Statement]:
    """What was said last of each placement, of this kind."""
    names = {"doorplaatsing-recorded", "discharge-recorded"} if name == "ended" else {name}
    return {it.data["placement"]: it for it in said if it.name in names}
