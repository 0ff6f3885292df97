"""The pages about single cases: the work list with its answers, and one case on a time line. Every look is logged."""

import asyncio
import re
from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.monitor.access import Deed, places_of
from services.monitor.access.forms import form
from services.monitor.alerts.conditions.judging import missing_steps, spells
from services.monitor.alerts.conditions.rules import LEVELS
from services.monitor.alerts.following import Judged
from services.monitor.alerts.listing import Entry
from services.monitor.answers.asking import moment
from services.monitor.cases.timeline import timeline as entries_of
from services.monitor.cockpit.addresses import view_of
from services.monitor.cockpit.attention import Attention
from services.monitor.cockpit.casefile import Raised, fact_rows, summary_of, timeline_of
from services.monitor.cockpit.cells import called, in_days
from services.monitor.cockpit.charts.lettering import as_day, on_day
from services.monitor.cockpit.charts.timeline import Track, timeline
from services.monitor.cockpit.mishaps import for_people
from services.monitor.cockpit.panels.panel import in_every_width
from services.monitor.cockpit.rendering import WORK_LIST, Pages, Place
from services.monitor.cockpit.sieve import OWNERS, STATES, Sieve, sieve_of
from services.monitor.cockpit.view import View
from services.monitor.cockpit.words import Words, language_of
from services.monitor.dossier.records import standing
from services.monitor.dossier.state import Dossier
from services.monitor.flags.places import Places as Register
from services.monitor.flags.standing import in_order, person_flags
from services.monitor.history.history import History
from shared.calendar import calendar_date
from shared.facts.regions import AREAS
from shared.problems import NOT_FOUND, Problem

CASE = "/casus"
READ_CASE = Deed("case-read", "R", "cases:read")
TOLD = ("done", "note", "until", "changed")
PSEUDONYM = re.compile(r"[A-Za-z0-9_-]{16,64}")


class CasePages:
    """Answers with pages. Belongs to one event loop."""

    def __init__(self, pages: Pages, attention: Attention, history: History, *, link_days: int) -> None:
        self._pages, self._attention, self._history, self._link_days = pages, attention, history, link_days

    async def work_list(self, request: Request) -> Response:
        """The alerts that this reader may see."""
        reader = await self._pages.access.require(request, scope="cases:read")
        view, _ = view_of(request.query_params, today=self._attention.today)
        sieve = sieve_of(request.query_params)
        found = await self._attention.listed(request, reader, sieve)
        told = request.query_params.get("melding", "")
        return await self._pages.render(
            request,
            "worklist.html",
            self._place(WORK_LIST, "work.title", view, sieve),
            view.language,
            alerts=[self._attention.line(entry, view.language) for entry in found.entries],
            found=found,
            notice=await asyncio.to_thread(self._attention.notice, view.language),
            sieve=sieve,
            choices=_choices(self._attention, sieve, view.words),
            told=told if told in TOLD else "",
            returns=self._attention.returns,
            may_answer=reader.may("alerts:write"),
            pages=[sieve.query(view.language, page=page) for page in range(1, found.pages + 1)],
            here=sieve.query(view.language, page=sieve.page),
        )

    async def acknowledge(self, request: Request) -> Response:
        """Say that somebody works on an alert, and go back to the list."""
        await self._pages.access.require(request, scope="alerts:write")
        sent = await form(request)
        told = await self._attention.acknowledge(request, request.path_params["alert"], sent)
        sieve, language = sieve_of(sent), language_of(sent.get("lang"))
        here = sieve.query(language, page=sieve.page)
        return RedirectResponse(f"{WORK_LIST}{here}{'&' if here else '?'}melding={told}", status_code=303)

    async def case(self, request: Request) -> Response:
        """One case, as it is known now or was known at the end of a day."""
        person = request.path_params["person"]
        if not PSEUDONYM.fullmatch(person):
            # What is no pseudonym may be a name or a number of somebody, and the access log keeps for ever.
            await self._pages.access.require(request, scope="cases:read")
            raise Problem(NOT_FOUND, "This is no pseudonym.")
        view, _ = view_of(request.query_params, today=self._attention.today)
        # Who may see a case follows from where the young person is now, whatever moment is asked about.
        now = await asyncio.to_thread(self._dossier, person, None)
        places = None if now is None else places_of(now)
        await self._pages.access.disclose(request, READ_CASE, person, places=places)
        dossier = await asyncio.to_thread(self._dossier, person, view.known) if view.known else now
        if dossier is None and now is None:
            raise Problem(NOT_FOUND, "Nothing is known of this young person.")
        names = (now.person, *now.also) if now else ()
        held = await asyncio.to_thread(self._held, names or (person,), view.known)
        content = (
            _nothing_yet(view) if dossier is None else await asyncio.to_thread(self._content, dossier, view, names)
        )
        notices = (view.words("case.held") if held else "", content.pop("late"))
        place = Place(
            f"{CASE}/{person}",
            view.words("case.title"),
            view.query(),
            view.query(lang="en" if view.language == "nl" else None) or "?",
        )
        return await self._pages.render(
            request,
            "case.html",
            place,
            view.language,
            page={"back": WORK_LIST + ("?lang=en" if view.language == "en" else "")},
            known=view.known.isoformat() if view.known else "",
            person=person,
            name=dossier.person if dossier else person,
            also=dossier.also if dossier else (),
            notice=" ".join(filter(None, notices)),
            **content,
        )

    def _dossier(self, person: str, at: date | None) -> Dossier | None:
        known = self._history.known_at(moment(at.isoformat()) if at else None)
        return known.dossier_of(person)

    def _held(self, names: Collection[str], at: date | None) -> bool:
        """Whether a fact about them could not be taken, by then."""
        return self._history.held(names, moment(at.isoformat()) if at else None).quarantined

    def _content(self, dossier: Dossier, view: View, names: Collection[str]) -> dict[str, Any]:
        words = view.words
        at = moment(view.known.isoformat()) if view.known else None
        known = self._history.known_at(at)
        on = min(view.known or view.on, self._attention.today)
        flags = in_order(person_flags(dossier, Register(known.register), on=on))
        entries = self._alerts(dossier, at, names)
        alerts = [self._attention.line(entry, view.language) for entry in entries]
        raised = [
            Raised(entry.kept.alert.since, line["what"], line["level"])
            for entry, line in zip(entries, alerts, strict=True)
        ]
        events = self._history.facts_of(dossier, at)
        chart = timeline_of(dossier, standing(dossier.person, events), flags=flags, alerts=raised, on=on, words=words)
        summary = summary_of(dossier, on=on)
        sentence = _sentence(summary, words, on=on)
        return {
            "sentence": sentence,
            "picture": in_every_width(
                lambda caption, canvas: timeline(chart, caption, canvas),
                identity="case",
                title=words("case.line"),
                description=sentence,
                view=view,
            ),
            "bands": [row for track in chart.tracks for row in _rows(track, words)],
            "flags": [
                (
                    flag.code,
                    words.named("flag", flag.code),
                    words.named("severity", flag.severity),
                    as_day(flag.since_on, view.language),
                    flag.days,
                )
                for flag in flags
            ],
            "alerts": alerts,
            "late": self._attention.late(view.language) if at is None else "",
            "facts": fact_rows(entries_of(dossier.person, events), words),
        }

    def _alerts(self, dossier: Dossier, at: datetime | None, names: Collection[str]) -> list[Entry]:
        """As they are, or as they stood: what happened to them later is not told of an earlier moment.

        They are kept under the names of now. Of a moment at which some of these were other people those are left out
        that are about no case of this one.
        """
        own = {dossier.person, *dossier.also}
        if at is None:
            return self._attention.of_person(*own)
        missing = missing_steps(dossier, on=calendar_date(at), link_days=self._link_days)
        entries = self._attention.of_person_at(at, *own, *names, missing=missing)
        if own >= {*names}:
            return entries
        judged = Judged(dossier, spells(dossier, rules=self._attention.rules, link_days=self._link_days), missing)
        return [entry for entry in entries if judged.has(entry.kept)]

    def _place(self, path: str, title: str, view: View, sieve: Sieve) -> Place:
        other = sieve.query("en" if view.language == "nl" else "nl", page=sieve.page)
        return Place(path, view.words(title), sieve.query(view.language, page=sieve.page), other)


