"""Which placement of a closure was left by a doorplaatsing."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for it; the rows themselves are made by the rebuild that the newer rules bring about."""
    op.add_column("doorplaatsing", sa.Column("from_place", sa.Integer, nullable=False, server_default="0"))
