"""`GET /v1/exports/{log}`: the event log of those whom the reader may see, for analysts; noted before it leaves."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Annotated, BinaryIO, Literal, cast

from fastapi import FastAPI, Path, Query, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response, StreamingResponse

from services.monitor.access import Access, Deed, Reader
from services.monitor.access.places import may_see_dossier
from services.monitor.eventlog.cases import Cases, new_key
from services.monitor.eventlog.formats import FORMATS, Format
from services.monitor.history.history import History
from services.monitor.history.known import Known
from services.monitor.history.moments import KnownMoment
from shared.api_rules import BASE, require_acceptable
from shared.calendar import calendar_date

SCOPE = "cases:read"
EXPORTED = Deed("log-exported", "R", SCOPE)
CHUNK_BYTES = 1 << 16

_BY_FILE = {one.file: one for one in FORMATS.values()}

Log = Annotated[
    Literal["events.csv", "events.parquet", "log.xes", "log.ocel.json"], Path(description="As what it is written.")
]


class Wanted(BaseModel):
    """As known at which moment."""

    model_config = ConfigDict(extra="forbid")

    known: KnownMoment | None = None


def add_exports(app: FastAPI, history: History, *, access: Access) -> None:
    """The route /v1/exports/{log}."""
    # Each takes a processor for seconds and the disk for a while: one at a time.
    turn = asyncio.Lock()

    def made(reader: Reader, found: Known, form: Format) -> IO[bytes]:
        seen = found.dossiers if reader.national else [one for one in found.dossiers if may_see_dossier(reader, one)]
        return written(Cases(seen, until=calendar_date(found.known), key=new_key()), form, found.known)

    async def read_log(request: Request, log: Log, wanted: Annotated[Wanted, Query()]) -> Response:
        """What happened to every young person whom the reader may see, without pseudonyms (docs/event-log.md).

        Who may see a young person is decided by where that person was at the moment known, or last was. As
        `doorstroom export` writes it; what is dated after the day of the moment known is not in it.
        """
        form = _BY_FILE[log]
        require_acceptable(request, form.media_type)
        reader = await access.require(request, scope=SCOPE)
        async with turn:
            found = await asyncio.to_thread(history.known_at, wanted.known)
            await access.note(request, reader, EXPORTED, persons=[None])
            file = await asyncio.to_thread(made, reader, found, form)
        headers = {"Content-Disposition": f'attachment; filename="{name_of(form, found.known)}"'}
        return StreamingResponse(chunks(file), media_type=form.media_type, headers=headers)

    app.add_api_route(
        BASE + "/exports/{log}",
        read_log,
        methods=["GET"],
        operation_id="readLog",
        summary="Read the event log",
        tags=["exports"],
        response_class=Response,
        responses={
            200: {
                "description": "The log.",
                "content": {one.media_type: {"schema": {"type": one.schema_type}} for one in FORMATS.values()},
            }
        },
        openapi_extra={"security": [{"bearer": []}]},
    )


def written(cases: Cases, form: Format, known: datetime) -> IO[bytes]:
    """A nameless file with the log, at its beginning; who reads it slowly holds up nobody and no memory."""
    with ExitStack() as opened:
        file = opened.enter_context(TemporaryFile())
        form.write(cases, cast("BinaryIO", file), known)
        file.seek(0)
        opened.pop_all()
    return file


def chunks(file: IO[bytes]) -> Iterator[bytes]:
    """What is in the file, bit by bit; it is closed at the end."""
    with file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def name_of(form: Format, known: datetime) -> str:
    """The name under which it is kept, with the moment known: events-20260302T133000Z.csv."""
    stem, _, rest = form.file.partition(".")
    return f"{stem}-{known:%Y%m%dT%H%M%SZ}.{rest}"
