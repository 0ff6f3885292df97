"""The work list: what an alert is about, as people call it."""

import pytest

from services.monitor.alerts.conditions.alert import Case
from services.monitor.cockpit.attention import about_whom


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (Case("young-person-0001", "P1 source"), "young-person-0001"),
        (Case("", "JZ24", (), "JZ24"), "Haaglanden"),
        (Case("", "schakenbosch", (), "JZ24", "schakenbosch"), "schakenbosch"),
        (Case("", "nl"), "nl"),
    ],
    ids=("person", "region", "accommodation", "country"),
)
def test_an_alert_is_about_somebody_or_something_that_has_a_name(case: Case, expected: str) -> None:
    assert about_whom(case) == expected
