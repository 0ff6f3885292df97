"""The life of alerts on SQLite and PostgreSQL: opened once, caught up after a week, by two monitors, over a rebuild."""

from itertools import count
from threading import Barrier, Thread

import pytest
from sqlalchemy import Connection, Engine, event, update

from services.monitor.alerts.acknowledging import Changed, NotOpen, Said, acknowledge
from services.monitor.alerts.book import PEOPLE_MAX
from services.monitor.alerts.counting import open_alerts
from services.monitor.alerts.listing import latest
from services.monitor.alerts.rulebook import read_rules
from services.monitor.alerts.tables import alert, alert_catch_up, alert_happening, alert_person
from services.monitor.rebuild import rebuild
from shared.calendar import microseconds
from shared.databases import open_engine
from shared.facts.regions import AREA_OF
from tests.integration.monitor.alerting import Alerting, at, later
from tests.integration.monitor.conftest import RULES
from tests.integration.monitor.ledgers import discharge, machtiging, placement
from tests.unit.alerts.test_rules import FILE
from tests.unit.dossier.given import d

PERSON = "person-01-0123456789"
BEGAN = "2025-01-10"


@pytest.fixture
def alerting(monitor: Engine) -> Alerting:
    """Somebody came in, with a title for a year, and everything was looked at on that day."""
    made = Alerting(monitor)
    made.tell("placement-started", PERSON, **placement("P1", BEGAN))
    made.tell("machtiging-granted", PERSON, **machtiging("M1", BEGAN, "2026-01-10"))
    made.on(BEGAN)
    return made


def test_alerts_move_with_the_clock_although_no_fact_comes_in(alerting: Alerting) -> None:
    assert alerting.entries() == []
    assert alerting.on(later(BEGAN, 90)).opened == 0
    assert alerting.on(later(BEGAN, 91)).opened == 1
    assert alerting.states("A01") == {"91-days": "open"}
    alerting.on(later(BEGAN, 183))
    assert alerting.states("A01") == {"91-days": "escalated", "183-days": "open"}
    (lower,) = alerting.entries("escalated")
    assert alerting.happened(lower) == ["opened", "escalated"]


def test_the_book_says_when_it_has_to_be_looked_at_again(alerting: Alerting) -> None:
    alerting.on(BEGAN, hour=22)
    assert alerting.book.due_at() == at(later(BEGAN, 1), hour=0)
    alerting.clock.now = at(later(BEGAN, 91), hour=0)
    assert alerting.book.look_at_persons().persons == 1
    assert alerting.states("A01") == {"91-days": "open"}


def test_an_absence_is_due_at_its_moment(alerting: Alerting) -> None:
    alerting.tell("absence-started", PERSON, placement="P1", at="2025-01-10T08:30:00+01:00")
    alerting.on(BEGAN, hour=9)
    alerting.on("2025-01-11", hour=8)
    assert alerting.states("A16") == {}
    assert alerting.book.due_at() == at("2025-01-11", hour=8).replace(minute=30)
    alerting.on("2025-01-11", hour=9)
    assert alerting.states("A16") == {"24-hours": "open"}


def test_what_is_told_of_a_stay_is_judged_by(alerting: Alerting) -> None:
    alerting.tell("education-changed", PERSON, changed_on="2025-01-13", status="none")
    alerting.on("2025-01-24")
    assert alerting.states("A13") == {}
    alerting.on("2025-01-25")
    assert alerting.states("A13") == {"10-school-days": "open"}


def test_nothing_is_opened_twice_and_nothing_happens_without_a_reason(alerting: Alerting) -> None:
    alerting.on(later(BEGAN, 100))
    before = alerting.rows(alert), alerting.rows(alert_happening)
    alerting.on(later(BEGAN, 100), hour=10)
    alerting.on(later(BEGAN, 101))
    assert (alerting.rows(alert), alerting.rows(alert_happening)) == before


