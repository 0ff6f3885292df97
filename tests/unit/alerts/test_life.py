"""The life of an alert: opened once, on the first day it held; escalated, closed by the world or by late data."""

from dataclasses import dataclass, field, replace
from datetime import datetime, time
from itertools import count

from services.monitor.alerts.conditions.judging import spells
from services.monitor.alerts.life import Kept, Now, life
from services.monitor.alerts.rulebook import rulebook
from shared.calendar import AMSTERDAM
from shared.facts.envelope import AcceptedEvent
from tests.unit.alerts.judged import LINK_DAYS
from tests.unit.dossier.given import absent, d, discharged, folded, granted, moved, returned, start, withdrawn

BEGAN = "2024-01-10"
STAY = start("P1", BEGAN)
TITLE = granted("M1", BEGAN, "2030-01-01")


def at(day: str, hour: int = 9) -> datetime:
    return datetime.combine(d(day), time(hour), AMSTERDAM)


@dataclass
class Record:
    """What is on record, and what happened, as a book keeps it."""

    began_on: str = "2020-01-01"
    kept: dict[str, Kept] = field(default_factory=dict)
    happened: list[tuple[str, str, str]] = field(default_factory=list)
    ids: "count[int]" = field(default_factory=count)

    def look(self, moment: datetime | str, *facts: AcceptedEvent) -> "Record":
        when = at(moment) if isinstance(moment, str) else moment
        every = spells(folded(*facts), rules=rulebook(), link_days=LINK_DAYS)
        for change in life(self.kept.values(), every, now=Now(when, rulebook(), d(self.began_on))):
            identity = change.before.id if change.before else f"alert-{next(self.ids)}"
            self.kept[identity] = replace(change.after, id=identity)
            alert = change.after.alert
            self.happened += [(alert.rule, alert.threshold, one.kind) for one in change.happenings]
        return self

    def states(self, rule: str) -> dict[str, str]:
        """State by threshold of one rule."""
        return {one.alert.threshold: one.state for one in self.kept.values() if one.alert.rule == rule}

    def of(self, rule: str, threshold: str) -> Kept:
        (found,) = [one for one in self.kept.values() if (one.alert.rule, one.alert.threshold) == (rule, threshold)]
        return found


def test_an_alert_is_opened_once_however_often_one_looks() -> None:
    record = Record()
    for day in ("2024-04-10", "2024-04-10", "2024-04-11", "2024-05-01"):
        record.look(day, STAY, TITLE)
    assert record.happened == [("A01", "91-days", "opened")]


def test_it_is_opened_on_the_first_day_it_held_and_says_when_it_was_seen() -> None:
    kept = Record().look("2024-06-01", STAY, TITLE).of("A01", "91-days")
    assert (str(kept.alert.since), kept.seen_at) == ("2024-04-10", at("2024-06-01"))


def test_a_higher_threshold_takes_the_place_of_a_lower_one_by_the_clock_alone() -> None:
    record = Record().look("2024-04-10", STAY, TITLE).look("2024-07-10", STAY, TITLE).look("2024-07-11", STAY, TITLE)
    assert record.states("A01") == {"91-days": "escalated", "183-days": "open"}
    assert record.happened == [
        ("A01", "91-days", "opened"),
        ("A01", "91-days", "escalated"),
        ("A01", "183-days", "opened"),
    ]


def test_a_discharge_closes_every_threshold_with_its_day_and_reason() -> None:
    gone = discharged("P1", "2024-08-01")
    record = Record().look("2024-07-20", STAY, TITLE).look("2024-08-03", STAY, TITLE, gone)
    assert record.states("A01") == {"91-days": "closed", "183-days": "closed"}
    kept = record.of("A01", "183-days")
    assert (str(kept.closed_on), kept.closed_reason) == ("2024-08-01", "discharged")


def test_a_later_fact_that_undoes_it_closes_it_as_late_data_with_what_it_was() -> None:
    record = Record().look("2024-07-20", STAY, TITLE)
    gone = discharged("P1", "2024-07-01")
    every = spells(folded(STAY, TITLE, gone), rules=rulebook(), link_days=LINK_DAYS)
    changes = life(record.kept.values(), every, now=Now(at("2024-08-03"), rulebook(), d("2020-01-01")))
    undone = {change.after.alert.threshold: change for change in changes if change.after.alert.rule == "A01"}
    assert undone["183-days"].after.closed_reason == "late-data"
    (happening,) = undone["183-days"].happenings
    assert happening.detail["was"]["since"] == "2024-07-11"
    assert happening.detail["now"] is None
    (lower,) = undone["91-days"].happenings
    assert lower.detail["reason"] == "late-data"
    assert lower.detail["now"]["until"] == "2024-07-01"


def test_what_is_withdrawn_never_was() -> None:
    record = Record().look("2024-07-20", STAY, TITLE).look("2024-07-21", STAY, withdrawn(STAY), TITLE)
    assert set(record.states("A01").values()) == {"closed"}
    assert record.of("A01", "183-days").closed_reason == "late-data"


