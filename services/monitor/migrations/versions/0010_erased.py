"""Who was erased."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the list."""
    op.create_table(
        "erased",
        sa.Column("token", sa.String(32), primary_key=True),
        sa.Column("proof", sa.String(32), nullable=False),
        sa.Column("basis", sa.String(20), nullable=False),
        sa.Column("erased_on", sa.Date, nullable=False),
        sa.Column("facts", sa.Integer, nullable=False),
        sa.Column("erased_at_us", sa.BigInteger, nullable=False),
        sa.Column("cleaned_at_us", sa.BigInteger),
        sqlite_with_rowid=False,
    )
