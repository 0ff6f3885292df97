"""The pages of the figures: the overview, each picture alone (and its numbers as JSON and CSV), and two of text."""

import asyncio
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.monitor.access import Reader
from services.monitor.cockpit.addresses import view_of
from services.monitor.cockpit.attention import Attention
from services.monitor.cockpit.charts.lettering import on_day
from services.monitor.cockpit.definitions import Definition, definition_of
from services.monitor.cockpit.mishaps import for_people
from services.monitor.cockpit.overview import PANELS, Made, Overview, Standing, counted_as
from services.monitor.cockpit.panels.panel import Panel
from services.monitor.cockpit.rendering import ACCESSIBLE, EXPLAIN, OVERVIEW, WORK_LIST, Pages, Place
from services.monitor.cockpit.sieve import Sieve
from services.monitor.cockpit.view import PERIODS, View
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.rendering import as_csv, as_json
from shared.api_rules import require_acceptable
from shared.calendar import calendar_date
from shared.clock import Clock
from shared.facts.regions import AREA_OF, AREAS, REGIONS
from shared.problems import NOT_FOUND, Problem
from shared.settings import Settings

HTML, JSON, CSV = "text/html", "application/json", "text/csv"
FORMATS = {"html": HTML, "json": JSON, "csv": CSV}
PICTURE = "/beeld"
TEN = 10


class FigurePages:
    """Answers with pages. Belongs to one event loop."""

    def __init__(
        self, pages: Pages, overview: Overview, attention: Attention, *, settings: Settings, clock: Clock
    ) -> None:
        self._pages, self._overview, self._attention = pages, overview, attention
        self._settings, self._clock = settings, clock

    async def overview(self, request: Request) -> Response:
        """Everything on one page."""
        reader = await self._reader(request)
        view, wrong = view_of(request.query_params, today=calendar_date(self._clock()))
        view, inside, keys, made, notice = await asyncio.to_thread(self._everything, reader, view)
        cases, unseen = None, ""
        if reader.may("cases:read"):
            unseen = await asyncio.to_thread(self._attention.notice, view.language)
            cases = await self._attention.most_pressing(request, reader, view, limit=TEN)
        return await self._pages.render(
            request,
            "overview.html",
            self._place(OVERVIEW, view.words("site.overview"), view),
            view.language,
            page={
                "lead": self._lead(view, reader, inside=inside),
                "action": OVERVIEW,
                "wrong": ", ".join(wrong),
                "notice": notice,
                "inside": inside,
            },
            keys=keys,
            cases=cases,
            work_list=WORK_LIST + Sieve(area=view.area).query(view.language, page=1),
            unseen=unseen,
            choices=choices(view),
            panels=[self._shown(one, view) for one in made],
            status=400 if wrong else 200,
        )

    async def picture(self, request: Request) -> Response:
        """One picture, or the answers behind it."""
        reader = await self._reader(request)
        name = request.path_params["name"]
        view, wrong = view_of(request.query_params, today=calendar_date(self._clock()))
        asked = FORMATS.get(request.query_params.get("als", ""))
        media_type = asked or require_acceptable(request, HTML, JSON, CSV)
        view, inside = await asyncio.to_thread(self._overview.settled, reader, view)
        at = await asyncio.to_thread(self._overview.standing, reader, view, inside=inside)
        if media_type != HTML:
            return await self._numbers(request, at, name, media_type)
        try:
            made = await asyncio.to_thread(self._overview.panel, at, name)
            notice = await asyncio.to_thread(self._overview.notice, view, inside=inside)
        except KeyError as error:
            raise Problem(NOT_FOUND, "There is no such picture.") from error
        panel = PANELS.get(name)
        return await self._pages.render(
            request,
            "alone.html",
            self._place(f"{PICTURE}/{name}", made.title, view),
            view.language,
            page={"lead": self._lead(view, reader, inside=inside), "back": OVERVIEW + view.query(), "notice": notice},
            one=self._shown(made, view),
            definitions=_definitions(panel, view),
            status=400 if wrong else 200,
        )

    async def explain(self, request: Request) -> Response:
        """How to read the pages."""
        return await self._text(request, EXPLAIN, "explain.html", "site.explain")

    async def accessibility(self, request: Request) -> Response:
        """The statement on accessibility."""
        return await self._text(request, ACCESSIBLE, "accessibility.html", "site.accessibility")

    async def _text(self, request: Request, path: str, template: str, title: str) -> Response:
        view, _ = view_of(request.query_params, today=calendar_date(self._clock()))
        place = Place(path, view.words(title))
        return await self._pages.render(request, template, place, view.language, settings=self._settings)

    async def _reader(self, request: Request) -> Reader:
        reader = await self._pages.access.reader(request)
        if reader.may("figures:exact"):
            return reader
        return await self._pages.access.require(request, scope="figures:read")

    def _everything(self, reader: Reader, view: View) -> tuple[View, bool, list[Any], list[Made], str]:
        view, inside = self._overview.settled(reader, view)
        at = self._overview.standing(reader, view, inside=inside)
        notice = self._overview.notice(view, inside=inside)
        return view, inside, list(self._overview.keys(at)), list(self._overview.panels(at)), notice

    async def _numbers(self, request: Request, at: Standing, name: str, media_type: str) -> Response:
        """The answers behind a picture: as JSON all of them, as CSV the one that `cijfer` names, or the first."""
        panel = PANELS.get(name)
        if panel is None or (panel.exact_only and not at.reader.exact):
            raise Problem(NOT_FOUND, "There is no such picture, or it has no figures of its own.")
        answers = await asyncio.to_thread(self._overview.answers, at, panel)
        figures = {key: FIGURES[one.figure] for key, one in panel.asks(at.view).items()}
        headers = {"Vary": "Accept, Authorization, Cookie"}
        if media_type == JSON:
            body = {key: as_json(figures[key], shown) for key, shown in answers.items()}
            return JSONResponse({"picture": name, "figures": body}, headers=headers)
        key = request.query_params.get("cijfer", next(iter(answers)))
        if key not in answers:
            raise Problem(NOT_FOUND, f"This picture has the figures {', '.join(answers)}.")
        return Response(as_csv(figures[key], answers[key]), media_type=CSV, headers=headers)

    def _place(self, path: str, title: str, view: View) -> Place:
        other = "en" if view.language == "nl" else None
        return Place(path, title, view.query(), view.query(lang=other) or "?")

    def _lead(self, view: View, reader: Reader, *, inside: bool) -> str:
        words = view.words
        on = on_day(view.on, view.language)
        lead = words("view.exact" if inside else "view.public", place=view.place, on=on)
        if not inside:
            lead += " " + words("view.release", known=on_day(self._overview.release(view.known), view.language))
        elif view.known is not None:
            lead += " " + words("view.known", known=on_day(view.known, view.language))
        if not inside and reader.may("figures:exact") and (reader.areas or reader.regions):
            lead += " " + words("view.own")
        return lead

    def _shown(self, made: Made, view: View) -> dict[str, Any]:
        """A panel as the template wants it."""
        words, address = view.words, f"{PICTURE}/{made.name}"
        settled = self._settings.settled_days
        keys = list(PANELS[made.name].asks(view)) if made.name in PANELS else []
        return {
            "name": made.name,
            "title": made.title,
            "drawn": made.drawn,
            "coarser": made.coarser,
            "provisional": words("view.provisionalhelp", days=settled) if made.provisional else "",
            "counted": counted_as(made, view),
            "address": address + view.query() if keys else "",
            "sources": [
                {
                    "name": key,
                    "csv": address + view.query(als="csv", cijfer=key),
                    "json": address + view.query(als="json"),
                }
                for key in keys[:1]
            ],
        }


