"""A small country: the three services in threads of this process, the monitor on a clock that the test drives."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any

import httpx2
import uvicorn
from fastapi import FastAPI

from services.intake.app import create_app as intake_app
from services.monitor.app import create_app as monitor_app
from services.placement.app import create_app as placement_app
from shared.calendar import calendar_date, midnight
from shared.clock import system_clock
from shared.databases import open_engine
from shared.publishers.everywhere import add_to_all
from shared.publishers.registry import ALL, Publisher, Registry
from shared.settings import Settings
from tests.servers.redis import LocalRedis
from tests.servers.waiting import wait_until

SOURCE = "urn:nld:kvknr:12345678:systeem:ecd"
START_S_MAX = 60.0


class DrivenClock:
    """The time of this machine, moved to the next noon, and what the test added to it.

    From noon on no test is still there when the day ends by itself.
    """

    def __init__(self) -> None:
        now = system_clock()
        noon = midnight(calendar_date(now)) + timedelta(hours=12)
        self._ahead = (noon if noon > now else noon + timedelta(days=1)) - now
        self.began_on: date = calendar_date(self())
        """The date on which it began."""

    def __call__(self) -> datetime:
        return system_clock() + self._ahead

    def advance(self, by: timedelta) -> None:
        """Let time pass at once."""
        self._ahead += by


class Country:
    """The services, and an institution that publishes."""

    def __init__(self, folder: Path, redis: LocalRedis, ports: Mapping[str, int]) -> None:
        self.redis, self.ports, self.clock = redis, ports, DrivenClock()
        self.ended: list[str] = []
        given = {f"{service}_port": ports[service] for service in ("intake", "placement", "monitor")}
        self._settings = Settings(data=folder, redis_url=redis.url, **given)
        self._numbers = count(1)
        self._monitor = ExitStack()
        self._token = ""

    @contextmanager
    def running(self) -> Iterator["Country"]:
        """Everything serves."""
        with ExitStack() as held:
            held.callback(self._monitor.close)
            held.enter_context(_served(intake_app(self._settings, system_clock), self.ports["intake"]))
            held.enter_context(_served(placement_app(self._settings, system_clock), self.ports["placement"]))
            self.start_monitor()
            self._token = self._registered()
            yield self

    def start_monitor(self) -> None:
        """Start the monitor on the database it left."""
        app = monitor_app(self._settings, self.clock, stop=lambda: self.ended.append("monitor"))
        self._monitor.enter_context(_served(app, self.ports["monitor"]))

    def stop_monitor(self) -> None:
        """Stop it; what it read stays."""
        self._monitor.close()

    def days_ago(self, days: int) -> str:
        """The date so many days before the one on which the driven clock began."""
        return (self.clock.began_on - timedelta(days=days)).isoformat()

    def tell(self, name: str, person: str, **data: Any) -> None:
        """Publish a fact; it is durable when this returns."""
        event = {
            "specversion": "1.0",
            "id": f"event-{next(self._numbers)}",
            "source": SOURCE,
            "type": f"nl.doorstroom.{name}.v1",
            "subject": person,
            "time": system_clock().isoformat(),
            "data": data,
        }
        answer = httpx2.post(
            f"{self._settings.service_url('placement')}/v1/events",
            json=event,
            headers={"Authorization": f"Bearer {self._token}", "Content-Type": "application/cloudevents+json"},
            timeout=20,
            trust_env=False,
        )
        assert answer.status_code == 202, answer.text

    def placed(self, person: str, *, days_ago: int, region: str) -> None:
        """A young person came to stay so many days ago."""
        where = {"accommodation": "schakenbosch", "regime": "jw6", "closure": "gesloten", "route": "planned"}
        self.tell(
            "placement-started", person, placement=person, started_on=self.days_ago(days_ago), region=region, **where
        )

    def discharged(self, person: str, *, days_ago: int) -> None:
        """And went home again."""
        end = {"discharged_on": self.days_ago(days_ago), "destination": "home", "end_mode": "planned"}
        self.tell("discharge-recorded", person, placement=person, **end)

    def _registered(self) -> str:
        engine = open_engine(self._settings.database_url("placement"))
        everything = frozenset({ALL})
        ecd = Publisher("ecd", frozenset({SOURCE}), everything, everything, frozenset({"facts:write"}))
        token = add_to_all([Registry(engine, system_clock)], ecd)
        engine.dispose()
        return token


@contextmanager
def _served(app: FastAPI, port: int) -> Iterator[None]:
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None))
    thread = Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    try:
        wait_until(
            lambda: server.started or not thread.is_alive(), what=f"port {port} is served", seconds_max=START_S_MAX
        )
        assert server.started
        yield
    finally:
        server.should_exit = True
        thread.join(30)
        assert not thread.is_alive()
