"""Every setting is explained, and the page about them is the one that the settings make."""

from services.command.settings_page import settings_page
from shared.settings import Settings
from tests.house.source import PROJECT


def test_every_setting_has_a_meaning() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_the_page_of_settings_is_made_from_the_settings() -> None:
    assert (PROJECT / "docs" / "settings.md").read_text() == settings_page(), "make docs"
