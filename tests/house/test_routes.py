"""No route of the monitor is open by oversight: each stands in the table that says who may ask it."""

from pathlib import Path

from services.monitor.app import create_app
from shared.settings import Settings
from tests.integration.access.routes import ROUTES, routes


def test_every_route_of_the_monitor_is_in_the_table_of_who_may_ask_it(tmp_path: Path) -> None:
    """Add it to tests/integration/access/routes.py; the test beside that file then asks it as everybody."""
    assert sorted(set(routes(create_app(Settings(data=tmp_path), stop=lambda: None)))) == sorted(ROUTES)
