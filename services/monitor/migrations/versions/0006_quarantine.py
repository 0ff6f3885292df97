"""Who is quarantined because a fact could not be taken, and which parked facts wait behind whom."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of quarantines, and let a parked fact say what it waits for."""
    op.create_table(
        "quarantine",
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("service", sa.String(20)),
        sa.Column("position", sa.BigInteger),
        sa.Column("since_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("person"),
        sqlite_with_rowid=False,
    )
    op.add_column("parked", sa.Column("behind", sa.String(64)))
    op.add_column("parked", sa.Column("record_hash", sa.BigInteger))
    op.create_index("parked_behind", "parked", ["behind"], unique=False)
    op.create_index("parked_record", "parked", ["record_hash"], unique=False)
