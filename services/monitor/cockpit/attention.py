"""The work list: the alerts that a reader may see, the most pressing first, and saying that one is worked on."""

import asyncio
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine
from starlette.requests import Request

from services.monitor.access import Access, Deed, Places, Reader, may_see
from services.monitor.alerts.acknowledging import DAYS_MAX, Changed, NotOpen, Said, acknowledge
from services.monitor.alerts.conditions.alert import Case
from services.monitor.alerts.conditions.path import COUNTRY
from services.monitor.alerts.conditions.rules import LEVELS, Rulebook
from services.monitor.alerts.listing import Entry, Wanted, find, histories, latest, listed, persons_of, tally
from services.monitor.alerts.looked import Looked, looked
from services.monitor.alerts.then import as_it_stood
from services.monitor.cockpit.cells import called
from services.monitor.cockpit.charts.lettering import as_day
from services.monitor.cockpit.charts.values import Language
from services.monitor.cockpit.overview import Overview
from services.monitor.cockpit.sieve import Sieve
from services.monitor.cockpit.unseen import held_up, unseen
from services.monitor.cockpit.view import View
from services.monitor.cockpit.words import Words, words
from shared.calendar import calendar_date
from shared.clock import Clock
from shared.databases import reading
from shared.facts.regions import REGIONS
from shared.problems import NOT_FOUND, Problem
from shared.pseudonym import contains_bsn

PAGE_ALERTS = 50
NOTE_LETTERS_MAX = 1_000
NOTE_LETTERS_MIN = 3
RETURNS_AFTER = timedelta(days=14)
"""How long an alert that is acknowledged stays off the list, unless another day is said."""
READ = Deed("alerts-listed", "R", "cases:read")
QUARTER = re.compile(r".* (?P<year>\d{4})-Q(?P<n>[1-4])")
"""What an alert about an accommodation in a quarter is about."""