def choices(view: View) -> Mapping[str, Any]:
    """What the form offers, with what is chosen."""
    words = view.words
    return {
        "areas": [{"value": area, "label": words.named("area", area), "chosen": area == view.area} for area in AREAS],
        "regions": [
            {
                "label": words.named("area", area),
                "options": [
                    {"value": code, "label": name, "chosen": code == view.region}
                    for code, name in sorted(REGIONS.items(), key=lambda item: item[1])
                    if AREA_OF[code] == area
                ],
            }
            for area in AREAS
            if view.area in (None, area)
        ],
        "periods": [
            {"value": months, "label": words("filter.months", n=months), "chosen": months == view.months}
            for months in PERIODS
        ],
        "on": view.asked_on.isoformat() if view.asked_on else "",
        "known": view.known.isoformat() if view.known else "",
    }


def _definitions(panel: Panel | None, view: View) -> list[Definition]:
    if panel is None:
        return []
    names = dict.fromkeys(one.figure for one in panel.asks(view).values())
    return [definition_of(FIGURES[name], view.language) for name in names]


def add_figure_pages(app: FastAPI, figures: FigurePages, pages: Pages) -> None:
    """The routes of these pages."""
    for path, answer in (
        (OVERVIEW, figures.overview),
        (PICTURE + "/{name}", figures.picture),
        (EXPLAIN, figures.explain),
        (ACCESSIBLE, figures.accessibility),
    ):
        app.add_route(path, for_people(answer, pages), methods=["GET"], include_in_schema=False)
