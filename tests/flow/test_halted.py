"""A ledger holds a fact that only a newer version knows: everything starts, others go on, and it is said."""

import json
from pathlib import Path

from shared.clock import system_clock
from shared.databases import open_engine, sqlite_url
from shared.ledger import Draft, Ledger, Submission
from shared.streams import partition_of
from tests.flow.processes import command, free_ports, port_settings, up
from tests.flow.publishing import SOURCE, registered, started
from tests.servers.waiting import wait_until

PERSON = "person-of-a-newer-version"
STARTED = "doorstroom_placements_started_total"


def test_a_fact_of_a_newer_version_keeps_nobody_else_out(data: Path) -> None:
    engine = open_engine(sqlite_url(data / "placement.sqlite"))
    ledger = Ledger(engine, service="placement", clock=system_clock)
    ledger.create(partitions=4)
    body = {"type": "nl.doorstroom.something-new.v2", "subject": PERSON, "source": SOURCE, "id": "new", "data": {}}
    ledger.append([Submission((Draft(SOURCE, "new", "something-new", PERSON, b"hash", json.dumps(body)),))])
    engine.dispose()
    other = next(name for name in map("person-elsewhere-{}".format, range(99)) if _stream(name) != _stream(PERSON))
    ports = free_ports()
    with up(data, ports) as system:
        system.wait_until_ready()
        with registered(system, "hospital", sources=[SOURCE], scopes=["facts:write"]) as publisher:
            publisher.send(started(PERSON, "P-H1", on="2024-03-02"))
            publisher.send(started(other, "P-H2", on="2024-03-02"))
            wait_until(lambda: publisher.metrics()[STARTED] == 1, what="the other one counts")
        told = port_settings(ports)
        said = json.loads(command("status", "--json", data=data, **told).stdout)
        assert (said["halted"], said["parked"], said["quarantined"]) == (1, 0, 0)
        assert said["positions"]["placement"]["ledger"] == 3
        shown = command("status", data=data, **told)
        assert "1 streams stand still" in shown.stderr


def _stream(person: str) -> int:
    return partition_of(person, 4)
