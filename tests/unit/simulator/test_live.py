"""Live facts are dated today, pass the door, and keep the country about as full as it was."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random

import pytest

from services.simulator.history import Sent, State
from services.simulator.live import Live
from services.simulator.noise import Told
from services.simulator.publishers import PUBLISHERS
from shared.calendar import calendar_date
from shared.facts.acceptance import parse
from shared.facts.envelope import Event

FACTS = 3_000


class Ticking:
    """A clock that goes on by a minute each time somebody looks at it."""

    def __init__(self, state: State) -> None:
        self.now = datetime(state.on.year, state.on.month, state.on.day, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


@pytest.fixture(scope="module")
def sent(state: State) -> Sequence[Sent]:
    return list(islice(Live(state, clock=Ticking(state), rng=Random(1)), FACTS))


def test_every_live_fact_passes_the_door(sent: Sequence[Sent]) -> None:
    for one in sent:
        found = parse(one.body, today=calendar_date(one.sent_at), now=one.sent_at)
        assert isinstance(found, Event), (one.body, found)
        assert found.data.fact_name in PUBLISHERS[one.publisher].facts


def test_every_kind_of_movement_happens(sent: Sequence[Sent]) -> None:
    names = Counter(json.loads(one.body)["type"].split(".")[2] for one in sent)
    assert {
        "referral-registered",
        "machtiging-requested",
        "machtiging-granted",
        "placement-started",
        "doorplaatsing-recorded",
        "discharge-recorded",
        "leave-started",
        "leave-ended",
        "expert-advice-requested",
        "expert-advice-issued",
        "expert-advice-followed-up",
        "education-changed",
        "care-plan-evaluated",
        "heartbeat",
    } <= names.keys()


def test_nothing_live_repeats_an_id(sent: Sequence[Sent], told: Sequence[Told]) -> None:
    ids = [(one.publisher, json.loads(one.body)["id"]) for one in sent]
    assert len(set(ids)) == len(ids)
    assert not set(ids) & {(one.statement.publisher, one.statement.id) for one in told}


def test_as_many_leave_as_come(sent: Sequence[Sent]) -> None:
    facts = [json.loads(one.body) for one in sent]
    started = sum("started_on" in fact["data"] for fact in facts)
    ended = sum("discharged_on" in fact["data"] or "departed_on" in fact["data"] for fact in facts)
    assert 0.7 < ended / started < 1.4


def test_who_came_in_is_taught_once_while_inside(sent: Sequence[Sent]) -> None:
    facts = [json.loads(one.body) for one in sent]
    began = [
        fact["data"]["placement"] for fact in facts if "arrives_from" not in fact["data"] and "regime" in fact["data"]
    ]
    taught = [fact["data"]["placement"] for fact in facts if "education-changed" in fact["type"]]
    assert 0.5 * len(began) < len(taught) == len(set(taught)) <= len(began)


def test_somebody_comes_back(sent: Sequence[Sent], told: Sequence[Told]) -> None:
    known = {one.statement.person for one in told}
    starts = [fact for fact in (json.loads(one.body) for one in sent) if "started_on" in fact["data"]]
    back = [fact for fact in starts if fact["subject"] in known and "arrives_from" not in fact["data"]]
    assert back