def test_a_discharge_closes_what_is_open_and_late_data_says_what_it_was(alerting: Alerting) -> None:
    alerting.on(later(BEGAN, 100))
    alerting.tell("discharge-recorded", PERSON, **discharge("P1", later(BEGAN, 91)))
    assert alerting.on(later(BEGAN, 102)).closed == 1
    (entry,) = alerting.entries("closed")
    assert (entry.kept.closed_reason, entry.closed_at) == ("late-data", at(later(BEGAN, 102)))
    assert alerting.happened(entry) == ["opened", "closed"]


def test_a_week_down_is_caught_up_and_said(alerting: Alerting) -> None:
    alerting.on(later(BEGAN, 89))
    alerting.tell("discharge-recorded", PERSON, **discharge("P1", later(BEGAN, 93)))
    done = alerting.on(later(BEGAN, 96))
    assert (done.opened, done.missed) == (0, 1)
    (entry,) = alerting.entries()
    kept = entry.kept
    assert (kept.missed, str(kept.alert.since), str(kept.closed_on)) == (True, later(BEGAN, 91), later(BEGAN, 93))
    *_, line = sorted(alerting.rows(alert_catch_up))
    assert (line.at_us - line.from_us, line.opened, line.missed) == (7 * 86_400_000_000, 0, 1)


def test_a_day_that_goes_by_is_nothing_to_catch_up(alerting: Alerting) -> None:
    alerting.on(later(BEGAN, 1))
    assert alerting.rows(alert_catch_up) == []


def test_one_look_sees_each_once_however_many_changed_at_once(monitor: Engine) -> None:
    """More in one change than one transaction takes, then some of them again, in changes before and after others."""
    made = Alerting(monitor)
    made.clock.now = at("2026-03-02")
    many = [f"person-{number:03d}-012345678" for number in range(2 * PEOPLE_MAX + 10)]
    for person in many:
        made.ledgers.tell("placement-started", person, **placement(f"P-{person}", "2025-01-01"))
    made.projector.apply(made.ledgers.batches())
    cut = made.book.look(enough=iter((False, True)).__next__)
    assert (cut.persons, cut.whole) == (PEOPLE_MAX, False)
    assert made.book.look_at_persons().persons == len(many) - PEOPLE_MAX
    assert made.book.look().persons == 0
    for person in (many[-1], *many[: PEOPLE_MAX + 1]):
        made.ledgers.tell("discharge-recorded", person, **discharge(f"P-{person}", "2026-02-01"))
        made.projector.apply(made.ledgers.batches())
    assert made.book.look_at_persons().persons == PEOPLE_MAX + 2
    assert made.book.look_at_persons().persons == made.another_book().look().persons == 0


def test_who_was_left_to_us_by_a_slower_monitor_is_not_passed_over(monitor: Engine) -> None:
    """It wrote what it saw of an older dossier while we judged the newer one, and others changed after that."""
    made = Alerting(monitor)
    made.clock.now = at("2026-03-02")
    other = "person-02-0123456789"
    for person in (PERSON, other):
        made.tell("placement-started", person, **placement(f"P-{person}", "2025-01-01"))
    assert made.book.look().persons == 2
    for person in (PERSON, other):
        made.tell("discharge-recorded", person, **discharge(f"P-{person}", "2026-02-01"))
    assert {one.kept.alert.case.person for one in made.entries("open", rule="A01")} == {PERSON, other}
    writing = count(1)

    def slower(connection: Connection) -> None:
        options = connection.get_execution_options()
        reads = options.get("sqlite_reading") or options.get("isolation_level")
        if not reads and next(writing) == 2:  # The first notes that somebody looks, the second what was judged.
            theirs = update(alert_person).where(alert_person.c.person == PERSON)
            with monitor.begin() as writer:
                writer.execute(theirs.values(changed=alert_person.c.changed + 1))

    event.listen(monitor, "engine_connect", slower)
    made.book.look_at_persons()
    assert made.entries("open", rule="A01") == []


