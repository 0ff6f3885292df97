"""What the role of a service may do with tables that another role owns (PostgreSQL): one list, and how it is granted.

A table that is not in the list may not even be read, so one that is new and forgotten is seen at once.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.engine import make_url

READ = ("SELECT",)
APPEND = ("SELECT", "INSERT")
KEEP = ("SELECT", "INSERT", "UPDATE")
FORGET = ("SELECT", "INSERT", "DELETE")
CHANGE = ("SELECT", "INSERT", "UPDATE", "DELETE")

Privileges = Mapping[str, Sequence[str]]
"""By the name of a table; never TRUNCATE, REFERENCES or TRIGGER, and the schema is the owner's."""

REGISTRY: Privileges = {"publisher": READ, "credential": READ, "client": READ, "publishers_version": READ}
"""Who may publish and read is changed by commands, as the owner."""

LEDGER: Privileges = {
    "fact": (*APPEND, "UPDATE (id, name, person, content_hash, body)"),
    "known_key": FORGET,
    "erasure": KEEP,
    "erased_place": APPEND,
    "ledger_head": KEEP,
    "ledger_version": READ,
    "rejection": FORGET,
    "rejections_version": READ,
    "result_tally": KEEP,
    **REGISTRY,
}
"""Of intake and placement: facts are added and never removed; a trigger lets nothing change them but an erasure."""


class RoleMissing(Exception):
    """The role of the service is not there; the message names it."""


def role_of(url: str) -> str | None:
    """The role that connects with this address; None on SQLite, which has no roles."""
    parsed = make_url(url)
    return parsed.username if parsed.get_backend_name() == "postgresql" else None


def grant(owner: Engine, role: str, privileges: Privileges) -> None:
    """Let this role do what the list says, and nothing else, in the database of its owner. Raises RoleMissing."""
    with owner.begin() as connection:
        if connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}) is None:
            raise RoleMissing(f"there is no role {role}; it is made with the database, as infra/postgres does")
        quote = owner.dialect.identifier_preparer.quote_identifier
        _grant(connection, quote(role), privileges)


def _grant(connection: Connection, role: str, privileges: Privileges) -> None:
    quote = connection.dialect.identifier_preparer.quote_identifier
    schema = quote(connection.scalar(text("SELECT current_schema()")) or "public")
    connection.execute(text(f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {role}, PUBLIC"))
    connection.execute(text(f"REVOKE CREATE ON SCHEMA {schema} FROM {role}, PUBLIC"))
    connection.execute(text(f"GRANT USAGE ON SCHEMA {schema} TO {role}"))
    connection.execute(text(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}"))
    for table in inspect(connection).get_table_names():
        if table in privileges:
            connection.execute(text(f"GRANT {', '.join(privileges[table])} ON {quote(table)} TO {role}"))
