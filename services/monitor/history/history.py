"""The history: what is known now, or was known at any moment before, and the facts behind it (D1)."""

from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from operator import attrgetter
from threading import Lock

from sqlalchemy import Engine

from services.monitor.dossier.days import Interval, union
from services.monitor.dossier.fold import fold
from services.monitor.dossier.merging import groups, under
from services.monitor.dossier.rules import Rules
from services.monitor.dossier.spells import Spells
from services.monitor.dossier.state import Dossier
from services.monitor.history.known import Known
from services.monitor.history.live import Follower, Live, Look, View
from services.monitor.progress import Version
from services.monitor.projector.facts import Facts, in_parts
from services.monitor.projector.quarantine import Held, held_at
from shared.calendar import calendar_date, microseconds, moment_of
from shared.clock import Clock
from shared.databases import reading
from shared.facts.envelope import AcceptedEvent

MOMENTS_MAX = 16
"""Answers about past moments that are kept; one costs a pointer for each person, and the dossiers that were other."""

DAY = timedelta(days=1)

PERSONS_MAX = 500
"""Persons that are folded together for a past moment; their facts are in memory meanwhile."""


class History:
    """Answers what is known at a moment. Blocking; any number of threads may ask.

    The dossiers of today are kept in memory. For an earlier moment those persons are folded again who have facts on
    both sides of it; whoever has only earlier ones has the dossier of today, whoever has only later ones has none.
    """

    def __init__(self, engine: Engine, *, rules: Rules, clock: Clock) -> None:
        self._engine, self._rules, self._clock = reading(engine), rules, clock
        self._live, self._looking = Live(), Lock()
        self._past: OrderedDict[int, tuple[Known, Version]] = OrderedDict()
        self._folding = Lock()
        self._erased = 0

    def known_at(self, known: datetime | None = None) -> Known:
        """Everything that follows from the facts accepted up to and with this moment; of now where none is given."""
        view = self._view()
        if known is None:
            # The clocks of two machines differ: what is projected was accepted, so that moment has been.
            now_us = max(microseconds(self._clock()), view.last_us, view.register.last_us)
            return self._known(view, view.spells, now_us)
        known_us = microseconds(known)
        with self._folding:
            if view.erased != self._erased:
                self._past.clear()
                self._erased = view.erased
            kept = self._past.get(known_us)
            if kept is not None and (kept[0].final or kept[1] == view.version):
                self._past.move_to_end(known_us)
                final = kept[0].final or known_us <= view.horizon_us
                return kept[0] if final == kept[0].final else self._keep(known_us, view, kept[0].spells)
            return self._keep(known_us, view, Spells(self._dossiers(view, known_us)))

    def facts_of(self, dossier: Dossier, known: datetime | None = None) -> list[AcceptedEvent]:
        """All facts accepted by then of every record that this person ever had, in the order of acceptance.

        What was told of another pseudonym of theirs is told of the one that names the dossier.
        """
        until_us = microseconds(known) if known else None
        members = (dossier.person, *dossier.also)
        with self._engine.begin() as connection:
            of_each = Facts(decoded_max=0).of_people(connection, members, until_us=until_us)
            about = {(event.source, event.id): event for facts in of_each.values() for event in facts}
        facts = under(dossier.person, members, about.values())
        return sorted(facts, key=lambda event: (event.acceptedat, event.source, event.id))

    def held(self, names: Collection[str], known: datetime | None = None) -> Held:
        """What is missing of the person of these pseudonyms because it could not be taken, of what was accepted by
        then."""
        with self._engine.begin() as connection:
            return held_at(connection, names, known)

    def follow(self, follower: Follower) -> None:
        """From now on the follower is told of everybody who changes, under the lock that `looking` holds."""
        with self._looking:
            self._live.followers.append(follower)

    @contextmanager
    def looking(self) -> Iterator[Look]:
        """What is known now, for as long as nobody else may look: the follower has been told of all that changed."""
        with self._looking, self._engine.begin() as connection:
            yield self._live.look(connection)

    def _view(self) -> View:
        with self._looking, self._engine.begin() as connection:
            return self._live.view(connection)

    def _keep(self, known_us: int, view: View, spells: Spells) -> Known:
        answer = self._known(view, spells, known_us)
        self._past[known_us] = answer, view.version
        self._past.move_to_end(known_us)
        if len(self._past) > MOMENTS_MAX:
            self._past.popitem(last=False)
        return answer

    def _known(self, view: View, spells: Spells, known_us: int) -> Known:
        return Known(
            dossiers=spells.dossiers,
            register=view.register.known_at(known_us),
            observed_from=_observed_from(view.observed, known_us),
            known=moment_of(known_us),
            final=known_us <= view.horizon_us,
            heard=_heard_on(view.heard, known_us),
            spells=spells,
        )

    def _dossiers(self, view: View, known_us: int) -> tuple[Dossier, ...]:
        """The dossiers of that moment, by pseudonym; those of persons without a later fact are the ones of today."""
        of = view.families.of
        alone = [one for one in view.persons if one.dossier.person not in of] if of else view.persons
        split = [one.dossier.person for one in alone if one.first_us <= known_us < one.last_us]
        folded: dict[str, Dossier] = {}
        for part in in_parts(split, size=PERSONS_MAX):
            with self._engine.begin() as connection:
                about = Facts(decoded_max=0).of_people(connection, part, until_us=known_us)
            folded.update((name, fold(name, facts, rules=self._rules)) for name, facts in about.items())
        found = [folded.get(one.dossier.person, one.dossier) for one in alone if one.first_us <= known_us]
        if of:
            found += self._of_families(view, known_us)
            found.sort(key=attrgetter("person"))
        return tuple(found)

    def _of_families(self, view: View, known_us: int) -> list[Dossier]:
        """The same of those who were ever said to be one person with others: who is, depends on the moment too."""
        last_us = dict(view.families.last_us)
        own = [(one, view.families.of.get(one.dossier.person)) for one in view.persons]
        for one, family in own:
            if family is not None:
                last_us[family] = max(last_us[family], one.last_us)
        today = [one.dossier for one, family in own if family is not None and last_us[family] <= known_us]
        later = [family for family, us in last_us.items() if known_us < us]
        found = []
        for part in in_parts(later, size=PERSONS_MAX):
            names = {name for family in part for name in family}
            with self._engine.begin() as connection:
                about = Facts(decoded_max=0).of_people(connection, names, until_us=known_us)
            for family in part:
                told = groups({name: about[name] for name in family})
                found += [group.fold(fold, rules=self._rules) for group in told if group.told]
        return [*today, *found]


def _heard_on(heard: Mapping[str, Sequence[tuple[date, int]]], known_us: int) -> Mapping[str, Sequence[Interval]]:
    known = {source: [on for on, first_us in told if first_us <= known_us] for source, told in heard.items()}
    return {source: union((on, on + DAY) for on in told) for source, told in known.items() if told}


def _observed_from(observed: Mapping[str, Sequence[tuple[int, int]]], known_us: int) -> Mapping[str, date]:
    first = {
        source: min((time_us for accepted_at_us, time_us in steps if accepted_at_us <= known_us), default=None)
        for source, steps in observed.items()
    }
    return {source: calendar_date(moment_of(first_us)) for source, first_us in first.items() if first_us is not None}
