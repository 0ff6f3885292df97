"""A database as an earlier version left it: at an earlier step of each chain, with every row that it could have."""

from collections.abc import Mapping
from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, insert, select, text, update

import shared.migrations
from services.monitor.schema import STEPS
from services.monitor.tables import derivation
from shared.databases import open_engine
from shared.migrations import version_table

CHAINS = Path(shared.migrations.__file__).parent
FIRST = "0001"
FIRST_RULES = '{"version": "2026-1"}'
"""What the monitor's rows followed then. It is outdated, and so a newer monitor makes rows for the newer tables."""

STEPS_OF: Mapping[str, Mapping[str, Path]] = {
    **{
        service: {name: CHAINS / name for name in ("ledger", "publishers", "rejections")}
        for service in ("intake", "placement")
    },
    "monitor": {"monitor": STEPS, "publishers": CHAINS / "publishers"},
}
"""By service the chains of its database that are taken back, each with its steps."""


def made_older(service: str, url: str, *, into: str) -> list[str]:
    """Fill an empty database with the rows of another as far as its first version had room for them.

    Answers what is there now and was not then: tables, and columns as `table.column`.
    """
    now, then = open_engine(url), open_engine(into)
    try:
        for chain, steps in STEPS_OF[service].items():
            _take_first_step(then, chain, steps)
        missing = _fill(now, then)
        if service == "monitor":
            with then.begin() as connection:
                connection.execute(update(derivation).values(rules=FIRST_RULES))
        return missing
    finally:
        now.dispose()
        then.dispose()


def stands(service: str, url: str) -> dict[str, str]:
    """The step of each chain in a database, by name."""
    engine = open_engine(url)
    try:
        with engine.begin() as connection:
            return {
                chain: connection.execute(text(f"SELECT version_num FROM {version_table(chain)}")).scalar_one()
                for chain in STEPS_OF[service]
            }
    finally:
        engine.dispose()


def _take_first_step(engine: Engine, chain: str, steps: Path) -> None:
    directory = ScriptDirectory(str(steps))
    with (
        engine.begin() as connection,
        EnvironmentContext(
            Config(),
            directory,
            fn=lambda revision, _context: directory._upgrade_revs(FIRST, revision),
            destination_rev=FIRST,
        ) as environment,
    ):
        environment.configure(connection=connection, version_table=version_table(chain))
        environment.run_migrations()


def _fill(now: Engine, then: Engine) -> list[str]:
    newer, older = MetaData(), MetaData()
    with now.begin() as source, then.begin() as target:
        newer.reflect(source)
        older.reflect(target)
        kept = [table for table in older.sorted_tables if not table.name.endswith("_version")]
        for table in reversed(kept):
            if target.execute(select(table).limit(1)).first() is not None:  # A table that is append-only is empty.
                target.execute(table.delete())
        for table in kept:
            now_has = newer.tables[table.name].c
            shared = [now_has[column.name] for column in table.c if column.name in now_has]
            if rows := [dict(row) for row in source.execute(select(*shared)).mappings()]:
                target.execute(insert(table), rows)
    columns = [f"{table}.{column.name}" for table in older.tables for column in newer.tables[table].c]
    known = {f"{table}.{column.name}" for table, found in older.tables.items() for column in found.c}
    return [*(newer.tables.keys() - older.tables.keys()), *(column for column in columns if column not in known)]
