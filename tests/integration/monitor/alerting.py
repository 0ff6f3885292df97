"""A monitor's alerts with a clock that is driven: facts are told, projected and looked at."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Engine, select

from services.monitor.alerts.book import AlertBook, Pass
from services.monitor.alerts.conditions.rules import Rulebook
from services.monitor.alerts.listing import Entry, State, Wanted, histories, listed
from services.monitor.alerts.rulebook import rulebook
from services.monitor.projector.projection import Projector
from shared.calendar import AMSTERDAM, calendar_date, microseconds
from tests.integration.monitor.conftest import RULES, projector_on
from tests.integration.monitor.ledgers import STREAMS, Ledgers

ALL: tuple[State, ...] = ("open", "acknowledged", "escalated", "closed")


def at(day: str, hour: int = 9) -> datetime:
    """A moment in Amsterdam."""
    return datetime.combine(date.fromisoformat(day), time(hour), AMSTERDAM)


@dataclass
class DrivenClock:
    """It stands still until a test moves it."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Alerting:
    """One monitor on a database, its ledgers and its clock."""

    engine: Engine
    ledgers: Ledgers = field(default_factory=Ledgers)
    clock: DrivenClock = field(default_factory=lambda: DrivenClock(at("2025-01-10")))
    rules: Rulebook = field(default_factory=rulebook)

    def __post_init__(self) -> None:
        self.projector: Projector = projector_on(self.engine, self.ledgers)
        self.book = self.another_book()

    def another_book(self) -> AlertBook:
        """As a second monitor has one, on the same database."""
        return AlertBook(self.engine, rules=self.rules, fold=RULES, clock=self.clock)

    def tell(self, name: str, person: str | None, **data: Any) -> None:
        """A fact arrives now and is projected."""
        self.ledgers.now = self.clock.now
        self.ledgers.tell(name, person, **data)
        self.projector.apply(self.ledgers.batches())

    def settle(self) -> None:
        """The ledgers say, as they do each minute, that what follows is accepted after this moment."""
        services = {stream.service for stream in STREAMS}
        self.projector.settle(dict.fromkeys(services, (0, microseconds(self.clock.now))))

    def on(self, day: str, hour: int = 9) -> Pass:
        """Time passes until then, the source is heard, and one looks."""
        self.clock.now = at(day, hour)
        self.tell("heartbeat", None)
        return self.book.look()

    def silently_on(self, day: str) -> Pass:
        """Time passes until then without a sign of life, and one looks."""
        self.clock.now = at(day)
        return self.book.look()

    def entries(self, *states: State, rule: str | None = None) -> Sequence[Entry]:
        """The alerts on record in these states; all where none is given; those about persons only."""
        wanted = Wanted(states or ALL, rules=(rule,) if rule else ())
        with self.engine.begin() as connection:
            found = listed(connection, wanted, rules=self.rules, today=calendar_date(self.clock.now))
        return [entry for entry in found if entry.kept.alert.case.person]

    def states(self, rule: str) -> dict[str, str]:
        """State by threshold of one rule."""
        return {entry.kept.alert.threshold: entry.state for entry in self.entries(rule=rule)}

    def happened(self, entry: Entry) -> list[str]:
        """The kinds of what happened to an alert."""
        with self.engine.begin() as connection:
            return [line.kind for line in histories(connection, [entry.kept.id])[entry.kept.id]]

    def rows(self, table: Any) -> list[Any]:
        """All rows of a table."""
        with self.engine.begin() as connection:
            return list(connection.execute(select(table)))


def later(day: str, days: int) -> str:
    """So many days later."""
    return str(date.fromisoformat(day) + timedelta(days=days))
