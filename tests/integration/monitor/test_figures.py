"""Given facts in their streams, when they are projected, then the figures are these."""

import pytest
from sqlalchemy import Engine

from services.monitor.alerts.landscape import landscape
from services.monitor.alerts.rulebook import rulebook
from services.monitor.history.history import History
from tests.integration.monitor.conftest import RULES, figures, projector_on
from tests.integration.monitor.ledgers import NOON, Ledgers, discharge, machtiging, placement

ANN, BEN = "ann-0123456789abcdef", "ben-0123456789abcdef"


@pytest.fixture
def project(monitor: Engine, ledgers: Ledgers):
    projector = projector_on(monitor, ledgers)
    return lambda: projector.apply(ledgers.batches())


def test_an_open_placement_is_an_open_closure_of_its_area(monitor, ledgers, project) -> None:
    ledgers.tell("placement-started", ANN, **placement("P1", "2026-01-01"))
    ledgers.tell("machtiging-granted", ANN, **machtiging("M1", "2026-01-01", "2026-03-01"))
    project()
    [found] = figures(monitor, "2026-02-01").open_closures
    assert (found.area, found.days, found.title) == ("zuid-west", 31, "regulier")
    assert str(found.covered_until) == "2026-03-01"


def test_a_discharge_that_comes_before_its_placement_ends_it(monitor, ledgers, project) -> None:
    ledgers.tell("discharge-recorded", ANN, **discharge("P1", "2026-02-01"))
    project()
    ledgers.tell("placement-started", ANN, **placement("P1", "2026-01-01"))
    project()
    found = figures(monitor, "2026-03-01")
    assert (len(found.open_closures), found.discharges, dict(found.closure_days)) == (0, 1, {31: 1})


def test_an_end_announced_for_later_has_not_happened(monitor, ledgers, project) -> None:
    ledgers.tell("placement-started", ANN, **placement("P1", "2026-01-01"))
    ledgers.tell("discharge-recorded", ANN, **discharge("P1", "2026-02-01"))
    project()
    before, after = figures(monitor, "2026-01-31"), figures(monitor, "2026-02-01")
    assert (len(before.open_closures), before.discharges) == (1, 0)
    assert (len(after.open_closures), after.discharges) == (0, 1)


def test_a_correction_changes_the_figure_and_a_withdrawal_takes_it_back(monitor, ledgers, project) -> None:
    ledgers.tell("placement-started", ANN, _record="R1", **placement("P1", "2026-01-01"))
    project()
    ledgers.tell("placement-started", ANN, _record="R1", _revision=2, **placement("P1", "2025-01-01"))
    project()
    assert figures(monitor, "2026-02-01").open_for(365) == 1
    ledgers.tell("record-withdrawn", ANN, _revision=2, of="placement-started", record="R1", reason="did-not-happen")
    project()
    assert figures(monitor, "2026-02-01").open_closures == []


def test_a_record_that_moves_to_another_person_leaves_the_first(monitor, ledgers, project) -> None:
    ledgers.tell("placement-started", ANN, _record="R1", **placement("P1", "2026-01-01"))
    ledgers.tell("placement-started", ANN, _record="R2", **placement("P2", "2025-01-01"))
    ledgers.tell("discharge-recorded", ANN, **discharge("P2", "2025-02-01"))
    project()
    assert figures(monitor, "2026-02-01").replacements_within(365) == 1
    ledgers.tell("placement-started", BEN, _record="R1", _revision=2, **placement("P1", "2026-01-01"))
    project()
    found = figures(monitor, "2026-02-01")
    assert (len(found.open_closures), found.replacements_within(365)) == (1, 0)


def test_a_withdrawal_reaches_the_person_whom_the_record_has_moved_to(monitor, ledgers, project) -> None:
    ledgers.tell("placement-started", ANN, _record="R1", **placement("P1", "2026-01-01"))
    ledgers.tell("placement-started", BEN, _record="R1", _revision=2, **placement("P1", "2026-01-01"))
    project()
    ledgers.tell("record-withdrawn", ANN, _revision=3, of="placement-started", record="R1", reason="wrong-person")
    project()
    assert figures(monitor, "2026-02-01").open_closures == []


