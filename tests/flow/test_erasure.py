"""Somebody is erased from a whole installation, and no byte of any file has the pseudonym any more."""

import json
import os
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.flow.processes import DOORSTROOM, Up, command, free_ports, port_settings, up
from tests.flow.publishing import SOURCE, Publisher, discharged, event, registered, started, withdrawn
from tests.servers.redis import LocalRedis
from tests.servers.redis_running import running_redis
from tests.servers.waiting import wait_until

ANNE = "anne-7f3c2a9d5e1b4086"
BRAM = "bram-1d8e4b7a6c2f9035"
CARL = "carl-95b2e7c04a6d183f"
SCOPES = ["facts:write", "facts:read", "cases:read", "figures:exact"]


def files_with(folder: Path, word: str) -> list[str]:
    """Every file below a folder with this word in it."""
    return [str(file) for file in sorted(folder.rglob("*")) if file.is_file() and word.encode() in file.read_bytes()]


@pytest.fixture
def redis() -> Iterator[LocalRedis]:
    """A Redis of its own."""
    with running_redis() as server:
        yield server


@contextmanager
def installed(data: Path) -> Iterator[tuple[Up, Publisher]]:
    """An installation with a publisher."""
    with up(data, free_ports()) as system:
        system.wait_until_ready()
        with registered(system, "hospital", sources=[SOURCE], scopes=SCOPES) as publisher:
            yield system, publisher


def told_of_others(publisher: Publisher) -> Mapping[str, float]:
    """Publish what is about others, and give the figures of that alone."""
    publisher.send(machtiging(BRAM, "M-B"), to="intake")
    publisher.send(started(BRAM, "P-B", on="2024-03-02"))
    publisher.send(started(BRAM, "P-B2", on="2024-03-09", record="moved-record"))
    publisher.send(discharged(BRAM, "P-B", on="2024-06-02"))
    projected(publisher)
    return figures(publisher)


def figures(publisher: Publisher) -> Mapping[str, float]:
    """Every figure, without when each source was last heard."""
    told = publisher.figures()
    return {name: value for name, value in told.items() if not name.startswith("doorstroom_source_last_fact")}


def told_of_anne(system: Up, publisher: Publisher) -> None:
    """Publish everything that may carry a pseudonym: keys, ids, a correction, a refusal, a fact that is parked."""
    publisher.send(machtiging(ANNE, f"M-{ANNE}"), to="intake")
    publisher.send(started(ANNE, f"P-{ANNE}", on="2023-03-02", id=f"start-{ANNE}", record=f"record-{ANNE}"))
    publisher.send(withdrawn(ANNE, f"record-{ANNE}", of="placement-started", revision=1))
    publisher.send(started(ANNE, f"P-{ANNE}", on="2023-04-02", record=f"record-{ANNE}", revision=2))
    publisher.send(started(ANNE, "P-C", on="2023-05-02", record="her-own-record", accommodation="house-c"))
    refused = publisher.post({"id": f"refused-{ANNE}", "source": SOURCE, "type": "nl.doorstroom.none.v1"}, to="intake")
    assert refused.status_code == 400
    projected(publisher)
    assert case(publisher, ANNE).status_code == 200
    with sqlite3.connect(system.data / "monitor.sqlite", timeout=10) as database:
        database.execute("INSERT INTO quarantine VALUES (?, 'BugError in fold', 'placement', 1, 1)", (ANNE,))
    database.close()
    publisher.send(discharged(ANNE, "P-C", on="2024-07-02"))
    wait_until(lambda: publisher.metrics()["doorstroom_parked_facts"] == 1, what="it is parked")
    wait_until(lambda: ANNE in alerts(system), what="an alert about her")
    wait_until(lambda: refusals(publisher, "intake", ANNE) == 1, what="the refusal is on record")


def machtiging(person: str, key: str) -> dict[str, Any]:
    """A machtiging was granted."""
    data = {
        "machtiging": key,
        "kind": "regulier",
        "granted_on": "2024-03-01",
        "valid_from": "2024-03-01",
        "valid_until": "2024-09-01",
        "legal_frame": "ots",
    }
    return event("machtiging-granted", person, **data)


def projected(publisher: Publisher) -> None:
    """Wait until the monitor has everything."""
    heads = {service: len(publisher.feed(service)) for service in ("intake", "placement")}

    def all_there() -> bool:
        now = publisher.metrics()
        return all(now[f'doorstroom_projected_facts{{service="{name}"}}'] == head for name, head in heads.items())

    wait_until(all_there, what="everything is projected")


def case(publisher: Publisher, person: str) -> httpx2.Response:
    """The case of a young person."""
    headers = {"Authorization": f"Bearer {publisher.token}"}
    return publisher.client.get(f"{publisher.addresses['monitor']}/v1/cases/{person}", headers=headers)


def alerts(system: Up) -> list[str]:
    """About whom there are alerts."""
    database = sqlite3.connect(system.data / "monitor.sqlite", timeout=10)
    people = [person for (person,) in database.execute("SELECT person FROM alert")]
    database.close()
    return people


def refusals(publisher: Publisher, service: str, word: str) -> int:
    """How many refusals have this word."""
    headers = {"Authorization": f"Bearer {publisher.token}"}
    answer = publisher.client.get(f"{publisher.addresses[service]}/v1/rejections", headers=headers)
    return sum(word in json.dumps(one) for one in answer.json()["rejections"])


