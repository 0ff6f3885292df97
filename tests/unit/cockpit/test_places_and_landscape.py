"""Places through the years, and placements beside figures of others: what is drawn, said, and left out."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from services.monitor.accommodations import Capacity, Register
from services.monitor.answers.asking import asked as read
from services.monitor.answers.asking import question
from services.monitor.cockpit.overview import PANELS
from services.monitor.cockpit.panels.landscape import LINES
from services.monitor.cockpit.panels.panel import Drawn, Seen
from services.monitor.cockpit.view import View
from services.monitor.disclosure.disclose import Audience
from services.monitor.dossier.state import Dossier
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.landscape import SERIES
from services.monitor.figures.publication import published
from services.monitor.figures.question import Conventions
from services.monitor.surroundings import ContextFigure, Surroundings
from tests.unit.cockpit.pictures import SVG
from tests.unit.cockpit.pictures import read as read_picture
from tests.unit.figures.asked import REGISTER, known
from tests.unit.figures.test_landscape import placed

ON = date(2025, 1, 31)
PLACES = (
    Capacity("A", "", date(2023, 1, 1), 30, 10, "gesloten", "regionaal"),
    Capacity("A", "", date(2024, 1, 1), 20, 10, "gesloten", "regionaal"),
    Capacity("C", "", date(2024, 1, 1), 5, 6, "hybride", "lta"),
)
OTHERS = (
    ContextFigure("jji", None, "2019", 1900, "final"),
    ContextFigure("jji", None, "2023", 1584, "final"),
    ContextFigure("wvggz", None, "2023", 300, "final"),
)
FALLING = [*placed(2019, 180), *placed(2023, 90)]


def drawn(
    name: str,
    people: Sequence[Dossier] = (),
    *,
    capacities: tuple[Capacity, ...] = (),
    others: tuple[ContextFigure, ...] = (),
    to: Audience = Audience.INSIDE,
    view: View | None = None,
    asked: View | None = None,
) -> Drawn:
    """The panel of those who ask, on these people, places and figures of others; asked as another view, if one is."""
    register = Register(REGISTER.accommodations, capacities, surroundings=Surroundings(others))
    seen, at, found = known(*people, register=register), view or View("nl", ON), {}
    for key, one in PANELS[name].asks(asked or at).items():
        figure = FIGURES[one.figure]
        wanted = question(figure, read(figure, one.query), seen, Conventions())
        found[key] = published(figure, seen, wanted, to=to)
    return PANELS[name].draw(Seen(at, found))


def told(picture: str, name: str) -> list[str]:
    """What each dot of a line says."""
    wide = read_picture(picture[: picture.index("</svg>") + len("</svg>")])
    return [one[0].text or "" for one in wide.iter(f"{SVG}circle") if one.attrib["class"] == name]


def test_places_are_drawn_by_how_closed_they_are_at_the_beginning_of_each_year_and_on_the_date() -> None:
    found = drawn("places", capacities=PLACES)
    (picture,) = found.pictures
    assert told(picture, "dot-1") == ["1 jan 2023: 30", "1 jan 2024: 20", "1 jan 2025: 20", "31 jan 2025: 20"]
    assert told(picture, "dot-2") == ["1 jan 2023: 0", "1 jan 2024: 5", "1 jan 2025: 5", "31 jan 2025: 5"]
    assert found.sentence == (
        "Er zijn 25 plekken: 20 gesloten, 5 hybride. Van de plekken waarvan de groepsgrootte bekend is, is 20% in een "
        "groep van hoogstens 6. Van alle plekken is 20% landelijk ingekocht (LTA)."
    )
    closed, groups = found.twins
    assert closed.rows[-1] == ("31 jan 2025", "25", "20", "0", "5", "0", "20%")
    assert groups.rows[-1] == ("31 jan 2025", "5", "20", "0", "20%", "20", "5", "20%")


def test_everybody_sees_the_same_places() -> None:
    inside, outside = (drawn("places", capacities=PLACES, to=audience) for audience in Audience)
    assert inside == outside


def test_places_of_a_part_are_those_that_stand_there() -> None:
    found = drawn("places", capacities=PLACES, view=View("en", ON, area="zuid"))
    assert found.sentence.startswith("There are 5 places: 5 hybride (hybrid).")
    assert drawn("places", capacities=PLACES, view=View("nl", ON, area="zuid", region="JZ41")).twins[0].rows
    none = drawn("places", capacities=PLACES, view=View("nl", ON, area="noord"))
    assert (none.sentence, none.pictures, none.twins) == ("Op deze dag zijn hier geen plekken bekend.", (), ())


def test_places_before_anybody_observed_are_not_drawn() -> None:
    found = drawn("places", capacities=PLACES, view=View("nl", ON, observed_from=date(2024, 2, 1)))
    assert [row[0] for row in found.twins[0].rows] == ["1 jan 2025", "31 jan 2025"]


def test_nor_are_they_where_the_window_is_longer_as_those_outside_have_it() -> None:
    seen, wide = View("nl", ON, observed_from=date(2024, 2, 1)), View("nl", ON)
    found = drawn("places", capacities=PLACES, to=Audience.OUTSIDE, view=seen, asked=wide)
    assert [row[0] for row in found.twins[0].rows] == ["1 jan 2025", "31 jan 2025"]


def test_where_nobody_told_of_a_place_the_picture_says_so() -> None:
    assert drawn("places").sentence == "Op deze dag zijn hier geen plekken bekend."
    assert drawn("places", capacities=(replace(PLACES[0], group_size=None),)).sentence == (
        "Er zijn 30 plekken: 30 gesloten. Hoe groot de groepen zijn, is niet bekend."
    )


def test_each_line_that_others_publish_has_one_beside_placements() -> None:
    assert set(LINES[1:]) == {column for column, _ in SERIES.values()} - {"population"}


def test_placements_and_figures_of_others_stand_beside_each_other_as_an_index() -> None:
    found = drawn("landscape", FALLING, others=OTHERS)
    (picture,) = found.pictures
    assert (told(picture, "dot-1"), told(picture, "dot-2")) == (["2019: 100", "2023: 50"], ["2019: 100", "2023: 83,4"])
    assert found.sentence == (
        "Stand in 2023, met 2019 als 100: begonnen plaatsingen 50; instroom in jeugdgevangenissen (JJI) 83,4."
    )
    indices, counts = found.twins
    assert indices.rows == (("2019", "100", "100", "", "", ""), ("2023", "50", "83,4", "", "", ""))
    assert counts.rows == (("2019", "180", "1.900", "", "", ""), ("2023", "90", "1.584", "300", "", ""))
    note, missing = found.notes
    assert "zegt niets over de oorzaak" in note
    assert missing.endswith("Verplichte ggz (Wvggz); Landelijk ingekochte hulp (LTA); Driemilieuhulp.")


def test_outside_placements_have_no_line_and_the_picture_says_so() -> None:
    steady = [one for year in range(2018, 2025) for one in placed(year, 180)]
    found = drawn("landscape", steady, others=OTHERS, to=Audience.OUTSIDE)
    (picture,) = found.pictures
    assert told(picture, "dot-1") == ["2019: 100", "2023: 83,4"]
    assert "plaatsingen" not in found.sentence
    assert "alleen voor wie exacte cijfers mag zien" in found.notes[1]
    indices, counts = found.twins
    assert [row[1] for row in indices.rows] == ["niet getoond", "niet getoond"]
    assert counts.rows[-1][1] == "180"


def test_placements_of_years_that_nobody_observed_are_left_out_and_the_picture_says_so() -> None:
    view = View("en", ON, observed_from=date(2020, 1, 1))
    found = drawn("landscape", FALLING, others=OTHERS, view=view)
    (picture,) = found.pictures
    assert told(picture, "dot-1") == ["2019: 100", "2023: 83.4"]
    assert [row[1] for row in found.twins[1].rows] == ["", "90"]
    assert "not all placements are known" in found.notes[1]
    seen = drawn("landscape", FALLING, others=OTHERS, view=replace(view, observed_from=date(2019, 1, 1)))
    assert told(seen.pictures[0], "dot-1") == ["2019: 100", "2023: 50"]


def test_without_figures_of_others_or_of_2019_there_is_no_line_and_the_picture_says_why() -> None:
    none = drawn("landscape", FALLING)
    assert none.sentence == "Er is nog geen cijfer van anderen gepubliceerd om naast deze cijfers te leggen."
    assert (none.pictures, none.twins, len(none.notes)) == ((), (), 1)
    baseless = drawn("landscape", placed(2023, 90), others=OTHERS[1:])
    assert baseless.sentence.startswith("Er is nog geen lijn te trekken: van 2019")
    assert baseless.twins[1].rows == (("2023", "90", "1.584", "300", "", ""),)
    picture = read_picture(baseless.pictures[0].split("</svg>")[0] + "</svg>")
    assert picture.find(f".//{SVG}rect[@class='hidden']") is not None
    assert baseless.notes[-1].endswith("JJI); Verplichte ggz (Wvggz); Landelijk ingekochte hulp (LTA); Driemilieuhulp.")


def test_the_year_of_each_line_is_its_own() -> None:
    """A line that ends earlier is told too, with the year in which it did."""
    found = drawn("landscape", FALLING, others=(OTHERS[0], replace(OTHERS[1], period="2022"), OTHERS[2]))
    assert found.sentence == (
        "Stand in 2023, met 2019 als 100: begonnen plaatsingen 50; instroom in jeugdgevangenissen (JJI) 83,4 in 2022."
    )
    assert told(found.pictures[0], "dot-2")[-1] == "2022: 83,4"
