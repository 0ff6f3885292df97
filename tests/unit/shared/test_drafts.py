"""What the ledger keeps of an event, and what makes two sendings of it the same."""

from typing import Any

import pytest

from shared.facts.catalogue import catalogue, published
from shared.facts.schema import example_event
from shared.ledger import Draft, draft

EVENT = example_event(next(entry for entry in catalogue().values() if entry.model.fact_name == "placement-started"))


def drafted(**members: Any) -> Draft:
    event = published().validate_python({**EVENT, **members})
    return draft(event, event.written())


@pytest.mark.parametrize(
    "journey",
    [
        {"datacontenttype": "application/json"},
        {"dataschema": "https://example.org/schema.json"},
        {"sequence": "12", "sequencetype": "Integer"},
        {"traceparent": f"00-{'a1' * 16}-{'b2' * 8}-01", "tracestate": "x=y"},
    ],
)
def test_how_an_event_travelled_is_kept_and_makes_it_no_other_event(journey: dict[str, str]) -> None:
    plain, travelled = drafted(), drafted(**journey)
    assert plain.content_hash == travelled.content_hash
    assert all(f'"{name}"' in travelled.body for name in journey)


@pytest.mark.parametrize(
    "other", [{"id": "another"}, {"revision": 2}, {"record": "R-1"}, {"time": "2026-03-02T14:30:01+01:00"}]
)
def test_what_an_event_says_makes_it_another(other: dict[str, Any]) -> None:
    assert drafted().content_hash != drafted(**other).content_hash