def test_a_history_of_years_opens_what_holds_and_no_more(monitor: Engine) -> None:
    made = Alerting(monitor)
    made.clock.now = at("2026-03-02")
    for number in range(30):
        person = f"person-{number:02d}-0123456789"
        made.tell("placement-started", person, **placement(f"P{number}", f"{2010 + number % 10}-01-10"))
        made.tell("discharge-recorded", person, **discharge(f"P{number}", f"{2012 + number % 10}-01-10"))
    made.tell("placement-started", PERSON, **placement("P99", "2025-12-01"))
    made.tell("machtiging-granted", PERSON, **machtiging("M1", "2025-12-01", "2026-12-01"))
    made.on("2026-03-02")
    assert [(entry.kept.alert.rule, entry.state) for entry in made.entries()] == [("A01", "open")]


def test_two_monitors_look_at_once_and_open_everything_once(monitor: Engine) -> None:
    made = Alerting(monitor)
    for number in range(40):
        person = f"person-{number:02d}-0123456789"
        made.tell("placement-started", person, **placement(f"P{number}", "2024-01-10"))
    others = [open_engine(monitor.url.render_as_string(hide_password=False)) for _ in range(2)]
    start, books = Barrier(2), [Alerting(engine).another_book() for engine in others]

    def look(book: object) -> None:
        start.wait(timeout=20)
        book.look()  # type: ignore[attr-defined]

    threads = [Thread(target=look, args=(book,)) for book in books]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive()
    for engine in others:
        engine.dispose()
    opened = [row for row in made.rows(alert_happening) if row.kind == "opened"]
    persons = [entry for entry in made.entries() if entry.kept.alert.rule == "A01"]
    assert len(persons) == 40 * 4
    assert len(opened) == len(made.rows(alert))


def test_a_rebuild_leaves_the_life_of_the_alerts_as_it_was(alerting: Alerting) -> None:
    alerting.on(later(BEGAN, 100))
    (entry,) = alerting.entries("open")
    said = Said("jansen", "Discussed on Monday.", d(later(BEGAN, 110)))
    acknowledge(alerting.engine, entry.kept.id, said, seen=entry.kept.version, at=alerting.clock.now)
    before = alerting.rows(alert), alerting.rows(alert_happening)
    rebuild(alerting.engine, rules=RULES, progress=lambda done, total: None)
    alerting.on(later(BEGAN, 100), hour=11)
    assert (alerting.rows(alert), alerting.rows(alert_happening)) == before


def test_an_acknowledgement_holds_until_its_day_or_the_next_threshold(alerting: Alerting) -> None:
    alerting.on(later(BEGAN, 100))
    (entry,) = alerting.entries("open")
    said = Said("jansen", "Discussed on Monday.", d(later(BEGAN, 110)))
    acknowledge(alerting.engine, entry.kept.id, said, seen=entry.kept.version, at=alerting.clock.now)
    alerting.on(later(BEGAN, 109))
    assert alerting.states("A01") == {"91-days": "acknowledged"}
    alerting.on(later(BEGAN, 110))
    assert alerting.states("A01") == {"91-days": "open"}
    alerting.on(later(BEGAN, 183))
    assert alerting.states("A01") == {"91-days": "escalated", "183-days": "open"}


def test_only_the_version_that_was_seen_is_acknowledged_and_only_while_it_is_open(alerting: Alerting) -> None:
    alerting.on(later(BEGAN, 100))
    (entry,) = alerting.entries("open")
    said = Said("jansen", "Discussed on Monday.", d(later(BEGAN, 110)))
    assert acknowledge(alerting.engine, entry.kept.id, said, seen=1, at=alerting.clock.now) == 2
    with pytest.raises(Changed):
        acknowledge(alerting.engine, entry.kept.id, said, seen=1, at=alerting.clock.now)
    alerting.on(later(BEGAN, 183))
    with pytest.raises(NotOpen):
        acknowledge(alerting.engine, entry.kept.id, said, seen=3, at=alerting.clock.now)
    with pytest.raises(Changed):
        acknowledge(alerting.engine, "unknown", said, seen=1, at=alerting.clock.now)


