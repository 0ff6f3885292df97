"""What the tests of the flags ask: which stand on a day, of facts about persons and about accommodations."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any

from services.monitor.accommodations import fold_register
from services.monitor.dossier.days import Interval
from services.monitor.flags.standing import Standing, standing_flags
from services.monitor.history.known import Known
from shared.facts.accommodation import AccommodationRegistered, CapacityChanged, OccupancyCounted
from shared.facts.envelope import AcceptedEvent
from shared.facts.fact import Fact
from tests.unit.dossier.given import SOURCE, d, discharged, event, folded, granted, start

LATER = datetime(2030, 1, 1, tzinfo=UTC)
OPEN = {"provider": "p", "name": "A", "municipality": "Ergens", "region": "JZ24", "area": "zuid-west"}
_numbers = count()


def of_register(fact: Fact) -> AcceptedEvent:
    """A fact about an accommodation."""
    return event(fact, record=f"register-{next(_numbers)}", person=None)


def registered(on: str, *, accommodation: str = "A") -> AcceptedEvent:
    """An accommodation was entered in the register."""
    return of_register(AccommodationRegistered(accommodation=accommodation, on=d(on), **OPEN))


def places(on: str, number: int, *, group: str | None = None) -> AcceptedEvent:
    """A has so many places from a day on."""
    change: dict[str, Any] = {"closure": "gesloten", "procurement": "regionaal", "group": group}
    return of_register(CapacityChanged(accommodation="A", from_on=d(on), places=number, **change))


def heads(on: str, number: int, *, record: str | None = None, revision: int = 1) -> AcceptedEvent:
    """A counted so many heads on a day."""
    fact = OccupancyCounted(accommodation="A", counted_on=d(on), heads=number)
    return event(fact, record=record or f"register-{next(_numbers)}", person=None, revision=revision)


REGISTERED = registered("2010-01-01")


def known(
    *facts: AcceptedEvent, heard: Sequence[Interval] = (), at: datetime = LATER, register: AcceptedEvent = REGISTERED
) -> Known:
    """What follows from these facts about a person and about accommodations; A is registered unless said otherwise."""
    about = [fact for fact in facts if fact.subject]
    folds = tuple(folded(*about, person=person) for person in sorted({fact.subject for fact in about}))
    accommodations = fold_register([register, *(fact for fact in facts if not fact.subject)])
    return Known(folds, accommodations, {}, at, final=True, heard={SOURCE: heard} if heard else {})


def standing(on: str, *facts: AcceptedEvent, **more: Any) -> list[str]:
    """The codes that stand on this day, in order."""
    return [flag.code for flag in standing_flags(known(*facts, **more), on=d(on))]


def one(code: str, on: str, *facts: AcceptedEvent, **more: Any) -> Standing:
    """The one flag of this code that stands on this day."""
    [found] = [flag for flag in standing_flags(known(*facts, **more), on=d(on)) if flag.code == code]
    return found


BEGIN = start("P1", "2025-01-01", birth_month="2010-01")
TITLE = granted("M1", "2025-01-01", "2025-12-31")
HOME = discharged("P1", "2025-02-01")
