"""When an accommodation was closed before it was opened again."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for it; the rows themselves are made by the rebuild that the newer rules bring about."""
    op.add_column("accommodation", sa.Column("shut", sa.Text, nullable=False, server_default="[]"))
