"""`doorstroom rebuild --from-ledgers` beside a running system: it goes on answering, and the figures are the same."""

import json
import threading
from collections.abc import Mapping

from tests.flow.processes import Up, command, port_settings
from tests.flow.publishing import Publisher, discharged, started
from tests.servers.waiting import wait_until

STARTED = "doorstroom_placements_started_total"


def differing(before: Mapping[str, float], after: Mapping[str, float]) -> Mapping[str, tuple[float, float | None]]:
    """The figures that are others now; alerts are opened at a pace of their own."""
    figures = {name: value for name, value in before.items() if not name.startswith("doorstroom_alerts")}
    return {name: (value, after.get(name)) for name, value in figures.items() if after.get(name) != value}


def test_everything_is_read_again_while_the_figures_are_asked(system: Up, publisher: Publisher) -> None:
    first = publisher.metrics()[STARTED]
    for number in range(20):
        publisher.send(started(f"person-who-is-read-again-{number}", f"P-A{number}", on="2024-03-02"))
    publisher.send(discharged("person-who-is-read-again-3", "P-A3", on="2024-04-02"))
    wait_until(lambda: publisher.metrics()[STARTED] == first + 20, what="every placement counts")
    wait_until(lambda: publisher.metrics()["doorstroom_stream_lag_entries"] == 0, what="all is read")
    before, seen, done = publisher.figures(), [], threading.Event()

    def ask() -> None:
        while not done.is_set():
            seen.append(publisher.figures())

    asking = threading.Thread(target=ask)
    asking.start()
    ports = port_settings(system.ports)
    again = command("rebuild", "--from-ledgers", "--json", data=system.data, **ports)
    done.set()
    asking.join()
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["facts"] >= 21
    assert len(seen) > 1
    seen.append(publisher.figures())
    assert [differing(before, figures) for figures in seen] == [{}] * len(seen)
    publisher.send(started("person-after-it-was-read", "P-B1", on="2024-03-02"))
    wait_until(lambda: publisher.metrics()[STARTED] == first + 21, what="a fact after the switch counts")


def test_where_the_feeds_do_not_answer_the_figures_stay_and_it_is_said(system: Up, publisher: Publisher) -> None:
    before = publisher.figures()
    nobody = {"DOORSTROOM_INTAKE_URL": "http://127.0.0.1:9", "DOORSTROOM_PLACEMENT_URL": "http://127.0.0.1:9"}
    done = command("rebuild", "--from-ledgers", data=system.data, **nobody)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("doorstroom: the figures are as they were")
    assert differing(before, publisher.figures()) == {}
