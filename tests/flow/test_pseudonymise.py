"""A publisher replaces BSNs on its own machine and publishes what comes out."""

import json
from pathlib import Path

from tests.flow.processes import Up, command, port_settings
from tests.flow.publishing import SOURCE, started

BSN = "123456782"


def test_events_with_bsns_are_published_under_pseudonyms(system: Up, data: Path) -> None:
    key, file = data / "pseudonym.key", data / "events.ndjson"
    assert command("pseudonymise", "--make-key", "--key-file", str(key), data=data).returncode == 0
    file.write_text(json.dumps(started(BSN, "of-a-bsn", on="2024-03-02")) + "\n")

    done = command("pseudonymise", str(file), "--key-file", str(key), data=data)

    assert done.returncode == 0, done.stderr
    assert BSN not in done.stdout + done.stderr
    subject = json.loads(done.stdout)["subject"]
    listed = command("pseudonymise", "--list", "--key-file", str(key), data=data, text=f"{BSN}\n")
    assert listed.stdout == f"{subject}\n"

    bounds = (f"--source={SOURCE}", "--fact=*", "--accommodation=*", "--scope=facts:write", "--json")
    added = command("publisher", "add", "has-bsns", *bounds, data=system.data)
    call = {"data": system.data, "DOORSTROOM_TOKEN": json.loads(added.stdout)["token"], **port_settings(system.ports)}
    refused = command("publish", "--json", str(file), **call)
    assert refused.returncode == 1
    published = command("publish", "--json", "-", text=done.stdout, **call)
    assert published.returncode == 0, published.stdout + published.stderr


def test_nothing_is_printed_where_one_line_cannot_be_done(data: Path) -> None:
    key, file = data / "pseudonym.key", data / "events.ndjson"
    assert command("pseudonymise", "--make-key", "--key-file", str(key), data=data).returncode == 0
    again = command("pseudonymise", "--make-key", "--key-file", str(key), data=data)
    assert again.returncode == 2
    good, bad = started(BSN, "good", on="2024-03-02"), started("a-pseudonym-already", "bad", on="2024-03-02")
    file.write_text(f"{json.dumps(good)}\n{json.dumps(bad)}\n")

    done = command("pseudonymise", str(file), "--key-file", str(key), data=data)

    assert done.returncode == 1
    assert done.stdout == ""
    assert "line 2: `subject`" in done.stderr
    assert command("pseudonymise", str(file), "--key-file", str(data / "none"), data=data).returncode == 2
