"""The event log of a running system, in files."""

import csv
import json
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

from pyarrow.parquet import read_table

from tests.flow.processes import Up, command
from tests.flow.publishing import Publisher, discharged, started
from tests.servers.waiting import wait_until

PERSON = "young-person-of-an-event-log"


def test_an_event_log_is_written_whole_and_noted_first(system: Up, publisher: Publisher, data: Path) -> None:
    before = publisher.metrics()["doorstroom_placements_started_total"]
    publisher.send(started(PERSON, "of-a-log", on="2024-03-02"))
    publisher.send(discharged(PERSON, "of-a-log", on="2024-04-02"))
    wait_until(lambda: publisher.metrics()["doorstroom_placements_started_total"] == before + 1, what="it counts")

    done = command("export", str(data / "log"), "--json", data=system.data)

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    files = [Path(one) for one in told["files"]]
    assert [file.name for file in files] == ["events.csv", "events.parquet", "log.xes", "log.ocel.json"]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert not any(name in file.read_bytes() for file in files for name in (PERSON.encode(), b"of-a-log"))
    rows = list(csv.DictReader(files[0].read_text().splitlines()))
    assert read_table(files[1]).num_rows == len(rows)
    counted = Counter(row["activity"] for row in rows)
    assert counted["placement-started"] == before + 1
    assert len(rows) == told["events"] == len(json.loads(files[3].read_text())["events"])
    traces = ElementTree.parse(files[2]).getroot().findall("{http://www.xes-standard.org/}trace")
    assert len(traces) == told["persons"] == len({row["case"] for row in rows})
    log = command("access-log", "--json", data=system.data).stdout
    noted = [line for line in map(json.loads, log.splitlines()) if line["event"] == "log-exported"]
    assert f"--known {told['known']} csv parquet xes ocel" in noted[-1]["what"]


def test_a_log_is_of_what_was_known_then(system: Up, publisher: Publisher, data: Path) -> None:
    publisher.send(started("young-person-who-came-lately", "came-lately", on="2024-03-02"))
    old = command("export", str(data / "log"), "--known", "2024-12-31", "--format=csv", "--json", data=system.data)
    assert old.returncode == 0, old.stderr
    told = json.loads(old.stdout)
    assert (told["events"], told["persons"], told["known"]) == (0, 0, "2024-12-31T22:59:59.999999Z")
    assert [Path(one).name for one in told["files"]] == ["events.csv"]


def test_what_is_there_is_not_written_over(system: Up, data: Path) -> None:
    folder = data / "log"
    folder.mkdir()
    (folder / "log.xes").write_text("mine")

    done = command("export", str(folder), data=system.data)

    assert done.returncode == 2
    assert "log.xes" in done.stderr
    assert [(file.name, file.read_text()) for file in folder.iterdir()] == [("log.xes", "mine")]


def test_a_wrong_call_says_what_to_write(system: Up, data: Path) -> None:
    for wrong, said in (
        (("--format=excel",), "choose from csv, parquet, xes, ocel"),
        (("--known=yesterday",), "2026-03-02T14:30:00+01:00"),
        (("--known=2098-01-01",), "lies ahead"),
    ):
        done = command("export", str(data / "log"), *wrong, data=system.data)
        assert done.returncode == 2
        assert said in done.stderr
    assert not (data / "log").exists()
    nowhere = command("export", str(data / "log"), data=data)
    assert nowhere.returncode == 1
    assert "no monitor" in nowhere.stderr
