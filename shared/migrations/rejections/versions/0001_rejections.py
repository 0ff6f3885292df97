"""What was refused, for its publisher to look up, and how often each result was answered."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the list of rejections and the tally."""
    op.create_table(
        "rejection",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("publisher", sa.String(64), nullable=False),
        sa.Column("source", sa.Text),
        sa.Column("id", sa.Text),
        sa.Column("type", sa.Text),
        sa.Column("problem", sa.String(64), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("errors", sa.JSON, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("rejection_at", "rejection", ["at_us"])
    op.create_index("rejection_of_publisher", "rejection", ["publisher", "number"])
    op.create_table(
        "result_tally",
        sa.Column("result", sa.String(16), primary_key=True),
        sa.Column("facts", sa.BigInteger, nullable=False),
    )
