"""`doorstroom demo`, with a history that ends early: the same road, fewer years."""

import json
import signal
import subprocess
from pathlib import Path
from urllib.request import urlopen

from tests.flow.browser import Browser
from tests.flow.processes import DOORSTROOM, STOP_S_MAX, command, free_ports, port_settings


def test_the_demo_shows_the_figures_of_its_history_and_goes_on_live(data: Path) -> None:
    ports = free_ports()
    options = [part for service, port in ports.items() for part in (f"--{service}-port", str(port))]
    call = [*DOORSTROOM, "demo", "--json", "--data", str(data), "--until", "2013-02-15", "--pace", "20", *options]
    with (
        (data / "demo.log").open("w") as log,
        subprocess.Popen(call, stdout=subprocess.PIPE, stderr=log, text=True) as demo,
    ):
        assert demo.stdout is not None
        ready, figures = json.loads(demo.stdout.readline()), json.loads(demo.stdout.readline())
        ports_set = port_settings(ports)
        signed_in = _sign_in(ready["monitor"], **ready["sign_in"])
        state = json.loads(command("status", "--json", data=data, **ports_set).stdout)
        with urlopen(f"http://127.0.0.1:{ports['monitor']}/v1/figures/stock") as answer:
            stock = json.load(answer)
        again = command("release", data=data)
        demo.send_signal(signal.SIGINT)
        assert demo.wait(timeout=STOP_S_MAX) == 0, (data / "demo.log").read_text()

    assert ready["metrics"].endswith("/metrics")
    assert signed_in
    assert figures["facts"] > 1000
    assert figures["open_closures"] >= figures["over_half_a_year"] >= figures["over_a_year"]
    assert sum(at["ledger"] for at in state["positions"].values()) > 0.9 * figures["facts"]  # Some are said twice.
    assert state["parked"] == 0
    assert (stock["audience"], stock["n"]["status"]) == ("outside", "rounded"), "the history was released to everyone"
    assert abs(stock["n"]["value"] - figures["open_closures"]) <= 2
    assert again.returncode == 1, "not twice within 28 days"


def _sign_in(address: str, name: str, password: str) -> bool:
    with Browser(address) as browser:
        return browser.sign_in(name, password)
