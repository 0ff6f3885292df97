"""Everything over HTTPS, with a certificate of the installation's own authority: services, feed and commands."""

import json
from pathlib import Path
from ssl import create_default_context

import httpx2

from tests.flow.processes import command, free_ports, port_settings, up
from tests.flow.publishing import SOURCE, started
from tests.servers.certificates import Authority
from tests.servers.waiting import wait_until


def test_publish_status_and_the_feed_go_over_https(data: Path) -> None:
    (data / "tls").mkdir()
    named = Authority(data / "tls").issue().environment()
    ports = free_ports()
    addressed = port_settings(ports)
    file = data / "facts.ndjson"
    file.write_text(json.dumps(started("person-0123456789abcdef", "P-1", on="2024-03-01")) + "\n")
    with up(data, ports, **named) as running:
        said = running.wait_until_ready()
        assert all(said[service].startswith("https://") for service in ports)
        options = ("--fact=*", "--accommodation=*", f"--source={SOURCE}", "--scope=facts:write", "--json")
        added = command("publisher", "add", "hospital", *options, data=data)
        token = json.loads(added.stdout)["token"]

        unknown = command("publish", str(file), data=data, DOORSTROOM_TOKEN=token, **addressed, **_without(named))
        assert unknown.returncode == 1
        assert "shows a certificate that no trusted authority vouches for" in unknown.stderr
        sent = command("publish", str(file), data=data, DOORSTROOM_TOKEN=token, **addressed, **named)
        assert sent.returncode == 0, sent.stderr

        def projected() -> bool:
            status = command("status", "--json", data=data, **addressed, **named)
            assert status.returncode == 0, status.stderr
            return json.loads(status.stdout)["positions"]["placement"]["projected"] == 1

        wait_until(projected, what="the fact is in the figures")
        again = command("rebuild", "--from-ledgers", "--json", data=data, **addressed, **named)
        assert json.loads(again.stdout) == {"facts": 1}, again.stderr  # Read from the feed.
        with httpx2.Client(
            verify=create_default_context(cafile=named["DOORSTROOM_TLS_AUTHORITY"]), trust_env=False
        ) as browser:
            cookies = browser.get(f"{said['monitor']}/aanmelden").headers["set-cookie"]
        assert cookies.startswith("__Host-doorstroom-visit=")
        assert running.stop() == 0


def _without(named: dict[str, str]) -> dict[str, str]:
    """The same addresses, and no authority."""
    return {name: value for name, value in named.items() if "AUTHORITY" not in name}
