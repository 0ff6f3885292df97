"""`GET /v1/cases/{pseudonym}`: one case for those who may see it; every look is in the access log first."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Protocol

from fastapi import FastAPI, Path, Query, Request
from pydantic import BaseModel, ConfigDict
from pydantic_core import to_json
from starlette.responses import Response

from services.monitor.access import Access, Deed, Places, places_of
from services.monitor.alerts.conditions.alert import Alert
from services.monitor.alerts.telling import told
from services.monitor.cases.document import document
from services.monitor.cases.timeline import timeline
from services.monitor.dossier.state import Dossier
from services.monitor.flags.places import Places as RegisterPlaces
from services.monitor.flags.standing import in_order, person_flags
from services.monitor.history.history import History
from services.monitor.history.moments import KnownMoment, OnDay
from shared.api_rules import BASE, require_acceptable
from shared.calendar import calendar_date, end_of

JSON = "application/json"
SCOPE = "cases:read"


class AlertsOf(Protocol):
    """The alerts of a dossier at a moment, the most pressing first."""

    def __call__(self, dossier: Dossier, *, at: datetime) -> Sequence[Alert]: ...


Pseudonym = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{16,64}$", description="Of the young person.")]


class Wanted(BaseModel):
    """The case of which day, as known at which moment."""

    model_config = ConfigDict(extra="forbid")

    on: OnDay | None = None
    known: KnownMoment | None = None


def add_cases(app: FastAPI, history: History, *, access: Access, alerts: AlertsOf) -> None:
    """The route /v1/cases/{pseudonym}; `alerts` says which of them a dossier has at a moment."""

    def places(pseudonym: str) -> Places | None:
        dossier = history.known_at().dossier_of(pseudonym)
        return None if dossier is None else places_of(dossier)

    def compute(pseudonym: str, wanted: Wanted) -> dict[str, Any]:
        return case(history, pseudonym, wanted, alerts=alerts)

    async def read_case(request: Request, pseudonym: Pseudonym, wanted: Annotated[Wanted, Query()]) -> Response:
        """Closures, placements, titles and the days without one, waits, flags, and every fact with what became of it.

        Who may see a young person is decided by where that person is now, or last was, whatever day is asked about.
        Of pseudonyms that are merged each leads to the one case: `person` names it, and `also` has the others.
        """
        require_acceptable(request, JSON)
        await access.require(request, scope=SCOPE, person=pseudonym)
        known_places = await asyncio.to_thread(places, pseudonym)
        await access.disclose(request, Deed("case-read", "R", SCOPE), pseudonym, places=known_places)
        return Response(to_json(await asyncio.to_thread(compute, pseudonym, wanted)), media_type=JSON)

    app.add_api_route(
        BASE + "/cases/{pseudonym}",
        read_case,
        methods=["GET"],
        operation_id="readCase",
        summary="Read the case of one young person",
        tags=["cases"],
        response_class=Response,
        responses={200: {"description": "The case.", "content": {JSON: {"schema": {"type": "object"}}}}},
        openapi_extra={"security": [{"bearer": []}]},
    )


def case(history: History, person: str, wanted: Wanted, *, alerts: AlertsOf) -> dict[str, Any]:
    """The document of a case; of a moment before anything was known of this person an empty one.

    Of who is quarantined it is what was known before the first of the facts that are parked.
    """
    known = history.known_at(wanted.known)
    on: date = wanted.on or calendar_date(known.known)
    dossier = known.dossier_of(person) or Dossier(person, (), (), (), (), ())
    flags = in_order(person_flags(dossier, RegisterPlaces(known.register), on=on))
    entries = timeline(dossier.person, history.facts_of(dossier, known.known))
    held = history.held((dossier.person, *dossier.also), wanted.known)
    found = document(dossier, entries, flags, on=on, known=known.known, final=known.final)
    found["alerts"] = [told(one) for one in alerts(dossier, at=_moment(on, known.known))]
    return found | {"quarantined": held.quarantined, "parked": held.parked}


def _moment(on: date, known: datetime) -> datetime:
    """Of today the moment that is asked about: what is counted in hours may not hold yet. Of another day its last."""
    return known if on == calendar_date(known) else end_of(on)