def test_a_doorplaatsing_goes_on_with_the_closure_and_knows_the_providers(monitor, ledgers, project) -> None:
    place = {"municipality": "Ergens", "region": "JZ24", "area": "zuid-west", "on": "2010-01-01"}
    for accommodation, provider in (("schakenbosch", "a"), ("via-almata", "b"), ("lievenshove", "b")):
        ledgers.tell(
            "accommodation-registered", None, accommodation=accommodation, provider=provider, name=provider, **place
        )
    for number, accommodation, start in (
        ("P1", "schakenbosch", "2026-01-01"),
        ("P2", "via-almata", "2026-01-11"),
        ("P3", "lievenshove", "2026-01-21"),
        ("P4", "nobody-knows", "2026-01-31"),
    ):
        ledgers.tell("placement-started", ANN, **placement(number, start, accommodation=accommodation))
    for number, on in (("P1", "2026-01-11"), ("P2", "2026-01-21"), ("P3", "2026-01-31")):
        ledgers.tell("doorplaatsing-recorded", ANN, placement=number, departed_on=on, reason="better-fit")
    project()
    found = figures(monitor, "2026-02-10")
    assert found.doorplaatsingen == {"between-providers": 1, "within-provider": 1, "unknown": 1}
    assert [one.days for one in found.open_closures] == [40]


def test_places_are_those_of_the_last_change_in_accommodations_that_are_open(monitor, ledgers, project) -> None:
    change = {"closure": "gesloten", "procurement": "regionaal"}
    ledgers.tell("capacity-changed", None, accommodation="a", from_on="2025-01-01", places=20, **change)
    ledgers.tell("capacity-changed", None, accommodation="a", from_on="2026-01-01", places=12, **change)
    ledgers.tell("capacity-changed", None, accommodation="a", group="g", from_on="2026-01-01", places=6, **change)
    ledgers.tell("capacity-changed", None, accommodation="b", from_on="2025-01-01", places=30, **change)
    ledgers.tell("accommodation-closed", None, accommodation="b", on="2026-02-01")
    project()
    assert figures(monitor, "2025-06-01").places == {"gesloten": 50}
    assert figures(monitor, "2026-02-01").places == {"gesloten": 18}


def test_an_accommodation_that_was_opened_again_had_no_places_until_then(monitor, ledgers, project) -> None:
    change = {"closure": "gesloten", "procurement": "regionaal", "from_on": "2025-01-01", "places": 30}
    place = {"name": "B", "municipality": "Ergens", "region": "JZ24", "area": "zuid-west", "provider": "b"}
    ledgers.tell("capacity-changed", None, accommodation="b", **change)
    for name, on in (("registered", "2020-01-01"), ("closed", "2026-02-01"), ("registered", "2026-03-01")):
        ledgers.tell(f"accommodation-{name}", None, accommodation="b", **place, on=on)
    project()
    found = {on: figures(monitor, on).places for on in ("2026-01-31", "2026-02-01", "2026-02-28", "2026-03-01")}
    assert found == {
        "2026-01-31": {"gesloten": 30},
        "2026-02-01": {},
        "2026-02-28": {},
        "2026-03-01": {"gesloten": 30},
    }
    with monitor.begin() as connection:
        read = landscape(connection, on=NOON.date(), rules=rulebook()).register.accommodations
    assert read == History(monitor, rules=RULES, clock=lambda: NOON).known_at().register.accommodations


def test_a_wait_is_one_with_a_title_only_while_the_title_can_be_executed(monitor, ledgers, project) -> None:
    referral = {"referred_on": "2026-01-01", "region": "JZ24", "referrer": "gi", "urgency": "regulier"}
    ledgers.tell("referral-registered", ANN, referral="V1", requested="gesloten", **referral)
    ledgers.tell("machtiging-granted", ANN, **machtiging("M1", "2026-01-11", "2026-07-11"))
    project()
    waits = {on: figures(monitor, on).waiting for on in ("2026-01-10", "2026-01-11", "2026-04-10", "2026-04-11")}
    assert {on: [wait.with_title for wait in found] for on, found in waits.items()} == {
        "2026-01-10": [False],
        "2026-01-11": [True],
        "2026-04-10": [True],
        "2026-04-11": [False],
    }