def _end(day: date | None, words: Words) -> str:
    return words("case.goeson") if day is None else as_day(day, words.language)


def _rows(track: Track, words: Words) -> Iterator[tuple[str, str, str, str]]:
    """What a track shows, as rows of the table; flags and alerts have tables of their own."""
    for band in track.bands:
        yield track.label, band.label, as_day(band.start, words.language), _end(band.end, words)
    if track.label == words("case.moves"):
        for move in track.moments:
            yield track.label, move.label, as_day(move.on, words.language), ""


def _nothing_yet(view: View) -> dict[str, Any]:
    """Of a day on which nothing was known of the young person yet."""
    assert view.known is not None
    sentence = view.words("case.unknown", on=on_day(view.known, view.language))
    return {"sentence": sentence, "late": "", "picture": "", "alerts": (), "flags": (), "facts": ()}


def _sentence(summary: Any, words: Words, *, on: date) -> str:
    """What the case comes to, in plain words."""
    if summary.open_days is None:
        first = words("case.left", on=on_day(on, words.language))
    else:
        where = called(summary.accommodation, words) if summary.accommodation else words("case.between")
        first = words("case.inside", days=in_days(summary.open_days, words), accommodation=where)
    parts = [first, words("case.counts", closures=summary.closures, moves=summary.moves)]
    if summary.uncovered_days:
        parts.append(words("case.bare", days=summary.uncovered_days))
    elif summary.closures:
        parts.append(words("case.covered"))
    return " ".join(parts)


def _choices(attention: Attention, sieve: Sieve, words: Words) -> dict[str, Any]:
    language = words.language
    newest = {rule.rule: getattr(rule.name, language) for rule in attention.rules.rules}
    return {
        "states": [(state, words.named("state", state), state == sieve.state) for state in STATES],
        "levels": [(str(one), words.named("level", str(one)), str(one) == sieve.level) for one in reversed(LEVELS)],
        "rules": [(rule, f"{rule} {name}", rule == sieve.rule) for rule, name in sorted(newest.items())],
        "areas": [(area, words.named("area", area), area == sieve.area) for area in AREAS],
        "owners": [(owner, words.named("owner", owner), owner == sieve.owner) for owner in OWNERS],
    }


def add_case_pages(app: FastAPI, cases: CasePages, pages: Pages) -> None:
    """The routes of these pages."""
    app.add_route(WORK_LIST, for_people(cases.work_list, pages), methods=["GET"], include_in_schema=False)
    app.add_route(
        WORK_LIST + "/{alert}/kennisname",
        for_people(cases.acknowledge, pages),
        methods=["POST"],
        include_in_schema=False,
    )
    app.add_route(CASE + "/{person}", for_people(cases.case, pages), methods=["GET"], include_in_schema=False)
