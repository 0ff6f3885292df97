"""Turns a request into a reader, lets it in or not, and logs what it sees: what nobody was given, nobody may do."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request

from services.monitor.access.cookies import Cookies
from services.monitor.access.forms import form_token, was_made_here
from services.monitor.access.log import Deed
from services.monitor.access.origin import origin_of
from services.monitor.access.people import People
from services.monitor.access.person import Person
from services.monitor.access.places import Places
from services.monitor.access.reader import ALL, NOBODY, PUBLIC, Bound, Reader, may_see
from shared.logs import get_logger
from shared.problems import FORBIDDEN, FORM_TOKEN, NOT_FOUND, NOT_LOGGED, UNAUTHENTICATED, Problem
from shared.publishers.gate import Gate
from shared.publishers.registry import ALL as EVERY
from shared.publishers.registry import Publisher
from shared.settings import Settings
from shared.this_machine import is_of_this_machine

LOGGED_SCOPE = "cases:read"
"""The scope whose refusals are logged, as every use of it is."""

_log = get_logger()


class Access:
    """Who is reading, and whether they may. Belongs to one event loop."""

    def __init__(self, gate: Gate, people: People, cookies: Cookies, *, settings: Settings) -> None:
        self.people = people
        self.cookies = cookies
        self._gate = gate
        self._metrics_open = settings.metrics_open
        self._public = PUBLIC if settings.figures_open else NOBODY

    async def reader(self, request: Request) -> Reader:
        """Who sent this: a publisher with a token, a person with a session, otherwise the public.

        Raises the problem 401 when a token is not known: a wrong one is never served as if there were none. Raises 403
        when a browser with a session sends what would change something without the token of one of our forms.
        """
        known: Reader | None = getattr(request.state, "reader", None)
        if known is None:
            known = request.state.reader = await self._recognise(request)
        return known

    async def signed_in(self, request: Request) -> Reader:
        """The person whose session the browser has, otherwise the public: for what a page shows, not does."""
        person = await self._person(request)
        return self._public if person is None else person.reader()

    async def require(self, request: Request, *, scope: str, person: str | None = None) -> Reader:
        """Who sent this, when it has the scope. Raises the problem 401 for the public, 403 for others.

        A refusal of `cases:read` goes to the access log, with the person it was about.
        """
        reader = await self.reader(request)
        if reader.may(scope) or (scope == "metrics:read" and self._metrics_open and is_of_this_machine(request)):
            return reader
        if reader.kind == "public":
            raise Problem(
                UNAUTHENTICATED,
                f"This needs the scope {scope}: sign in, or send `Authorization: Bearer` with a token that has it.",
                headers={"WWW-Authenticate": 'Bearer realm="doorstroom"'},
            )
        if scope == LOGGED_SCOPE:
            await self.note(request, reader, Deed("refused", "R", scope, "refused"), persons=[person])
        raise Problem(FORBIDDEN, f"This needs the scope {scope}.")

    async def disclose(self, request: Request, deed: Deed, person: str, *, places: Places | None) -> Reader:
        """Let a reader see one young person, and log it; what of theirs is answered may leave only after this.

        Raises the problem 404 for a young person the reader may not see, as for one who is not known (`places` is
        None): the answer does not tell which. All three are logged. Raises 503 when they cannot be.
        """
        reader = await self.require(request, scope=LOGGED_SCOPE, person=person)
        known = places is not None
        if places is not None and may_see(reader, regions=places.regions, accommodations=places.accommodations):
            await self.note(request, reader, deed, persons=[person])
            return reader
        await self.note(request, reader, replace(deed, outcome="refused" if known else "not-found"), persons=[person])
        raise Problem(NOT_FOUND, "There is no such young person among those this reader may see.")

    async def note(self, request: Request, reader: Reader, deed: Deed, *, persons: Sequence[str | None]) -> None:
        """Log what is about to be answered, a line for each young person; it is on disk when this returns.

        Raises the problem 503 when it cannot be written: then nothing may be answered.
        """
        origin = origin_of(request)
        try:
            head = await asyncio.to_thread(self.people.log.note, reader, deed, origin, persons=persons)
        except SQLAlchemyError as error:
            _log.exception("access_not_logged", deed=deed.event)
            raise Problem(NOT_LOGGED, "The access log cannot be written.", headers={"Retry-After": "5"}) from error
        # Also in the service's own log, so that cutting off the end of the access log is seen.
        _log.info("access_logged", lines=len(persons), head=str(head))

    def form_token(self, request: Request) -> str:
        """What every form of a page for this reader carries in its field `csrf`; empty without a session."""
        session = self.cookies.session(request)
        return "" if session is None else form_token(session)

    async def _recognise(self, request: Request) -> Reader:
        authorization = request.headers.get("authorization")
        if authorization is not None:
            return reader_of(await self._gate.publisher(authorization))
        person, session = await self._person(request), self.cookies.session(request)
        if person is None or session is None:
            return self._public
        if not await was_made_here(request, secret=session):
            raise Problem(FORM_TOKEN, "The form or the header lacks the token of this session.")
        return person.reader()

    async def _person(self, request: Request) -> Person | None:
        session = self.cookies.session(request)
        return None if session is None else await asyncio.to_thread(self.people.sessions.find, session)


def reader_of(publisher: Publisher) -> Reader:
    """A publisher as a reader: bound to its accommodations, national when it was registered for all of them."""
    everywhere = EVERY in publisher.accommodations
    bound: Bound = ALL if everywhere else publisher.accommodations
    return Reader(
        publisher.name,
        "publisher",
        scopes=publisher.scopes,
        areas=ALL if everywhere else frozenset(),
        accommodations=bound,
        sources=publisher.sources,
        organisation=publisher.name,
    )
