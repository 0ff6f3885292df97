"""When an accommodation is closed, by what the register says of it: closed, opened again, and closed once more."""

from itertools import permutations

import pytest

from services.monitor.accommodations import Accommodation, fold_register
from shared.facts.accommodation import AccommodationClosed, AccommodationRegistered
from shared.facts.envelope import AcceptedEvent
from tests.unit.dossier.given import d, event

WHOSE = {"provider": "p", "name": "A", "municipality": "Ergens", "region": "JZ24", "area": "zuid-west"}


def opened(on: str) -> AcceptedEvent:
    """It was entered in the register."""
    return event(AccommodationRegistered(accommodation="A", on=d(on), **WHOSE), record=f"o{on}", person=None)


def closed(on: str) -> AcceptedEvent:
    """It was closed."""
    return event(AccommodationClosed(accommodation="A", on=d(on)), record=f"c{on}", person=None)


@pytest.mark.parametrize(
    ("facts", "since"),
    [
        ([], {}),
        ([closed("2024-03-01")], dict.fromkeys(("2024-03-01", "2024-05-31", "2024-06-01", "2024-09-01"), "2024-03-01")),
        ([closed("2024-03-01"), opened("2024-06-01")], {"2024-03-01": "2024-03-01", "2024-05-31": "2024-03-01"}),
        (
            [closed("2024-03-01"), opened("2024-06-01"), closed("2024-09-01")],
            {"2024-03-01": "2024-03-01", "2024-05-31": "2024-03-01", "2024-09-01": "2024-09-01"},
        ),
        (
            [closed("2024-03-01"), closed("2024-06-01")],
            dict.fromkeys(("2024-03-01", "2024-05-31", "2024-06-01", "2024-09-01"), "2024-03-01"),
        ),
        ([closed("2024-03-01"), opened("2024-03-01")], {}),
    ],
    ids=("open", "closed", "opened again", "closed again", "closed twice", "both on one day"),
)
def test_it_is_closed_from_a_closing_until_it_is_opened_again(
    facts: list[AcceptedEvent], since: dict[str, str]
) -> None:
    days = "2024-02-29", "2024-03-01", "2024-05-31", "2024-06-01", "2024-09-01"
    for order in permutations([opened("2020-01-01"), *facts]):
        (found,) = fold_register(order).accommodations
        told = {day: str(found.closed_since(d(day))) for day in days if found.closed_since(d(day))}
        assert told == since
        assert found.opened_on == d("2020-01-01")


def test_one_that_was_never_closed_has_no_days_on_which_it_is() -> None:
    assert Accommodation("A").closed == ()
