"""`doorstroom parked`: what waits is shown without naming anybody, and is taken again beside a running system."""

import json
import sqlite3
from pathlib import Path

from tests.flow.processes import Up, command, port_settings
from tests.flow.publishing import Publisher, started
from tests.servers.waiting import wait_until

PERSON = "person-who-is-quarantined"


def test_nothing_waits_where_nothing_went_wrong_and_no_folder_is_a_failure(system: Up, data: Path) -> None:
    assert json.loads(command("parked", "list", "--json", data=system.data).stdout) == []
    done = command("parked", "replay", "--json", data=system.data)
    assert (done.returncode, json.loads(done.stdout)) == (0, {"facts": 0, "released": 0, "still": 0})
    assert command("parked", "list", data=data).returncode == 1


def test_what_waits_is_shown_and_taken_again_while_everything_runs(system: Up, publisher: Publisher) -> None:
    first = _started(publisher)
    publisher.send(started(PERSON, "P-Q1", on="2024-03-02"))
    wait_until(lambda: _started(publisher) == first + 1, what="the first fact counts")
    # As a bug would have left it: the next fact of this person waits.
    with sqlite3.connect(system.data / "monitor.sqlite", timeout=10) as database:
        database.execute("INSERT INTO quarantine VALUES (?, 'BugError in fold', 'placement', 1, 1)", (PERSON,))
    database.close()
    publisher.send(started(PERSON, "P-Q2", on="2024-04-02", accommodation="house-b"))
    wait_until(lambda: publisher.metrics()["doorstroom_parked_facts"] == 1, what="it is parked")
    assert publisher.metrics()["doorstroom_quarantined_persons"] == 1
    assert _started(publisher) == first + 1
    ports = port_settings(system.ports)
    said = json.loads(command("status", "--json", data=system.data, **ports).stdout)
    assert (said["parked"], said["quarantined"], said["halted"]) == (1, 1, 0)
    shown = command("parked", "list", data=system.data).stdout
    assert "BugError in fold" in shown
    assert PERSON not in shown
    done = command("parked", "replay", "--json", data=system.data)
    assert (done.returncode, json.loads(done.stdout)) == (0, {"facts": 1, "released": 1, "still": 0})
    wait_until(lambda: _started(publisher) == first + 2, what="the second fact counts")
    assert publisher.metrics()["doorstroom_parked_facts"] == 0


def _started(publisher: Publisher) -> float:
    return publisher.metrics()["doorstroom_placements_started_total"]
