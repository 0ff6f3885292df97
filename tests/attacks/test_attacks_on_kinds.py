"""Nobody outside computes from all answers on a year, and on its first and last day, how few were there or came."""

from collections.abc import Mapping

import pytest

from tests.attacks.attacker_of_kinds import Life, told
from tests.attacks.test_attacks import NARROWEST

WITHOUT: Mapping[Life, int] = {
    Life(346, title="none"): 28,
    Life(346, title="spoed"): 12,
    Life(346, title="regulier"): 21,
    Life(346, title="consent"): 1,
}
"""Of 58 to 62 who began at least 28 did so on no machtiging and at least 33 with a measure: so one at most without. And
of 58 to 62 who were there at the end at least 61 had begun: so one at most was there before."""


@pytest.mark.parametrize("counts", [WITHOUT, {**WITHOUT, Life(-600): 40}], ids=("all came", "some were there"))
def test_how_many_were_there_and_came_and_left_is_not_told(counts: Mapping[Life, int]) -> None:
    assert [one for one in told(counts, narrowest=NARROWEST) if one[0][0] == "flow"] == []
