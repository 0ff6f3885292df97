"""Signing in elsewhere as the installation set it: what cannot be used stops the monitor, and nothing set is no way."""

from pathlib import Path

import pytest

from services.monitor.access.elsewhere import elsewhere
from services.monitor.access.grants import GrantsInvalid
from services.monitor.app import create_app
from shared.settings import Settings
from tests.integration.access.apps import running
from tests.integration.access.conftest import DrivenClock
from tests.servers.redis import LocalRedis

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "grants",
    [
        "no json",
        "{}",
        '[{"claim": "groups", "value": "x"}]',
        '[{"claim": "groups", "value": "x", "roles": ["king"]}]',
        '[{"claim": "groups", "value": "x", "roles": ["board"], "areas": ["mars"]}]',
        '[{"claim": "groups", "value": "x", "roles": ["board"], "everything": true}]',
        None,
    ],
)
async def test_grants_that_cannot_be_read_stop_the_monitor_before_it_starts(tmp_path: Path, grants: str | None) -> None:
    file = tmp_path / "grants.json"
    if grants is not None:
        file.write_text(grants)
    settings = Settings(data=tmp_path, oidc_issuer="https://login.example.nl", oidc_grants=file)
    with pytest.raises(GrantsInvalid, match=r"grants\.json"):
        create_app(settings, stop=lambda: None)


async def test_without_a_provider_there_is_no_way_there(redis: LocalRedis, tmp_path: Path, clock: DrivenClock) -> None:
    settings = Settings(data=tmp_path, redis_url=redis.url)
    async with running(settings, clock) as monitor, monitor.browser() as browser:
        assert elsewhere(settings, None, clock=clock) is None  # type: ignore[arg-type]
        assert (await browser.open("/aanmelden/organisatie")).status_code == 404
        assert "organisatie" not in (await browser.open("/aanmelden")).text
