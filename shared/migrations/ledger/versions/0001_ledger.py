"""The head and the facts, which a trigger keeps from being changed."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_REFUSE_SQLITE = """
CREATE TRIGGER fact_refuses_{verb} BEFORE {verb} ON fact
BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END
"""

_REFUSE_POSTGRESQL = (
    """
CREATE FUNCTION fact_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'facts are append-only'; END $$
""",
    """
CREATE TRIGGER fact_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON fact
FOR EACH STATEMENT EXECUTE FUNCTION fact_is_append_only()
""",
)


def upgrade() -> None:
    """Make the ledger of a service, and the triggers that keep it append-only."""
    op.create_table(
        "ledger_head",
        sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("service", sa.Text, nullable=False),
        sa.Column("partitions", sa.SmallInteger, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("accepted_at_us", sa.BigInteger, nullable=False),
        sa.Column("partition_heads", sa.Text, nullable=False),
        sa.CheckConstraint("id = 1", name="ledger_head_one_row"),
    )
    op.create_table(
        "fact",
        sa.Column(
            "position", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False
        ),
        sa.Column("partition", sa.SmallInteger, nullable=False),
        sa.Column("prev", sa.BigInteger, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("person", sa.Text),
        sa.Column("content_hash", sa.LargeBinary, nullable=False),
        sa.Column("accepted_at_us", sa.BigInteger, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.CheckConstraint("position > 0", name="fact_position_positive"),
        sa.UniqueConstraint("source", "id", name="fact_source_id"),
    )
    op.create_index("fact_source_position", "fact", ["source", "position"])
    if op.get_bind().dialect.name == "sqlite":
        statements = [_REFUSE_SQLITE.format(verb=verb) for verb in ("UPDATE", "DELETE")]
    else:
        statements = list(_REFUSE_POSTGRESQL)
    for statement in statements:
        op.execute(statement)
