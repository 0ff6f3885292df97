"""The page about the event log is the one that its tables make."""

from services.command.event_log_page import event_log_page
from tests.house.source import PROJECT


def test_the_page_is_made_from_the_tables() -> None:
    assert (PROJECT / "docs" / "event-log.md").read_text() == event_log_page(), "make docs"
