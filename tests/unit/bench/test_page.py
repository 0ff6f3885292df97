"""The page that is made from a run, and what a deployment needs according to it."""

import pytest

from tests.bench.deployment import FACTS_A_YEAR, needs
from tests.bench.footprint import GROWING, LEDGER_FACT, MONITOR_FACT, PROCESSES, REDIS_FACT, case
from tests.bench.page import BEGIN, END, page, placed
from tests.bench.runner import Measured

MACHINE = {
    "processors": 2,
    "processor": "a processor",
    "memory_gib": 24,
    "system": "Linux",
    "python": "3.11",
    "load_average": [0.1, 0.2, 0.3],
}


def measured(key: str, value: float) -> Measured:
    work, _, name = key.partition(": ")
    return Measured(work, "sqlite", name, "", [value])


FOOTPRINT = [
    *(measured(f"footprint: {process}, empty", 128) for process in PROCESSES),
    *(measured(f"footprint: {case(process)}", 1) for process in GROWING),
    *(measured(f"footprint: {name}", 1) for name in (REDIS_FACT, LEDGER_FACT, MONITOR_FACT)),
]
SPEED = [
    measured("ingest over HTTP: 64 clients one by one", 1000),
    measured("ingest over HTTP: batches of 500", 10_000),
    measured("monitor: projection", 10_000),
    measured("monitor: rebuild", 100_000),
]


def amounts(found: list[Measured]) -> dict[str, str]:
    return {need.what: need.amount for need in needs(found, "sqlite")}


def test_what_a_country_needs_follows_from_the_measured_costs() -> None:
    found = amounts([*FOOTPRINT, *SPEED])
    assert found["Facts a second"] == "1.4 on average in working hours, 28 in a busy second"
    assert found["Cores"] == "1; a busy second takes 0.06 of one"
    assert (
        found["Reading in a year"]
        == "17 minutes at the door, 17 minutes to project it, 2 minutes to fold everything anew"
    )
    assert found["Memory of the services"] == "1.4 GiB at most"  # 4 x 128 MiB + 2 x 470,000 KiB
    assert found["Disk"] == "19.1 GiB a year, 381 GiB for the 20 years of a file"
    assert FACTS_A_YEAR == 10_000_000


def test_a_cost_twice_as_high_needs_twice_as_much() -> None:
    twice = [Measured(one.work, one.database, one.name, one.unit, [2 * one.middle]) for one in FOOTPRINT]
    assert amounts(twice)["Disk"] == "38.1 GiB a year, 763 GiB for the 20 years of a file"


def test_what_was_not_measured_is_not_reckoned_with() -> None:
    assert list(amounts([])) == ["Facts a second"]


def test_the_measured_part_stands_between_its_marks() -> None:
    text = page(MACHINE, SPEED)
    whole = placed(f"# Page\n\n{BEGIN}\nold\n{END}\n\nMore\n", text)
    assert whole == f"# Page\n\n{BEGIN}\n\n{text}\n{END}\n\nMore\n"
    assert placed(whole, text) == whole


def test_a_page_without_marks_is_left_alone() -> None:
    with pytest.raises(ValueError, match="measured"):
        placed("# Page\n", "text")


def test_targets_and_figures_are_told_with_their_spread() -> None:
    lines = page(MACHINE, [Measured("monitor", "sqlite", "projection", "facts/s", [9000.0, 12_000.0, 11_000.0])])
    assert "| (d) monitor: projection | sqlite | 11,000 | 9,000 | 12,000 | >= 10,000 facts/s | met |  |" in lines
    assert "| monitor: projection | sqlite | 11,000 | 9,000 | 12,000 | facts/s |" in lines
