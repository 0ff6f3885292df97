"""From a publisher's POST to a number on /metrics, through the whole system, over plain HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.flow.publishing import Publisher, discharged, started, withdrawn
from tests.servers.waiting import wait_until

SEEN_S_MAX = 5.0
"""The goal is a second; this leaves room for a busy machine. The bench measures it."""

STARTED = "doorstroom_placements_started_total"
ENDED = "doorstroom_discharges_total"
OPEN = "doorstroom_open_closures"


@contextmanager
def change(publisher: Publisher, **expected: float) -> Iterator[None]:
    """What the block publishes changes these metrics by this much, soon."""
    before = publisher.metrics()
    yield

    def changed() -> bool:
        now = publisher.metrics()
        return {name: now[name] - before[name] for name in expected} == expected

    wait_until(changed, what=f"a change of {expected}", seconds_max=SEEN_S_MAX)


def test_a_fact_is_a_figure_at_once(publisher: Publisher) -> None:
    with change(publisher, **{STARTED: 1, OPEN: 1}):
        receipt = publisher.send(started("person-of-the-first-fact", "P-1", on="2024-03-02"))
    assert receipt["accepted"] == 1


def test_a_fact_that_is_said_twice_counts_once(publisher: Publisher) -> None:
    fact = started("person-of-the-second-fact", "P-2", on="2024-03-02")
    with change(publisher, **{STARTED: 1, OPEN: 1}):
        assert publisher.send(fact)["accepted"] == 1
        assert publisher.send(fact)["duplicates"] == 1
    with change(publisher, **{STARTED: 1}):  # Were the duplicate only late, it would be counted by now.
        publisher.send(started("person-after-the-second", "P-2b", on="2024-03-02"))


def test_a_correction_changes_the_figure(publisher: Publisher) -> None:
    """The age of the open closure: the placement turns out to have begun 100 days earlier."""
    wrong = started("person-who-is-corrected", "P-3", on="2024-06-30") | {"record": "R-3", "revision": 1}
    right = started("person-who-is-corrected", "P-3", on="2024-03-22") | {"record": "R-3", "revision": 2}
    with change(publisher, **{STARTED: 1, OPEN: 1}):
        publisher.send(wrong)
    with change(publisher, **{OPEN: 0, "doorstroom_open_closure_age_seconds_gsum": 100 * 86_400}):
        publisher.send(right)


def test_a_withdrawal_takes_the_fact_back(publisher: Publisher) -> None:
    with change(publisher, **{STARTED: 1, OPEN: 1}):
        publisher.send(started("person-who-is-withdrawn", "P-4", on="2024-03-02") | {"record": "R-4"})
    with change(publisher, **{STARTED: -1, OPEN: -1}):
        publisher.send(withdrawn("person-who-is-withdrawn", "R-4", of="placement-started", revision=1))


def test_a_discharge_that_arrives_before_its_placement_gives_the_same_end(publisher: Publisher) -> None:
    ended = {STARTED: 1, ENDED: 1, OPEN: 0, "doorstroom_closure_duration_seconds_sum": 30 * 86_400}
    with change(publisher, **ended):
        publisher.send(started("person-told-in-order", "P-5", on="2024-03-02"))
        publisher.send(discharged("person-told-in-order", "P-5", on="2024-04-01"))
    with change(publisher, **ended):
        publisher.send(discharged("person-told-in-reverse", "P-6", on="2024-04-01"))
        publisher.send(started("person-told-in-reverse", "P-6", on="2024-03-02"))
