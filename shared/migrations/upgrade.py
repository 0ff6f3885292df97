"""Brings a database to the newest step of a chain, in one transaction; several processes may start at once."""

from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from shared.streams import partition_of

_CHAINS = Path(__file__).parent
_LOCK = text("SELECT pg_advisory_xact_lock(:key)")


def upgrade(engine: Engine, *, chain: str, steps: Path | None = None) -> None:
    """Take every step of `chain` that this database has not taken; nothing changes when it is at the newest.

    `steps` is a folder with a folder `versions` of Alembic revisions, `shared/migrations/<chain>` unless given.
    A database may hold several chains: each remembers its step in a table of its own, `<chain>_version`.
    """
    directory = ScriptDirectory(str(steps or _CHAINS / chain))

    def pending(revision: str, _context: MigrationContext) -> Any:
        return directory._upgrade_revs("heads", revision)

    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            # On SQLite the transaction began with the lock on the whole file.
            connection.execute(_LOCK, {"key": _lock_key(chain)})
        with EnvironmentContext(Config(), directory, fn=pending, destination_rev="heads") as environment:
            environment.configure(connection=connection, version_table=version_table(chain))
            environment.run_migrations()


def knows(chain: str, step: str, *, steps: Path | None = None) -> bool:
    """Whether this version has that step of a chain; a database with another one was made by a newer version."""
    folder = steps or _CHAINS / chain
    return folder.is_dir() and any(one.revision == step for one in ScriptDirectory(str(folder)).walk_revisions())


def version_table(chain: str) -> str:
    """The table in which a chain remembers its step."""
    return f"{chain}_version"


def _lock_key(chain: str) -> int:
    return partition_of(f"doorstroom migrations {chain}", 2**31)
