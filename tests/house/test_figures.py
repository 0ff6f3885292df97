"""Every figure is explained, and the pages about them are those that the definitions make."""

import re

import pytest

from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.figure import Figure
from services.monitor.figures.pages import pages
from services.monitor.figures.splits import SPLITS
from tests.house.source import PROJECT

FOLDER = PROJECT / "docs" / "figures"
RULES = set(re.findall(r"^- (D\d+) ", (PROJECT / "docs" / "definitions.md").read_text(), re.MULTILINE))


def test_the_pages_are_made_from_the_figures() -> None:
    assert {file.name: file.read_text() for file in FOLDER.glob("*.md")} == dict(pages()), "make docs"


@pytest.mark.parametrize("figure", FIGURES.values(), ids=lambda figure: figure.name)
def test_a_figure_says_what_it_counts_how_and_by_which_rules(figure: Figure) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", figure.name)
    for text in (figure.title, figure.title_dutch, figure.counts, figure.formula, figure.example, figure.version):
        assert text.strip()
    assert set(figure.rules) <= RULES
    assert set(figure.splits) <= SPLITS.keys()
    assert re.search(r"\d", figure.example), "an example is computed by hand"


@pytest.mark.parametrize("figure", FIGURES.values(), ids=lambda figure: figure.name)
def test_a_default_is_allowed_and_a_parameter_has_a_meaning(figure: Figure) -> None:
    for one in figure.parameters:
        assert re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", one.name)
        assert one.meaning
        if one.choices:
            assert one.default in one.choices
        else:
            assert one.least <= int(one.default) <= one.most
            assert int(one.default) % one.outside_step == 0
