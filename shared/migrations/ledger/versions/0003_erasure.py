"""Who was erased, and the one change that a stored fact may undergo."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# A fact becomes a tombstone at its own place, or loses a pseudonym that it mentions; only for an erasure on record.
_ALLOWED = """
NEW."position" = OLD."position" AND NEW."partition" = OLD."partition" AND NEW.prev = OLD.prev
AND NEW.source = OLD.source AND NEW.accepted_at_us = OLD.accepted_at_us
AND EXISTS (SELECT 1 FROM erased_place WHERE erased_place."position" = NEW."position")
AND (
    (
        NEW.name = 'fact-erased' AND NEW.person IS NULL AND NEW.id LIKE 'erased-%'
        AND NEW.body LIKE '%"type":"nl.doorstroom.fact-erased.v1"%' AND length(NEW.body) <= 1000
    )
    OR (
        NEW.name = OLD.name AND coalesce(NEW.person, '') = coalesce(OLD.person, '')
        AND NEW.content_hash = OLD.content_hash AND length(NEW.body) <= length(OLD.body)
        AND EXISTS (SELECT 1 FROM erasure WHERE NEW.body LIKE '%erased' || substr(erasure.token, 1, 10) || '%')
    )
)
"""

_SQLITE = (
    "DROP TRIGGER fact_refuses_UPDATE",
    f"""
CREATE TRIGGER fact_refuses_UPDATE BEFORE UPDATE ON fact WHEN NOT ({_ALLOWED})
BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END
""",
)

_POSTGRESQL = (
    "DROP TRIGGER fact_refuses_change ON fact",
    """
CREATE TRIGGER fact_refuses_change BEFORE DELETE OR TRUNCATE ON fact
FOR EACH STATEMENT EXECUTE FUNCTION fact_is_append_only()
""",
    f"""
CREATE FUNCTION fact_is_erased_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
IF NOT ({_ALLOWED}) THEN RAISE EXCEPTION 'facts are append-only'; END IF;
RETURN NEW;
END $$
""",
    """
CREATE TRIGGER fact_refuses_update BEFORE UPDATE ON fact
FOR EACH ROW EXECUTE FUNCTION fact_is_erased_only()
""",
)


def upgrade() -> None:
    """Make the tables, and let an erasure through the trigger."""
    op.create_table(
        "erasure",
        sa.Column("token", sa.String(32), primary_key=True),
        sa.Column("proof", sa.String(32), nullable=False),
        sa.Column("basis", sa.String(20), nullable=False),
        sa.Column("erased_on", sa.Date, nullable=False),
        sa.Column("accepted_at_us", sa.BigInteger, nullable=False),
        sa.Column("facts", sa.Integer, nullable=False),
        sa.Column("cleaned_at_us", sa.BigInteger),
    )
    op.create_table(
        "erased_place",
        sa.Column(
            "position", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False
        ),
        sa.Column("partition", sa.SmallInteger, nullable=False),
    )
    op.add_column("ledger_head", sa.Column("erasures", sa.BigInteger, nullable=False, server_default="0"))
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)
