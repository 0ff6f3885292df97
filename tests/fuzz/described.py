"""Requests made from the published OpenAPI documents, fitting them or not, and whether each answer is one they name.

What is tried is a running Doorstroom, over HTTP, as `doorstroom up` starts it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import ignored_auth, negative_data_rejection, positive_data_acceptance

from tests.flow.processes import Up, folder, free_ports, up
from tests.flow.publishing import SOURCE, Publisher, discharged, event, registered, started
from tests.servers.waiting import wait_until

SERVICES = ("intake", "placement", "monitor")
SCOPES = ("facts:write", "facts:read", "figures:read", "figures:exact", "cases:read", "alerts:write", "metrics:read")
PERSON = "person-of-the-fuzzing-1"
NEVER_ENDS = "GET /live"
"""Server-sent events, which go on until the client leaves: tests/integration/access/test_live.py."""

BEYOND_A_DOCUMENT = [positive_data_acceptance, negative_data_rejection, ignored_auth]
"""Whether a request is taken also depends on who sends it and when, and a batch with refused events is answered 207;
what needs a token is tried for every route and every role in tests/integration/access/test_routes.py."""

KNOWN: Mapping[str, tuple[str, ...]] = {
    "pseudonym": (PERSON,),
    "name": ("stock", "flow", "inflow", "exits", "waiting", "duration-classes", "title"),
    "schema": ("nl.doorstroom.heartbeat.v1.json", "nl.doorstroom.placement-started.v1.json"),
}
"""Values that lead somewhere, for names in a path that hardly any value fits."""


VERSIONS = ('"1"', "1", '"0"', '"' + "9" * 20 + '"', "9" * 5_000, "*", 'W/"1"')
"""Of an alert, as somebody may have seen it."""


@dataclass(frozen=True, slots=True)
class Service:
    """One of the three as it is described, and a token that may do everything."""

    operations: Mapping[str, Any]
    token: str
    known: Mapping[str, tuple[str, ...]]


@contextmanager
def described() -> Iterator[Mapping[str, Service]]:
    """A running Doorstroom with a young person inside, an alert about that, and the documents of its services."""
    with folder() as data, up(data, free_ports()) as system:
        system.wait_until_ready()
        with registered(system, "everything", sources=[SOURCE], scopes=list(SCOPES)) as publisher:
            known = {**KNOWN, "alert": _told(publisher)}
            yield {service: _service(system, service, publisher.token, known) for service in SERVICES}


def _told(publisher: Publisher) -> tuple[str, ...]:
    """Publish a little, and wait for an alert about it; the ids of those that are open."""
    machtiging = {"machtiging": "M-1", "kind": "regulier", "granted_on": "2024-03-02", "valid_from": "2024-03-02"}
    publisher.send(started(PERSON, "P-1", on="2024-03-02"))
    publisher.send(started("person-of-the-fuzzing-2", "P-2", on="2024-05-02"))
    publisher.send(discharged("person-of-the-fuzzing-2", "P-2", on="2024-09-01"))
    granted = event("machtiging-granted", PERSON, **machtiging, valid_until="2024-09-01", legal_frame="ots")
    publisher.send(granted, to="intake")
    bearer = {"Authorization": f"Bearer {publisher.token}"}

    def alerts() -> list[dict[str, Any]]:
        answer = httpx2.get(f"{publisher.addresses['monitor']}/v1/alerts", headers=bearer, trust_env=False)
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    wait_until(lambda: alerts() != [], what="an alert", seconds_max=60)
    return tuple(str(alert["id"]) for alert in alerts())


def _service(system: Up, service: str, token: str, known: Mapping[str, tuple[str, ...]]) -> Service:
    document = schemathesis.openapi.from_url(f"http://127.0.0.1:{system.ports[service]}/v1/openapi.json")
    operations = [operation.ok() for operation in document.get_all_operations()]
    return Service({operation.label: operation for operation in operations}, token, known)


def try_all(*, requests: int, number: int, told: Callable[[str], None]) -> Counter[str]:
    """So many fitting and so many other requests to each operation of each service; the answers by service and status.

    Fails with an answer that is not described.
    """
    answers: Counter[str] = Counter()
    with described() as services:
        for name, service in services.items():
            for label in sorted(service.operations.keys() - {NEVER_ENDS}):
                told(f"{name} {label}")
                for fitting in (True, False):
                    statuses = try_out(service, label, fitting=fitting, requests=requests, number=number)
                    answers.update({f"{name} {status}": count for status, count in statuses.items()})
    return answers


def try_out(service: Service, label: str, *, fitting: bool, requests: int, number: int = 1) -> Counter[int]:
    """Make so many requests to one operation, with and without a token; the statuses of the answers.

    Fails with an answer that is not described.
    """
    operation = service.operations[label]
    if not fitting and not any(operation.iter_parameters()) and not operation.body:
        return Counter()  # There is nothing to send it that would not fit.
    statuses: Counter[int] = Counter()
    mode = GenerationMode.POSITIVE if fitting else GenerationMode.NEGATIVE

    @seed(number)
    @settings(
        max_examples=requests,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
    def knock(case: Any, data: st.DataObject) -> None:
        for name, values in service.known.items():
            if name in (case.path_parameters or {}) and data.draw(st.booleans()):
                case.path_parameters[name] = data.draw(st.sampled_from(values))
        if case.headers is not None and "If-Match" in case.headers and data.draw(st.booleans()):
            case.headers["If-Match"] = data.draw(st.sampled_from(VERSIONS))
        signed = data.draw(st.sampled_from((True, True, True, False)))
        headers = {"Authorization": f"Bearer {service.token}"} if signed else {}
        statuses[case.call_and_validate(headers=headers, excluded_checks=BEYOND_A_DOCUMENT).status_code] += 1

    knock()
    return statuses