def erase(data: Path, person: str, *options: str) -> Mapping[str, Any]:
    """What the command says; the pseudonym is on its standard input."""
    done = command("erase", "-", "--json", *options, data=data, text=f"{person}\n")
    assert done.returncode == 0, done.stderr + done.stdout
    assert ANNE not in done.stdout + done.stderr
    said: Mapping[str, Any] = json.loads(done.stdout)
    return said


def test_no_byte_is_left_of_who_is_erased_and_everything_else_is_as_without_them(data: Path) -> None:
    with installed(data) as (system, publisher):
        alone = told_of_others(publisher)
        told_of_anne(system, publisher)
        assert figures(publisher) != alone
        found = erase(data, ANNE, "--dry-run")["found"]
        assert {"intake: table fact", "placement: table fact", "monitor: table alert", "access: table access_log"} <= {
            *found
        }
        assert any(place.startswith("redis: ") for place in found)
        said = erase(data, ANNE, "--basis", "request", "--on", "2026-01-15")
        assert (said["left"], said["undone"], said["outside"], said["unsearched"]) == ({}, [], [], ["backups"])
        assert files_with(data, ANNE) == [], "every byte of every file, while everything runs"
        assert said["decision"] | {"token": "", "decided_at": ""} == {
            "token": "",
            "decided_at": "",
            "basis": "request",
            "erased_on": "2026-01-15",
            "facts": {"intake": 1, "placement": 5, "monitor": 5},
            "cleaned": True,
            "searched": True,
        }
        projected(publisher)
        assert figures(publisher) == alone
        assert publisher.metrics()["doorstroom_parked_facts"] == 0
        _stays_so(system, publisher, alone)
        assert system.stop() == 0
    assert files_with(data, ANNE) == [], "nor after a stop"
    assert command("access-log", "--verify", data=data).returncode == 0
    assert files_with(data, BRAM) != [], "the search would have found something"


def _stays_so(system: Up, publisher: Publisher, alone: Mapping[str, float]) -> None:
    """A late fact is refused, a look for the case leaves nothing, and reading everything again changes nothing."""
    late = publisher.post(discharged(ANNE, "P-late", on="2024-08-02", id=f"late-{ANNE}"), to="placement")
    assert (late.status_code, late.json()["type"]) == (409, "/v1/problems/erased")
    again = started(ANNE, f"P-{ANNE}", on="2023-03-02", id=f"start-{ANNE}", record=f"record-{ANNE}")
    assert publisher.send(again)["duplicates"] == 1
    assert case(publisher, ANNE).status_code == 404, "nobody of that name is known"
    assert command("rebuild", "--from-ledgers", data=system.data, **port_settings(system.ports)).returncode == 0
    assert figures(publisher) == alone
    assert command("rebuild", data=system.data).returncode == 0
    assert figures(publisher) == alone
    kinds = [fact["type"].split(".")[2] for fact in publisher.feed("placement")]
    assert kinds.count("fact-erased") == 5
    assert erase(system.data, ANNE)["found"] == {}


def test_a_service_that_runs_by_itself_goes_on_after_an_erasure_and_does_not_start_with_another_key(
    data: Path, redis: LocalRedis
) -> None:
    ports = free_ports()
    settings = port_settings(ports)
    settings["DOORSTROOM_REDIS_URL"] = redis.url
    assert command("migrate", data=data).returncode == 0
    with (
        served("placement", data, settings) as process,
        registered(Up(process, data, ports), "hospital", sources=[SOURCE], scopes=SCOPES) as publisher,
    ):
        wait_until(lambda: _is_ready(publisher), what="the door is open", seconds_max=60)
        publisher.send(started(ANNE, f"P-{ANNE}", on="2023-03-02"))
        done = command("erase", "-", "--json", data=data, text=f"{ANNE}\n", **settings)
        assert done.returncode == 0, done.stderr + done.stdout
        assert json.loads(done.stdout)["decision"]["facts"] == {"intake": 0, "placement": 1, "monitor": 0}
        publisher.send(started(BRAM, "P-B", on="2023-03-02"))
        late = publisher.post(discharged(ANNE, f"P-{ANNE}", on="2024-08-02"), to="placement")
        assert late.json()["type"] == "/v1/problems/erased"
    for service in ("placement", "monitor"):
        other = command(
            "serve", service, data=data, DOORSTROOM_ERASURE_KEY="another key of 32 characters....", **settings
        )
        assert other.returncode == 1
        assert other.stderr.startswith("doorstroom: somebody was erased under another key")
        assert other.stderr.count("\n") == 1


@contextmanager
def served(service: str, data: Path, settings: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """One service by itself."""
    with (data / f"{service}.log").open("a") as log:
        process = subprocess.Popen(
            [*DOORSTROOM, "serve", service],
            stdout=log,
            stderr=log,
            text=True,
            env={**os.environ, "DOORSTROOM_DATA": str(data), **settings},
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=40)


def _is_ready(publisher: Publisher) -> bool:
    try:
        return publisher.client.get(f"{publisher.addresses['placement']}/readyz").status_code == 200
    except httpx2.TransportError:
        return False
