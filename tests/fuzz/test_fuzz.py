"""The short form of the fuzzing, and its own proof: it finds every fault that is put into the product for it."""

import asyncio
from importlib.util import find_spec
from random import Random

import pytest

from tests.fuzz.guided import as_bytes, as_input, guided
from tests.fuzz.inputs import FORMS, Inputs
from tests.fuzz.oracle import same_event
from tests.fuzz.planted import PLANTED
from tests.fuzz.rounds import Tally, fuzz

INPUTS = 4_000
SEED = 3

ROUNDS_MAX = 20
"""In which every planted fault is found; most of them in the first."""


def fuzzed(*, rounds: int = 1) -> Tally:
    """What so many rounds found; they end at the first failure."""
    tally = Tally()
    for number in range(rounds):
        asyncio.run(fuzz(tally, seed=SEED, number=number, inputs=INPUTS))
        if tally.failures:
            break
    return tally


def test_whatever_is_sent_is_answered_and_what_is_accepted_is_stored_and_nothing_else() -> None:
    tally = fuzzed()
    assert [str(failure) for failure in tally.failures] == []
    assert tally.inputs == INPUTS
    assert tally.events > 1_000
    assert tally.forms.keys() == FORMS.keys()
    assert min(tally.statuses[status] for status in ("202", "207", "400", "401", "403", "406", "413", "415")) > 0


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    PLANTED[name](monkeypatch)
    assert fuzzed(rounds=ROUNDS_MAX).failures != []


def test_inputs_that_are_led_by_coverage_are_answered_as_well() -> None:
    if find_spec("atheris") is None:
        pytest.skip("no atheris: uv sync --group fuzz, where it has a wheel")
    assert guided(inputs=300, seed=SEED) == (300, None)


def test_coverage_begins_with_inputs_of_the_grammar() -> None:
    drawn = Inputs(Random(f"{SEED}"), round_name="r")
    inputs = [drawn.draw(number) for number in range(200)]
    found = [(one, as_input(content)) for one in inputs if (content := as_bytes(one)) is not None]
    assert len(found) > 150
    plain = [(one, again) for one, again in found if again.headers[0][1] != b"application/json"]
    assert all(again.body == one.body for one, again in plain)
    assert all(again.headers[0] == (b"content-type", dict(one.headers)[b"content-type"]) for one, again in found)


@pytest.mark.parametrize(
    "changes", [{"id": "b"}, {"time": "2026-03-02T09:00:01+01:00"}, {"record": "r"}, {"data": {"placement": "P-2"}}]
)
def test_the_oracle_sees_every_difference(changes: dict[str, object]) -> None:
    """Otherwise it would be pleased with whatever is stored."""
    sent = {
        "specversion": "1.0",
        "id": "a",
        "source": "urn:nld:x:y",
        "type": "nl.doorstroom.absence-started.v1",
        "subject": "x" * 16,
        "time": "2026-03-02T09:00:00+01:00",
        "data": {"placement": "P-1", "at": "2026-03-01T21:30:00+01:00"},
    }
    stored = {**sent, "revision": 1, "time": "2026-03-02T08:00:00Z"}
    assert same_event(stored, sent)
    assert not same_event({**stored, **changes, "data": {**sent["data"], **changes.get("data", {})}}, sent)  # type: ignore
