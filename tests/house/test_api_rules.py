"""The NLGov REST API Design Rules 2.2, asked of the published description and of live answers.

They are the rules of the official linter (Logius-standaarden/API-Design-Rules, media/linter.yaml), and those that only
an answer can show.
"""

import asyncio
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from openapi_spec_validator import validate

from services.intake.app import create_app as intake
from services.monitor.app import create_app as monitor
from services.placement.app import create_app as placement
from shared.settings import Settings

APPS = {"intake": intake, "placement": placement, "monitor": partial(monitor, stop=lambda: None)}
SEMVER = r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?"
PATH = r"(/([a-z0-9-]+|\{[^}]+\}))+(/_[a-z]+)?|/[a-z0-9-]+/_[a-z]+"
METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module", params=APPS)
def app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """Each app, not started."""
    folder: Path = tmp_path_factory.mktemp("data")
    return APPS[request.param](Settings(data=folder))


@pytest.fixture(scope="module")
def document(app: FastAPI) -> dict[str, Any]:
    """Its description."""
    return app.openapi()


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each operation, by its name for people."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield f"{method} {path}", operation


def responses(document: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each response of each operation: the operation, the status, the response."""
    for name, operation in operations(document):
        for status, response in operation["responses"].items():
            yield name, status, response


def properties(part: Any) -> Iterator[tuple[str, Any]]:
    """Each named property of each schema, at any depth."""
    if isinstance(part, dict):
        yield from (part.get("properties") or {}).items() if isinstance(part.get("properties"), dict) else ()
        part = list(part.values())
    if isinstance(part, list):
        for one in part:
            yield from properties(one)


def test_the_description_is_valid_openapi_3(document: dict[str, Any]) -> None:
    """/core/doc-openapi"""
    validate(document)
    assert document["openapi"].startswith("3.")


def test_it_says_whom_to_ask_and_which_version_it_is(document: dict[str, Any]) -> None:
    """/core/doc-openapi-contact, /core/semver"""
    assert {"name", "url", "email"} <= document["info"]["contact"].keys()
    assert re.fullmatch(SEMVER, document["info"]["version"])


def test_the_major_version_is_in_the_address(document: dict[str, Any]) -> None:
    """/core/uri-version"""
    major = document["info"]["version"].partition(".")[0]
    assert [server["url"] for server in document["servers"]] == [f"/v{major}"]


def test_paths_are_kebab_case_without_a_slash_at_the_end(document: dict[str, Any]) -> None:
    """/core/path-segments-kebab-case, /core/no-trailing-slash; an operation may begin with an underscore."""
    assert [path for path in document["paths"] if not re.fullmatch(PATH, path)] == []


def test_query_keys_are_lower_camel_case(document: dict[str, Any]) -> None:
    """/core/query-keys-camel-case"""
    keys = [
        one["name"]
        for _, operation in operations(document)
        for one in operation.get("parameters", ())
        if one["in"] == "query"
    ]
    assert [key for key in keys if not re.fullmatch(r"\$?[a-z][a-z\d]*([A-Z][a-z\d]*)*", key)] == []


def test_only_standard_methods_are_described(document: dict[str, Any]) -> None:
    """/core/http-methods"""
    assert {method for item in document["paths"].values() for method in item} <= METHODS


def test_every_success_says_its_version(document: dict[str, Any]) -> None:
    """/core/version-header"""
    assert [
        f"{name} {status}"
        for name, status, response in responses(document)
        if status[0] in "23" and "API-Version" not in response.get("headers", {})
    ] == []


def test_every_error_is_a_problem_with_status_title_and_detail(document: dict[str, Any]) -> None:
    """/core/error-handling/problem-details"""
    problem = document["components"]["schemas"]["Problem"]
    assert {"status", "title", "detail"} <= set(problem["required"])
    for name, status, response in responses(document):
        if status[0] in "45":
            content = response["content"]
            assert list(content) == ["application/problem+json"], f"{name} {status}"
            assert content["application/problem+json"]["schema"] == {"$ref": "#/components/schemas/Problem"}


def test_invalid_input_is_400_and_never_422(document: dict[str, Any]) -> None:
    """/core/error-handling/invalid-input"""
    assert [name for name, operation in operations(document) if "400" not in operation["responses"]] == []
    assert [name for name, operation in operations(document) if "422" in operation["responses"]] == []
    assert not {"HTTPValidationError", "ValidationError"} & document["components"]["schemas"].keys()


def test_schemas_have_upper_camel_case_names(document: dict[str, Any]) -> None:
    """nlgov:schema-camel-case"""
    names = document["components"]["schemas"]
    assert [name for name in names if not re.fullmatch(r"([A-Z][a-z0-9]*)+", name)] == []


def test_dates_and_times_are_written_as_the_rules_say(document: dict[str, Any]) -> None:
    """/core/date-time: no moment without an offset, and a date is a date."""
    found = [(name, one) for name, one in properties(document) if isinstance(one, dict)]
    assert [name for name, one in found if one.get("format") in ("date-time-local", "time")] == []
    dates = [(name, one) for name, one in found if re.search(r"^(date|datum)$|(\wD|_[dD])(ate|atum)", name)]
    assert [name for name, one in dates if one.get("format") != "date"] == []


def test_operations_have_names_of_their_own(document: dict[str, Any]) -> None:
    """operation-operationId-unique"""
    names = [operation.get("operationId") for _, operation in operations(document)]
    assert None not in names
    assert len(names) == len(set(names))


def ask(app: FastAPI, method: str, path: str, **headers: str) -> httpx2.Response:
    """An answer of the app, without a server."""

    async def asked() -> httpx2.Response:
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://doorstroom") as client:
            return await client.request(method, path, headers=headers)

    return asyncio.run(asked())


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/openapi.json", 200),
        ("GET", "/v1/problems/conflict", 200),
        ("GET", "/v1/nothing-here", 404),
        ("GET", "/nothing-here", 404),
        ("GET", "/v1/openapi.json/", 404),
        ("DELETE", "/v1/openapi.json", 405),
    ],
)
def test_every_answer_carries_the_headers(app: FastAPI, method: str, path: str, status: int) -> None:
    """/core/version-header, /core/transport/security-headers, and problems for every error."""
    answer = ask(app, method, path)

    assert answer.status_code == status
    expected = {
        "api-version": app.version,
        "cache-control": "no-store",
        "strict-transport-security": "max-age=31536000; includeSubDomains",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
    }
    assert expected.items() <= dict(answer.headers).items()
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    if status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == status


def test_the_description_is_for_everyone(app: FastAPI) -> None:
    """/core/publish-openapi"""
    answer = ask(app, "GET", "/v1/openapi.json")

    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.json() == app.openapi()


def test_an_unsupported_method_is_answered_with_those_that_are(app: FastAPI) -> None:
    """/core/http-methods: of all routes on the path, not of the first only."""
    for path, item in app.openapi()["paths"].items():
        answer = ask(app, "TRACE", "/v1" + re.sub(r"\{[^}]+\}", "x", path))
        assert answer.status_code == 405, path
        assert {method.upper() for method in item} <= set(answer.headers["allow"].split(", ")), path


def test_everyone_can_see_whom_to_tell_about_a_weakness(app: FastAPI) -> None:
    """RFC 9116: a contact and an expiry are mandatory, and less than a year ahead is advised."""
    answer = ask(app, "GET", "/.well-known/security.txt")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields["Contact"].startswith("mailto:")
    now = datetime.now(UTC)
    assert now < datetime.fromisoformat(fields["Expires"]) < now + timedelta(days=365)
    assert fields["Policy"].endswith("/SECURITY.md")
