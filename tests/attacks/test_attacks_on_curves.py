"""Nobody outside computes from curves how few left when and by what."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.attacks.attacker_of_curves import DIED, DISCHARGED, EVERYBODY, MOVED, Cohort, told
from tests.attacks.test_attacks import FEW, NARROWEST, SOME

THIRTY = Cohort({(DISCHARGED, 0): 2, (DISCHARGED, 2): 12, ("", 7): 16})
"""Of 30 two left within 30 days: 93 percent were still there, which no other number of 28 to 32 gives."""
ONE_DIED = Cohort({(DIED, 1): 1, (DISCHARGED, 1): 49, (MOVED, 1): 20, ("", 7): 30})
"""One in a hundred: a share of 1 percent."""
FEW_BETWEEN = Cohort({(DISCHARGED, 0): 20, (DISCHARGED, 1): 3, (MOVED, 2): 20, ("", 7): 40})
"""Three between two days that are shown."""

NONE_LEFT_IN_THE_FIRST = Cohort(
    {
        **dict(zip([(MOVED, place) for place in (0, 1, 3)], (7, 11, 13), strict=True)),
        **dict(zip([(DISCHARGED, place) for place in (0, 1, 3, 4, 5, 6)], (20, 6, 4, 17, 2, 15), strict=True)),
        **dict(zip([(DIED, place) for place in (0, 2, 4)], (18, 3, 20), strict=True)),
    }
)
"""All who are there after two years were moved: the curve of closures, less who was moved within one, was them."""
FEW_MOVED_BETWEEN = Cohort(
    {
        **dict(zip([(MOVED, place) for place in (0, 1, 3)], (22, 6, 12), strict=True)),
        **dict(zip([(DISCHARGED, place) for place in range(1, 7)], (11, 11, 2, 31, 11, 10), strict=True)),
        **dict(zip([(DIED, place) for place in (0, 2, 3, 5, 6)], (9, 27, 7, 22, 5), strict=True)),
        ("", 7): 9,
    }
)
"""The curves of closures and of placements beside each other told that nobody was moved between two days."""

ON_OTHER_DAYS = Cohort(
    {
        **dict(zip([(MOVED, place) for place in (0, 1, 2, 3, 4, 5, 6)], (13, 10, 8, 27, 17, 30, 6), strict=True)),
        **dict(zip([(DISCHARGED, place) for place in (2, 4, 5, 6)], (22, 7, 27, 14), strict=True)),
        **dict(zip([(DIED, place) for place in (1, 2, 4, 5, 6)], (38, 23, 12, 7, 10), strict=True)),
        ("", 7): 8,
    }
)
"""The curve of closures after 183 days and that of placements after 274 told that nobody left in between."""


@st.composite
def cohorts(draw: st.DrawFn) -> Cohort:
    """How many left by what and when: often few, or nobody."""
    size = st.one_of(st.just(0), FEW, SOME)
    return Cohort({left: draw(size) for left in sorted(EVERYBODY)})


@settings(max_examples=6, deadline=None)
@given(cohorts())
@example(THIRTY)
@example(ONE_DIED)
@example(FEW_BETWEEN)
@example(NONE_LEFT_IN_THE_FIRST)
@example(FEW_MOVED_BETWEEN)
@example(ON_OTHER_DAYS)
def test_curves_do_not_tell_how_few_left(cohort: Cohort) -> None:
    assert not told(cohort, narrowest=NARROWEST)
