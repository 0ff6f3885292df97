"""Figures of others beside the placements of the same years, and what of these those outside see."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from services.monitor.disclosure.disclose import Audience
from services.monitor.dossier.state import Dossier
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.landscape import SERIES
from services.monitor.figures.publication import published
from services.monitor.figures.question import Question, Window
from services.monitor.figures.shown import WITHHELD, Cell, Shown
from services.monitor.history.known import Known
from services.monitor.statistics.estimable import NOT_ESTIMABLE
from services.monitor.surroundings import ContextFigure, Funding, Scan, Surroundings
from shared.facts.landscape import ContextFigurePublished
from tests.unit.dossier.given import d, discharged, folded, start
from tests.unit.figures.asked import REGISTER, asked, known, measures

AROUND = Surroundings(
    (
        ContextFigure("jji", None, "2019", 1200, "final"),
        ContextFigure("jji", None, "2023", 1584, "final"),
        ContextFigure("jji", None, "2023-H1", 800, "final"),
        ContextFigure("population-12-17", "JZ24", "2023", 9000, "provisional"),
        ContextFigure("wvggz", None, "2023", 300, "final"),
        ContextFigure("wvggz", None, "2024", 310, "provisional"),
    ),
    (
        Funding("zuid", d("2023-03-01"), "awarded", "alternative", 2_000_000),
        Funding("zuid", d("2023-07-01"), "awarded", "alternative", 400_000),
        Funding("zuid", d("2023-09-01"), "spent", "alternative", 50_000),
        Funding("country", d("2024-07-01"), "awarded", "vacancy", 7),
    ),
    (
        Scan("A", d("2022-01-01"), 6_000_000, "unknown", None),
        Scan("A", d("2023-01-01"), 5_600_000, "housing", d("2027-01-01")),
        Scan("A", d("2024-07-01"), 5_000_000, "sale", None),
    ),
)
ON = "2024-06-30"


def placed(year: int, number: int) -> list[Dossier]:
    """So many young persons who came on successive days of a year, and left after two hundred."""
    found = []
    for one in range(number):
        person, began = f"young-person-{year}-{one:03d}", date(year, 1, 1) + timedelta(days=one)
        end = discharged("P1", str(began + timedelta(days=200)), person=person)
        found.append(folded(start("P1", str(began), person=person), end, person=person))
    return found


def around(*dossiers: Dossier) -> Known:
    """These young persons, and all that stands around them."""
    return known(*dossiers, register=replace(REGISTER, surroundings=AROUND))


def test_the_series_are_those_of_the_facts() -> None:
    assert list(SERIES) == ContextFigurePublished.model_json_schema()["properties"]["series"]["enum"]


def test_each_year_stands_beside_its_placements_and_an_index() -> None:
    years = measures(asked("landscape", around(*placed(2019, 5), *placed(2023, 3)), on=ON), "years")
    assert list(years) == [date(2019, 1, 1), date(2023, 1, 1)], "2024 is not over"
    first, last = years.values()
    assert (first["placements"], first["placementsIndex"], first["jji"], first["jjiIndex"]) == (5, 100, 1200, 100)
    assert (last["placements"], last["placementsIndex"], last["jji"], last["jjiIndex"]) == (3, 60, 1584, 132)
    assert (last["wvggz"], last["wvggzIndex"], last["lta"], last["population"]) == (300, None, None, None)


def test_without_placements_in_2019_there_is_no_index_of_them() -> None:
    years = measures(asked("landscape", around(*placed(2023, 3)), on=ON), "years")
    assert years[date(2023, 1, 1)]["placementsIndex"] == NOT_ESTIMABLE


def test_a_year_counts_when_it_is_over() -> None:
    for on, there in (("2024-12-30", False), ("2024-12-31", True)):
        assert (date(2024, 1, 1) in measures(asked("landscape", around(), on=on), "years")) is there


def test_by_region_and_period_it_is_as_it_was_published() -> None:
    found = asked("landscape", around(), on=ON)
    assert measures(found, "published")["2023-H1"]["jji"] == 800
    [south] = measures(found, "published", key=("JZ24",)).values()
    assert (south["population"], south["jji"]) == (9000, None)


def test_money_is_added_up_and_the_last_scan_counts() -> None:
    found = asked("landscape", around(), on=ON)
    assert measures(found, "funding", key=("zuid", "alternative")) == {
        2023: {"n": 0, "awarded": 2_400_000, "spent": 50_000}
    }
    assert measures(found, "funding", key=("country", "vacancy")) == {}
    [building] = measures(found, "real-estate").values()
    assert (building["bookValue"], building["reuse"], building["leaseUntil"]) == (5_600_000, "housing", d("2027-01-01"))


def outside(*dossiers: Dossier, figure: str = "landscape", year: int = 2023) -> Shown:
    question = Question(on=d(ON), window=Window(date(year, 1, 1), date(year + 1, 1, 1)), parameters={})
    chosen = {one.name: one.default for one in FIGURES[figure].parameters}
    return published(FIGURES[figure], around(*dossiers), replace(question, parameters=chosen), to=Audience.OUTSIDE)


STEADY = [one for year in range(2018, 2025) for one in placed(year, 180)]
"""As many in each of years, so that nothing of a year is withheld."""


def test_outside_figures_of_others_are_whole_and_placements_rounded() -> None:
    found = outside(*STEADY, *placed(2023, 182)[180:])
    years = found.table("years")
    assert years.cell("placements", at=date(2023, 1, 1)) == Cell("rounded", 180)
    assert years.cell("placementsIndex", at=date(2023, 1, 1)) == WITHHELD
    assert years.cell("jji", at=date(2023, 1, 1)) == Cell("given", 1584)
    assert years.cell("jjiIndex", at=date(2023, 1, 1)) == Cell("given", Fraction(132))
    assert found.table("published").cell("population", at="2023", region="JZ24") == Cell("given", 9000)
    assert found.table("funding").cell("awarded", at=2023, scope="zuid", purpose="alternative").status == "given"
    assert "real-estate" not in [table.name for table in found.tables]


def test_outside_few_placements_are_not_shown_beside_figures_of_others() -> None:
    years = outside(*placed(2019, 48), *placed(2023, 7)).table("years")
    assert years.cell("placements", at=date(2023, 1, 1)).status in ("too-small", "withheld")
    assert years.cell("jji", at=date(2023, 1, 1)) == Cell("given", 1584)


def test_outside_placements_of_a_year_are_withheld_where_inflow_withholds_them() -> None:
    """All came and left within months of which few are known beside the year."""
    people = [*placed(2019, 48), *placed(2023, 33)]
    for year in (2019, 2023):
        here = outside(*people).table("years").cell("placements", at=date(year, 1, 1))
        there = outside(*people, figure="inflow", year=year).table("inflow").cell("placements", at=date(year, 1, 1))
        assert here == there == WITHHELD
