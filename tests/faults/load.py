"""Publishers that send facts over HTTP, the same again until they are acknowledged, and note what was promised them."""

import json
import threading
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

import httpx2

SOURCE = "urn:nld:kvknr:99000011:systeem:ecd"
PEOPLE = 60
RETRY_S = 0.02
BATCH_FACTS_MAX = 5


class Broken(AssertionError):
    """A promise was broken; the sweep has found something."""

    def __init__(self, what: str, *, lost: int = 0, doubled: int = 0) -> None:
        super().__init__(what)
        self.lost, self.doubled = lost, doubled


class Prevented(Exception):
    """A fault did not come about, for another one came before it: it is not counted."""


class Load:
    """One publisher for one service: it sends as many batches as it is allowed, one after the other."""

    def __init__(self, service: str, *, token: str, seed: str) -> None:
        self.service, self._token, self._random, self._seed = service, token, Random(seed), seed
        self.addresses: list[str] = []
        self.acknowledged: dict[str, int] = {}
        """Every event that was promised to be stored, with its position."""
        self.broken: str | None = None
        self.refused: str | None = None
        """Why the last batch that was not accepted was not."""
        self._number = 0
        self._allowed = threading.Semaphore(0)
        self._waiting, self._idle = 0, threading.Condition()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def allow(self, batches: int) -> None:
        """Send so many batches more."""
        with self._idle:
            self._waiting += batches
        self._allowed.release(batches)

    def waiting(self) -> int:
        """Batches that are allowed and not acknowledged yet."""
        return self._waiting

    def stop(self) -> None:
        """Send no more."""
        self._stopping.set()
        self._allowed.release()
        self._thread.join(timeout=20)

    def _run(self) -> None:
        with httpx2.Client(timeout=10, trust_env=False) as client:
            while self._allowed.acquire() and not self._stopping.is_set():
                batch = [self._fact() for _ in range(self._random.randint(1, BATCH_FACTS_MAX))]
                self._send(client, batch)
                if self._random.random() < 0.15:  # A publisher that does not know that it was heard.
                    self._send(client, batch)
                with self._idle:
                    self._waiting -= 1

    def _send(self, client: httpx2.Client, batch: Sequence[Mapping[str, Any]]) -> None:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/cloudevents-batch+json"}
        while not self._stopping.is_set():
            address = self._random.choice(self.addresses)
            try:
                answer = client.post(f"{address}/v1/events", content=json.dumps(batch), headers=headers)
            except httpx2.TransportError as error:
                self.refused = f"{self.service}: {error!r}"
                self._stopping.wait(RETRY_S)
                continue
            if answer.status_code in (202, 207):
                self._note(batch, answer.json()["results"])
                return
            self.refused = f"{self.service} answered {answer.status_code}: {answer.text[:500]}"
            if answer.status_code not in (429, 503):
                self.broken = self.refused
            if answer.status_code not in (429, 500, 503):
                return
            self._stopping.wait(RETRY_S)

    def _note(self, batch: Sequence[Mapping[str, Any]], results: Sequence[Mapping[str, Any]]) -> None:
        for event, result in zip(batch, results, strict=True):
            if result["result"] == "rejected":
                self.broken = f"{self.service} refused a fact: {result}"
                continue
            before = self.acknowledged.setdefault(event["id"], result["position"])
            if before != result["position"]:
                self.broken = f"{event['id']} was said to be at {before} and at {result['position']}"

    def _fact(self) -> Mapping[str, Any]:
        self._number += 1
        random = self._random
        name, data, record = (_of_placement if self.service == "placement" else _of_intake)(random)
        event = {
            "specversion": "1.0",
            "id": f"{self._seed}-{self._number}",
            "source": SOURCE,
            "type": f"nl.doorstroom.{name}.v1",
            "time": "2026-03-02T09:00:00+01:00",
            "data": data,
        }
        if name not in ("capacity-changed", "heartbeat"):
            event["subject"] = f"person-{random.randrange(PEOPLE):04}-in-the-sweep"
        if record is not None:
            event |= {"record": record, "revision": random.randint(1, 4)}
        return event


def _days(random: Random) -> tuple[str, str]:
    return f"2025-{random.randint(1, 6):02}-{random.randint(1, 28):02}", f"2025-{random.randint(7, 12):02}-01"


def _of_placement(random: Random) -> tuple[str, dict[str, Any], str | None]:
    number, (start, end) = random.randrange(150), _days(random)
    key, record = f"P{number}", f"R{random.randrange(200)}"
    match random.randrange(10):
        case 0 | 1 | 2 | 3:
            house = f"house-{random.randrange(6)}"
            data = {"placement": key, "accommodation": house, "started_on": start, "regime": "jw6", "region": "JZ01"}
            return "placement-started", data | {"closure": "gesloten", "route": "crisis"}, record
        case 4 | 5:
            data = {"placement": key, "discharged_on": end, "destination": "home", "end_mode": "planned"}
            return "discharge-recorded", data, record
        case 6:
            return "doorplaatsing-recorded", {"placement": key, "departed_on": end, "reason": "safety"}, record
        case 7:
            return "record-withdrawn", {"of": "placement-started", "record": record, "reason": "duplicate"}, None
        case 8:
            change = {"accommodation": f"house-{random.randrange(6)}", "from_on": start, "closure": "gesloten"}
            return "capacity-changed", change | {"places": random.randrange(40), "procurement": "lta"}, record
        case _:
            return "heartbeat", {}, None


def _of_intake(random: Random) -> tuple[str, dict[str, Any], str | None]:
    number, (start, end) = random.randrange(150), _days(random)
    record = f"R{random.randrange(200)}"
    if random.random() < 0.5:
        data = {"referral": f"V{number}", "referred_on": start, "region": "JZ01", "referrer": "gi"}
        return "referral-registered", data | {"urgency": "spoed", "requested": "gesloten"}, record
    until = {"valid_from": start, "valid_until": end, "granted_on": start, "legal_frame": "ots"}
    return "machtiging-granted", {"machtiging": f"M{number}", "kind": "regulier", **until}, record
