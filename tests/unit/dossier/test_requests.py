"""Requests for a machtiging and what the court answered, and which court granted one."""

from itertools import permutations

import pytest

from shared.facts.envelope import AcceptedEvent
from tests.unit.dossier.given import d, folded, granted, refused, requested

ASKED = requested("V1", "2024-01-03")


def grant(on: str) -> AcceptedEvent:
    return granted("M1", on, "2024-07-10", request="V1")


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([], (None, False)),
        ([refused("V1", "2024-01-20")], ("2024-01-20", True)),
        ([grant("2024-01-20")], ("2024-01-20", False)),
        ([refused("V1", "2024-01-10"), grant("2024-01-20")], ("2024-01-10", True)),
        ([grant("2024-01-10"), refused("V1", "2024-01-20")], ("2024-01-10", False)),
        ([grant("2024-01-20"), refused("V1", "2024-01-20")], ("2024-01-20", False)),
        ([refused("V2", "2024-01-20")], (None, False)),
    ],
    ids=("none", "refused", "granted", "first refused", "first granted", "both on one day", "of another request"),
)
def test_the_first_answer_counts(answers: list[AcceptedEvent], expected: tuple[str | None, bool]) -> None:
    on, said_no = expected
    for order in permutations([ASKED, *answers]):
        (request,) = folded(*order).requests
        assert (request.answered_on, request.refused) == (d(on) if on else None, said_no)


def test_of_two_records_of_one_grant_only_the_one_recorded_last_answers() -> None:
    late = granted("M1", "2024-01-20", "2024-07-10", request="V1", record="again", time=1)
    (request,) = folded(ASKED, grant("2024-01-10"), late).requests
    assert request.answered_on == d("2024-01-20")
    (request,) = folded(
        ASKED, grant("2024-01-10"), granted("M1", "2024-01-20", "2024-07-10", record="b", time=1)
    ).requests
    assert request.answered_on is None


def test_an_order_says_which_court_granted_it_if_that_was_said() -> None:
    (order,) = folded(granted("M1", "2024-01-10", "2024-07-10", court="rechtbank-den-haag")).orders
    assert order.court == "rechtbank-den-haag"
    assert folded(grant("2024-01-10")).orders[0].court is None
