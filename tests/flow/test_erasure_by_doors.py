"""The authority tells the doors that somebody is erased, and nobody calls a command: no byte of any file names them."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.flow.processes import command
from tests.flow.publishing import SOURCE, registered, started
from tests.flow.test_erasure import ANNE, BRAM, CARL, case, event, files_with, installed, machtiging, projected
from tests.servers.waiting import wait_until

AUTHORITY = "urn:nld:oin:00000001234567890000:systeem:pseudoniemen"
SOON_S = 90.0


def test_whoever_is_erased_by_both_doors_or_by_one_is_in_no_byte_soon_after_it(data: Path) -> None:
    """In ledgers, streams, the monitor, refusals and the log of who looked at the case, and in facts about others."""
    with installed(data) as (system, publisher):
        for person in (ANNE, CARL):
            publisher.send(machtiging(person, f"M-{person}"), to="intake")
            publisher.send(started(person, f"P-{person}", on="2023-03-02"))
            publisher.send(started(BRAM, f"P-B-{person}", on="2023-03-02"))
            refused = publisher.post(
                {"id": f"no-{person}", "source": SOURCE, "type": "nl.doorstroom.none.v1"}, to="intake"
            )
            assert refused.status_code == 400
        projected(publisher)
        for person in (ANNE, CARL):
            assert case(publisher, person).status_code == 200
            found = {Path(file).name.partition(".")[0] for file in files_with(data, person)}
            assert found >= {"intake", "placement", "monitor", "access", "appendonly"}
        scopes, facts = ["facts:write"], ["youth-erased"]
        with registered(system, "authority", sources=[AUTHORITY], scopes=scopes, facts=facts) as authority:
            for person, doors in ((ANNE, ["intake", "placement"]), (CARL, ["placement"])):
                for door in doors:
                    authority.send(erased(person), to=door)
        wait_until(lambda: _done(data) == [True] * 4, what="both are done in every store", seconds_max=SOON_S)
        assert (files_with(data, ANNE), files_with(data, CARL)) == ([], []), "while everything runs"
        assert case(publisher, ANNE).status_code == 404, "nobody of that name is known"
        assert system.stop() == 0
    assert (files_with(data, ANNE), files_with(data, CARL)) == ([], []), "nor after a stop, nor of a look since"
    assert command("access-log", "--verify", data=data).returncode == 0
    assert files_with(data, BRAM) != [], "the search would have found something"


def erased(person: str) -> dict[str, Any]:
    """What the authority says."""
    return event("youth-erased", person, basis="request", erased_on="2024-03-01") | {"source": AUTHORITY}


def _done(data: Path) -> list[bool]:
    """Of each erasure in each ledger whether every store and file has it."""
    found = []
    for service in ("intake", "placement"):
        with closing(sqlite3.connect(data / f"{service}.sqlite", timeout=10)) as database:
            rows = database.execute("SELECT cleaned_at_us IS NOT NULL FROM erasure").fetchall()
        found += [bool(cleaned) for (cleaned,) in rows]
    return found
