"""The short form of the sweep, and its own proof: without one of the safeguards it fails."""

import re

import pytest

from tests.faults.kinds import KINDS
from tests.faults.sweep import Plan, Report, sweep
from tests.servers.postgres import find_postgres
from tests.servers.redis import find_redis_server

ROUNDS = 6
SEED = 20


def swept(plan: Plan) -> Report:
    """What a sweep found; skipped where its servers are not there."""
    if find_redis_server() is None:
        pytest.skip("no redis-server: neither in a package nor on the PATH")
    if plan.database == "postgresql" and find_postgres() is None:
        pytest.skip("no PostgreSQL: no server programs on this machine")
    return sweep(plan)


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_faults_under_load_lose_nothing_and_double_nothing(database: str) -> None:
    report = swept(Plan(ROUNDS, SEED, database))
    assert report.broken is None
    assert report.rounds == ROUNDS
    assert report.acknowledged == report.stored > ROUNDS * 20
    assert report.faults.total() >= ROUNDS


@pytest.mark.parametrize(
    ("safeguard", "database", "fault", "finding"),
    [
        ("commit", "sqlite", "kill -9 intake", "lost|said to be"),
        ("lock", "sqlite", "kill -9 placement", "a gap"),
        ("compare", "sqlite", "two monitors on one database", "the monitor counted|does not go on"),
        ("prev", "sqlite", "entries trimmed that nobody read", "does not go on"),
        pytest.param(
            "sync",
            "postgresql",
            "postgresql stopped with -m immediate",
            "lost|said to be|a gap",
            marks=pytest.mark.postgres,
        ),
    ],
)
def test_without_a_safeguard_the_sweep_fails(safeguard: str, database: str, fault: str, finding: str) -> None:
    report = swept(Plan(12, SEED, database, only=(fault,), without=safeguard))
    assert report.broken is not None, f"nothing noticed that {safeguard} was missing"
    assert re.search(finding, report.broken)


def test_the_kinds_of_faults_have_names_of_their_own() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS)
