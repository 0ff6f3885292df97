"""What became of a referral, a request and a discharge, and which court granted a machtiging."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for it; the rows themselves are made by the rebuild that the newer rules bring about."""
    op.add_column("placement", sa.Column("follow_up", sa.String(20)))
    op.add_column("waiting", sa.Column("referrer", sa.String(30)))
    op.add_column("waiting", sa.Column("urgency", sa.String(10)))
    op.add_column("waiting", sa.Column("closed_on", sa.Date))
    op.add_column("waiting", sa.Column("outcome", sa.String(20)))
    op.add_column("waiting", sa.Column("alternative", sa.String(20)))
    op.add_column("machtiging", sa.Column("court", sa.String(64)))
    op.add_column("request", sa.Column("refused", sa.Boolean, nullable=False, server_default=sa.false()))
