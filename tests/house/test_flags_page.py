"""The page of flags is the one that the table makes, and what it says of the door is what the door says."""

from services.command.flags_page import REFUSALS, flags_page
from services.monitor.dossier.flags import FLAGS
from shared import problems
from tests.house.source import PROJECT


def test_the_page_of_flags_is_made_from_the_table() -> None:
    assert (PROJECT / "docs" / "flags.md").read_text() == flags_page(), "make docs"


def test_every_code_of_the_design_is_on_it() -> None:
    assert list(FLAGS)[:22] == [f"F{number}" for number in range(1, 23)]
    assert [refusal.code for refusal in REFUSALS] == [f"H{number}" for number in range(1, 10)]


def test_every_problem_on_it_is_one_that_the_door_knows() -> None:
    known = {kind.slug for kind in vars(problems).values() if isinstance(kind, problems.Kind)}
    assert {refusal.problem for refusal in REFUSALS} <= known
