"""The whole road with TLS, a role and a user for each service; and no secret anywhere, whatever goes wrong."""

import json
from collections.abc import Iterator

import pytest

from services.command.erasing.searching import files_with
from tests.flow.hardened import Hardened, hardened, what_is_missing
from tests.flow.processes import command, folder
from tests.flow.publishing import SOURCE, samples, started
from tests.servers.roles import SERVICES, database_urls
from tests.servers.waiting import wait_until

pytestmark = pytest.mark.postgres

ANNE = "anne-7f3c2a9d5e1b4086"


@pytest.fixture(scope="module")
def system() -> Iterator[Hardened]:
    """One installation that runs, and has one fact."""
    if missing := what_is_missing():
        pytest.skip(missing)
    with folder() as path, hardened(path) as made:
        for service in SERVICES:
            made.start(service)
        made.wait_until_ready()
        _published(made)
        yield made


def _published(system: Hardened) -> None:
    options = ("--fact=*", "--accommodation=*", f"--source={SOURCE}", "--scope=facts:write", "--json")
    added = command("publisher", "add", "hospital", *options, data=system.folder, **system.administration())
    assert added.returncode == 0, added.stderr
    file = system.folder / "facts.ndjson"
    file.write_text(json.dumps(started("person-0123456789abcdef", "P-1", on="2024-03-01")) + "\n")

    token = json.loads(added.stdout)["token"]
    sent = command("publish", str(file), data=system.folder, DOORSTROOM_TOKEN=token, **system.common)

    assert sent.returncode == 0, sent.stderr


def test_a_fact_goes_the_whole_road(system: Hardened) -> None:
    def counted() -> bool:
        return samples(system.ask("monitor", "/metrics", Accept="text/plain").text)["doorstroom_open_closures"] == 1

    wait_until(counted, what="the fact is in the figures")


def test_after_a_flush_of_redis_the_streams_are_filled_and_the_monitor_goes_on(system: Hardened) -> None:
    """The relay, the checkpoints and the feed with the rights that they have, and no more."""
    system.redis.kill()
    system.redis.forget()
    system.redis.start()

    def filled() -> bool:
        found = samples(system.ask("placement", "/metrics").text)
        return found["doorstroom_published_position"] == found["doorstroom_ledger_position"] >= 1

    wait_until(filled, what="the streams are filled again")
    wait_until(lambda: system.ask("monitor", "/readyz").status_code == 200, what="the monitor reads them")
    assert "NOPERM" not in system.logs()


def test_the_administration_erases_to_the_last_byte_of_postgresql_and_of_redis(system: Hardened) -> None:
    options = ("--fact=*", "--accommodation=*", f"--source={SOURCE}", "--scope=facts:write", "--json")
    added = command("publisher", "add", "clinic", *options, data=system.folder, **system.administration())
    token = json.loads(added.stdout)["token"]
    sent = command(
        "publish", "-", data=system.folder, DOORSTROOM_TOKEN=token, **system.common,
        text="".join(f"{json.dumps(started(ANNE, f'P-{ANNE}-{number}', on='2024-03-01'))}\n" for number in range(50)),
    )  # fmt: skip
    assert sent.returncode == 0, sent.stderr
    projected = 'doorstroom_projected_facts{service="placement"}'
    wait_until(
        lambda: samples(system.ask("monitor", "/metrics", Accept="text/plain").text)[projected] == 51,
        what="the monitor has them",
    )
    assert list(files_with(system.folder / "r", ANNE)) != []
    assert list(files_with(system.postgres.folder, ANNE)) != []

    done = command("erase", "-", "--json", data=system.folder, text=f"{ANNE}\n", **system.administration())

    assert done.returncode == 0, done.stderr + done.stdout
    said = json.loads(done.stdout)
    assert (said["left"], said["undone"], said["outside"]) == ({}, [], [])
    assert said["decision"]["facts"] == {"intake": 0, "placement": 50, "monitor": 50}
    assert (said["decision"]["cleaned"], said["decision"]["searched"]) == (True, True)
    assert list(files_with(system.folder, ANNE)) == []
    assert list(files_with(system.postgres.folder, ANNE)) == []
    wait_until(lambda: system.ask("monitor", "/readyz").status_code == 200, what="the monitor goes on")


def test_no_secret_is_told_whatever_goes_wrong(system: Hardened) -> None:
    """Wrong passwords, an address that is none, an unknown token; then everything that was said is searched.

    Settings that cannot be used are in tests/unit/shared/test_settings.py.
    """
    said = []
    url, owner = database_urls(system.postgres, system.known, "placement")
    wrong = f"secret-wrong-4d1f7be2-{system.redis_port}"
    system.stop("placement")
    placement = {**system.environment("placement"), "DOORSTROOM_PLACEMENT_DATABASE_URL": url}
    for changes in (
        {"DOORSTROOM_PLACEMENT_DATABASE_URL": url.replace(system.known["placement"], wrong)},
        {"DOORSTROOM_PLACEMENT_DATABASE_URL": f"postgresql://x:{wrong}@127.0.0.1:port/x"},
        {"DOORSTROOM_FEED_TOKEN": wrong},
    ):
        done = command("serve", "placement", data=system.folder, **(placement | changes))
        assert done.returncode in (1, 2), done.stderr
        assert done.stderr.count("\n") <= 2, done.stderr
        said.append(done.stdout + done.stderr)
    denied = command(
        "migrate", "placement", data=system.folder, **(placement | {"DOORSTROOM_PLACEMENT_OWNER_URL": owner + "x"})
    )
    assert denied.returncode != 0
    said.append(denied.stdout + denied.stderr)

    system.start("placement", DOORSTROOM_REDIS_URL=f"rediss://placement:{wrong}@127.0.0.1:{system.redis_port}/0")
    wait_until(lambda: "publishing_failed" in system.logs(), what="the relay is refused")
    wait_until(lambda: system.answers("placement"), what="placement answers")
    said += [
        system.ask(service, path).text for service in SERVICES for path in ("/readyz", "/metrics", "/v1/openapi.json")
    ]
    said += [system.ask("placement", "/v1/events", Authorization=f"Bearer {wrong}").text]

    everything = "\n".join([*said, *system.command_lines, system.logs()])
    assert "password authentication failed" in everything, "the errors were met"
    assert [secret for secret in (*system.secrets, wrong) if secret in everything] == []
