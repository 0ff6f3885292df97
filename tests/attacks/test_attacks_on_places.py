"""Nobody outside computes from all answers on a year how few went somewhere, came from somewhere, or died."""

from collections.abc import Mapping
from itertools import product

from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from tests.attacks.attacker_of_ends import Asked, Ends, Life, told
from tests.attacks.test_attacks import FEW, NARROWEST, SOME

WENT = ("home", "open-residential", "jji", "abroad", "unknown", "died", "departed")
CAME = ("home", "three-milieu", "jji", "homeless", None)
LIVES = (
    *(Life((days,), "on", went) for days, went in product((500, 900), WENT)),
    *(
        Life((days,), "on", *one)
        for days, *one in product((10, 60, 120, 250), (*WENT, "open"), CAME, ("crisis", "planned"))
    ),
)
"""A life for each group of destinations, and of those that began in the year for each group of origins and each route:
whoever computes it knows of none that it did not happen."""
ASKED: Asked = (
    *((name, "closures") for name in ("exits", "duration-classes", "flow")),
    *((name, None) for name in ("destinations", "origins", "title", "replacement")),
)
DIED_OR_DEPARTED: Mapping[Life, int] = {
    Life((120,), "on", "died"): 7,
    Life((120,), "on", "departed"): 9,
    Life((120,), "on", "abroad", "jji"): 13,
    Life((120,), "on", "unknown", None, "crisis"): 28,
    Life((120,), "on", "open-residential", "homeless"): 23,
    Life((120,), "on", "jji", "jji"): 23,
    Life((10,), "on", "open", "home"): 18,
}
"""Of 103 who ended 16 died or departed; with a third kind that there never is nothing was withheld: 7 to 9 died."""
THERE_BEFORE: Mapping[Life, int] = {
    Life((60,), "on", "unknown", "homeless", "crisis"): 18,
    Life((60,), "on", "open-residential", None): 18,
    Life((250,), "on", "departed", "home", "crisis"): 6,
    Life((250,), "on", "abroad", "jji"): 13,
    Life((250,), "on", "jji", "three-milieu"): 18,
    Life((60,), "on", "home", "home", "crisis"): 28,
}
"""From each group of origins came so many that together they were at least 100, of 102 who were there at most."""
lived = st.dictionaries(st.sampled_from(LIVES), st.one_of(FEW, SOME), min_size=4, max_size=12)
"""How many there were of some lives."""


# Not made smaller: each try is a second or two.
@settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(lived)
@example(DIED_OR_DEPARTED)
@example(THERE_BEFORE)
def test_where_they_went_and_came_from_is_not_told(counts: Mapping[Life, int]) -> None:
    ends = Ends(("noord",), {("noord", life): count for life, count in counts.items()})
    assert not told(ends, narrowest=NARROWEST, lives=LIVES, asked=ASKED)


@settings(max_examples=3, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(lived, lived)
def test_nor_is_it_by_area(one: Mapping[Life, int], other: Mapping[Life, int]) -> None:
    counts = {("noord", life): count for life, count in one.items()}
    counts |= {("oost", life): count for life, count in other.items()}
    assert not told(Ends(("noord", "oost"), counts), narrowest=NARROWEST, lives=LIVES, asked=ASKED)
