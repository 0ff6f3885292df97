"""`GET /v1/flags`: the flags that stand on a day; operations see those of whom they may see, a publisher its own."""

import asyncio
import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import FastAPI, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import to_json
from starlette.responses import Response

from services.monitor.access import Access, Deed, Reader, may_see, places_of, within
from services.monitor.dossier.flags import FLAGS
from services.monitor.dossier.state import Severity
from services.monitor.flags.book import FlagBook
from services.monitor.flags.standing import Standing, counted
from services.monitor.history.history import History
from services.monitor.history.known import Known
from services.monitor.history.moments import KnownMoment, OnDay
from shared.api_rules import BASE, require_acceptable
from shared.calendar import calendar_date, rfc3339
from shared.facts.lists import Area
from shared.facts.regions import AREA_OF

PAGE_MAX = 1_000
PAGE_DEFAULT = 100
SCOPE = "cases:read"
OWN_SCOPES = ("facts:write", "facts:read")
"""With any of these a publisher sees the flags on its own facts."""
_OBJECT, _TEXT = {"type": "object"}, {"type": "string"}
JSON, CSV = "application/json", "text/csv"
COLUMNS = (
    *("on", "known", "code", "severity", "since", "until", "days", "about"),
    *("source", "person", "accommodation", "region", "area"),
)


class Wanted(BaseModel):
    """Which flags; an unknown key is refused, as the answer without it would be another."""

    model_config = ConfigDict(extra="forbid")

    on: OnDay | None = None
    known: KnownMoment | None = None
    code: Annotated[str | None, Field(pattern=r"^F\d{1,2}$", description="Only flags of this code.")] = None
    severity: Annotated[Severity | None, Field(description="Only flags that are this bad.")] = None
    source: Annotated[str | None, Field(max_length=220, description="Only flags on facts of this source.")] = None
    area: Annotated[Area | None, Field(description="Only flags in this area.")] = None
    after: Annotated[int, Field(ge=0, le=10_000_000, description="How many flags the pages before had.")] = 0
    limit: Annotated[int, Field(ge=1, le=PAGE_MAX, description="The most that one page holds.")] = PAGE_DEFAULT

    def fits(self, flag: Standing) -> bool:
        """Whether this flag is asked for."""
        return (
            (self.code is None or flag.code == self.code)
            and (self.severity is None or flag.severity == self.severity)
            and (self.source is None or flag.source == self.source)
            and (self.area is None or area_of(flag) == self.area)
        )

    def address(self, known: datetime, on: date) -> str:
        """Of the next page, of the same moment and day."""
        given = self.model_dump(mode="json", exclude_none=True, exclude={"on", "known", "after"})
        query = {**given, "on": on.isoformat(), "known": rfc3339(known), "after": self.after + self.limit}
        return f"{BASE}/flags?{urlencode(query)}"


@dataclass(frozen=True, slots=True)
class Page:
    """A page of flags, and of how many it is one."""

    known: Known
    on: date
    flags: Sequence[Standing]
    by_code: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.by_code.values())

    @property
    def persons(self) -> list[str]:
        """Whom it is about, once each."""
        return sorted({flag.person for flag in self.flags if flag.person is not None})


