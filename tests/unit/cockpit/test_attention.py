"""The work list: what an alert is about, as people call it."""

import pytest

from services.monitor.alerts.conditions.alert import Case
from services.monitor.cockpit.attention import about_whom
from services.monitor.cockpit.words import words


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (Case("young-person-0001", "P1 source"), "young-person-0001"),
        (Case("", "JZ24", (), "JZ24"), "Haaglanden"),
        (Case("", "via-almata", (), "JZ24", "via-almata"), "Via Almata"),
        (Case("", "via-almata 2026-Q3", (), "JZ24", "via-almata"), "Via Almata, 2026, kw. 3"),
        (Case("", "nl"), "Nederland"),
        (Case("", "urn:nld:kvknr:12345678:systeem:ecd"), "urn:nld:kvknr:12345678:systeem:ecd"),
    ],
    ids=("person", "region", "accommodation", "accommodation in a quarter", "country", "source"),
)
def test_an_alert_is_about_somebody_or_something_that_has_a_name(case: Case, expected: str) -> None:
    assert about_whom(case, words("nl")) == expected
