"""Where a fact goes is fixed for ever: consumers outside rely on the names and on the partition of a person."""

import pytest

from shared.streams import checkpoints_name, partition_of, stream_name


def test_the_names_are_those_of_the_contract() -> None:
    assert stream_name("intake", 3) == "doorstroom:facts:intake:3"
    assert checkpoints_name("placement", 0) == "doorstroom:checkpoints:placement:0"


@pytest.mark.parametrize(
    ("person", "of_4", "of_64"),
    [("wq3k9VZr0yXcB7uT1mNfJ5hPdL2sGaEo", 3, 19), ("jongere-0000000000001", 1, 57), ("urn:nld:kvknr:12345678", 2, 6)],
)
def test_the_partition_of_a_person_never_changes(person: str, of_4: int, of_64: int) -> None:
    assert partition_of(person, 4) == of_4
    assert partition_of(person, 64) == of_64
    assert partition_of(person, 1) == 0


def test_persons_are_spread_evenly() -> None:
    counts = [0, 0, 0, 0]
    for number in range(10_000):
        counts[partition_of(f"jongere-{number:013d}", 4)] += 1
    assert max(counts) - min(counts) < 500
