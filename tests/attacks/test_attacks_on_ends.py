"""Nobody outside computes from all answers on a year how few of those who ended did so in some way, or so soon."""

from collections.abc import Mapping

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from services.monitor.disclosure.disclose import Audience
from services.monitor.disclosure.table import TOTAL
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.figure import ALL_SPLITS
from services.monitor.figures.publication import published
from services.monitor.figures.question import Question
from tests.attacks.attacker_of_ends import LIVES, ON, YEAR, Ends, Life, told
from tests.attacks.test_attacks import FEW, NARROWEST, SOME

MOVED_WITHIN: Mapping[Life, int] = {
    Life((10, 10), "within", "home"): 3,
    Life((120, 120), "within", "home"): 3,
    Life((900, 10), "within", "home"): 3,
    Life((120, 500), "within", "home"): 23,
    Life((250, 120), "on", "home"): 32,
    Life((60, 900), "on", "home"): 1,
    Life((120, 0), "on", "open"): 2,
    Life((10,), "on", "open"): 4,
    Life((20, 700, 200), "on", "home"): 37,
    Life((700, 20, 20), "on", "home"): 37,
    Life((200, 200, 700, 200), "on", "home"): 18,
    Life((700, 200, 200, 20), "on", "home"): 2,
}
"""How placements ended, beside how closures did, told that 9 had moved within their accommodation."""
SOON: Mapping[Life, int] = {
    Life((120, 0), "proved", "open"): 23,
    Life((250, 60), "proved", "home"): 28,
    Life((20, 700, 700, 700), "on", "home"): 4,
    Life((120, 250), "within", "home"): 32,
    Life((700, 20, 20), "on", "home"): 27,
    Life((60,), "on", "open"): 14,
    Life((900,), "on", "open"): 1,
    Life((700, 200, 200, 700), "on", "home"): 18,
    Life((200, 700, 20, 20), "on", "home"): 27,
    Life((20, 700, 700, 20), "on", "home"): 17,
    Life((900, 120), "within", "home"): 4,
}
"""How long placements and closures had lasted, by both kinds of classes, told that at most one closure was short."""
NONE_WITHIN: Mapping[Life, int] = {
    Life((60, 900), "proved", "died"): 2,
    Life((250, 0), "on", "open"): 1,
    Life((250, 250), "proved", "departed"): 12,
    Life((10,), "on", "died"): 2,
    Life((10, 10), "proved", "home"): 23,
    Life((60, 250), "on", "departed"): 2,
    Life((120, 500), "within", "died"): 17,
}
"""How many placements and closures ended and doorplaatsingen there were, told that at most one moved within a place."""
BY_KIND: Mapping[Life, int] = {
    Life((10, 500, 10), "proved", "home"): 23,
    Life((10, 10), "proved", "home"): 33,
    Life((60, 10), "proved", "died"): 7,
    Life((60, 900), "on", "departed"): 11,
    Life((250,), "on", "died"): 34,
    Life((250, 900), "within", "departed"): 26,
    Life((10, 500), "proved", "departed"): 38,
    Life((120, 120, 120), "proved", "home"): 22,
}
"""How long closures had lasted and how soon doorplaatsingen came, told that at most two moved within a place."""
BY_START: Mapping[Life, int] = {
    Life((120, 120, 500), "on", "died"): 13,
    Life((10, 10, 10), "proved", "died"): 10,
    Life((900, 250), "proved", "home"): 17,
    Life((10, 120, 10), "on", "home"): 13,
    Life((120, 10, 250), "proved", "home"): 18,
    Life((10,), "on", "departed"): 12,
    Life((120, 900), "proved", "died"): 2,
    Life((10, 120, 250), "on", "departed"): 27,
    Life((60, 10), "on", "died"): 11,
    Life((250, 250), "on", "home"): 1,
    Life((60, 60), "on", "died"): 9,
    Life((10, 250, 500), "proved", "departed"): 26,
    Life((500, 250), "on", "home"): 5,
    Life((10, 250, 10), "proved", "home"): 8,
}
"""How many placements and closures began, beside doorplaatsingen, told that at most one moved within a place."""

years = st.dictionaries(st.sampled_from(LIVES), st.one_of(FEW, SOME), min_size=6, max_size=14)
"""How many there were of some lives."""


# Not made smaller: each try is a second or two.
@settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(years)
@example(MOVED_WITHIN)
@example(SOON)
@example(NONE_WITHIN)
@example(BY_KIND)
@example(BY_START)
def test_how_and_how_soon_they_ended_is_not_told(lived: Mapping[Life, int]) -> None:
    ends = Ends(("noord",), {("noord", life): count for life, count in lived.items()})
    assert not told(ends, narrowest=NARROWEST)


def test_nor_is_it_by_area() -> None:
    counts = {("noord", life): count for life, count in MOVED_WITHIN.items()}
    counts |= {("oost", life): count for life, count in SOON.items()}
    assert not told(Ends(("noord", "oost"), counts), narrowest=NARROWEST)


def test_nor_is_it_where_nobody_moved_within_in_one_of_them() -> None:
    counts = {("noord", life): count for life, count in NONE_WITHIN.items()}
    counts |= {("oost", life): count for life, count in MOVED_WITHIN.items()}
    assert not told(Ends(("noord", "oost"), counts), narrowest=NARROWEST)


@pytest.mark.parametrize("split", [(), *((name,) for name in ALL_SPLITS), ("area", "sex"), ("age", "provider")])
def test_how_many_doorplaatsingen_there_were_is_told_in_no_split(split: tuple[str, ...]) -> None:
    """Of all together, by whatever they are split, or one answer would tell what another does not."""
    known = Ends(("noord",), {("noord", life): count for life, count in NONE_WITHIN.items()}).known()
    question = Question(on=ON, window=YEAR, split=split)
    shown = published(FIGURES["doorplaatsing"], known, question, to=Audience.OUTSIDE)
    assert shown.n.status == "withheld"
    for name in ("share", "rate", "kind", "soon"):
        [row] = [row for row in shown.table(name).rows if set(row.key.values()) <= {TOTAL}]
        assert {cell.status for cell in row.cells} == {"withheld"}, name
