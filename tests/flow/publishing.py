"""What a publisher's system does, over plain HTTP, and what anybody reads in /metrics."""

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
from prometheus_client.parser import text_string_to_metric_families

from tests.flow.processes import Up, command

SOURCE = "urn:nld:kvknr:99000011:systeem:ecd"
PIPELINE = (
    "doorstroom_projection_",
    "doorstroom_published_position",
    "doorstroom_projected_position",
    "doorstroom_projected_facts",
    "doorstroom_stream_lag",
    "doorstroom_collector",
    "doorstroom_clock",
    "doorstroom_alerts",  # Opened in their own time; tests/integration/monitor holds them to the facts.
    "process_",
    "python_",
)

_numbers = itertools.count(1)


def event(name: str, person: str, **data: Any) -> dict[str, Any]:
    """A CloudEvent with an id of its own."""
    return {
        "specversion": "1.0",
        "id": f"event-{next(_numbers)}",
        "source": SOURCE,
        "type": f"nl.doorstroom.{name}.v1",
        "subject": person,
        "time": "2024-03-02T09:00:00+01:00",
        "data": data,
    }


def started(person: str, placement: str, *, on: str, accommodation: str = "house-a", **more: Any) -> dict[str, Any]:
    """A young person came to stay."""
    data = {"placement": placement, "accommodation": accommodation, "started_on": on, "regime": "jw6", "region": "JZ01"}
    return event("placement-started", person, **data, closure="gesloten", route="crisis") | more


def discharged(person: str, placement: str, *, on: str, **more: Any) -> dict[str, Any]:
    """A stay ended."""
    data = {"placement": placement, "discharged_on": on, "destination": "home", "end_mode": "planned"}
    return event("discharge-recorded", person, **data) | more


def withdrawn(person: str, record: str, *, of: str, revision: int) -> dict[str, Any]:
    """A record is taken back."""
    data = {"of": of, "record": record, "reason": "entered-in-error"}
    return event("record-withdrawn", person, **data) | {"revision": revision}


@dataclass
class Publisher:
    """A client of the services that sends one event in one request."""

    addresses: Mapping[str, str]
    token: str
    client: httpx2.Client

    def send(self, event: Mapping[str, Any], *, to: str = "placement") -> Mapping[str, Any]:
        """Publish one event and give the receipt."""
        answer = self.post(event, to=to)
        assert answer.status_code == 202, answer.text
        receipt: Mapping[str, Any] = answer.json()
        return receipt

    def post(self, event: Mapping[str, Any], *, to: str) -> httpx2.Response:
        """Publish one event and give whatever comes back. Raises httpx2.TransportError when nothing does."""
        return self.client.post(
            f"{self.addresses[to]}/v1/events",
            content=json.dumps(event),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/cloudevents+json"},
        )

    def feed(self, service: str) -> list[Mapping[str, Any]]:
        """Every event in the ledger of a service, in order."""
        events: list[Mapping[str, Any]] = []
        while True:
            answer = self.client.get(
                f"{self.addresses[service]}/v1/events",
                params={"after": events[-1]["position"] if events else 0, "limit": 1000},
                headers={"Authorization": f"Bearer {self.token}"},
            )
            assert answer.status_code == 200, answer.text
            page = answer.json()
            if not page:
                return events
            events += page

    def metrics(self) -> Mapping[str, float]:
        """Every sample of the monitor."""
        answer = self.client.get(f"{self.addresses['monitor']}/metrics", headers={"Accept": "text/plain"})
        assert answer.status_code == 200, answer.text
        return samples(answer.text)

    def figures(self) -> Mapping[str, float]:
        """The samples that depend on facts only: not on the moment of asking, nor on how the facts travelled."""
        return {name: value for name, value in self.metrics().items() if not name.startswith(PIPELINE)}


@contextmanager
def registered(
    system: Up, name: str, *, sources: Sequence[str], scopes: Sequence[str], facts: Sequence[str] = ("*",)
) -> Iterator[Publisher]:
    """A publisher that the command registers while everything runs."""
    options = [f"--source={source}" for source in sources] + [f"--scope={scope}" for scope in scopes]
    options += [f"--fact={fact}" for fact in facts]
    done = command("publisher", "add", name, "--accommodation=*", "--json", *options, data=system.data)
    assert done.returncode == 0, done.stderr
    addresses = {service: f"http://127.0.0.1:{port}" for service, port in system.ports.items()}
    with httpx2.Client(timeout=20, trust_env=False) as client:
        yield Publisher(addresses, json.loads(done.stdout)["token"], client)


def samples(page: str) -> Mapping[str, float]:
    """The samples of a page, as `name{label="value"}`; under a bare name the sum of its samples."""
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(page):
        for sample in family.samples:
            labels = ",".join(f'{name}="{value}"' for name, value in sorted(sample.labels.items()))
            if labels:
                found[f"{sample.name}{{{labels}}}"] = sample.value
            found[sample.name] = found.get(sample.name, 0.0) + sample.value
    return found
