"""A database that is away is met by each request: the log says so of each, and once a minute where it came from."""

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from shared import outages
from shared.outages import answer_outages


@pytest.mark.anyio
async def test_the_log_of_an_outage_does_not_grow_by_a_traceback_for_each_request(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = FastAPI()
    answer_outages(app)

    @app.get("/")
    async def away() -> None:
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://door") as client:
        with capture_logs() as lines:
            answers = [await client.get("/") for _ in range(3)]
            monkeypatch.setattr(outages, "TRACED_SECONDS", 0.0)
            answers.append(await client.get("/"))
    assert [answer.status_code for answer in answers] == [503] * 4
    assert {(line["event"], line["route"], line["error"]) for line in lines} == {
        ("database_unavailable", "/", "OperationalError")
    }
    assert [line["exc_info"] is not None for line in lines] == [True, False, False, True]
