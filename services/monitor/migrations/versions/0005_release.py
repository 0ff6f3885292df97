"""The moments that were released by hand to those outside."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; a release is no fact and cannot be made again from the ledgers."""
    op.create_table(
        "release_made",
        sa.Column("known_us", sa.BigInteger, primary_key=True, autoincrement=False, nullable=False),
        sqlite_with_rowid=False,
    )
