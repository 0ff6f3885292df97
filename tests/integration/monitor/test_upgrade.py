"""An older monitor meets what a newer service took; after the upgrade it is as if it had been new all along."""

import base64
import json
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from sqlalchemy import Engine, select

from services.monitor.tables import parked
from tests.integration.monitor.histories import PEOPLE
from tests.integration.monitor.ledgers import NOON, SOURCE, Ledgers, placement

PROJECT = Path(__file__).parents[3]
ANN, BEN = PEOPLE[:2]

FAMILY = '''
    """A placement by another name; a newer version has more words for why."""

    from typing import Any, ClassVar, Literal

    from shared.facts.fact import Day, Fact, Identifier


    class SchoolStarted(Fact, name="school-started", owner="placement", dated="started_on"):
        """A young person went to school."""

        school: Identifier
        started_on: Day
        kind: Literal[{kinds}]
        """Which kind of school."""

        example: ClassVar[dict[str, Any]] = {{"school": "S1", "started_on": "2026-03-02", "kind": "inside"}}
'''


@pytest.fixture
def versions(tmp_path: Path) -> dict[str, Path]:
    """Folders with more families: none, an older form of one, and a newer."""
    folders = {name: tmp_path / name for name in ("without", "older", "newer")}
    for name, folder in folders.items():
        folder.mkdir()
        if name != "without":
            kinds = '"inside"' if name == "older" else '"inside", "outside"'
            (folder / "school.py").write_text(dedent(FAMILY).format(kinds=kinds))
    return folders


def told(ledgers: Ledgers) -> None:
    """Ann goes to a school of a kind that only the newest version has a word for; more is told of both."""
    ledgers.tell("placement-started", ANN, **placement("P1", "2026-01-01"))
    for number, kind in enumerate(("inside", "outside", "inside")):
        school = {"specversion": "1.0", "id": f"school-{number}", "source": SOURCE, "time": NOON.isoformat()}
        data = {"school": f"S{number}", "started_on": "2026-01-05", "kind": kind}
        about = {"subject": ANN, "type": "nl.doorstroom.school-started.v1", "data": data}
        ledgers.tell_event({**school, **about}, service="placement")
    ledgers.tell("placement-started", ANN, **placement("P2", "2026-01-09", accommodation="via-almata"))
    ledgers.tell("placement-started", BEN, **placement("P3", "2026-01-09"))


def run(folder: Path, url: str, ledgers: Ledgers, deed: str) -> dict[str, Any]:
    """What a monitor of the version in this folder makes of the streams."""
    streams = folder / "streams.json"
    written = [
        [stream.service, stream.partition, [[raw[0].decode(), base64.b64encode(raw[1]).decode()] for raw in told]]
        for stream, told in ledgers.streams.items()
    ]
    streams.write_text(json.dumps(written))
    asked = [sys.executable, "-m", "tests.integration.monitor.versioned", str(folder), url, str(streams), deed]
    done = subprocess.run(asked, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def url_of(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def test_a_stream_that_is_halted_goes_on_after_the_upgrade(fresh, ledgers, versions) -> None:
    told(ledgers)
    stands, new = url_of(fresh()), url_of(fresh())
    before = run(versions["without"], stands, ledgers, "project")
    [halted] = before["halted"]
    assert halted.startswith("doorstroom:facts:placement:")
    after = run(versions["newer"], stands, ledgers, "project")
    assert after == run(versions["newer"], new, ledgers, "project")
    assert (after["halted"], after["digest"] != before["digest"]) == ([], True)


def test_a_fact_that_an_older_form_refuses_is_taken_by_a_replay_after_the_upgrade(fresh, ledgers, versions) -> None:
    told(ledgers)
    stands, new = fresh(), fresh()
    run(versions["older"], url_of(stands), ledgers, "project")
    with stands.begin() as connection:
        reasons = {row.position: row.reason for row in connection.execute(select(parked))}
    assert reasons == {
        3: "/nl.doorstroom.school-started.v1/data/kind literal_error",
        4: "waits behind another fact",
        5: "waits behind another fact",
    }
    after = run(versions["newer"], url_of(stands), ledgers, "replay")
    assert after == run(versions["newer"], url_of(new), ledgers, "project")
    with stands.begin() as connection:
        assert connection.execute(select(parked)).all() == []
