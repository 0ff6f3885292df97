"""A fact made in Python, written as JSON and read again is the same fact."""

import json

from hypothesis import given

from shared.facts.catalogue import catalogue, published
from shared.facts.fact import Fact
from shared.facts.schema import example_event
from tests.unit.facts.events import facts


@given(facts())
def test_a_fact_survives_the_way_over_the_wire(fact: Fact) -> None:
    entry = catalogue()[fact.type()]
    event = example_event(entry) | {"data": json.loads(fact.model_dump_json(exclude_none=True))}
    read = published().validate_json(json.dumps(event), extra="forbid")
    assert read.data == fact


@given(facts())
def test_an_event_written_twice_is_the_same_text(fact: Fact) -> None:
    entry = catalogue()[fact.type()]
    event = entry.event.model_validate_json(json.dumps(example_event(entry))).model_copy(update={"data": fact})
    written = event.model_dump_json(exclude_none=True)
    again = published().validate_json(written, extra="forbid")
    assert again == event
    assert again.model_dump_json(exclude_none=True) == written
