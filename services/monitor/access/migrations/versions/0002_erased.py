"""Who was erased, and the one change that a line of the access log may undergo."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SAME = (
    "number", "happened_at_us", "event", "action", "outcome", "what", "user_name", "user_kind", "roles", "organisation",
    "scope", "source_address", "trace_id", "span_id", "previous_hash", "hash",
)  # fmt: skip

_NULL_SAFE = {"sqlite": "IS", "postgresql": "IS NOT DISTINCT FROM"}


def _allowed(dialect: str) -> str:
    """The young person of a line is replaced by a mark, once, and a later line vouches for what is left."""
    same = " AND ".join(f'NEW."{name}" {_NULL_SAFE[dialect]} OLD."{name}"' for name in _SAME)
    return (
        f"{same} AND OLD.person IS NOT NULL AND NEW.person LIKE 'erased-%'"
        " AND OLD.erased_by IS NULL AND NEW.erased_by > OLD.number"
    )


def upgrade() -> None:
    """Make the list, and let an erasure through the trigger."""
    op.create_table(
        "erased_in_log",
        sa.Column("token", sa.String(32), primary_key=True),
        sa.Column("proof", sa.String(32), nullable=False),
        sa.Column("lines", sa.Integer, nullable=False),
        sa.Column("erased_at_us", sa.BigInteger, nullable=False),
    )
    op.add_column("access_log", sa.Column("erased_by", sa.BigInteger))
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER access_log_not_changed")
        op.execute(
            f"CREATE TRIGGER access_log_not_changed BEFORE UPDATE ON access_log WHEN NOT ({_allowed('sqlite')})"
            " BEGIN SELECT RAISE(ABORT, 'the access log only grows'); END"
        )
        return
    op.execute("DROP TRIGGER access_log_not_changed ON access_log")
    op.execute(
        "CREATE TRIGGER access_log_not_removed BEFORE DELETE ON access_log"
        " FOR EACH ROW EXECUTE FUNCTION access_log_only_grows()"
    )
    op.execute(
        "CREATE FUNCTION access_log_is_erased_only() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN IF NOT ({_allowed('postgresql')}) THEN RAISE EXCEPTION 'the access log only grows'; END IF;"
        " RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER access_log_not_changed BEFORE UPDATE ON access_log"
        " FOR EACH ROW EXECUTE FUNCTION access_log_is_erased_only()"
    )
