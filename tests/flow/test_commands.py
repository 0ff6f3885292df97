"""The other commands against a running system: publish, validate, publisher, with their exit codes."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.flow.processes import DOORSTROOM, Up, command, port_settings
from tests.flow.publishing import SOURCE, started


def _token(system: Up, name: str) -> str:
    options = (f"--source={SOURCE}", "--fact=*", "--accommodation=*", "--scope=facts:write", "--json")
    done = command("publisher", "add", name, *options, data=system.data)
    assert done.returncode == 0, done.stderr
    token: str = json.loads(done.stdout)["token"]
    return token


def _file(folder: Path, person: str, *, good: int) -> Path:
    file = folder / "events.ndjson"
    events = [started(f"{person}-{number:06}", f"{person}-{number}", on="2024-03-02") for number in range(good)]
    file.write_text("".join(json.dumps(event) + "\n" for event in events))
    return file


def test_a_file_is_published_and_a_second_time_changes_nothing(system: Up, data: Path) -> None:
    token = _token(system, "publishes-a-file")
    file = _file(data, "person-of-a-file", good=1200)
    call = {"data": system.data, "DOORSTROOM_TOKEN": token, **port_settings(system.ports)}
    first = command("publish", "--json", str(file), **call)
    assert first.returncode == 0, first.stderr
    assert json.loads(first.stdout) == {"accepted": 1200, "duplicates": 0, "rejected": 0, "odd": 0}
    second = command("publish", "--json", str(file), **call)
    assert json.loads(second.stdout) == {"accepted": 0, "duplicates": 1200, "rejected": 0, "odd": 0}


def test_what_is_refused_is_listed_with_pointers_and_the_rest_is_published(system: Up, data: Path) -> None:
    token = _token(system, "publishes-mistakes")
    file = _file(data, "person-of-mistakes", good=2)
    file.write_text(file.read_text() + '{"specversion": "1.0", "id": "x"}\n')
    done = command("publish", str(file), data=system.data, DOORSTROOM_TOKEN=token, **port_settings(system.ports))
    assert done.returncode == 1
    assert "line 3" in done.stdout
    assert "/source" in done.stdout
    assert "2 accepted, 0 known already, 1 refused" in done.stdout


def test_events_on_standard_input_go_each_to_its_service(system: Up) -> None:
    token = _token(system, "publishes-by-pipe")
    rows = (
        "id,source,type,subject,time,referral,closed_on,outcome,placement,discharged_on,destination,end_mode\n"
        + "".join(
            f"{row}\n"
            for row in (
                f"csv-1,{SOURCE},referral-closed,person-of-the-pipe-1,2024-03-02T09:00:00Z,R-1,2024-03-01,placed,,,,",
                f"csv-2,{SOURCE},discharge-recorded,person-of-the-pipe-1,2024-03-02T09:00:00Z,,,,P-1,2024-03-02,home,planned",
            )
        )
    )
    done = command(
        "publish", "-", "--json", data=system.data, text=rows, DOORSTROOM_TOKEN=token, **port_settings(system.ports)
    )
    *odd, sums = map(json.loads, done.stdout.splitlines())
    assert sums == {"accepted": 2, "duplicates": 0, "rejected": 0, "odd": 2}
    assert [(one["id"], [warning["code"] for warning in one["warnings"]]) for one in odd] == [
        ("csv-1", ["F26"]),
        ("csv-2", ["F4"]),
    ]


def test_without_a_token_it_is_a_wrong_call_and_with_a_wrong_one_it_fails(system: Up, data: Path) -> None:
    file = _file(data, "person-without-token", good=1)
    assert command("publish", str(file), data=data, **port_settings(system.ports)).returncode == 2
    failed = command("publish", str(file), data=data, DOORSTROOM_TOKEN="dst_wrong", **port_settings(system.ports))
    assert failed.returncode == 1
    assert "401" in failed.stderr


def test_a_file_is_validated_without_any_service(data: Path) -> None:
    file = _file(data, "person-who-is-validated", good=3)
    assert command("validate", str(file), data=data).returncode == 0
    file.write_text(file.read_text() + '{"specversion": "1.0"}\n')
    done = command("validate", "--json", str(file), data=data)
    assert done.returncode == 1
    assert json.loads(done.stdout.splitlines()[-1]) == {"lines": 4, "wrong": 1, "odd": 0}


def test_a_publisher_that_is_rotated_has_two_tokens_and_is_listed_without_any(system: Up, data: Path) -> None:
    first = _token(system, "rotates")
    second = json.loads(command("publisher", "rotate", "rotates", "--json", data=system.data).stdout)["token"]
    for number, token in enumerate((first, second)):
        file = _file(data, f"person-of-token-{number}", good=1)
        assert (
            command("publish", str(file), data=data, DOORSTROOM_TOKEN=token, **port_settings(system.ports)).returncode
            == 0
        )
    listed = command("publisher", "list", "--json", data=system.data).stdout
    assert "rotates" in {one["name"] for one in json.loads(listed)}
    assert first not in listed
    assert second not in listed
    assert command("publisher", "add", "rotates", data=system.data).returncode == 1
    assert command("publisher", "rotate", "nobody", data=system.data).returncode == 1
    assert command("publisher", "add", "x", "--scope=nonsense", data=system.data).returncode == 2


def test_of_a_publisher_that_is_changed_only_what_is_named_changes(tmp_path: Path) -> None:
    bounds = ("--source", "urn:nld:kvknr:12345678:systeem:ecd", "--fact=*", "--accommodation=midgaard")
    assert command("publisher", "add", "ecd", *bounds, "--scope=facts:write", data=tmp_path).returncode == 0

    to = ("--accommodation=midgaard", "--accommodation=harreveld")
    changed = command("publisher", "change", "ecd", *to, "--json", data=tmp_path)

    assert json.loads(changed.stdout) == json.loads(command("publisher", "list", "--json", data=tmp_path).stdout)
    (one,) = json.loads(changed.stdout)
    assert one["accommodations"] == ["harreveld", "midgaard"]
    assert (one["facts"], one["scopes"]) == (["*"], ["facts:write"])
    assert command("publisher", "change", "nobody", *to, data=tmp_path).returncode == 1
    assert command("publisher", "change", "ecd", "--fact=nonsense", data=tmp_path).returncode == 2
    nothing = command("publisher", "change", "ecd", data=tmp_path)
    assert nothing.returncode == 2
    assert "--accommodation" in nothing.stderr


def test_a_client_of_an_issuer_is_linked_to_one_publisher_and_unlinked(tmp_path: Path) -> None:
    issuer = "https://login.example.org"

    def call(*arguments: str) -> int:
        return command("publisher", *arguments, data=tmp_path).returncode

    added = command("publisher", "add", "ecd", "--client", issuer, "ecd-client", "--json", data=tmp_path)
    assert json.loads(added.stdout) == {"publisher": "ecd", "done": "added"}, added.stderr
    assert call("add", "other") == 0
    assert call("add", "third", "--client", issuer, "ecd-client") == 1
    assert call("link", "other", issuer, "ecd-client") == 1
    assert call("link", "nobody", issuer, "new-client") == 1
    assert call("link", "other", issuer, "x" * 500) == 2
    assert call("unlink", issuer, "ecd-client") == 0
    assert call("unlink", issuer, "ecd-client") == 1
    assert call("link", "other", issuer, "ecd-client") == 0
    listed = json.loads(command("publisher", "list", "--json", data=tmp_path).stdout)
    assert [one["name"] for one in listed] == ["ecd", "other"]
    assert [one["clients"] for one in listed] == [[], [{"issuer": issuer, "name": "ecd-client"}]]
    assert f"ecd-client of {issuer}" in command("publisher", "list", data=tmp_path, COLUMNS="200").stdout
    revoked = command("publisher", "revoke", "other", "--json", data=tmp_path)
    assert json.loads(revoked.stdout) == {"publisher": "other", "done": "revoked"}
    assert "had no token" in command("publisher", "revoke", "other", data=tmp_path).stdout
    assert call("revoke", "nobody") == 1


@pytest.mark.parametrize("arguments", [["--help"], ["publisher", "list"]], ids=["help", "list"])
def test_output_that_cannot_be_written_is_a_failure_of_one_line(tmp_path: Path, arguments: list[str]) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no device here that is always full")
    assert command("publisher", "add", "ecd", data=tmp_path).returncode == 0
    with full.open("w") as output:
        done = _into(output.fileno(), arguments, tmp_path)
    assert done.returncode == 1
    assert done.stderr == (
        "doorstroom: the output cannot be written: No space left on device. Make room, and call it again.\n"
    )


@pytest.mark.parametrize("arguments", [["--help"], ["publisher", "list"]], ids=["help", "list"])
def test_output_that_nobody_reads_any_more_ends_in_silence(tmp_path: Path, arguments: list[str]) -> None:
    assert command("publisher", "add", "ecd", data=tmp_path).returncode == 0
    reading, writing = os.pipe()
    os.close(reading)
    done = _into(writing, arguments, tmp_path)
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")


def _into(output: int, arguments: list[str], data: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DOORSTROOM_DATA": str(data)}
    return subprocess.run(
        [*DOORSTROOM, *arguments], stdout=output, stderr=subprocess.PIPE, text=True, check=False, env=environment
    )