def test_what_is_reopened_is_nobodys_until_somebody_says_so_again(alerting: Alerting) -> None:
    alerting.on(later(BEGAN, 100))
    (entry,) = alerting.entries("open")
    said = Said("jansen", "Discussed on Monday.", d(later(BEGAN, 150)))
    acknowledge(alerting.engine, entry.kept.id, said, seen=1, at=alerting.clock.now)
    gone = {"_record": "D1", **discharge("P1", later(BEGAN, 101))}
    alerting.tell("discharge-recorded", PERSON, **gone)
    alerting.on(later(BEGAN, 102))
    assert alerting.states("A01") == {"91-days": "closed"}
    alerting.tell("record-withdrawn", PERSON, of="discharge-recorded", record="D1", reason="entered-in-error")
    alerting.on(later(BEGAN, 103))
    assert alerting.states("A01") == {"91-days": "open"}
    (again,) = alerting.entries("open")
    assert again.acknowledgement is None
    assert alerting.happened(again) == ["opened", "acknowledged", "closed", "reopened"]


def test_whoever_is_no_longer_known_has_no_open_alert(alerting: Alerting) -> None:
    alerting.on(later(BEGAN, 100))
    wrong = "person-02-0123456789"
    alerting.tell("placement-started", wrong, _record="R9", **placement("P9", BEGAN))
    alerting.on(later(BEGAN, 101))
    alerting.tell("placement-started", PERSON, _record="R9", _revision=2, **placement("P9", BEGAN))
    alerting.on(later(BEGAN, 102))
    assert {entry.kept.alert.case.person for entry in alerting.entries("open")} == {PERSON}


def test_new_rules_are_applied_to_everyone_at_the_next_look(alerting: Alerting) -> None:
    alerting.on(later(BEGAN, 85))
    assert alerting.entries() == []
    alerting.rules = read_rules(FILE.replace("days = 91 }", "days = 84 }"))
    alerting.book = alerting.another_book()
    alerting.on(later(BEGAN, 85), hour=10)
    assert alerting.states("A01") == {"91-days": "open"}


def test_units_are_told_once_and_closed_by_what_happens(monitor: Engine) -> None:
    made = Alerting(monitor)
    made.tell("heartbeat", None)
    made.silently_on("2025-01-16")
    made.silently_on("2025-01-17")
    made.silently_on("2025-01-18")
    with monitor.begin() as connection:
        counts = open_alerts(connection, rules=made.rules)
    assert counts["A23", "amber"] == 1
    assert counts["A01", "red"] == 0
    made.on("2025-01-18", hour=12)
    (row,) = made.rows(alert)
    assert (row.rule, row.threshold, row.state, row.closed_reason) == ("A23", "7-days", "closed", "heard-again")


def test_regions_without_a_plan_are_told_each_to_its_own_desk(monitor: Engine) -> None:
    made = Alerting(monitor)
    made.on("2025-01-10")
    assert made.rows(alert) == []
    made.tell("plan-adopted", None, plan="noord-2025", scope="noord", adopted_on="2025-01-10", _record="noord-2025")
    made.on("2025-01-11")
    told = {(row.rule, row.threshold, row.about, row.region, row.area, row.person) for row in made.rows(alert)}
    expected = {code for code, area in AREA_OF.items() if area != "noord"}
    assert told == {("A25", "no-plan", code, code, AREA_OF[code], "") for code in expected}
    made.tell("plan-adopted", None, plan="all-2025", scope="country", adopted_on="2025-01-12", _record="all-2025")
    made.on("2025-01-12")
    assert {(row.state, row.closed_reason) for row in made.rows(alert)} == {("closed", "plan-adopted")}


def test_that_something_happened_is_told_by_its_moment_and_by_how_much_did_then(alerting: Alerting) -> None:
    def happened() -> tuple[int | None, int]:
        with alerting.engine.begin() as connection:
            return latest(connection)

    alerting.on(later(BEGAN, 91))
    (at_us, before) = happened()
    assert at_us == microseconds(alerting.clock.now)
    alerting.tell("placement-started", "person-02-0123456789", **placement("P2", BEGAN, accommodation="via"))
    opened = alerting.book.look().opened
    assert opened > 0
    assert happened() == (at_us, before + opened)
