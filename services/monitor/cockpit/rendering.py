"""Templates filled in: what every page has around its content, and the answer that carries it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from services.monitor.access import Access, Reader
from services.monitor.access.pages import page
from services.monitor.cockpit.assets import Assets
from services.monitor.cockpit.charts.values import Language
from services.monitor.cockpit.words import words

TEMPLATES = Path(__file__).parent / "templates"
OVERVIEW, WORK_LIST, EXPLAIN, ACCESSIBLE = "/", "/werklijst", "/uitleg", "/toegankelijkheid"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page is, in the menu and in the browser."""

    path: str
    title: str
    query: str = ""
    """Of this page in its own language, with the question mark."""
    other_query: str = ""
    """Of the same page in the other language."""


class Pages:
    """Renders pages for whoever reads them."""

    def __init__(self, access: Access, assets: Assets) -> None:
        self.access = access
        self._assets = assets
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    async def render(
        self, request: Request, template: str, place: Place, language: Language, **content: Any
    ) -> Response:
        """The page; `status` and what else `page` needs of the content are taken out of it."""
        reader = await self.access.signed_in(request)
        status: int = content.pop("status", 200)
        around = self._around(request, place, language, reader) | content.pop("page", {})
        html = self._environment.get_template(template).render(
            page=around, words=words(language), assets=self._assets.named, **content
        )
        response = page(html, status=status)
        response.headers["Vary"] = "Accept, Cookie"
        response.headers["Content-Language"] = language
        return response

    def _around(self, request: Request, place: Place, language: Language, reader: Reader) -> dict[str, Any]:
        here = place.path + place.query
        elsewhere = place.path + (place.other_query or ("" if language == "en" else "?lang=en"))
        return {
            "language": language,
            "here": request.url.netloc + here,
            "alternates": {"nl": here, "en": elsewhere} if language == "nl" else {"nl": elsewhere, "en": here},
            "title": place.title,
            "menu": self._menu(place, language, reader),
            "lang_query": "?lang=en" if language == "en" else "",
            "other_language": elsewhere,
            "signed_in": reader.kind == "person",
            "reader": reader.name,
            "csrf": self.access.form_token(request) if reader.kind == "person" else "",
            "sign_in": "/aanmelden?" + urlencode({"to": here} | ({"lang": "en"} if language == "en" else {})),
        }

    def _menu(self, place: Place, language: Language, reader: Reader) -> list[Mapping[str, Any]]:
        shown = [(OVERVIEW, "site.overview"), (EXPLAIN, "site.explain")]
        if reader.may("cases:read"):
            shown.insert(1, (WORK_LIST, "site.worklist"))
        lang = "?lang=en" if language == "en" else ""
        return [
            {"address": path + lang, "label": words(language)(key), "current": path == place.path}
            for path, key in shown
        ]
