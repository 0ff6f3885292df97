"""The page about the alerts is the one that their rule file makes."""

from services.command.alerts_page import alerts_page
from services.monitor.alerts.rulebook import rulebook
from tests.house.source import PROJECT


def test_the_page_of_alerts_is_made_from_the_rule_file() -> None:
    assert (PROJECT / "docs" / "alerts.md").read_text() == alerts_page(rulebook()), "make docs"


def test_every_rule_is_on_the_page_with_what_it_waits_for() -> None:
    page = alerts_page(rulebook())
    for rule in rulebook().rules:
        assert f"## {rule.rule} {rule.name.en}" in page
        assert all(f"`{step.key}`" in page for step in rule.thresholds)
        assert rule.waits_for is None or rule.waits_for in page
