"""The page about the simulated country is the one that its parameters make."""

from services.simulator.page import simulation_page
from services.simulator.parameters import Parameters, table
from tests.house.source import PROJECT


def test_the_page_is_made_from_the_parameters() -> None:
    assert (PROJECT / "docs" / "simulation.md").read_text() == simulation_page(), "make docs"


def test_every_parameter_is_on_it() -> None:
    page = simulation_page()
    assert [row.name for row in table(Parameters()) if f"`{row.name}`" not in page] == []