def test_a_correction_that_makes_it_hold_again_reopens_the_same_alert() -> None:
    gone = discharged("P1", "2024-07-15")
    record = Record().look("2024-07-20", STAY, TITLE).look("2024-07-21", STAY, TITLE, gone)
    before = set(record.kept)
    record.look("2024-07-22", STAY, TITLE, gone, withdrawn(gone))
    assert record.states("A01") == {"91-days": "escalated", "183-days": "open"}
    assert set(record.kept) == before
    assert ("A01", "183-days", "reopened") in record.happened


def test_a_start_that_was_later_moves_an_alert_or_takes_it_back_to_the_lower_threshold() -> None:
    corrected = start("P1", "2024-02-10", revision=2)
    record = Record().look("2024-07-20", STAY, TITLE).look("2024-07-21", STAY, corrected, TITLE)
    assert record.states("A01") == {"91-days": "open", "183-days": "closed"}
    assert str(record.of("A01", "91-days").alert.since) == "2024-05-11"
    assert [kind for _, key, kind in record.happened if key == "91-days"] == [
        "opened",
        "escalated",
        "moved",
        "leading",
    ]


def test_an_earlier_placement_that_is_found_later_keeps_the_alert_under_the_key_of_the_whole_closure() -> None:
    second = start("P2", "2024-03-01", at="B")
    record = Record().look("2024-06-05", second, TITLE)
    record.look("2024-06-06", STAY, moved("P1", "2024-03-01", to="B"), second, TITLE)
    found = [one for one in record.kept.values() if (one.alert.rule, one.alert.threshold) == ("A01", "91-days")]
    assert len(found) == 1
    assert (str(found[0].alert.since), found[0].state) == ("2024-04-10", "open")


def test_what_began_and_ended_unseen_is_on_record_for_a_month_and_then_only_history() -> None:
    facts = (STAY, TITLE, discharged("P1", "2024-05-01"))
    kept = Record().look("2024-05-31", *facts).of("A01", "91-days")
    assert (kept.state, kept.missed, str(kept.closed_on), kept.closed_reason) == (
        "closed",
        True,
        "2024-05-01",
        "discharged",
    )
    assert Record().look("2024-06-01", *facts).kept == {}


def test_what_ended_before_anybody_was_to_look_is_no_alert() -> None:
    facts = (STAY, TITLE, discharged("P1", "2024-05-01"))
    assert Record(began_on="2024-05-01").look("2024-05-02", *facts).kept == {}
    assert Record(began_on="2024-04-30").look("2024-05-02", *facts).kept != {}


def test_a_week_in_which_nobody_looked_loses_nothing() -> None:
    gone = discharged("P1", "2024-07-14")
    away = Record().look("2024-07-09", STAY, TITLE).look("2024-07-17", STAY, TITLE, gone)
    missed = away.of("A01", "183-days")
    assert (missed.missed, str(missed.alert.since), str(missed.closed_on)) == (True, "2024-07-11", "2024-07-14")
    assert away.of("A01", "91-days").closed_reason == "discharged"


def test_an_absence_is_opened_at_its_moment_and_not_at_midnight() -> None:
    facts = (STAY, TITLE, absent("P1", "2024-03-01T21:30:00+01:00"))
    record = Record().look(at("2024-03-02", 21), *facts)
    assert record.states("A16") == {}
    record.look(at("2024-03-02", 22), *facts)
    assert record.states("A16") == {"24-hours": "open"}
    back = returned("P1", "2024-03-03T03:10:00+01:00")
    record.look(at("2024-03-03", 8), *facts, back)
    assert record.of("A16", "24-hours").closed_reason == "returned"


def test_an_absence_whose_end_is_told_ahead_is_not_missed_before_it_is_long() -> None:
    away, back = absent("P1", "2024-05-01T10:00:00+02:00"), returned("P1", "2024-05-02T15:00:00+02:00")
    record = Record()
    for hour, state in ((9, {}), (10, {"24-hours": "open"}), (15, {"24-hours": "closed"})):
        assert record.look(at("2024-05-02", hour), STAY, TITLE, away, back).states("A16") == state
    assert [kind for rule, _, kind in record.happened if rule == "A16"] == ["opened", "closed"]
    assert record.of("A16", "24-hours").closed_reason == "returned"


def test_the_order_in_which_facts_come_changes_nothing_about_what_holds() -> None:
    facts = [STAY, moved("P1", "2024-03-01", to="B"), start("P2", "2024-03-03", at="B"), TITLE]
    ends = set()
    for order in ([0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1], [1, 2, 3, 0]):
        record = Record()
        for number in range(1, 5):
            record.look("2024-07-20", *(facts[position] for position in order[:number]))
        ends.add(
            frozenset(
                (one.key, one.state, one.alert.since, one.alert.level)
                for one in record.kept.values()
                if one.state != "closed"
            )
        )
    assert len(ends) == 1
