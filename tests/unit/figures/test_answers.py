"""An answer explains itself, and those outside get less of it."""

import csv
import io
from datetime import timedelta

import pytest

from services.monitor.disclosure.disclose import Audience
from services.monitor.dossier.state import Dossier
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.publication import disclosed, published
from services.monitor.figures.question import Question, Window
from services.monitor.figures.rendering import as_csv, as_json
from services.monitor.figures.shown import Cell, Shown
from tests.unit.dossier.given import d, discharged, folded, start
from tests.unit.figures.asked import THREE, YEAR_2024, asked, known


def inside(name: str, **more: object) -> Shown:
    people = known(*THREE)
    return disclosed(asked(name, people, on="2025-01-31", **more), people, to=Audience.INSIDE)


def outside(name: str, people: list[Dossier], **more: object) -> Shown:
    everyone = known(*people)
    return disclosed(asked(name, everyone, on="2025-01-31", **more), everyone, to=Audience.OUTSIDE)


def people(number: int, *, first: int = 0, region: str = "JZ24", days: int | None = None) -> list[Dossier]:
    """So many young persons who came in on successive days of 2024, and left after so many days."""
    found = []
    for n in range(first, first + number):
        person, began = f"young-person-{n:04d}", d("2024-02-01") + timedelta(days=n)
        facts = [start(f"P{n}", str(began), region=region, person=person)]
        if days is not None:
            facts.append(discharged(f"P{n}", str(began + timedelta(days=days)), person=person))
        found.append(folded(*facts, person=person))
    return found


def test_the_explanation_stands_beside_the_number() -> None:
    body = as_json(FIGURES["exits"], inside("exits", window=YEAR_2024, of="placements"))
    assert body["window"] == {"from": "2024-01-01", "until": "2025-01-01"}
    assert (body["view"], body["on"], body["linkDays"], body["final"]) == ("exit", "2025-01-31", 7, True)
    assert body["definition"]["rules"]
    (days,) = [table for table in body["tables"] if table["name"] == "days"]
    assert days["rows"][0]["values"]["mean"] == {"status": "exact", "value": 290 / 3, "fraction": "290/3"}


@pytest.mark.parametrize("name", FIGURES)
def test_no_two_columns_of_a_csv_have_one_name(name: str) -> None:
    figure = FIGURES[name]
    period = {"window": YEAR_2024} if figure.period == "window" else {}
    for split in ((), *((one,) for one in figure.splits)):
        [header, *_] = csv.reader(io.StringIO(as_csv(figure, inside(name, split=split, **period))))
        assert len(header) == len(set(header)), (split, header)


def test_a_csv_has_a_line_for_each_cell_and_says_the_same() -> None:
    text = as_csv(FIGURES["exits"], inside("exits", window=YEAR_2024, of="placements", split="area"))
    lines = list(csv.DictReader(io.StringIO(text)))
    (mean,) = [one for one in lines if one["measure"] == "mean" and one["area"] == "total"]
    assert (mean["figure"], mean["on"], mean["fraction"]) == ("exits", "2025-01-31", "290/3")


def test_those_outside_see_rounded_counts_and_whole_days() -> None:
    found = outside("stock", people(23))
    assert found.n == Cell("rounded", 25)
    table = found.table("elapsed-days")
    assert table.cell("median").status == "rounded"
    assert table.cell("median").value == 354
    assert table.cell("longest").status == "withheld"


def test_on_fewer_than_ten_they_see_nothing() -> None:
    found = outside("stock", people(9))
    assert found.n.status == "too-small"
    statuses = {cell.status for table in found.tables for row in table.rows for cell in row.cells}
    assert statuses == {"too-small"} or statuses == {"too-small", "withheld"}


def test_a_part_of_the_country_is_picked_from_the_whole() -> None:
    """Asked for the large area alone, the answer is withheld: with the total it would tell the small one."""
    everyone = known(*people(30), *people(3, first=30, region="JZ41"))
    question = Question(
        on=d("2025-01-31"), window=Window(d("2024-01-01"), d("2025-01-01")), where={"area": "zuid-west"}
    )
    found = published(FIGURES["stock"], everyone, question, to=Audience.OUTSIDE)
    assert found.table("open").cell("count").status == "withheld"
    assert found.table("elapsed-days").cell("median").status == "withheld"
    small = Question(on=question.on, window=question.window, where={"area": "zuid"})
    assert published(FIGURES["stock"], everyone, small, to=Audience.OUTSIDE).n.status == "too-small"
    assert published(FIGURES["stock"], everyone, small, to=Audience.INSIDE).n == Cell("exact", 3)


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_answers_on_nobody(name: str) -> None:
    for audience in Audience:
        shown = disclosed(asked(name, [], on="2025-01-31"), known(), to=audience)
        assert as_json(FIGURES[name], shown)["figure"] == name
        assert as_csv(FIGURES[name], shown)


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_splits_by_all_that_it_says(name: str) -> None:
    for split in FIGURES[name].splits:
        found = asked(name, THREE, on="2025-01-31", split=split)
        shown = disclosed(found, known(*THREE), to=Audience.INSIDE)
        # What is there on the date began in any year.
        dated = {table.name for table in found.tables if getattr(table, "of_date", False) and split == "year"}
        assert all((split in table.dimensions) is (table.name not in dated) for table in shown.tables if not table.at)
