"""No route is open by oversight: each of every service stands in the table that says who may ask it."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pytest
from fastapi import FastAPI

from services.intake.app import create_app as intake
from services.monitor.app import create_app as monitor
from services.placement.app import create_app as placement
from shared.settings import Settings
from tests.integration.access.routes import ROUTES, WITH_PROVIDER, routes

APPS: Mapping[str, Callable[[Settings], FastAPI]] = {
    "intake": intake,
    "placement": placement,
    "monitor": partial(monitor, stop=lambda: None),
}


@pytest.mark.parametrize("service", APPS)
def test_every_route_is_in_the_table_of_who_may_ask_it(tmp_path: Path, service: str) -> None:
    """Add it to tests/integration/access/routes.py; the test beside that file then asks it as everybody."""
    assert sorted(set(routes(APPS[service](Settings(data=tmp_path))))) == sorted(ROUTES[service])


def test_so_are_those_of_signing_in_at_an_identity_provider(tmp_path: Path) -> None:
    app = APPS["monitor"](Settings(data=tmp_path, oidc_issuer="https://id.example.org"))

    assert sorted(set(routes(app))) == sorted({**ROUTES["monitor"], **WITH_PROVIDER})
