"""What was known when: acceptance and change of each person, what sources observed, the horizon of each service."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for it; the rows themselves are made by the rebuild that the newer rules bring about."""
    op.add_column("waiting", sa.Column("title_until_on", sa.Date))
    for name in ("first_us", "last_us", "changed"):
        op.add_column("person", sa.Column(name, sa.BigInteger, nullable=False, server_default="0"))
    op.create_index("person_changed", "person", ["changed"], unique=False)
    op.add_column("derivation", sa.Column("changes", sa.BigInteger, nullable=False, server_default="0"))
    op.add_column("checkpoint", sa.Column("accepted_at_us", sa.BigInteger, nullable=False, server_default="0"))
    op.create_table(
        "source_observed",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("accepted_at_us", sa.BigInteger, nullable=False),
        sa.Column("time_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("source", "accepted_at_us"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "horizon",
        sa.Column("service", sa.String(20), nullable=False),
        sa.Column("accepted_at_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("service"),
        sqlite_with_rowid=False,
    )
