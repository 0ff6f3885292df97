"""Nobody outside computes from curves how few left when and by what."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.unit.figures.attacker_of_curves import DIED, DISCHARGED, EVERYBODY, MOVED, Cohort, told
from tests.unit.figures.test_attacks import FEW, NARROWEST, SOME

THIRTY = Cohort({(DISCHARGED, 0): 2, (DISCHARGED, 2): 12, ("", 7): 16})
"""Of 30 two left within 30 days: 93 percent were still there, which no other number of 28 to 32 gives."""
ONE_DIED = Cohort({(DIED, 1): 1, (DISCHARGED, 1): 49, (MOVED, 1): 20, ("", 7): 30})
"""One in a hundred: a share of 1 percent."""
FEW_BETWEEN = Cohort({(DISCHARGED, 0): 20, (DISCHARGED, 1): 3, (MOVED, 2): 20, ("", 7): 40})
"""Three between two days that are shown."""


@st.composite
def cohorts(draw: st.DrawFn) -> Cohort:
    """How many left by what and when: often few, or nobody."""
    size = st.one_of(st.just(0), FEW, SOME)
    return Cohort({left: draw(size) for left in sorted(EVERYBODY)})


@settings(max_examples=25, deadline=None)
@given(cohorts())
@example(THIRTY)
@example(ONE_DIED)
@example(FEW_BETWEEN)
def test_curves_do_not_tell_how_few_left(cohort: Cohort) -> None:
    assert not told(cohort, narrowest=NARROWEST)
