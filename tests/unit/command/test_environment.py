"""What `doorstroom up` hands on to its services they read as it was meant."""

import pytest

from services.command.supervision.system import environment_of
from shared.settings import Settings


def test_the_services_get_the_settings_of_up(monkeypatch: pytest.MonkeyPatch) -> None:
    issuers = {"https://id.example.org": "https://id.example.org/keys"}
    given = Settings(token_issuers=issuers, token_audience="doorstroom", link_days=3, metrics_open=False)
    for name, value in environment_of(given).items():
        monkeypatch.setenv(name, value)

    assert Settings() == given
