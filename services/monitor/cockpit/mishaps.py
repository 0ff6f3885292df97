"""What went wrong, told to people as a page in their language, or the page to sign in; machines get the problem."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.monitor.cockpit.rendering import WORK_LIST, Pages, Place
from services.monitor.cockpit.words import catalogue, language_of, words
from shared.api_rules import acceptable
from shared.problems import MEDIA_TYPE, NOT_FOUND, UNAUTHENTICATED, Problem

Answer = Callable[[Request], Awaitable[Response]]


def for_people(answer: Answer, pages: Pages) -> Answer:
    """The same answer, with its problems as pages for those who ask for pages."""

    async def told(request: Request) -> Response:
        try:
            return await answer(request)
        except Problem as problem:
            if acceptable(request.headers.get("accept"), (MEDIA_TYPE, "application/json", "text/html")) != "text/html":
                raise
            language = language_of(request.query_params.get("lang"))
            if problem.kind is UNAUTHENTICATED and request.method == "GET":
                here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
                to = {"to": here} | ({"lang": "en"} if language == "en" else {})
                return RedirectResponse(f"/aanmelden?{urlencode(to)}", status_code=303)
            say, status = words(language), problem.kind.status
            known = (key for key in (f"error.{problem.kind.slug}", f"error.{status}") if key in catalogue())
            response = await pages.render(
                request,
                "error.html",
                Place(request.url.path if request.method in ("GET", "HEAD") else WORK_LIST, say("error.title")),
                language,
                told=say(next(known, "error.other")),
                signed_out=problem.kind is UNAUTHENTICATED,
                status=status,
            )
            for name, value in problem.headers.items():
                if name.lower() == "retry-after":
                    response.headers[name] = value
            return response

    return told


def add_nowhere(app: FastAPI, pages: Pages) -> None:
    """An address at which nothing is: a page for those who ask for pages, as for any other that is not there."""
    otherwise = app.exception_handlers[HTTPException]

    async def nowhere(_request: Request) -> Response:
        raise Problem(NOT_FOUND, NOT_FOUND.meaning)

    async def told(request: Request, error: Exception) -> Response:
        try:
            return await for_people(nowhere, pages)(request)
        except Problem:
            answer = otherwise(request, error)
            return answer if isinstance(answer, Response) else await answer

    app.add_exception_handler(NOT_FOUND.status, told)
