"""What is known at a moment: the interface between the stored facts and everything that counts; pure."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter

from services.monitor.accommodations import Register
from services.monitor.dossier.days import Interval
from services.monitor.dossier.spells import Spells
from services.monitor.dossier.state import Dossier


@dataclass(frozen=True, slots=True)
class Told:
    """So many facts about persons that a source recorded on one day, so long after the day that they are about."""

    source: str
    recorded_on: date
    days_later: int
    """Less than 0 for what was told before its day."""
    facts: int


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that follows from the facts that were accepted up to and with a moment K (D1).

    Two of one K are equal, whatever arrived between the two askings, once the first was final.
    """

    dossiers: Sequence[Dossier]
    """Everyone about whom a fact was accepted by then, by pseudonym."""
    register: Register
    """The accommodations and their places, as known then."""
    observed_from: Mapping[str, date]
    """By source the first day that it observed: the date on which it recorded the first of its facts about a person.

    What began before it was seen only if it lasted until then: a duration counts from that day on (delayed entry).
    """
    known: datetime
    """K."""
    final: bool
    """Whether every fact accepted up to K is surely in here, so that the answer never changes again."""
    heard: Mapping[str, Sequence[Interval]] = field(default_factory=dict)
    """By source the days on which a fact or a heartbeat of it was accepted, as intervals in order."""
    told: Sequence[Told] = ()
    """How late facts came, for the window of a question that counts them (Figure.reads_told); else nothing."""
    spells: Spells = field(default_factory=lambda: Spells(()), repr=False, compare=False)
    """Of the dossiers; given where they are made already."""

    def dossier_of(self, pseudonym: str) -> Dossier | None:
        """The dossier of whoever has this pseudonym, under that name or another; None when nothing is known of them."""
        at = bisect_left(self.dossiers, pseudonym, key=attrgetter("person"))
        if at < len(self.dossiers) and self.dossiers[at].person == pseudonym:
            return self.dossiers[at]
        return next((one for one in self.dossiers if pseudonym in one.also), None)

    def __post_init__(self) -> None:
        if self.spells.dossiers is not self.dossiers:
            object.__setattr__(self, "spells", Spells(self.dossiers))
