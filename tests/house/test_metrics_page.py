"""The page about the metrics is the one that their tables make."""

from services.command.metrics_page import metrics_page
from tests.house.source import PROJECT


def test_the_page_of_metrics_is_made_from_their_tables() -> None:
    assert (PROJECT / "docs" / "metrics.md").read_text() == metrics_page(), "make docs"
