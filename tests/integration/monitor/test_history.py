"""Two clocks (D1): what was known at a moment, for ever the same, whatever arrives later."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from services.monitor.accommodations import fold_register
from services.monitor.dossier.days import union
from services.monitor.dossier.fold import fold
from services.monitor.dossier.state import Dossier
from services.monitor.history.history import History
from services.monitor.history.known import Known
from services.monitor.history.stored import changed_dossiers
from services.monitor.projector.entries import Stream
from services.monitor.rebuild import rebuild
from services.monitor.tables import fact
from shared.calendar import calendar_date, microseconds
from shared.facts.accommodation import CapacityChanged, OccupancyCounted
from shared.facts.envelope import AcceptedEvent
from shared.facts.record import RecordWithdrawn
from shared.facts.source import Heartbeat
from tests.integration.monitor.conftest import RULES, projector_on, read_again
from tests.integration.monitor.histories import PEOPLE, tangled
from tests.integration.monitor.ledgers import NOON, SOURCE, STREAMS, Ledgers, discharge, placement
from tests.servers.plans import plans_of

ANN, BEN = PEOPLE[:2]
HOUR, MICROSECOND = timedelta(hours=1), timedelta(microseconds=1)


@dataclass
class Told:
    """A follower that keeps what it was told: who was there before, and who is now."""

    changes: list[tuple[str | None, str | None]]

    def changed(self, before: Dossier | None, after: Dossier | None) -> None:
        """Keep it."""
        self.changes.append((before and before.person, after and after.person))


def history_of(engine: Engine, *, now: datetime = NOON) -> History:
    """The history of this database, at a moment; made anew, as after a restart."""
    return History(engine, rules=RULES, clock=lambda: now)


def said(known: Known) -> bytes:
    """Everything that an answer says, to the byte."""
    return repr((known.dossiers, known.register, known.observed_from, known.heard, known.known)).encode()


def recomputed(ledgers: Ledgers, known: datetime) -> bytes:
    """The same from the ledgers themselves: fold each person from every fact that was accepted by then."""
    events = [entry.event for stream in STREAMS for entry in _all(ledgers, stream)]
    facts = [event for event in events if event.acceptedat <= known and not isinstance(event.data, Heartbeat)]
    about = sorted({event.subject for event in facts if event.subject})
    register = [
        event for event in facts if isinstance(event.data, CapacityChanged | OccupancyCounted | RecordWithdrawn)
    ]
    first = min((event.time for event in facts if event.subject), default=None)
    observed = {SOURCE: calendar_date(first)} if first else {}
    dossiers = tuple(fold(person, facts, rules=RULES) for person in about)
    places = fold_register(event for event in register if event.subject is None)
    days = {calendar_date(event.acceptedat) for event in events if event.acceptedat <= known}
    heard = {SOURCE: union((day, day + timedelta(days=1)) for day in days)} if days else {}
    return said(Known(dossiers, places, observed, known, final=True, heard=heard))


def _all(ledgers: Ledgers, stream: Stream) -> Iterable:
    position = 0
    while page := ledgers.read(stream, after=position):
        yield from page
        position = page[-1].position


def test_a_target_counts_from_when_it_was_accepted_and_the_last_one_of_a_region_counts(
    monitor: Engine, ledgers: Ledgers
) -> None:
    first = [{"on": "2027-01-01", "value": 60}, {"on": "2031-01-01", "value": 0}]
    for key, points in (("plan-1", first), ("plan-2", [{"on": "2029-01-01", "value": 0}])):
        ledgers.tell("target-set", None, _record=key, scope="noord", series="placements", points=points)
        ledgers.now += HOUR
    ledgers.tell("record-withdrawn", None, service="intake", of="target-set", record="plan-2", reason="duplicate")
    projector_on(monitor, ledgers).apply(ledgers.batches())
    history = history_of(monitor, now=NOON + 3 * HOUR)
    assert history.known_at(NOON - HOUR).register.plans == ()
    told = [plan.points for at in (0, 1, 2) for plan in history.known_at(NOON + at * HOUR).register.plans]
    once = ((date(2027, 1, 1), 60), (date(2031, 1, 1), 0))
    assert told == [once, ((date(2029, 1, 1), 0),), once]


def test_a_figure_of_others_counts_from_when_it_was_accepted_and_is_known_as_it_was(
    monitor: Engine, ledgers: Ledgers
) -> None:
    told = {"series": "jji", "period": "2023", "status": "final", "source_url": "https://example.org/jji"}
    for revision, value in ((1, 1584), (2, 1585)):
        ledgers.tell("context-figure-published", None, _record="jji-2023", _revision=revision, **told, value=value)
        ledgers.now += HOUR
    projector_on(monitor, ledgers).apply(ledgers.batches())
    history = history_of(monitor, now=NOON + 2 * HOUR)
    found = [history.known_at(NOON + at * HOUR).register.surroundings.figures for at in (-1, 0, 1)]
    assert [[one.value for one in figures] for figures in found] == [[], [1584], [1585]]


def test_what_was_accepted_later_is_not_known_and_what_is_true_earlier_is(monitor: Engine, ledgers: Ledgers) -> None:
    ledgers.tell("placement-started", ANN, **placement("P1", "2026-01-01"))
    ledgers.now += HOUR
    ledgers.tell("discharge-recorded", ANN, **discharge("P1", "2026-01-20"))
    ledgers.tell("placement-started", BEN, **placement("P2", "2026-01-01"))
    projector_on(monitor, ledgers).apply(ledgers.batches())
    history = history_of(monitor, now=NOON + HOUR)
    [before] = history.known_at(NOON).dossiers
    assert (before.person, before.closures[0].ended_on) == (ANN, None)
    after = history.known_at()
    assert [dossier.person for dossier in after.dossiers] == sorted([ANN, BEN])
    assert {dossier.closures[0].ended_on for dossier in after.dossiers} == {None, date(2026, 1, 20)}
    assert history.known_at(NOON - HOUR).dossiers == ()


@pytest.mark.parametrize("seed", [1, 2])
def test_every_moment_says_what_a_fold_of_the_facts_accepted_by_then_says(monitor, ledgers, seed) -> None:
    ledgers.pace = HOUR
    tangled(ledgers, seed=seed)
    projector_on(monitor, ledgers).apply(ledgers.batches())
    history = history_of(monitor)
    for hours in range(-1, 203, 12):
        moment = NOON + hours * HOUR
        assert said(history.known_at(moment)) == recomputed(ledgers, moment), moment
    last = history.known_at()
    assert said(last) == recomputed(ledgers, last.known)


def test_an_answer_is_the_same_to_the_byte_after_later_facts_a_restart_and_a_rebuild(monitor, ledgers) -> None:
    ledgers.pace = HOUR
    tangled(ledgers, seed=3, facts=120)
    half = ledgers.batches()
    projector = projector_on(monitor, ledgers)
    history = history_of(monitor)
    projector.apply(half)
    history.known_at()
    moments = [NOON + hours * HOUR for hours in (20, 60, 100)]
    before = [said(history.known_at(moment)) for moment in moments]
    assert all(history.known_at(moment).final for moment in moments)
    tangled(ledgers, seed=4, facts=120)
    projector.apply(ledgers.batches())
    assert [said(history.known_at(moment)) for moment in moments] == before
    assert [said(history_of(monitor).known_at(moment)) for moment in moments] == before
    rebuild(monitor, rules=RULES, progress=lambda done, total: None)
    assert [said(history_of(monitor).known_at(moment)) for moment in moments] == before
    assert said(history.known_at()) == said(history_of(monitor).known_at())
    read_again(monitor, ledgers)
    assert [said(history_of(monitor).known_at(moment)) for moment in moments] == before


def test_two_services_that_are_projected_one_after_the_other_are_final_when_both_are_there(monitor, ledgers) -> None:
    ledgers.pace = HOUR
    tangled(ledgers, seed=5, facts=80)
    projector, history = projector_on(monitor, ledgers), history_of(monitor)
    intake = [stream for stream in STREAMS if stream.service == "intake"]
    placed = [stream for stream in STREAMS if stream.service == "placement"]
    moment = NOON + 40 * HOUR
    projector.apply(ledgers.batches(*placed))
    assert not history.known_at(moment).final
    projector.apply(ledgers.batches(intake[0]))
    assert not history.known_at(moment).final
    projector.apply(ledgers.batches(intake[1]))
    answer = history.known_at(moment)
    assert (answer.final, said(answer)) == (True, recomputed(ledgers, moment))


def test_an_idle_service_is_final_up_to_what_its_ledger_settled_and_not_before_that_is_projected(
    monitor, ledgers
) -> None:
    stream = ledgers.tell("placement-started", ANN, **placement("P1", "2026-01-01"))
    projector, history = projector_on(monitor, ledgers), history_of(monitor)
    later = microseconds(NOON + HOUR)
    projector.settle({"intake": (0, later), "placement": (1, later)})
    assert not history.known_at(NOON).final
    projector.apply({stream: ledgers.streams[stream]})
    assert [history.known_at(moment).final for moment in (NOON + HOUR, NOON + HOUR + MICROSECOND)] == [True, False]
    projector.settle({"intake": (0, later), "placement": (2, later + 1)})
    assert not history.known_at(NOON + HOUR + MICROSECOND).final
    assert history.known_at(NOON + HOUR).final


def test_a_withdrawal_and_sending_again_gives_the_answer_of_before(monitor, ledgers) -> None:
    ledgers.tell("placement-started", ANN, _record="R1", **placement("P1", "2026-01-01"))
    ledgers.now += HOUR
    ledgers.tell("record-withdrawn", ANN, of="placement-started", record="R1", reason="other")
    ledgers.now += HOUR
    ledgers.tell("placement-started", ANN, _record="R1", _revision=2, **placement("P1", "2026-01-01"))
    projector_on(monitor, ledgers).apply(ledgers.batches())
    history = history_of(monitor)
    [first], [without], [again] = (history.known_at(NOON + hours * HOUR).dossiers for hours in range(3))
    assert without.placements == ()
    assert first == again


def test_a_moment_between_two_facts_of_one_commit_knows_only_the_first(monitor, ledgers) -> None:
    """A ledger dates the facts of one commit a microsecond apart."""
    ledgers.pace = MICROSECOND
    ledgers.tell("placement-started", ANN, **placement("P1", "2026-01-01"))
    ledgers.tell("discharge-recorded", ANN, **discharge("P1", "2026-02-01"))
    projector_on(monitor, ledgers).apply(ledgers.batches())
    history = history_of(monitor)
    [between], [after] = (history.known_at(moment).dossiers for moment in (NOON, NOON + MICROSECOND))
    assert (between.closures[0].ended_on, after.closures[0].ended_on) == (None, date(2026, 2, 1))


def test_a_record_that_moved_to_another_person_is_still_the_firsts_at_the_moment_before(monitor, ledgers) -> None:
    ledgers.tell("placement-started", ANN, _record="R1", **placement("P1", "2026-01-01"))
    ledgers.now += HOUR
    ledgers.tell("placement-started", BEN, _record="R1", _revision=2, **placement("P1", "2026-01-01"))
    projector_on(monitor, ledgers).apply(ledgers.batches())
    history = history_of(monitor)
    placed = {moment: _placed(history.known_at(moment)) for moment in (NOON, NOON + HOUR)}
    assert placed == {NOON: [ANN], NOON + HOUR: [BEN]}


def _placed(known: Known) -> list[str]:
    return [dossier.person for dossier in known.dossiers if dossier.placements]


def test_what_changed_is_seen_by_a_history_that_looked_before(monitor, ledgers) -> None:
    projector, history = projector_on(monitor, ledgers), history_of(monitor)
    assert history.known_at().dossiers == ()
    for number, person in enumerate(PEOPLE[:4]):
        ledgers.tell("placement-started", person, **placement(f"P{number}", "2026-01-01"))
        projector.apply(ledgers.batches())
        assert said(history.known_at()) == said(history_of(monitor).known_at())


def test_who_is_gone_after_a_rebuild_is_gone_from_memory_and_the_followers_are_told_of_nobody_else(
    monitor, ledgers
) -> None:
    ledgers.tell("placement-started", ANN, **placement("P1", "2026-01-01"))
    ledgers.tell("placement-started", BEN, **placement("P2", "2026-01-01"))
    projector_on(monitor, ledgers).apply(ledgers.batches())
    history, told = history_of(monitor), Told([])
    assert len(history.known_at().dossiers) == 2
    history.follow(told)
    with monitor.begin() as connection:
        connection.execute(fact.delete().where(fact.c.person == ANN))
    rebuild(monitor, rules=RULES, progress=lambda _done, _of: None)
    assert [dossier.person for dossier in history.known_at().dossiers] == [BEN]
    assert [(before, after) for before, after in told.changes if before != after] == [(ANN, None)]


def test_who_changed_is_found_on_sqlite_without_going_through_everybody(fresh, ledgers) -> None:
    engine = fresh()
    projector = projector_on(engine, ledgers)
    ledgers.tell("placement-started", ANN, **placement("P1", "2026-01-01"))
    projector.apply(ledgers.batches())
    with plans_of(engine) as plans, engine.begin() as connection:
        assert [dossier.person for dossier, _, _ in changed_dossiers(connection, after=0)] == [ANN]
    assert any("person" in plan for plan in plans)
    # Who is asked about comes as JSON, which is gone through; no table is.
    assert not [plan for plan in plans if plan.startswith("SCAN") and not plan.startswith("SCAN json_each ")]


def test_a_source_is_observed_from_the_day_it_recorded_its_first_fact_about_a_person(monitor, ledgers) -> None:
    other = "urn:nld:kvknr:87654321:systeem:ecd"
    ledgers.tell("placement-started", ANN, **placement("P1", "2025-01-01"))
    ledgers.now += HOUR
    ledgers.tell("placement-started", BEN, _source=other, _time="2026-01-10T23:30:00Z", **placement("P2", "2026-01-01"))
    ledgers.now += HOUR
    ledgers.tell(
        "discharge-recorded", BEN, _source=other, _time="2025-12-01T12:00:00Z", **discharge("P2", "2026-02-01")
    )
    projector_on(monitor, ledgers).apply(ledgers.batches())
    history = history_of(monitor)
    seen = [dict(history.known_at(NOON + hours * HOUR).observed_from) for hours in range(-1, 3)]
    first = {SOURCE: date(2026, 3, 2)}
    assert seen == [{}, first, first | {other: date(2026, 1, 11)}, first | {other: date(2025, 12, 1)}]


def test_the_facts_of_a_person_are_those_accepted_by_then_in_that_order(monitor, ledgers) -> None:
    ledgers.pace = HOUR
    tangled(ledgers, seed=6)
    projector_on(monitor, ledgers).apply(ledgers.batches())
    history = history_of(monitor)
    ann = history.known_at().dossier_of(ANN)
    found: list[AcceptedEvent] = history.facts_of(ann, NOON + 100 * HOUR)
    moments = [event.acceptedat for event in found]
    assert moments == sorted(moments)
    assert moments[-1] <= NOON + 100 * HOUR < history.facts_of(ann)[-1].acceptedat


def test_nothing_is_final_from_a_fact_on_that_this_version_cannot_read(monitor, ledgers) -> None:
    ledgers.pace = HOUR
    ledgers.tell("placement-started", ANN, **placement("P1", "2026-01-01"))
    ledgers.tell_event(
        {"specversion": "1.0", "id": "new", "source": SOURCE, "type": "nl.doorstroom.new.v1", "subject": ANN},
        service="placement",
    )
    ledgers.tell("discharge-recorded", ANN, **discharge("P1", "2026-01-20"))
    ledgers.tell("heartbeat", None, service="intake")
    projector_on(monitor, ledgers).apply(ledgers.batches())
    history = history_of(monitor)
    assert [history.known_at(NOON + hours * HOUR).final for hours in range(3)] == [True, False, False]
