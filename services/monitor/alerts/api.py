"""The alerts over HTTP: the list, one alert and its history, its acknowledgement, the digest, and the summary."""

import asyncio
from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import FastAPI, Query, Request
from pydantic import ValidationError
from sqlalchemy import Engine
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from services.monitor.access import Access, Deed, Places, Reader, may_see
from services.monitor.access.forms import whole_body
from services.monitor.alerts.acknowledging import DAYS_MAX, Changed, NotOpen, Said, acknowledge
from services.monitor.alerts.answers import (
    AcknowledgementRequest,
    AlertDetail,
    AlertPage,
    AlertQuery,
    as_csv,
    detail,
    item,
)
from services.monitor.alerts.conditions.rules import Owner, Rulebook
from services.monitor.alerts.digest import Digest, Links, as_html, as_text, digest
from services.monitor.alerts.documentation import EXTRA, RESPONSES
from services.monitor.alerts.listing import Entry, Wanted, by_person, find, histories, listed, persons_of, tally
from services.monitor.alerts.looked import Looked, looked
from services.monitor.alerts.summary import ALERTS_MAX, TooMany, lines, outcomes
from services.monitor.alerts.summary_answers import AlertSummary, SummaryQuery, as_summary, summary_as_csv
from shared.api_rules import BASE, require_acceptable
from shared.calendar import calendar_date
from shared.clock import Clock
from shared.databases import reading
from shared.facts.lists import Area
from shared.problems import (
    ALERT_CHANGED,
    ALERT_NOT_OPEN,
    BSN,
    INVALID_REQUEST,
    NOT_FOUND,
    PRECONDITION_REQUIRED,
    Fault,
    Problem,
)
from shared.pseudonym import contains_bsn

_VERSION_DIGITS_MAX = 9

READ = "cases:read"
WRITE = "alerts:write"


def add_alerts(app: FastAPI, engine: Engine, *, rules: Rulebook, clock: Clock, access: Access, address: str) -> None:
    """The routes under /v1/alerts; `address` is where people reach the monitor, for links in the digest."""
    desk = _Desk(engine, rules, clock, access, address)
    routes = (
        ("/alerts", desk.read_list, "GET", "listAlerts", "List the alerts, the most pressing first"),
        ("/alerts/digest", desk.read_digest, "GET", "readAlertDigest", "Read the digest of today: counts and links"),
        ("/alerts/summary", desk.read_summary, "GET", "summariseAlerts", "Count how alerts were followed up"),
        ("/alerts/{alert}", desk.read_one, "GET", "readAlert", "Read one alert, the facts behind it and its history"),
        (
            "/alerts/{alert}/acknowledgement",
            desk.acknowledge,
            "POST",
            "acknowledgeAlert",
            "Say what is done about an alert",
        ),
    )
    for path, endpoint, method, operation, summary in routes:
        app.add_api_route(
            f"{BASE}{path}",
            endpoint,
            methods=[method],
            operation_id=operation,
            summary=summary,
            tags=["alerts"],
            responses=RESPONSES[operation],
            response_class=Response if operation == "readAlertDigest" else JSONResponse,
            openapi_extra={"security": [{"bearer": []}], **EXTRA.get(operation, {})},
        )


