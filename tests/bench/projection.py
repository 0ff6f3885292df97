"""How many facts a second the monitor projects and rebuilds, from facts made in memory, applied as streams bring them.

A profile of one repetition: python -m tests.bench.projection [--facts 50000] [--url postgresql://...] [--batch 2000]
"""

import argparse
import cProfile
import json
import pstats
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from services.command.collecting import collect_rarely
from services.monitor.dossier.rules import Rules
from services.monitor.projector.entries import Entry, RawEntry, Stream
from services.monitor.projector.projection import Projector
from services.monitor.readers import BATCH_ENTRIES_MAX
from services.monitor.rebuild import rebuild, rebuild_when_outdated
from services.monitor.schema import upgrade
from shared.clock import system_clock
from shared.databases import open_engine, sqlite_url
from shared.facts.regions import REGIONS
from shared.streams import partition_of
from tests.bench.runner import Effort, Figure, Place, Work

PARTITIONS = 4
BATCH_FACTS = BATCH_ENTRIES_MAX
"""Facts that wait in each stream when the projector looks: as many as the readers bring of a backlog."""
SOURCES = {"intake": "urn:nld:kvknr:12345678:systeem:ecd", "placement": "urn:nld:kvknr:87654321:systeem:ecd"}
SERVICES = {"machtiging-granted": "intake", "referral-registered": "intake", "referral-closed": "intake"}
ACCOMMODATIONS = tuple(f"accommodation-{number}" for number in range(16))


class NoSource:
    """The facts come without a gap, so nothing is ever missing."""

    def read(self, stream: Stream, *, after: int) -> list[Entry]:
        raise AssertionError(f"{stream.name} has a gap after {after}")


def course(number: int, random: Random) -> Iterator[tuple[date, str, str, dict[str, object]]]:
    """The facts of one person: a referral, a title, and one to three placements."""
    person = f"bench-person-{number:08d}"
    start = date(2013, 1, 1) + timedelta(days=random.randrange(4_500))
    region = random.choice(tuple(REGIONS))
    yield start - timedelta(9), person, "referral-registered", {
        "referral": f"R-{number}", "referred_on": start - timedelta(9), "region": region, "referrer": "gi",
        "urgency": "spoed", "requested": "gesloten", "birth_month": "2001-05", "sex": "f",
    }  # fmt: skip
    until = start + timedelta(28)
    yield start - timedelta(1), person, "machtiging-granted", {
        "machtiging": f"M-{number}-0", "kind": "spoed", "granted_on": start - timedelta(1), "valid_from": start,
        "valid_until": until, "legal_frame": "ots", "court": "rechtbank-den-haag",
    }  # fmt: skip
    yield start, person, "referral-closed", {"referral": f"R-{number}", "closed_on": start, "outcome": "placed"}
    yield until, person, "machtiging-granted", {
        "machtiging": f"M-{number}-1", "kind": "regulier", "granted_on": until, "valid_from": until,
        "valid_until": until + timedelta(180), "legal_frame": "ots", "court": "rechtbank-den-haag",
    }  # fmt: skip
    moves = random.choice((0, 0, 0, 1, 2))
    for move in range(moves + 1):
        placement, end = f"P-{number}-{move}", start + timedelta(random.randrange(10, 200))
        yield start, person, "placement-started", {
            "placement": placement, "accommodation": random.choice(ACCOMMODATIONS), "started_on": start,
            "regime": "jw6", "closure": "gesloten", "route": "crisis", "region": region, "machtiging": f"M-{number}-0",
            "birth_month": "2001-05", "sex": "f", **({"arrives_from": f"P-{number}-{move - 1}"} if move else {}),
        }  # fmt: skip
        if move < moves:
            yield end, person, "doorplaatsing-recorded", {
                "placement": placement, "departed_on": end, "reason": "better-fit",
            }  # fmt: skip
        else:
            yield end, person, "discharge-recorded", {
                "placement": placement, "discharged_on": end, "destination": "home", "end_mode": "planned",
            }  # fmt: skip
        start = end


def history(facts: int, *, seed: int = 1) -> dict[Stream, list[RawEntry]]:
    """So many facts in the order in which they happened, each in its stream."""
    random = Random(seed)
    found: list[tuple[date, str, str, dict[str, object]]] = []
    number = 0
    while len(found) < facts:
        number += 1
        found.extend(course(number, random))
    found.sort(key=lambda fact: fact[0])
    positions = dict.fromkeys(SOURCES, 0)
    last: dict[Stream, int] = {}
    streams: dict[Stream, list[RawEntry]] = {
        Stream(service, partition): [] for service in SOURCES for partition in range(PARTITIONS)
    }
    for on, person, name, data in found[:facts]:
        service = SERVICES.get(name, "placement")
        stream = Stream(service, partition_of(person, PARTITIONS))
        positions[service] += 1
        position = positions[service]
        at = datetime(on.year, on.month, on.day, 12, tzinfo=UTC).isoformat()
        event = {
            "specversion": "1.0", "id": f"{service}-{position}", "source": SOURCES[service],
            "type": f"nl.doorstroom.{name}.v1", "subject": person, "time": at, "data": data,
            "acceptedat": at, "position": position, "prev": last.get(stream, 0),
        }  # fmt: skip
        last[stream] = position
        streams[stream].append((b"%d-0" % position, json.dumps(event, default=date.isoformat).encode()))
    return streams


def rounds(streams: dict[Stream, list[RawEntry]], *, batch: int) -> Iterator[dict[Stream, Sequence[RawEntry]]]:
    """What waits each time the projector looks: one read of every stream."""
    longest = max(map(len, streams.values()))
    for start in range(0, longest, batch):
        waiting = {stream: entries[start : start + batch] for stream, entries in streams.items()}
        yield {stream: entries for stream, entries in waiting.items() if entries}


def projected(url: str, *, facts: int, batch: int, profile: bool = False) -> Mapping[str, float]:
    """Facts a second, projected in batches and then folded anew."""
    streams = history(facts)
    collect_rarely()  # as `doorstroom serve` and `rebuild` do
    engine = open_engine(url, durable=False)
    upgrade(engine)
    rebuild_when_outdated(engine, rules=Rules(), progress=lambda done, total: None)
    projector = Projector(engine, rules=Rules(), clock=system_clock, source=NoSource())
    projector.load(streams)
    profiler = cProfile.Profile()
    if profile:
        profiler.enable()
    began = time.perf_counter()
    for waiting in rounds(streams, batch=batch):
        projector.apply(waiting)
    spent = time.perf_counter() - began
    profiler.disable()
    if profile:
        pstats.Stats(profiler).sort_stats("tottime").print_stats(35)
    began = time.perf_counter()
    rebuild(engine, rules=Rules(), progress=lambda done, total: None)
    rebuilt = time.perf_counter() - began
    engine.dispose()
    return {"projection": facts / spent, "rebuild": facts / rebuilt}


def measure(place: Place, effort: Effort) -> Mapping[str, float]:
    """Project and rebuild a history in a fresh database."""
    return projected(place.fresh(), facts=effort.facts, batch=BATCH_FACTS)


WORK = Work(
    "monitor",
    (
        Figure("projection", "facts/s"),
        Figure("rebuild", "facts/s"),
    ),
    measure,
)


def main() -> None:
    """One repetition with a profile."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--facts", type=int, default=50_000)
    arguments.add_argument("--batch", type=int, default=BATCH_FACTS)
    arguments.add_argument("--url")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = given.url or sqlite_url(Path(folder) / "monitor.sqlite")
        print(projected(url, facts=given.facts, batch=given.batch, profile=True))


if __name__ == "__main__":
    main()
