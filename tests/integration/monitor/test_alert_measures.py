"""Many restrictive measures of an accommodation over a quarter, A21, on record: told late, corrected, taken back."""

from collections.abc import Sequence

import pytest
from sqlalchemy import Engine

from services.monitor.alerts.listing import Entry, Wanted, listed
from shared.calendar import calendar_date
from tests.integration.monitor.alerting import ALL, Alerting, at
from tests.integration.monitor.ledgers import discharge, placement

QUARTER = "2027-Q1"
TOLD = "2027-04-20"
SETTLED = "2027-05-01"
OVER = "2027-07-31"


def _told(made: Alerting, accommodation: str, count: int, *, revision: int = 1) -> None:
    measures = {"category": "holding", "count": count, "minutes": 10, "emergency": False}
    whole = {"accommodation": accommodation, "quarter": QUARTER}
    record = {"_record": f"{accommodation}-{QUARTER}", "_revision": revision}
    made.tell("restriction-reported", None, **whole, **measures, **record)


@pytest.fixture
def made(monitor: Engine) -> Alerting:
    """90 care days at via of one who left on the last day, and 810 at schakenbosch, where 36 measures were taken."""
    made = Alerting(monitor)
    made.clock.now = at("2027-01-10")
    for number in range(10):
        where = "via" if number == 0 else "schakenbosch"
        made.tell(
            "placement-started",
            f"person-{number:02d}-0123456789",
            **placement(f"P{number}", "2027-01-01", accommodation=where),
        )
    made.on("2027-01-10")
    made.clock.now = at(TOLD)
    made.tell("discharge-recorded", "person-00-0123456789", **discharge("P0", "2027-04-01"))
    _told(made, "schakenbosch", 36)
    return made


def alerts(made: Alerting) -> Sequence[Entry]:
    """Those on record of this rule and threshold."""
    with made.engine.begin() as connection:
        today = calendar_date(made.clock.now)
        found = listed(connection, Wanted(ALL, rules=("A21",)), rules=made.rules, today=today)
    return [one for one in found if one.kept.alert.threshold == "above-limits"]


def test_fourteen_where_five_are_expected_are_told_when_the_quarter_is_settled_until_its_time_has_passed(
    made: Alerting,
) -> None:
    _told(made, "via", 14)
    made.on("2027-04-30")
    assert alerts(made) == []
    made.on(SETTLED)
    (open_one,) = alerts(made)
    assert (open_one.state, open_one.kept.alert.case.about) == ("open", "via 2027-Q1")
    assert str(open_one.kept.alert.since) == SETTLED
    assert open_one.next_step.en.startswith("Find out")
    made.on(OVER)
    (gone,) = alerts(made)
    assert (gone.state, gone.kept.closed_reason, str(gone.kept.closed_on)) == ("closed", "time-passed", OVER)


def test_what_is_told_late_opens_it_late_and_a_correction_closes_and_another_reopens_it(made: Alerting) -> None:
    made.on(SETTLED)
    assert alerts(made) == []
    made.clock.now = at("2027-06-10")
    _told(made, "via", 14)
    made.on("2027-06-10")
    (late,) = alerts(made)
    assert (late.state, str(late.kept.alert.since)) == ("open", SETTLED)
    _told(made, "via", 4, revision=2)
    made.on("2027-06-11")
    (wrong,) = alerts(made)
    assert (wrong.state, wrong.kept.closed_reason) == ("closed", "late-data")
    _told(made, "via", 24, revision=3)
    made.on("2027-06-12")
    (again,) = alerts(made)
    assert (again.state, again.kept.id) == ("open", late.kept.id)
    assert made.happened(again) == ["opened", "closed", "reopened"]


def test_measures_of_a_young_person_who_left_count_where_they_were_taken(made: Alerting) -> None:
    _told(made, "via", 6)
    measures = {"quarter": QUARTER, "category": "holding", "count": 8, "minutes": 80, "emergency": False}
    made.tell("restriction-reported", "person-00-0123456789", placement="P0", **measures)
    made.on(SETTLED)
    (found,) = alerts(made)
    assert [one.what for one in found.kept.alert.because] == ["14-measures-in-90-care-days"]
    made.tell("record-withdrawn", None, of="restriction-reported", record=f"via-{QUARTER}", reason="entered-in-error")
    made.on("2027-05-02")
    (undone,) = alerts(made)
    assert (undone.state, undone.kept.closed_reason) == ("closed", "late-data")


def test_a_monitor_that_did_not_look_for_months_says_that_the_time_has_passed(made: Alerting) -> None:
    _told(made, "via", 14)
    made.on(SETTLED)
    made.on("2028-01-20")
    (gone,) = alerts(made)
    assert (gone.state, gone.kept.closed_reason) == ("closed", "time-passed")