class _Desk:
    def __init__(self, engine: Engine, rules: Rulebook, clock: Clock, access: Access, address: str) -> None:
        self._engine, self._reading, self._rules, self._clock = engine, reading(engine), rules, clock
        self._access, self._address = access, address

    async def read_list(self, request: Request, query: Annotated[AlertQuery, Query()]) -> AlertPage:
        """By level, then by the most pressing step that is missing, then by how long the case lasts.

        One alert for each rule and case: the highest threshold that holds. A young person stands on the list once, with
        the other alerts in `also`. A reader sees the alerts of its own areas, regions and accommodations. As CSV it is
        every alert by itself, without pages.
        """
        reader = await self._access.require(request, scope=READ)
        media_type = require_acceptable(request, "application/json", "text/csv")
        wanted = Wanted(
            tuple(query.state or ("open",)),
            tuple(query.level),
            tuple(query.rule),
            tuple(query.area),
            tuple(query.accommodation),
            tuple(query.owner),
        )
        every, seen = await asyncio.to_thread(self._list, wanted, reader)
        if media_type == "text/csv":
            await self._access.note(request, reader, Deed("alerts", "R", READ), persons=persons_of(every))
            return Response(as_csv(every), media_type="text/csv; charset=utf-8; header=present")  # type: ignore[return-value]
        rows = by_person(every) if query.each == "person" else [(entry, ()) for entry in every]
        shown = rows[(query.page - 1) * query.page_size : query.page * query.page_size]
        persons = persons_of([entry for entry, _ in shown])
        await self._access.note(request, reader, Deed("alerts", "R", READ), persons=persons)
        return AlertPage(
            on=calendar_date(self._clock()),
            total=len(every),
            by_level=tally(every),
            page=query.page,
            pages=max(1, -(-len(rows) // query.page_size)),
            looked_at=seen.until,
            quarantined=seen.quarantined,
            items=[item(entry, others) for entry, others in shown],
        )

    async def read_one(self, request: Request, alert: str) -> AlertDetail:
        """The answer carries an ETag: send it as If-Match with an acknowledgement."""
        reader = await self._access.require(request, scope=READ)
        entry = await self._found(request, reader, alert, Deed("alert", "R", READ))
        return await self._detail(entry)

    async def acknowledge(self, request: Request, alert: str) -> AlertDetail:
        """Take it off the open list until a day, with a note. It is open again when a higher threshold is reached.

        `If-Match` is the ETag of the alert as it was seen: 428 without it, 412 when it has changed since.
        """
        reader = await self._access.require(request, scope=WRITE)
        entry = await self._found(request, reader, alert, Deed("acknowledge-alert", "U", WRITE))
        seen = _seen(request)
        now = self._clock()
        said = await _said(request, reader, now)
        try:
            await asyncio.to_thread(acknowledge, self._engine, entry.kept.id, said, seen=seen, at=now)
        except Changed as error:
            raise Problem(ALERT_CHANGED, "The alert is not as it was seen; read it again.") from error
        except NotOpen as error:
            raise Problem(ALERT_NOT_OPEN, "The alert was closed, or a higher threshold has taken its place.") from error
        again = await asyncio.to_thread(self._find, alert)
        assert again is not None
        return await self._detail(again)

    async def read_digest(
        self,
        request: Request,
        area: Annotated[Area | None, Query(description="The team of this area; the country when absent")] = None,
        owner: Annotated[Owner | None, Query(description="Only what this role acts on")] = None,
    ) -> Response:
        """What is open, new and closed since yesterday, as counts and links; no case is named in it."""
        reader = await self._access.require(request, scope=READ)
        media_type = require_acceptable(request, "text/plain", "text/html")
        made = await asyncio.to_thread(self._digest, area, owner, reader)
        return HTMLResponse(as_html(made)) if media_type == "text/html" else PlainTextResponse(as_text(made))

    async def read_summary(self, request: Request, query: Annotated[SummaryQuery, Query()]) -> AlertSummary:
        """Of the alerts that were opened in [from, until): how soon they were acknowledged, and how they ended.

        By rule, threshold and level. A reader sees the alerts of its own areas, regions and accommodations.
        """
        reader = await self._access.require(request, scope=READ)
        media_type = require_acceptable(request, "application/json", "text/csv")
        window = query.days(today=calendar_date(self._clock()))
        if window[0] >= window[1]:
            fault = Fault("A day after the first", "until", parameter="until")
            raise Problem(INVALID_REQUEST, "The window has no day.", faults=[fault])
        try:
            summary = await asyncio.to_thread(self._summary, window, reader)
        except TooMany as error:
            fault = Fault(f"Fewer days: at most {ALERTS_MAX} alerts are looked at", "from", parameter="from")
            raise Problem(INVALID_REQUEST, "Too many alerts were opened on these days.", faults=[fault]) from error
        if media_type == "text/csv":
            return Response(summary_as_csv(summary), media_type="text/csv; charset=utf-8; header=present")  # type: ignore[return-value]
        return summary

    def _summary(self, window: tuple[date, date], reader: Reader) -> AlertSummary:
        def seen(region: str | None, accommodation: str | None) -> bool:
            return _sees_places(reader, _at(region, accommodation))

        with self._reading.begin() as connection:
            found = outcomes(connection, from_on=window[0], until_on=window[1], seen=seen)
        return as_summary(window, lines(found), rules=self._rules)

    def _digest(self, area: Area | None, owner: Owner | None, reader: Reader) -> Digest:
        with self._reading.begin() as connection:
            links = Links(self._address, lambda entry: _sees(reader, entry))
            return digest(connection, area=area, owner=owner, rules=self._rules, now=self._clock(), links=links)

    def _list(self, wanted: Wanted, reader: Reader) -> tuple[list[Entry], Looked]:
        with self._reading.begin() as connection:
            every = listed(connection, wanted, rules=self._rules, today=calendar_date(self._clock()))
            found = looked(connection)
        return [entry for entry in every if _sees(reader, entry)], found

    def _find(self, identity: str) -> Entry | None:
        with self._reading.begin() as connection:
            return find(connection, identity, rules=self._rules, today=calendar_date(self._clock()))

    async def _found(self, request: Request, reader: Reader, identity: str, deed: Deed) -> Entry:
        """The alert, when this reader may see it; that it was seen is logged. Raises the problem 404 otherwise."""
        entry = await asyncio.to_thread(self._find, identity)
        person = entry.kept.alert.case.person if entry else ""
        if entry is not None and person:
            await self._access.disclose(request, deed, person, places=_places(entry))
            return entry
        if entry is None or not _sees(reader, entry):
            raise Problem(NOT_FOUND, "There is no such alert among those this reader may see.")
        return entry

    async def _detail(self, entry: Entry) -> AlertDetail:
        def read() -> AlertDetail:
            with self._reading.begin() as connection:
                return detail(entry, histories(connection, [entry.kept.id])[entry.kept.id])

        said = await asyncio.to_thread(read)
        tag = {"ETag": f'"{entry.kept.version}"'}
        return JSONResponse(said.model_dump(mode="json", by_alias=True), headers=tag)  # type: ignore[return-value]


def _places(entry: Entry) -> Places:
    case = entry.kept.alert.case
    return _at(case.region, case.accommodation)


def _at(region: str | None, accommodation: str | None) -> Places:
    return Places(frozenset({region} if region else ()), frozenset({accommodation} if accommodation else ()))


def _sees(reader: Reader, entry: Entry) -> bool:
    return _sees_places(reader, _places(entry))


def _sees_places(reader: Reader, places: Places) -> bool:
    return may_see(reader, regions=places.regions, accommodations=places.accommodations)


def _seen(request: Request) -> int:
    """The version in If-Match. Raises the problem 428 without one, 412 for one that no alert ever has."""
    tag = request.headers.get("if-match")
    if tag is None:
        raise Problem(PRECONDITION_REQUIRED, "Send the ETag of the alert as it was seen, as If-Match.")
    number = tag.strip().removeprefix('"').removesuffix('"')
    if not number.isascii() or not number.isdigit() or len(number) > _VERSION_DIGITS_MAX:
        raise Problem(ALERT_CHANGED, "The alert never had this ETag; read it again.")
    return int(number)


async def _said(request: Request, reader: Reader, now: datetime) -> Said:
    try:
        body = AcknowledgementRequest.model_validate_json(await whole_body(request))
    except ValidationError as error:
        faults = [
            Fault(one["msg"], one["type"], pointer="/" + "/".join(map(str, one["loc"])))
            for one in error.errors(include_url=False, include_input=False, include_context=False)
        ]
        raise Problem(INVALID_REQUEST, "The body is not an acknowledgement.", faults=faults) from error
    if contains_bsn(body.note):
        raise Problem(BSN, "The note holds nine digits that pass the eleven-test of a BSN.")
    today = calendar_date(now)
    if not today < body.until <= today + timedelta(days=DAYS_MAX):
        fault = Fault(f"A day after today, at most {DAYS_MAX} days ahead", "until", pointer="/until")
        raise Problem(INVALID_REQUEST, "The day does not fit.", faults=[fault])
    return Said(reader.name, body.note, body.until)
