"""The history is what a real field would send: valid at the door, in order, repeatable, about nobody real."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from services.simulator.country import ACCOMMODATIONS
from services.simulator.history import IMPORTED, OBSERVED_FROM, History, State
from services.simulator.noise import Told
from services.simulator.publishers import PUBLISHERS
from services.simulator.statement import Writer
from shared.calendar import AMSTERDAM
from shared.facts.acceptance import parse
from shared.facts.envelope import Event
from shared.pseudonym import contains_bsn

SAMPLED_EVERY = 7


def test_everything_sent_passes_the_door(told: Sequence[Told], until: date) -> None:
    """Every kind of fact told for every reason, and a seventh of all. No accommodation has closed yet, none of the
    figures of others is out, and the transformation with its money and its scans lies ahead.
    """
    writer, seen = Writer(), Counter[tuple[str, str]]()
    now = datetime.combine(until, time(), tzinfo=AMSTERDAM)
    for number, one in enumerate(told):
        kind = (one.statement.name, one.kind)
        seen[kind] += 1
        if seen[kind] <= 20 or number % SAMPLED_EVERY == 0:
            assert isinstance(parse(writer.event(one.statement), today=until, now=now), Event), one
    assert {name for name, _ in seen} == set().union(*(publisher.facts for publisher in PUBLISHERS.values())) - {
        "accommodation-closed",
        "context-figure-published",
        "funding-recorded",
        "real-estate-scanned",
    }


def test_nothing_sent_holds_a_bsn(told: Sequence[Told]) -> None:
    writer = Writer()
    assert not any(contains_bsn(writer.event(one.statement)) for one in told)


def test_the_same_seed_gives_the_same_bytes() -> None:
    def digest(seed: int) -> str:
        bodies = hashlib.sha256()
        for sent in History(seed, date(2013, 3, 1)):
            bodies.update(sent.body.encode())
        return bodies.hexdigest()

    assert digest(3) == digest(3) != digest(4)


def test_a_later_end_only_adds_to_what_is_told(told: Sequence[Told]) -> None:
    early = list(History(7, date(2013, 4, 1)).told())
    assert list(told[: len(early)]) == early


def test_everything_is_told_in_the_order_in_which_it_was_recorded(told: Sequence[Told], until: date) -> None:
    assert all(before.sent_at <= after.sent_at for before, after in pairwise(told))
    assert told[-1].sent_at < datetime(until.year, until.month, until.day, tzinfo=UTC)


def test_nothing_is_recorded_before_the_day_on_which_it_is_true(told: Sequence[Told]) -> None:
    assert all(one.statement.on <= one.statement.time.date() for one in told)


def test_nothing_is_sent_or_recorded_after_midnight_in_amsterdam(told: Sequence[Told], until: date) -> None:
    """Whoever starts the demo just after midnight has a clock on which midnight in UTC still lies ahead."""
    midnight = datetime.combine(until, time(), tzinfo=AMSTERDAM)
    assert max(max(one.sent_at, one.statement.time) for one in told) < midnight


def test_only_the_closures_that_were_open_then_are_dated_before_the_first_day(told: Sequence[Told]) -> None:
    before = [one.statement for one in told if one.statement.on < OBSERVED_FROM and one.kind == "plain"]
    about_people = [statement for statement in before if statement.person is not None]
    assert {statement.name for statement in about_people} <= IMPORTED
    assert 900 < len({statement.person for statement in about_people}) < 1_250


def test_of_some_stays_that_are_brought_in_only_the_month_is_known(told: Sequence[Told]) -> None:
    starts = {
        one.statement.record: one.statement
        for one in told
        if one.statement.on < OBSERVED_FROM and one.statement.name == "placement-started" and one.kind == "plain"
    }
    rough = [one.statement for one in told if one.statement.precision is not None]
    assert all(it.data == starts[it.record].data and it.revision == 2 for it in rough)
    assert 0.07 < len(rough) / len(starts) < 0.13
    assert json.loads(Writer().event(rough[0]))["precision"] == "month"


def test_an_id_is_used_again_only_to_say_the_same(told: Sequence[Told]) -> None:
    writer = Writer()
    said: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in told:
        said[one.statement.publisher, one.statement.id].add(writer.event(one.statement))
    assert all(len(bodies) == 1 for bodies in said.values())
    assert len(told) - len(said) == sum(one.kind == "duplicate" for one in told)


def test_publishers_say_only_their_own_facts_about_their_own_accommodations(told: Sequence[Told]) -> None:
    for one in told:
        publisher = PUBLISHERS[one.statement.publisher]
        assert one.statement.name in publisher.facts
        accommodation = one.statement.data.get("accommodation")
        assert accommodation is None or accommodation in publisher.accommodations


def test_pseudonyms_have_twenty_two_characters_and_each_person_has_one(told: Sequence[Told]) -> None:
    people = {one.statement.person for one in told if one.statement.person is not None}
    assert {len(person) for person in people} == {22}
    born = defaultdict(set)
    for one in told:
        if "birth_month" in one.statement.data:
            born[one.statement.person].add((one.statement.data["birth_month"], one.statement.data["region"]))
    assert all(len(found) == 1 for found in born.values())


def test_nobody_is_said_to_start_at_an_accommodation_that_is_closed() -> None:
    """Also not by a mistake, as a mistake moves a start by at most three days."""
    slack = timedelta(days=3)
    for closed in (one for one in ACCOMMODATIONS.values() if one.closed_on is not None):
        assert closed.closed_on is not None
        assert not closed.admits_on(closed.closed_on - slack)


def test_some_are_ready_to_leave_for_a_while_before_they_do(told: Sequence[Told]) -> None:
    ready = {it.statement.data["placement"]: it.statement for it in told if it.statement.name == "discharge-ready"}
    ends = {
        it.statement.data["placement"]: date.fromisoformat(str(it.statement.data["discharged_on"]))
        for it in told
        if it.statement.name == "discharge-recorded" and it.kind == "plain"
    }
    waits = [(ends[placement] - said.on).days for placement, said in ready.items() if placement in ends]
    assert min(waits) == 1
    assert 25 < sum(waits) / len(waits) < 40
    assert 0.3 < len(ready) / len(ends) < 0.45


def test_events_are_one_line_with_the_attributes_of_the_contract(told: Sequence[Told]) -> None:
    started = next(one.statement for one in told if one.statement.name == "placement-started")
    line = Writer().event(started)
    event = json.loads(line)
    assert "\n" not in line
    assert list(event) == ["specversion", "id", "source", "type", "time", "subject", "record", "data"]
    assert event["source"] == PUBLISHERS[started.publisher].source
    assert event["id"] == f"placement-started/{event['data']['placement']}/1"


def test_the_state_holds_those_inside_those_who_left_and_those_who_wait(state: State, until: date) -> None:
    inside = [one for one in state.closures if one.closure.started_on < until <= one.closure.ended_on]
    left = [one for one in state.closures if one.closure.ended_on < until]
    waiting = [one for one in state.closures if one.closure.started_on >= until]
    assert 800 < len(inside) < 1_050
    assert all(one.closure.ended_on >= until - timedelta(days=365) for one in left)
    assert waiting
    assert all(statement.on < until for statement in state.untold)
