"""Every figure is explained in Dutch as well, in the version that it has now."""

import re

import pytest

from services.monitor.cockpit.definitions import definition_of, dutch
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.figure import Figure

ENGLISH = re.compile(
    r"\b(the|and|which|that|those|their|with|from|until|window|closures?|placements?|date)\b", re.IGNORECASE
)
DUTCH = re.compile(r"\b(de|het|een|van|en|die|op)\b")
EACH = pytest.mark.parametrize("figure", FIGURES.values(), ids=lambda figure: figure.name)


def test_there_is_a_dutch_definition_for_each_figure_and_no_other() -> None:
    assert dutch().keys() == FIGURES.keys()
    assert all(told.keys() == {"version", "telt", "formule"} for told in dutch().values())


@EACH
def test_the_dutch_definition_is_of_the_version_of_the_figure(figure: Figure) -> None:
    assert dutch()[figure.name]["version"] == figure.version, "say in Dutch as well what the new version counts"


@EACH
def test_a_definition_is_in_one_language(figure: Figure) -> None:
    told = definition_of(figure, "nl")
    for text in (told.counts, told.formula):
        assert ENGLISH.findall(text) == []
        assert DUTCH.search(text)
        assert text.endswith(".")
    english = definition_of(figure, "en")
    assert (english.title, english.counts, english.formula) == (figure.title, figure.counts, figure.formula)
    assert (told.title, told.rules) == (figure.title_dutch, english.rules)
