"""The roles of PostgreSQL as infra/postgres makes them: a service adds facts, and can neither change nor remove one."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from services.command.accounts import lines
from services.command.failures import Failed
from services.command.migrating import bring, migrate
from services.command.registering import add
from services.monitor.privileges import ACCESS, MONITOR
from shared.clock import system_clock
from shared.databases import open_engine
from shared.erasure import Seal
from shared.ledger import Accepted, Ledger
from shared.privileges import LEDGER
from shared.publishers.registry import Publisher, Registry
from shared.rejections import forget_rejections
from shared.settings import Settings
from tests.contract.drafts import a_submission, append
from tests.contract.test_erasure import ANNE, KEY, erased, started
from tests.flow.processes import command, free_ports, port_settings
from tests.servers.postgres import PostgresServer, find_postgres
from tests.servers.roles import SERVICES, databases_with_roles

pytestmark = pytest.mark.postgres


@dataclass
class Made:
    """A server on which the script ran, and the settings of an installation on it."""

    server: PostgresServer
    settings: Settings

    def connect(self, service: str, *, owner: bool = False) -> psycopg.Connection[tuple[object, ...]]:
        """Connect as a service, or as who owns its tables."""
        address = self.settings.owner_url(service) if owner else self.settings.database_url(service)
        return psycopg.connect(address, autocommit=True)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """A server of its own: roles are of a server, not of a database."""
    if find_postgres() is None:
        pytest.skip("no PostgreSQL's server programs")
    with databases_with_roles(tmp_path_factory, feed_token="dst_feed") as (server, settings):
        yield Made(server, settings)


FORBIDDEN = (
    "UPDATE fact SET accepted_at_us = 0",
    "DELETE FROM fact",
    "TRUNCATE fact",
    "DROP TABLE fact",
    "ALTER TABLE fact DISABLE TRIGGER ALL",
    "ALTER TABLE fact ADD COLUMN more text",
    "DROP TRIGGER fact_refuses_change ON fact",
    "CREATE TABLE mine (id int)",
    "CREATE SCHEMA mine",
    "CREATE TEMP TABLE mine (id int)",
    "INSERT INTO publisher SELECT * FROM publisher",
    "UPDATE publisher SET scopes = '[\"admin\"]'",
    "DELETE FROM credential",
    "DELETE FROM ledger_head",
    "UPDATE ledger_version SET version_num = '0000'",
    "COPY fact TO PROGRAM 'cat'",
    "SET session_replication_role = replica",
    "SET ROLE {service}_owner",
    "GRANT {service}_owner TO {service}",
)
"""What would change what was acknowledged, or who may say what."""


def test_a_door_adds_facts_with_its_role_and_reads_them(made: Made) -> None:
    engine = open_engine(made.settings.database_url("placement"))
    ledger = Ledger(engine, service="placement", clock=system_clock)
    ledger.create(partitions=made.settings.partitions)

    ((outcome,),) = ledger.append([a_submission([1])])

    assert isinstance(outcome, Accepted)
    assert [entry.position for entry in ledger.read(0, limit=10)] == [outcome.position]
    ledger.settle()
    engine.dispose()


def test_a_door_erases_with_its_role_what_it_could_not_change(made: Made) -> None:
    engine = open_engine(made.settings.database_url("intake"))
    ledger = Ledger(engine, service="intake", clock=system_clock, seal=Seal(KEY), naming=(forget_rejections,))
    ledger.create(partitions=made.settings.partitions)
    append(ledger, started(ANNE, f"start-{ANNE}"))

    with made.connect("intake") as connection, pytest.raises(psycopg.Error, match="append-only"):
        connection.execute("UPDATE fact SET body = ''")
    append(ledger, erased(ANNE))

    assert ANNE not in str(ledger.read(0, limit=10))
    engine.dispose()


@pytest.mark.parametrize("service", ["intake", "placement"])
@pytest.mark.parametrize("statement", FORBIDDEN)
def test_a_door_can_neither_change_nor_remove_what_is_stored(made: Made, service: str, statement: str) -> None:
    with made.connect(service) as connection:
        before = connection.execute("SELECT count(*), max(body) FROM fact").fetchone()
        with pytest.raises(
            psycopg.Error, match=r"permission denied|must be (owner|superuser)|must have admin|append-only"
        ):
            connection.execute(statement.format(service=service).encode())
        assert connection.execute("SELECT count(*), max(body) FROM fact").fetchone() == before


@pytest.mark.parametrize(
    "statement", ["UPDATE access_log SET person = 'x'", "DELETE FROM access_log", "DROP TABLE access_log"]
)
def test_the_monitor_can_only_add_to_the_access_log(made: Made, statement: str) -> None:
    with made.connect("monitor") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement.encode())


@pytest.mark.parametrize("service", SERVICES)
def test_no_service_connects_to_the_database_of_another(made: Made, service: str) -> None:
    for other in SERVICES:
        if other != service:
            address = made.settings.database_url(service).rpartition("/")[0]
            with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
                psycopg.connect(f"{address}/{other}")


@pytest.mark.parametrize("service", SERVICES)
def test_every_table_has_privileges_on_the_list(made: Made, service: str) -> None:
    """A new table goes into shared/privileges.py or services/monitor/privileges.py, or its service cannot read it."""
    with made.connect(service, owner=True) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()

    listed = {**MONITOR, **ACCESS} if service == "monitor" else LEDGER
    assert sorted(str(name) for (name,) in tables) == sorted(listed)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_that_is_at_this_version_starts_with_its_role_and_an_older_one_says_what_to_do(
    made: Made, service: str
) -> None:
    bring(made.settings, service, made.settings.database_url, clock=system_clock)
    chain = "monitor" if service == "monitor" else "ledger"
    with made.connect(service, owner=True) as owner:
        (step,) = owner.execute(f"DELETE FROM {chain}_version RETURNING version_num".encode()).fetchall()
        try:
            with pytest.raises(Exception, match="`doorstroom migrate` takes them as the owner"):
                bring(made.settings, service, made.settings.database_url, clock=system_clock)
        finally:
            owner.execute(f"INSERT INTO {chain}_version VALUES (%s)".encode(), step)


def test_commands_change_who_may_publish_as_the_owner_and_the_door_sees_it(made: Made) -> None:
    publisher = Publisher("prometheus", *[frozenset[str]()] * 3, frozenset({"metrics:read"}))
    token = add(made.settings, publisher, clock=system_clock)
    for service in SERVICES:
        engine = open_engine(made.settings.database_url(service))
        assert Registry(engine, system_clock).authenticate(token) == publisher
        engine.dispose()
    noted = lines(made.settings, person=None, since=None, until=None, clock=system_clock)
    assert ("publisher-added", "C") in [(line.event, line.action) for line in noted]

    without = made.settings.model_copy(update={f"{service}_owner_url": None for service in SERVICES})
    with pytest.raises(Failed, match="the commands of the administration need the owner"):
        add(without, Publisher("another", *[frozenset[str]()] * 3, frozenset({"metrics:read"})), clock=system_clock)


def test_to_migrate_twice_changes_nothing(made: Made) -> None:
    for service in SERVICES:
        migrate(made.settings, service, clock=system_clock)


def test_a_door_with_a_token_of_which_migrate_knows_nothing_says_that_it_is_the_token(
    made: Made, tmp_path: Path
) -> None:
    url = made.settings.database_url("placement")
    ports = port_settings(free_ports())
    done = command(
        "serve",
        "placement",
        data=tmp_path,
        **ports,
        DOORSTROOM_PLACEMENT_DATABASE_URL=url,
        DOORSTROOM_FEED_TOKEN="dst_another",
    )
    assert done.returncode == 1
    needed = "`migrate` and the commands of the administration need the owner (DOORSTROOM_..._OWNER_URL)"
    said = f"the role of placement may not let in another DOORSTROOM_FEED_TOKEN in its database; {needed}"
    assert done.stderr == f"doorstroom: {said}\n"
