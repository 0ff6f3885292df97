"""Signing in at an organisation's own identity provider: leaving for it, and coming back."""

import asyncio
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_urlsafe

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.monitor.access.grants import Grant, grants_in, name_of, person_of
from services.monitor.access.log import Deed
from services.monitor.access.provider import Client, Provider, ProviderSilent, SignInRefused
from services.monitor.access.reader import Reader
from services.monitor.access.sign_in_page import Shown, where_to
from services.monitor.access.signing import Signing
from shared.clock import Clock
from shared.logs import get_logger
from shared.settings import Settings

BACK = "/aanmelden/terug"
_VISIT_BYTES = 32
_LENGTH_MAX = 4096
"""Characters of a code or a state that are looked at."""

_log = get_logger()


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Sends people to the provider, and signs them in when they come back. Belongs to one event loop."""

    signing: Signing
    provider: Provider
    grants: Sequence[Grant]
    name_claim: str

    async def leave(self, request: Request) -> Response:
        """Send the browser to the provider; what it must bring back is kept here, under its cookie."""
        shown = Shown(request.query_params.get("lang"), where_to(request.query_params.get("to")))
        people, cookies = self.signing.access.people, self.signing.access.cookies
        address = None if request.client is None else request.client.host
        wait = self.signing.attempts.wait_to_leave(address=address, now=people.clock())
        if wait > timedelta(0):
            seconds = math.ceil(wait.total_seconds())
            return await self.signing.page.show(request, shown.telling("slowly", status=429, seconds=seconds))
        visit = cookies.visit(request) or token_urlsafe(_VISIT_BYTES)
        departure = await asyncio.to_thread(people.departures.leave, browser=visit, to=shown.to)
        try:
            response = RedirectResponse(await self.provider.address(departure), status_code=303)
        except ProviderSilent as silence:
            return await self._failed(request, shown, str(silence), status=503)
        cookies.keep(response, cookies.visit_name, visit)
        return response

    async def back(self, request: Request) -> Response:
        """Whoever comes back with what they left with, and a proof of who they are, is signed in."""
        asked, visit = request.query_params, self.signing.access.cookies.visit(request)
        state, code = (asked.get(name, "")[:_LENGTH_MAX] for name in ("state", "code"))
        shown = Shown(None, where_to(None))
        departure = None
        if visit is not None and self.provider.came_from_here(asked.get("iss")):
            departures = self.signing.access.people.departures
            departure = await asyncio.to_thread(departures.back, browser=visit, state=state)
        if departure is None or not code:
            return await self._failed(request, shown, "nobody left so, or the provider refused", status=400)
        try:
            claims = await self.provider.claims(code, departure)
        except SignInRefused as refusal:
            return await self._failed(request, shown, str(refusal), status=400)
        except ProviderSilent as silence:
            return await self._failed(request, shown, str(silence), status=503)
        person = person_of(claims, self.grants, name_claim=self.name_claim)
        if person is None:
            nobody = Reader(name_of(claims, name_claim=self.name_claim), "person")
            refused = Deed("sign-in-refused", "E", None, "refused")
            await self.signing.access.note(request, nobody, refused, persons=[None])
            return await self.signing.page.show(request, shown.telling("elsewhere_nothing", status=403))
        return await self.signing.begin(request, person, of_account=False, to=departure.to)

    async def _failed(self, request: Request, shown: Shown, reason: str, *, status: int) -> Response:
        _log.warning("sign_in_elsewhere_failed", reason=reason)
        return await self.signing.page.show(request, shown.telling("elsewhere_failed", status=status))


def elsewhere(settings: Settings, signing: Signing, *, clock: Clock) -> Elsewhere | None:
    """Signing in at the provider of the settings; None without one.

    Raises GrantsInvalid when what it gives people cannot be read.
    """
    if settings.oidc_issuer is None:
        return None
    client = Client(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        scope=settings.oidc_scope,
        back=settings.service_url("monitor") + BACK,
    )
    grants = () if settings.oidc_grants is None else grants_in(settings.oidc_grants)
    return Elsewhere(signing, Provider(client, clock), grants, settings.oidc_name_claim)


def add_elsewhere(app: FastAPI, found: Elsewhere) -> None:
    """The routes of leaving and coming back."""
    app.add_route("/aanmelden/organisatie", found.leave, methods=["GET"], include_in_schema=False)
    app.add_route(BACK, found.back, methods=["GET"], include_in_schema=False)
