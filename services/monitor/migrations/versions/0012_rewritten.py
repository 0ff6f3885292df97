"""Which facts about others were written anew because they named somebody who was erased."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; no earlier version was told."""
    op.create_table(
        "rewritten",
        sa.Column("service", sa.String(20), primary_key=True),
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("token", sa.String(32), primary_key=True),
        sqlite_with_rowid=False,
    )
