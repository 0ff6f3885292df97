"""Accounts, sessions, and an access log that only grows."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table of the access database, and what keeps the log as it was written."""
    _people()
    _access_log()
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)


def _people() -> None:
    op.create_table(
        "account",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("person", sa.JSON, nullable=False),
        sa.Column("created_at_us", sa.BigInteger, nullable=False),
        sa.Column("password_at_us", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "session",
        sa.Column("id_hash", sa.LargeBinary(32), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("account", sa.String(64)),
        sa.Column("person", sa.JSON, nullable=False),
        sa.Column("started_at_us", sa.BigInteger, nullable=False),
        sa.Column("seen_at_us", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.name"], name="session_account", ondelete="CASCADE"),
    )
    op.create_index("session_of_account", "session", ["account"])
    op.create_index("session_seen", "session", ["seen_at_us"])
    op.create_table(
        "departure",
        sa.Column("state_hash", sa.LargeBinary(32), primary_key=True),
        sa.Column("browser_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("nonce", sa.Text, nullable=False),
        sa.Column("verifier", sa.Text, nullable=False),
        sa.Column("to", sa.Text, nullable=False),
        sa.Column("left_at_us", sa.BigInteger, nullable=False),
    )
    op.create_index("departure_left", "departure", ["left_at_us"])


def _access_log() -> None:
    op.create_table(
        "access_log",
        sa.Column("number", sa.BigInteger, autoincrement=False, primary_key=True),
        sa.Column("happened_at_us", sa.BigInteger, nullable=False),
        sa.Column("event", sa.String(40), nullable=False),
        sa.Column("action", sa.String(1), nullable=False),
        sa.Column("outcome", sa.String(12), nullable=False),
        sa.Column("person", sa.String(64)),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("user_name", sa.Text, nullable=False),
        sa.Column("user_kind", sa.String(10), nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("organisation", sa.Text),
        sa.Column("scope", sa.String(20)),
        sa.Column("source_address", sa.Text),
        sa.Column("trace_id", sa.String(32), nullable=False),
        sa.Column("span_id", sa.String(16), nullable=False),
        sa.Column("previous_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
    )
    op.create_index("access_log_of_person", "access_log", ["person", "number"])
    op.create_index("access_log_happened", "access_log", ["happened_at_us"])


_SQLITE = (
    (
        "CREATE TRIGGER access_log_not_changed BEFORE UPDATE ON access_log"
        " BEGIN SELECT RAISE(ABORT, 'the access log only grows'); END"
    ),
    (
        "CREATE TRIGGER access_log_not_removed BEFORE DELETE ON access_log"
        " BEGIN SELECT RAISE(ABORT, 'the access log only grows'); END"
    ),
    # INSERT OR REPLACE removes a line without the trigger above being asked.
    (
        "CREATE TRIGGER access_log_not_replaced BEFORE INSERT ON access_log"
        " WHEN NEW.number <= (SELECT coalesce(max(number), 0) FROM access_log)"
        " BEGIN SELECT RAISE(ABORT, 'the access log only grows'); END"
    ),
)

_POSTGRESQL = (
    (
        "CREATE FUNCTION access_log_only_grows() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'the access log only grows'; END $$"
    ),
    (
        "CREATE TRIGGER access_log_not_changed BEFORE UPDATE OR DELETE ON access_log"
        " FOR EACH ROW EXECUTE FUNCTION access_log_only_grows()"
    ),
    (
        "CREATE TRIGGER access_log_not_emptied BEFORE TRUNCATE ON access_log"
        " FOR EACH STATEMENT EXECUTE FUNCTION access_log_only_grows()"
    ),
)
