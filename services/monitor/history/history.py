"""The history: dossiers as known now or at any moment before, from the stored facts."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import Connection, Engine, select

from services.monitor.accommodations import fold_register
from services.monitor.dossier.fold import fold
from services.monitor.dossier.rules import Rules
from services.monitor.history.known import Known
from services.monitor.projector.facts import Facts
from services.monitor.tables import fact
from shared.calendar import calendar_date
from shared.clock import Clock
from shared.databases import reading
from shared.facts.envelope import AcceptedEvent


class History:
    """Answers what is known at a moment. Blocking and safe to use from several threads."""

    def __init__(self, engine: Engine, *, rules: Rules, clock: Clock) -> None:
        self._engine, self._rules, self._clock = reading(engine), rules, clock

    def known_at(self, known: datetime | None = None) -> Known:
        """Everything that follows from the facts accepted up to and with this moment; of now where none is given."""
        moment = known or self._clock()
        with self._engine.begin() as connection:
            facts = Facts(decoded_max=0)
            register = fold_register(_until(moment, facts.of_accommodations(connection)))
            persons = connection.scalars(select(fact.c.person).where(fact.c.person.is_not(None)).distinct()).all()
            about = facts.of_people(connection, [person for person in persons if person is not None])
        dossiers, seen = [], []
        for person, events in sorted(about.items()):
            accepted = _until(moment, events)
            if any(event.subject == person for event in accepted):
                dossiers.append(fold(person, accepted, rules=self._rules))
                seen += accepted
        return Known(tuple(dossiers), register, _observed_from(seen), moment, final=False)

    def facts_of(self, person: str, known: datetime | None = None) -> list[AcceptedEvent]:
        """All facts accepted by then of every record that this person ever had, in the order of acceptance."""
        moment = known or self._clock()
        with self._engine.begin() as connection:
            facts = self._facts_of(connection, person)
        return sorted(_until(moment, facts), key=lambda event: (event.acceptedat, event.source, event.id))

    def _facts_of(self, connection: Connection, person: str) -> list[AcceptedEvent]:
        return Facts(decoded_max=0).of_people(connection, [person])[person]


def _until(moment: datetime, facts: Iterable[AcceptedEvent]) -> list[AcceptedEvent]:
    return [event for event in facts if event.acceptedat <= moment]


def _observed_from(facts: Iterable[AcceptedEvent]) -> Mapping[str, date]:
    first: dict[str, datetime] = {}
    for event in facts:
        if event.subject is not None:
            first[event.source] = min(event.time, first.get(event.source, event.time))
    return {source: calendar_date(first[source]) for source in sorted(first)}