def add_flags(app: FastAPI, history: History, book: FlagBook, *, access: Access) -> None:
    """The route /v1/flags."""

    def find(reader: Reader, wanted: Wanted) -> Page:
        known = history.known_at(wanted.known)
        on = wanted.on or calendar_date(known.known)
        seen = visible(book.standing(known, on=on), known, reader)
        fitting = [flag for flag in seen if wanted.fits(flag)]
        by_code = dict(sorted(counted(fitting).items(), key=lambda item: int(item[0][1:])))
        return Page(known, on, fitting[wanted.after : wanted.after + wanted.limit], by_code)

    async def list_flags(request: Request, wanted: Annotated[Wanted, Query()]) -> Response:
        """What is missing or contradicts, the worst first. Each clears by itself when the fact that mends it is there.

        With the scope cases:read the flags of those whom the reader may see; with facts:write or facts:read a publisher
        sees those on facts of its own sources. The codes are explained in the documentation (docs/flags.md).
        """
        reader = await access.reader(request)
        if not _sees_its_own(reader):
            await access.require(request, scope=SCOPE)
        media_type = require_acceptable(request, JSON, CSV)
        page = await asyncio.to_thread(find, reader, wanted)
        await access.note(request, reader, Deed("flags-read", "R", SCOPE), persons=page.persons)
        more = wanted.after + len(page.flags) < page.total
        headers = {"Link": f'<{wanted.address(page.known.known, page.on)}>; rel="next"'} if more else {}
        body = as_json(page) if media_type == JSON else as_csv(page)
        return Response(body, media_type=media_type, headers=headers)

    app.add_api_route(
        f"{BASE}/flags",
        list_flags,
        methods=["GET"],
        operation_id="listFlags",
        summary="List what is missing or contradicts",
        tags=["flags"],
        response_class=Response,
        responses={200: {"description": "Flags.", "content": {JSON: {"schema": _OBJECT}, CSV: {"schema": _TEXT}}}},
        openapi_extra={"security": [{"bearer": []}]},
    )


def visible(flags: Sequence[Standing], known: Known, reader: Reader) -> list[Standing]:
    """Those that this reader may see: on facts of its own sources, and of whom and where it may see."""
    if reader.may(SCOPE) and reader.national:
        return list(flags)
    persons = {flag.person for flag in flags if flag.person is not None}
    seen = set()
    for dossier in known.dossiers if reader.may(SCOPE) else ():
        if dossier.person in persons:
            places = places_of(dossier)
            if may_see(reader, regions=places.regions, accommodations=places.accommodations):
                seen.add(dossier.person)
    sources = reader.sources if _sees_its_own(reader) else frozenset()
    return [flag for flag in flags if flag.source in sources or flag.person in seen or _of_its_own(flag, reader)]


def _sees_its_own(reader: Reader) -> bool:
    """Whether it may see what is said of the facts of its sources; a token for something else may not."""
    return reader.kind == "publisher" and any(reader.may(scope) for scope in OWN_SCOPES)


def _of_its_own(flag: Standing, reader: Reader) -> bool:
    """Whether it is about an accommodation that the reader may see."""
    if flag.person is not None or flag.accommodation is None or not reader.may(SCOPE):
        return False
    area = area_of(flag)
    return within(reader.accommodations, flag.accommodation) or (area is not None and within(reader.areas, area))


def area_of(flag: Standing) -> str | None:
    """The area in which it is; None of a source, and of a person of whom no place is known."""
    return AREA_OF.get(flag.region or "")


def as_json(page: Page) -> bytes:
    """The page as a JSON object, with what each code means."""
    codes = sorted({flag.code for flag in page.flags}, key=lambda code: int(code[1:]))
    return to_json(
        {
            "on": page.on,
            "known": rfc3339(page.known.known),
            "final": page.known.final,
            "total": page.total,
            "counts": page.by_code,
            "flags": [_members(flag) for flag in page.flags],
            "codes": {code: {"meaning": FLAGS[code].meaning, "clears": FLAGS[code].clears} for code in codes},
        }
    )


def _members(flag: Standing) -> dict[str, Any]:
    return {
        "code": flag.code,
        "severity": flag.severity,
        "since": flag.since_on,
        "until": flag.until_on,
        "days": flag.days,
        "about": flag.about,
        "source": flag.source,
        "person": flag.person,
        "accommodation": flag.accommodation,
        "region": flag.region,
        "area": area_of(flag),
    }


def as_csv(page: Page) -> str:
    """The page as lines of the same columns; the moment and the day stand on each."""
    text = StringIO()
    lines = csv.writer(text, lineterminator="\r\n")
    lines.writerow(COLUMNS)
    for flag in page.flags:
        said = {"on": page.on, "known": rfc3339(page.known.known), **_members(flag)}
        lines.writerow(["" if said[column] is None else said[column] for column in COLUMNS])
    return text.getvalue()
