"""Brings a database to the newest step of a chain, in one transaction; several processes may start at once.

Alembic is loaded where there is a step to take: it is a tenth of what a service loads, and most starts take none.
"""

from pathlib import Path
from typing import Any

from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Connection, Engine, column, inspect, select, table, text
from sqlalchemy.exc import ProgrammingError

from shared.databases import reading
from shared.streams import partition_of

_CHAINS = Path(__file__).parent
_LOCK = text("SELECT pg_advisory_xact_lock(:key)")


class SchemaAhead(Exception):
    """The database has a step that this version does not know; the message says what to do."""


class SchemaBehind(Exception):
    """The database lacks a step that the role of this connection may not take; the message says what to do."""


def upgrade(engine: Engine, *, chain: str, steps: Path | None = None) -> None:
    """Take every step of `chain` that this database has not taken; nothing changes when it is at the newest.

    `steps` is a folder with a folder `versions` of Alembic revisions, `shared/migrations/<chain>` unless given.
    A database may hold several chains: each remembers its step in a table of its own, `<chain>_version`. Raises
    SchemaAhead, and SchemaBehind where the role may not take a step.
    """
    folder = steps or _CHAINS / chain
    try:
        with reading(engine).begin() as connection:
            taken = _taken(connection, chain)
        if taken == [newest(folder)]:
            return
        _require_known(taken, chain, folder)
        _take(engine, chain, folder)
    except ProgrammingError as error:
        if isinstance(error.orig, InsufficientPrivilege):
            reason = f"this role may not take the steps of {chain}; `doorstroom migrate` takes them as the owner"
            raise SchemaBehind(reason) from error
        raise


def require_known(engine: Engine, *, chain: str, steps: Path | None = None) -> None:
    """Take no step. Raises SchemaAhead where the database has one of this chain that this version does not know."""
    with reading(engine).begin() as connection:
        taken = _taken(connection, chain)
    _require_known(taken, chain, steps or _CHAINS / chain)


def newest(folder: Path) -> str:
    """The last step in a folder of steps; the name of each file begins with its number."""
    return max(step.name.partition("_")[0] for step in folder.glob("versions/[0-9]*.py"))


def _require_known(taken: list[str], chain: str, folder: Path) -> None:
    for step in taken:
        if step != newest(folder) and not knows(chain, step, steps=folder):
            raise SchemaAhead(
                f"it has the step {step} of {chain}, so only a newer doorstroom can read it; start that one, or"
                " restore a backup from before it"
            )


def _taken(connection: Connection, chain: str) -> list[str]:
    """Where a chain stands in this database; nothing where it has none of its steps."""
    name = version_table(chain)
    if not inspect(connection).has_table(name):
        return []
    return list(connection.scalars(select(column("version_num")).select_from(table(name))))


def _take(engine: Engine, chain: str, folder: Path) -> None:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    directory = ScriptDirectory(str(folder))

    def pending(revision: str, _context: object) -> Any:
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
    from alembic.script import ScriptDirectory

    folder = steps or _CHAINS / chain
    return folder.is_dir() and any(one.revision == step for one in ScriptDirectory(str(folder)).walk_revisions())


def version_table(chain: str) -> str:
    """The table in which a chain remembers its step."""
    return f"{chain}_version"


def _lock_key(chain: str) -> int:
    return partition_of(f"doorstroom migrations {chain}", 2**31)
