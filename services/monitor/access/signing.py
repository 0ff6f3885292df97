"""Signing in with an account of this installation, and signing out: GET and POST /aanmelden, POST /afmelden."""

import asyncio
import math
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlencode

from fastapi import FastAPI
from sqlalchemy.exc import IntegrityError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.monitor.access.attempts import Attempts
from services.monitor.access.entry import Access
from services.monitor.access.forms import form, was_made_here
from services.monitor.access.log import Deed
from services.monitor.access.person import Person
from services.monitor.access.reader import Reader
from services.monitor.access.sign_in_page import Shown, SignInPage, where_to
from shared.logs import get_logger

CHECKS_MAX = 2
"""Passwords that are checked at one time: each takes a core and 19 MiB."""

NOBODY_KNOWN = Reader("unknown", "public")
"""Who tried an account that does not exist; what they typed as a name may be a password, so it is not kept."""

_log = get_logger()


@dataclass(slots=True)
class Signing:
    """Signs people in and out. Belongs to one event loop."""

    access: Access
    page: SignInPage
    attempts: Attempts = field(default_factory=Attempts)
    _checks: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CHECKS_MAX))

    async def show(self, request: Request) -> Response:
        """The page to sign in, or who is signed in."""
        asked = request.query_params
        told = "signed_out" if "out" in asked else None
        return await self.page.show(request, Shown(asked.get("lang"), where_to(asked.get("to")), told=told))

    async def sign_in(self, request: Request) -> Response:
        """Check the name and the password, and begin a session."""
        sent = await form(request)
        shown = Shown(sent.get("lang"), where_to(sent.get("to")), name=sent.get("name", "").strip().lower()[:64])
        visit = self.access.cookies.visit(request)
        if visit is None or not await was_made_here(request, secret=visit):
            return await self.page.show(request, shown.telling("stale", status=403))
        address = None if request.client is None else request.client.host
        wait = self.attempts.wait(account=shown.name, address=address, now=self.access.people.clock())
        if wait > timedelta(0):
            seconds = math.ceil(wait.total_seconds())
            return await self.page.show(request, shown.telling("slowly", status=429, seconds=seconds))
        async with self._checks:
            person = await asyncio.to_thread(self._checked, shown.name, sent.get("password", ""))
        if person is None:
            await self._note_refusal(request, shown.name)
            return await self.page.show(request, shown.telling("wrong", status=400))
        try:
            response = await self.begin(request, person, of_account=True, to=shown.to)
        except IntegrityError:  # The account was removed meanwhile.
            return await self.page.show(request, shown.telling("wrong", status=400))
        self.attempts.forgive(account=shown.name, address=address)
        return response

    async def begin(self, request: Request, person: Person, *, of_account: bool, to: str) -> Response:
        """A session for who proved who they are, and onward. Raises IntegrityError when the account is gone."""
        cookies, sessions = self.access.cookies, self.access.people.sessions
        before = cookies.session(request)
        made = await asyncio.to_thread(sessions.start, person, of_account=of_account, instead_of=before)
        await self.access.note(request, person.reader(), Deed("signed-in", "E", None), persons=[None])
        response = RedirectResponse(to, status_code=303)
        cookies.keep(response, cookies.session_name, made)
        cookies.forget(response, cookies.visit_name)
        return response

    async def sign_out(self, request: Request) -> Response:
        """End the session, here and in the browser."""
        reader = await self.access.reader(request)
        sent = await form(request)
        query = {"out": "1"} | ({"lang": "en"} if sent.get("lang") == "en" else {})
        response = RedirectResponse(f"/aanmelden?{urlencode(query)}", status_code=303)
        session = self.access.cookies.session(request)
        if session is not None:
            await asyncio.to_thread(self.access.people.sessions.end, session)
            self.access.cookies.forget(response, self.access.cookies.session_name)
        if reader.kind == "person":
            await self.access.note(request, reader, Deed("signed-out", "E", None), persons=[None])
        return response

    def _checked(self, name: str, password: str) -> Person | None:
        return self.access.people.accounts.check(name, password)

    async def _note_refusal(self, request: Request, name: str) -> None:
        known = await asyncio.to_thread(self.access.people.accounts.known, name)
        # Written for an unknown account as well, so that both take as long.
        tried = Reader(name, "person") if known else NOBODY_KNOWN
        await self.access.note(request, tried, Deed("sign-in-refused", "E", None, "refused"), persons=[None])
        _log.warning("sign_in_refused", known=known, address=request.client.host if request.client else None)


def add_signing_in(app: FastAPI, signing: Signing) -> None:
    """The routes of signing in and out."""
    app.add_route("/aanmelden", signing.show, methods=["GET"], include_in_schema=False)
    app.add_route("/aanmelden", signing.sign_in, methods=["POST"], include_in_schema=False)
    app.add_route("/afmelden", signing.sign_out, methods=["POST"], include_in_schema=False)
