"""For any facts in any order: what holds is a function of the facts and the clock, and nothing is opened twice."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.monitor.alerts.conditions.alert import FOREVER
from services.monitor.alerts.conditions.judging import alerts, long_past, spells
from services.monitor.alerts.life import Kept, Now, life
from services.monitor.alerts.rulebook import rulebook
from services.monitor.dossier.fold import fold
from shared.calendar import AMSTERDAM
from shared.facts.envelope import AcceptedEvent
from tests.unit.alerts.judged import LINK_DAYS
from tests.unit.dossier.given import PERSON, RULES
from tests.unit.dossier.strategies import FIRST, any_facts

days = st.integers(0, 900).map(lambda number: FIRST + timedelta(number))


def _look(record: dict[str, Kept], facts: list[AcceptedEvent], now: Now) -> None:
    every = spells(fold(PERSON, facts, rules=RULES), rules=rulebook(), link_days=LINK_DAYS)
    for change in life(record.values(), every, now=now):
        identity = change.before.id if change.before else f"alert-{len(record)}"
        record[identity] = replace(change.after, id=identity)


@given(facts=any_facts, data=st.data())
@settings(max_examples=150, deadline=None)
def test_what_is_open_at_the_end_does_not_depend_on_the_order_of_arrival(
    facts: list[AcceptedEvent], data: st.DataObject
) -> None:
    clock = sorted(data.draw(st.lists(days, min_size=1, max_size=4)))
    moments = [Now(datetime.combine(day, time(9), AMSTERDAM), rulebook(), FIRST) for day in clock]
    record: dict[str, Kept] = {}
    arriving = data.draw(st.permutations(facts))
    for number, now in enumerate(moments, start=1):
        _look(record, list(arriving[: len(facts) * number // len(moments)]), now)
    _look(record, facts, moments[-1])
    expected = {
        alert.key: alert.since
        for alert in alerts(
            fold(PERSON, facts, rules=RULES), at=moments[-1].moment, rules=rulebook(), link_days=LINK_DAYS
        )
    }
    opened = {one.key: one.alert.since for one in record.values() if one.state == "open"}
    assert opened == expected
    assert len({one.key for one in record.values()}) == len(record)
    again = dict(record)
    _look(record, facts, moments[-1])
    assert record == again


@given(facts=any_facts, later=st.integers(0, 2_000))
@settings(max_examples=150, deadline=None)
def test_what_is_long_past_has_nothing_that_holds_or_would_be_on_record(facts: list[AcceptedEvent], later: int) -> None:
    dossier, today = fold(PERSON, facts, rules=RULES), FIRST + timedelta(later)
    if not long_past(dossier, on=today, rules=rulebook()):
        return
    now = Now(datetime.combine(today, time(9), AMSTERDAM), rulebook(), FIRST)
    assert life((), spells(dossier, rules=rulebook(), link_days=LINK_DAYS), now=now) == []


@given(facts=any_facts)
@settings(max_examples=150, deadline=None)
def test_spells_of_one_key_share_no_day_and_every_end_has_a_reason(facts: list[AcceptedEvent]) -> None:
    last: dict[object, object] = {}
    for one in spells(fold(PERSON, facts, rules=RULES), rules=rulebook(), link_days=LINK_DAYS):
        assert one.since < (one.until or FOREVER)
        assert (one.until is None) == (one.ended is None)
        assert one.counted_from <= (one.until or FOREVER)
        before = last.get(one.key)
        assert before is None or before <= one.since  # type: ignore[operator]
        last[one.key] = one.until or FOREVER
