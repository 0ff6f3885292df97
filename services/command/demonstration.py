"""`doorstroom demo`: everything runs, and a simulated country publishes to it: first its history, then live."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from random import Random

from services.command import accounts, registering, releasing, reports, running, state
from services.command.choices import trusting
from services.command.failures import Failed
from services.monitor.access.passwords import new_password
from services.monitor.access.person import Person
from services.monitor.access.reader import ALL
from services.simulator.history import OBSERVED_FROM, History, Sent
from services.simulator.live import Live
from services.simulator.publishers import PUBLISHERS
from services.simulator.publishing import DoorUnreachable, Publishing, PublishingRefused, Service
from shared.calendar import calendar_date
from shared.clock import Clock
from shared.publishers.registry import Change, Publisher
from shared.settings import Settings

STANDSTILL_S_MAX = 60.0
"""How long the figures may stand still before they have caught up with the ledgers."""
LOOK_S = 0.2


@dataclass(frozen=True, slots=True)
class Demonstration:
    """Which country to simulate."""

    seed: int
    until: date | None
    """The history is told up to this day, not included; up to today when None."""
    pace: float
    """Happenings a second after the history; 0 for none."""
    as_json: bool
    clock: Clock

    async def work(self, settings: Settings) -> None:
        """Publish the history, show the first figures, then publish live until told to stop. Raises Failed."""
        sign_in = await asyncio.to_thread(_account, settings, self.clock)
        running.announce(settings, as_json=self.as_json, sign_in=sign_in)
        tokens = await asyncio.to_thread(_admitted, settings, self.clock)
        doors: dict[Service, str] = {
            "intake": settings.service_url("intake"),
            "placement": settings.service_url("placement"),
        }
        history = History(self.seed, self.until or calendar_date(self.clock()))
        shown = Shown(as_json=self.as_json)
        try:
            trusted = trusting(settings)
            async with Publishing(doors=doors, tokens=tokens, told=shown.count, trust=trusted) as publishing:
                with shown:
                    await publishing.publish(shown.watched(history, until=self.until or calendar_date(self.clock())))
                    shown.describe("The figures follow")
                    facts = await _projected(settings)
                    figures = await asyncio.to_thread(state.figures, settings)
                with suppress(releasing.AlreadyReleased):  # An earlier demo on this folder may have released it.
                    await asyncio.to_thread(releasing.release, settings, clock=self.clock)
                reports.figures(figures, facts=facts, as_json=self.as_json)
                await self._live(publishing, history)
        except* (PublishingRefused, DoorUnreachable) as failures:
            raise Failed(str(failures.exceptions[0])) from failures

    async def _live(self, publishing: Publishing, history: History) -> None:
        if self.pace == 0:
            await asyncio.Event().wait()
        live = Live(history.state(), clock=self.clock, rng=Random(f"live {self.seed}"))  # noqa: S311 - a simulation
        time = asyncio.get_running_loop().time
        due = time()
        for sent in live:
            await publishing.publish([sent])
            due = max(due + 1 / self.pace, time())  # What was late is not made up for in a burst.
            await asyncio.sleep(due - time())


class Shown:
    """A bar of the years that were told, and the count of facts that are durable.

    Where no terminal shows the bar, as in a log, there is a line for each year.
    """

    def __init__(self, *, as_json: bool) -> None:
        self.facts = 0
        self._bar = reports.progress_bar("days")
        self._in_lines = self._bar.disable and not as_json
        self._task = self._bar.add_task("The history of a country", total=None)

    def __enter__(self) -> None:
        self._bar.start()

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def count(self, facts: int) -> None:
        self.facts += facts

    def describe(self, sentence: str) -> None:
        self._bar.update(self._task, description=sentence)
        if self._in_lines:
            reports.aside().print(sentence)

    def watched(self, history: Iterable[Sent], *, until: date) -> Iterator[Sent]:
        """The same events; the bar follows the day on which each was sent."""
        told = OBSERVED_FROM
        for sent in history:
            if (day := sent.sent_at.date()) > told:
                sentence = f"The history of a country: {day.year}, {self.facts:,} facts"
                done, total = (day - OBSERVED_FROM).days, (until - OBSERVED_FROM).days
                self._bar.update(self._task, description=sentence, completed=done, total=total)
                if self._in_lines and day.year > told.year:
                    reports.aside().print(sentence)
                told = day
            yield sent


def _account(settings: Settings, clock: Clock) -> Mapping[str, str]:
    """An account to look around with, of the operations of the whole country; an earlier one gets a next password."""
    name, password = "demo", new_password()
    if any(one.person.name == name for one in accounts.listed(settings, clock=clock)):
        accounts.set_password(settings, name, password=password, clock=clock)
    else:
        everywhere = Person(name, ("operations",), "Doorstroom demo", areas=ALL, accommodations=ALL)
        accounts.add(settings, everywhere, password=password, clock=clock)
    return {"name": name, "password": password}


def _admitted(settings: Settings, clock: Clock) -> Mapping[str, str]:
    """A token for each simulated publisher; who is there from an earlier demo gets a next one, and its newest facts."""
    known = {publisher.name for publisher in registering.registered(settings, clock=clock)}
    tokens = {}
    for name, one in PUBLISHERS.items():
        if name in known:
            tokens[name] = registering.rotate(settings, name, clock=clock)
            registering.change(settings, name, Change(facts=one.facts), clock=clock)
        else:
            publisher = Publisher(
                name, frozenset({one.source}), one.facts, one.accommodations, scopes=frozenset({"facts:write"})
            )
            tokens[name] = registering.add(settings, publisher, clock=clock)
    return tokens


async def _projected(settings: Settings) -> int:
    """Wait until the figures have caught up with the ledgers; how many facts those hold, each counted once.

    Raises Failed when the figures stand still before that.
    """
    time = asyncio.get_running_loop().time
    farthest, moved_at = -1, time()
    while True:
        answer = await asyncio.to_thread(state.ask, settings, token=None)
        positions = answer.positions.values()
        if not answer.silent and all(at.facts == at.ledger for at in positions):
            return sum(at.ledger or 0 for at in positions)
        projected = sum(at.facts or 0 for at in positions)
        if projected > farthest:
            farthest, moved_at = projected, time()
        if time() - moved_at > STANDSTILL_S_MAX:
            raise Failed(f"the figures did not move for {STANDSTILL_S_MAX:.0f} seconds; see doorstroom status")
        await asyncio.sleep(LOOK_S)
