"""The page to sign in on: what it shows, in which language, and where it leads."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from secrets import token_urlsafe
from urllib.parse import parse_qsl, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from services.monitor.access.entry import Access
from services.monitor.access.forms import form_token
from services.monitor.access.pages import page
from services.monitor.access.words import WORDS, language_of

TEMPLATES = Path(__file__).parents[1] / "cockpit" / "templates"
HOME = "/"
_LOCAL = re.compile(r"/(?![/\\])[!-\[\]-~]{0,1000}")
_RANDOM_BYTES = 32


@dataclass(frozen=True, slots=True)
class Shown:
    """What one showing of the page depends on."""

    lang: str | None
    to: str
    """Where to go when signed in: an address of this monitor."""
    name: str = ""
    told: str | None = None
    """Which of the words is told above the form."""
    status: int = 200
    seconds: int = 0
    """How long to wait before the next try."""

    def telling(self, told: str, *, status: int, seconds: int = 0) -> "Shown":
        """The same, with something told."""
        return replace(self, told=told, status=status, seconds=seconds)


class SignInPage:
    """Renders the page for a browser."""

    def __init__(self, access: Access, *, elsewhere: bool, files: Mapping[str, str]) -> None:
        self._access = access
        self._elsewhere = elsewhere
        self._files = files
        environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
        self._template = environment.get_template("aanmelden.html")

    async def show(self, request: Request, shown: Shown) -> Response:
        """The page; its form carries a token that goes with a cookie of this visit."""
        cookies = self._access.cookies
        language = language_of(shown.lang)
        other = "nl" if language == "en" else "en"
        reader = await self._access.signed_in(request)
        visit = cookies.visit(request) or token_urlsafe(_RANDOM_BYTES)
        signed_in = reader.kind == "person"
        response = page(
            self._template.render(
                language=language,
                words=WORDS[language],
                message=WORDS[language][shown.told].format(seconds=shown.seconds) if shown.told else None,
                reader=reader,
                csrf=self._access.form_token(request) if signed_in else form_token(visit),
                to=in_language(shown.to, language),
                other={"lang": other, "to": in_language(shown.to, other)},
                name=shown.name,
                elsewhere=self._elsewhere,
                files=self._files,
            ),
            status=shown.status,
        )
        response.headers["Content-Language"] = language
        if shown.seconds:
            response.headers["Retry-After"] = str(shown.seconds)
        if not signed_in:
            cookies.keep(response, cookies.visit_name, visit)
        return response


def in_language(address: str, language: str) -> str:
    """The same address of this monitor in a language; Dutch is what it is in without a word about it."""
    path, _, query = address.partition("?")
    kept = [(key, value) for key, value in parse_qsl(query, keep_blank_values=True) if key != "lang"]
    written = urlencode(kept if language == "nl" else [*kept, ("lang", language)])
    return f"{path}?{written}" if written else path


def where_to(asked: str | None) -> str:
    """The address of this monitor that was asked for, its home for anything else: never another host."""
    return asked if asked is not None and _LOCAL.fullmatch(asked) else HOME
