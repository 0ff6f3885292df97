"""A monitor with a country in it, served on loopback, and the Chromium of this machine to read it with."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
import redis as redis_client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy import func, select

from services.monitor.access.people import People
from services.monitor.access.person import Person
from services.monitor.access.reader import ALL
from services.monitor.alerts.tables import alert
from services.monitor.app import create_app, serving
from shared.databases import open_engine, sqlite_url
from shared.settings import Settings
from tests.page.country import NOW, Country
from tests.servers.redis_running import running_redis
from tests.servers.serving import serving as listening
from tests.servers.waiting import free_port, wait_until

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PASSWORD = "correct horse battery"
HEADERS = {"Accept": "text/html"}
ROLES = {"operations": "olga", "analyst": "anna", "board": "bas"}


@dataclass
class Cockpit:
    """A monitor that runs, and the country that is told to it."""

    address: str
    country: Country
    redis: Any

    def tell(self, event: dict[str, Any]) -> None:
        """A fact comes in over the stream, as the relay would add it."""
        stream, (entry_id, body) = self.country.placed(event, accepted_at=NOW)
        self.redis.xadd(stream.name, {"event": body}, id=entry_id)


@pytest.fixture(scope="package")
def cockpit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cockpit]:
    """The monitor, ready. It ends with this folder: its threads may use `random`, which a property test forbids."""
    data = tmp_path_factory.mktemp("cockpit")
    country = Country()
    country.load(sqlite_url(data / "monitor.sqlite"))
    with running_redis() as server:
        settings = Settings(data=data, redis_url=server.url, monitor_port=free_port())
        _admit(settings)
        config = serving(create_app(settings, lambda: NOW, stop=lambda: None), settings)
        with redis_client.Redis.from_url(server.url) as client, listening(config):
            _alerted(settings)
            yield Cockpit(settings.service_url("monitor"), country, client)


def _alerted(settings: Settings) -> None:
    """Wait for the alerts of the first pass: pages about cases are led to from them."""
    engine = open_engine(settings.database_url("monitor"))

    def told() -> bool:
        with engine.connect() as connection:
            return bool(connection.execute(select(func.count()).select_from(alert)).scalar_one())

    wait_until(told, what="there are alerts", seconds_max=60)
    engine.dispose()


def _admit(settings: Settings) -> None:
    people = People(open_engine(settings.database_url("access")), lambda: NOW)
    people.create()
    people.accounts.add(Person(ROLES["operations"], ("operations",), areas=ALL), password=PASSWORD)
    people.accounts.add(Person(ROLES["analyst"], ("analyst",), areas=ALL), password=PASSWORD)
    people.accounts.add(Person(ROLES["board"], ("board",), areas=frozenset({"zuid"})), password=PASSWORD)
    people.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser of this machine. It ends with each file: while it runs nobody else may start an event loop."""
    if not CHROMIUM.exists():
        pytest.skip(f"no browser: {CHROMIUM} is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Visitor:
    """Somebody with a browser; what goes wrong in it, and what leaves this machine, is noted."""

    page: Page
    address: str
    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def open(self, path: str) -> int:
        """Go to a page; its status."""
        answer = self.page.goto(self.address + path)
        assert answer is not None
        return answer.status

    def sign_in(self, role: str, *, to: str = "/") -> None:
        """Sign in on the page for it."""
        self.open(f"/aanmelden?to={to}")
        self.page.fill("#name", ROLES[role])
        self.page.fill("#password", PASSWORD)
        self.page.click("main button[type=submit]")
        self.page.wait_for_load_state()


@contextmanager
def visiting(browser: Browser, cockpit: Cockpit, **options: Any) -> Iterator[Visitor]:
    """A new visitor, with what Playwright knows of a context: viewport, color_scheme, java_script_enabled."""
    context: BrowserContext = browser.new_context(**options)
    visitor = Visitor(context.new_page(), cockpit.address)
    visitor.page.on("console", lambda said: visitor.errors.append(said.text) if said.type == "error" else None)
    visitor.page.on("pageerror", lambda error: visitor.errors.append(str(error)))
    visitor.page.on(
        "request",
        lambda sent: None if sent.url.startswith((cockpit.address, "data:")) else visitor.outside.append(sent.url),
    )
    try:
        yield visitor
    finally:
        context.close()


@pytest.fixture(scope="package")
def everybody(cockpit: Cockpit) -> Iterator[httpx2.Client]:
    """Nobody in particular."""
    with httpx2.Client(base_url=cockpit.address, timeout=120) as client:
        yield client


@pytest.fixture(scope="package")
def operations(cockpit: Cockpit) -> Iterator[httpx2.Client]:
    """Somebody of operations, signed in."""
    with httpx2.Client(base_url=cockpit.address, timeout=120) as client:
        page = client.get("/aanmelden", headers=HEADERS).text
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
        answer = client.post("/aanmelden", data=hidden | {"name": ROLES["operations"], "password": PASSWORD})
        assert answer.status_code == 303
        yield client
