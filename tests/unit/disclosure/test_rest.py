"""What a number tells of its small parts, beside those of its parts that are shown."""

import pytest

from services.monitor.disclosure.rest import tells_the_rest


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ([10, 2], True),  # 10 to 12, less 10 to 12.
        ([10], True),
        ([10, 3], False),  # 13 is shown as 15.
        ([40], False),
        ([40, 2], False),
        ([10, 10, 2], True),  # 18 to 22, less 20 to 24.
        ([12, 12], False),
        ([10, 8], False),  # 18 to 22, less 10 to 12: six to nine, and ten if there were two of them.
        ([10, 9], False),
        ([13, 9], False),
        ([1, 2, 3], False),
        ([], False),
        ([10, 7, 8, 9], False),
    ],
)
def test_fewer_than_four_counts_of_the_rest_are_told(parts: list[int], told: bool) -> None:
    assert tells_the_rest(parts) is told
