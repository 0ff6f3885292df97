"""The simulated country, as the figures count it, is the country whose figures were published."""

from datetime import date

import pytest

from services.monitor.disclosure.disclose import Audience
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.publication import published
from services.monitor.figures.question import Question, Window
from services.monitor.figures.rendering import as_json
from services.simulator.monitored import TOLERANCE, compared, report
from tests.bench.nation import UNTIL, nation


@pytest.fixture(scope="module")
def answers() -> dict[Audience, dict]:
    """The answer on all published years, inside and outside."""
    known, figure = nation(1), FIGURES["inflow"]
    question = Question(UNTIL, Window(date(2013, 1, 1), date(2024, 1, 1)), parameters={"per": "year"})
    return {to: as_json(figure, published(figure, known, question, to=to)) for to in Audience}


@pytest.mark.parametrize("audience", Audience)
def test_each_published_figure_is_reproduced_within_the_tolerance(answers, audience: Audience) -> None:
    found = list(compared(answers[audience]))
    assert len(found) == 33
    assert [one for one in found if one.deviation is None or abs(one.deviation) > TOLERANCE] == []


def test_the_report_says_so(answers) -> None:
    text = report(answers[Audience.INSIDE])
    assert text.endswith("33 of 33 within 6%")
    assert "2017" in text
    assert "1,924" in text
