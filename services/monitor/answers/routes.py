"""The addresses under /v1/figures: the list, each figure as JSON or CSV, and what changed between two moments."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from fastapi import FastAPI, Request
from pydantic_core import to_json
from sqlalchemy import Engine
from starlette.responses import Response

from services.monitor.access import Access
from services.monitor.access.log import Deed
from services.monitor.access.reader import Reader
from services.monitor.answers.answering import Cases, Figures
from services.monitor.answers.asking import Asked, asked
from services.monitor.answers.changes import changes_of
from services.monitor.answers.changing import changes_as_json, changes_keys, next_page, wanted_changes
from services.monitor.answers.documents import (
    DATE,
    MOMENT,
    Document,
    FigureAnswer,
    FigureChanges,
    FigureList,
    query_key,
)
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.figure import Figure
from services.monitor.figures.rendering import as_csv, as_json, cases_as_json, listed_as_json
from services.monitor.figures.shown import Shown
from services.monitor.figures.splits import SPLITS
from shared.api_rules import BASE, require_acceptable
from shared.problems import FORBIDDEN, INVALID_REQUEST, NOT_FOUND, Problem

JSON, CSV = "application/json", "text/csv"
CASES = Deed("figure-cases", "R", "cases:read")


def add_answers(app: FastAPI, figures: Figures, engine: Engine, *, access: Access) -> None:
    """The routes of the figures."""
    _add_list(app, access)
    _add_changes(app, figures, engine, access)
    _add_figure(app, figures, access)


def _add_list(app: FastAPI, access: Access) -> None:
    async def read_figures(request: Request) -> Response:
        """Every figure with its definition: what it counts, its formula, rules, splits and parameters."""
        await _reader(access, request)
        return _answered(request, {"figures": [listed_as_json(one) for one in FIGURES.values()]})

    what = _Operation("/figures", "readFigures", "List the figures with their definitions", FigureList, [])
    _add(app, read_figures, what)


def _add_figure(app: FastAPI, figures: Figures, access: Access) -> None:
    async def read_figure(request: Request, name: str) -> Response:
        """A figure of any date, as known at any moment. Those outside get it rounded and suppressed, from a release."""
        reader, figure = await _reader(access, request), FIGURES.get(name)
        if figure is None:
            raise Problem(NOT_FOUND, f"There is no such figure. There are {', '.join(FIGURES)}.")
        media_type = require_acceptable(request, JSON, CSV)
        wanted = asked(figure, request.query_params.multi_items())
        if wanted.cases:
            shown, cases = await _with_cases(access, request, figures, figure, wanted)
            if media_type == CSV:
                raise Problem(INVALID_REQUEST, "The cases behind a number are given as JSON only.")
            return _answered(request, as_json(figure, shown) | {"cases": _cases(cases)})
        shown = await asyncio.to_thread(figures.answer, reader, figure, wanted)
        if media_type == CSV:
            return _tagged(request, as_csv(figure, shown).encode(), f"{CSV}; charset=utf-8; header=present")
        return _answered(request, as_json(figure, shown))

    what = _Operation("/figures/{name}", "readFigure", "Read a figure", FigureAnswer, _keys(), csv=True)
    _add(app, read_figure, what)


def _add_changes(app: FastAPI, figures: Figures, engine: Engine, access: Access) -> None:
    async def read_changes(request: Request) -> Response:
        """Which figures of one date are other than they were at an earlier moment, and which facts moved them.

        A page looks at `limit` of the facts that were accepted in between, in the order of the ledgers, and names each
        under the figures that it moved; the header `Link` leads to the next page. The pages together name them all.
        """
        reader = await _reader(access, request)
        wanted = wanted_changes(request.query_params.multi_items())
        found = await asyncio.to_thread(changes_of, figures, engine, reader, wanted)
        following = next_page(wanted, found)
        headers = {"Link": f'<{following}>; rel="next"'} if following else {}
        return _answered(request, changes_as_json(wanted, found), headers)

    what = _Operation(
        "/figures/changes", "readFigureChanges", "Read what changed since a moment", FigureChanges, changes_keys()
    )
    _add(app, read_changes, what)


async def _reader(access: Access, request: Request) -> Reader:
    """Whoever may see figures: exact or not, that is decided by what they ask."""
    reader = await access.reader(request)
    if reader.may("figures:exact"):
        return reader
    return await access.require(request, scope="figures:read")


async def _with_cases(
    access: Access, request: Request, figures: Figures, figure: Figure, wanted: Asked
) -> tuple[Shown, Cases]:
    """The answer with the cases behind it; each young person in it is logged before it leaves."""
    reader = await access.require(request, scope="cases:read")
    shown, cases = await asyncio.to_thread(figures.answer_with_cases, reader, figure, wanted)
    if cases is None:
        raise Problem(FORBIDDEN, "The cases behind a number are for those who may see the number exactly.")
    await access.note(request, reader, CASES, persons=list(dict.fromkeys(case.person for case in cases.cases)))
    return shown, cases


def _cases(found: Cases) -> dict[str, Any]:
    return {"page": found.page, "total": found.total, "cases": cases_as_json(found.cases)}


def _answered(request: Request, body: dict[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    return _tagged(request, to_json(body), JSON, headers)


def _tagged(request: Request, body: bytes, media_type: str, more: Mapping[str, str] | None = None) -> Response:
    """The body with a tag of its content; 304 when the caller has it already."""
    tag = f'"{blake2b(body, digest_size=16).hexdigest()}"'
    headers = {
        "ETag": tag,
        "Cache-Control": "private, no-cache",
        "Vary": "Accept, Authorization, Cookie",
        **(more or {}),
    }
    known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    if tag in known:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


_WORD = {"type": "string"}


def _keys() -> list[dict[str, Any]]:
    """The keys of all figures together; each figure says which it knows."""
    parameters = {one.name: one for figure in FIGURES.values() for one in figure.parameters}
    return [
        query_key("on", DATE, "The date D; that of `known` unless given. What is dated later has not happened."),
        query_key("known", MOMENT, "As known at this moment, or at the end of this date; now unless given."),
        query_key("from", DATE, "The first day of the window."),
        query_key("until", DATE, "The first day after the window."),
        query_key("split", _WORD, f"One or two, with a comma between, of: {', '.join(SPLITS)}."),
        query_key("area", _WORD, "Only this area."),
        query_key("region", _WORD, "Only this youth region."),
        query_key("provider", _WORD, "Only this provider."),
        *(
            query_key(one.name, _WORD, f"{one.meaning} See the list for what a figure allows.")
            for one in parameters.values()
        ),
        query_key("cases", {"type": "boolean"}, "With the cases behind the number; needs the scope cases:read."),
        query_key("page", {"type": "integer", "minimum": 1}, "The page of the cases."),
    ]


@dataclass(frozen=True, slots=True)
class _Operation:
    """A route, in the words of OpenAPI."""

    path: str
    id: str
    summary: str
    model: type[Document]
    keys: list[dict[str, Any]]
    csv: bool = False


def _add(app: FastAPI, endpoint: Any, operation: _Operation) -> None:
    """A route that answers with the model."""
    content = {CSV: {"schema": {"type": "string"}}} if operation.csv else {}
    app.add_api_route(
        f"{BASE}{operation.path}",
        endpoint,
        methods=["GET"],
        operation_id=operation.id,
        summary=operation.summary,
        tags=["figures"],
        response_model=None,
        responses={200: {"model": operation.model, "content": content}, 304: {"description": "Not modified."}},
        openapi_extra={"parameters": operation.keys, "security": [{}, {"bearer": []}]},
    )
