"""On which days each source was heard (F22)."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; what was heard before this step is heard again by reading the ledgers anew."""
    op.create_table(
        "source_heard",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("first_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("source", "on"),
        sqlite_with_rowid=False,
    )
