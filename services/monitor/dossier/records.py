"""Records (D12): which facts of one person stand, after revisions and withdrawals, in whatever order they came."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Generic, NamedTuple, TypeVar

from services.monitor.dossier.flags import raised
from services.monitor.dossier.state import Flag
from shared.calendar import calendar_date
from shared.facts.envelope import AcceptedEvent
from shared.facts.erasure import FactErased
from shared.facts.fact import Fact
from shared.facts.oddities import is_late, is_rough
from shared.facts.record import RecordWithdrawn
from shared.facts.records import Record, record_hash

F = TypeVar("F", bound=Fact)
F_co = TypeVar("F_co", bound=Fact, covariant=True)


class Reported(NamedTuple, Generic[F_co]):
    """A fact that stands, and who reported it."""

    fact: F_co
    source: str
    record: str
    time: datetime
    """When the source recorded it; it breaks ties and never dates anything."""
    id: str

    @property
    def day(self) -> date:
        """The day by which the fact is dated, of one that always says a day."""
        on: date = getattr(self.fact, self.fact.dated or "")
        return on

    @property
    def recorded(self) -> tuple[datetime, str, str, str]:
        """Orders reports of the same thing: the later `time`, then the greater `id` (D12). Source and record make the
        order total: two sources may use one id, but a source has one standing fact of a name and a record.
        """
        return self.time, self.id, self.source, self.record


class Standing:
    """The facts that stand about one person, by kind, and the flags that choosing them raised."""

    def __init__(self, by_kind: Mapping[type[Fact], Sequence[Reported[Any]]], flags: list[Flag]) -> None:
        self._by_kind = by_kind
        self.flags = flags

    def of(self, kind: type[F]) -> Sequence[Reported[F]]:
        """The facts of this kind, in no order that means anything."""
        return self._by_kind.get(kind, ())

    def has_any(self, kinds: Collection[type[Fact]]) -> bool:
        """Whether there is a fact of any of these kinds."""
        return not self._by_kind.keys().isdisjoint(kinds)


def standing(person: str, facts: Iterable[AcceptedEvent]) -> Standing:
    """Of each (source, fact name, record) the highest revision, unless withdrawn, if it is about this person (D12).

    `facts` are all facts of the records that this person ever had, because a revision may move a record to another
    person: then it stands there and no longer here. A withdrawal takes away the revisions up to its own, also when it
    arrives first; a higher one that is sent later stands again. One revision with two contents: the one recorded last
    counts, and is flagged F25. A repetition is the same content again, so it changes nothing; neither does the place
    that a ledger gave a fact, since the positions of two services have nothing to do with each other (D13).

    A ledger holds one content for each (source, id), so (`time`, `id`) decides between two contents.
    """
    best: dict[Record, AcceptedEvent] = {}
    erased: list[AcceptedEvent] = []
    withdrawn: dict[Record, int] = {}
    disputed: set[Record] = set()
    for event in facts:
        fact = event.data
        if type(fact) is FactErased:
            erased.append(event)
            continue
        if type(fact) is RecordWithdrawn:
            key = (event.source, fact.of, fact.record)
            withdrawn[key] = max(withdrawn.get(key, 0), event.revision)
            continue
        key = (event.source, type(fact).fact_name, event.record or event.id)
        held = best.setdefault(key, event)
        if held is event:
            continue
        if event.revision > held.revision:
            best[key] = event
            disputed.discard(key)
        elif event.revision == held.revision:
            if event.subject != held.subject or event.data != held.data or event.precision != held.precision:
                disputed.add(key)
            if (event.time, event.id) > (held.time, held.id):
                best[key] = event
    by_kind: dict[type[Fact], list[Reported[Fact]]] = {}
    flags: list[Flag] = []
    beaten = overruled(best, erased) if erased else ()
    for key, event in best.items():
        if key in beaten or event.subject != person or (withdrawn and withdrawn.get(key, 0) >= event.revision):
            continue
        fact = event.data
        by_kind.setdefault(type(fact), []).append(Reported(fact, event.source, key[2], event.time, event.id))
        if event.precision is not None or is_late(event):
            flags.extend(_of_its_day(event, about=key[2]))
        if disputed and key in disputed:
            since_on = event.true_on or calendar_date(event.time)
            flags.append(raised("F25", about=key[2], since_on=since_on, source=event.source))
    return Standing(by_kind, flags)


def overruled(best: Mapping[Record, AcceptedEvent], erased: Iterable[AcceptedEvent]) -> Collection[Record]:
    """The records of which an erased fact says something newer than the best of the others.

    It moved the record to somebody who was erased since, or took it back. Of an erased fact its record is known by a
    number, its revision and its `time`; of one recorded at the same moment the one that is left counts.
    """
    numbers = {record_hash(key): key for key in best}
    found = set()
    for event in erased:
        fact = event.data
        if not isinstance(fact, FactErased) or fact.record is None:
            continue
        key = numbers.get(int(fact.record))
        if key is None:
            continue
        held = best[key]
        newer = (event.revision, event.time) > (held.revision, held.time)
        if newer or (fact.withdrawal and event.revision >= held.revision):
            found.add(key)
    return found


def _of_its_day(event: AcceptedEvent, *, about: str) -> Iterator[Flag]:
    """F15 when it was recorded more than 90 days after it was true, F16 when that day is known roughly.

    By what the source says, never by arrival (D13).
    """
    if is_late(event):
        yield raised("F15", about=about, since_on=calendar_date(event.time), source=event.source)
    if (true_on := event.true_on) is not None and is_rough(event):
        yield raised("F16", about=about, since_on=true_on, source=event.source)


def last_recorded(reports: Sequence[Reported[F]]) -> Reported[F]:
    """The one that counts when several say the same thing: later `time`, then greater `id`."""
    return reports[0] if len(reports) == 1 else max(reports, key=lambda report: report.recorded)
