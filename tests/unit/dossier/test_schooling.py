"""How somebody was taught through time, from what was said."""

import pytest

from services.monitor.dossier.course import Schooling
from services.monitor.dossier.schooling import Taught, taught, taught_on
from tests.unit.dossier.given import SOURCE, d

SAID = [
    Schooling(d(on), status, None, None, SOURCE)
    for on, status in (("2025-01-01", "none"), ("2025-02-01", "none"), ("2025-03-01", "work"), ("2025-04-01", "none"))
]


def test_what_says_the_same_in_a_row_is_one() -> None:
    assert taught(SAID) == (
        Taught("none", d("2025-01-01"), d("2025-03-01"), "work"),
        Taught("work", d("2025-03-01"), d("2025-04-01"), "none"),
        Taught("none", d("2025-04-01"), None, None),
    )
    assert taught([]) == ()


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2024-12-31", None),
        ("2025-01-01", ("none", "2025-01-01")),
        ("2025-02-10", ("none", "2025-01-01")),
        ("2025-03-01", ("work", "2025-03-01")),
        ("2025-04-01", ("none", "2025-04-01")),
    ],
)
def test_of_what_is_said_again_the_first_day_counts(day: str, expected: tuple[str, str] | None) -> None:
    found = taught_on(SAID, d(day))
    assert (found and (found.status, str(found.from_on))) == expected