_VERSION = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the list."""

    entries: Sequence[Entry]
    total: int
    pages: int
    levels: Mapping[str, int]


class Attention:
    """Reads and answers alerts for people. Belongs to one event loop."""

    def __init__(self, engine: Engine, access: Access, overview: Overview, *, rules: Rulebook, clock: Clock) -> None:
        self._engine, self._reading = engine, reading(engine)
        self._access, self._overview, self._clock = access, overview, clock
        self.rules = rules

    @property
    def today(self) -> date:
        """The date in Europe/Amsterdam."""
        return calendar_date(self._clock())

    @property
    def returns(self) -> Mapping[str, str]:
        """The days on which an alert that is acknowledged may come back: from the first to the last."""
        ahead = {"first": 1, "last": DAYS_MAX}
        return {name: (self.today + timedelta(days=days)).isoformat() for name, days in ahead.items()}

    async def most_pressing(self, request: Request, reader: Reader, view: View, *, limit: int) -> list[dict[str, Any]]:
        """The cases of the chosen part of the country that need attention first, one line for each; that they were
        seen is logged.
        """
        wanted = Wanted(levels=tuple(LEVELS[1:]), areas=(view.area,) if view.area else ())
        entries = await asyncio.to_thread(self._seen_by, reader, wanted)
        entries = [one for one in entries if view.region in (None, one.kept.alert.case.region)]
        first: dict[str, Entry] = {}
        for entry in entries:
            first.setdefault(entry.kept.alert.case.person or entry.kept.id, entry)
        shown = [entry for entry in first.values() if entry.kept.alert.case.person][:limit]
        await self._access.note(request, reader, READ, persons=persons_of(shown))
        return [self.line(entry, view.language) for entry in shown]

    async def listed(self, request: Request, reader: Reader, sieve: Sieve) -> Listed:
        """A page of the list; that the young persons on it were seen is logged."""
        entries = await asyncio.to_thread(self._seen_by, reader, sieve.wanted())
        pages = max(-(-len(entries) // PAGE_ALERTS), 1)
        start = (min(sieve.page, pages) - 1) * PAGE_ALERTS
        shown = entries[start : start + PAGE_ALERTS]
        await self._access.note(request, reader, READ, persons=persons_of(shown))
        return Listed(shown, len(entries), pages, tally(entries))

    async def acknowledge(self, request: Request, identity: str, sent: Mapping[str, str]) -> str:
        """Say that somebody works on an alert; what is told about it: `done`, or what is wrong with what was sent.

        Raises the problem 404 for an alert that the reader may not see, 403 for a reader who may not say anything.
        """
        reader = await self._access.require(request, scope="alerts:write")
        entry = await asyncio.to_thread(self._find, identity)
        person = entry.kept.alert.case.person if entry else ""
        deed = Deed("acknowledge-alert", "U", "alerts:write")
        if entry is not None and person and not sees(reader, entry):
            await self._access.disclose(request, deed, person, places=places_of_case(entry))
        if entry is None or not sees(reader, entry):
            raise Problem(NOT_FOUND, "There is no such alert among those this reader may see.")
        note, until = sent.get("note", "").strip(), _day(sent.get("until"), self.today)
        if not NOTE_LETTERS_MIN <= len(note) <= NOTE_LETTERS_MAX or contains_bsn(note):
            return "note"
        if until is None:
            return "until"
        if not _VERSION.fullmatch(sent.get("version", "")):
            return "changed"
        await self._access.note(request, reader, deed, persons=[person] if person else [None])
        said = Said(reader.name, note, until)
        try:
            await asyncio.to_thread(
                acknowledge, self._engine, identity, said, seen=int(sent["version"]), at=self._clock()
            )
        except (Changed, NotOpen):
            return "changed"
        return "done"

    def of_person(self, *pseudonyms: str) -> list[Entry]:
        """Every alert about a young person, under each of the pseudonyms. Blocking."""
        return self._listed(Wanted(states=("open", "acknowledged", "escalated", "closed"), persons=pseudonyms))

    def of_person_at(self, at: datetime, *pseudonyms: str, missing: Collection[str]) -> list[Entry]:
        """The same as they stood at that moment, when this was missing for the young person. Blocking."""
        entries = self.of_person(*pseudonyms)
        with self._reading.begin() as connection:
            happened = histories(connection, [entry.kept.id for entry in entries])
        then = (as_it_stood(one, happened[one.kept.id], at, missing=missing, rules=self.rules) for one in entries)
        return sorted((one for one in then if one is not None), key=lambda one: one.rank)

    def latest(self) -> tuple[int | None, int]:
        """Another answer means that something happened to alerts: by a fact, by the clock or by somebody. Blocking."""
        with self._reading.begin() as connection:
            return latest(connection)

    def notice(self, language: Language) -> str:
        """What a reader must know before all alerts, empty where none is missing. Blocking."""
        seen, say = self._looked(), words(language)
        return " ".join(filter(None, (self._late(seen, say), held_up(seen, say))))

    def late(self, language: Language) -> str:
        """The same before those of one young person, of whom a fact waits or not. Blocking."""
        return self._late(self._looked(), words(language))

    def line(self, entry: Entry, language: Language) -> dict[str, Any]:
        """An alert as a page shows it."""
        say, kept = words(language), entry.kept
        case = kept.alert.case
        seen = entry.acknowledgement
        return {
            "id": kept.id,
            "version": kept.version,
            "level": str(kept.alert.level),
            "level_name": say.named("level", str(kept.alert.level)),
            "rule": kept.alert.rule,
            "what": getattr(entry.why, language),
            "next_step": getattr(entry.next_step, language),
            "owner": say.named("owner", entry.rule.owner),
            "person": about_whom(case, say),
            "address": f"/casus/{case.person}" + ("?lang=en" if language == "en" else "") if case.person else "",
            "accommodation": called(case.accommodation, say) if case.accommodation and case.person else "",
            "since": as_day(kept.alert.since, language),
            "days": entry.days,
            "state": entry.state,
            "closed": say.named("reason", kept.closed_reason or ""),
            "acknowledged": None
            if seen is None
            else say("work.acknowledged", by=seen.by, until=as_day(seen.until, language), note=seen.note),
            "until": (self.today + RETURNS_AFTER).isoformat(),
        }

    def _seen_by(self, reader: Reader, wanted: Wanted) -> list[Entry]:
        return [entry for entry in self._listed(wanted) if sees(reader, entry)]

    def _listed(self, wanted: Wanted) -> list[Entry]:
        with self._reading.begin() as connection:
            return listed(connection, wanted, rules=self.rules, today=self.today)

    def _late(self, seen: Looked, say: Words) -> str:
        flows, reading_in = self._overview.flows, self._overview.reading_in
        return unseen(seen, say, flows=flows, reading_in=reading_in, now=self._clock())

    def _looked(self) -> Looked:
        with self._reading.begin() as connection:
            return looked(connection)

    def _find(self, identity: str) -> Entry | None:
        with self._reading.begin() as connection:
            return find(connection, identity, rules=self.rules, today=self.today)


def about_whom(case: Case, say: Words) -> str:
    """What an alert is about, as people call it: a young person by pseudonym, all else by name, a source by its key."""
    if case.person:
        return case.person
    if case.about == COUNTRY:
        return say("place.country")
    if case.accommodation is None:
        return REGIONS.get(case.about, case.about)
    name, quarter = called(case.accommodation, say), QUARTER.fullmatch(case.about)
    return f"{name}, {say('flow.quarter', year=quarter['year'], n=quarter['n'])}" if quarter else name


def places_of_case(entry: Entry) -> Places:
    """Where the case of an alert is."""
    case = entry.kept.alert.case
    return Places(
        frozenset({case.region} if case.region else ()),
        frozenset({case.accommodation} if case.accommodation else ()),
    )


def sees(reader: Reader, entry: Entry) -> bool:
    """Whether a reader may see an alert: by where its case is."""
    places = places_of_case(entry)
    return may_see(reader, regions=places.regions, accommodations=places.accommodations)


def _day(text: str | None, today: date) -> date | None:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if today < found <= today + timedelta(days=DAYS_MAX) else None
